"""Slots as the JSON object that `voicebot nlu` prints."""

from __future__ import annotations

from typing import Any

from voicebot.nlu.slots import DateTimeWish, Slots


def slots_to_json(slots: Slots) -> dict[str, Any]:
    """Only what was found: an absent key means abstention."""
    found: dict[str, Any] = {
        "phones": [{"readings": list(phone.readings)} for phone in slots.phones],
        "datetimes": [wish_to_json(wish) for wish in slots.datetimes],
        "email": slots.email,
        "spelled": slots.spelled,
        "person": slots.person,
        "yes_no": slots.yes_no,
    }
    return {key: value for key, value in found.items() if value}


def wish_to_json(wish: DateTimeWish) -> dict[str, Any]:
    """Only the keys that were said; days as YYYY-MM-DD, hours as HH:MM."""
    times = {"time": wish.time, "tfrom": wish.time_from, "tto": wish.time_to}
    days = {"date": wish.date, "from": wish.date_from, "to": wish.date_to}
    found: dict[str, Any] = {
        **{key: day.isoformat() for key, day in days.items() if day},
        **{key: hour.strftime("%H:%M") for key, hour in times.items() if hour is not None},
    }
    if wish.dates:
        found["dates"] = [day.isoformat() for day in wish.dates]
    if wish.part:
        found["part"] = wish.part.value
    if wish.approx:
        found["approx"] = True
    if wish.excluded:
        found["not"] = list(wish.excluded)
    if wish.asap:
        found["asap"] = True
    return found

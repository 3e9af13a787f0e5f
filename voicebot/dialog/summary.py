"""What a secretary reads of a call, in French."""

from __future__ import annotations

from voicebot.clients.consignes import Consignes, in_language
from voicebot.dialog.formatting import write_day, write_moment, write_phone, write_time
from voicebot.dialog.state import BookingForm, DialogState
from voicebot.nlu.slots import DateTimeWish, PartOfDay

_PARTS = {
    PartOfDay.MORNING: "le matin",
    PartOfDay.LATE_MORNING: "en fin de matinée",
    PartOfDay.MIDDAY: "vers midi",
    PartOfDay.EARLY_AFTERNOON: "en début d'après-midi",
    PartOfDay.AFTERNOON: "l'après-midi",
    PartOfDay.LATE_AFTERNOON: "en fin d'après-midi",
    PartOfDay.LATE_DAY: "en fin de journée",
    PartOfDay.EVENING: "le soir",
    PartOfDay.NIGHT: "la nuit",
}


def summarise(state: DialogState, consignes: Consignes) -> str:
    """Who calls, what for and what was done, in one to three sentences."""
    contact = state.contact
    who = contact.name or "Appelant sans nom"
    number = contact.phone or state.caller
    parts = [f"{who} ({write_phone(number)})" if number else who]
    reason = state.message.reason if state.message and state.message.reason else state.reason
    parts.append(f" : « {reason} »." if reason else " : motif non précisé.")
    if state.booking is not None:
        parts.append(f" Rendez-vous demandé, non pris : {describe_booking(state.booking, consignes)}.")
    if state.done.booked:
        parts.append(" Un rendez-vous a été pris pendant l'appel.")
    if state.done.messages:
        parts.append(" Un message a été pris pendant l'appel.")
    if state.done.callbacks:
        parts.append(" Un rappel a été demandé pendant l'appel.")
    return "".join(parts)


def describe_booking(form: BookingForm, consignes: Consignes) -> str:
    """The act and the wish, as far as they are known."""
    act = in_language(consignes.act(form.act).label, "fr") if form.act else "acte non précisé"
    if form.slot is not None:
        return f"{act}, {write_moment(form.slot.starts, 'fr')}"
    wish = describe_wish(form.wish) if form.wish else ""
    return f"{act}, {wish}" if wish else act


def describe_wish(wish: DateTimeWish) -> str:
    """A wish in words; empty when nothing usable was said."""
    parts = [" ou ".join(write_day(day, "fr") for day in wish.dates or ((wish.date,) if wish.date else ()))]
    if wish.date_from and wish.date_to:
        parts.append(f"du {write_day(wish.date_from, 'fr')} au {write_day(wish.date_to, 'fr')}")
    elif wish.date_from:
        parts.append(f"à partir du {write_day(wish.date_from, 'fr')}")
    elif wish.date_to:
        parts.append(f"avant le {write_day(wish.date_to, 'fr')}")
    if wish.part is not None:
        parts.append(_PARTS[wish.part])
    if wish.time is not None:
        parts.append(f"{'vers' if wish.approx else 'à'} {write_time(wish.time, 'fr')}")
    if wish.time_from is not None:
        parts.append(f"à partir de {write_time(wish.time_from, 'fr')}")
    if wish.time_to is not None:
        parts.append(f"jusqu'à {write_time(wish.time_to, 'fr')}")
    if wish.asap:
        parts.append("dès que possible")
    return " ".join(part for part in parts if part)

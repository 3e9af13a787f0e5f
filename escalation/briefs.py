"""A client's consignes as a secretary reads them while the phone rings, as JSON. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from escalation.views import Json, listed, written
from voicebot.booking.hours import DAY_NAMES, is_open, next_opening
from voicebot.clients.consignes import Consignes, Hours, in_language
from voicebot.core.events import JsonValue
from voicebot.core.language import Language
from voicebot.dialog.formatting import headline

_GREETINGS: Mapping[Language, str] = {"fr": "{name}, bonjour. {greeting}", "en": "{name}, hello. {greeting}"}


def greeting(consignes: Consignes, language: Language) -> str:
    """What is said to a caller of this client first."""
    name = headline(in_language(consignes.name, language))
    return _GREETINGS[language].format(name=name, greeting=in_language(consignes.greeting, language))


def client_json(consignes: Consignes, language: Language, now: datetime) -> Json:
    """Who the client is, when it is open, how it is found."""
    opening = next_opening(consignes, now)
    closures = [c for c in consignes.closures if c.last >= now.date()]
    return {
        "id": consignes.id,
        "name": in_language(consignes.name, language),
        "pre_answer": None if consignes.pre_answer is None else in_language(consignes.pre_answer, language),
        "languages": list(consignes.languages),
        "timezone": consignes.timezone,
        "open_now": is_open(consignes, now),
        "next_opening": written(opening),
        "hours": listed({"day": day, "opens": [_span(hours) for hours in consignes.hours.get(day, ())]} for day in DAY_NAMES),
        "closures": listed(
            {
                "first": closure.first.isoformat(),
                "last": closure.last.isoformat(),
                "reason": None if closure.reason is None else in_language(closure.reason, language),
            }
            for closure in closures
        ),
        "address": in_language(consignes.address, language),
        "access": None if consignes.access is None else in_language(consignes.access, language),
        "phone": consignes.phone,
        "email": consignes.email,
    }


def consignes_json(consignes: Consignes | None, language: Language) -> Json:
    """What is answered, done and asked for the client; empty lists on a line of nobody."""
    if consignes is None:
        return {"urgencies": [], "questions": [], "acts": [], "people": []}
    return {
        "urgencies": listed(
            {
                "kind": rule.kind,
                "words": list(rule.words),
                "say": None if rule.say is None else in_language(rule.say, language),
            }
            for rule in consignes.urgencies
        ),
        "questions": listed(
            {
                "asked": (question.asked.get(language) or next(iter(question.asked.values())))[0],
                "answer": in_language(question.answer, language),
            }
            for question in consignes.questions
        ),
        "acts": listed(
            {
                "label": in_language(act.label, language),
                "duration_min": act.duration_min,
                "price_eur": act.price_eur,
                "price_note": None if act.price_note is None else in_language(act.price_note, language),
                "bookable": act.bookable,
            }
            for act in consignes.acts
        ),
        "people": listed(
            {
                "name": person.name,
                "role": None if person.role is None else in_language(person.role, language),
                "email": person.email,
            }
            for person in consignes.people
        ),
    }


def transfers_json(consignes: Consignes | None) -> list[JsonValue]:
    """The numbers that callers of the client may be passed on to."""
    return listed({"number": to.number, "label": to.label} for to in (() if consignes is None else consignes.queue.transfers))


def _span(hours: Hours) -> JsonValue:
    return [f"{hours.opens:%H:%M}", f"{hours.closes:%H:%M}"]

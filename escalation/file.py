"""The file of a ticket: all that a secretary needs on one screen before the caller is connected. Reads the database, blocks."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from escalation.briefs import client_json, consignes_json, greeting, transfers_json
from escalation.history import appointment_json, history
from escalation.views import Json, listed, written
from voicebot.booking.hours import local_time
from voicebot.clients.consignes import Consignes
from voicebot.core.events import JsonValue
from voicebot.core.tickets import Ticket
from voicebot.records.appointments import list_appointments
from voicebot.records.calls import CallFile, read_call
from voicebot.records.database import Database
from voicebot.records.users import list_users
from voicebot.records.wrap_ups import StoredWrapUp, notes_of, read_wrap_up

AGENDA_DAYS = 7
"""Days of the agenda that are shown, today included."""


def read_file(database: Database, ticket: Ticket, *, shown: Json, consignes: Consignes | None, now: datetime) -> Json:
    """Everything of a ticket, as JSON.

    Args:
        database: Where.
        ticket: Any.
        shown: The ticket as the lists show it.
        consignes: Of its client; None on a line of nobody.
        now: Aware.

    Raises:
        RecordsError: the database refuses.
    """
    call, saved = read_call(database, ticket.call), read_wrap_up(database, ticket.id)
    return {
        "ticket": shown,
        "greeting": "" if consignes is None else greeting(consignes, ticket.language),
        "client": None if consignes is None else client_json(consignes, ticket.language, now),
        "consignes": consignes_json(consignes, ticket.language),
        "transfers": transfers_json(consignes),
        "agenda": [] if consignes is None else _agenda(database, consignes, ticket, now),
        "history": history(database, ticket, consignes),
        "transcript": _said(call),
        "summary": ticket.summary,
        "notes": _notes(database, ticket),
        "proposed": _proposed(ticket, call),
        "wrap_up": None if saved is None else _saved(saved),
    }


def _agenda(database: Database, consignes: Consignes, ticket: Ticket, now: datetime) -> list[JsonValue]:
    zone = ZoneInfo(consignes.timezone)
    today = now.astimezone(zone).date()
    first, last = local_time(today, 0, zone), local_time(today + timedelta(days=AGENDA_DAYS), 0, zone)
    booked = list_appointments(database, client=consignes.id, first=first, last=last)
    return listed({**appointment_json(consignes, a, ticket.language), "ends": written(a.ends)} for a in booked)


def _notes(database: Database, ticket: Ticket) -> list[JsonValue]:
    notes = notes_of(database, ticket.id)
    names = {stored.id: stored.user.name for stored in (list_users(database) if notes else ())}
    return listed({"at": written(note.at), "by": names.get(note.user), "text": note.text} for note in notes)


def _said(call: CallFile | None) -> list[JsonValue]:
    turns = () if call is None else call.turns
    return listed({"speaker": turn.speaker, "text": turn.text, "t": turn.t_s} for turn in turns)


def _proposed(ticket: Ticket, call: CallFile | None) -> Json:
    """The wrap-up as the bot would write it."""
    return {
        "person": ticket.person,
        "phone": ticket.caller,
        "reason": ticket.summary,
        "intent": _intent(call),
        "outcome": "handled",
        "note": "",
    }


def _intent(call: CallFile | None) -> str | None:
    """The first thing that the caller came for; asking for somebody is one only where nothing else was said."""
    if call is None:
        return None
    named = [turn.intent for turn in call.turns if turn.intent not in {None, "greeting", "noise", "out_of_scope"}]
    return next((intent for intent in named if intent != "speak_to_person"), None) or call.call.intent or next(iter(named), None)


def _saved(saved: StoredWrapUp) -> Json:
    return {**asdict(saved.wrap_up), "corrections": listed(asdict(correction) for correction in saved.wrap_up.corrections)}

"""What is known of a caller's number, newest first. Reads the database, blocks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from escalation.views import Json, listed, written
from voicebot.clients.consignes import Consignes, in_language
from voicebot.core.events import JsonValue
from voicebot.core.language import Language
from voicebot.core.tickets import Ticket
from voicebot.records.appointments import StoredAppointment, appointments_of_caller
from voicebot.records.calls import calls_of_caller
from voicebot.records.database import Database
from voicebot.records.messages import messages_of_caller
from voicebot.records.tickets import tickets_of_caller
from voicebot.records.wrap_ups import read_wrap_up

LIMIT = 20
"""Most entries."""


def history(database: Database, ticket: Ticket, consignes: Consignes | None) -> list[JsonValue]:
    """Past calls, conversations, messages and appointments under the number of a ticket, with the same client.

    Raises:
        RecordsError: the database refuses.
    """
    if ticket.caller is None:
        return []
    entries = [*_spoken(database, ticket, ticket.caller)]
    if consignes is not None:
        entries += _written(database, consignes, ticket.caller, ticket.language)
    return listed(sorted(entries, key=lambda entry: str(entry["at"]), reverse=True)[:LIMIT])


def appointment_json(consignes: Consignes, appointment: StoredAppointment, language: Language) -> Json:
    """An appointment, without its end."""
    acts = {act.id: in_language(act.label, language) for act in consignes.acts}
    people = {person.id: person.name for person in consignes.people}
    practitioner = appointment.practitioner
    return {
        "starts": written(appointment.starts),
        "act": acts.get(appointment.act, appointment.act),
        "practitioner": None if practitioner is None else people.get(practitioner, practitioner),
        "person": appointment.booking.person,
        "note": appointment.booking.note,
    }


def _spoken(database: Database, ticket: Ticket, caller: str) -> Iterator[Json]:
    """Calls; one that reached the desk is shown as its ticket."""
    tickets = [t for t in tickets_of_caller(database, ticket.client, caller, LIMIT) if t.id != ticket.id]
    seen = {ticket.call, *(t.call for t in tickets)}
    for past in tickets:
        saved = read_wrap_up(database, past.id)
        yield _entry(past.waiting_since, "ticket", past.summary, past.left if saved is None else saved.wrap_up.outcome)
    for call in calls_of_caller(database, client=ticket.client, caller=caller, limit=LIMIT):
        if call.id not in seen:
            yield _entry(call.started_at, "call", call.intent or "", call.outcome)


def _written(database: Database, consignes: Consignes, caller: str, language: Language) -> Iterator[Json]:
    for message in messages_of_caller(database, client=consignes.id, phone=caller, limit=LIMIT):
        yield _entry(message.created_at, "message", message.text.reason, None)
    for appointment in appointments_of_caller(database, client=consignes.id, phone=caller, limit=LIMIT):
        booked = appointment_json(consignes, appointment, language)
        text = " · ".join(str(booked[part]) for part in ("act", "practitioner") if booked[part])
        yield _entry(appointment.starts, "appointment", text, appointment.status)


def _entry(at: datetime, kind: str, text: str, outcome: str | None) -> Json:
    return {"at": at.astimezone(UTC).isoformat(), "kind": kind, "text": text, "outcome": outcome}

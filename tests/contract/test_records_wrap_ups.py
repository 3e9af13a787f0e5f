from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from tests.fakes.stored import NOW, add_user, answer_call, register_firm, wait_for_human
from tests.fakes.threads import all_at_once
from voicebot.core.errors import RecordsError
from voicebot.core.ids import TicketId, UserId
from voicebot.records.database import Database
from voicebot.records.wrap_ups import Correction, StoredWrapUp, WrapUp, add_note, notes_of, read_wrap_up, save_wrap_up

LATER = NOW + timedelta(minutes=1)
FULL = WrapUp(
    person="Jean Dupont", phone="+33639980002", reason="Une fuite.", intent="urgent", outcome="booked", note="Passer à 14 h.",
    corrections=(
        Correction(field="person", was="Jean Dupond", now="Jean Dupont"),
        Correction(field="intent", was=None, now="urgent"),
        Correction(field="answer", was="Nous sommes ouverts.", now=None),
    ),
)  # fmt: skip
BARE = WrapUp(person=None, phone=None, reason="", intent=None, outcome="other", note="")


@pytest.fixture
def ticket(database: Database) -> TicketId:
    register_firm(database)
    return wait_for_human(database, answer_call(database)).id


@pytest.fixture
def alice(database: Database) -> UserId:
    return add_user(database)


@pytest.mark.parametrize("wrap_up", [FULL, BARE])
def test_a_wrap_up_is_read_as_it_was_written(database: Database, ticket: TicketId, alice: UserId, wrap_up: WrapUp) -> None:
    assert read_wrap_up(database, ticket) is None
    save_wrap_up(database, ticket, alice, wrap_up, now=NOW)
    assert read_wrap_up(database, ticket) == StoredWrapUp(ticket=ticket, user=alice, written_at=NOW, wrap_up=wrap_up)


def test_the_last_wrap_up_replaces_the_one_before_whoever_wrote_it(database: Database, ticket: TicketId, alice: UserId) -> None:
    bob = add_user(database, "bob")
    save_wrap_up(database, ticket, alice, FULL, now=NOW)
    save_wrap_up(database, ticket, bob, BARE, now=LATER)
    assert read_wrap_up(database, ticket) == StoredWrapUp(ticket=ticket, user=bob, written_at=LATER, wrap_up=BARE)


def test_wrap_ups_written_at_once_leave_one_of_them(database: Database, ticket: TicketId, alice: UserId) -> None:
    versions = [replace(FULL, note=str(number), reason=str(number)) for number in range(10)]
    all_at_once([partial(save_wrap_up, database, ticket, alice, version, now=NOW) for version in versions])
    found = read_wrap_up(database, ticket)
    assert found is not None
    assert found.wrap_up in versions


def test_nothing_is_written_down_of_an_unknown_ticket_or_by_an_unknown_user(
    database: Database, ticket: TicketId, alice: UserId
) -> None:
    with pytest.raises(RecordsError, match="ticket 999 is unknown"):
        save_wrap_up(database, TicketId(999), alice, FULL, now=NOW)
    with pytest.raises(RecordsError):
        save_wrap_up(database, ticket, UserId(999), FULL, now=NOW)
    with pytest.raises(RecordsError):
        add_note(database, TicketId(999), alice, "x", now=NOW)
    assert read_wrap_up(database, ticket) is None
    assert notes_of(database, TicketId(999)) == ()


def test_notes_are_kept_in_the_order_in_which_they_came(database: Database, ticket: TicketId, alice: UserId) -> None:
    bob = add_user(database, "bob")
    other = wait_for_human(database, answer_call(database, "other")).id
    add_note(database, ticket, alice, "Rappelle à midi.", now=LATER)
    add_note(database, other, alice, "autre", now=NOW)
    add_note(database, ticket, bob, "N'a pas rappelé.", now=NOW)
    notes = [(note.ticket, note.user, note.at, note.text) for note in notes_of(database, ticket)]
    assert notes == [(ticket, alice, LATER, "Rappelle à midi."), (ticket, bob, NOW, "N'a pas rappelé.")]

from __future__ import annotations

import signal
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from tests.fakes.stored import NOW, add_user, answer_call, register_firm, wait_for_human
from tests.fakes.threads import all_at_once
from voicebot.core.errors import RecordsError
from voicebot.core.ids import CallId, TicketId, UserId
from voicebot.core.secretaries import Declared
from voicebot.core.tickets import HELD, LIVE, Ticket, TicketEvent, TicketState
from voicebot.records.database import Database
from voicebot.records.secretaries import load_secretaries
from voicebot.records.ticket_changes import Change
from voicebot.records.tickets import (
    open_tickets,
    read_ticket,
    save_changes,
    ticket_history,
)

ROOT = Path(__file__).parents[2]
LATER = NOW + timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _firm(database: Database) -> None:
    register_firm(database)


@pytest.fixture
def call(database: Database) -> CallId:
    return answer_call(database)


def event(ticket: Ticket, kind: str = "accepted", user: UserId | None = None, **data: str | float | None) -> TicketEvent:
    return TicketEvent(ticket=ticket.id, kind=kind, at=LATER, user=user, data=data)


def connecting(ticket: Ticket, user: UserId) -> Ticket:
    return replace(ticket, state=TicketState.CONNECTING, secretary=user, accepted_at=LATER)


def stored(database: Database, ticket: TicketId) -> Ticket:
    found = read_ticket(database, ticket)
    assert found is not None
    return found


def test_every_field_of_a_ticket_is_stored(database: Database, call: CallId) -> None:
    ticket, alice, bob = wait_for_human(database, call), add_user(database), add_user(database, "bob")
    next_call = answer_call(database, "next")
    times = [NOW + timedelta(seconds=n) for n in range(1, 10)]
    full = Ticket(
        id=ticket.id, version=ticket.version, state=TicketState.WRAP_UP, client=None, call=next_call, caller="+33639980002",
        person="Zoé", language="en", reason="vip", urgency_kind="legal", base_score=7, summary="s", transcript=("é", "t"),
        waiting_since=times[0], secretary=bob, deadline=times[1], widened_at=times[2], refused_by=(alice, bob, alice), offers=3,
        accepted_at=times[3], connected_at=times[4], released_at=times[5], closed_at=times[6], wrap_up_extended=True, left="cut",
        left_at=times[7], attempts=2, due_at=times[8],
    )  # fmt: skip
    assert save_changes(database, [(ticket, full)], [])
    assert read_ticket(database, ticket.id) == replace(full, version=2)


def test_every_stored_field_of_a_secretary_is_stored(database: Database) -> None:
    add_user(database)
    (before,) = load_secretaries(database)
    after = replace(
        before,
        declared=Declared.BREAK,
        break_reason="déjeuner",
        alert=True,
        idle_since=NOW,
        cooldown_until=LATER,
        missed_offers=2,
    )
    assert save_changes(database, [(before, after)], [])
    assert load_secretaries(database) == (replace(after, version=before.version + 1),)


def test_a_change_counts_up_the_version_and_what_was_read_before_no_longer_counts(database: Database, call: CallId) -> None:
    ticket, alice, bob = wait_for_human(database, call), add_user(database), add_user(database, "bob")
    assert save_changes(database, [(ticket, connecting(ticket, alice))], [event(ticket, user=alice)])
    assert not save_changes(database, [(ticket, connecting(ticket, bob))], [event(ticket, user=bob)])
    assert stored(database, ticket.id) == replace(connecting(ticket, alice), version=2)
    assert [entry.event.user for entry in ticket_history(database, ticket.id)] == [None, alice]


def test_a_ticket_renewed_meanwhile_is_not_overwritten(database: Database, call: CallId) -> None:
    ticket, alice = wait_for_human(database, call), add_user(database)
    wait_for_human(database, call, LATER, summary="Une fuite.")
    assert not save_changes(database, [(ticket, connecting(ticket, alice))], [])
    assert stored(database, ticket.id).summary == "Une fuite."


def test_changes_follow_one_another_in_one_transaction(database: Database, call: CallId) -> None:
    ticket, alice = wait_for_human(database, call), add_user(database)
    offered = replace(ticket, state=TicketState.OFFERED, secretary=alice, version=2)
    again = replace(ticket, version=3)
    other = wait_for_human(database, answer_call(database, "other"))
    changes = [(ticket, offered), (offered, again), (other, connecting(other, alice))]
    assert save_changes(database, changes, [event(ticket, "offered"), event(ticket, "offer_expired"), event(other)])
    assert stored(database, ticket.id) == again
    states = [(entry.from_state, entry.to_state) for entry in ticket_history(database, ticket.id)]
    assert states == [(None, "waiting"), ("waiting", "offered"), ("offered", "waiting")]


def test_of_several_changes_all_are_made_or_none(database: Database) -> None:
    one, two = (wait_for_human(database, answer_call(database, name)) for name in ("one", "two"))
    alice = add_user(database)
    (secretary,) = load_secretaries(database)
    wait_for_human(database, two.call)
    changes: list[Change] = [
        (one, connecting(one, alice)),
        (secretary, replace(secretary, declared=Declared.BREAK)),
        (two, replace(two, summary="x")),
    ]
    assert not save_changes(database, changes, [event(one), event(two)])
    assert stored(database, one.id) == one
    assert load_secretaries(database) == (secretary,)
    assert [len(ticket_history(database, ticket.id)) for ticket in (one, two)] == [1, 2]


def test_what_the_database_refuses_for_another_reason_is_an_error_and_leaves_nothing(database: Database, call: CallId) -> None:
    ticket = wait_for_human(database, call)
    with pytest.raises(RecordsError):
        save_changes(database, [(ticket, connecting(ticket, UserId(999)))], [event(ticket)])
    with pytest.raises(RecordsError):
        save_changes(database, [(ticket, replace(ticket, summary="x"))], [event(ticket, user=UserId(999))])
    assert stored(database, ticket.id) == ticket
    assert len(ticket_history(database, ticket.id)) == 1


@pytest.mark.parametrize("state", TicketState)
def test_a_call_has_at_most_one_live_ticket(database: Database, call: CallId, state: TicketState) -> None:
    wait_for_human(database, call)
    other = wait_for_human(database, answer_call(database, "other"))
    moved = save_changes(database, [(other, replace(other, call=call, state=state))], [])
    assert moved is (state not in LIVE)


@pytest.mark.parametrize("state", TicketState)
def test_a_secretary_has_at_most_one_ticket(database: Database, call: CallId, state: TicketState) -> None:
    ticket, alice = wait_for_human(database, call), add_user(database)
    other = wait_for_human(database, answer_call(database, "other"))
    assert save_changes(database, [(ticket, connecting(ticket, alice))], [])
    taken = save_changes(database, [(other, replace(other, secretary=alice, state=state))], [event(other)])
    assert taken is (state not in HELD)
    assert len(ticket_history(database, other.id)) == 1 + taken


def test_of_forty_who_accept_the_same_ticket_at_once_one_has_it(database: Database, call: CallId) -> None:
    ticket = wait_for_human(database, call)
    users = [add_user(database, f"user-{n}") for n in range(40)]
    secretaries = {secretary.user: secretary for secretary in load_secretaries(database)}

    def accept(user: UserId) -> bool:
        busy = replace(secretaries[user], missed_offers=7)
        changes: list[Change] = [(ticket, connecting(ticket, user)), (secretaries[user], busy)]
        return save_changes(database, changes, [event(ticket, user=user)])

    assert sum(all_at_once([partial(accept, user) for user in users])) == 1
    winner = stored(database, ticket.id).secretary
    assert [entry.event.user for entry in ticket_history(database, ticket.id)] == [None, winner]
    assert [secretary.user for secretary in load_secretaries(database) if secretary.missed_offers == 7] == [winner]


def test_a_secretary_who_takes_many_tickets_at_once_has_one(database: Database) -> None:
    alice = add_user(database)
    tickets = [wait_for_human(database, answer_call(database, f"call-{n}")) for n in range(20)]

    def accept(ticket: Ticket) -> bool:
        return save_changes(database, [(ticket, connecting(ticket, alice))], [event(ticket, user=alice)])

    assert sum(all_at_once([partial(accept, ticket) for ticket in tickets])) == 1
    assert [ticket.state for ticket in open_tickets(database) if ticket.secretary == alice] == [TicketState.CONNECTING]


KILLED = """
import os, signal, sys
from dataclasses import replace
from sqlmodel import Session
from voicebot.core.ids import TicketId
from voicebot.core.tickets import TicketEvent, TicketState
from voicebot.records.database import Database
from voicebot.records.tickets import read_ticket, save_changes

def die(session):
    session.flush()
    os.kill(os.getpid(), signal.SIGKILL)

database = Database.open(sys.argv[1])
ticket = read_ticket(database, TicketId(int(sys.argv[2])))
Session.commit = die
event = TicketEvent(ticket=ticket.id, kind="caller_left", at=ticket.waiting_since, data={})
save_changes(database, [(ticket, replace(ticket, state=TicketState.ABANDONED))], [event])
"""


def test_a_process_killed_before_it_commits_leaves_nothing_and_locks_nothing(
    database: Database, database_url: str, call: CallId
) -> None:
    ticket = wait_for_human(database, call)
    command = [sys.executable, "-c", KILLED, database_url, str(ticket.id)]
    killed = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert stored(database, ticket.id) == ticket
    assert len(ticket_history(database, ticket.id)) == 1
    assert save_changes(database, [(ticket, replace(ticket, summary="x"))], [])

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from tests.fakes.stored import FIRM_ID, NOW, add_user, answer_call, register_firm, wait_for_human
from tests.fakes.threads import all_at_once
from voicebot.core.errors import RecordsError
from voicebot.core.ids import CallId, ClientId, TicketId, UserId
from voicebot.core.tickets import CLOSED, Ticket, TicketEvent, TicketState
from voicebot.records.database import Database
from voicebot.records.tickets import (
    live_ticket,
    open_tickets,
    read_ticket,
    returning_ticket,
    save_changes,
    ticket_history,
    tickets_of_caller,
)

CALLER = "+33639980001"
LATER = NOW + timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _firm(database: Database) -> None:
    register_firm(database)


@pytest.fixture
def call(database: Database) -> CallId:
    return answer_call(database)


def event(ticket: Ticket, kind: str = "accepted", user: UserId | None = None, **data: str | float | None) -> TicketEvent:
    return TicketEvent(ticket=ticket.id, kind=kind, at=LATER, user=user, data=data)


def left(database: Database, ticket: Ticket, at_s: float = 0, **changes: Any) -> Ticket:
    """The ticket as a call-back whose caller hung up so many seconds after NOW."""
    gone: dict[str, Any] = {"state": TicketState.CALLBACK_DUE, "left": "hung_up", "left_at": NOW + timedelta(seconds=at_s)}
    assert save_changes(database, [(ticket, replace(ticket, **{**gone, **changes}))], [])
    found = read_ticket(database, ticket.id)
    assert found is not None
    return found


def test_a_ticket_holds_what_the_secretary_reads(database: Database, call: CallId) -> None:
    opened = wait_for_human(
        database, call, person="Jean Dupont", language="en", reason="urgent", urgency_kind="technical", base_score=600,
        transcript=("appelant : au secours", "assistant : oui"),
    )  # fmt: skip
    assert opened == Ticket(
        id=opened.id, version=1, state=TicketState.WAITING, client=FIRM_ID, call=call, caller=CALLER, person="Jean Dupont",
        language="en", reason="urgent", urgency_kind="technical", base_score=600, summary="Une panne.",
        transcript=("appelant : au secours", "assistant : oui"), waiting_since=NOW,
    )  # fmt: skip
    assert read_ticket(database, opened.id) == live_ticket(database, call) == opened
    assert open_tickets(database) == (opened,)


def test_a_call_that_asks_again_keeps_its_ticket_and_its_rank_and_can_only_rise(database: Database, call: CallId) -> None:
    asked = wait_for_human(database, call, person="Jean Dupont")
    urgent = wait_for_human(database, call, LATER, reason="urgent", urgency_kind="technical", base_score=600)
    again = wait_for_human(database, call, LATER, reason="failed", base_score=0, summary="Une fuite.", transcript=("a",))
    assert (asked.version, urgent.version, again.version) == (1, 2, 3)
    assert again == replace(urgent, version=3, summary="Une fuite.", transcript=("a",))
    assert (urgent.id, urgent.waiting_since, urgent.person) == (asked.id, NOW, "Jean Dupont")
    assert (again.reason, again.urgency_kind, again.base_score) == ("urgent", "technical", 600)
    assert open_tickets(database) == (again,)


def test_a_call_that_asks_many_times_at_once_has_one_ticket(database: Database, call: CallId) -> None:
    all_at_once([partial(wait_for_human, database, call)] * 10)
    (ticket,) = open_tickets(database)
    assert ticket.version == 10


def test_a_call_whose_ticket_is_no_longer_live_gets_a_new_one(database: Database, call: CallId) -> None:
    before = left(database, wait_for_human(database, call))
    now = wait_for_human(database, call)
    assert now.id != before.id
    assert live_ticket(database, call) == now
    assert open_tickets(database) == (before, now)


def test_a_call_on_an_unknown_line_may_wait_too(database: Database, call: CallId) -> None:
    assert wait_for_human(database, call, client=None).client is None
    assert tickets_of_caller(database, None, CALLER) == open_tickets(database)


def test_an_unknown_call_cannot_wait(database: Database) -> None:
    with pytest.raises(RecordsError):
        wait_for_human(database, CallId("nobody"))
    assert open_tickets(database) == ()


def test_a_call_without_a_ticket_has_none(database: Database, call: CallId) -> None:
    assert live_ticket(database, call) is None
    assert read_ticket(database, TicketId(1)) is None
    assert ticket_history(database, TicketId(1)) == ()


def test_closed_tickets_are_left_out_and_the_others_come_oldest_first(database: Database) -> None:
    tickets = [
        wait_for_human(database, answer_call(database, f"call-{n}"), NOW - timedelta(seconds=n))
        for n, _ in enumerate(TicketState)
    ]
    users = [add_user(database, f"user-{n}") for n, _ in enumerate(TicketState)]
    for ticket, user, state in zip(tickets, users, TicketState, strict=True):
        assert save_changes(database, [(ticket, replace(ticket, state=state, secretary=user))], [])
    found = open_tickets(database)
    assert [ticket.state for ticket in found] == [state for state in reversed(TicketState) if state not in CLOSED]
    assert [ticket.waiting_since for ticket in found] == sorted(ticket.waiting_since for ticket in found)


def test_the_tickets_of_a_caller_are_of_one_client_newest_first_and_not_too_many(database: Database) -> None:
    other = ClientId("other")
    register_firm(database, other, "+33199001002")
    mine = [
        wait_for_human(database, answer_call(database, f"call-{n}"), NOW + timedelta(minutes=n), client=client, caller=caller)
        for n, (client, caller) in enumerate(
            [(FIRM_ID, CALLER), (FIRM_ID, CALLER), (other, CALLER), (FIRM_ID, "+33639980002"), (FIRM_ID, CALLER)]
        )
    ]
    assert tickets_of_caller(database, FIRM_ID, CALLER) == (mine[4], mine[1], mine[0])
    assert tickets_of_caller(database, FIRM_ID, CALLER, limit=1) == (mine[4],)


def test_who_left_a_moment_ago_finds_the_latest_ticket_again(database: Database) -> None:
    waiting = [wait_for_human(database, answer_call(database, f"call-{n}")) for n in range(2)]
    late, early = left(database, waiting[0], 20), left(database, waiting[1], 10)
    assert returning_ticket(database, FIRM_ID, CALLER, since=NOW) == late
    assert returning_ticket(database, FIRM_ID, CALLER, since=late.left_at or NOW) == late, "to the second"
    assert returning_ticket(database, FIRM_ID, CALLER, since=NOW + timedelta(seconds=20.001)) is None
    assert returning_ticket(database, FIRM_ID, "+33639980002", since=NOW) is None
    assert returning_ticket(database, None, CALLER, since=NOW) is None
    assert early.waiting_since == NOW


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"left": "cut"}, True),
        ({"left": "callback"}, True),
        ({"left": "message"}, False),
        ({"left": "answered"}, False),
        ({"state": TicketState.CALLING_BACK}, False),
        ({"state": TicketState.DONE}, False),
        ({"state": TicketState.ABANDONED}, False),
    ],
)
def test_only_a_call_back_that_is_due_is_found_again(
    database: Database, call: CallId, changes: dict[str, Any], found: bool
) -> None:
    left(database, wait_for_human(database, call), **changes)
    assert (returning_ticket(database, FIRM_ID, CALLER, since=NOW) is not None) is found


def test_the_history_of_a_ticket_tells_everything_in_order(database: Database, call: CallId) -> None:
    ticket, alice = wait_for_human(database, call), add_user(database)
    offered = replace(ticket, state=TicketState.OFFERED, secretary=alice)
    assert save_changes(database, [(ticket, offered)], [event(ticket, "offered", alice, why="repas", n=1, s=0.5, none=None)])
    assert save_changes(database, [], [event(ticket, "hint")])
    assert wait_for_human(database, call, LATER, reason="urgent", base_score=600).state is TicketState.OFFERED
    opened, offer, hint, raised = ticket_history(database, ticket.id)
    assert opened.event == TicketEvent(ticket=ticket.id, kind="opened", at=NOW, data={"reason": "asked", "base_score": 120})
    assert (opened.from_state, opened.to_state) == (None, TicketState.WAITING)
    assert offer.event == event(ticket, "offered", alice, why="repas", n=1, s=0.5, none=None)
    assert (offer.from_state, offer.to_state) == (TicketState.WAITING, TicketState.OFFERED)
    assert (hint.event.kind, hint.from_state, hint.to_state) == ("hint", None, None)
    assert (raised.event.kind, raised.event.data) == ("raised", {"reason": "urgent", "base_score": 600})
    assert [entry.id for entry in (opened, offer, hint, raised)] == sorted(entry.id for entry in (opened, offer, hint, raised))

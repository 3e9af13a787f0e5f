from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.fakes.stored import FIRM_ID, NOW, add_user, answer_call, register_firm, wait_for_human
from voicebot.clients.consignes import Queue
from voicebot.core.errors import RecordsError
from voicebot.core.ids import CallId
from voicebot.core.tickets import Leaving, TicketEvent, TicketState
from voicebot.handoff import ticket_rows
from voicebot.handoff.protocol import Handoff
from voicebot.handoff.requests import HandoffReason, HandoffRequest
from voicebot.handoff.ticket_rows import TicketRows
from voicebot.records.database import Database
from voicebot.records.ticket_changes import Change
from voicebot.records.tickets import open_tickets, read_ticket, save_changes, ticket_history

CALLER = "+33639980001"
LATER = NOW + timedelta(minutes=1)


@pytest.fixture
def call(database: Database) -> CallId:
    register_firm(database)
    return answer_call(database)


@pytest.fixture
def handoff(database: Database) -> Handoff:
    return TicketRows(database)


def request(
    reason: HandoffReason = HandoffReason.ASKED, caller: str | None = CALLER, summary: str = "Une panne."
) -> HandoffRequest:
    return HandoffRequest(
        reason=reason, urgency_kind="technical" if reason is HandoffReason.URGENT else None, summary=summary,
        transcript=("appelant : au secours", "assistant : oui"), caller=caller, person="Jean Dupont", language="en",
    )  # fmt: skip


def test_what_the_secretary_reads_is_stored_and_nobody_comes_to_the_line(
    database: Database, handoff: Handoff, call: CallId
) -> None:
    place = handoff.request(call, FIRM_ID, request(HandoffReason.URGENT), now=NOW)
    (ticket,) = open_tickets(database)
    assert (place.ticket, place.live, place.staffed, place.position) == (ticket.id, False, False, 1)
    assert (ticket.call, ticket.client, ticket.state, ticket.waiting_since) == (call, FIRM_ID, TicketState.WAITING, NOW)
    assert (ticket.reason, ticket.base_score, ticket.urgency_kind) == ("urgent", 600, "technical")
    assert (ticket.caller, ticket.person, ticket.language) == (CALLER, "Jean Dupont", "en")
    assert ticket.transcript == ("appelant : au secours", "assistant : oui")
    assert handoff.attend(call) is None


def test_a_call_that_asks_again_keeps_its_ticket_and_its_rank_and_can_only_rise(
    database: Database, handoff: Handoff, call: CallId
) -> None:
    places = [
        handoff.request(call, FIRM_ID, request(reason, summary=summary), now=now)
        for reason, summary, now in (
            (HandoffReason.ASKED, "Une panne.", NOW),
            (HandoffReason.URGENT, "Une fuite.", LATER),
            (HandoffReason.FAILED, "Une grosse fuite.", LATER),
        )
    ]
    (ticket,) = open_tickets(database)
    assert {place.ticket for place in places} == {ticket.id}
    assert (ticket.base_score, ticket.reason, ticket.summary) == (600, "urgent", "Une grosse fuite.")
    assert ticket.waiting_since == NOW


def test_scores_are_those_of_the_client(database: Database, call: CallId) -> None:
    handoff = TicketRows(database, rules=lambda _client: Queue(scores={"asked": 7}))
    handoff.request(call, FIRM_ID, request(), now=NOW)
    assert open_tickets(database)[0].base_score == 7
    handoff.request(call, FIRM_ID, request(HandoffReason.URGENT), now=NOW)
    assert open_tickets(database)[0].base_score == 600, "of the house, where the client says nothing"


def test_the_position_is_the_rank_by_score(database: Database, handoff: Handoff, call: CallId) -> None:
    names = ("urgent", "as-long", "a-minute-later")
    urgent, as_long, later = (answer_call(database, name) for name in names)
    wait_for_human(database, urgent, base_score=600)
    assert handoff.request(call, FIRM_ID, request(), now=NOW).position == 2
    assert handoff.request(as_long, FIRM_ID, request(), now=NOW).position == 2
    assert handoff.request(later, FIRM_ID, request(), now=LATER).position == 4
    handoff.leave(urgent, "message", phone=None, now=LATER)
    assert handoff.request(later, FIRM_ID, request(), now=LATER).position == 3, "who has left is not counted"


@pytest.mark.parametrize(
    ("how", "caller", "phone", "state"),
    [
        ("hung_up", CALLER, None, TicketState.CALLBACK_DUE),
        ("hung_up", None, None, TicketState.ABANDONED),
        ("cut", CALLER, None, TicketState.CALLBACK_DUE),
        ("cut", None, None, TicketState.ABANDONED),
        ("callback", CALLER, "+33639980002", TicketState.CALLBACK_DUE),
        ("callback", None, "+33639980002", TicketState.CALLBACK_DUE),
        ("callback", None, None, TicketState.ABANDONED),
        ("message", CALLER, None, TicketState.OVERFLOWED),
        ("answered", None, None, TicketState.OVERFLOWED),
    ],
)
def test_a_caller_who_leaves_is_called_back_when_there_is_a_number_to_ring(
    database: Database, handoff: Handoff, call: CallId, how: Leaving, caller: str | None, phone: str | None, state: TicketState
) -> None:
    place = handoff.request(call, FIRM_ID, request(caller=caller), now=NOW)
    handoff.leave(call, how, phone=phone, now=LATER)
    ticket = read_ticket(database, place.ticket)
    assert ticket is not None
    assert (ticket.state, ticket.caller, ticket.left, ticket.left_at) == (state, phone or caller, how, LATER)
    due = state is TicketState.CALLBACK_DUE
    assert (ticket.due_at, ticket.closed_at) == ((LATER, None) if due else (None, LATER))
    last = ticket_history(database, place.ticket)[-1]
    assert (last.event.kind, last.event.data, last.to_state) == ("caller_left", {"how": how}, state)


def test_leaving_does_nothing_without_a_ticket_in_the_queue(database: Database, handoff: Handoff, call: CallId) -> None:
    handoff.leave(call, "hung_up", phone=None, now=NOW)
    assert open_tickets(database) == ()
    ticket, alice = wait_for_human(database, call), add_user(database)
    talking = replace(ticket, state=TicketState.TALKING, secretary=alice)
    assert save_changes(database, [(ticket, talking)], [])
    handoff.leave(call, "hung_up", phone=None, now=NOW)
    assert open_tickets(database) == (replace(talking, version=2),)


def test_who_leaves_while_being_offered_is_no_longer_offered(database: Database, handoff: Handoff, call: CallId) -> None:
    ticket, alice = wait_for_human(database, call), add_user(database)
    offered = replace(ticket, state=TicketState.OFFERED, secretary=alice, deadline=LATER)
    assert save_changes(database, [(ticket, offered)], [])
    handoff.leave(call, "hung_up", phone=None, now=NOW)
    (after,) = open_tickets(database)
    assert (after.state, after.secretary, after.deadline) == (TicketState.CALLBACK_DUE, None, None)


def test_who_rings_again_gets_a_ticket_of_the_new_call(database: Database, handoff: Handoff, call: CallId) -> None:
    before = handoff.request(call, FIRM_ID, request(HandoffReason.URGENT), now=NOW)
    handoff.leave(call, "hung_up", phone=None, now=NOW)
    again, back = answer_call(database, "again"), NOW + timedelta(minutes=1)
    assert not handoff.returning(FIRM_ID, CALLER, now=back)
    assert handoff.request(again, FIRM_ID, request(), now=back).ticket != before.ticket
    assert {ticket.call for ticket in open_tickets(database)} == {call, again}


def changing_first(times: int, meanwhile: Callable[[], object]) -> Callable[..., bool]:
    """`save_changes`, before which somebody else changes the ticket, so many times."""
    left = iter(range(times))

    def save(database: Database, changes: Sequence[Change], events: Sequence[TicketEvent]) -> bool:
        if next(left, None) is not None:
            meanwhile()
        return save_changes(database, changes, events)

    return save


def test_leaving_looks_again_when_the_ticket_changes_at_the_same_moment(
    database: Database, handoff: Handoff, call: CallId, monkeypatch: pytest.MonkeyPatch
) -> None:
    wait_for_human(database, call)
    meanwhile = changing_first(2, lambda: wait_for_human(database, call, summary="Autre chose."))
    monkeypatch.setattr(ticket_rows, "save_changes", meanwhile)
    handoff.leave(call, "hung_up", phone=None, now=NOW)
    (ticket,) = open_tickets(database)
    assert (ticket.state, ticket.summary) == (TicketState.CALLBACK_DUE, "Autre chose.")


def test_leaving_gives_up_with_an_error_instead_of_claiming_success(
    database: Database, handoff: Handoff, call: CallId, monkeypatch: pytest.MonkeyPatch
) -> None:
    wait_for_human(database, call)
    monkeypatch.setattr(ticket_rows, "save_changes", changing_first(99, lambda: wait_for_human(database, call)))
    with pytest.raises(RecordsError, match="changes too fast"):
        handoff.leave(call, "hung_up", phone=None, now=NOW)

"""What time alone does."""

from __future__ import annotations

from datetime import timedelta

import pytest

from escalation.desk_events import (
    Accepted,
    AudioConnected,
    AudioLost,
    CallbackLapsed,
    CallbackTaken,
    CallerGone,
    CallerLeft,
    ConnectionFailed,
    CutOff,
    DeskEvent,
    OfferExpired,
    Returned,
    TalkEnded,
    WrapUpEnded,
)
from escalation.expiry import LOST_AFTER
from tests.fakes.desk import ANNE, BERTHE, FakeDesk, secretary, ticket
from voicebot.core.ids import CallId, TicketId
from voicebot.core.tickets import TicketState

T = TicketId(1)
ACCEPT = Accepted(ticket=T, user=ANNE)
CONNECT = AudioConnected(ticket=T, user=ANNE)
LEAVE = CallerLeft(ticket=T, how="hung_up")
HOURS_S = LOST_AFTER.total_seconds()


def desk(*before: DeskEvent) -> FakeDesk:
    d = FakeDesk(secretary(ANNE), tickets=[ticket(1)])
    d.does(*before)
    return d


@pytest.mark.parametrize(
    ("before", "after_s", "event", "state"),
    [
        ((ACCEPT,), 10, ConnectionFailed(ticket=T, user=ANNE), TicketState.WAITING),
        ((ACCEPT, CONNECT, TalkEnded(ticket=T, user=ANNE)), 30, WrapUpEnded(ticket=T), TicketState.DONE),
        ((ACCEPT, CONNECT), HOURS_S, CallerGone(ticket=T), TicketState.WRAP_UP),
        ((LEAVE, CallbackTaken(ticket=T, user=ANNE)), 1800, CallbackLapsed(ticket=T), TicketState.CALLBACK_DUE),
    ],
)
def test_a_state_runs_out_at_its_time_not_before(
    before: tuple[DeskEvent, ...], after_s: float, event: DeskEvent, state: TicketState
) -> None:
    d = desk(*before)
    assert d.leaps(after_s - 0.25) == []
    assert d.leaps(0.25)[0] == event
    assert d.ticket().state is state


def test_who_waits_for_hours_unheard_of_is_to_be_called_back() -> None:
    d = FakeDesk(tickets=[ticket(1)])
    d.passes(HOURS_S - 1, step_s=600)
    assert d.ticket().state is TicketState.WAITING
    assert d.leaps(1) == [CutOff(ticket=T)]
    assert (d.ticket().state, d.ticket().left) == (TicketState.CALLBACK_DUE, "cut")


def test_hours_count_from_the_last_sign_of_the_caller_not_from_the_first() -> None:
    d = FakeDesk(tickets=[ticket(1)])
    d.now += timedelta(seconds=HOURS_S - 60)
    d.does(LEAVE, Returned(ticket=T, call=CallId("second")))
    d.leaps(300)
    assert d.ticket().state is TicketState.WAITING
    d.board = FakeDesk(secretary(ANNE), tickets=[d.ticket()]).board
    d.does(ACCEPT, CONNECT)
    d.now += timedelta(seconds=HOURS_S - 60)
    d.does(AudioLost(ticket=T))
    assert d.settles() == []


@pytest.mark.parametrize("before", [(), (ACCEPT,), (ACCEPT, CONNECT), (ACCEPT, CONNECT, TalkEnded(ticket=T, user=ANNE))])
def test_time_alone_ends_every_ticket(before: tuple[DeskEvent, ...]) -> None:
    d = desk(*before)
    d.passes(2 * HOURS_S, step_s=7)
    assert d.ticket().state in {TicketState.DONE, TicketState.CALLBACK_DUE}


def test_a_caller_without_a_number_ends_too() -> None:
    d = FakeDesk(secretary(ANNE), secretary(BERTHE), tickets=[ticket(1, caller=None)])
    d.passes(2 * HOURS_S, step_s=7)
    assert d.ticket().state is TicketState.ABANDONED


def test_a_call_that_nobody_answers_rings_rings_again_and_is_everybodys() -> None:
    d = FakeDesk(secretary(ANNE), tickets=[ticket(1)])
    events = d.passes(60)
    assert [type(event).__name__ for event in events] == ["Offered", "OfferExpired", "Offered", "OfferExpired", "Widened"]
    assert d.secretary().alert


def test_what_is_due_is_asked_for_once() -> None:
    d = desk()
    first = d.settles()
    assert first
    assert d.settles() == []
    assert all(not isinstance(event, OfferExpired) for event in first)

"""Callers who leave, come back, ask again, and are found or not after a restart."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from escalation.desk_events import (
    Accepted,
    AudioConnected,
    CallerGone,
    CallerLeft,
    CutOff,
    Offered,
    Raised,
    Readopted,
    Returned,
    TicketDeskEvent,
)
from tests.fakes.desk import ANNE, BERTHE, CALLER, NOW, FakeDesk, secretary, ticket
from voicebot.core.ids import CallId, TicketId
from voicebot.core.tickets import Leaving, TicketState
from voicebot.handoff.requests import HandoffReason, HandoffRequest

T = TicketId(1)
OFFER = Offered(ticket=T, user=ANNE)
ACCEPT = Accepted(ticket=T, user=ANNE)
CONNECT = AudioConnected(ticket=T, user=ANNE)


def desk(**facts: Any) -> FakeDesk:
    return FakeDesk(secretary(ANNE), secretary(BERTHE), tickets=[ticket(**facts)])


def seconds(number: float) -> timedelta:
    return timedelta(seconds=number)


def asking(reason: HandoffReason, **facts: Any) -> Raised:
    told: dict[str, Any] = {"urgency_kind": None, "summary": "again", "transcript": ("appelant : encore",), **facts}
    return Raised(ticket=T, request=HandoffRequest(reason=reason, **told))


@pytest.mark.parametrize(
    ("how", "caller", "phone", "state", "number"),
    [
        ("hung_up", CALLER, None, TicketState.CALLBACK_DUE, CALLER),
        ("cut", CALLER, None, TicketState.CALLBACK_DUE, CALLER),
        ("callback", CALLER, "+33199000000", TicketState.CALLBACK_DUE, "+33199000000"),
        ("callback", None, "+33199000000", TicketState.CALLBACK_DUE, "+33199000000"),
        ("hung_up", None, None, TicketState.ABANDONED, None),
        ("callback", None, None, TicketState.ABANDONED, None),
        ("message", CALLER, None, TicketState.OVERFLOWED, CALLER),
        ("answered", None, None, TicketState.OVERFLOWED, None),
    ],
)
@pytest.mark.parametrize("before", [(), (OFFER,), (OFFER, ACCEPT)])
def test_who_leaves_is_called_back_when_there_is_a_number(
    before: tuple[TicketDeskEvent, ...],
    how: Leaving,
    caller: str | None,
    phone: str | None,
    state: TicketState,
    number: str | None,
) -> None:
    d = desk(caller=caller)
    d.does(*before)
    d.now += seconds(3)
    d.does(CallerLeft(ticket=T, how=how, phone=phone))
    t = d.ticket()
    assert (t.state, t.caller, t.left, t.left_at, t.secretary) == (state, number, how, d.now, None)
    assert t.due_at == (d.now if state is TicketState.CALLBACK_DUE else None)


def test_who_talks_with_a_human_is_not_in_the_queue_to_leave_it() -> None:
    d = desk()
    d.does(OFFER, ACCEPT, CONNECT)
    assert d.refuses(CallerLeft(ticket=T, how="hung_up")).code == "wrong_state"


def test_a_line_that_goes_down_in_the_talk_ends_it() -> None:
    d = desk()
    d.does(OFFER, ACCEPT, CONNECT, CallerGone(ticket=T))
    assert (d.ticket().state, d.ticket().left) == (TicketState.WRAP_UP, None)


@pytest.mark.parametrize("before", [(), (OFFER,), (OFFER, ACCEPT)])
def test_a_line_that_goes_down_before_makes_a_call_back(before: tuple[TicketDeskEvent, ...]) -> None:
    d = desk()
    d.does(*before, CallerGone(ticket=T))
    assert (d.ticket().state, d.ticket().left) == (TicketState.CALLBACK_DUE, "hung_up")


def test_who_rings_again_has_the_rank_and_a_new_call() -> None:
    d = desk()
    d.does(CallerLeft(ticket=T, how="hung_up"))
    d.now += seconds(300)
    d.does(Returned(ticket=T, call=CallId("second call")))
    t = d.ticket()
    assert (t.state, t.call, t.left, t.due_at) == (TicketState.WAITING, "second call", None, None)
    assert t.score(d.now) == 420
    assert d.refuses(Returned(ticket=T, call=CallId("second call"))).code == "wrong_state"


def test_a_call_that_has_a_live_ticket_brings_back_no_other() -> None:
    d = desk()
    d.does(CallerLeft(ticket=T, how="hung_up"))
    d.opens(ticket(2))
    assert d.refuses(Returned(ticket=T, call=CallId("call 2"))).code == "wrong_state"


def test_asking_again_only_raises_and_renews_what_is_read() -> None:
    d = desk()
    d.does(asking(HandoffReason.URGENT, urgency_kind="medical", person="Mme Roy"))
    t = d.ticket()
    assert (t.reason, t.urgency_kind, t.base_score, t.person, t.caller) == ("urgent", "medical", 600, "Mme Roy", CALLER)
    d.does(asking(HandoffReason.FAILED, caller="+33199000000", language="en"))
    t = d.ticket()
    assert (t.reason, t.urgency_kind, t.base_score, t.person) == ("urgent", "medical", 600, "Mme Roy")
    assert (t.summary, t.transcript, t.caller, t.language) == ("again", ("appelant : encore",), "+33199000000", "en")
    assert t.waiting_since == NOW


def test_asking_again_does_not_disturb_who_has_it() -> None:
    d = desk()
    d.does(OFFER, ACCEPT)
    before = d.ticket()
    d.does(asking(HandoffReason.VIP))
    assert (d.ticket().state, d.ticket().secretary, d.ticket().deadline) == (before.state, ANNE, before.deadline)


@pytest.mark.parametrize("before", [(), (OFFER,), (OFFER, ACCEPT), (OFFER, ACCEPT, CONNECT)])
def test_after_a_restart_a_live_ticket_waits_again_with_its_rank(before: tuple[TicketDeskEvent, ...]) -> None:
    d = desk()
    d.does(*before)
    d.now += seconds(30)
    d.does(Readopted(ticket=T))
    assert (d.ticket().state, d.ticket().secretary, d.ticket().call) == (TicketState.WAITING, None, "call 1")
    d.does(Readopted(ticket=T, call=CallId("resumed")))
    assert (d.ticket().call, d.ticket().waiting_since) == ("resumed", NOW)


@pytest.mark.parametrize("before", [(), (OFFER,), (OFFER, ACCEPT), (OFFER, ACCEPT, CONNECT)])
def test_a_caller_not_found_again_is_called_back(before: tuple[TicketDeskEvent, ...]) -> None:
    d = desk()
    d.does(*before, CutOff(ticket=T))
    assert (d.ticket().state, d.ticket().left, d.ticket().secretary) == (TicketState.CALLBACK_DUE, "cut", None)

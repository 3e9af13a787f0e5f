"""What becomes of one ticket."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, get_args

import pytest

from escalation.board import Refused
from escalation.desk_events import (
    Accepted,
    AudioConnected,
    AudioLost,
    CallerLeft,
    ConnectionFailed,
    Declined,
    GivenBack,
    Moved,
    Offered,
    OfferExpired,
    TalkEnded,
    TicketDeskEvent,
    Widened,
    WrapUpEnded,
    WrapUpExtended,
)
from tests.fakes.desk import ANNE, BERTHE, CHIEF, NOW, FakeDesk, name_of, secretary, ticket
from tests.fakes.desk_happenings import OF_TICKETS
from voicebot.core.ids import TicketId
from voicebot.core.tickets import TicketState

T = TicketId(1)
OFFER = Offered(ticket=T, user=ANNE)
ACCEPT = Accepted(ticket=T, user=ANNE)
CONNECT = AudioConnected(ticket=T, user=ANNE)
HANG_UP = TalkEnded(ticket=T, user=ANNE)


def desk(**facts: Any) -> FakeDesk:
    return FakeDesk(secretary(ANNE), secretary(BERTHE), tickets=[ticket(**facts)])


def seconds(number: float) -> timedelta:
    return timedelta(seconds=number)


def test_a_call_is_offered_accepted_connected_ended_and_closed() -> None:
    d = desk()
    for event, state, deadline_s in (
        (OFFER, TicketState.OFFERED, 15),
        (ACCEPT, TicketState.CONNECTING, 10),
        (CONNECT, TicketState.TALKING, None),
        (HANG_UP, TicketState.WRAP_UP, 30),
        (WrapUpEnded(ticket=T, user=ANNE), TicketState.DONE, None),
    ):
        d.now += seconds(2)
        d.does(event)
        assert d.ticket().state is state
        assert d.ticket().deadline == (None if deadline_s is None else d.now + seconds(deadline_s))
        assert d.ticket().secretary == ANNE
    t = d.ticket()
    assert (t.accepted_at, t.connected_at, t.released_at, t.closed_at) == tuple(NOW + seconds(s) for s in (4, 6, 8, 10))
    assert t.waiting_since == NOW


def test_an_offer_expires_at_its_deadline_not_before() -> None:
    d = desk()
    d.does(OFFER)
    d.now += seconds(14.9)
    assert d.refuses(OfferExpired(ticket=T)).code == "wrong_state"
    d.now += seconds(0.1)
    d.does(OfferExpired(ticket=T))
    assert (d.ticket().state, d.ticket().secretary, d.ticket().refused_by) == (TicketState.WAITING, None, (ANNE,))


def test_an_expiry_that_comes_late_does_not_end_the_next_offer() -> None:
    d = desk()
    d.does(OFFER)
    d.now += seconds(15)
    d.does(OfferExpired(ticket=T), Offered(ticket=T, user=BERTHE))
    assert d.refuses(OfferExpired(ticket=T)).code == "wrong_state"


def test_who_refuses_again_is_the_latest_and_noted_once() -> None:
    d = desk()
    for user in (ANNE, BERTHE, ANNE):
        d.does(Offered(ticket=T, user=user), Declined(ticket=T, user=user, why="lunch"))
    assert d.ticket().refused_by == (BERTHE, ANNE)
    assert d.ticket().offers == 3


def test_she_may_still_refuse_while_her_audio_connects() -> None:
    d = desk()
    d.does(OFFER, ACCEPT, Declined(ticket=T, user=ANNE, why="not for me"))
    assert (d.ticket().state, d.ticket().refused_by) == (TicketState.WAITING, (ANNE,))


def test_a_talk_cannot_be_refused_any_more() -> None:
    d = desk()
    d.does(OFFER, ACCEPT, CONNECT)
    assert d.refuses(Declined(ticket=T, user=ANNE, why="late")).code == "wrong_state"


def test_nobody_answers_for_another() -> None:
    d = desk()
    d.does(OFFER)
    assert d.refuses(Declined(ticket=T, user=BERTHE, why="mine?")) == Refused(code="taken", winner=ANNE)
    d.does(ACCEPT)
    assert d.refuses(AudioConnected(ticket=T, user=BERTHE)) == Refused(code="taken", winner=ANNE)
    d.does(CONNECT)
    assert d.refuses(TalkEnded(ticket=T, user=BERTHE)) == Refused(code="taken", winner=ANNE)
    assert d.refuses(GivenBack(ticket=T, user=BERTHE)) == Refused(code="taken", winner=ANNE)
    d.does(HANG_UP)
    assert d.refuses(WrapUpExtended(ticket=T, user=BERTHE)) == Refused(code="taken", winner=ANNE)
    assert d.refuses(WrapUpEnded(ticket=T, user=BERTHE)) == Refused(code="taken", winner=ANNE)


def test_a_ticket_is_widened_after_its_wait_and_stays_so() -> None:
    d = desk()
    d.now += seconds(19.9)
    assert d.refuses(Widened(ticket=T)).code == "wrong_state"
    d.now += seconds(0.1)
    d.does(Widened(ticket=T))
    since = d.now
    d.now += seconds(5)
    d.does(ACCEPT, ConnectionFailed(ticket=T))
    assert (d.ticket().state, d.ticket().widened_at) == (TicketState.WAITING, since)
    assert d.refuses(Widened(ticket=T)).code == "wrong_state"


def test_a_ticket_is_not_widened_while_an_offer_rings() -> None:
    d = desk()
    d.now += seconds(19)
    d.does(OFFER)
    d.now += seconds(5)
    assert d.refuses(Widened(ticket=T)).code == "wrong_state"


def test_a_failed_connection_gives_the_caller_the_rank_back_and_asks_others_first() -> None:
    d = desk()
    d.does(OFFER, ACCEPT)
    d.now += seconds(10)
    d.does(ConnectionFailed(ticket=T))
    assert (d.ticket().state, d.ticket().refused_by) == (TicketState.WAITING, (ANNE,))
    assert d.ticket().waiting_since == NOW


@pytest.mark.parametrize("late", [ConnectionFailed(ticket=T, user=ANNE), AudioLost(ticket=T, user=ANNE)])
def test_the_end_of_an_earlier_leg_does_not_harm_who_has_the_ticket_now(late: TicketDeskEvent) -> None:
    d = desk()
    d.does(OFFER, ACCEPT, ConnectionFailed(ticket=T, user=ANNE), Accepted(ticket=T, user=BERTHE))
    assert d.refuses(late) == Refused(code="taken", winner=BERTHE)
    d.does(AudioConnected(ticket=T, user=BERTHE))
    assert d.refuses(late) == Refused(code="taken", winner=BERTHE)


def test_who_loses_her_audio_gives_the_caller_back_to_the_queue_and_may_take_him_again() -> None:
    d = desk()
    d.does(OFFER, ACCEPT, CONNECT)
    first = d.now
    d.now += seconds(60)
    d.does(AudioLost(ticket=T))
    assert (d.ticket().state, d.ticket().refused_by, d.ticket().waiting_since) == (TicketState.WAITING, (), NOW)
    d.does(ACCEPT, CONNECT)
    assert d.ticket().connected_at == first


def test_who_gives_back_writes_up_and_the_time_she_talked_is_known() -> None:
    d = desk()
    d.does(OFFER, ACCEPT, CONNECT)
    d.now += seconds(40)
    d.does(GivenBack(ticket=T, user=ANNE))
    assert (d.ticket().state, d.ticket().released_at) == (TicketState.WRAP_UP, d.now)


def test_a_wrap_up_ends_by_itself_and_is_extended_once() -> None:
    d = desk()
    d.does(OFFER, ACCEPT, CONNECT, HANG_UP)
    end = d.now + seconds(30)
    d.now += seconds(20)
    d.does(WrapUpExtended(ticket=T, user=ANNE))
    assert d.ticket().deadline == end + seconds(30)
    assert d.refuses(WrapUpExtended(ticket=T, user=ANNE)).code == "wrong_state"
    d.now = end
    assert d.refuses(WrapUpEnded(ticket=T)).code == "wrong_state"
    d.now = end + seconds(30)
    d.does(WrapUpEnded(ticket=T))
    assert d.ticket().state is TicketState.DONE


def test_a_supervisor_moves_an_offer_to_another() -> None:
    d = desk()
    d.does(OFFER)
    d.now += seconds(10)
    d.does(Moved(ticket=T, to_user=BERTHE, by=CHIEF))
    t = d.ticket()
    assert (t.state, t.secretary, t.deadline, t.refused_by) == (TicketState.OFFERED, BERTHE, d.now + seconds(15), ())
    assert d.refuses(Moved(ticket=T, to_user=BERTHE, by=CHIEF)).code == "wrong_state"


def test_what_somebody_talks_about_is_not_moved() -> None:
    d = desk()
    d.does(OFFER, ACCEPT, CONNECT)
    assert d.refuses(Moved(ticket=T, to_user=BERTHE, by=CHIEF)).code == "wrong_state"


@pytest.mark.parametrize("kind", sorted(OF_TICKETS))
def test_nothing_happens_to_a_closed_ticket(kind: str) -> None:
    d = desk(caller=None)
    d.does(CallerLeft(ticket=T, how="hung_up"))
    assert d.refuses(OF_TICKETS[kind](T, ANNE, lambda _: 0)).code == "gone"


def test_no_event_is_left_out_there() -> None:
    assert {name_of(kind) for kind in get_args(TicketDeskEvent)} == set(OF_TICKETS)

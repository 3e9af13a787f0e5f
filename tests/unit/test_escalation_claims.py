"""Who may take a ticket, and who is told what when she may not."""

from __future__ import annotations

from datetime import timedelta

import pytest

from escalation.board import Refused, held_by
from escalation.desk_events import (
    Accepted,
    AudioConnected,
    CallbackTaken,
    CallerLeft,
    Declares,
    Declined,
    Moved,
    Offered,
    Raised,
    TalkEnded,
    WrapUpEnded,
)
from tests.fakes.desk import ANNE, BERTHE, CHIEF, CLARA, FIRM, OTHER_FIRM, FakeDesk, secretary, ticket
from voicebot.core.ids import TicketId, UserId
from voicebot.core.secretaries import Declared, Secretary
from voicebot.core.tickets import TicketState
from voicebot.handoff.requests import HandoffReason, HandoffRequest

T, U = TicketId(1), TicketId(2)


def accepts(user: UserId, number: TicketId = T) -> Accepted:
    return Accepted(ticket=number, user=user)


def offers(user: UserId, number: TicketId = T) -> Offered:
    return Offered(ticket=number, user=user)


def two() -> FakeDesk:
    return FakeDesk(secretary(ANNE), secretary(BERTHE), tickets=[ticket(1), ticket(2)])


def test_one_wins_and_the_other_is_told_who_did() -> None:
    d = two()
    d.does(accepts(ANNE))
    assert d.refuses(accepts(BERTHE)) == Refused(code="taken", winner=ANNE)


def test_the_winner_is_told_also_after_the_talk() -> None:
    d = two()
    d.does(accepts(ANNE), AudioConnected(ticket=T, user=ANNE), TalkEnded(ticket=T, user=ANNE), WrapUpEnded(ticket=T, user=ANNE))
    assert d.refuses(accepts(BERTHE)) == Refused(code="taken", winner=ANNE)


def test_what_is_offered_to_somebody_else_is_not_picked() -> None:
    d = two()
    d.does(offers(ANNE))
    assert d.refuses(accepts(BERTHE)) == Refused(code="taken", winner=ANNE)


def test_who_accepts_twice_has_it_once() -> None:
    d = two()
    d.does(accepts(ANNE))
    assert d.refuses(accepts(ANNE)) == Refused(code="wrong_state")


def test_who_left_is_not_to_be_accepted() -> None:
    d = two()
    d.does(CallerLeft(ticket=T, how="hung_up"), CallerLeft(ticket=U, how="message"))
    assert d.refuses(accepts(ANNE)).code == "gone"
    assert d.refuses(accepts(ANNE, U)).code == "gone"


def test_a_waiting_ticket_is_picked_from_the_list_before_it_is_offered() -> None:
    d = two()
    d.does(accepts(ANNE, U))
    assert d.ticket(2).state is TicketState.CONNECTING


def test_who_picks_another_ticket_gives_up_her_offer_without_blame() -> None:
    d = two()
    d.does(offers(ANNE), accepts(ANNE, U))
    assert (d.ticket(1).state, d.ticket(1).refused_by) == (TicketState.WAITING, ())
    held = held_by(d.board, ANNE)
    assert held is not None
    assert held.id == U


@pytest.mark.parametrize("last", [accepts(ANNE), AudioConnected(ticket=T, user=ANNE), TalkEnded(ticket=T, user=ANNE)])
def test_who_has_a_ticket_in_hand_takes_no_other(last: Accepted | AudioConnected | TalkEnded) -> None:
    d = two()
    for event in (accepts(ANNE), AudioConnected(ticket=T, user=ANNE), TalkEnded(ticket=T, user=ANNE)):
        d.does(event)
        if event == last:
            break
    assert d.refuses(accepts(ANNE, U)).code == "busy"
    assert d.refuses(offers(ANNE, U)).code == "busy"
    assert d.refuses(Moved(ticket=U, to_user=ANNE, by=CHIEF)).code == "busy"


def test_who_is_being_offered_a_ticket_is_offered_no_other() -> None:
    d = two()
    d.does(offers(ANNE))
    assert d.refuses(offers(ANNE, U)).code == "busy"
    assert d.refuses(Moved(ticket=U, to_user=ANNE, by=CHIEF)).code == "busy"


@pytest.mark.parametrize(
    "unable", [secretary(ANNE, clients=frozenset({OTHER_FIRM})), secretary(ANNE, languages=frozenset({"en"}))]
)
def test_who_does_not_answer_for_the_client_or_in_the_language_gets_nothing_of_it(unable: Secretary) -> None:
    d = FakeDesk(unable, tickets=[ticket(1), ticket(2)])
    d.does(CallerLeft(ticket=U, how="hung_up"))
    for event in (
        accepts(ANNE),
        offers(ANNE),
        Moved(ticket=T, to_user=ANNE, by=CHIEF),
        Moved(ticket=U, to_user=ANNE, by=CHIEF),
        CallbackTaken(ticket=U, user=ANNE),
    ):
        assert d.refuses(event).code == "not_able"


def test_what_was_offered_to_her_she_may_accept_though_the_language_has_changed() -> None:
    d = FakeDesk(secretary(ANNE, languages=frozenset({"fr"})), tickets=[ticket(1)])
    d.does(offers(ANNE))
    english = HandoffRequest(reason=HandoffReason.ASKED, urgency_kind=None, summary="", transcript=(), language="en")
    d.does(Raised(ticket=T, request=english), accepts(ANNE))
    assert d.ticket().state is TicketState.CONNECTING


@pytest.mark.parametrize(
    "away",
    [
        secretary(ANNE, declared=Declared.BREAK, idle_since=None),
        secretary(ANNE, declared=Declared.OFFLINE, idle_since=None),
        secretary(ANNE, connected=False),
    ],
)
def test_who_is_not_available_takes_no_call(away: Secretary) -> None:
    d = FakeDesk(away, tickets=[ticket(1)])
    for event in (accepts(ANNE), offers(ANNE), Moved(ticket=T, to_user=ANNE, by=CHIEF)):
        assert d.refuses(event).code == "not_available"


def test_nobody_unknown_takes_anything_and_nothing_unknown_is_taken() -> None:
    d = two()
    stranger = UserId(77)
    for event in (
        accepts(stranger),
        offers(stranger),
        Moved(ticket=T, to_user=stranger, by=CHIEF),
        accepts(ANNE, TicketId(77)),
        Declares(user=stranger, declared=Declared.BREAK),
    ):
        assert d.refuses(event).code == "unknown"


def test_a_cool_down_hinders_nobody_from_picking() -> None:
    d = two()
    d.does(offers(ANNE), Declined(ticket=T, user=ANNE, why="lunch"), accepts(ANNE, U))
    assert d.ticket(2).state is TicketState.CONNECTING


def test_a_call_back_is_its_owners_as_long_as_she_is_there() -> None:
    d = FakeDesk(secretary(ANNE), secretary(BERTHE), secretary(CLARA, clients=frozenset({FIRM})), tickets=[ticket(1)])
    d.does(CallerLeft(ticket=T, how="callback"), Moved(ticket=T, to_user=BERTHE, by=CHIEF))
    assert d.refuses(CallbackTaken(ticket=T, user=ANNE)) == Refused(code="taken", winner=BERTHE)
    d.does(Declares(user=BERTHE, declared=Declared.OFFLINE), CallbackTaken(ticket=T, user=ANNE))
    assert d.ticket().secretary == ANNE


def test_a_call_back_may_be_rung_during_a_break_but_not_beside_a_call() -> None:
    d = two()
    d.does(CallerLeft(ticket=T, how="callback"), accepts(ANNE, U))
    assert d.refuses(CallbackTaken(ticket=T, user=ANNE)).code == "busy"
    d.does(Declares(user=BERTHE, declared=Declared.BREAK, reason="call-backs"), CallbackTaken(ticket=T, user=BERTHE))
    assert d.ticket().state is TicketState.CALLING_BACK


def test_who_rings_a_call_back_gives_up_her_offer() -> None:
    d = two()
    d.does(CallerLeft(ticket=T, how="callback"), offers(ANNE, U))
    d.now += timedelta(seconds=1)
    d.does(CallbackTaken(ticket=T, user=ANNE))
    assert (d.ticket(2).state, d.ticket(2).refused_by) == (TicketState.WAITING, ())

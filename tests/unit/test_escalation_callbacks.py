"""Callers who are to be rung."""

from __future__ import annotations

from datetime import timedelta

from escalation.board import Refused
from escalation.callbacks import REPORT_WITHIN_S
from escalation.desk_events import (
    CallbackAnswered,
    CallbackLapsed,
    CallbackMissed,
    CallbackTaken,
    CallerLeft,
    Moved,
    Returned,
    WrapUpEnded,
)
from tests.fakes.desk import ANNE, BERTHE, CHIEF, FakeDesk, secretary, ticket
from voicebot.core.ids import CallId, TicketId
from voicebot.core.secretaries import Declared
from voicebot.core.tickets import TicketState

T = TicketId(1)
TAKES = CallbackTaken(ticket=T, user=ANNE)
MISSES = CallbackMissed(ticket=T, user=ANNE)


def left() -> FakeDesk:
    d = FakeDesk(secretary(ANNE), secretary(BERTHE), tickets=[ticket(1)])
    d.does(CallerLeft(ticket=T, how="callback"))
    return d


def test_who_is_reached_is_written_up_and_done() -> None:
    d = left()
    d.does(TAKES, CallbackAnswered(ticket=T, user=ANNE))
    assert (d.ticket().state, d.ticket().attempts) == (TicketState.WRAP_UP, 1)
    assert d.ticket().deadline == d.now + timedelta(seconds=30)
    d.does(WrapUpEnded(ticket=T, user=ANNE))
    assert (d.ticket().state, d.ticket().secretary) == (TicketState.DONE, ANNE)


def test_an_attempt_that_nobody_answers_is_repeated_later_by_its_owner() -> None:
    d = left()
    d.does(TAKES, MISSES)
    t = d.ticket()
    assert (t.state, t.attempts, t.secretary, t.due_at) == (
        TicketState.CALLBACK_DUE,
        1,
        ANNE,
        d.now + timedelta(seconds=900),
    )
    d.now += timedelta(seconds=899)
    assert d.refuses(TAKES).code == "wrong_state"
    d.now += timedelta(seconds=1)
    d.does(TAKES)


def test_who_cannot_be_reached_is_given_up_after_the_last_attempt() -> None:
    d = left()
    for attempt in (1, 2, 3):
        d.does(TAKES, MISSES)
        assert d.ticket().attempts == attempt
        d.now += timedelta(seconds=900)
    assert (d.ticket().state, d.ticket().secretary, d.ticket().left) == (TicketState.DONE, ANNE, "callback")


def test_the_history_says_that_the_caller_was_not_reached() -> None:
    d = left()
    said = []
    for _ in range(3):
        d.does(TAKES)
        said += [fact.data["outcome"] for fact in d.stores(MISSES)]
        d.now += timedelta(seconds=900)
    assert said == ["again", "again", "unreachable"]


def test_a_miss_that_is_told_twice_counts_once() -> None:
    d = left()
    d.does(TAKES, MISSES)
    assert d.refuses(MISSES).code == "wrong_state"
    assert d.ticket().attempts == 1


def test_nobody_reports_for_another() -> None:
    d = left()
    d.does(TAKES)
    assert d.refuses(CallbackMissed(ticket=T, user=BERTHE)) == Refused(code="taken", winner=ANNE)
    assert d.refuses(CallbackAnswered(ticket=T, user=BERTHE)) == Refused(code="taken", winner=ANNE)
    assert d.refuses(CallbackTaken(ticket=T, user=BERTHE)) == Refused(code="taken", winner=ANNE)


def test_a_call_back_of_which_nothing_was_said_is_everybodys_again_and_no_attempt() -> None:
    d = left()
    d.does(TAKES)
    d.now += timedelta(seconds=REPORT_WITHIN_S - 1)
    assert d.refuses(CallbackLapsed(ticket=T)).code == "wrong_state"
    d.leaps(1)
    t = d.ticket()
    assert (t.state, t.attempts, t.secretary, t.due_at) == (TicketState.CALLBACK_DUE, 0, None, d.now)
    d.does(CallbackTaken(ticket=T, user=BERTHE))


def test_a_call_back_is_moved_also_to_somebody_who_is_not_there() -> None:
    d = FakeDesk(
        secretary(ANNE), secretary(BERTHE, connected=False, declared=Declared.OFFLINE, idle_since=None), tickets=[ticket(1)]
    )
    d.does(CallerLeft(ticket=T, how="callback"), Moved(ticket=T, to_user=BERTHE, by=CHIEF))
    assert (d.ticket().state, d.ticket().secretary) == (TicketState.CALLBACK_DUE, BERTHE)
    d.does(TAKES)
    assert d.refuses(Moved(ticket=T, to_user=BERTHE, by=CHIEF)).code == "wrong_state"


def test_who_rings_again_himself_has_all_his_attempts_again() -> None:
    d = left()
    d.does(TAKES, MISSES, Returned(ticket=T, call=CallId("second")))
    assert (d.ticket().state, d.ticket().attempts, d.ticket().secretary) == (TicketState.WAITING, 0, None)


def test_a_call_back_waits_for_as_long_as_it_takes() -> None:
    d = left()
    d.leaps(7 * 86_400)
    assert d.ticket().state is TicketState.CALLBACK_DUE

"""A secretary's hint, a cut that is mended, a server that stops."""

from __future__ import annotations

from datetime import date, time

import pytest

from tests.fakes.dialogue import CALLER, NOW, Caller, slot
from tests.fakes.understanding import turn, wish, yes
from tests.unit.test_dialog_holding import VITAL, keys_of, on_hold, with_human
from voicebot.core.ids import AppointmentId, MessageId
from voicebot.dialog.actions import EndCall, EndReason, HoldSlot, LeaveQueue, Outcome, RequestHuman, Say, TakeMessage
from voicebot.dialog.inputs import ActionFailed, Booked, CallerSilent, Hinted, MessageTaken, Resumed, Stopping
from voicebot.dialog.state import Question

HINT = Hinted(text="Le docteur est en retard de {minutes} [rien].")


def asked_for_a_day() -> Caller:
    caller = Caller()
    caller.says(turn("je voudrais un rendez-vous", "book_appointment"))
    return caller


def test_a_hint_is_said_word_for_word_and_the_open_question_comes_again() -> None:
    caller = asked_for_a_day()
    assert keys_of(caller.feed(HINT)) == ["client.text", "booking.ask_wish"]
    assert caller.spoken[-2] == "Le docteur est en retard de {minutes} [rien]."
    assert caller.question() is Question.WISH


def test_a_hint_on_hold_is_only_said() -> None:
    caller = on_hold()
    assert keys_of(caller.feed(HINT)) == ["client.text"]
    assert caller.state.on_hold


def test_who_is_found_again_hears_so_and_the_open_question() -> None:
    caller = asked_for_a_day()
    assert keys_of(caller.feed(Resumed(now=NOW))) == ["opening.resumed", "booking.ask_wish"]


def test_a_notice_that_was_not_played_comes_first() -> None:
    actions = Caller().feed(Resumed(now=NOW, noticed=False))
    assert keys_of(actions) == ["opening.notice", "opening.resumed", "opening.greeting"]
    notice = actions[0]
    assert isinstance(notice, Say)
    assert notice.protected


def test_who_is_found_again_in_the_queue_keeps_the_place() -> None:
    caller = on_hold()
    assert keys_of(caller.feed(Resumed(now=NOW))) == ["opening.resumed", "hold.kept_place"]
    assert caller.state.on_hold


def test_who_was_with_a_human_waits_again() -> None:
    caller = with_human()
    assert keys_of(caller.feed(Resumed(now=NOW))) == ["opening.resumed", "hold.kept_place"]
    assert caller.state.on_hold


def test_who_was_leaving_the_queue_is_still_in_it() -> None:
    caller = on_hold()
    caller.presses("1")
    caller.feed(Resumed(now=NOW))
    assert caller.state.on_hold
    assert caller.presses("1") == (LeaveQueue(how="callback"),)


def test_who_was_asking_for_a_human_asks_again() -> None:
    caller = Caller()
    caller.says(VITAL)
    assert isinstance(caller.feed(Resumed(now=NOW))[-1], RequestHuman)


def test_an_action_without_a_result_is_asked_for_again() -> None:
    caller = Caller()
    exactly = wish(date(2026, 11, 24), time(14, 30))
    caller.says(turn("rendez-vous mardi à 14 h 30", "book_appointment", wishes=(exactly,)))
    held = caller.finds(slot(24, 14, 30))[-1]
    assert held == HoldSlot(slot=slot(24, 14, 30))
    assert caller.feed(Resumed(now=NOW))[-1] == held


def test_a_result_that_was_found_is_told_after_the_cut() -> None:
    caller = asked_for_a_day()
    caller.finds(slot(24, 9))
    caller.holds(slot(24, 9))
    actions = caller.feed(Resumed(now=NOW, result=Booked(appointment=AppointmentId(1), slot=slot(24, 9))))
    assert keys_of(actions) == ["opening.resumed", "booking.done", "closing.anything_else"]
    assert caller.state.outcome is Outcome.BOOKED


def test_a_call_that_had_ended_ends_again_without_a_word() -> None:
    caller = Caller()
    caller.says(turn("au revoir", "thanks_bye"))
    assert caller.feed(Resumed(now=NOW)) == (EndCall(reason=EndReason.CALLER_GOODBYE),)


def test_what_is_found_of_a_call_that_had_ended_counts() -> None:
    caller = Caller()
    caller.says(turn("dites-lui que mon traitement ne marche pas", "leave_message"))
    caller.says(turn("au revoir", "thanks_bye"))
    caller.feed(Resumed(now=NOW, result=MessageTaken(message=MessageId(1))))
    assert caller.state.outcome is Outcome.MESSAGE


def test_a_server_that_stops_keeps_the_message_under_way_before_it_says_so() -> None:
    caller = Caller()
    caller.says(turn("dites-lui que mon traitement ne marche pas", "leave_message"))
    told, kept = caller.feed(Stopping(now=NOW))
    assert isinstance(told, Say)
    assert told.key == "closing.stopping"
    assert isinstance(kept, TakeMessage)
    assert (kept.phone, kept.unsure) == (CALLER, ("person", "phone"))
    assert caller.feed(CallerSilent(level=1)) == ()
    assert keys_of(caller.stores()) == ["closing.kept"]
    assert caller.ended() == EndCall(reason=EndReason.STOPPED)
    assert caller.state.outcome is Outcome.MESSAGE


def test_a_server_that_stops_keeps_an_appointment_under_way_as_a_request() -> None:
    caller = asked_for_a_day()
    kept = caller.feed(Stopping(now=NOW))[-1]
    assert isinstance(kept, TakeMessage)
    assert kept.kind == "request"
    assert kept.reason.startswith("je voudrais un rendez-vous")


def test_a_server_that_stops_turns_a_place_in_the_queue_into_a_call_back() -> None:
    caller = on_hold()
    assert caller.feed(Stopping(now=NOW))[-1] == LeaveQueue(how="callback")
    assert keys_of(caller.leaves("callback")) == ["closing.kept"]
    assert caller.ended() == EndCall(reason=EndReason.STOPPED)


@pytest.mark.parametrize("number", [None, CALLER])
def test_a_server_that_stops_asks_to_ring_again_when_nothing_can_be_kept(number: str | None) -> None:
    caller = Caller(number=number)
    if number is None:
        caller.says(turn("dites-lui que mon traitement ne marche pas", "leave_message"))
    assert keys_of(caller.feed(Stopping(now=NOW))) == ["closing.stopping", "closing.call_again"]
    assert caller.ended() == EndCall(reason=EndReason.STOPPED)


@pytest.mark.parametrize("where", ["queue", "message"])
def test_nothing_is_promised_that_could_not_be_kept(where: str) -> None:
    caller = on_hold() if where == "queue" else Caller()
    if where == "message":
        caller.says(turn("dites-lui que mon traitement ne marche pas", "leave_message"))
    caller.feed(Stopping(now=NOW))
    failed = ActionFailed(action="leave_queue" if where == "queue" else "take_message")
    assert keys_of(caller.feed(failed)) == ["closing.call_again"]
    assert caller.ended() == EndCall(reason=EndReason.STOPPED)


def test_what_is_done_already_is_not_kept_again() -> None:
    caller = Caller()
    caller.says(turn("vos horaires", "opening_hours"))
    caller.says(yes())
    assert keys_of(caller.feed(Stopping(now=NOW))) == ["closing.stopping", "closing.call_again"]

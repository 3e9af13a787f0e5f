"""In the queue: what the caller is told, who comes and goes, and ways out. Confirmations follow the commit."""

from __future__ import annotations

import pytest

from tests.fakes.dialogue import CALLER, Caller
from tests.fakes.understanding import mumble, turn
from voicebot.dialog.actions import EndCall, EndReason, LeaveQueue, Outcome, RequestHuman, Say, TakeMessage
from voicebot.dialog.inputs import ActionFailed, CallerKeys, CallerSilent, HearingFailed, Hinted, Input, TimeLimit, TurnTooLong
from voicebot.dialog.state import Question
from voicebot.handoff.events import HumanComing, HumanConnected, HumanLeft, PlaceChanged, Waited
from voicebot.handoff.requests import HandoffReason

VITAL = turn("mon mari ne respire plus", "urgent", urgency="urgent", vital=True, kind="medical")


def on_hold(position: int = 1, *, staffed: bool = True, estimate_s: float | None = None, number: str | None = CALLER) -> Caller:
    """A caller with a reason who has asked for a person."""
    caller = Caller(number=number)
    caller.says(turn("une secrétaire", "speak_to_person"))
    caller.says(turn("ma facture", "out_of_scope"))
    caller.queues(position, staffed=staffed, estimate_s=estimate_s)
    return caller


def with_human() -> Caller:
    caller = on_hold()
    caller.feed(HumanComing(name="Claire"))
    caller.feed(HumanConnected(name="Claire"))
    return caller


def moved(position: int, *, staffed: bool = True) -> PlaceChanged:
    return PlaceChanged(position=position, estimate_s=None, staffed=staffed)


def keys_of(actions: tuple[object, ...]) -> list[str]:
    return [action.key for action in actions if isinstance(action, Say)]


def test_where_no_desk_is_served_the_call_ends_once_the_ticket_is_committed() -> None:
    caller = Caller()
    caller.presses("0")
    assert keys_of(caller.connects()) == ["handoff.waiting"]
    assert caller.ended() == EndCall(reason=EndReason.HANDED_OFF)
    assert caller.state.outcome is Outcome.ESCALATED


@pytest.mark.parametrize(
    ("position", "told"),
    [
        (1, "Votre appel est le prochain."),
        (2, "Il y a une personne avant vous."),
        (3, "Il y a 2 personnes avant vous."),
    ],
)
def test_who_waits_is_told_the_true_position(position: int, told: str) -> None:
    caller = on_hold(position)
    assert caller.spoken[-1] == told
    assert caller.question() is Question.ON_HOLD
    assert caller.state.on_hold


def test_the_wait_is_told_when_it_is_over_a_minute() -> None:
    assert on_hold(2, estimate_s=130.0).spoken[-1] == "Comptez environ 3 minutes."
    assert "hold.estimate" not in on_hold(2, estimate_s=60.0).keys_said()


def test_a_request_says_who_calls_and_under_which_number() -> None:
    request = on_hold().last(RequestHuman)
    assert isinstance(request, RequestHuman)
    assert (request.phone, request.language) == (CALLER, "fr")


def test_a_confirmed_name_and_number_go_with_the_request() -> None:
    caller = Caller(number=None)
    caller.says(turn("dites-lui que mon traitement ne marche pas", "leave_message"))
    caller.gives_name("Paul Durand")
    caller.says(turn("le 06 11 22 33 44", "out_of_scope", phones=("+33611223344",)))
    caller.presses("1")
    caller.presses("0")
    request = caller.last(RequestHuman)
    assert isinstance(request, RequestHuman)
    assert (request.person, request.phone) == ("Paul Durand", "+33611223344")


def test_nobody_logged_in_is_the_first_and_a_short_sentence() -> None:
    caller = on_hold(staffed=False)
    assert caller.keys_said()[-2:] == ["handoff.nobody", "handoff.offer"]
    assert len(caller.spoken[-2]) < 40
    assert caller.question() is Question.HOLD_CHOICE
    assert not caller.state.on_hold
    assert caller.state.in_queue


def test_an_urgent_caller_with_nobody_there_hears_the_numbers_once_and_leaves_an_urgent_message() -> None:
    caller = Caller()
    caller.says(VITAL)
    assert keys_of(caller.queues(staffed=False)) == ["handoff.nobody", "safety.nobody", "handoff.offer"]
    assert "safety.nobody" not in keys_of(caller.feed(Waited(level=1)))
    caller.presses("2")
    caller.leaves("message")
    assert caller.state.message is not None
    assert caller.state.message.urgent


def test_a_better_place_is_told_but_not_the_first_change() -> None:
    caller = on_hold(4)
    assert caller.feed(moved(3)) == ()
    assert keys_of(caller.feed(moved(2))) == ["hold.one_ahead"]
    assert caller.feed(moved(2)) == ()
    assert caller.feed(moved(3)) == ()
    assert caller.feed(moved(2)) == ()
    assert keys_of(caller.feed(moved(1))) == ["hold.next"]


def test_when_the_last_secretary_goes_the_caller_is_told_and_asked() -> None:
    caller = on_hold(2)
    assert keys_of(caller.feed(moved(2, staffed=False))) == ["handoff.nobody", "handoff.offer"]
    assert caller.feed(moved(1, staffed=False)) == ()


def test_when_a_secretary_arrives_the_wait_begins() -> None:
    caller = on_hold(staffed=False)
    assert keys_of(caller.feed(moved(1))) == ["hold.staffed", "hold.next"]
    assert caller.state.on_hold


@pytest.mark.parametrize("level", [1, 2])
def test_at_the_first_two_limits_the_caller_may_choose(level: int) -> None:
    caller = on_hold()
    assert keys_of(caller.feed(Waited(level=level))) == ["handoff.choice"]  # type: ignore[arg-type]
    assert caller.question() is Question.HOLD_CHOICE
    caller.feed(CallerSilent(level=1))
    assert caller.question() is Question.ON_HOLD


def test_the_choices_are_put_in_other_words_the_second_time() -> None:
    caller = on_hold()
    caller.feed(Waited(level=1))
    first = caller.spoken[-1]
    caller.feed(Waited(level=2))
    assert caller.spoken[-1] != first


def test_a_limit_is_reached_once() -> None:
    caller = on_hold()
    caller.feed(Waited(level=2))
    assert caller.feed(Waited(level=2)) == ()
    assert caller.feed(Waited(level=1)) == ()


def test_at_the_last_limit_the_queue_keeps_a_call_back_which_is_confirmed_once_it_is_committed() -> None:
    caller = on_hold()
    assert caller.feed(Waited(level=3))[-1] == LeaveQueue(how="callback")
    assert caller.keys_said()[-1] == "hold.sorry"
    caller.leaves("callback")
    assert caller.spoken[-2] == "C'est noté, une secrétaire vous rappellera au 06 12 34 56 78."
    assert caller.question() is Question.ANYTHING_ELSE
    assert caller.state.outcome is Outcome.MESSAGE


def test_without_a_number_the_last_limit_leads_to_a_message_that_asks_only_what_is_missing() -> None:
    caller = on_hold(number=None)
    assert caller.feed(Waited(level=3))[-1] == LeaveQueue(how="message")
    caller.leaves("message")
    assert caller.question() is Question.NAME
    caller.gives_name()
    caller.says(turn("le 06 11 22 33 44", "out_of_scope", phones=("+33611223344",)))
    caller.presses("1")
    caller.presses("1")
    message = caller.last(TakeMessage)
    assert isinstance(message, TakeMessage)
    assert (message.kind, message.phone, message.reason) == ("callback", "+33611223344", "ma facture")


def test_another_number_said_to_the_call_back_is_taken_with_a_message() -> None:
    caller = on_hold()
    caller.presses("1")
    caller.leaves("callback")
    caller.says(turn("non, plutôt au 06 11 22 33 44", "no", yes_no="no", phones=("+33611223344",)))
    caller.gives_name()
    assert caller.question() is Question.PHONE_CHECK
    assert caller.state.message is not None
    assert (caller.state.message.kind, caller.state.message.reason) == ("callback", "ma facture")


def test_who_does_not_get_on_after_waiting_in_vain_is_not_queued_again() -> None:
    caller = on_hold(number=None)
    caller.feed(Waited(level=3))
    caller.leaves("message")
    for _ in range(4):
        caller.says(mumble())
    assert [type(action) for action in caller.actions].count(RequestHuman) == 1
    assert caller.ended() == EndCall(reason=EndReason.NO_PROGRESS)


def test_who_is_silent_after_waiting_in_vain_hears_goodbye() -> None:
    caller = on_hold(number=None)
    caller.feed(Waited(level=3))
    caller.leaves("message")
    caller.silent()
    assert caller.ended() == EndCall(reason=EndReason.SILENCE)


def test_who_waited_in_vain_and_asks_for_a_person_again_gets_back_into_the_queue() -> None:
    caller = on_hold()
    caller.presses("1")
    caller.leaves("callback")
    assert isinstance(caller.says(turn("non, une secrétaire", "speak_to_person"))[-1], RequestHuman)


def test_silence_with_nobody_there_is_asked_about_and_ends_in_a_call_back() -> None:
    caller = on_hold(staffed=False)
    caller.silent()
    assert len(set(caller.spoken)) == len(caller.spoken)
    assert caller.last(LeaveQueue) == LeaveQueue(how="callback")
    assert keys_of(caller.leaves("callback")) == ["hold.callback", "repair.nobody"]
    assert caller.ended() == EndCall(reason=EndReason.SILENCE)


def test_a_secretary_who_comes_is_named_and_the_music_goes_on() -> None:
    caller = on_hold()
    caller.feed(HumanComing(name="Claire"))
    assert caller.spoken[-1] == "Je vous passe Claire."
    assert caller.state.on_hold
    assert caller.feed(Waited(level=1)) == ()


def test_a_secretary_who_cannot_be_connected_leaves_the_caller_in_the_queue() -> None:
    caller = on_hold()
    caller.feed(HumanComing(name="Claire"))
    assert keys_of(caller.feed(moved(1))) == ["hold.not_come"]
    assert caller.state.on_hold


def test_the_last_limit_reached_while_she_came_counts_once_she_cannot_be_connected() -> None:
    caller = on_hold()
    caller.feed(HumanComing(name="Claire"))
    assert caller.feed(Waited(level=3)) == ()
    assert caller.feed(HumanLeft(how="lost"))[-1] == LeaveQueue(how="callback")


@pytest.mark.parametrize(
    "event",
    [
        CallerSilent(level=3),
        CallerKeys(keys="0#12", now=Caller().state.now),  # type: ignore[arg-type]
        TurnTooLong(),
        HearingFailed(),
        TimeLimit(final=True),
        Waited(level=3),
        Hinted(text="Dites-lui que j'arrive."),
        moved(2, staffed=False),
    ],
)
def test_the_bot_is_mute_while_a_human_talks_to_the_caller(event: Input) -> None:
    caller = with_human()
    assert caller.state.with_human
    assert not caller.state.on_hold
    assert caller.feed(event) == ()


@pytest.mark.parametrize("said", [VITAL, mumble(), turn("au revoir", "thanks_bye"), turn("rappelez-moi", "callback_request")])
def test_nothing_that_is_said_to_a_human_is_for_the_bot(said: object) -> None:
    assert with_human().says(said) == ()  # type: ignore[arg-type]


def test_a_human_who_hangs_up_ends_the_call_without_a_word() -> None:
    caller = with_human()
    assert caller.feed(HumanLeft(how="ended")) == (EndCall(reason=EndReason.HANDED_OFF),)
    assert caller.state.outcome is Outcome.ESCALATED


def test_a_caller_given_back_is_asked_what_else_and_is_still_known() -> None:
    caller = Caller()
    caller.says(turn("dites-lui que mon traitement ne marche pas", "leave_message"))
    caller.gives_name("Paul Durand")
    caller.presses("0")
    caller.queues()
    caller.feed(HumanConnected(name="Claire"))
    caller.feed(HumanLeft(how="given_back"))
    assert caller.spoken[-2:] == ["C'est à nouveau l'assistant.", "Puis-je faire autre chose pour vous ?"]
    assert caller.question() is Question.ANYTHING_ELSE
    assert caller.state.contact.name == "Paul Durand"
    assert caller.state.message is None
    assert not caller.state.with_human


def test_a_lost_connection_puts_the_caller_on_hold_again() -> None:
    caller = with_human()
    assert keys_of(caller.feed(HumanLeft(how="lost"))) == ["handoff.lost"]
    assert caller.state.on_hold
    assert keys_of(caller.feed(Waited(level=1))) == ["handoff.choice"]


def test_a_connection_lost_when_all_limits_are_past_leads_to_a_call_back() -> None:
    caller = on_hold()
    caller.feed(HumanComing(name="Claire"))
    caller.feed(Waited(level=3))
    caller.feed(HumanConnected(name="Claire"))
    assert caller.feed(HumanLeft(how="lost"))[-1] == LeaveQueue(how="callback")


def test_a_human_connected_while_the_caller_leaves_is_not_talked_over() -> None:
    caller = on_hold()
    caller.presses("1")
    caller.feed(HumanConnected(name="Claire"))
    assert caller.leaves("callback") == ()
    assert caller.state.with_human


def test_a_queue_that_cannot_let_go_keeps_the_place() -> None:
    caller = on_hold()
    caller.presses("1")
    assert keys_of(caller.feed(ActionFailed(action="leave_queue"))) == ["hold.not_left"]
    assert caller.state.on_hold


def test_a_queue_that_cannot_let_go_at_the_last_limit_leads_to_a_message() -> None:
    caller = on_hold()
    caller.feed(Waited(level=3))
    caller.feed(ActionFailed(action="leave_queue"))
    assert "handoff.failed" in caller.keys_said()
    assert caller.question() is Question.NAME


def test_at_the_maximum_duration_the_queue_keeps_a_call_back() -> None:
    caller = on_hold()
    assert caller.feed(TimeLimit(final=True)) == (LeaveQueue(how="callback"),)
    assert keys_of(caller.leaves("callback")) == ["hold.callback", "closing.time_over"]
    assert caller.ended() == EndCall(reason=EndReason.TIME_LIMIT)


def test_who_comes_back_keeps_the_place_after_the_notice() -> None:
    caller = Caller(returning=True)
    assert caller.keys_said() == ["opening.notice", "handoff.returning"]
    notice = caller.actions[0]
    assert isinstance(notice, Say)
    assert notice.protected
    request = caller.actions[-1]
    assert isinstance(request, RequestHuman)
    assert request.reason is HandoffReason.ASKED
    assert keys_of(caller.queues(2)) == ["hold.one_ahead"]

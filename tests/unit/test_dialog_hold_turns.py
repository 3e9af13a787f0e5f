"""What a waiting caller says and presses: what is clear is served, the rest is ignored in silence."""

from __future__ import annotations

import pytest

from tests.fakes.dialogue import CALLER, NOW, Caller
from tests.fakes.understanding import mumble, no, turn, yes
from tests.unit.test_dialog_holding import VITAL, keys_of, on_hold
from voicebot.core.tickets import Leaving
from voicebot.dialog.actions import EndCall, EndReason, LeaveQueue, Outcome, RequestHuman, Say, SetLanguage
from voicebot.dialog.inputs import ActionFailed, CallerKeys, CallerSilent, CallerTurn, HearingFailed, TurnTooLong
from voicebot.dialog.state import Question
from voicebot.handoff.events import HumanComing, Waited
from voicebot.handoff.requests import HandoffReason
from voicebot.nlu.understanding import Understanding


@pytest.mark.parametrize("asked", [False, True])
@pytest.mark.parametrize(
    ("said", "how"),
    [
        (turn("rappelez-moi", "callback_request"), "callback"),
        (turn("je préfère laisser un message", "leave_message"), "message"),
        (turn("merci, au revoir", "thanks_bye"), "hung_up"),
        (turn("laissez tomber", "cancel"), "hung_up"),
        (turn("c'est réglé", "yes", score=0.5), "answered"),
    ],
)
def test_a_caller_may_leave_the_queue_at_any_time(asked: bool, said: Understanding, how: Leaving) -> None:
    caller = on_hold()
    if asked:
        caller.feed(Waited(level=1))
    assert caller.says(said) == (LeaveQueue(how=how),)


@pytest.mark.parametrize(("key", "how"), [("1", "callback"), ("2", "message"), ("#", "hung_up")])
def test_the_keypad_can_do_it_too(key: str, how: Leaving) -> None:
    assert on_hold().presses(key) == (LeaveQueue(how=how),)


@pytest.mark.parametrize("staffed", [True, False])
def test_going_on_to_wait_is_a_key_and_a_word(staffed: bool) -> None:
    patient = CallerTurn(understanding=turn("je patiente", "out_of_scope", score=0.4), now=NOW)
    for go_on in (CallerKeys(keys="3", now=NOW), patient):
        caller = on_hold(staffed=staffed)
        caller.feed(Waited(level=1))
        assert keys_of(caller.feed(go_on)) == ["hold.wait_on"]
        assert caller.state.on_hold


def test_nothing_is_confirmed_before_the_queue_has_let_go() -> None:
    caller = on_hold()
    before = list(caller.spoken)
    caller.presses("1")
    caller.says(mumble())
    caller.feed(CallerSilent(level=1))
    assert caller.spoken == before
    caller.leaves("callback")
    assert "06 12 34 56 78" in caller.spoken[-2]


def test_a_message_instead_is_asked_for_and_read_back() -> None:
    caller = on_hold()
    caller.presses("2")
    caller.leaves("message")
    assert caller.question() is Question.REASON


def test_what_the_message_is_about_is_not_asked_when_it_was_said() -> None:
    caller = on_hold()
    caller.says(turn("dites au docteur que mon traitement ne marche pas", "leave_message"))
    caller.leaves("message")
    assert caller.question() is Question.NAME


def test_a_goodbye_is_answered_with_what_the_queue_keeps() -> None:
    caller = on_hold()
    caller.says(turn("merci, au revoir", "thanks_bye"))
    assert keys_of(caller.leaves("hung_up")) == ["hold.kept"]
    assert caller.ended() == EndCall(reason=EndReason.CALLER_GOODBYE)


def test_a_goodbye_without_a_number_promises_no_call_back() -> None:
    caller = on_hold(number=None)
    caller.presses("#")
    assert keys_of(caller.leaves("hung_up")) == ["closing.goodbye"]


def test_a_matter_that_is_settled_is_an_answered_call() -> None:
    caller = on_hold()
    caller.says(turn("ce n'est plus la peine", "out_of_scope"))
    assert keys_of(caller.leaves("answered")) == ["closing.goodbye"]
    assert caller.state.outcome is Outcome.ANSWERED


@pytest.mark.parametrize(
    "said",
    [mumble(), yes(), no(), turn("merci", "thanks_bye"), turn("tu peux fermer la porte", "out_of_scope"), turn("", "noise")],
)
def test_what_is_said_to_others_is_ignored_in_silence(said: Understanding) -> None:
    caller = on_hold()
    for _ in range(5):
        assert caller.says(said) == ()
    assert caller.state.on_hold
    assert caller.state.total_failures == 0


def test_silence_deafness_and_long_turns_mean_nothing_on_hold() -> None:
    caller = on_hold()
    for event in (CallerSilent(level=3), HearingFailed(), TurnTooLong()):
        assert caller.feed(event) == ()


def test_with_nobody_there_an_unclear_answer_is_asked_again_and_at_last_settled() -> None:
    caller = on_hold(staffed=False)
    assert keys_of(caller.says(mumble())) == ["handoff.offer"]
    caller.says(mumble())
    assert caller.says(mumble())[-1] == LeaveQueue(how="callback")


def test_a_bare_yes_to_the_offer_is_a_call_back() -> None:
    assert on_hold(staffed=False).says(yes()) == (LeaveQueue(how="callback"),)


def test_a_simple_question_is_answered_and_the_wait_goes_on() -> None:
    caller = on_hold()
    caller.says(turn("quels sont vos horaires", "opening_hours"))
    assert caller.keys_said()[-2:] == ["questions.hours", "hold.wait_on"]
    caller.says(turn("vous prenez la carte vitale", "out_of_scope", question="vitale"))
    assert caller.spoken[-2] == "Oui, nous la prenons."
    assert caller.state.on_hold


def test_what_the_consignes_do_not_answer_is_left_to_the_secretary() -> None:
    caller = on_hold()
    assert keys_of(caller.says(turn("c'est combien", "price"))) == ["hold.not_mine"]
    assert caller.state.on_hold


def test_repeat_tells_the_place_as_it_is_now() -> None:
    caller = on_hold(3)
    assert keys_of(caller.says(turn("pardon ?", "repeat"))) == ["hold.ahead"]
    assert keys_of(caller.presses("*")) == ["hold.ahead"]
    assert keys_of(caller.says(turn("il y a combien de personnes avant moi", "price"))) == ["hold.ahead"]


def test_repeat_while_a_secretary_comes_names_her_again() -> None:
    caller = on_hold()
    caller.feed(HumanComing(name="Claire"))
    assert keys_of(caller.presses("*")) == ["handoff.connecting"]


@pytest.mark.parametrize("again", ["words", "key"])
def test_asking_for_a_person_again_is_reassured_at_the_same_rank(again: str) -> None:
    caller = on_hold()
    actions = caller.presses("0") if again == "key" else caller.says(turn("une secrétaire", "speak_to_person"))
    assert keys_of(actions) == ["hold.same_rank"]
    assert not any(isinstance(action, RequestHuman | LeaveQueue) for action in actions)


def test_asking_for_a_person_with_nobody_there_is_told_so_again() -> None:
    caller = on_hold(staffed=False)
    first = caller.spoken[-2]
    assert keys_of(caller.presses("0")) == ["handoff.nobody", "handoff.offer"]
    assert caller.spoken[-2] != first


def test_an_emergency_on_hold_gets_the_safety_sentence_and_a_higher_rank() -> None:
    caller = on_hold(3)
    said, request = caller.says(VITAL)
    assert isinstance(said, Say)
    assert (said.key, said.protected) == ("safety.medical", True)
    assert isinstance(request, RequestHuman)
    assert (request.reason, request.urgency_kind) == (HandoffReason.URGENT, "medical")
    assert keys_of(caller.queues(1)) == ["hold.priority", "hold.next"]
    assert caller.state.on_hold


def test_an_emergency_in_doubt_is_heard_on_hold_when_a_life_may_be_at_stake() -> None:
    doubtful = turn("il ne bouge plus", "out_of_scope", urgency="ask", vital=True)
    assert isinstance(on_hold().says(doubtful)[-1], RequestHuman)


def test_who_is_urgent_already_hears_the_safety_sentence_again_and_keeps_the_rank() -> None:
    caller = Caller()
    caller.says(VITAL)
    caller.queues()
    assert keys_of(caller.says(VITAL)) == ["safety.medical"]
    assert caller.state.on_hold
    assert keys_of(caller.says(turn("c'est urgent", "urgent", urgency="urgent"))) == ["hold.same_rank"]


def test_an_emergency_while_the_queue_lets_go_goes_back_to_its_top() -> None:
    caller = on_hold()
    caller.presses("1")
    assert isinstance(caller.says(VITAL)[-1], RequestHuman)
    assert caller.leaves("callback") == ()
    caller.queues()
    assert caller.state.on_hold


def test_a_rank_that_cannot_be_raised_is_kept() -> None:
    caller = on_hold()
    caller.says(VITAL)
    assert keys_of(caller.feed(ActionFailed(action="request_human"))) == ["safety.unreachable"]
    assert caller.state.on_hold


def test_another_language_on_hold_repeats_the_notice_and_is_told_to_the_desk() -> None:
    caller = on_hold(2)
    actions = caller.says(turn("do you speak english", "repeat", language_request="en"))
    assert actions[0] == SetLanguage(language="en")
    assert keys_of(actions) == ["opening.notice"]
    request = actions[-1]
    assert isinstance(request, RequestHuman)
    assert (request.language, request.reason) == ("en", HandoffReason.ASKED)
    caller.queues(2)
    assert caller.spoken[-1].endswith("before you.")
    assert caller.state.on_hold


def test_a_call_back_at_another_number_is_checked_in_a_message() -> None:
    caller = on_hold()
    said = turn("rappelez-moi plutôt au 06 11 22 33 44", "callback_request", phones=("+33611223344",))
    assert caller.says(said) == (LeaveQueue(how="message"),)
    caller.leaves("message")
    caller.gives_name()
    assert caller.question() is Question.PHONE_CHECK


def test_a_number_confirmed_before_is_the_one_to_call_back() -> None:
    caller = Caller()
    caller.says(turn("dites-lui que mon traitement ne marche pas", "leave_message"))
    caller.gives_name()
    caller.says(turn("non, le 06 11 22 33 44", "no", yes_no="no", phones=("+33611223344",)))
    caller.says(yes())
    caller.presses("0")
    caller.queues()
    assert caller.presses("1") == (LeaveQueue(how="callback", phone="+33611223344"),)
    caller.leaves("callback")
    assert "06 11 22 33 44" in caller.spoken[-2]
    assert CALLER != "+33611223344"

from __future__ import annotations

from tests.fakes.dialogue import Caller
from tests.fakes.understanding import mumble, turn, yes
from voicebot.dialog.actions import EndReason, RequestHuman, Say
from voicebot.dialog.inputs import CallerSilent, HearingFailed, TimeLimit, TurnTooLong
from voicebot.dialog.state import Question
from voicebot.handoff.requests import HandoffReason


def test_the_third_failure_goes_to_a_human_after_an_open_prompt_and_a_menu() -> None:
    caller = Caller()
    for _ in range(3):
        caller.says(mumble())
    assert caller.keys_said()[-3:] == ["repair.open", "repair.menu", "repair.to_human"]
    request = caller.actions[-1]
    assert isinstance(request, RequestHuman)
    assert request.reason is HandoffReason.FAILED


def test_a_name_not_understood_twice_is_asked_by_its_letters() -> None:
    caller = Caller()
    caller.says(turn("dites-lui que mon traitement ne marche pas", "leave_message"))
    caller.says(mumble())
    caller.says(mumble())
    assert caller.question() is Question.SPELLING
    caller.says(mumble())
    assert isinstance(caller.actions[-1], RequestHuman)


def test_a_doubtful_intent_is_confirmed_then_acted_upon() -> None:
    caller = Caller()
    caller.says(turn("c'est pour voir le docteur", "book_appointment", score=0.5))
    assert caller.spoken[-1] == "Vous souhaitez prendre rendez-vous, c'est bien ça ?"
    caller.says(yes())
    assert caller.question() is Question.WISH


def test_silence_is_prompted_twice_differently_then_the_call_ends() -> None:
    caller = Caller()
    caller.silent()
    assert len(set(caller.spoken)) == len(caller.spoken)
    end = caller.ended()
    assert end is not None
    assert end.reason is EndReason.SILENCE


def test_silence_with_something_known_goes_to_a_human() -> None:
    caller = Caller()
    caller.says(turn("je voudrais un rendez-vous", "book_appointment"))
    caller.silent()
    assert isinstance(caller.actions[-1], RequestHuman)


def test_repeat_says_the_last_turn_word_for_word() -> None:
    caller = Caller()
    caller.says(turn("je voudrais un rendez-vous", "book_appointment"))
    before = caller.spoken[-1]
    caller.says(turn("pardon ?", "repeat"))
    assert caller.spoken[-1] == before


def test_a_turn_cut_short_is_followed_by_the_question_in_other_words() -> None:
    caller = Caller()
    caller.says(turn("je voudrais un rendez-vous", "book_appointment"))
    before = caller.spoken[-1]
    caller.feed(TurnTooLong())
    assert caller.keys_said()[-2:] == ["repair.too_long", "booking.ask_wish"]
    assert caller.spoken[-1] != before


def test_deafness_offers_the_keypad_which_takes_a_call_back_alone() -> None:
    caller = Caller()
    caller.feed(HearingFailed())
    assert caller.keys_said()[-1] == "repair.hearing"
    caller.presses("1")
    assert caller.question() is Question.OWN_NUMBER
    caller.presses("1")
    assert caller.question() is Question.RECAP


def test_deafness_twice_goes_to_a_human() -> None:
    caller = Caller()
    caller.feed(HearingFailed())
    caller.feed(HearingFailed())
    assert isinstance(caller.actions[-1], RequestHuman)


def test_a_lone_zero_while_a_number_is_keyed_asks_for_a_person() -> None:
    caller = Caller(number=None)
    caller.says(turn("dites-lui que mon traitement ne marche pas", "leave_message"))
    caller.gives_name()
    caller.presses("0")
    caller.feed(CallerSilent(level=1))
    assert isinstance(caller.actions[-1], RequestHuman)


def test_the_time_limit_warns_then_ends() -> None:
    caller = Caller()
    caller.feed(TimeLimit(final=False))
    assert isinstance(caller.actions[-1], Say)
    caller.feed(TimeLimit(final=True))
    end = caller.ended()
    assert end is not None
    assert end.reason is EndReason.TIME_LIMIT

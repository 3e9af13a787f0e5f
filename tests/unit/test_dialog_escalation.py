from __future__ import annotations

import pytest

from tests.fakes.dialogue import Caller
from tests.fakes.understanding import mumble, no, turn, yes
from voicebot.dialog.actions import EndReason, RequestHuman, Say, TakeMessage
from voicebot.dialog.inputs import ActionFailed
from voicebot.dialog.state import Question
from voicebot.handoff.requests import HandoffReason


def requested(caller: Caller) -> RequestHuman:
    request = caller.actions[-1]
    assert isinstance(request, RequestHuman)
    return request


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("mon mari ne respire plus", "safety.medical"),
        ("il y a une odeur de gaz", "safety.fire"),
        ("on m'a agressé", "safety.assault"),
        ("je veux mourir", "safety.suicide"),
        ("c'est la fin pour moi", "safety.suicide"),
        ("mon père va mourir il ne respire plus", "safety.medical"),
    ],
)
def test_a_life_at_stake_gets_its_safety_sentence_then_the_top_of_the_queue(text: str, key: str) -> None:
    caller = Caller()
    said, request = caller.says(turn(text, "urgent", urgency="urgent", vital=True, kind="medical"))
    assert isinstance(said, Say)
    assert (said.key, said.protected) == (key, True)
    assert isinstance(request, RequestHuman)
    assert request.reason is HandoffReason.URGENT


def test_what_the_client_says_for_an_urgency_is_said() -> None:
    caller = Caller()
    caller.says(turn("j'ai un plâtre cassé", "urgent", urgency="urgent", kind="medical"))
    assert caller.spoken[-1] == "Ne posez pas le pied par terre."


def test_in_doubt_urgency_is_asked_and_yes_goes_to_a_human() -> None:
    caller = Caller()
    caller.says(turn("j'ai mal depuis ce matin", "out_of_scope", urgency="ask"))
    assert caller.question() is Question.URGENT
    caller.says(yes())
    assert requested(caller).reason is HandoffReason.URGENT


def test_not_urgent_goes_on_with_what_was_first_said() -> None:
    caller = Caller()
    caller.says(turn("j'ai mal, je voudrais un rendez-vous", "book_appointment", urgency="ask"))
    caller.says(no())
    assert caller.question() is Question.WISH


def test_two_unclear_answers_about_urgency_count_as_urgent() -> None:
    caller = Caller()
    caller.says(turn("j'ai mal depuis ce matin", "out_of_scope", urgency="ask"))
    caller.says(mumble())
    caller.says(mumble())
    assert requested(caller).reason is HandoffReason.URGENT


def test_a_person_is_reached_after_one_question_when_nothing_is_known() -> None:
    caller = Caller()
    caller.says(turn("une secrétaire", "speak_to_person"))
    assert caller.question() is Question.HUMAN_REASON
    caller.says(turn("un dossier", "out_of_scope"))
    assert requested(caller).summary == "Appelant sans nom (06 12 34 56 78) : « un dossier »."


def test_key_zero_reaches_a_person_at_once() -> None:
    caller = Caller()
    caller.presses("0")
    assert requested(caller).reason is HandoffReason.ASKED


def test_the_queue_is_announced_only_once_the_ticket_is_committed() -> None:
    caller = Caller()
    caller.presses("0")
    assert "handoff.waiting" not in caller.keys_said()
    caller.connects()
    assert "handoff.waiting" in caller.keys_said()
    end = caller.ended()
    assert end is not None
    assert end.reason is EndReason.HANDED_OFF


def test_when_no_ticket_can_be_stored_an_urgent_caller_hears_the_number_and_leaves_a_message() -> None:
    caller = Caller()
    caller.says(turn("mon mari ne respire plus", "urgent", urgency="urgent", vital=True, kind="medical"))
    caller.feed(ActionFailed(action="request_human"))
    assert "safety.unreachable" in caller.keys_said()
    caller.gives_name()
    caller.says(yes())
    caller.says(yes())
    message = caller.last(TakeMessage)
    assert isinstance(message, TakeMessage)
    assert message.urgent

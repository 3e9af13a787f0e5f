from __future__ import annotations

from tests.fakes.dialogue import Caller, clinic
from tests.fakes.understanding import turn
from voicebot.dialog.actions import EndReason, Outcome, RequestHuman, Say, SetLanguage
from voicebot.handoff.requests import HandoffReason

WORDS_PER_S = 2.6
"""Slow reading speed of French synthetic speech."""


def test_the_notice_comes_first_and_cannot_be_interrupted() -> None:
    notice, greeting = (a for a in Caller().actions if isinstance(a, Say))
    assert notice.protected
    assert not greeting.protected
    assert (notice.key, greeting.key) == ("opening.notice", "opening.greeting")


def test_the_notice_names_the_client_the_assistant_and_the_transcription() -> None:
    assert Caller().spoken[0] == "Cabinet médical des Lilas, bonjour. Je suis l'assistant automatique, cet appel est transcrit."


def test_a_recorded_call_says_so() -> None:
    assert "enregistré" in Caller(recorded=True).spoken[0]


def test_notice_and_greeting_last_at_most_nine_seconds() -> None:
    spoken = " ".join(Caller(recorded=True).spoken)
    assert len(spoken.split()) / WORDS_PER_S <= 9


def test_the_clients_news_come_between_the_notice_and_the_greeting() -> None:
    caller = Caller(clinic(pre_answer="Le cabinet déménage le 3 mars."))
    assert caller.keys_said() == ["opening.notice", "client.text", "opening.greeting"]
    assert caller.spoken[1] == "Le cabinet déménage le 3 mars."


def test_a_vip_is_not_kept_with_the_clients_news() -> None:
    caller = Caller(clinic(pre_answer="Le cabinet déménage le 3 mars."), number="+33600000001")
    assert "client.text" not in caller.keys_said()


def test_a_vip_goes_to_a_human_after_the_notice() -> None:
    caller = Caller(number="+33600000001")
    request = caller.last(RequestHuman)
    assert isinstance(request, RequestHuman)
    assert request.reason is HandoffReason.VIP
    assert caller.keys_said() == ["opening.notice", "handoff.vip"]


def test_a_blocked_number_is_refused_after_the_notice() -> None:
    caller = Caller(number="+33600000002")
    end = caller.ended()
    assert end is not None
    assert end.reason is EndReason.REFUSED
    assert caller.keys_said()[0] == "opening.notice"
    assert caller.state.outcome is Outcome.REFUSED


def test_english_repeats_the_notice_in_english() -> None:
    caller = Caller()
    actions = caller.says(turn("do you speak english", "out_of_scope", score=0.3, language="en", language_request="en"))
    assert actions[0] == SetLanguage(language="en")
    assert isinstance(actions[1], Say)
    assert actions[1].protected
    assert "automatic assistant" in caller.spoken[-2]
    assert caller.state.language == "en"


def test_a_task_asked_for_in_english_goes_on_after_the_notice() -> None:
    caller = Caller()
    caller.says(turn("I would like an appointment", "book_appointment", language="en", language_request="en"))
    assert caller.keys_said()[-2:] == ["opening.notice", "booking.ask_wish"]


def test_without_english_the_caller_is_told_in_english_and_gets_a_human() -> None:
    caller = Caller(clinic(languages=["fr"]))
    caller.says(turn("do you speak english", "out_of_scope", score=0.3, language="en", language_request="en"))
    assert "only help you in French" in caller.spoken[-1]
    assert isinstance(caller.actions[-1], RequestHuman)

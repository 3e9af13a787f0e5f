"""Who interrupts whom: whole calls on the virtual clock."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

import pytest

from tests.fakes.calls import Said, Scene
from tests.fakes.understanding import no, turn, wish, yes
from voicebot.call.turn_settings import TurnSettings
from voicebot.core.errors import RecognitionError
from voicebot.core.events import EventKind

BOOKING = (
    turn("rendez-vous", "book_appointment", wishes=(wish(date(2026, 11, 24), time(14, 30)),)),
    turn("Jean Martin", "out_of_scope", score=0.3, person="Jean Martin"),
    yes(),
    no(),
    replace(turn("d'accord", "yes", yes_no="yes"), backchannel=True),
    turn("vos horaires", "opening_hours"),
)
TO_RECAP = [Said(text=text) for text in ("rendez-vous", "Jean Martin", "oui")]
RECAP_S = 25.0
"""The read-back of three clauses is under way: « Je récapitule : » is over, the details are being said."""


def over_recap(text: str | RecognitionError, *, after_s: float = 3.0, length_s: float = 0.8) -> Scene:
    said = Said(text=text, at_s=RECAP_S + after_s, length_s=length_s)
    scene = Scene(said=[*TO_RECAP, said, Said(text="oui"), Said(text="non")], turns=BOOKING)
    scene.hold()
    return scene


def silent_from(scene: Scene, t_s: float) -> float:
    """First moment after `t_s` at which nothing of the bot is heard."""
    loud = scene.line.loud()
    return next(n for n in range(round(t_s / 0.02), len(loud)) if not loud[n]) * 0.02


def test_speech_is_held_within_300_ms_of_the_onset_and_dropped_once_it_is_an_interruption() -> None:
    scene = over_recap("vos horaires")
    (paused,), (stopped, *_) = scene.of(EventKind.BOT_PAUSED), scene.of(EventKind.BOT_STOPPED)
    assert paused.t_s - 28.0 <= 0.3
    assert silent_from(scene, 28.0) - 28.0 <= 0.3
    assert stopped.t_s > paused.t_s
    assert not any(scene.line.loud()[round(paused.t_s / 0.02) : round(stopped.t_s / 0.02)])


def test_of_an_interrupted_sentence_only_the_clauses_played_to_their_end_were_heard() -> None:
    heard = over_recap("vos horaires").heard("booking.recap")
    assert heard.data == {"heard": "Je récapitule :", "complete": False}


def test_the_words_of_the_interruption_become_the_turn_and_are_answered() -> None:
    scene = over_recap("vos horaires")
    assert scene.texts()[3] == "vos horaires"
    assert scene.acts()[scene.acts().index("booking.recap") + 1] == "questions.hours"


@pytest.mark.parametrize(("text", "why"), [("d'accord", "backchannel"), ("", "noise")])
def test_a_backchannel_or_a_noise_lets_the_clause_begin_again_and_everything_is_heard(text: str, why: str) -> None:
    scene, alone = over_recap(text), Scene(said=[*TO_RECAP, Said(text="oui"), Said(text="non")], turns=BOOKING)
    alone.hold()
    assert [event.data["dropped"] for event in scene.of(EventKind.RECOGNISED)] == [why]
    assert scene.texts() == alone.texts()
    assert all(event.data["complete"] for event in scene.of(EventKind.BOT_HEARD))
    assert not [event for event in scene.of(EventKind.BOT_STOPPED) if event.t_s < scene.heard("booking.recap").t_s]
    (paused,), (resumed,) = scene.of(EventKind.BOT_PAUSED), scene.of(EventKind.BOT_RESUMED)
    clause_began_s = alone.when("booking.recap") + 16 / 14
    again_s = resumed.t_s - clause_began_s
    later_s = scene.heard("booking.recap").t_s - alone.heard("booking.recap").t_s
    assert later_s == pytest.approx(again_s, abs=0.1)
    assert paused.t_s < resumed.t_s


def test_the_notice_cannot_be_interrupted_and_words_said_over_it_are_kept() -> None:
    scene = Scene(said=[Said(text="vos horaires", at_s=2.0)], turns=BOOKING, hangs_up_s=12.0)
    scene.hold()
    assert scene.heard("opening.notice").data["complete"] is True
    assert all(scene.line.loud()[5 : round(scene.heard("opening.notice").t_s / 0.02)])
    assert scene.of(EventKind.NOTICE_PLAYED)
    assert scene.texts() == ["vos horaires"]
    assert scene.heard("opening.greeting").data["complete"] is False


def test_recognition_that_fails_over_the_notice_does_not_cut_it() -> None:
    scene = Scene(said=[Said(text=RecognitionError("told to fail"), at_s=2.0)], turns=BOOKING, hangs_up_s=15.0)
    scene.hold()
    assert scene.heard("opening.notice").data["complete"] is True
    assert scene.acts() == ["opening.notice", "opening.greeting", "repair.hearing"]


def test_a_key_pressed_over_the_notice_counts_once_it_is_over() -> None:
    scene = Scene(keys={2.0: "0"}, hangs_up_s=15.0)
    scene.hold()
    assert scene.heard("opening.notice").data["complete"] is True
    (keys,) = scene.of(EventKind.KEYS)
    assert keys.data["keys"] == "0"
    assert keys.t_s == pytest.approx(scene.heard("opening.notice").t_s, abs=0.05)
    assert scene.acts()[2].startswith("handoff.")


def test_a_key_stops_the_bot_at_once() -> None:
    scene = Scene(keys={7.5: "0"}, hangs_up_s=15.0)
    scene.hold()
    assert silent_from(scene, 7.5) == pytest.approx(7.5, abs=0.041)
    assert scene.heard("opening.greeting").data["complete"] is False


def test_failed_recognition_is_told_to_the_caller_and_the_call_goes_on() -> None:
    scene = Scene(said=[Said(text=RecognitionError("told to fail")), Said(text="vos horaires")], turns=BOOKING, hangs_up_s=25.0)
    scene.hold()
    assert [event.data for event in scene.of(EventKind.FAILURE)] == [{"code": "recognition"}]
    assert scene.acts()[2:4] == ["repair.hearing", "questions.hours"]
    assert scene.texts() == ["vos horaires"]


def test_recognition_that_never_comes_back_fails_after_its_time() -> None:
    settings = TurnSettings(recognition_timeout_s=3.0)
    scene = Scene(said=[Said(text="vos horaires")], turns=BOOKING, settings=settings, recognition_s=60.0, hangs_up_s=20.0)
    scene.hold()
    (ended,) = scene.of(EventKind.SPEECH_ENDED)
    assert scene.of(EventKind.FAILURE)[0].t_s - ended.t_s == pytest.approx(3.1, abs=0.1)
    assert scene.hearing._jobs == {}

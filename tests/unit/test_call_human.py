"""A call that waits for a human and is taken over: who hears whom at every moment, what is written down, what is kept."""

from __future__ import annotations

import wave
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.fakes.calls import MUSIC, Said, Scene
from tests.fakes.handoff import HUMAN, FakeHandoffLine
from tests.fakes.understanding import turn
from voicebot.audio.recorder import StereoRecorder
from voicebot.core.audio import Samples
from voicebot.core.events import EventKind
from voicebot.dialog.actions import EndReason, Outcome
from voicebot.handoff.events import HandoffEvent, HumanComing, HumanConnected, HumanLeft, PlaceChanged

SECRETARY = turn("une secrétaire s'il vous plaît, c'est pour ma facture", "speak_to_person")
CALLER = 3000
"""Least amplitude of the caller's utterances."""
FIRST = PlaceChanged(position=1, estimate_s=20.0, staffed=True)
COMING, CONNECTED = HumanComing(name="Sophie"), HumanConnected(name="Sophie")
ASKS = (Said(text="une secrétaire s'il vous plaît, c'est pour ma facture"), Said(text="c'est pour ma facture"))


def waiting(told: dict[float, HandoffEvent], *, said: tuple[Said, ...] = (), holds: Any = (), **parts: Any) -> Scene:
    """A caller who asks for a person, twice if need be, and then says `said`."""
    desk = FakeHandoffLine({0.0: FIRST, **told}, holds=holds)
    turns = (SECRETARY, turn("c'est pour ma facture", "invoice_payment"), turn("bonjour madame", "greeting"))
    return Scene(said=(*ASKS, *said), turns=turns, desk=desk, **parts)


def joined_s(scene: Scene) -> float:
    """When the call began to wait."""
    return next(event.t_s for event in scene.of(EventKind.HANDOFF))


def heard_between(scene: Scene, start_s: float, end_s: float) -> Samples:
    """What the caller heard."""
    return np.concatenate(scene.line.sent[round(start_s / 0.02) : round(end_s / 0.02)])


def is_music(samples: Samples) -> bool:
    return bool((np.abs(samples) <= MUSIC[0]).all() and (samples == MUSIC[0]).any())


def test_who_waits_hears_music_and_is_never_asked_whether_anybody_is_there() -> None:
    scene = waiting({}, hangs_up_s=90.0)
    scene.hold()
    since_s = joined_s(scene)
    assert is_music(heard_between(scene, since_s + 20, 89.0))
    assert not [event for event in scene.of(EventKind.SILENCE) if event.t_s > since_s]


def test_music_stops_for_what_the_bot_says_and_comes_back_softly() -> None:
    scene = waiting({20.0: COMING}, hangs_up_s=60.0)
    scene.hold()
    begins = scene.when("handoff.connecting")
    spoken = heard_between(scene, begins + 0.2, begins + 0.6)
    assert not is_music(spoken)
    over_s = scene.heard("handoff.connecting").t_s
    after = heard_between(scene, over_s + 0.04, over_s + 1.0)
    assert is_music(after)
    assert abs(int(after[0])) < MUSIC[0] // 4 < abs(int(after[-1]))


def test_caller_and_human_hear_each_other_and_nothing_passes_before() -> None:
    scene = waiting({20.0: COMING, 24.0: CONNECTED}, said=(Said(text="bonjour madame", at_s=60.0),), hangs_up_s=70.0)
    scene.hold()
    since_s = joined_s(scene)
    assert not (heard_between(scene, 0.0, since_s + 23.9) == HUMAN).any()
    assert (heard_between(scene, since_s + 24.2, 69.0) == HUMAN).all()
    reached = np.concatenate(scene.desk.reached_human) if scene.desk else np.zeros(0)
    voiced = np.flatnonzero(np.abs(reached) >= CALLER)
    assert voiced.size == round(0.8 * 8000)
    assert voiced[0] / 8000 == pytest.approx(60.0 - since_s - 24.0, abs=0.1)


def test_who_is_held_by_the_human_hears_music_and_is_heard_by_nobody() -> None:
    said = (Said(text="bonjour madame", at_s=60.0, length_s=2.0),)
    scene = waiting({20.0: CONNECTED}, said=said, holds=((25.0, 70.0),), hangs_up_s=90.0)
    scene.hold()
    since_s = joined_s(scene)
    assert is_music(heard_between(scene, since_s + 26.0, since_s + 69.0))
    assert not (np.abs(np.concatenate(scene.desk.reached_human if scene.desk else [])) >= CALLER).any()
    overheard = np.concatenate([caller.samples for caller, _ in scene.tapped[round((since_s + 1) / 0.02) :]])
    assert not (np.abs(overheard) >= CALLER).any()
    assert "bonjour madame" not in scene.texts()


def test_nobody_overhears_a_caller_who_waits() -> None:
    scene = waiting({}, said=(Said(text="bonjour madame", at_s=60.0),), hangs_up_s=70.0)
    scene.hold()
    overheard = np.concatenate([caller.samples for caller, _ in scene.tapped[round((joined_s(scene) + 0.5) / 0.02) :]])
    assert not overheard.any()


@pytest.mark.parametrize("allowed", [True, False])
def test_what_both_say_is_written_down_only_where_the_client_allows_it(allowed: bool) -> None:
    told: dict[float, HandoffEvent] = {20.0: CONNECTED, 50.0: HumanLeft(how="given_back")}
    said = (Said(text="bonjour madame", at_s=55.0),)
    scene = waiting(told, said=said, holds=((27.0, 29.0),), transcribe_human=allowed, hangs_up_s=72.0)
    scene.hold()
    assert ("bonjour madame" in scene.texts()) is allowed
    assert bool(scene.of(EventKind.HUMAN_TURN)) is allowed
    asked = [request for request in scene.acts() if request.startswith("repair")]
    assert not asked


@pytest.mark.parametrize("allowed", [True, False])
def test_a_recording_goes_on_with_the_human_only_where_the_client_allows_it(tmp_path: Path, allowed: bool) -> None:
    recorder = StereoRecorder(tmp_path / "call.wav", 8000)
    said = (Said(text="bonjour madame", at_s=60.0),)
    scene = waiting({20.0: CONNECTED}, said=said, recorder=recorder, record_human=allowed, hangs_up_s=70.0)
    scene.hold()
    with wave.open(str(tmp_path / "call.wav")) as file:
        caller, other = np.frombuffer(file.readframes(file.getnframes()), "<i2").reshape(-1, 2).T
    first = round((joined_s(scene) + 20.1) * 8000)
    assert bool((other[first:] == HUMAN).any()) is allowed
    assert bool((np.abs(caller[first:]) >= CALLER).any()) is allowed
    assert (np.abs(caller[:first]) >= CALLER).any()
    assert caller.size == other.size == round(scene.line.t_s * 8000)


def test_a_caller_given_back_to_the_bot_goes_on_with_it() -> None:
    scene = waiting({20.0: CONNECTED, 30.0: HumanLeft(how="given_back")}, hangs_up_s=120.0)
    end = scene.hold()
    back_s = joined_s(scene) + 30.0
    assert scene.when("handoff.given_back") == pytest.approx(back_s, abs=0.05)
    assert [event for event in scene.of(EventKind.SILENCE) if event.t_s > back_s]
    assert end.outcome is Outcome.ESCALATED


def test_a_human_who_hangs_up_ends_the_call_without_another_word() -> None:
    scene = waiting({20.0: CONNECTED, 40.0: HumanLeft(how="ended")})
    end = scene.hold()
    assert (end.reason, end.outcome) == (EndReason.HANDED_OFF, Outcome.ESCALATED)
    assert end.duration_s == pytest.approx(joined_s(scene) + 40.0, abs=1.0)
    assert not [event for event in scene.of(EventKind.BOT_SENTENCE) if event.t_s > joined_s(scene) + 20.0]


def test_what_the_bot_was_saying_stops_when_the_human_is_there() -> None:
    scene = waiting({20.0: COMING, 20.1: CONNECTED}, hangs_up_s=60.0)
    scene.hold()
    assert scene.heard("handoff.connecting").data["complete"] is False
    since_s = joined_s(scene)
    assert (heard_between(scene, since_s + 20.3, since_s + 25.0) == HUMAN).all()

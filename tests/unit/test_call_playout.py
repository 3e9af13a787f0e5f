"""Playing, holding, dropping; the caller's audio by call time."""

from __future__ import annotations

import asyncio
import concurrent.futures
from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicebot.call.caller_audio import CallerAudio
from voicebot.call.clocks import RealClock, VirtualClock
from voicebot.call.playout import SPEAKING_RATE_CHARS_PER_S, SYNTHESIS_PATIENCE_S, Played, Playout
from voicebot.core.audio import AudioChunk, Samples
from voicebot.core.errors import SynthesisError
from voicebot.tts.synthesizer import Clause

RATE_HZ = 8000


def clause(text: str, seconds: float | None = None, *, level: int = 1000) -> Clause:
    """A clause of constant samples; one that is never finished without `seconds`."""
    audio: concurrent.futures.Future[Samples] = concurrent.futures.Future()
    if seconds is not None:
        audio.set_result(np.full(round(seconds * RATE_HZ), level, np.int16))
    return Clause(text=text, audio=audio)


def broken(text: str) -> Clause:
    made = clause(text)
    made.audio.set_exception(SynthesisError("told to fail"))
    return made


def a_playout() -> Playout:
    return Playout(rate_hz=RATE_HZ, clock=RealClock(), synthesis_nominal_s=0.0)


def played(playout: Playout, chunks: int) -> list[Played]:
    async def run() -> list[Played]:
        return [await playout.next() for _ in range(chunks)]

    return asyncio.run(run())


def test_what_remains_is_exact_for_the_clause_that_plays_and_estimated_for_the_rest() -> None:
    playout = a_playout()
    playout.say("a", "un deux", (clause("x" * 14, 0.1), clause("x" * 28, 3.0)), protected=False)
    playout.say("b", "trois", (clause("x" * 7, 9.0),), protected=False)

    def remaining_s() -> float:
        assert playout.speech is not None
        return playout.speech.remaining_s

    assert remaining_s() == pytest.approx(49 / SPEAKING_RATE_CHARS_PER_S)
    played(playout, 1)
    assert remaining_s() == pytest.approx(0.08 + 35 / SPEAKING_RATE_CHARS_PER_S)
    played(playout, 4)
    assert remaining_s() == pytest.approx(35 / SPEAKING_RATE_CHARS_PER_S)
    played(playout, 1)
    assert remaining_s() == pytest.approx(2.98 + 7 / SPEAKING_RATE_CHARS_PER_S)
    playout.stop()
    assert playout.speech is None
    playout.say("c", "un", (clause("x" * 14, 0.1),), protected=True)
    assert playout.speech is not None
    assert (playout.speech.protected, playout.speech.remaining_s) == (True, pytest.approx(1.0))


def test_speech_resumes_at_the_start_of_the_held_clause_without_a_click() -> None:
    playout = a_playout()
    playout.say("a", "un deux", (clause("un", 0.1, level=1000), clause("deux", 0.1, level=2000)), protected=False)
    played(playout, 7)
    playout.hold()
    assert not any(one.chunk.samples.any() for one in played(playout, 5))
    playout.resume()
    again = np.concatenate([one.chunk.samples for one in played(playout, 5)])
    assert again[0] == 0
    assert np.all(again[160:] == 2000)
    assert playout.idle


def test_a_clause_that_fails_ends_its_sentence_and_the_next_one_is_said() -> None:
    playout = a_playout()
    playout.say("a", "un deux", (clause("un", 0.02), broken("deux")), protected=False)
    playout.say("b", "trois", (clause("trois", 0.02),), protected=False)
    first, failed, second = played(playout, 3)
    assert first.finished is None
    assert failed.failed
    assert failed.finished is not None
    assert failed.finished.heard_text == "un"
    assert second.finished is not None
    assert second.finished.key == "b"
    assert not second.failed


def test_a_cancelled_clause_has_failed() -> None:
    playout, dropped = a_playout(), clause("un")
    dropped.audio.cancel()
    playout.say("a", "un", (dropped,), protected=False)
    assert played(playout, 1)[0].failed


def test_a_clause_that_never_comes_is_given_up() -> None:
    playout = a_playout()
    playout.say("a", "un", (clause("un"),), protected=False)
    *waiting, last = played(playout, round(SYNTHESIS_PATIENCE_S / 0.02))
    assert not any(one.failed for one in waiting)
    assert last.failed
    assert playout.idle


def test_on_a_virtual_clock_a_sentence_begins_after_its_nominal_synthesis() -> None:
    clock = VirtualClock(datetime(2026, 11, 23, tzinfo=UTC))
    playout = Playout(rate_hz=RATE_HZ, clock=clock, synthesis_nominal_s=0.1)
    playout.say("a", "un", (clause("un", 1.0),), protected=False)

    async def first_heard_s() -> float:
        async with clock.joined():
            while (await playout.next()).started is None:
                await clock.sleep_until(round(clock.now_s() + 0.02, 6))
            return clock.now_s()

    assert asyncio.run(first_heard_s()) == pytest.approx(0.1)


def test_a_sentence_stopped_in_its_middle_leaves_nothing_to_the_next() -> None:
    playout = a_playout()
    playout.say("a", "un", (clause("un", 0.1, level=1000),), protected=False)
    played(playout, 2)
    playout.hold()
    playout.resume()
    (dropped,) = playout.stop()
    assert (dropped.heard, dropped.heard_text) == (0, "")
    playout.say("b", "deux", (clause("deux", 0.02, level=2000),), protected=False)
    (whole,) = played(playout, 1)
    assert np.all(whole.chunk.samples == 2000)
    assert whole.started is whole.finished


@given(chunks=st.integers(0, 40), keep=st.integers(1, 12), start=st.integers(-5, 7000), length=st.integers(-200, 7000))
def test_audio_between_two_times_is_what_was_heard_cut_to_what_is_kept(chunks: int, keep: int, start: int, length: int) -> None:
    audio = CallerAudio(rate_hz=RATE_HZ, keep_s=keep * 0.03)
    everything = np.arange(chunks * 160, dtype=np.int16)
    for n in range(chunks):
        audio.append(AudioChunk(samples=everything[n * 160 : (n + 1) * 160], rate_hz=RATE_HZ))
    kept = -(-keep * 240 // 160) * 160
    first, last = max(0, start, len(everything) - kept), min(len(everything), start + length)
    got = audio.between(start / RATE_HZ, (start + length) / RATE_HZ)
    assert np.array_equal(got, everything[first : max(first, last)])


@given(before=st.integers(-100, 4000))
def test_what_is_forgotten_is_dropped_by_whole_chunks_and_what_follows_is_kept(before: int) -> None:
    audio, everything = CallerAudio(rate_hz=RATE_HZ, keep_s=1.0), np.arange(20 * 160, dtype=np.int16)
    for n in range(20):
        audio.append(AudioChunk(samples=everything[n * 160 : (n + 1) * 160], rate_hz=RATE_HZ))
    audio.forget(before / RATE_HZ)
    assert np.array_equal(audio.between(0.0, 1.0), everything[max(0, before) // 160 * 160 :])


def test_what_is_returned_is_a_copy() -> None:
    audio = CallerAudio(rate_hz=RATE_HZ, keep_s=0.04)
    audio.append(AudioChunk(samples=np.ones(160, np.int16), rate_hz=RATE_HZ))
    got = audio.between(0.0, 0.02)
    for _ in range(4):
        audio.append(AudioChunk(samples=np.zeros(160, np.int16), rate_hz=RATE_HZ))
    assert np.all(got == 1)

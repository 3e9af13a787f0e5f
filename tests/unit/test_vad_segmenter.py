from __future__ import annotations

import pytest

from voicebot.vad.segmenter import Segmenter, SpeechEnded, SpeechStarted

Told = list[tuple[float, SpeechStarted | SpeechEnded]]


def run(*stretches: tuple[float, float]) -> Told:
    """Feed (probability, duration_s) stretches; what was told, and when."""
    segmenter, told, n_chunks = Segmenter(), [], 0
    for probability, duration_s in stretches:
        for _ in range(round(duration_s / 0.02)):
            n_chunks += 1
            change = segmenter.feed(probability, n_chunks * 0.02)
            if change is not None:
                told.append((round(n_chunks * 0.02, 3), change))
    return told


def test_speech_is_told_after_60_ms_and_starts_300_ms_before_its_onset() -> None:
    [(told_s, change)] = run((0, 1.0), (0.9, 0.5))
    assert isinstance(change, SpeechStarted)
    assert told_s == 1.06
    assert change.start_s == pytest.approx(0.7)


def test_silence_is_told_after_60_ms_and_dates_from_the_last_voiced_moment() -> None:
    told_s, change = run((0, 1.0), (0.9, 0.5), (0, 0.5))[1]
    assert isinstance(change, SpeechEnded)
    assert told_s == 1.56
    assert change.end_s == pytest.approx(1.5)


def test_a_click_shorter_than_60_ms_is_not_speech() -> None:
    assert run((0, 1.0), (0.9, 0.04), (0, 1.0)) == []


def test_a_gap_shorter_than_60_ms_does_not_end_speech() -> None:
    assert len(run((0.9, 0.5), (0, 0.04), (0.9, 0.5))) == 1


def test_between_the_thresholds_speech_goes_on_but_does_not_begin() -> None:
    assert run((0.2, 1.0)) == []
    assert len(run((0.9, 0.2), (0.4, 2.0))) == 1


def test_the_pre_roll_never_starts_before_the_call() -> None:
    assert run((0.9, 0.2)) == [(0.06, SpeechStarted(start_s=0.0))]


def test_voiced_begins_with_the_start_and_drops_in_each_pause() -> None:
    segmenter = Segmenter()
    probabilities = [0.9, 0.9, 0.9, 0.1, 0.9, 0.1, 0.1, 0.1]
    voiced = [(segmenter.feed(p, 0.02 * (i + 1)), segmenter.voiced)[1] for i, p in enumerate(probabilities)]
    assert voiced == [False, False, True, False, True, False, False, False]

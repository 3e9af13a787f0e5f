from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from voicebot.core.audio import Samples
from voicebot.tts.espeak import EspeakSynthesizer
from voicebot.tts.loudness import active_rms_dbfs, levelled
from voicebot.tts.trimming import KEPT_S, trimmed

RATE_HZ = 8000
PCM = hnp.arrays(np.int16, st.integers(0, 2000))


def tone(amplitude: float, seconds: float = 0.5) -> Samples:
    return (amplitude * np.sin(2 * np.pi * 400 * np.arange(round(seconds * RATE_HZ)) / RATE_HZ)).astype(np.int16)


def silence(seconds: float) -> Samples:
    return np.zeros(round(seconds * RATE_HZ), np.int16)


@pytest.mark.parametrize("amplitude", [60, 1000, 30000])
def test_quiet_and_loud_speech_come_out_at_the_same_level(amplitude: float) -> None:
    assert active_rms_dbfs(levelled(tone(amplitude), RATE_HZ), RATE_HZ) == pytest.approx(-20.0, abs=0.3)


def test_silences_between_words_do_not_count_in_the_level() -> None:
    speech = np.concatenate([tone(5000), silence(2.0), tone(5000)])
    assert active_rms_dbfs(speech, RATE_HZ) == pytest.approx(active_rms_dbfs(tone(5000), RATE_HZ), abs=0.1)


@given(PCM)
def test_no_sample_ever_passes_the_ceiling(samples: Samples) -> None:
    out = levelled(samples, RATE_HZ)
    assert out.dtype == np.int16
    assert out.shape == samples.shape
    assert not out.size or np.abs(out.astype(np.int32)).max() < 32768 * 10 ** (-3 / 20)


def test_high_peaks_are_bent_in_order_not_cut_flat() -> None:
    speech = np.concatenate([tone(2000), np.array([20000, 24000, 28000], np.int16)])
    peaks = levelled(speech, RATE_HZ)[-3:]
    assert peaks[0] < peaks[1] < peaks[2]


def test_silence_stays_silence() -> None:
    assert not levelled(silence(0.1), RATE_HZ).any()
    assert trimmed(silence(0.1), RATE_HZ).size == silence(0.1).size


def test_silence_around_speech_is_cut_to_a_short_margin() -> None:
    kept = trimmed(np.concatenate([silence(0.4), tone(5000), silence(0.7)]), RATE_HZ)
    assert kept.size / RATE_HZ == pytest.approx(0.5 + 2 * KEPT_S, abs=0.011)
    assert kept.any()


def test_silence_inside_speech_is_kept() -> None:
    speech = np.concatenate([tone(5000), silence(0.6), tone(5000)])
    assert trimmed(speech, RATE_HZ).size == pytest.approx(speech.size, abs=2 * KEPT_S * RATE_HZ)


@given(PCM)
def test_trimming_keeps_every_loud_sample(samples: Samples) -> None:
    kept = trimmed(samples, RATE_HZ)
    frames = samples.size // 40 * 40  # a last incomplete frame may go
    if frames and np.abs(samples[:frames].astype(np.int32)).max():
        assert np.abs(kept.astype(np.int32)).max() >= np.abs(samples[:frames].astype(np.int32)).max()


def test_the_same_text_gives_the_same_samples_whatever_was_said_before() -> None:
    voice, other = EspeakSynthesizer("fr"), EspeakSynthesizer("fr", "m3", speed_wpm=140)
    first = voice.synthesize("bonjour madame")
    other.synthesize("tout autre chose")
    assert np.array_equal(first, voice.synthesize("bonjour madame"))

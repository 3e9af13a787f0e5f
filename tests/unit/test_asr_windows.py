from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicebot.asr import windows
from voicebot.asr.log_mel import LogMel
from voicebot.models.manifest import RecognitionTraits

TRAITS = RecognitionTraits(margin_s=1.3, max_window_s=30.0, max_tokens=448, tokens_per_s=12.0)


@given(st.floats(0.05, 28.7))
def test_a_window_holds_the_speech_and_its_margin_in_whole_buckets(audio_s: float) -> None:
    window = windows.window_s(audio_s, TRAITS)
    assert audio_s + TRAITS.margin_s <= window + 1e-6
    assert window < audio_s + TRAITS.margin_s + windows.BUCKET_S + 1e-6
    assert window % windows.BUCKET_S == 0


@pytest.mark.parametrize(("audio_s", "expected"), [(0.1, 1.5), (0.7, 2.0), (0.71, 2.5), (4.7, 6.0)])
def test_windows_round_up(audio_s: float, expected: float) -> None:
    assert windows.window_s(audio_s, TRAITS) == expected


def test_a_text_grows_with_the_audio_and_never_beyond_the_decoder() -> None:
    assert windows.max_length(1.0, 4, TRAITS) == 4 + 12 + windows.PROMPT_SLACK_TOKENS
    assert windows.max_length(100.0, 4, TRAITS) == TRAITS.max_tokens


def test_padding_is_zero_audio_after_the_speech() -> None:
    audio = np.ones(16000, np.float32)
    padded = windows.pad(audio, 2.0)
    assert len(padded) == 32000
    assert padded[:16000].all()
    assert not padded[16000:].any()
    assert len(windows.pad(audio, 0.5)) == 16000


def test_speech_that_fits_is_not_cut() -> None:
    samples = np.ones(28 * 16000, np.int16)
    assert [len(piece) for piece in windows.cut(samples, TRAITS)] == [len(samples)]


def test_long_speech_is_cut_in_its_pause() -> None:
    samples = np.random.default_rng(1).integers(-9000, 9000, 45 * 16000).astype(np.int16)
    samples[20 * 16000 : 20 * 16000 + 4800] = 0
    pieces = windows.cut(samples, TRAITS)
    assert abs(len(pieces[0]) / 16000 - 20.15) < 0.2
    assert np.array_equal(np.concatenate(pieces), samples)


@given(st.integers(1, 200 * 16))
def test_no_piece_is_longer_than_a_window_allows(length_ms: int) -> None:
    traits = RecognitionTraits(margin_s=0.6, max_window_s=10.0)
    samples = np.zeros(length_ms * 16, np.int16)
    pieces = windows.cut(samples, traits)
    assert all(0 < len(piece) <= round(9.4 * 16000) for piece in pieces)
    assert sum(map(len, pieces)) == len(samples)


def test_the_spectrogram_is_that_of_the_dense_formula() -> None:
    filters = np.zeros((3, 201), np.float32)
    filters[0, 3:9], filters[1, 8:40], filters[2, 30:200] = 0.5, 0.2, 0.1
    audio = np.random.default_rng(0).standard_normal(1600).astype(np.float32)
    framed = np.lib.stride_tricks.sliding_window_view(np.pad(audio, 200, mode="reflect"), 400)[::160][:-1]
    power = np.abs(np.fft.rfft(framed * np.hanning(401)[:-1], axis=1)) ** 2
    log = np.log10(np.maximum(filters @ power.T, 1e-10))
    expected = (np.maximum(log, log.max() - 8) + 4) / 4
    assert np.allclose(LogMel(filters, n_fft=400, hop_samples=160)(audio), expected, atol=1e-4)

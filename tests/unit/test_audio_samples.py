from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from voicebot.audio import g711
from voicebot.audio.hold_music import hold_music
from voicebot.audio.levels import FLOOR_DBFS, clipped_samples, peak_db, rms_db, speech_spans
from voicebot.audio.mix import concatenate, fade, gain, mix
from voicebot.audio.rechunk import Rechunker
from voicebot.audio.resample import Resampler, resample
from voicebot.audio.telephone import ANALOGUE_BAND_HZ, IP_BAND_HZ, telephone
from voicebot.audio.tones import dtmf, sine, white_noise
from voicebot.core.audio import CALL_RATES_HZ, Samples, chunk_samples

any_samples = hnp.arrays(np.int16, st.integers(0, 2000))
pairs = st.sampled_from([(8000, 16000), (16000, 8000), (22050, 8000), (22050, 16000), (8000, 8000)])
EVERY_BYTE = bytes(range(256))


def test_mu_law_known_values() -> None:
    assert g711.ulaw_encode(np.array([0, 32767, -32768], np.int16)) == b"\xff\x80\x00"
    assert g711.ulaw_decode(b"\xff\x80\x00\x7f").tolist() == [0, 32124, -32124, 0]


def test_a_law_known_values() -> None:
    assert g711.alaw_encode(np.array([0, -1, 32767, -32768], np.int16)) == b"\xd5\x55\xaa\x2a"
    assert g711.alaw_decode(b"\xd5\x55\xaa\x2a").tolist() == [8, -8, 32256, -32256]


def test_every_code_survives_a_round_trip_but_mu_law_minus_zero() -> None:
    assert g711.alaw_encode(g711.alaw_decode(EVERY_BYTE)) == EVERY_BYTE
    assert g711.ulaw_encode(g711.ulaw_decode(EVERY_BYTE)) == EVERY_BYTE.replace(b"\x7f", b"\xff")


@given(any_samples)
def test_companding_error_stays_within_a_step(samples: Samples) -> None:
    for decoded in (g711.alaw_decode(g711.alaw_encode(samples)), g711.ulaw_decode(g711.ulaw_encode(samples))):
        error = np.abs(decoded.astype(int) - samples)
        assert np.all(error <= np.maximum(8, (np.abs(samples.astype(int)) + 132) / 32))


@given(any_samples, pairs)
def test_resampling_keeps_the_duration(samples: Samples, rates: tuple[int, int]) -> None:
    assert abs(resample(samples, *rates).size - samples.size * rates[1] / rates[0]) <= 1


@given(pairs)
def test_a_stream_resampled_in_pieces_keeps_the_duration_and_the_tone(rates: tuple[int, int]) -> None:
    resampler, tone = Resampler(*rates), sine(1000, 1.0, rates[0])
    out = concatenate([*(resampler.feed(piece) for piece in np.array_split(tone, 50)), resampler.flush()])
    assert abs(out.size - rates[1]) <= 2
    assert np.argmax(np.abs(np.fft.rfft(out[: rates[1]]))) == pytest.approx(1000, abs=1)
    assert rms_db(out) == pytest.approx(-20, abs=0.5)


def test_resampling_a_full_scale_square_saturates_and_never_wraps() -> None:
    square = np.where(np.arange(8000) % 40 < 20, 32767, -32768).astype(np.int16)
    resampler = Resampler(8000, 16000)
    for out in (resample(square, 8000, 16000), concatenate([resampler.feed(square), resampler.flush()])):
        middle = out[2000:14000].reshape(-1, 80)
        assert np.all(np.abs(middle.astype(int).sum(axis=1)) < 80 * 2000)
        assert np.count_nonzero(np.abs(np.diff(middle.astype(int), axis=1)) > 50000) <= middle.shape[0] * 2


@given(st.lists(any_samples, max_size=8), st.sampled_from(CALL_RATES_HZ))
def test_rechunking_loses_and_adds_nothing_but_final_silence(pieces: list[Samples], rate_hz: int) -> None:
    rechunker = Rechunker(rate_hz)
    chunks = [chunk for piece in pieces for chunk in rechunker.feed(piece)] + rechunker.flush()
    fed, cut = concatenate(pieces), concatenate([chunk.samples for chunk in chunks])
    assert all(chunk.samples.shape == (chunk_samples(rate_hz),) for chunk in chunks)
    assert 0 <= cut.size - fed.size < chunk_samples(rate_hz)
    assert np.array_equal(cut[: fed.size], fed)
    assert not cut[fed.size :].any()


def test_levels_of_a_sine_and_of_silence() -> None:
    tone = sine(1000, 1.0, 8000, level_dbfs=-20)
    assert rms_db(tone) == pytest.approx(-20, abs=0.05)
    assert peak_db(tone) == pytest.approx(-17, abs=0.1)
    assert rms_db(np.zeros(0, np.int16)) == peak_db(np.zeros(9, np.int16)) == FLOOR_DBFS
    assert peak_db(np.array([-32768], np.int16)) == 0


def test_spans_merge_over_short_gaps_only() -> None:
    tone, gap = sine(440, 0.5, 8000), np.zeros(8000, np.int16)
    spans = speech_spans(concatenate([gap, tone, gap[:800], tone, gap, tone]), 8000)
    assert spans == [pytest.approx((1.0, 2.1)), pytest.approx((3.1, 3.6))]


@given(any_samples, any_samples)
def test_mixing_saturates_and_is_as_long_as_the_longer(first: Samples, second: Samples) -> None:
    mixed = mix(first, second)
    assert mixed.size == max(first.size, second.size)
    common = min(first.size, second.size)
    assert np.array_equal(mixed[:common], np.clip(first[:common].astype(int) + second[:common], -32768, 32767))


def test_gain_of_six_decibels_doubles_and_fades_start_and_end_at_zero() -> None:
    assert gain(np.array([1000, -1000, 30000], np.int16), 6.0206).tolist() == [2000, -2000, 32767]
    faded = fade(np.full(100, 1000, np.int16), 1000, in_s=0.02, out_s=0.02)
    assert (faded[0], faded[50], faded[-1]) == (0, 1000, 0)


def test_a_telephone_line_keeps_the_voice_band_cuts_bass_and_is_repeatable() -> None:
    def played(hz: float, band_hz: tuple[float, float]) -> Samples:
        return telephone(sine(hz, 1.0, 16000), 16000, snr_db=30, random=np.random.default_rng(1), band_hz=band_hz)

    line = [played(hz, ANALOGUE_BAND_HZ) for hz in (1000, 1000, 100)]
    assert line[0].size == 8000
    assert rms_db(line[0]) == pytest.approx(-20, abs=0.3)
    assert np.array_equal(line[0], line[1])
    assert rms_db(line[2]) < -50
    assert rms_db(played(100, IP_BAND_HZ)) == pytest.approx(-20, abs=0.3)


def test_a_telephone_line_adds_noise_at_the_stated_ratio() -> None:
    noise = telephone(sine(1000, 4.0, 16000), 16000, snr_db=10, random=np.random.default_rng(1)).astype(float)
    spectrum = np.fft.rfft(noise)
    spectrum[3950:4051] = 0
    assert rms_db(np.rint(np.fft.irfft(spectrum)).astype(np.int16)) == pytest.approx(-30, abs=0.5)


def test_a_key_holds_its_two_tones() -> None:
    spectrum = np.abs(np.fft.rfft(dtmf("5", 1.0, 8000)))
    assert sorted(np.argsort(spectrum)[-2:].tolist()) == [770, 1336]
    with pytest.raises(KeyError):
        dtmf("x", 1.0, 8000)


def test_hold_music_loops_without_a_click_at_its_stated_level() -> None:
    music = hold_music(8000)
    assert rms_db(music) == pytest.approx(-20, abs=0.1)
    assert clipped_samples(music) == 0
    assert abs(int(music[0]) - int(music[-1])) <= np.abs(np.diff(music.astype(int))).max()


def test_noise_depends_on_the_seed_alone() -> None:
    first, again = (white_noise(0.1, 8000, np.random.default_rng(7)) for _ in range(2))
    assert np.array_equal(first, again)

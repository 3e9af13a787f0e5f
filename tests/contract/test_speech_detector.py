from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.fakes.vad import FakeSpeechDetector
from voicebot.audio.hold_music import hold_music
from voicebot.audio.levels import speech_spans
from voicebot.audio.mix import concatenate
from voicebot.audio.rechunk import Rechunker
from voicebot.audio.resample import resample
from voicebot.core.audio import CALL_RATES_HZ, Samples
from voicebot.core.errors import ModelError
from voicebot.tts.espeak import EspeakSynthesizer
from voicebot.vad.detector import SpeechDetector
from voicebot.vad.segmenter import Segmenter, SpeechEnded, SpeechStarted
from voicebot.vad.silero import SileroJudge
from voicebot.vad.two_stage import TwoStageDetector

SENTENCE = "Bonjour, je voudrais un rendez-vous jeudi matin."


@pytest.fixture(params=[FakeSpeechDetector, TwoStageDetector])
def detector(request: pytest.FixtureRequest) -> SpeechDetector:
    made: SpeechDetector = request.param()
    return made


@pytest.fixture(scope="module")
def speech() -> dict[int, Samples]:
    voice = EspeakSynthesizer("fr")
    said = voice.synthesize(SENTENCE)
    quiet = {rate_hz: np.zeros(rate_hz, np.int16) for rate_hz in CALL_RATES_HZ}
    return {hz: concatenate([quiet[hz], resample(said, voice.rate_hz, hz), quiet[hz]]) for hz in CALL_RATES_HZ}


def probabilities(detector: SpeechDetector, samples: Samples, rate_hz: int) -> list[float]:
    return [detector.feed(chunk) for chunk in Rechunker(rate_hz).feed(samples)]


@pytest.mark.parametrize("rate_hz", CALL_RATES_HZ)
def test_silence_is_not_speech(detector: SpeechDetector, rate_hz: int) -> None:
    assert max(probabilities(detector, np.zeros(2 * rate_hz, np.int16), rate_hz)) < 0.35


@pytest.mark.parametrize("rate_hz", CALL_RATES_HZ)
def test_the_segments_hold_the_whole_sentence(detector: SpeechDetector, speech: dict[int, Samples], rate_hz: int) -> None:
    segmenter = Segmenter()
    told = [segmenter.feed(p, 0.02 * (i + 1)) for i, p in enumerate(probabilities(detector, speech[rate_hz], rate_hz))]
    spans = speech_spans(speech[rate_hz], rate_hz)
    assert min(change.start_s for change in told if isinstance(change, SpeechStarted)) <= spans[0][0]
    assert max(change.end_s for change in told if isinstance(change, SpeechEnded)) >= spans[-1][1] - 0.05
    assert not segmenter.voiced


@pytest.mark.parametrize("rate_hz", CALL_RATES_HZ)
def test_hold_music_is_not_speech_to_the_real_detector(rate_hz: int) -> None:
    heard = probabilities(TwoStageDetector(), hold_music(rate_hz), rate_hz)
    assert np.mean(np.array(heard) >= 0.5) < 0.05


def test_two_calls_share_the_network_but_no_state(speech: dict[int, Samples]) -> None:
    alone = probabilities(TwoStageDetector(), speech[8000], 8000)
    first, second = TwoStageDetector(), TwoStageDetector()
    chunks, music = Rechunker(8000).feed(speech[8000]), Rechunker(8000).feed(hold_music(8000))
    together = [(first.feed(chunk), second.feed(other))[0] for chunk, other in zip(chunks, music, strict=False)]
    assert together == pytest.approx(alone[: len(together)])


def test_a_missing_or_broken_model_is_said_plainly(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="missing"):
        SileroJudge(tmp_path / "none.onnx")
    (tmp_path / "bad.onnx").write_bytes(b"not a network")
    with pytest.raises(ModelError, match="does not load"):
        SileroJudge(tmp_path / "bad.onnx")

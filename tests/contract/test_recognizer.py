from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pytest

from tests.fakes.asr import FakeRecognizer
from voicebot.asr.faster_whisper import FasterWhisperEngine
from voicebot.asr.host import RecognitionHost
from voicebot.asr.recognizer import Priority, RecognitionRequest, Recognizer
from voicebot.core.errors import RecognitionError
from voicebot.models.resolution import resolve


def real() -> Recognizer:
    return RecognitionHost(FasterWhisperEngine.load(resolve("compact-fr")))


@pytest.fixture(params=[real, FakeRecognizer], ids=["host", "fake"])
def recognizer(request: pytest.FixtureRequest) -> Iterator[Recognizer]:
    make: Callable[[], Recognizer] = request.param
    recognizer = make()
    yield recognizer
    recognizer.close()


def silence(seconds: float, *, rate_hz: int = 8000, priority: Priority = Priority.FINAL) -> RecognitionRequest:
    samples = np.zeros(round(seconds * rate_hz), np.int16)
    return RecognitionRequest(samples=samples, rate_hz=rate_hz, language="fr", priority=priority, deadline_s=5.0)


@pytest.mark.parametrize("rate_hz", [8000, 16000])
@pytest.mark.parametrize("seconds", [0.0, 0.02, 1.5, 25.0])
def test_silence_of_any_length_is_an_empty_text(recognizer: Recognizer, rate_hz: int, seconds: float) -> None:
    transcript = recognizer.submit(silence(seconds, rate_hz=rate_hz)).result(30)
    assert transcript.text == ""
    assert transcript.audio_s == pytest.approx(seconds)
    assert transcript.avg_logprob <= 0
    assert 0 <= transcript.no_speech_prob <= 1


@pytest.mark.parametrize("priority", list(Priority))
def test_every_priority_is_served(recognizer: Recognizer, priority: Priority) -> None:
    assert recognizer.submit(silence(0.5, priority=priority)).result(30).language == "fr"


def test_after_close_nothing_is_recognised(recognizer: Recognizer) -> None:
    recognizer.close()
    assert recognizer.submit(silence(0.5)).cancelled()


def test_audio_of_a_wrong_shape_is_a_recognition_error() -> None:
    host = real()
    stereo = np.zeros((8000, 2), np.int16)
    broken = RecognitionRequest(samples=stereo, rate_hz=16000, language="fr", priority=Priority.FINAL, deadline_s=1.0)
    try:
        assert isinstance(host.submit(broken).exception(30), RecognitionError)
        assert host.submit(silence(1.0)).result(30).text == ""
    finally:
        host.close()

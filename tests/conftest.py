"""What tests of whole calls share: models loaded once, callers' voices that training never heard."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from voicebot.adapters import load_recognition_engine
from voicebot.asr.host import RecognitionHost
from voicebot.audio.resample import resample
from voicebot.audio.wav import write_wav
from voicebot.bootstrap.runtime import Runtime
from voicebot.config import Settings
from voicebot.core.audio import Samples
from voicebot.nlu.engine import NluEngine, load_engine
from voicebot.tts.espeak import EspeakSynthesizer


@pytest.fixture(scope="session")
def recognition() -> Iterator[RecognitionHost]:
    """The bundled recogniser, loaded once."""
    host = RecognitionHost(load_recognition_engine("compact-fr", threads=2))
    yield host
    host.close()


@pytest.fixture(scope="session")
def understanding() -> NluEngine:
    """The trained understanding, loaded once."""
    return load_engine()


def speak(text: str, *, variant: str = "m8", rate_hz: int = 8000, accent: str = "fr") -> Samples:
    """A caller's utterance by an espeak-ng voice held out from training, with a little silence around."""
    voice = EspeakSynthesizer(accent, variant, speed_wpm=150)
    spoken = resample(voice.synthesize(text), voice.rate_hz, rate_hz)
    return np.concatenate([np.zeros(rate_hz // 20, np.int16), spoken, np.zeros(rate_hz // 20, np.int16)])


@pytest.fixture
def wavs(tmp_path: Path) -> Callable[..., list[str]]:
    """Writes sentences as WAV files; returns their paths in order."""

    def write(*texts: str, variant: str = "m8", rate_hz: int = 8000) -> list[str]:
        paths = [tmp_path / f"said-{number}.wav" for number in range(len(texts))]
        for path, text in zip(paths, texts, strict=True):
            write_wav(path, speak(text, variant=variant, rate_hz=rate_hz), rate_hz)
        return [str(path) for path in paths]

    return write


@pytest.fixture
def runtime(tmp_path: Path, recognition: RecognitionHost, understanding: NluEngine) -> Iterator[Runtime]:
    """A runtime on an empty database, with the shared models."""
    runtime = Runtime(Settings(data_dir=tmp_path / "data"))
    runtime.__dict__.update(recognizer=recognition, understander=understanding)
    yield runtime
    runtime.close()

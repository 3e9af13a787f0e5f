"""The test set of recognition: sentences spoken by voices that training never heard, half of them over a telephone band."""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from voicebot.audio.resample import resample
from voicebot.core.audio import Samples
from voicebot.tts.espeak import EspeakSynthesizer

SENTENCES = Path(__file__).parent / "data" / "recognition_fr.txt"
HELD_OUT_VARIANTS = ("f5", "m7", "m8", "caleb", "gustave", "marcelo", "robert", "zac", "Henrique", "steph2")
ACCENTS = ("fr", "fr", "fr", "fr-be", "fr-ch")
RATE_HZ = 16000
TELEPHONE_HZ = 8000
_MU = 255.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Utterance:
    """One sentence, as said and as heard."""

    text: str
    samples: Samples
    """int16 mono at RATE_HZ."""
    telephone: bool
    """Whether it went through the telephone band."""


def sentences(count: int) -> list[str]:
    """The first `count` sentences of the test set."""
    return SENTENCES.read_text(encoding="utf-8").split("\n")[:count]


def utterances(count: int, *, seed: int = 1000) -> list[Utterance]:
    """Speak the first `count` sentences; every second one goes over the telephone. Deterministic."""
    return [utterance(index, seed=seed) for index in range(count)]


def utterance(index: int, *, seed: int = 1000) -> Utterance:
    """Speak one sentence of the test set."""
    return _spoken(sentences(index + 1)[index], random.Random(seed + index), telephone=index % 2 == 1)


def _spoken(text: str, chance: random.Random, *, telephone: bool) -> Utterance:
    voice = EspeakSynthesizer(
        chance.choice(ACCENTS),
        chance.choice(HELD_OUT_VARIANTS),
        speed_wpm=chance.randint(125, 205),
        pitch=chance.randint(25, 75),
    )
    speech = resample(voice.synthesize(text), voice.rate_hz, RATE_HZ)
    if telephone:
        speech = resample(_companded(resample(speech, RATE_HZ, TELEPHONE_HZ)), TELEPHONE_HZ, RATE_HZ)
    lead, trail = chance.randint(800, 5600), chance.randint(800, 6400)
    noisy = np.pad(speech.astype(np.float64), (lead, trail))
    noise_rms = np.sqrt((noisy**2).mean()) * 10 ** (-chance.uniform(12, 45) / 20)
    noisy += np.random.default_rng(chance.getrandbits(32)).standard_normal(len(noisy)) * noise_rms
    return Utterance(text=text, samples=np.clip(noisy, -32768, 32767).astype(np.int16), telephone=telephone)


def _companded(samples: Samples) -> Samples:
    """Through 8-bit mu-law and back."""
    x = samples / 32768.0
    code = np.round((np.sign(x) * np.log1p(_MU * np.abs(x)) / np.log1p(_MU) + 1) * 127.5) / 127.5 - 1
    return np.asarray(np.sign(code) * np.expm1(np.abs(code) * np.log1p(_MU)) / _MU * 32767, np.int16)

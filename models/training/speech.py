"""Sentences spoken by eSpeak NG in many voices, over telephone and wide band, with noise; and their log-mel features."""

from __future__ import annotations

import json
import random
from pathlib import Path

import numpy as np
import numpy.typing as npt
from faster_whisper.feature_extractor import FeatureExtractor

from models.training.shape import MEL_BANDS, MODEL_RATE_HZ
from voicebot.audio.resample import resample
from voicebot.core.audio import Samples
from voicebot.tts.espeak import EspeakSynthesizer

TRAINING_VARIANTS = [
    "Alex",
    "Alicia",
    "Andrea",
    "Andy",
    "Annie",
    "Denis",
    "Diogo",
    "Gene",
    "Hugo",
    "Jacky",
    "Lee",
    "Marco",
    "Mario",
    "Michael",
    "Mike",
    "RicishayMax",
    "adam",
    "anika",
    "announcer",
    "antonio",
    "aunty",
    "belinda",
    "benjamin",
    "boris",
    "david",
    "ed",
    "edward",
    "f1",
    "f2",
    "f3",
    "f4",
    "grandma",
    "iven",
    "iven2",
    "john",
    "linda",
    "m1",
    "m2",
    "m3",
    "m4",
    "m5",
    "m6",
    "max",
    "michel",
    "miguel",
    "norbert",
    "pablo",
    "paul",
    "pedro",
    "quincy",
    "rob",
    "sandro",
    "shelby",
    "steph",
    "travis",
    "victor",
]
HELD_OUT_VARIANTS = ["f5", "m7", "m8", "caleb", "gustave", "marcelo", "robert", "zac", "Henrique", "steph2"]
ACCENTS = ("fr", "fr", "fr", "fr-be", "fr-ch")
MAX_AUDIO_S = 9.5
_TELEPHONE_SHARE = 0.6
_TELEPHONE_HZ = 8000
_MU = 255.0

Floats = npt.NDArray[np.float32]


def spoken(text: str, variants: list[str], chance: random.Random) -> Floats:
    """One sentence at 16 kHz, -1..1: a random voice, band, silence around, level and noise."""
    voice = EspeakSynthesizer(
        chance.choice(ACCENTS), chance.choice(variants), speed_wpm=chance.randint(125, 205), pitch=chance.randint(25, 75)
    )
    speech = resample(voice.synthesize(text), voice.rate_hz, MODEL_RATE_HZ)
    if chance.random() < _TELEPHONE_SHARE:
        narrow = _companded(resample(speech, MODEL_RATE_HZ, _TELEPHONE_HZ), chance.uniform(0.2, 0.95))
        speech = resample(narrow, _TELEPHONE_HZ, MODEL_RATE_HZ)
    audio = np.pad(speech / 32768.0, (chance.randint(800, 5600), chance.randint(800, 6400)))
    audio *= chance.uniform(0.3, 1.0) / (np.abs(audio).max() + 1e-6)
    noise = np.random.default_rng(chance.getrandbits(31)).standard_normal(len(audio))
    audio += noise * np.sqrt((audio**2).mean()) * 10 ** (-chance.uniform(12, 45) / 20)
    return audio.astype(np.float32)


def prepare(sentences: Path, stem: Path, *, variants: list[str], seed: int, limit: int | None = None) -> int:
    """Write STEM.feat.npy (n_mels, frames; float16), .off.npy (first frames) and .txt.json (texts); the number of utterances."""
    extract = FeatureExtractor(feature_size=MEL_BANDS)
    seeds = random.Random(seed)
    features: list[npt.NDArray[np.float16]] = []
    texts: list[str] = []
    for text in sentences.read_text(encoding="utf-8").splitlines()[:limit]:
        audio = spoken(text, variants, random.Random(seeds.getrandbits(31)))
        if len(audio) <= MAX_AUDIO_S * MODEL_RATE_HZ:
            features.append(extract(audio, padding=0).astype(np.float16))
            texts.append(text)
    np.save(stem.with_suffix(".feat.npy"), np.concatenate(features, axis=1))
    np.save(stem.with_suffix(".off.npy"), np.cumsum([0, *(one.shape[1] for one in features)]))
    stem.with_suffix(".txt.json").write_text(json.dumps(texts, ensure_ascii=False), encoding="utf-8")
    return len(texts)


def _companded(samples: Samples, level: float) -> Samples:
    """Through 8-bit mu-law and back, its peak at `level` of full scale."""
    x = samples / 32768.0
    x = np.clip(x / (np.abs(x).max() + 1e-6) * level, -1, 1)
    code = np.round((np.sign(x) * np.log1p(_MU * np.abs(x)) / np.log1p(_MU) + 1) * 127.5) / 127.5 - 1
    return np.asarray(np.sign(code) * np.expm1(np.abs(code) * np.log1p(_MU)) / _MU * 32767, np.int16)

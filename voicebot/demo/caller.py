"""A simulated caller: listens for the question that stands open, and answers it aloud over the telephone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from voicebot.audio.resample import resample
from voicebot.audio.telephone import TELEPHONE_HZ, telephone
from voicebot.core.audio import Samples
from voicebot.core.events import CallEvent, EventKind
from voicebot.demo.scenes import CallerVoice, Scene
from voicebot.tts.espeak import EspeakSynthesizer

FALLBACK = "oui"


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """What the caller said, and what the bot understood to have heard."""

    said: str
    heard: str


class SimulatedCaller:
    """One scene's caller."""

    def __init__(self, scene: Scene, *, seed: int) -> None:
        self._scene = scene
        self._voice = _Voice(scene.voice, seed)
        self._asked: list[str] = []
        self._times: dict[str, int] = {}
        self._said: list[str] = []
        self._heard: list[str] = []

    def follow(self, event: CallEvent) -> None:
        """An event sink: what the bot asks, and what it heard."""
        if event.kind is EventKind.BOT_STARTED:
            self._asked.append(str(event.data["act"]))
        elif event.kind is EventKind.CALLER_TURN:
            self._heard.append(str(event.data["text"]))

    def next_utterance(self) -> Samples | None:
        """The answer to what was just asked; None when there is nothing to answer."""
        if not self._scene.replies:
            return None
        text = self._answer()
        self._asked.clear()
        self._said.append(text)
        return self._voice.say(text)

    @property
    def exchanges(self) -> list[Exchange]:
        """Turn by turn, as far as both sides counted the same turns."""
        return [Exchange(said=said, heard=heard) for said, heard in zip(self._said, self._heard, strict=False)]

    def _answer(self) -> str:
        for asked in reversed(self._asked):
            prefix = max((p for p in self._scene.replies if asked.startswith(p)), key=len, default=None)
            if prefix is not None:
                replies = self._scene.replies[prefix]
                times = self._times[prefix] = self._times.get(prefix, 0) + 1
                return replies[min(times, len(replies)) - 1]
        return FALLBACK


class _Voice:
    def __init__(self, voice: CallerVoice, seed: int) -> None:
        self._synthesizer = EspeakSynthesizer(voice.accent, voice.variant, speed_wpm=voice.speed_wpm, pitch=voice.pitch)
        self._snr_db = voice.snr_db
        self._random = np.random.default_rng(seed)

    def say(self, text: str) -> Samples:
        """The text over an 8 kHz telephone band with noise, int16 mono at 8000 Hz."""
        spoken = self._synthesizer.synthesize(text)
        narrow = resample(spoken, self._synthesizer.rate_hz, TELEPHONE_HZ)
        return telephone(narrow, TELEPHONE_HZ, snr_db=self._snr_db, random=self._random)

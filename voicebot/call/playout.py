"""The bot's side of the line: sentences queued, played by 20 ms, held, resumed, cut; and what of them was heard."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import numpy as np

from voicebot.call.turn_vocabulary import BotSpeech
from voicebot.core.audio import AudioChunk, Samples, chunk_samples, silence
from voicebot.core.clock import Clock, Job
from voicebot.tts.synthesizer import Clause

SPEAKING_RATE_CHARS_PER_S = 14.0
"""Estimate for clauses that are not synthesised yet."""
_FADE_MS = 15


@dataclass(slots=True, kw_only=True)
class Sentence:
    """One sentence on its way to the caller."""

    key: str
    """Its key in the catalogue of sentences."""
    text: str
    clauses: tuple[Clause, ...]
    jobs: tuple[Job[Samples], ...]
    protected: bool
    heard: int = 0
    """Clauses played to their end."""

    @property
    def heard_text(self) -> str:
        """What the caller can have heard: whole clauses only."""
        return " ".join(c.text.strip() for c in self.clauses[: self.heard])


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """What 20 ms of playing came to."""

    chunk: AudioChunk
    started: Sentence | None = None
    """Its first sample is in this chunk."""
    finished: Sentence | None = None
    """It was played to its end, or its remaining clauses could not be spoken."""
    failed: bool = False
    """No voice could speak it."""


class Playout:
    """Plays the queue of one call."""

    def __init__(self, *, rate_hz: int, clock: Clock, synthesis_nominal_s: float) -> None:
        self._rate_hz = rate_hz
        self._clock = clock
        self._nominal_s = synthesis_nominal_s
        self._queue: deque[Sentence] = deque()
        self._audio: Samples | None = None
        self._position = 0
        self._begun = False
        self._held = False
        self._resuming = False

    def say(self, key: str, text: str, clauses: tuple[Clause, ...], *, protected: bool) -> None:
        """Queue one sentence."""
        now_s = self._clock.now_s()
        jobs = tuple(Job(future=c.audio, started_s=now_s, nominal_s=self._nominal_s) for c in clauses)
        self._queue.append(Sentence(key=key, text=text, clauses=clauses, jobs=jobs, protected=protected))

    @property
    def speech(self) -> BotSpeech | None:
        """Where it stands; None when nothing is left to play."""
        if not self._queue:
            return None
        return BotSpeech(protected=self._queue[0].protected, remaining_s=self._remaining_s())

    def hold(self) -> None:
        """Fall silent, keep everything."""
        self._held = True

    def resume(self) -> None:
        """Go on at the start of the clause that was held."""
        self._held = False
        self._position = 0
        self._resuming = True

    def stop(self) -> list[Sentence]:
        """Drop everything not played yet; return the sentences dropped, the first perhaps heard in part."""
        dropped, self._queue = list(self._queue), deque()
        self._audio, self._position, self._begun, self._held = None, 0, False, False
        return dropped

    async def next(self) -> Played:
        """The next 20 ms; silence while held, empty or waiting for synthesis."""
        if self._held or not self._queue:
            return Played(chunk=silence(self._rate_hz))
        sentence = self._queue[0]
        if self._audio is None:
            job = sentence.jobs[sentence.heard]
            if not await self._clock.is_ready(job):
                return Played(chunk=silence(self._rate_hz))
            if job.future.exception() is not None:
                self._queue.popleft()
                self._begun = False
                return Played(chunk=silence(self._rate_hz), finished=sentence, failed=True)
            self._audio = job.future.result()
        return self._play(sentence, self._audio)

    def _play(self, sentence: Sentence, audio: Samples) -> Played:
        size = chunk_samples(self._rate_hz)
        piece = audio[self._position : self._position + size]
        resuming, self._resuming = self._resuming, False
        self._position += size
        started = None if self._begun else sentence
        self._begun = True
        samples = np.zeros(size, np.int16)
        samples[: len(piece)] = _faded_in(piece, self._rate_hz) if resuming else piece
        finished = None
        if self._position >= len(audio):
            finished = self._end_clause(sentence)
        return Played(chunk=AudioChunk(samples=samples, rate_hz=self._rate_hz), started=started, finished=finished)

    def _end_clause(self, sentence: Sentence) -> Sentence | None:
        self._audio, self._position = None, 0
        sentence.heard += 1
        if sentence.heard < len(sentence.clauses):
            return None
        self._queue.popleft()
        self._begun = False
        return sentence

    def _remaining_s(self) -> float:
        """Exact for the clause that plays, estimated for the rest: the same on every machine."""
        waiting = [c for s in self._queue for c in s.clauses[s.heard :]]
        playing_s = 0.0
        if self._audio is not None:
            playing_s = (len(self._audio) - self._position) / self._rate_hz
            waiting = waiting[1:]
        return playing_s + sum(len(c.text) for c in waiting) / SPEAKING_RATE_CHARS_PER_S


def _faded_in(piece: Samples, rate_hz: int) -> Samples:
    """Ramp up the first milliseconds, so that resuming does not click."""
    count = min(len(piece), rate_hz * _FADE_MS // 1000)
    faded = piece.astype(np.float32)
    faded[:count] *= np.linspace(0.0, 1.0, count, endpoint=False, dtype=np.float32)
    return faded.astype(np.int16)

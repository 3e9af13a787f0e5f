"""The bot's side of the line: sentences queued, played by 20 ms, held, resumed, cut; and what of them was heard."""

from __future__ import annotations

import concurrent.futures
from collections import deque
from dataclasses import dataclass

import numpy as np

from voicebot.call.turn_vocabulary import BotSpeech
from voicebot.core.audio import CHUNK_MS, AudioChunk, Samples, chunk_samples, silence
from voicebot.core.clock import Clock, Job
from voicebot.tts.synthesizer import Clause

SPEAKING_RATE_CHARS_PER_S = 14.0
"""Estimate for clauses that are not synthesised yet."""
SYNTHESIS_PATIENCE_S = 8.0
"""A clause that is not there after this long counts as failed: the caller must not hear silence for ever."""
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
        self._waiting_characters = 0
        self._quiet = Played(chunk=silence(rate_hz))
        self._waited_chunks = 0
        self._audio: Samples | None = None
        self._position = 0
        self._begun = False
        self._held = False
        self._resuming = False

    def say(self, key: str, text: str, clauses: tuple[Clause, ...], *, protected: bool) -> None:
        """Queue one sentence."""
        now_s = self._clock.now_s()
        jobs = tuple(Job(future=c.audio, started_s=now_s, nominal_s=self._nominal_s) for c in clauses)
        if clauses:
            self._queue.append(Sentence(key=key, text=text, clauses=clauses, jobs=jobs, protected=protected))
            self._waiting_characters += sum(len(c.text) for c in clauses)

    @property
    def idle(self) -> bool:
        """Whether nothing is left to play."""
        return not self._queue

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
        self._audio, self._position, self._begun, self._held, self._resuming = None, 0, False, False, False
        self._waiting_characters = self._waited_chunks = 0
        return dropped

    async def next(self) -> Played:
        """The next 20 ms; silence while held, empty or waiting for synthesis."""
        if self._held or not self._queue:
            return self._quiet
        sentence = self._queue[0]
        if self._audio is None:
            job = sentence.jobs[sentence.heard]
            if not await self._clock.is_ready(job):
                self._waited_chunks += 1
                late = self._waited_chunks * CHUNK_MS / 1000 >= SYNTHESIS_PATIENCE_S
                return self._give_up(sentence) if late else self._quiet
            if _has_failed(job.future):
                return self._give_up(sentence)
            self._audio = job.future.result()
            self._waited_chunks = 0
            self._waiting_characters -= len(sentence.clauses[sentence.heard].text)
        return self._play(sentence, self._audio)

    def _give_up(self, sentence: Sentence) -> Played:
        """The rest of the sentence cannot be spoken; the next one may."""
        self._queue.popleft()
        self._begun = False
        self._waited_chunks = 0
        self._waiting_characters -= sum(len(c.text) for c in sentence.clauses[sentence.heard :])
        return Played(chunk=self._quiet.chunk, finished=sentence, failed=True)

    def _play(self, sentence: Sentence, audio: Samples) -> Played:
        size = chunk_samples(self._rate_hz)
        piece = audio[self._position : self._position + size]
        resuming, self._resuming = self._resuming, False
        self._position += size
        started = None if self._begun else sentence
        self._begun = True
        samples = _faded_in(piece, self._rate_hz) if resuming else piece
        if len(samples) < size:
            samples = np.concatenate((samples, np.zeros(size - len(samples), np.int16)))
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
        playing_s = 0.0 if self._audio is None else (len(self._audio) - self._position) / self._rate_hz
        return playing_s + self._waiting_characters / SPEAKING_RATE_CHARS_PER_S


def _has_failed(audio: concurrent.futures.Future[Samples]) -> bool:
    return audio.cancelled() or audio.exception() is not None


def _faded_in(piece: Samples, rate_hz: int) -> Samples:
    """Ramp up the first milliseconds, so that resuming does not click."""
    count = min(len(piece), rate_hz * _FADE_MS // 1000)
    faded = piece.astype(np.float32)
    faded[:count] *= np.linspace(0.0, 1.0, count, endpoint=False, dtype=np.float32)
    return faded.astype(np.int16)

"""Written sentences to clauses of finished audio: from the cache where it can, else from the first voice that works."""

from __future__ import annotations

import concurrent.futures
import copy
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

import numpy as np

from voicebot.audio.resample import resample
from voicebot.core.audio import Samples
from voicebot.core.errors import SynthesisError
from voicebot.core.language import Language
from voicebot.tts.cache import SpeechCache, cache_key
from voicebot.tts.clauses import clauses, pause_after_s
from voicebot.tts.loudness import levelled
from voicebot.tts.synthesizer import Clause, Synthesizer
from voicebot.tts.trimming import trimmed
from voicebot.tts.verbalise import verbalise

_NO_LEXICON: Mapping[str, str] = MappingProxyType({})


class CachedSpeaker:
    """Implements `Speaker` with the voices of each language, tried in order, and one cache for all calls."""

    def __init__(
        self,
        voices: Mapping[Language, Sequence[Synthesizer]],
        cache: SpeechCache,
        *,
        threads: int = 1,
        lexicon: Mapping[str, str] = _NO_LEXICON,
    ) -> None:
        """Speak with `voices`, the preferred one first, the fallback voice last.

        Args:
            voices: for each language, at least one voice.
            cache: where finished clauses are kept.
            threads: syntheses at the same time; with 1, the clauses of all calls are made in the order they were asked.
            lexicon: written word -> spoken form; see `with_lexicon` for one client's.
        """
        self._voices = voices
        self._cache = cache
        self._lexicon = lexicon
        self._executor = concurrent.futures.ThreadPoolExecutor(threads, thread_name_prefix="tts")

    def with_lexicon(self, lexicon: Mapping[str, str]) -> CachedSpeaker:
        """The same voices, cache and threads with one client's words (`voicebot.tts.verbalise`)."""
        other = copy.copy(self)
        other._lexicon = lexicon
        return other

    def speak(self, text: str, *, language: Language, rate_hz: int) -> tuple[Clause, ...]:
        """Split into clauses and start synthesising them in order; see `Speaker.speak`. Returns at once.

        The clauses, played one after the other, hold the pauses between them; the last one ends with its last sound.
        """
        pieces = clauses(text)
        pauses_s = [pause_after_s(piece) for piece in pieces[:-1]] + [0.0]
        return tuple(
            Clause(text=piece, audio=self._start(piece, pause_s, language, rate_hz))
            for piece, pause_s in zip(pieces, pauses_s, strict=False)
        )

    def prewarm(
        self,
        texts: Sequence[str],
        *,
        language: Language,
        rate_hz: int,
        progress: Callable[[int, int], None] = lambda _done, _total: None,
    ) -> None:
        """Put fixed prompts in the cache; blocks until done.

        Args:
            texts: sentences as `speak` will get them.
            language: language they are in.
            rate_hz: rate of the calls that will say them.
            progress: called after each text with (texts done, texts in all).

        Raises:
            SynthesisError: no voice could say one of them.
        """
        for done, text in enumerate(texts, start=1):
            for clause in self.speak(text, language=language, rate_hz=rate_hz):
                clause.audio.result()
            progress(done, len(texts))

    def close(self) -> None:
        """Drop what is not started yet and wait for the rest; nothing can be said afterwards."""
        self._executor.shutdown(wait=True, cancel_futures=True)

    def _start(self, piece: str, pause_s: float, language: Language, rate_hz: int) -> concurrent.futures.Future[Samples]:
        spoken = verbalise(piece, language, self._lexicon)
        voices = self._voices.get(language, ())
        cached = self._cached(voices[0], spoken, rate_hz) if voices else None
        if cached is None:
            return self._executor.submit(lambda: _with_pause(self._said(voices, spoken, rate_hz), pause_s, rate_hz))
        ready: concurrent.futures.Future[Samples] = concurrent.futures.Future()
        ready.set_result(_with_pause(cached, pause_s, rate_hz))
        return ready

    def _cached(self, voice: Synthesizer, spoken: str, rate_hz: int) -> Samples | None:
        return self._cache.get(cache_key(synthesizer=voice.name, spoken=spoken, rate_hz=rate_hz))

    def _said(self, voices: Sequence[Synthesizer], spoken: str, rate_hz: int) -> Samples:
        failures: list[SynthesisError] = []
        for voice in voices:
            try:
                return self._said_by(voice, spoken, rate_hz)
            except SynthesisError as exc:
                failures.append(exc)
        reasons = " ".join(str(failure) for failure in failures) or "There is no voice for this language."
        raise SynthesisError(f"None of {len(voices)} voices could speak. {reasons}") from (failures[0] if failures else None)

    def _said_by(self, voice: Synthesizer, spoken: str, rate_hz: int) -> Samples:
        cached = self._cached(voice, spoken, rate_hz)
        if cached is not None:
            return cached
        samples = _finished(voice.synthesize(spoken), voice.rate_hz, rate_hz)
        self._cache.put(cache_key(synthesizer=voice.name, spoken=spoken, rate_hz=rate_hz), samples)
        return samples


def _finished(samples: Samples, from_hz: int, rate_hz: int) -> Samples:
    """Ready for the call: its rate, no silence around, the level of every other voice."""
    return levelled(trimmed(resample(samples, from_hz, rate_hz), rate_hz), rate_hz)


def _with_pause(samples: Samples, pause_s: float, rate_hz: int) -> Samples:
    return np.concatenate([samples, np.zeros(round(pause_s * rate_hz), np.int16)])

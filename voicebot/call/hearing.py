"""The caller's side of a session: detection, recognition jobs, understanding of what was recognised."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from voicebot.asr.recognizer import Priority, RecognitionRequest, Recognizer
from voicebot.call.caller_audio import CallerAudio
from voicebot.call.turn_vocabulary import CancelRecognition, Recognise, Recognised, RecognisePartial, RecognitionFailed
from voicebot.core.audio import AudioChunk, silence
from voicebot.core.clock import Clock, Job
from voicebot.core.expected import Expectation
from voicebot.core.language import Language
from voicebot.core.transcripts import Transcript
from voicebot.nlu.understanding import Directory, Understander, Understanding
from voicebot.vad.detector import SpeechDetector
from voicebot.vad.segmenter import Segmenter, SpeechEnded, SpeechStarted

KEEP_S = 30.0
"""Audio kept for recognition while the caller speaks: the longest turn, its pre-roll and a margin."""
KEEP_QUIET_S = 1.0
"""Audio kept while nobody speaks: the pre-roll of a turn, what it takes to notice one, and a margin."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listening:
    """How the caller is to be understood at this moment of the dialogue."""

    language: Language
    expectation: Expectation
    directory: Directory
    now: datetime
    """Aware, in the client's zone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PartialText:
    """What was recognised of a turn still under way."""

    text: str


Sound = tuple[bool, SpeechStarted | SpeechEnded | None]


class Hearing:
    """Hears one caller."""

    def __init__(
        self,
        *,
        rate_hz: int,
        clock: Clock,
        detector: SpeechDetector,
        segmenter: Segmenter,
        recognizer: Recognizer,
        understander: Understander,
        nominal_s: float,
        partial_deadline_s: float,
        listening: Callable[[], Listening],
        start_s: float = 0.0,
    ) -> None:
        """Tie the stages together; hearing begins at call time `start_s`."""
        self._rate_hz = rate_hz
        self._silence = silence(rate_hz)
        self._clock = clock
        self._detector = detector
        self._segmenter = segmenter
        self._recognizer = recognizer
        self._understander = understander
        self._nominal_s = nominal_s
        self._partial_deadline_s = partial_deadline_s
        self._listening = listening
        self._audio = CallerAudio(rate_hz=rate_hz, keep_s=KEEP_S, start_s=start_s)
        self._jobs: dict[int, Job[Transcript]] = {}
        self._partial: Job[Transcript] | None = None

    def feed(self, chunk: AudioChunk, t_s: float) -> Sound:
        """Take 20 ms that end at call time `t_s`; whether they are voiced, and what began or ended."""
        self._audio.append(chunk)
        change = self._segmenter.feed(self._detector.feed(chunk), t_s)
        return self._segmenter.voiced, change

    def skip(self, t_s: float) -> None:
        """20 ms that end at call time `t_s` are nobody's to hear: silence takes their place."""
        self._audio.append(self._silence)
        self.forget(t_s)

    def forget(self, t_s: float) -> None:
        """No turn is under way at call time `t_s`: keep only what the next one may begin with."""
        self._audio.forget(t_s - KEEP_QUIET_S)

    def recognise(self, command: Recognise) -> None:
        """Start recognising a turn."""
        priority = Priority.SPECULATIVE if command.speculative else Priority.FINAL
        self._jobs[command.request] = self._submit(command.start_s, command.end_s, priority, deadline_s=0.5)

    def recognise_partial(self, command: RecognisePartial) -> None:
        """Start recognising what was said so far, unless that is still going on."""
        if self._partial is None:
            self._partial = self._submit(command.start_s, command.end_s, Priority.PARTIAL, deadline_s=self._partial_deadline_s)

    def cancel(self, command: CancelRecognition) -> None:
        """Forget a request."""
        job = self._jobs.pop(command.request, None)
        if job is not None:
            job.future.cancel()

    def understand(self, text: str) -> Understanding:
        """Understand committed text as the dialogue stands now."""
        how = self._listening()
        return self._understander.understand(
            text, language=how.language, now=how.now, expectation=how.expectation, directory=how.directory
        )

    async def completed(self, t_s: float) -> list[Recognised | RecognitionFailed | PartialText]:
        """Take what recognition has finished."""
        if not self._jobs and self._partial is None:
            return []
        ready = [r for r, job in self._jobs.items() if await self._clock.is_ready(job)]
        done: list[Recognised | RecognitionFailed | PartialText] = [
            self._answer(request, self._jobs.pop(request), t_s) for request in ready
        ]
        if self._partial is not None and await self._clock.is_ready(self._partial):
            future, self._partial = self._partial.future, None
            if not future.cancelled() and future.exception() is None and future.result().text:
                done.append(PartialText(text=future.result().text))
        return done

    def close(self) -> None:
        """Drop what is still under way."""
        for job in [*self._jobs.values(), *([self._partial] if self._partial else [])]:
            job.future.cancel()
        self._jobs.clear()
        self._partial = None

    def _answer(self, request: int, job: Job[Transcript], t_s: float) -> Recognised | RecognitionFailed:
        if job.future.cancelled() or job.future.exception() is not None:
            return RecognitionFailed(t_s=t_s, request=request)
        text = job.future.result().text
        how = self._listening()
        return Recognised(
            t_s=t_s,
            request=request,
            text=text,
            completeness=self._understander.completeness(text, language=how.language, expectation=how.expectation),
            backchannel=bool(text) and self.understand(text).backchannel,
        )

    def _submit(self, start_s: float, end_s: float, priority: Priority, *, deadline_s: float) -> Job[Transcript]:
        how = self._listening()
        request = RecognitionRequest(
            samples=self._audio.between(start_s, end_s),
            rate_hz=self._rate_hz,
            language=how.language,
            priority=priority,
            deadline_s=deadline_s,
            expected_words=how.expectation.words,
        )
        return Job(future=self._recognizer.submit(request), started_s=self._clock.now_s(), nominal_s=self._nominal_s)

"""A recogniser that answers from a script, for tests of calls."""

from __future__ import annotations

import concurrent.futures
from collections.abc import Callable, Iterable

from voicebot.asr.recognizer import Priority, RecognitionRequest
from voicebot.core.errors import RecognitionError
from voicebot.core.transcripts import Transcript

Answer = str | RecognitionError
"""A text, or the failure that the future shall hold."""


class FakeRecognizer:
    """Implements `Recognizer`: each final takes the next answer of the script; others see it without taking it.

    With `hold=True` futures stay pending until `release()`, so that a test decides when recognition ends.
    """

    def __init__(self, answers: Iterable[Answer] | Callable[[RecognitionRequest], Answer] = (), *, hold: bool = False) -> None:
        self._script = answers if callable(answers) else None
        self._answers = [] if callable(answers) else list(answers)
        self._hold = hold
        self._held: list[tuple[RecognitionRequest, concurrent.futures.Future[Transcript]]] = []
        self.requests: list[RecognitionRequest] = []
        """Everything submitted, in order."""
        self.closed = False

    def submit(self, request: RecognitionRequest) -> concurrent.futures.Future[Transcript]:
        future: concurrent.futures.Future[Transcript] = concurrent.futures.Future()
        self.requests.append(request)
        if self.closed:
            future.cancel()
        elif self._hold:
            self._held.append((request, future))
        else:
            self._settle(request, future)
        return future

    def release(self) -> None:
        """Answer everything that is held."""
        held, self._held = self._held, []
        for request, future in held:
            self._settle(request, future)

    def close(self) -> None:
        self.closed = True
        for _, future in self._held:
            if future.cancel():
                future.set_running_or_notify_cancel()
        self._held.clear()

    def _settle(self, request: RecognitionRequest, future: concurrent.futures.Future[Transcript]) -> None:
        if not future.set_running_or_notify_cancel():
            return
        answer = self._answer(request)
        if isinstance(answer, RecognitionError):
            future.set_exception(answer)
        else:
            future.set_result(transcript(answer, request))

    def _answer(self, request: RecognitionRequest) -> Answer:
        if self._script is not None:
            return self._script(request)
        if not self._answers:
            return ""
        return self._answers.pop(0) if request.priority is Priority.FINAL else self._answers[0]


def transcript(text: str, request: RecognitionRequest) -> Transcript:
    """A confident transcript of `text`."""
    return Transcript(
        text=text,
        language=request.language,
        avg_logprob=-0.1 if text else 0.0,
        no_speech_prob=0.0 if text else 0.9,
        audio_s=len(request.samples) / request.rate_hz,
    )

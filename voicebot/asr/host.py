"""The one recogniser of a process: every call's requests in one queue, served by a thread of its own."""

from __future__ import annotations

import concurrent.futures
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from voicebot.asr.deadline_queue import DeadlineQueue
from voicebot.asr.engine import SpeechEngine
from voicebot.asr.recognition import audio_s, recognise
from voicebot.asr.recognizer import RecognitionRequest
from voicebot.asr.windows import window_s
from voicebot.core.errors import RecognitionError
from voicebot.core.transcripts import Transcript

MAX_BATCH = 8
"""Requests decoded together; beyond 8, the first waits longer than the others gain."""

MOST_WAITING = 8
"""With more requests than this waiting, partials are shed."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Order:
    request: RecognitionRequest
    future: concurrent.futures.Future[Transcript]


class RecognitionHost:
    """Implements `Recognizer` on one loaded model."""

    def __init__(
        self,
        engine: SpeechEngine,
        *,
        workers: int = 1,
        max_batch: int = MAX_BATCH,
        most_waiting: int = MOST_WAITING,
        now_s: Callable[[], float] = time.monotonic,
    ) -> None:
        """Start the threads.

        Args:
            engine: the loaded model.
            workers: threads; not more than the model was loaded for.
            max_batch: requests decoded together.
            most_waiting: above this many waiting requests, partials are shed.
            now_s: monotonic seconds.
        """
        self._engine = engine
        self._max_batch = max_batch
        self._now_s = now_s
        self._queue: DeadlineQueue[_Order] = DeadlineQueue(most_waiting=most_waiting)
        self._changed = threading.Condition()
        self._closed = False
        self._threads = [threading.Thread(target=self._serve, name=f"recognition-{n}", daemon=True) for n in range(workers)]
        for thread in self._threads:
            thread.start()

    def submit(self, request: RecognitionRequest) -> concurrent.futures.Future[Transcript]:
        """See `Recognizer.submit`. After `close`, the future is already cancelled."""
        order = _Order(request=request, future=concurrent.futures.Future())
        with self._changed:
            shed: tuple[_Order, ...] = (order,)
            if not self._closed:
                shed = self._queue.push(
                    order,
                    priority=request.priority,
                    deadline_s=self._now_s() + request.deadline_s,
                    window_s=window_s(audio_s(request), self._engine.traits),
                )
                self._changed.notify()
        _cancel(shed)
        return order.future

    def close(self) -> None:
        """See `Recognizer.close`. A recognition under way is finished first."""
        with self._changed:
            self._closed = True
            pending = self._queue.drain()
            self._changed.notify_all()
        _cancel(pending)
        for thread in self._threads:
            thread.join()

    def _serve(self) -> None:
        while (batch := self._next_batch()) is not None:
            running = [order for order in batch if order.future.set_running_or_notify_cancel()]
            if running:
                self._answer(running)

    def _next_batch(self) -> tuple[_Order, ...] | None:
        """Wait for work; None once closed."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed or len(self._queue))
            if self._closed:
                return None
            taken = self._queue.take(self._now_s(), limit=self._max_batch)
        _cancel(taken.shed)
        return taken.batch

    def _answer(self, orders: Sequence[_Order]) -> None:
        """Recognise together; when that fails, each alone, so that one bad request costs the others nothing."""
        try:
            transcripts = recognise(self._engine, [order.request for order in orders])
        except Exception as exc:  # noqa: BLE001 - a dead worker would leave every call deaf
            self._answer_each(orders, exc)
        else:
            for order, transcript in zip(orders, transcripts, strict=True):
                order.future.set_result(transcript)

    def _answer_each(self, orders: Sequence[_Order], failure: Exception) -> None:
        if len(orders) == 1:
            orders[0].future.set_exception(_as_recognition_error(failure))
            return
        for order in orders:
            self._answer([order])


def _as_recognition_error(failure: Exception) -> RecognitionError:
    if isinstance(failure, RecognitionError):
        return failure
    error = RecognitionError(f"Recognition failed unexpectedly: {type(failure).__name__}: {failure}.")
    error.__cause__ = failure
    return error


def _cancel(orders: Sequence[_Order]) -> None:
    for order in orders:
        if order.future.cancel():
            order.future.set_running_or_notify_cancel()  # wakes those who wait for it

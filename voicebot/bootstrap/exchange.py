"""Where browsers' calls come in: answered, taken up again after a crash of the process, told when the server stops."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from typing import Any

import structlog

from voicebot.bootstrap.call_parts import Caller
from voicebot.bootstrap.metrics import Metrics
from voicebot.bootstrap.resume_tokens import ResumeTokens
from voicebot.bootstrap.runtime import Runtime
from voicebot.call.event_log import EventSink
from voicebot.call.public_lines import public_line
from voicebot.clients.consignes import Consignes, in_language
from voicebot.core.clock import Clock
from voicebot.core.errors import InputError
from voicebot.core.events import CallEvent, EventKind
from voicebot.core.ids import CallId, ClientId
from voicebot.core.language import Language
from voicebot.records.calls import CallFile, read_call
from voicebot.transports.browser import BrowserLine
from voicebot.transports.phone.exchange import Answered, PhoneLine, Refusal

LAST_WORDS_S = 15.0
"""How long calls may take to end once every caller has been told."""
_log = structlog.get_logger(__name__)


class Exchange:
    """Implements `PhoneExchange` on the runtime; owns the tasks of its calls."""

    def __init__(
        self,
        runtime: Runtime,
        *,
        clock: Clock,
        watch: Callable[[CallId, ClientId], EventSink],
        tokens: ResumeTokens,
        metrics: Metrics,
        recordings: Path,
        max_calls: int,
    ) -> None:
        """Make one that takes calls at once.

        Args:
            runtime: of this process.
            clock: real.
            watch: makes, for a call and its client, who else follows its events.
            tokens: by which a caller's browser finds its call again.
            metrics: of this process.
            recordings: existing folder for calls that their client has recorded.
            max_calls: calls at once.
        """
        self._runtime = runtime
        self._clock = clock
        self._watch = watch
        self._tokens = tokens
        self._metrics = metrics
        self._recordings = recordings
        self._max_calls = max_calls
        self._tasks: set[asyncio.Task[None]] = set()
        self._taken_up: set[CallId] = set()
        self.open = True
        """Whether new calls are taken."""

    @property
    def full(self) -> bool:
        """Whether one more call would be too many."""
        return len(self._tasks) >= self._max_calls

    @property
    def taken_up(self) -> frozenset[CallId]:
        """Calls of an earlier process that go on in this one."""
        return frozenset(self._taken_up)

    def lines(self, language: Language) -> Sequence[PhoneLine]:
        """See `PhoneExchange.lines`."""
        return [
            PhoneLine(number=number, client_name=in_language(consignes.name, language))
            for consignes in self._runtime.clients
            for number in consignes.lines
        ]

    async def answer(self, line: BrowserLine, *, number: str, caller: str | None) -> Answered | Refusal:
        """See `PhoneExchange.answer`."""
        try:
            consignes = self._runtime.clients.by_line(number)
        except InputError:
            return self._refused(Refusal.UNKNOWN_LINE)
        if not self.open or self.full:
            return self._refused(Refusal.BUSY if self.open else Refusal.UNAVAILABLE)
        begun: asyncio.Future[CallId] = asyncio.get_running_loop().create_future()
        who = Caller(consignes=consignes, number=caller, line=number)

        def sink(call: CallId) -> EventSink:
            begun.set_result(call)
            return self._sink(line, call, consignes)

        recordings = self._recordings if consignes.recording else None
        holding = self._own(self._runtime.answer(line, who, clock=self._clock, sink=sink, recordings=recordings), line)
        holding.add_done_callback(lambda _: begun.done() or begun.cancel())
        await asyncio.wait([begun])
        if begun.cancelled():  # the call could not even be stored
            return self._refused(Refusal.UNAVAILABLE)
        self._metrics.calls_answered.inc()
        return self._answered(begun.result(), consignes)

    async def resume(self, line: BrowserLine, token: str) -> Answered | Refusal:
        """See `PhoneExchange.resume`."""
        call = self._tokens.call(token)
        if call is None or not self.open or call in self._taken_up or self._runtime.calls.get(call) is not None:
            return Refusal.OVER
        self._taken_up.add(call)  # before anything is awaited: two sockets may ask at once
        file = await asyncio.to_thread(read_call, self._runtime.database, call)
        consignes = self._client_of(file)
        if file is None or consignes is None or file.call.end_reason is not None:
            self._taken_up.discard(call)
            return Refusal.OVER

        def sink(resumed: CallId) -> EventSink:
            return self._sink(line, resumed, consignes)

        recordings = self._recordings if consignes.recording else None
        self._own(self._runtime.resume(line, file, clock=self._clock, sink=sink, recordings=recordings), line)
        return self._answered(call, consignes)

    async def close(self, grace_s: float) -> None:
        """Take no more calls, let people finish for `grace_s`, tell whoever is left, wait until all have hung up."""
        self.open = False
        for live in self._runtime.calls:
            if not live.with_human():
                live.stop()
        await self._until_quiet(grace_s)
        for live in self._runtime.calls:
            live.stop()
        await self._until_quiet(LAST_WORDS_S)
        await self.drop()

    async def drop(self) -> None:
        """End what is left without a word."""
        self.open = False
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _until_quiet(self, most_s: float) -> None:
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=most_s)

    def _own(self, call: Coroutine[Any, Any, object], line: BrowserLine) -> asyncio.Task[None]:
        task = asyncio.create_task(self._held(call, line))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _held(self, call: Coroutine[Any, Any, object], line: BrowserLine) -> None:
        try:
            await call
        except Exception:  # noqa: BLE001 - the top of a call's task: one call that cannot be stored must not end the others
            _log.exception("call_not_stored")
        finally:
            line.hang_up()

    def _sink(self, line: BrowserLine, call: CallId, consignes: Consignes) -> EventSink:
        watch = self._watch(call, consignes.id)

        def take(event: CallEvent) -> None:
            watch(event)
            shown = public_line(event, call)
            if shown is not None:
                line.show(shown)
            if event.kind is EventKind.CALL_ENDED:
                self._metrics.calls_ended.labels(reason=event.data["reason"]).inc()

        return take

    def _client_of(self, file: CallFile | None) -> Consignes | None:
        try:
            return self._runtime.clients.by_id(file.call.client or "") if file is not None else None
        except InputError:
            return None

    def _answered(self, call: CallId, consignes: Consignes) -> Answered:
        name = in_language(consignes.name, consignes.languages[0])
        return Answered(call=call, client_name=name, token=self._tokens.token(call))

    def _refused(self, why: Refusal) -> Refusal:
        self._metrics.calls_refused.labels(reason=why).inc()
        return why

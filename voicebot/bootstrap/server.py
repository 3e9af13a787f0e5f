"""The server: everything embedded in one process, from its start to a stop that cuts nobody off."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import signal
import socket
from collections.abc import Iterator, Sequence
from datetime import datetime

import structlog
import uvicorn

from accounts.registration import FirstUser
from accounts.service import Accounts
from escalation.attendance import READOPT_S
from voicebot.bootstrap.aftermath import end_cut_calls
from voicebot.bootstrap.app import App, build_app
from voicebot.bootstrap.runtime import Runtime
from voicebot.call.clocks import RealClock
from voicebot.config import Settings
from voicebot.core.errors import PermanenceError

MAX_MESSAGE_BYTES = 1 << 17
"""Of a WebSocket: twice the 2 s of audio that the softphone accepts at once."""
_log = structlog.get_logger(__name__)


class _Web(uvicorn.Server):
    """uvicorn without its own signal handlers: calls end before the pages go."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals to us."""
        yield


class Server:
    """All parts of one process."""

    def __init__(self, runtime: Runtime, settings: Settings) -> None:
        """Put everything together; nothing runs yet.

        Raises:
            RecordsError: the data folder cannot be written.
        """
        self._runtime = runtime
        self._settings = settings
        self._clock = RealClock()
        self._accounts = Accounts(runtime.database, clock=self._clock.wall)
        self._stop = asyncio.Event()
        self._hurry = asyncio.Event()

    def first_users(self) -> Sequence[FirstUser]:
        """The first users with their passwords, when there was none yet.

        Raises:
            RecordsError: the database refuses.
        """
        return self._accounts.first_run()

    async def run(self, listening: socket.socket) -> None:
        """Serve on a listening socket until SIGTERM or SIGINT, then let the calls end; a second signal ends them at once."""
        parts = build_app(self._runtime, self._settings, clock=self._clock, accounts=self._accounts)
        started = self._clock.wall()
        web = _Web(
            uvicorn.Config(
                parts.app,
                log_config=None,
                access_log=False,  # addresses of pages carry callers' numbers
                proxy_headers=self._settings.behind_proxy,
                server_header=False,
                ws_max_size=MAX_MESSAGE_BYTES,
                ws_ping_interval=20.0,
                ws_per_message_deflate=False,  # audio does not shrink
                timeout_graceful_shutdown=5,
                lifespan="off",
            )
        )
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._on_signal)
        await parts.desk.adopt()
        gc.collect()
        gc.freeze()  # models and libraries stay: looking through them again would stop the audio for a tenth of a second
        async with asyncio.TaskGroup() as tasks:
            serving = tasks.create_task(web.serve(sockets=[listening]))
            serving.add_done_callback(lambda _: self._stop.set())
            jobs = [
                tasks.create_task(parts.desk.run()),
                tasks.create_task(parts.metrics.probe()),
                tasks.create_task(self._after_a_crash(parts, started)),
            ]
            await self._stop.wait()
            await self._end_calls(parts)
            for job in jobs:
                job.cancel()
            await asyncio.gather(*jobs, return_exceptions=True)
            parts.desk.close()
            web.should_exit = True

    async def _end_calls(self, parts: App) -> None:
        """Let the calls end; at the second signal, at once."""
        _log.info("stopping", calls=len(self._runtime.calls))
        ending = asyncio.create_task(parts.exchange.close(self._settings.stop_grace_s))
        hurried = asyncio.create_task(self._hurry.wait())
        await asyncio.wait({ending, hurried}, return_when=asyncio.FIRST_COMPLETED)
        hurried.cancel()
        if not ending.done():
            ending.cancel()
            await parts.exchange.drop()

    async def _after_a_crash(self, parts: App, started: datetime) -> None:
        """Once callers had the time to come back, the calls that nobody took up again get their end."""
        await asyncio.sleep(READOPT_S)
        try:
            ended = await asyncio.to_thread(
                end_cut_calls,
                self._runtime,
                started_before=started,
                alive=parts.exchange.taken_up,
                recordings=parts.recordings,
            )
        except PermanenceError as failure:  # they are found again by the next start
            _log.error("cut_calls_not_ended", code=failure.code, message=str(failure))
        else:
            if ended:
                _log.warning("cut_calls_ended", calls=ended)

    def _on_signal(self) -> None:
        (self._hurry if self._stop.is_set() else self._stop).set()

"""`voicebot serve`: pages, browser softphone, bot, queue and desk in one process."""

from __future__ import annotations

import asyncio
import socket
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from accounts.registration import FirstUser
from voicebot.bootstrap.runtime import Runtime
from voicebot.cli.honesty import warn_about_recognizer
from voicebot.config import load_settings
from voicebot.core.errors import InputError
from voicebot.transports.browser import RATE_HZ


def serve(
    *,
    host: Annotated[str | None, typer.Option("--host", help="Address to listen on; 127.0.0.1 for this machine alone.")] = None,
    port: Annotated[int | None, typer.Option("--port", help="Port to listen on; 0 for any free one.", min=0, max=65_535)] = None,
) -> None:
    """Serve callers, secretaries and the queue until stopped; Ctrl+C lets calls end, a second one ends them at once."""
    import uvloop  # the other commands do without a web server

    from voicebot.bootstrap.server import Server

    settings = load_settings()
    listening = _listen(host or settings.host, settings.port if port is None else port)
    with listening:
        runtime = Runtime(settings)
        try:
            warn_about_recognizer(settings.asr_model)
            _get_ready(runtime)
            server = Server(runtime, settings)
            _tell(listening, server.first_users())
            with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
                runner.run(server.run(listening))
        finally:
            runtime.close()


def _listen(host: str, port: int) -> socket.socket:
    """The port, taken before anything long is begun.

    Raises:
        InputError: it is not to be had.
    """
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        listening = socket.create_server((host, port), family=family, backlog=512)
    except OSError as exc:
        reason = exc.strerror or exc
        raise InputError(f"--host {host} --port {port}: {reason}, expected an address of this machine and a free port") from exc
    listening.settimeout(0)  # asyncio's
    return listening


def _get_ready(runtime: Runtime) -> None:
    """Models, and every sentence that is said to any caller: the first call must not wait for them."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    clients = tuple(runtime.clients)
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("Loading models", total=len(clients) + 1)
        runtime.load()
        runtime.register_clients(datetime.now(UTC))
        for done, consignes in enumerate(clients, start=1):
            progress.update(task, description=f"Sentences of {consignes.id}", completed=done)
            runtime.prewarm(consignes, rate_hz=RATE_HZ)


def _tell(listening: socket.socket, first: Sequence[FirstUser]) -> None:
    host, port = listening.getsockname()[:2]
    shown = f"[{host}]" if ":" in host else host
    address = f"http://{shown}:{port}"
    lines = [
        f"Permanence answers at {address}",
        f"  {address}/phone  ring a line",
        f"  {address}/desk   the secretaries' console",
    ]
    if first:
        lines.append("First users; these passwords are shown only now:")
        lines += [f"  {user.login:<12} {user.password}  ({user.role})" for user in first]
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()

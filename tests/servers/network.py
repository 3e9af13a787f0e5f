"""A network between a browser and a server that goes away and comes back."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

_READ_BYTES = 1 << 16


class Network:
    """Carries every connection to one server, until it is cut."""

    def __init__(self, server_url: str) -> None:
        """Nothing listens yet.

        Args:
            server_url: `http://HOST:PORT` of the server at the other end.
        """
        parts = urlsplit(server_url)
        self._server = (parts.hostname or "", parts.port or 80)
        self._writers: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._up = True
        self._loop = asyncio.new_event_loop()
        self.url = ""
        """Where a browser finds the server through this network."""

    def cut(self) -> None:
        """Drop every connection without a word, and let none through."""
        self._loop.call_soon_threadsafe(self._cut)

    def mend(self) -> None:
        """Let connections through again."""
        self._loop.call_soon_threadsafe(setattr, self, "_up", True)

    def run(self, listening: threading.Event) -> None:
        """Carry until `stop`; blocks."""
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(asyncio.start_server(self._carry, "127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        listening.set()
        self._loop.run_forever()
        self._cut()
        server.close()
        self._loop.run_until_complete(asyncio.gather(*self._tasks, return_exceptions=True))
        self._loop.close()

    def stop(self) -> None:
        """Let `run` return."""
        self._loop.call_soon_threadsafe(self._loop.stop)

    def _cut(self) -> None:
        self._up = False
        for writer in self._writers:
            writer.transport.abort()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not self._up:
            writer.transport.abort()
            return
        there, back = await asyncio.open_connection(*self._server)
        self._writers |= {writer, back}
        ways = {asyncio.create_task(_pour(reader, back)), asyncio.create_task(_pour(there, writer))}
        self._tasks |= ways
        await asyncio.wait(ways)
        self._tasks -= ways
        self._writers -= {writer, back}


async def _pour(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(ConnectionError):
        while data := await reader.read(_READ_BYTES):
            writer.write(data)
            await writer.drain()
    writer.close()


@contextmanager
def network_to(server_url: str) -> Iterator[Network]:
    """A network that is up, in a thread of its own."""
    network, listening = Network(server_url), threading.Event()
    thread = threading.Thread(target=network.run, args=(listening,), daemon=True)
    thread.start()
    listening.wait()
    try:
        yield network
    finally:
        network.stop()
        thread.join()

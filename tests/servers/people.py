"""People at the two ends of a served call, as programs: the same sockets, routes and events as the pages use."""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import time
from collections.abc import AsyncIterator, Callable
from typing import Any, Self
from urllib.parse import urlencode

import httpx
import numpy as np
import websockets
from websockets.asyncio.client import ClientConnection, connect

from voicebot.core.audio import Samples

RATE_HZ = 16000
FRAME = 320
FRAME_S = 0.02
SILENCE = np.zeros(FRAME, np.int16)


class Mouth:
    """What somebody says into the microphone: queued speech, else a tone or silence."""

    def __init__(self) -> None:
        self._speech = np.zeros(0, np.int16)
        self.tone_hz: float | None = None
        self._phase = 0

    def say(self, samples: Samples) -> None:
        self._speech = np.concatenate((self._speech, samples))

    @property
    def speaking(self) -> bool:
        return self._speech.size > 0

    def next(self) -> bytes:
        piece, self._speech = self._speech[:FRAME], self._speech[FRAME:]
        if not piece.size:
            piece = SILENCE if self.tone_hz is None else self._tone(self.tone_hz)
        return np.pad(piece, (0, FRAME - piece.size)).astype("<i2").tobytes()

    def _tone(self, hz: float) -> Samples:
        t = np.arange(self._phase, self._phase + FRAME) / RATE_HZ
        self._phase += FRAME
        return (8000 * np.sin(2 * np.pi * hz * t)).astype(np.int16)


class Ear:
    """What somebody has heard, with the time at which it came."""

    def __init__(self) -> None:
        self.frames: list[tuple[float, bytes]] = []

    def take(self, pcm: bytes) -> None:
        self.frames.append((time.monotonic(), pcm))

    def between(self, start_s: float, end_s: float = float("inf")) -> Samples:
        heard = [pcm for at_s, pcm in self.frames if start_s <= at_s < end_s]
        return np.frombuffer(b"".join(heard), "<i2").astype(np.int16)


class AudioSocket:
    """One end of a call: sends a frame every 20 ms, keeps what comes."""

    def __init__(self) -> None:
        self.mouth, self.ear = Mouth(), Ear()
        self.messages: list[dict[str, Any]] = []
        self._socket: ClientConnection | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self.closed_code: int | None = None
        self.came = asyncio.Event()

    async def open(self, url: str, **headers: str) -> None:
        await self.close()
        self._socket = await connect(url, additional_headers=headers, max_size=1 << 20, ping_interval=None)
        self.closed_code = None
        self._tasks = [asyncio.create_task(self._send()), asyncio.create_task(self._receive(self._socket))]

    async def tell(self, **message: Any) -> None:
        assert self._socket is not None
        await self._socket.send(json.dumps(message))

    async def close(self) -> None:
        """Leave, as a closed tab does."""
        for task in self._tasks:
            task.cancel()
        if self._socket is not None:
            await self._socket.close()

    async def message(
        self, kind: str, within_s: float = 20.0, *, where: Callable[[dict[str, Any]], bool] = lambda _: True
    ) -> Any:
        """The first message of a kind that fits, past or to come."""
        async with asyncio.timeout(within_s):
            while True:
                for message in self.messages:
                    if message.get("type") == kind and where(message):
                        return message
                self.came.clear()
                await self.came.wait()

    async def _send(self) -> None:
        due_s = time.monotonic()
        with contextlib.suppress(websockets.ConnectionClosed):
            while self._socket is not None:
                await self._socket.send(self.mouth.next())
                due_s += FRAME_S
                await asyncio.sleep(max(0.0, due_s - time.monotonic()))

    async def _receive(self, socket: ClientConnection) -> None:
        with contextlib.suppress(websockets.ConnectionClosed):
            async for message in socket:
                if isinstance(message, bytes):
                    self.ear.take(message)
                else:
                    self.messages.append(json.loads(message))
                    self.came.set()
        self.closed_code = socket.close_code


class Caller(AudioSocket):
    """Somebody who rings from the softphone."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._base = url.replace("http", "ws", 1) + "/phone/audio?"

    async def ring(self, line: str, number: str | None = None) -> Self:
        query = {"line": line, **({} if number is None else {"caller": number})}
        await self.open(self._base + urlencode(query))
        await self.message("answered", 30.0)
        return self

    async def come_back(self) -> None:
        """A new socket for the same call."""
        await self.open(self._base + urlencode({"resume": self.answered["resume"]}))

    @property
    def answered(self) -> dict[str, Any]:
        return next(message for message in self.messages if message["type"] == "answered")

    @property
    def call(self) -> str:
        return str(self.answered["call"])

    async def press(self, key: str) -> None:
        await self.tell(type="key", key=key)

    async def hears(self, act: str, within_s: float = 30.0) -> dict[str, Any]:
        """The bot begins to say a sentence."""
        said = await self.message("line", within_s, where=lambda m: m["line"].get("act") == act)
        return dict(said["line"])

    async def asks_for_a_person(self) -> None:
        """Key 0, once the greeting is over, and again when asked what it is about."""
        await self.hears("opening.greeting")
        await self.press("0")


class Secretary:
    """Somebody at the desk."""

    def __init__(self, url: str, login: str, password: str) -> None:
        self._url = url
        self._http = httpx.AsyncClient(base_url=url, timeout=20.0)
        self._login, self._password = login, password
        self._csrf = ""
        self.events: list[tuple[float, str, dict[str, Any]]] = []
        self._came = asyncio.Event()
        self._watch: asyncio.Task[None] | None = None
        self.audio = AudioSocket()

    async def sign_in(self) -> Self:
        form = {"login": self._login, "password": self._password}
        answer = await self._http.post("/login", data=form)
        assert answer.status_code == 303, answer.text
        page = (await self._http.get("/desk")).text
        found = re.search(r'<meta name="csrf" content="([^"]+)"', page)
        assert found is not None
        self._csrf = found[1]
        return self

    async def watch(self) -> Self:
        """Open the console: from here on she is there."""
        self._watch = asyncio.create_task(self._follow())
        await self.event("snapshot")
        return self

    async def declare(self, status: str = "available") -> None:
        await self.do("status", status=status)

    async def do(self, path: str, **body: Any) -> dict[str, Any]:
        answer = await self.post(path, **body)
        assert answer.status_code == 200, f"{path}: {answer.status_code} {answer.text}"
        return dict(answer.json())

    async def post(self, path: str, **body: Any) -> httpx.Response:
        return await self._http.post(f"/desk/{path}", json=body, headers={"X-CSRF-Token": self._csrf})

    async def get(self, path: str) -> Any:
        answer = await self._http.get(f"/desk/{path}")
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def event(
        self, kind: str, within_s: float = 20.0, *, where: Callable[[dict[str, Any]], bool] = lambda _: True
    ) -> dict[str, Any]:
        """The first event of a kind that fits, past or to come."""
        async with asyncio.timeout(within_s):
            while True:
                for _, name, data in self.events:
                    if name == kind and where(data):
                        return data
                self._came.clear()
                await self._came.wait()

    async def ticket(self, within_s: float = 20.0, **fields: Any) -> dict[str, Any]:
        """A ticket with these fields, in the snapshot or in an update."""
        async with asyncio.timeout(within_s):
            while True:
                for _, name, data in self.events:
                    for ticket in data.get("tickets", ()) if name == "snapshot" else (data,) if name == "ticket" else ():
                        if all(ticket.get(key) == value for key, value in fields.items()):
                            return dict(ticket)
                self._came.clear()
                await self._came.wait()

    @property
    def cookie(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self._http.cookies.items())

    async def talk(self, ticket: int) -> None:
        """Open her end of the bridge."""
        await self.audio.open(f"{self._url.replace('http', 'ws', 1)}/desk/audio?ticket={ticket}", Cookie=self.cookie)

    @property
    def name(self) -> str:
        """As her console shows it."""
        return str(next(data["me"]["name"] for _, kind, data in self.events if kind == "snapshot"))

    async def leave(self) -> None:
        """Sign off and close the console."""
        await self.audio.close()
        with contextlib.suppress(httpx.TransportError):
            await self.post("status", status="offline")
        if self._watch is not None:
            self._watch.cancel()
        await self._http.aclose()

    async def _follow(self) -> None:
        async with self._http.stream("GET", "/desk/events", timeout=None) as stream:
            async for kind, data in _server_sent(stream):
                self.events.append((time.monotonic(), kind, data))
                self._came.set()


async def _server_sent(stream: httpx.Response) -> AsyncIterator[tuple[str, dict[str, Any]]]:
    kind = ""
    async for line in stream.aiter_lines():
        if line.startswith("event:"):
            kind = line.removeprefix("event:").strip()
        elif line.startswith("data:"):
            yield kind, json.loads(line.removeprefix("data:"))

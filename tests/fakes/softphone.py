"""The softphone without a network: its routes in memory, an exchange that lets the test be the bot, a clock set by hand."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import urlencode

from fastapi import FastAPI
from starlette.requests import HTTPConnection
from starlette.types import Message

from voicebot.core.errors import RecordsError
from voicebot.core.ids import CallId
from voicebot.core.language import Language
from voicebot.transports.browser import BrowserLine
from voicebot.transports.phone.exchange import Answered, PhoneLine, PhoneUse, Refusal
from voicebot.transports.phone.open_lines import Limits
from voicebot.transports.phone.routes import FOLDER, phone_router
from voicebot.web.pages import Pages

LILAS = "+33199001001"
NAME = "le cabinet <b>des Lilas</b>"


@dataclass(eq=False)
class Exchange:
    """Answers, and lets the test be the bot."""

    lines_held: list[BrowserLine] = field(default_factory=list)
    rung: list[tuple[str, str | None]] = field(default_factory=list)
    refuses: Refusal | None = None
    breaks: bool = False
    slow: asyncio.Event | None = None
    gave_up: bool | None = None
    """Whether the caller counted as gone when the wait was over."""
    outlived: str | None = None
    """Token of a call that the process before held."""

    def lines(self, language: Language) -> Sequence[PhoneLine]:
        return (PhoneLine(number=LILAS, client_name=NAME), PhoneLine(number="+33199002001", client_name="maître Roche"))

    async def answer(self, line: BrowserLine, *, number: str, caller: str | None) -> Answered | Refusal:
        if self.slow is not None:
            await self.slow.wait()
            self.gave_up = line.closed
        if self.breaks:
            raise RecordsError("told to fail")
        self.rung.append((number, caller))
        self.lines_held.append(line)
        line.show({"type": "bot", "t": 0.0, "text": "Bonjour", "act": "greeting"})
        number_of_call = len(self.rung)
        return self.refuses or Answered(call=CallId(f"call-{number_of_call}"), client_name=NAME, token=f"token-{number_of_call}")

    async def resume(self, line: BrowserLine, token: str) -> Answered | Refusal:
        if token != self.outlived:
            return Refusal.OVER
        self.lines_held.append(line)
        return Answered(call=CallId("call-0"), client_name=NAME, token=token)


@dataclass(eq=False)
class House:
    """The application under test, its clock and its exchange."""

    use: PhoneUse = field(default_factory=lambda: PhoneUse(may_call=True, may_choose_caller=True, sees_lines=True))
    limits: Limits = field(default_factory=Limits)
    exchange: Exchange = field(default_factory=Exchange)
    now_s: float = 1000.0

    def __post_init__(self) -> None:
        self.app = FastAPI()
        pages = Pages.of(FOLDER)
        self.app.include_router(
            phone_router(self.exchange, allowed=self._allowed, pages=pages, now_s=lambda: self.now_s, limits=self.limits)
        )

    async def _allowed(self, _: HTTPConnection) -> PhoneUse:
        return self.use


class Peer:
    """A browser's end of one WebSocket."""

    def __init__(self, house: House, query: dict[str, str], *, address: str = "192.0.2.7", origin: str | None = None) -> None:
        headers = [(b"host", b"phone.example")] + ([] if origin is None else [(b"origin", origin.encode())])
        self._scope = {
            "type": "websocket",
            "path": "/phone/audio",
            "raw_path": b"/phone/audio",
            "root_path": "",
            "query_string": urlencode(query).encode(),
            "headers": headers,
            "client": (address, 50_000),
            "server": ("phone.example", 80),
            "scheme": "ws",
            "subprotocols": [],
            "state": {},
        }
        self._to_app: asyncio.Queue[Message] = asyncio.Queue()
        self._from_app: asyncio.Queue[Message] = asyncio.Queue()
        self._to_app.put_nowait({"type": "websocket.connect"})
        self.task = asyncio.create_task(self._run(house.app))

    async def _run(self, app: FastAPI) -> None:
        async def send(message: Message) -> None:
            await self._from_app.put(message)

        await app(self._scope, self._to_app.get, send)

    async def told(self) -> Message:
        """The next message as ASGI has it."""
        async with asyncio.timeout(5):
            return await self._from_app.get()

    async def opened(self) -> None:
        assert (await self.told())["type"] == "websocket.accept"

    async def text(self) -> dict[str, object]:
        message = await self.told()
        assert message["type"] == "websocket.send", message
        return dict(json.loads(message["text"]))

    async def closed(self) -> int:
        """Skip what is still sent; the code it is closed with."""
        while (message := await self.told())["type"] != "websocket.close":
            assert message["type"] == "websocket.send"
        code = int(message["code"])
        self._to_app.put_nowait({"type": "websocket.disconnect", "code": code})
        await asyncio.wait_for(self.task, 5)
        return code

    async def say(self, *, pcm: bytes | None = None, text: str | None = None) -> None:
        await self._to_app.put({"type": "websocket.receive", **({"text": text} if pcm is None else {"bytes": pcm})})
        for _ in range(5):
            await asyncio.sleep(0)

    async def drop(self) -> None:
        """The network goes away."""
        await self._to_app.put({"type": "websocket.disconnect", "code": 1006})
        await asyncio.wait_for(self.task, 5)


@asynccontextmanager
async def rung(house: House, query: dict[str, str] | None = None, *, address: str = "192.0.2.7") -> AsyncIterator[Peer]:
    """A peer whose call was answered."""
    peer = Peer(house, query or {"line": LILAS}, address=address)
    await peer.opened()
    assert (await peer.text())["type"] == "answered"
    try:
        yield peer
    finally:
        peer.task.cancel()


async def refused(house: House, query: dict[str, str], *, address: str = "192.0.2.7") -> tuple[str, int]:
    """Reason and code of a peer that gets no call."""
    peer = Peer(house, query, address=address)
    await peer.opened()
    told = await peer.text()
    assert told["type"] == "refused"
    assert told["message"]
    return str(told["reason"]), await peer.closed()

"""Secretaries' consoles without a browser: the same page, stream and commands, as cheap as they can be made.

command --POST--> [ server ] --event stream--> console 0, 1, 2, ... 39     each: how long after the command was sent
"""

from __future__ import annotations

import asyncio
import functools
import json
import re
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, cast
from urllib.parse import urlsplit

import httpx

from benchmarks.desk.house import Login

IDLE_S = 4.0
"""After so long without a command a new connection is made: the server closes idle ones."""
_EVENT = re.compile(rb"event: (\w+)\ndata: (.*)\n")
_loads = functools.lru_cache(maxsize=512)(json.loads)
"""Consoles are mostly told the same words."""

Ticket = dict[str, Any]
Fits = Callable[[dict[str, Any]], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """Somebody signed in."""

    name: str
    cookie: str
    csrf: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a command was answered."""

    status: int
    body: dict[str, Any]
    took_s: float


@dataclass(slots=True, kw_only=True, eq=False)
class Watch:
    """Waits for one piece of news on every console."""

    fits: Fits
    consoles: int
    begun_s: float = field(default_factory=time.monotonic)
    seen_s: dict[int, float] = field(default_factory=dict)
    """After the beginning, by console."""
    all_seen: asyncio.Event = field(default_factory=asyncio.Event)


class News:
    """What all consoles are told: who waits for what, and the tickets as the first console shows them."""

    def __init__(self) -> None:
        self.tickets: dict[int, Ticket] = {}
        self.events = 0
        """Received by all consoles together."""
        self._watches: dict[tuple[str, int], list[Watch]] = defaultdict(list)

    def take(self, console: int, kind: str, data: bytes) -> None:
        """One event of one console."""
        now_s = time.monotonic()
        self.events += 1
        if kind == "snapshot" and console == 0:
            self.tickets = {ticket["id"]: ticket for ticket in json.loads(data)["tickets"]}
        if kind not in {"ticket", "secretary"}:
            return
        told = _loads(data)
        if console == 0 and kind == "ticket":
            self._show(told)
        for watch in self._watches.get((kind, told["id"]), ()):
            if console not in watch.seen_s and watch.fits(told):
                watch.seen_s[console] = now_s - watch.begun_s
                if len(watch.seen_s) == watch.consoles:
                    watch.all_seen.set()

    def watch(self, kind: str, number: int, watch: Watch) -> None:
        """Begin to look for it."""
        self._watches[kind, number].append(watch)

    def forget(self, kind: str, number: int, watch: Watch) -> None:
        """Look no more."""
        self._watches[kind, number].remove(watch)
        if not self._watches[kind, number]:
            del self._watches[kind, number]

    def _show(self, told: Ticket) -> None:
        if told.get("gone"):
            self.tickets.pop(told["id"], None)
        else:
            self.tickets[told["id"]] = told


class Console(asyncio.Protocol):
    """One secretary's stream of events."""

    def __init__(self, number: int, user: Signed, news: News, host: str) -> None:
        self.user_id = 0
        self.open = asyncio.Event()
        """Set with the snapshot."""
        self.lost = False
        """Whether the stream has ended, whoever ended it."""
        self._number, self._user, self._news, self._host = number, user, news, host
        self._left = b""
        self._transport: asyncio.BaseTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the stream."""
        self._transport = transport
        head = (
            f"GET /desk/events HTTP/1.1\r\nHost: {self._host}\r\nCookie: {self._user.cookie}\r\nAccept: text/event-stream\r\n\r\n"
        )
        cast("asyncio.WriteTransport", transport).write(head.encode())

    def data_received(self, data: bytes) -> None:
        """Pass on whole events; what HTTP puts around them is none of them."""
        text, end = self._left + data, 0
        for found in _EVENT.finditer(text):
            end = found.end()
            kind = found[1].decode()
            if kind == "snapshot":
                self.user_id = int(json.loads(found[2])["me"]["id"])
                self.open.set()
            self._news.take(self._number, kind, found[2])
        self._left = text[end:]

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's
        """The stream has ended."""
        self.lost = True

    def close(self) -> None:
        """Close the tab."""
        if self._transport is not None:
            self._transport.close()


class Secretary:
    """One secretary: her console and her commands."""

    def __init__(self, number: int, user: Signed, url: str, news: News) -> None:
        parts = urlsplit(url)
        self.user = user
        self.console = Console(number, user, news, parts.netloc)
        self._host, self._port = parts.hostname or "", parts.port or 0
        self._connection: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        self._used_s = 0.0
        self._turn = asyncio.Lock()

    @property
    def id(self) -> int:
        """Of the user."""
        return self.console.user_id

    async def watch(self) -> None:
        """Open the console."""
        await asyncio.get_running_loop().create_connection(lambda: self.console, self._host, self._port)
        async with asyncio.timeout(30.0):
            await self.console.open.wait()

    async def connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Have a fresh connection for the next command."""
        if self._connection is not None:
            self._connection[1].close()
        self._connection = await asyncio.open_connection(self._host, self._port)
        self._used_s = time.monotonic()
        return self._connection

    async def post(self, path: str, **body: object) -> Answer:
        """Command something."""
        async with self._turn:
            sent_s = time.monotonic()
            known = self._connection if sent_s - self._used_s < IDLE_S else None
            reader, writer = known or await self.connect()
            writer.write(self._request(path, body))
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            found = re.search(r"content-length: (\d+)", head, re.IGNORECASE)
            content = await reader.readexactly(int(found[1]) if found else 0)
            self._used_s = time.monotonic()
        return Answer(status=int(head.split(" ", 2)[1]), body=json.loads(content or b"{}"), took_s=self._used_s - sent_s)

    def close(self) -> None:
        """Leave."""
        self.console.close()
        if self._connection is not None:
            self._connection[1].close()

    def _request(self, path: str, body: dict[str, object]) -> bytes:
        content = json.dumps(body).encode()
        head = (
            f"POST /desk/{path} HTTP/1.1\r\nHost: {self._host}:{self._port}\r\nCookie: {self.user.cookie}\r\n"
            f"X-CSRF-Token: {self.user.csrf}\r\nContent-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n"
        )
        return head.encode() + content


async def sign_in(url: str, login: Login) -> Signed:
    """As the page does."""
    async with httpx.AsyncClient(base_url=url, timeout=30.0) as http:
        answer = await http.post("/login", data={"login": login.login, "password": login.password})
        found = re.search(r'<meta name="csrf" content="([^"]+)"', (await http.get("/desk")).text)
        if answer.status_code != 303 or found is None:
            raise SystemExit(f"{login.login} cannot sign in: {answer.status_code}")
        cookie = "; ".join(f"{name}={value}" for name, value in http.cookies.items())
    return Signed(name=login.name, cookie=cookie, csrf=found[1])

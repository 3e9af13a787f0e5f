"""The softphone for browser tests: served with an exchange whose bot hums, and what a test does on its page."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from fastapi import FastAPI
from playwright.sync_api import Browser, Page, Playwright, expect
from starlette.requests import HTTPConnection
from starlette.staticfiles import StaticFiles

from tests.e2e.browser import Served, listened_to, serving
from voicebot.audio.tones import sine
from voicebot.call.clocks import RealClock
from voicebot.core.audio import CHUNK_MS, AudioChunk, Samples, chunk_samples
from voicebot.core.events import JsonValue
from voicebot.core.ids import CallId
from voicebot.core.language import Language
from voicebot.transports.browser import RATE_HZ, BrowserLine
from voicebot.transports.phone.exchange import Answered, PhoneLine, PhoneUse, Refusal
from voicebot.transports.phone.routes import FOLDER, STATIC, phone_router
from voicebot.web.pages import STATIC as WEB_STATIC
from voicebot.web.pages import Pages
from voicebot.web.security import SecurityHeaders

LINES = (
    PhoneLine(number="+33199001001", client_name="le cabinet médical des Lilas"),
    PhoneLine(number="+33199002001", client_name="le cabinet de maître Roche"),
    PhoneLine(number="+33199003001", client_name="l'entreprise Chauffage Duval"),
)
BOT_HZ = 1000


@dataclass(eq=False)
class HeldCall:
    """One call as the test's exchange holds it: the bot hums, the caller is recorded."""

    line: BrowserLine
    number: str
    caller: str | None
    heard: list[Samples] = field(default_factory=list)
    keys: str = ""
    beats: int = 0
    mumble: bool = False
    """Say nothing at all, not even silence."""
    loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.get_running_loop)
    over: threading.Event = field(default_factory=threading.Event)

    async def hold(self) -> None:
        tone, size, clock = sine(BOT_HZ, 1.0, RATE_HZ), chunk_samples(RATE_HZ), RealClock()
        begun_s = clock.now_s()
        while not self.line.closed:
            await clock.sleep_until(begun_s + self.beats * CHUNK_MS / 1000)
            chunk = self.line.receive()
            if chunk is not None:
                self.heard.append(chunk.samples)
            self.keys += self.line.pressed_keys()
            at = self.beats % 50 * size
            if not self.mumble:
                self.line.send(AudioChunk(samples=tone[at : at + size], rate_hz=RATE_HZ))
            self.beats += 1
        self.over.set()

    def show(self, public_line: dict[str, JsonValue]) -> None:
        self.loop.call_soon_threadsafe(self.line.show, public_line)

    def hang_up(self) -> None:
        self.loop.call_soon_threadsafe(self.line.hang_up)


class HummingExchange:
    """Answers every line with a tone."""

    def __init__(self) -> None:
        self.calls: list[HeldCall] = []
        self.refuses: Refusal | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    def lines(self, language: Language) -> Sequence[PhoneLine]:
        return LINES

    async def answer(self, line: BrowserLine, *, number: str, caller: str | None) -> Answered | Refusal:
        if self.refuses is not None:
            return self.refuses
        call = HeldCall(line=line, number=number, caller=caller)
        self.calls.append(call)
        self._tasks.add(asyncio.create_task(call.hold()))
        number_of_call = len(self.calls)
        return Answered(call=CallId(f"call-{number_of_call}"), client_name=LINES[0].client_name, token=f"token-{number_of_call}")

    async def resume(self, line: BrowserLine, token: str) -> Answered | Refusal:
        return Refusal.OVER


async def everything(_: HTTPConnection) -> PhoneUse:
    return PhoneUse(may_call=True, may_choose_caller=True, sees_lines=True)


@contextmanager
def phone_served(exchange: HummingExchange) -> Iterator[Served]:
    app = FastAPI()
    app.add_middleware(SecurityHeaders)
    app.include_router(phone_router(exchange, allowed=everything, pages=Pages.of(FOLDER), now_s=RealClock().now_s))
    app.mount("/static/web", StaticFiles(directory=WEB_STATIC))
    app.mount("/static/phone", StaticFiles(directory=STATIC))
    with serving(app) as server:
        yield server


WATCH_STATES = """() => {
  const phone = document.getElementById("phone");
  window.seen = [];
  new MutationObserver(() => window.seen.push(phone.dataset.state)).observe(phone, { attributeFilter: ["data-state"] });
}"""


class PhonePage:
    """What a test does with the page, and what it sees of it."""

    def __init__(self, page: Page, exchange: HummingExchange, address: str) -> None:
        self.page = page
        self.exchange = exchange
        self.address = address

    def open(self, query: str = "") -> None:
        self.page.goto(f"{self.address}/phone?lang=fr{query}")
        self.page.evaluate(WATCH_STATES)

    def ring(self) -> HeldCall:
        self.page.locator("#call").click()
        self.reaches("talking")
        return self.exchange.calls[-1]

    def reaches(self, state: str) -> None:
        expect(self.page.locator("#phone")).to_have_attribute("data-state", state, timeout=20_000)

    def has_seen(self, state: str) -> None:
        self.eventually(lambda: state in self.page.evaluate("window.seen"))

    def eventually(self, true: Callable[[], bool]) -> None:
        until_s = time.monotonic() + 20
        while not true():
            assert time.monotonic() < until_s
            self.page.wait_for_timeout(50)


@dataclass(frozen=True, slots=True)
class House:
    """Server and browser that the tests of this module share."""

    served: Served
    exchange: HummingExchange
    driver: Playwright
    browser: Browser

    @contextmanager
    def page(self, **options: object) -> Iterator[PhonePage]:
        with listened_to(self.browser, **options) as page:
            yield PhonePage(page, self.exchange, self.served.address)

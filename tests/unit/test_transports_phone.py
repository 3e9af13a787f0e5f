"""The softphone's routes, spoken to in memory: no socket, no thread, a clock set by hand."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import urlencode

import httpx
import numpy as np
import pytest
from fastapi import FastAPI
from starlette.requests import HTTPConnection
from starlette.types import Message

from voicebot.core.audio import AudioChunk
from voicebot.core.errors import RecordsError
from voicebot.core.ids import CallId
from voicebot.core.language import Language
from voicebot.transports.browser import RATE_HZ, RECONNECT_S, BrowserLine
from voicebot.transports.phone.addresses import address_of
from voicebot.transports.phone.exchange import Answered, PhoneLine, PhoneUse, Refusal
from voicebot.transports.phone.numbers import e164, readable
from voicebot.transports.phone.open_lines import Limits
from voicebot.transports.phone.pace import BURST_BYTES, BYTES_PER_S, Pace
from voicebot.transports.phone.routes import FOLDER, phone_router
from voicebot.transports.phone.socket import MAX_AUDIO_BYTES, MAX_BAD_MESSAGES, MAX_TEXT_CHARACTERS
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


async def test_the_page_is_told_first_that_the_call_is_answered() -> None:
    house = House()
    peer = Peer(house, {"line": LILAS, "caller": "06 39 98 00 11"})
    await peer.opened()
    answered = await peer.text()
    assert answered == {"type": "answered", "call": "call-1", "resume": "token-1", "client": NAME}
    assert (await peer.text())["line"] == {"type": "bot", "t": 0.0, "text": "Bonjour", "act": "greeting"}
    assert house.exchange.rung == [(LILAS, "+33639980011")]
    peer.task.cancel()


async def test_audio_and_keys_reach_the_line_and_the_bot_reaches_the_page() -> None:
    house = House()
    async with rung(house) as peer:
        line = house.exchange.lines_held[0]
        await peer.text()
        for _ in range(3):
            await peer.say(pcm=b"\x05\x00" * 320)
        await peer.say(text='{"type": "key", "key": "7"}')
        heard = line.receive()
        assert heard is not None
        assert set(heard.samples) == {5}
        assert line.pressed_keys() == "7"
        line.send(AudioChunk(samples=np.full(320, 9, np.int16), rate_hz=RATE_HZ))
        assert (await peer.told())["bytes"] == b"\x09\x00" * 320


async def test_a_caller_who_hangs_up_ends_the_call_at_once() -> None:
    house = House()
    async with rung(house) as peer:
        await peer.text()
        await peer.say(text='{"type": "hang_up"}')
        assert await peer.text() == {"type": "ended", "reason": "caller_hung_up"}
        assert await peer.closed() == 1000
        assert house.exchange.lines_held[0].closed


async def test_when_the_bot_hangs_up_its_last_words_come_before_the_end() -> None:
    house = House()
    async with rung(house) as peer:
        line = house.exchange.lines_held[0]
        await peer.text()
        line.send(AudioChunk(samples=np.ones(320, np.int16), rate_hz=RATE_HZ))
        line.hang_up()
        line.show({"type": "end", "t": 3.0, "reason": "caller_goodbye", "outcome": "booked", "call_id": "call-1"})
        kinds = [await peer.told() for _ in range(3)]
        assert json.loads(kinds[0]["text"])["line"]["type"] == "end"
        assert kinds[1]["bytes"] == b"\x01\x00" * 320
        assert json.loads(kinds[2]["text"]) == {"type": "ended", "reason": "caller_goodbye"}
        assert await peer.closed() == 1000


async def test_a_dropped_socket_keeps_the_call_and_the_token_brings_it_back() -> None:
    house = House()
    async with rung(house) as peer:
        line = house.exchange.lines_held[0]
        await peer.drop()
        house.now_s += RECONNECT_S - 0.1
        assert not line.closed
        back = Peer(house, {"resume": "token-1"})
        await back.opened()
        assert await back.text() == {"type": "answered", "call": "call-1", "resume": "token-1", "client": NAME}
        house.now_s += 60
        assert not line.closed
        assert len(house.exchange.rung) == 1
        back.task.cancel()


async def test_a_second_socket_with_the_token_takes_over_from_the_first() -> None:
    house = House()
    async with rung(house) as first, rung(house, {"resume": "token-1"}) as second:
        assert await first.closed() == 4409
        await second.say(text='{"type": "key", "key": "1"}')
        assert house.exchange.lines_held[0].pressed_keys() == "1"


async def test_nobody_comes_back_with_a_wrong_token_or_too_late() -> None:
    house = House()
    async with rung(house) as peer:
        assert await refused(house, {"resume": "token-2"}) == ("over", 4404)
        assert await refused(house, {"resume": "", "line": LILAS}) == ("over", 4404)
        await peer.drop()
        house.now_s += RECONNECT_S
        assert await refused(house, {"resume": "token-1"}) == ("over", 4404)


async def test_a_call_that_outlived_its_process_is_given_back() -> None:
    house = House()
    house.exchange.outlived = "old"
    async with rung(house, {"resume": "old"}) as peer, rung(house, {"resume": "old"}):
        assert await peer.closed() == 4409  # from then on it is a call of this process like any other
        assert len(house.exchange.lines_held) == 1


async def test_guessing_tokens_is_slowed_down() -> None:
    house = House(limits=Limits(begun_per_minute=2))
    outcomes = [await refused(house, {"resume": f"guess-{number}"}) for number in range(3)]
    assert outcomes == [("over", 4404), ("over", 4404), ("busy", 4429)]


async def test_a_caller_who_waits_long_for_the_first_answer_has_not_hung_up() -> None:
    house = House()
    house.exchange.slow = asyncio.Event()
    peer = Peer(house, {"line": LILAS})
    await peer.opened()
    await asyncio.sleep(0)
    house.now_s += 60
    house.exchange.slow.set()
    assert (await peer.text())["type"] == "answered"
    assert house.exchange.gave_up is False
    peer.task.cancel()


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, ("unknown_line", 4404)),
        ({"line": "nonsense"}, ("unknown_line", 4404)),
        ({"line": "+33199001001" * 9}, ("unknown_line", 4404)),
        ({"line": LILAS, "caller": "12"}, ("bad_caller", 4400)),
    ],
)
async def test_what_is_no_number_is_refused(query: dict[str, str], expected: tuple[str, int]) -> None:
    house = House()
    assert await refused(house, query) == expected
    assert house.exchange.rung == []


async def test_the_exchange_may_refuse_and_the_line_is_down_then() -> None:
    house = House()
    house.exchange.refuses = Refusal.UNKNOWN_LINE
    assert await refused(house, {"line": LILAS}) == ("unknown_line", 4404)
    assert house.exchange.lines_held[0].closed


async def test_a_server_that_cannot_hold_a_call_says_so() -> None:
    house = House()
    house.exchange.breaks = True
    assert await refused(house, {"line": LILAS}) == ("unavailable", 4503)


async def test_who_may_not_call_gets_no_call_and_takes_none_over() -> None:
    house = House()
    async with rung(house):
        house.use = PhoneUse(may_call=False)
        assert await refused(house, {"line": LILAS}) == ("not_allowed", 4403)
        assert await refused(house, {"resume": "token-1"}) == ("not_allowed", 4403)


async def test_only_who_may_choose_it_rings_as_another_number() -> None:
    house = House(use=PhoneUse(may_call=True))
    async with rung(house, {"line": LILAS, "caller": "+33639980011"}):
        assert house.exchange.rung == [(LILAS, None)]


async def test_a_page_of_somebody_else_cannot_use_the_phone() -> None:
    peer = Peer(House(), {"line": LILAS}, origin="https://elsewhere.example")
    assert (await peer.told())["type"] == "websocket.close"


async def test_our_own_page_can() -> None:
    peer = Peer(House(), {"line": LILAS}, origin="http://phone.example")
    await peer.opened()
    peer.task.cancel()


async def test_one_address_holds_only_so_many_calls_and_keeps_nobody_else_out() -> None:
    house = House(limits=Limits(per_address=2))
    async with rung(house) as first, rung(house):
        assert await refused(house, {"line": LILAS}) == ("busy", 4429)
        async with rung(house, address="192.0.2.8"):
            pass
        await first.say(text='{"type": "hang_up"}')
        assert await first.closed() == 1000
        async with rung(house):
            pass


async def test_all_together_hold_only_so_many_calls() -> None:
    house = House(limits=Limits(in_all=1))
    async with rung(house):
        assert await refused(house, {"line": LILAS}, address="192.0.2.8") == ("busy", 4429)


async def test_one_address_begins_only_so_many_calls_a_minute() -> None:
    house = House(limits=Limits(begun_per_minute=2))
    for _ in range(2):
        async with rung(house) as peer:
            await peer.say(text='{"type": "hang_up"}')
            await peer.closed()
    assert await refused(house, {"line": LILAS}) == ("busy", 4429)
    house.now_s += 60
    async with rung(house):
        pass


async def test_a_call_that_never_began_holds_no_place() -> None:
    house = House(limits=Limits(per_address=1))
    house.exchange.breaks = True
    await refused(house, {"line": LILAS})
    house.exchange.breaks = False
    async with rung(house):
        pass


@pytest.mark.parametrize(
    "message", [{"pcm": bytes(MAX_AUDIO_BYTES + 1)}, {"text": json.dumps({"type": "x" * MAX_TEXT_CHARACTERS})}]
)
async def test_a_message_that_is_too_big_closes_the_socket(message: dict[str, bytes]) -> None:
    async with rung(House()) as peer:
        await peer.say(**message)  # type: ignore[arg-type]
        assert await peer.closed() == 1009


@pytest.mark.parametrize("text", ["{", "[1]", "null", '{"type": 3}', "[" * 1000, "\ud800"])
async def test_a_few_messages_that_are_no_control_are_ignored_then_the_socket_closes(text: str) -> None:
    house = House()
    async with rung(house) as peer:
        for _ in range(MAX_BAD_MESSAGES - 1):
            await peer.say(text=text)
        await peer.say(text='{"type": "key", "key": "5"}')
        assert house.exchange.lines_held[0].pressed_keys() == "5"
        await peer.say(text=text)
        assert await peer.closed() == 1003


@pytest.mark.parametrize("text", ['{"type": "from_the_future", "x": 1}', '{"type": "key", "key": "x"}', '{"type": "key"}'])
async def test_control_that_means_nothing_here_is_ignored(text: str) -> None:
    house = House()
    async with rung(house) as peer:
        for _ in range(10):
            await peer.say(text=text)
        await peer.say(text='{"type": "key", "key": "5"}')
        assert house.exchange.lines_held[0].pressed_keys() == "5"


def test_a_flood_waits_and_speech_does_not() -> None:
    now = [0.0]
    pace = Pace(lambda: now[0])
    waits = []
    for _ in range(3000):
        waits.append(pace.wait_s(640))
        now[0] += 0.02
    assert max(waits) == 0
    while pace.wait_s(65_536) == 0:
        pass
    assert pace.wait_s(BYTES_PER_S) == pytest.approx(1, abs=0.3)
    now[0] += 10
    assert pace.wait_s(BURST_BYTES) == 0


def test_small_messages_are_work_too() -> None:
    pace = Pace(lambda: 0.0)
    assert any(pace.wait_s(1) > 0 for _ in range(1000))


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("+33 6 39 98 00 11", "+33639980011"),
        (" 33639980011", "+33639980011"),
        ("06.39.98.00.11", "+33639980011"),
        ("+442079460000", "+442079460000"),
        ("", None),
        ("12", None),
        ("<script>", None),
        ("0" * 41, None),
    ],
)
def test_numbers_are_read_as_people_write_them(written: str, number: str | None) -> None:
    assert e164(written) == number


def test_numbers_are_shown_in_groups() -> None:
    assert (readable(LILAS), readable("+442079460000")) == ("01 99 00 10 01", "+44 20 7946 0000")


@pytest.mark.parametrize(
    ("host", "counted_as"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("testclient", "testclient"),
    ],
)
def test_a_peer_is_counted_by_what_it_cannot_change_at_will(host: str, counted_as: str) -> None:
    assert address_of(HTTPConnection({"type": "http", "client": (host, 1)})) == counted_as


async def page(house: House, path: str) -> httpx.Response:
    transport = httpx.ASGITransport(app=house.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://phone.example") as client:
        return await client.get(path)


async def test_the_page_lists_the_lines_and_chooses_those_of_its_address() -> None:
    answer = await page(House(), "/phone?lang=fr&line=%2B33199002001&caller=%2B33639980011")
    assert answer.status_code == 200
    assert '<option value="+33199002001" data-name="Maître Roche" selected>Maître Roche · 01 99 00 20 01</option>' in answer.text
    assert 'value="+33639980011"' in answer.text
    assert "Le cabinet &lt;b&gt;des Lilas&lt;/b&gt;" in answer.text
    assert "<b>" not in answer.text


async def test_who_does_not_see_the_lines_types_a_number_and_who_may_not_choose_a_caller_is_not_asked() -> None:
    answer = await page(House(use=PhoneUse(may_call=True)), "/phone?line=%2B33199002001")
    assert "Lilas" not in answer.text
    assert '<input id="line"' in answer.text
    assert 'value="+33199002001"' in answer.text
    assert 'id="caller"' not in answer.text


async def test_who_may_not_call_is_told_so_in_their_language() -> None:
    house = House(use=PhoneUse(may_call=False))
    english, french = await page(house, "/phone?lang=en"), await page(house, "/phone?lang=fr")
    assert (english.status_code, french.status_code) == (403, 403)
    assert "You may not call" in english.text
    assert "pas le droit" in french.text


async def test_the_page_holds_no_inline_script_or_style() -> None:
    text = (await page(House(), "/phone")).text
    assert text.count("<script") == text.count('<script type="module" src="/static/phone/phone.js">') == 1
    assert "<style" not in text
    assert " style=" not in text
    assert " onclick" not in text

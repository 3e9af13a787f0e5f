"""The softphone's WebSocket, spoken to in memory: no socket, no thread, a clock set by hand."""

from __future__ import annotations

import asyncio
import json

import numpy as np
import pytest

from tests.fakes.softphone import LILAS, NAME, House, Peer, refused, rung
from voicebot.core.audio import AudioChunk
from voicebot.transports.browser import RATE_HZ, RECONNECT_S
from voicebot.transports.phone.exchange import PhoneUse, Refusal
from voicebot.transports.phone.socket import MAX_AUDIO_BYTES, MAX_BAD_MESSAGES, MAX_TEXT_CHARACTERS


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

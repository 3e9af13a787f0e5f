from __future__ import annotations

import json

import numpy as np
import pytest

from voicebot.call.line import Line
from voicebot.core.audio import AudioChunk, chunk_samples
from voicebot.transports.browser import (
    KEYS,
    MAX_KEYS,
    MAX_OUT_CHUNKS,
    MAX_OUT_MESSAGES,
    MAX_REPLAYED_CHUNKS,
    RATE_HZ,
    RECONNECT_S,
    BrowserLine,
)

SIZE = chunk_samples(RATE_HZ)


class Hand:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def hand() -> Hand:
    return Hand()


@pytest.fixture
def line(hand: Hand) -> BrowserLine:
    return BrowserLine(now_s=hand)


def chunk(level: int) -> AudioChunk:
    return AudioChunk(samples=np.full(SIZE, level, np.int16), rate_hz=RATE_HZ)


def nothing() -> None:
    """A socket that does not care."""


def everything_out(line: BrowserLine) -> list[bytes | str]:
    out = []
    while (item := line.next_out()) is not None:
        out.append(item)
    return out


def test_it_is_a_line_at_16_khz(line: BrowserLine) -> None:
    as_line: Line = line
    assert as_line.rate_hz == 16000


def test_what_the_page_sends_is_heard_in_chunks(line: BrowserLine) -> None:
    sent = np.arange(-2 * SIZE, 2 * SIZE, dtype=np.int16)
    raw = sent.astype("<i2").tobytes()
    for start in range(0, len(raw), 100):
        line.take(raw[start : start + 100])
    heard = [line.receive() for _ in range(4)]
    assert np.array_equal(np.concatenate([one.samples for one in heard if one is not None]), sent)
    assert line.receive() is None


def test_half_a_sample_is_left_out(line: BrowserLine) -> None:
    line.take(b"\x01")
    line.take(b"")
    for _ in range(3):
        line.take(b"\x01\x00" * SIZE + b"\x07")
    heard = line.receive()
    assert heard is not None
    assert set(heard.samples) == {1}


def test_what_the_bot_says_leaves_as_little_endian_bytes_in_order(line: BrowserLine) -> None:
    line.send(chunk(1))
    line.send(chunk(258))
    assert everything_out(line) == [b"\x01\x00" * SIZE, b"\x02\x01" * SIZE]


def test_a_socket_that_does_not_drain_loses_the_oldest(line: BrowserLine) -> None:
    for level in range(MAX_OUT_CHUNKS + 10):
        line.send(chunk(level))
    out = [np.frombuffer(item, "<i2")[0] for item in everything_out(line) if isinstance(item, bytes)]
    assert out == list(range(10, MAX_OUT_CHUNKS + 10))
    assert line.dropped_out == 10


def test_a_page_that_floods_loses_the_oldest_and_it_is_counted(line: BrowserLine) -> None:
    line.take(b"\x00\x01" * SIZE * 100)
    assert line.dropped_in == 75


def test_keys_are_told_once_and_only_keys(line: BrowserLine) -> None:
    for key in [*KEYS, "A", "", "12", "é", "٣"]:
        line.take_key(key)
    assert line.pressed_keys() == KEYS
    assert line.pressed_keys() == ""


def test_keys_that_nobody_asks_for_do_not_pile_up(line: BrowserLine) -> None:
    for _ in range(MAX_KEYS + 20):
        line.take_key("1")
    assert len(line.pressed_keys()) == MAX_KEYS


def test_the_socket_is_woken_by_everything_that_it_has_to_send(line: BrowserLine) -> None:
    woken: list[str] = []
    line.connect(lambda: woken.append("woken"))
    line.send(chunk(1))
    line.tell({"type": "hint"})
    line.hang_up()
    assert len(woken) == 3


def test_a_lost_socket_ends_the_call_only_after_five_seconds(line: BrowserLine, hand: Hand) -> None:
    connection = line.connect(nothing)
    hand.now_s += 3600
    assert not line.closed
    line.lost(connection)
    hand.now_s += RECONNECT_S - 0.01
    assert not line.closed
    hand.now_s += 0.01
    assert line.closed
    assert line.over == "caller_hung_up"


def test_a_line_that_never_had_a_socket_ends_after_five_seconds(line: BrowserLine, hand: Hand) -> None:
    assert not line.closed
    hand.now_s += RECONNECT_S
    assert line.closed


def test_another_socket_takes_the_line_over(line: BrowserLine, hand: Hand) -> None:
    woken: list[str] = []
    first = line.connect(lambda: woken.append("first"))
    second = line.connect(nothing)
    assert woken == ["first"]
    assert not line.holds(first)
    assert line.holds(second)
    line.lost(first)  # the old socket is noticed late
    hand.now_s += 60
    assert not line.closed
    line.lost(second)
    hand.now_s += RECONNECT_S
    assert line.closed


def test_a_line_that_ran_out_stays_closed(line: BrowserLine, hand: Hand) -> None:
    hand.now_s += RECONNECT_S
    assert line.closed
    line.connect(nothing)
    assert line.closed


def test_a_socket_that_comes_back_hears_only_the_last_of_what_it_missed(line: BrowserLine) -> None:
    line.lost(line.connect(nothing))
    for level in range(40):
        line.send(chunk(level))
    line.connect(nothing)
    out = everything_out(line)
    assert len(out) == MAX_REPLAYED_CHUNKS
    assert out[-1] == chunk(39).samples.tobytes()


def test_messages_wait_for_a_socket_that_is_away_but_not_without_bound(line: BrowserLine) -> None:
    for number in range(MAX_OUT_MESSAGES + 5):
        line.tell({"type": "n", "n": number})
    kept = [json.loads(item)["n"] for item in everything_out(line)]
    assert kept == list(range(5, MAX_OUT_MESSAGES + 5))


def test_a_caller_who_hangs_up_is_gone_at_once(line: BrowserLine) -> None:
    line.connect(nothing)
    line.send(chunk(1))
    line.caller_hangs_up()
    assert line.closed
    assert line.next_out() is None
    line.hang_up()
    assert line.over == "caller_hung_up"


def test_when_the_bot_hangs_up_what_it_said_is_still_delivered(line: BrowserLine) -> None:
    line.connect(nothing)
    line.send(chunk(1))
    line.hang_up()
    line.send(chunk(2))
    assert line.closed
    assert everything_out(line) == [chunk(1).samples.tobytes()]
    assert line.over == "ended"


def test_the_reason_of_the_call_is_the_reason_told_to_the_page(line: BrowserLine) -> None:
    line.hang_up()
    line.show({"type": "end", "t": 9.0, "reason": "caller_goodbye", "outcome": "booked", "call_id": "c"})
    assert line.over == "caller_goodbye"


def test_public_lines_are_wrapped_so_that_their_type_survives(line: BrowserLine) -> None:
    line.show({"type": "bot", "t": 0.5, "text": "« Bonjour »", "act": "greeting"})
    (text,) = everything_out(line)
    assert json.loads(text) == {
        "type": "line",
        "line": {"type": "bot", "t": 0.5, "text": "« Bonjour »", "act": "greeting"},
    }

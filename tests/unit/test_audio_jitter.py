from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicebot.audio.jitter import (
    BOUND_CHUNKS,
    CALM_WATCHES,
    MOST_TARGET_CHUNKS,
    QUIET_DBFS,
    TARGET_CHUNKS,
    WATCH_CHUNKS,
    JitterBuffer,
)
from voicebot.core.audio import Samples, chunk_samples

RATE_HZ = 16000
SIZE = chunk_samples(RATE_HZ)
LOUD = 8000


def numbered(first: int, count: int = 1) -> Samples:
    """Chunks that say which they are, loud."""
    return np.repeat(np.arange(first, first + count, dtype=np.int16) + LOUD, SIZE)


def taken(buffer: JitterBuffer, count: int) -> list[int | None]:
    """Which chunks come out."""
    chunks = [buffer.take() for _ in range(count)]
    return [None if chunk is None else int(chunk.samples[0]) - LOUD for chunk in chunks]


def test_it_begins_once_the_target_is_there_and_keeps_the_order() -> None:
    buffer = JitterBuffer(rate_hz=RATE_HZ)
    assert taken(buffer, 1) == [None]
    buffer.put(numbered(0, TARGET_CHUNKS - 1))
    assert taken(buffer, 1) == [None]
    buffer.put(numbered(TARGET_CHUNKS - 1))
    assert taken(buffer, TARGET_CHUNKS + 1) == [*range(TARGET_CHUNKS), None]


def test_a_last_word_shorter_than_the_target_is_not_kept_back_for_ever() -> None:
    buffer = JitterBuffer(rate_hz=RATE_HZ)
    buffer.put(numbered(0))
    assert taken(buffer, TARGET_CHUNKS + 1) == [None] * TARGET_CHUNKS + [0]


def test_pieces_of_any_length_become_chunks_of_20_ms() -> None:
    buffer = JitterBuffer(rate_hz=RATE_HZ)
    sent = np.arange(5 * SIZE, dtype=np.int16)
    for piece in np.array_split(sent, 13):
        buffer.put(piece)
    chunks = [buffer.take() for _ in range(5)]
    assert np.array_equal(np.concatenate([chunk.samples for chunk in chunks if chunk is not None]), sent)


def test_jitter_below_the_target_is_not_heard() -> None:
    buffer = JitterBuffer(rate_hz=RATE_HZ)
    heard: list[int | None] = []
    for beat in range(0, 300, 2):  # two chunks at once, every 40 ms
        buffer.put(numbered(beat, 2))
        heard += taken(buffer, 2)
    begun = heard.index(0)
    assert heard[begun:] == list(range(300 - begun))


def test_above_the_bound_the_oldest_goes_and_is_counted() -> None:
    buffer = JitterBuffer(rate_hz=RATE_HZ)
    buffer.put(numbered(0, BOUND_CHUNKS + 7))
    assert (buffer.depth, buffer.dropped) == (BOUND_CHUNKS, 7)
    assert taken(buffer, 1) == [7]


def stalled(*, quiet: bool, seconds: int) -> JitterBuffer:
    """A stream after a stall of 300 ms: from then on 15 chunks more are on the way than the target."""
    buffer = JitterBuffer(rate_hz=RATE_HZ)
    buffer.put(numbered(0, TARGET_CHUNKS + 15))
    level = np.zeros(SIZE, np.int16) if quiet else numbered(0)
    for _ in range(seconds * WATCH_CHUNKS):
        buffer.put(level)
        assert buffer.take() is not None
    return buffer


def test_delay_that_a_stall_left_is_cut_out_of_silence_at_once() -> None:
    buffer = stalled(quiet=True, seconds=2)
    assert buffer.depth <= TARGET_CHUNKS + 1
    assert buffer.dropped >= 14


def test_without_silence_the_delay_is_won_back_chunk_by_chunk() -> None:
    assert stalled(quiet=False, seconds=5).dropped == 4
    assert stalled(quiet=False, seconds=40).depth <= TARGET_CHUNKS + 1


def test_what_is_cut_is_nothing_that_speaks() -> None:
    rms = 10 ** ((QUIET_DBFS + 1) / 20) * 32768
    buffer = JitterBuffer(rate_hz=RATE_HZ)
    buffer.put(numbered(0, TARGET_CHUNKS + 15))
    for _ in range(WATCH_CHUNKS * 3 // 2):
        buffer.put(np.full(SIZE, round(rms), np.int16))
        buffer.take()
    assert buffer.dropped == 0


def test_a_clock_that_runs_fast_does_not_pile_up_delay() -> None:
    buffer = JitterBuffer(rate_hz=RATE_HZ)
    depths = []
    for beat in range(30_000):
        buffer.put(numbered(0, 2 if beat % 200 == 0 else 1))  # 0.5 % fast, for ten minutes
        buffer.take()
        depths.append(buffer.depth)
    assert max(depths[3000:]) <= TARGET_CHUNKS + 3


def test_a_network_that_lets_it_run_dry_gets_more_delay_and_loses_it_when_calm() -> None:
    buffer = JitterBuffer(rate_hz=RATE_HZ)
    for _ in range(40):
        buffer.put(numbered(0, MOST_TARGET_CHUNKS))
        assert None not in taken(buffer, MOST_TARGET_CHUNKS)
        assert taken(buffer, 1) == [None]
    buffer.put(numbered(0, MOST_TARGET_CHUNKS - 1))
    assert taken(buffer, 1) == [None]  # the target has grown to its most
    buffer.put(numbered(0))
    for _ in range(WATCH_CHUNKS * CALM_WATCHES * 12):
        assert buffer.take() is not None
        buffer.put(np.zeros(SIZE, np.int16))
    assert buffer.depth <= TARGET_CHUNKS + 1


@given(st.lists(st.integers(0, 40), max_size=200))
def test_whatever_the_network_does_the_order_is_kept_and_nothing_comes_twice(arrivals: list[int]) -> None:
    buffer = JitterBuffer(rate_hz=RATE_HZ)
    sent, heard = 0, []
    for arrived in arrivals:
        buffer.put(numbered(sent % 20_000, arrived))
        sent += arrived
        assert buffer.depth <= BOUND_CHUNKS
        heard += [number for number in taken(buffer, 1) if number is not None]
    assert heard == sorted(set(heard))
    assert len(heard) + buffer.depth + buffer.dropped == sent


@pytest.mark.parametrize("rate_hz", [8000, 16000])
def test_chunks_have_the_rate_that_was_asked_for(rate_hz: int) -> None:
    buffer = JitterBuffer(rate_hz=rate_hz, target_chunks=1)
    buffer.put(np.ones(chunk_samples(rate_hz), np.int16))
    chunk = buffer.take()
    assert chunk is not None
    assert (chunk.rate_hz, chunk.samples.size) == (rate_hz, chunk_samples(rate_hz))

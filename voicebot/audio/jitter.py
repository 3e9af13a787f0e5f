"""A little delay between a network that delivers in bursts and a reader that takes 20 ms every 20 ms.

    put -> |...... depth ......| -> take
           flows once depth >= target; empty: waits for the target again; above the bound: the oldest goes

Delay that a stall of the network left behind, or that a fast clock of the sender piled up, is taken out again: whenever the
lowest depth of a second stayed above the target, the excess is skipped, in silence if there is any, else one chunk a second.
A network that lets the buffer run empty gets a higher target, 20 ms each time, and loses it again while all is calm.
"""

from __future__ import annotations

from collections import deque

from voicebot.audio.levels import rms_db
from voicebot.audio.rechunk import Rechunker
from voicebot.core.audio import AudioChunk, Samples

TARGET_CHUNKS = 3
"""60 ms: what a good network needs."""
MOST_TARGET_CHUNKS = 10
"""200 ms: the most that a bad one gets."""
BOUND_CHUNKS = 25
"""0.5 s: more delay makes people talk at the same time."""
WATCH_CHUNKS = 50
"""The lowest depth is watched for 1 s before it counts as excess."""
CALM_WATCHES = 10
"""After 10 s without a gap the target comes down by a chunk."""
QUIET_DBFS = -45.0
"""RMS of a chunk that nobody misses."""


class JitterBuffer:
    """Chunks of one sender, in order; never more than `bound_chunks` of them."""

    def __init__(self, *, rate_hz: int, target_chunks: int = TARGET_CHUNKS, bound_chunks: int = BOUND_CHUNKS) -> None:
        """Make an empty one.

        Args:
            rate_hz: one of `CALL_RATES_HZ`.
            target_chunks: depth at which it begins to flow on a good network, >= 1.
            bound_chunks: greatest depth, > MOST_TARGET_CHUNKS.
        """
        self._rechunker = Rechunker(rate_hz)
        self._least_target = self._target = target_chunks
        self._chunks: deque[AudioChunk] = deque()
        self._bound = bound_chunks
        self._flowing = False
        self._held_back = 0
        self._watched = 0
        self._lowest = bound_chunks
        self._excess = 0
        self._calm = 0
        self.dropped = 0
        """Chunks thrown away so far: too many at once, or skipped to win back delay."""

    @property
    def depth(self) -> int:
        """Chunks waiting."""
        return len(self._chunks)

    def put(self, samples: Samples) -> None:
        """Take what arrived: int16 mono at the buffer's rate, of any length."""
        self._chunks.extend(self._rechunker.feed(samples))
        while len(self._chunks) > self._bound:
            self._drop()

    def take(self) -> AudioChunk | None:
        """The next 20 ms; None while nothing is there or too little to begin."""
        if not self._chunks:
            if self._flowing:
                self._run_dry()
            return None
        self._flowing = self._flowing or self._may_begin()
        if not self._flowing:
            return None
        self._win_back()
        return self._chunks.popleft()

    def _may_begin(self) -> bool:
        """A last word shorter than the target is passed on all the same, that much later."""
        self._held_back += 1
        return len(self._chunks) >= self._target or self._held_back > self._target

    def _run_dry(self) -> None:
        self._flowing = False
        self._held_back = self._watched = self._excess = self._calm = 0
        self._lowest = self._bound
        self._target = min(self._target + 1, max(MOST_TARGET_CHUNKS, self._least_target))

    def _win_back(self) -> None:
        self._lowest = min(self._lowest, len(self._chunks))
        self._watched += 1
        while self._excess and rms_db(self._chunks[0].samples) < QUIET_DBFS:
            self._skip()
        if self._watched < WATCH_CHUNKS:
            return
        if self._excess:
            self._skip()
        self._calm += 1
        if self._calm == CALM_WATCHES:
            self._calm, self._target = 0, max(self._target - 1, self._least_target)
        self._excess = max(0, self._lowest - self._target)
        self._watched, self._lowest = 0, self._bound

    def _skip(self) -> None:
        self._excess -= 1
        if len(self._chunks) > 1:
            self._drop()

    def _drop(self) -> None:
        self._chunks.popleft()
        self.dropped += 1

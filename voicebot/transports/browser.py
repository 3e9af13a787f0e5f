"""The line of a caller in a browser: what a WebSocket brings and takes, without the WebSocket.

    socket task:  take(pcm), take_key(key) -> | line | -> receive(), pressed_keys()   the session,
                  next_out()               <- |      | <- send(chunk), tell(message)  every 20 ms

The network may drop the socket: the call goes on, the bot talks into the void, until another socket takes the line over. Nobody
there for `RECONNECT_S` is a caller who has hung up. Nothing here blocks, both directions are bounded.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Mapping

import numpy as np

from voicebot.audio.jitter import JitterBuffer
from voicebot.core.audio import AudioChunk
from voicebot.core.events import JsonValue

RATE_HZ = 16000
"""Of every browser's audio, both ways."""
RECONNECT_S = 5.0
"""How long the line waits for a socket that comes back."""
KEYS = "0123456789*#"
MAX_OUT_CHUNKS = 50
"""1 s: a socket that drains no faster loses the oldest."""
MAX_REPLAYED_CHUNKS = 15
"""300 ms: what a socket that comes back still hears of what was said meanwhile."""
MAX_OUT_MESSAGES = 200
MAX_KEYS = 64
"""Pressed and not asked for yet."""
CALLER_HUNG_UP = "caller_hung_up"
BOT_HUNG_UP = "ended"
"""Reason told to the page when the call's own reason is not known."""


class BrowserLine:
    """A `Line` at 16 kHz whose socket may come and go. Used from the event loop only."""

    def __init__(self, *, now_s: Callable[[], float]) -> None:
        """Make a line without a socket; it waits `RECONNECT_S` for the first.

        Args:
            now_s: the clock, seconds.
        """
        self.rate_hz = RATE_HZ
        self.dropped_out = 0
        """Chunks of the bot that no socket took in time."""
        self._now_s = now_s
        self._jitter = JitterBuffer(rate_hz=RATE_HZ)
        self._keys = ""
        self._out: deque[bytes] = deque()
        self._messages: deque[str] = deque(maxlen=MAX_OUT_MESSAGES)
        self._connections = 0
        self._wake: Callable[[], None] | None = None
        self._lost_at_s = now_s()
        self._over: str | None = None
        self._end_reason: str | None = None

    def connect(self, wake: Callable[[], None]) -> int:
        """A socket takes the line, the one before it loses it; `wake` is called whenever there is something for it.

        Returns:
            The number by which the socket is asked for in `holds` and `lost`.
        """
        former, self._wake = self._wake, wake
        self._connections += 1
        while len(self._out) > MAX_REPLAYED_CHUNKS:
            self._drop_out()
        if former is not None:
            former()
        return self._connections

    def holds(self, connection: int) -> bool:
        """Whether that socket still has the line."""
        return connection == self._connections

    def lost(self, connection: int) -> None:
        """That socket is gone; of no consequence when another has the line by now."""
        if self.holds(connection) and self._wake is not None:
            self._wake = None
            self._lost_at_s = self._now_s()

    def take(self, pcm: bytes) -> None:
        """The caller's audio: PCM16 little-endian mono 16 kHz of any length; half a sample at the end is left out."""
        self._jitter.put(np.frombuffer(pcm, "<i2", count=len(pcm) // 2).astype(np.int16))

    def take_key(self, key: str) -> None:
        """A key of the caller; what is no key, and keys that nobody asks for, are ignored."""
        if len(key) == 1 and key in KEYS and len(self._keys) < MAX_KEYS:
            self._keys += key

    def caller_hangs_up(self) -> None:
        """The caller has pressed the red button: the line is down at once."""
        self._out.clear()
        self._end(CALLER_HUNG_UP)

    def tell(self, message: Mapping[str, JsonValue]) -> None:
        """Send a control message to the page, after those before it; kept while the socket is away."""
        self._messages.append(json.dumps(message, ensure_ascii=False))
        self._notify()

    def show(self, public_line: Mapping[str, JsonValue]) -> None:
        """Send a public line of the call to the page; its last one also says why the call ended."""
        if public_line["type"] == "end":
            self._end_reason = str(public_line["reason"])
        self.tell({"type": "line", "line": dict(public_line)})

    def next_out(self) -> bytes | str | None:
        """What the socket sends next, text first; None when there is nothing."""
        if self._messages:
            return self._messages.popleft()
        return self._out.popleft() if self._out else None

    @property
    def over(self) -> str | None:
        """Why the call has ended; None while it goes on. The socket sends what is left, then this, and closes."""
        if self._over == BOT_HUNG_UP and self._end_reason is not None:
            return self._end_reason
        return self._over

    @property
    def dropped_in(self) -> int:
        """Chunks of the caller that came too late or too many at once."""
        return self._jitter.dropped

    def receive(self) -> AudioChunk | None:
        """The caller's next 20 ms; None when nothing is there."""
        return self._jitter.take()

    def pressed_keys(self) -> str:
        """Keys pressed since the last call."""
        keys, self._keys = self._keys, ""
        return keys

    def send(self, chunk: AudioChunk) -> None:
        """The bot's next 20 ms, at 16 kHz."""
        if self._over is not None:
            return
        self._out.append(chunk.samples.astype("<i2").tobytes())
        if len(self._out) > MAX_OUT_CHUNKS:
            self._drop_out()
        self._notify()

    def follow(self, *, bot_done: bool) -> None:
        """A person needs no cue."""

    @property
    def closed(self) -> bool:
        """Whether the call is over: hung up by either side, or nobody came back in time."""
        if self._over is None and self._wake is None and self._now_s() - self._lost_at_s >= RECONNECT_S:
            self._end(CALLER_HUNG_UP)
        return self._over is not None

    def hang_up(self) -> None:
        """The bot ends the call: what it said is still delivered, then the page is told."""
        self._end(BOT_HUNG_UP)

    def _end(self, reason: str) -> None:
        if self._over is None:
            self._over = reason
            self._notify()

    def _drop_out(self) -> None:
        self._out.popleft()
        self.dropped_out += 1

    def _notify(self) -> None:
        if self._wake is not None:
            self._wake()

"""The audio ends of the calls: frames of 20 ms in real time both ways, and what is measured where they arrive.

Sound is made before the calls begin. Two people who talk to each other send a loud frame (a click) each second: the time from
sending it on one socket to receiving it on the other is the delay from mouth to ear, without what browsers and sound cards add.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

import numpy as np
import websockets
from websockets.asyncio.client import ClientConnection, connect

from voicebot.audio.resample import resample
from voicebot.core.audio import CHUNK_MS, Samples, chunk_samples
from voicebot.transports.browser import RATE_HZ
from voicebot.tts.espeak import EspeakSynthesizer

FRAME_S = CHUNK_MS / 1000
FRAME = chunk_samples(RATE_HZ)
PHASES = 4
"""All lines send once in 20 ms, a quarter of them every 5 ms: callers are not in step."""
CLICK, CLICK_FRAMES = 24_000, 50
_NOISE_DBFS, _TALK_DBFS = -66.0, -26.0
_QUESTIONS = ("bonjour, quels sont vos horaires d'ouverture", "quelle est votre adresse", "combien coûte une consultation")
_ANSWER_S = 6.0
"""Left to the bot after each question."""


def quiet() -> list[bytes]:
    """A second of an open microphone with nobody speaking."""
    noise = np.random.default_rng(1).normal(0, 32768 * 10 ** (_NOISE_DBFS / 20), RATE_HZ)
    return _frames(noise.astype(np.int16))


def talk() -> list[bytes]:
    """Two seconds of a conversation: a click, a second of tone, a pause with a click in it."""
    tone = 32768 * 10 ** (_TALK_DBFS / 20) * np.sin(2 * np.pi * 310 * np.arange(RATE_HZ) / RATE_HZ)
    frames = [*_frames(tone.astype(np.int16)), *quiet()]
    for at in range(0, len(frames), CLICK_FRAMES):
        frames[at] = np.where(np.arange(FRAME) // 8 % 2 == 0, CLICK, -CLICK).astype("<i2").tobytes()
    return frames


def questions() -> list[bytes]:
    """Somebody who asks the bot one thing after the other, with time for its answers."""
    voice = EspeakSynthesizer("fr", "m8")
    said: list[bytes] = []
    for question in _QUESTIONS:
        said += _frames(resample(voice.synthesize(question), voice.rate_hz, RATE_HZ))
        said += list(itertools.islice(itertools.cycle(quiet()), round(_ANSWER_S / FRAME_S)))
    return said


def _frames(samples: Samples) -> list[bytes]:
    whole = samples[: len(samples) // FRAME * FRAME].astype("<i2")
    return [whole[at : at + FRAME].tobytes() for at in range(0, len(whole), FRAME)]


@dataclass(slots=True, kw_only=True)
class Heard:
    """What came to one kind of ears; nothing is kept while `measuring` is false."""

    measuring: bool = False
    gaps_s: list[float] = field(default_factory=list)
    """Between two frames of one line."""
    delays_s: list[float] = field(default_factory=list)
    """Of clicks."""


class Line:
    """One end of a call."""

    def __init__(self, heard: Heard, sound: Sequence[bytes], *, now_s: Callable[[], float]) -> None:
        """Make an end that is not connected.

        Args:
            heard: where to measure.
            sound: frames that are sent again and again.
            now_s: the clock.
        """
        self.messages: list[dict[str, Any]] = []
        self.over = asyncio.Event()
        self._heard = heard
        self._now_s = now_s
        self._socket: ClientConnection | None = None
        self._reading: asyncio.Task[None] | None = None
        self._sound: Iterator[bytes] = itertools.cycle(sound)
        self._came = asyncio.Event()
        self._last_s: float | None = None
        self._clicked_s: float | None = None
        self._partner: Line | None = None

    async def open(self, url: str, *, address: str, cookie: str = "") -> Self:
        """Connect from a loopback address."""
        headers = {"Cookie": cookie} if cookie else {}
        self._socket = await connect(url, additional_headers=headers, local_addr=(address, 0), ping_interval=None, open_timeout=30)
        self._reading = asyncio.create_task(self._read(self._socket))
        return self

    def sends(self, sound: Sequence[bytes]) -> None:
        """From now on, these frames."""
        self._sound = itertools.cycle(sound)

    def talks_with(self, other: Line | None) -> None:
        """Whose clicks are to be heard."""
        self._partner, self._clicked_s = other, None

    async def send_next(self) -> None:
        """The next 20 ms."""
        if self._socket is None or self.over.is_set():
            return
        frame = next(self._sound)
        if self._partner is not None and _is_click(frame):
            self._clicked_s = self._now_s()
        with contextlib.suppress(websockets.ConnectionClosed):
            await self._socket.send(frame)

    async def tell(self, **message: str) -> None:
        """A control message."""
        if self._socket is not None:
            with contextlib.suppress(websockets.ConnectionClosed):
                await self._socket.send(json.dumps(message))

    async def message(self, fits: Callable[[dict[str, Any]], bool], within_s: float = 30.0) -> dict[str, Any]:
        """The first control message that fits, past or to come.

        Raises:
            TimeoutError: none came, or the line is over.
        """
        async with asyncio.timeout(within_s):
            while True:
                for message in self.messages:
                    if fits(message):
                        return message
                if self.over.is_set():
                    raise TimeoutError
                self._came.clear()
                await self._came.wait()

    async def close(self) -> None:
        """Leave."""
        if self._socket is not None:
            await self._socket.close()
        if self._reading is not None:
            await self._reading

    async def _read(self, socket: ClientConnection) -> None:
        try:
            async for message in socket:
                if isinstance(message, bytes):
                    self._take(message)
                else:
                    self.messages.append(json.loads(message))
                    self._came.set()
        except websockets.ConnectionClosed:
            pass
        finally:
            self.over.set()
            self._came.set()

    def _take(self, frame: bytes) -> None:
        now_s, last_s = self._now_s(), self._last_s
        self._last_s = now_s
        if self._heard.measuring and last_s is not None:
            self._heard.gaps_s.append(now_s - last_s)
        partner = self._partner
        if partner is not None and partner._clicked_s is not None and _is_click(frame):  # noqa: SLF001 - of our own kind
            if self._heard.measuring:
                self._heard.delays_s.append(now_s - partner._clicked_s)  # noqa: SLF001
            partner._clicked_s = None  # noqa: SLF001


def _is_click(frame: bytes) -> bool:
    return int(np.frombuffer(frame, "<i2").max()) > CLICK // 2


class Beat:
    """Sends the frames of all lines."""

    def __init__(self, *, now_s: Callable[[], float]) -> None:
        self._now_s = now_s
        self._lines: list[set[Line]] = [set() for _ in range(PHASES)]
        self._turn = 0
        self.measuring = False
        self.lateness_s: list[float] = []
        """How late we were ourselves: what is measured on these ends is no better than this."""

    def add(self, line: Line) -> None:
        """Its microphone is open, until it is over."""
        self._lines[self._turn % PHASES].add(line)
        self._turn += 1

    async def run(self) -> None:
        """Until cancelled."""
        started_s = self._now_s()
        for tick in itertools.count():
            due_s = started_s + tick * FRAME_S / PHASES
            await asyncio.sleep(max(0.0, due_s - self._now_s()))
            if self.measuring:
                self.lateness_s.append(max(0.0, self._now_s() - due_s))
            lines = self._lines[tick % PHASES]
            lines -= {line for line in lines if line.over.is_set()}
            for line in tuple(lines):
                await line.send_next()

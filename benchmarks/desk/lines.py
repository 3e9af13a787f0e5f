"""The audio ends of the calls: frames of 20 ms in real time both ways, and what is measured where they arrive.

Sound is made before the calls begin. Two people who talk to each other send a loud frame (a click) each second: the time from
sending it on one socket to receiving it on the other is the delay from mouth to ear, without what browsers and sound cards add.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import itertools
import json
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Self

import numpy as np
import websockets
from websockets.asyncio.client import ClientConnection, connect

from benchmarks.desk.plan import Heard
from voicebot.audio.resample import resample
from voicebot.core.audio import CHUNK_MS, Samples, chunk_samples
from voicebot.transports.browser import RATE_HZ
from voicebot.tts.espeak import EspeakSynthesizer

FRAME_S = CHUNK_MS / 1000
FRAME_SAMPLES = chunk_samples(RATE_HZ)
PHASES = 4
"""Every line sends once in 20 ms, a quarter of them every 5 ms: callers are not in step."""
CLICK = 24_000
_NOISE_DBFS, _TALK_DBFS = -66.0, -26.0
_QUESTIONS = ("bonjour, quels sont vos horaires d'ouverture", "quelle est votre adresse", "combien coûte une consultation")
_ANSWER_S = 6.0
"""Left to the bot after each question."""

Sound = Sequence[bytes]
"""Frames, sent again and again."""


@functools.cache
def quiet() -> Sound:
    """A second of an open microphone with nobody speaking."""
    noise = np.random.default_rng(1).normal(0, 32768 * 10 ** (_NOISE_DBFS / 20), RATE_HZ)
    return _frames(noise.astype(np.int16))


@functools.cache
def talk() -> Sound:
    """Two seconds of a conversation: a click and a tone, a click and a pause."""
    tone = 32768 * 10 ** (_TALK_DBFS / 20) * np.sin(2 * np.pi * 310 * np.arange(RATE_HZ) / RATE_HZ)
    click = np.where(np.arange(FRAME_SAMPLES) // 8 % 2 == 0, CLICK, -CLICK).astype("<i2").tobytes()
    return [click, *_frames(tone.astype(np.int16))[1:], click, *quiet()[1:]]


@functools.cache
def questions() -> Sound:
    """Somebody who asks the bot one thing after the other, with time for its answers."""
    voice = EspeakSynthesizer("fr", "m8")
    pause = list(itertools.islice(itertools.cycle(quiet()), round(_ANSWER_S / FRAME_S)))
    asked = [_frames(resample(voice.synthesize(question), voice.rate_hz, RATE_HZ)) for question in _QUESTIONS]
    return [frame for question in asked for frame in [*question, *pause]]


def _frames(samples: Samples) -> list[bytes]:
    whole = samples[: len(samples) // FRAME_SAMPLES * FRAME_SAMPLES].astype("<i2")
    return [whole[at : at + FRAME_SAMPLES].tobytes() for at in range(0, len(whole), FRAME_SAMPLES)]


class Line:
    """One end of a call, of a caller or of a secretary."""

    def __init__(self, heard: Heard, sound: Sound) -> None:
        """Make an end that is not connected.

        Args:
            heard: where to keep what is measured.
            sound: what the microphone gives.
        """
        self.messages: list[dict[str, Any]] = []
        self.over = asyncio.Event()
        self.partner: Line | None = None
        """Whose clicks are to be heard."""
        self.clicked_s: float | None = None
        """When it last sent a click that nobody has heard yet."""
        self.heard = heard
        self._sound: Iterator[bytes] = itertools.cycle(sound)
        self._socket: ClientConnection | None = None
        self._reading: asyncio.Task[None] | None = None
        self._came = asyncio.Event()
        self._last_s: float | None = None

    async def open(self, url: str, *, address: str, cookie: str = "") -> Self:
        """Connect from one of this machine's own addresses."""
        headers = {"Cookie": cookie} if cookie else {}
        self._socket = await connect(
            url, additional_headers=headers, local_addr=(address, 0), ping_interval=None, open_timeout=30
        )
        self._reading = asyncio.create_task(self._read(self._socket))
        return self

    def says(self, sound: Sound, to: Line | None) -> None:
        """From now on; with clicks for somebody who listens, or for nobody."""
        self._sound, self.partner, self.clicked_s = itertools.cycle(sound), to, None

    async def send_next(self) -> None:
        """The next 20 ms."""
        if self._socket is None or self.over.is_set():
            return
        frame = next(self._sound)
        if self.partner is not None and _is_click(frame):
            self.clicked_s = time.monotonic()
            self.partner.heard.clicks += self.partner.heard.measuring
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
                    self._take(message, time.monotonic())
                else:
                    self.messages.append(json.loads(message))
                    self._came.set()
        except websockets.ConnectionClosed:
            pass
        finally:
            self.over.set()
            self._came.set()

    def _take(self, frame: bytes, now_s: float) -> None:
        heard, last_s, self._last_s = self.heard, self._last_s, now_s
        if heard.measuring and last_s is not None:
            heard.gaps_s.append(now_s - last_s)
        partner = self.partner
        if partner is not None and partner.clicked_s is not None and _is_click(frame):
            if heard.measuring:
                heard.delays_s.append(now_s - partner.clicked_s)
            partner.clicked_s = None


def _is_click(frame: bytes) -> bool:
    return int(np.frombuffer(frame, "<i2").max()) > CLICK // 2


class Beat:
    """Sends the frames of all lines."""

    def __init__(self) -> None:
        self.measuring = False
        self.lateness_s: list[float] = []
        """While measuring: how late each beat was."""
        self._lines: list[set[Line]] = [set() for _ in range(PHASES)]
        self._added = 0

    def add(self, line: Line) -> None:
        """Its microphone is open, until it is over."""
        self._lines[self._added % PHASES].add(line)
        self._added += 1

    async def run(self) -> None:
        """Until cancelled."""
        begun_s = time.monotonic()
        for beat in itertools.count():
            due_s = begun_s + beat * FRAME_S / PHASES
            await asyncio.sleep(max(0.0, due_s - time.monotonic()))
            if self.measuring:
                self.lateness_s.append(max(0.0, time.monotonic() - due_s))
            lines = self._lines[beat % PHASES]
            lines -= {line for line in lines if line.over.is_set()}
            for line in tuple(lines):
                await line.send_next()

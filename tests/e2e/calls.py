"""Whole calls as tests hold them: utterances in, events, recording and rows out."""

from __future__ import annotations

import asyncio
import wave
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from voicebot.bootstrap.call_parts import Caller
from voicebot.bootstrap.runtime import Runtime
from voicebot.call.clocks import VirtualClock
from voicebot.call.session import CallEnd
from voicebot.core.audio import Samples
from voicebot.core.clock import Clock
from voicebot.core.events import CallEvent, EventKind
from voicebot.core.ids import CallId
from voicebot.transports.wav import WavLine

MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=ZoneInfo("Europe/Paris"))
NUMBER = "+33639980021"


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldCall:
    """A call that is over."""

    id: CallId
    end: CallEnd
    events: list[CallEvent]

    def texts(self, kind: EventKind) -> list[str]:
        return [str(e.data["text"]) for e in self.events if e.kind is kind]

    def acts(self) -> list[str]:
        return [str(e.data["act"]) for e in self.events if e.kind is EventKind.BOT_SENTENCE]

    def of(self, kind: EventKind) -> list[CallEvent]:
        return [e for e in self.events if e.kind is kind]


def hold(
    runtime: Runtime,
    utterances: Sequence[Samples],
    *,
    client: str = "cabinet-lilas",
    number: str | None = NUMBER,
    rate_hz: int = 8000,
    clock: Clock | None = None,
    recordings: Path | None = None,
    background: Samples | None = None,
) -> HeldCall:
    """Ring a client and say the utterances, one after each of the bot's turns."""
    consignes = runtime.clients.by_id(client)
    events: list[CallEvent] = []
    said = iter(utterances)
    call, end = asyncio.run(
        runtime.answer(
            WavLine(lambda: next(said, None), rate_hz=rate_hz, background=background),
            Caller(consignes=consignes, number=number, line=consignes.lines[0]),
            clock=clock or VirtualClock(MONDAY),
            sink=lambda _call: events.append,
            recordings=recordings,
        )
    )
    return HeldCall(id=call, end=end, events=events)


def read_stereo(path: Path) -> tuple[npt.NDArray[np.int16], int]:
    """A stereo recording, shape (n, 2), and its rate."""
    with wave.open(str(path), "rb") as file:
        assert file.getnchannels() == 2
        frames = np.frombuffer(file.readframes(file.getnframes()), "<i2")
        return frames.reshape(-1, 2), file.getframerate()

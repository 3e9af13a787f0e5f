"""A desk for one call on the virtual clock: what it tells and when, a human who hums, and what reached her."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import numpy as np

from voicebot.core.audio import AudioChunk, Samples, chunk_samples
from voicebot.handoff.events import HandoffEvent, HumanConnected, HumanLeft

HUMAN = 9000
"""Amplitude of the square wave that the human hums."""


class FakeHandoffLine:
    """Implements `HandoffLine`; times are seconds since the call first asked for a human."""

    def __init__(
        self, told: Mapping[float, HandoffEvent], *, holds: Sequence[tuple[float, float]] = (), rate_hz: int = 8000
    ) -> None:
        self._told = dict(sorted(told.items()))
        self._holds = holds
        self._polls = 0
        self._connected = False
        self._hum = AudioChunk(samples=np.full(chunk_samples(rate_hz), HUMAN, np.int16), rate_hz=rate_hz)
        self.reached_human: list[Samples] = []

    def events(self, now: datetime) -> Sequence[HandoffEvent]:
        self._polls += 1
        due = [at_s for at_s in self._told if at_s <= self._t_s]
        events = [self._told.pop(at_s) for at_s in due]
        for event in events:
            self._connected = isinstance(event, HumanConnected) or (self._connected and not isinstance(event, HumanLeft))
        return events

    def send(self, chunk: AudioChunk) -> None:
        if self._connected and not self.on_hold:
            self.reached_human.append(chunk.samples)

    def receive(self) -> AudioChunk | None:
        return self._hum if self._connected and not self.on_hold else None

    @property
    def on_hold(self) -> bool:
        return any(start_s <= self._t_s < end_s for start_s, end_s in self._holds)

    @property
    def _t_s(self) -> float:
        return self._polls * 0.02

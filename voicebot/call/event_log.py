"""The running record of one call: every event once, in order, to whoever keeps or shows it."""

from __future__ import annotations

from collections.abc import Callable

from voicebot.core.events import CallEvent, EventKind, JsonValue

EventSink = Callable[[CallEvent], None]
"""Takes one event; must return at once (queue, do not write)."""


class EventLog:
    """Stamps events and hands them on."""

    def __init__(self, *sinks: EventSink) -> None:
        self._sinks = sinks
        self._lines: list[str] = []

    def add(self, t_s: float, kind: EventKind, **data: JsonValue) -> None:
        """Record one event at call time `t_s`."""
        event = CallEvent(t_s=round(t_s, 3), kind=kind, data=data)
        if kind is EventKind.CALLER_TURN:
            self._lines.append(f"appelant : {data['text']}")
        elif kind is EventKind.BOT_SENTENCE:
            self._lines.append(f"assistant : {data['text']}")
        for sink in self._sinks:
            sink(event)

    @property
    def transcript(self) -> tuple[str, ...]:
        """The turns so far, as a secretary reads them."""
        return tuple(self._lines)

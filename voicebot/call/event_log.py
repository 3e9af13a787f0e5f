"""The running record of one call: every event once, in order, to whoever keeps or shows it."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from voicebot.core.events import CallEvent, EventKind, JsonValue

EventSink = Callable[[CallEvent], None]
"""Takes one event; must return at once (queue, do not write)."""

_SPEAKERS = {EventKind.CALLER_TURN: "appelant", EventKind.BOT_SENTENCE: "assistant", EventKind.HUMAN_TURN: "secrétaire"}


class EventLog:
    """Stamps events and hands them on."""

    def __init__(self, *sinks: EventSink) -> None:
        self._sinks = sinks
        self._lines: list[str] = []

    def recall(self, events: Iterable[CallEvent]) -> None:
        """Take up what an earlier process logged of the same call; the sinks are not told."""
        for event in events:
            self._note(event)

    def add(self, t_s: float, kind: EventKind, **data: JsonValue) -> None:
        """Record one event at call time `t_s`."""
        event = CallEvent(t_s=round(t_s, 3), kind=kind, data=data)
        self._note(event)
        for sink in self._sinks:
            sink(event)

    @property
    def transcript(self) -> tuple[str, ...]:
        """The turns so far, as a secretary reads them."""
        return tuple(self._lines)

    def _note(self, event: CallEvent) -> None:
        speaker = _SPEAKERS.get(event.kind)
        if speaker is not None:
            self._lines.append(f"{speaker} : {event.data['text']}")

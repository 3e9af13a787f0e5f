"""Writing of events and turns in groups, in a thread of its own: the audio path never waits for the disk.

    audio path      --event--turn--event-----event--            (a lock, an append)
    writer thread   ........[ one transaction ]....[ one transaction ]

A group that fails stays first in the queue and is tried again; the failure is reported, calls go on. Only when the queue
is full, or when the database says that a row can never be written, is a row given up, and that is reported too.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from itertools import islice
from typing import Self

from sqlmodel import Session

from voicebot.core.errors import RecordsError
from voicebot.core.events import CallEvent
from voicebot.core.ids import CallId
from voicebot.records.calls import Turn
from voicebot.records.database import Database
from voicebot.records.engines import Purpose
from voicebot.records.faults import refuses_the_row
from voicebot.records.tables import EventRow, TurnRow

GROUP_S = 0.05
"""Longest wait before a group is written, seconds."""
GROUP_ROWS = 500
"""Rows at which a group is written at once, and most rows in a transaction."""
CAPACITY_ROWS = 200_000
"""Rows kept while the database does not answer: hours of calls."""
RETRY_S = 1.0
"""Wait before a failed group is tried again, seconds."""

_Row = Callable[[], EventRow | TurnRow]


class EventWriter:
    """The writer thread and its queue. Use as a context manager, or call `close`.

    `on_failure` is called from the writer thread or from the one that puts an event: it must return at once and not raise.
    """

    def __init__(
        self,
        database: Database,
        *,
        on_failure: Callable[[RecordsError], None] = lambda _error: None,
        capacity_rows: int = CAPACITY_ROWS,
        retry_s: float = RETRY_S,
    ) -> None:
        self._database = database
        self._on_failure = on_failure
        self._capacity_rows = capacity_rows
        self._retry_s = retry_s
        self._rows: deque[_Row] = deque()
        self._changed = threading.Condition()
        self._written = 0
        self._taken = 0
        self._hurry = False
        self._closing = False
        self._failure: RecordsError | None = None
        self._lost = 0
        self._overflowing = False
        self._thread = threading.Thread(target=self._run, name="event-writer", daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.close()

    @property
    def failure(self) -> RecordsError | None:
        """Why the last group could not be written; None when it was."""
        return self._failure

    @property
    def lost_rows(self) -> int:
        """Rows given up since the start: no room in the queue, or refused for good."""
        return self._lost

    @property
    def pending_rows(self) -> int:
        """Rows not yet committed."""
        return len(self._rows)

    def log_of(self, call: CallId, *, events: int = 0, turns: int = 0) -> CallLog:
        """The log of a call, used by one thread at a time; `events` and `turns` are how many an earlier process stored of it."""
        return CallLog(self, call, events=events, turns=turns)

    def flush(self, timeout_s: float = 5.0) -> bool:
        """Wait until everything put so far is committed; False when it was not within `timeout_s`."""
        with self._changed:
            target = self._taken
            self._hurry = True
            self._changed.notify_all()
            return self._changed.wait_for(lambda: self._written >= target, timeout_s)

    def close(self, timeout_s: float = 5.0) -> bool:
        """Write what is left and stop the thread; False when some could not be written within `timeout_s`."""
        done = self.flush(timeout_s)
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        self._thread.join()
        return done

    def put(self, row: _Row) -> None:
        """Queue a row, given as what builds it; never waits for the database."""
        with self._changed:
            if len(self._rows) < self._capacity_rows:
                self._rows.append(row)
                self._taken += 1
                self._overflowing = False
                self._changed.notify_all()
                return
            self._lost += 1
            first, self._overflowing = not self._overflowing, True
        if first:  # one report for each overflow: it comes on the audio path
            self._on_failure(RecordsError(f"event queue full at {self._capacity_rows} rows: events are given up"))

    def _run(self) -> None:
        while group := self._next_group():
            try:
                self._write(group)
            except RecordsError as error:
                self._failed(error, group)
            else:
                self._done(len(group), None)

    def _next_group(self) -> list[_Row]:
        """The oldest rows, left in the queue; empty when the writer closes."""
        with self._changed:
            self._changed.wait_for(lambda: self._rows or self._closing)
            self._changed.wait_for(lambda: len(self._rows) >= GROUP_ROWS or self._hurry or self._closing, GROUP_S)
            stop = self._closing and self._failure is not None
            return [] if stop else list(islice(self._rows, GROUP_ROWS))

    def _write(self, group: list[_Row]) -> None:
        with self._database.transaction(Purpose.LOG) as session:
            _add_all(session, group)

    def _failed(self, error: RecordsError, group: list[_Row]) -> None:
        if refuses_the_row(error) and len(group) > 1:
            self._write_one_by_one(group)
            return
        self._failure = error
        self._on_failure(error)
        if refuses_the_row(error):
            self._lost += 1
            self._done(1, error)
            return
        with self._changed:
            self._changed.wait_for(lambda: self._closing, self._retry_s)

    def _write_one_by_one(self, group: list[_Row]) -> None:
        """Find the row that the database refuses among its neighbours."""
        for row in group:
            try:
                self._write([row])
            except RecordsError as error:
                self._failed(error, [row])
                if not refuses_the_row(error):
                    return
            else:
                self._done(1, None)

    def _done(self, rows: int, failure: RecordsError | None) -> None:
        with self._changed:
            for _ in range(rows):
                self._rows.popleft()
            self._written += rows
            self._failure = failure
            self._hurry = self._hurry and bool(self._rows)
            self._changed.notify_all()


class CallLog:
    """The events and turns of one call, numbered in the order they are put."""

    def __init__(self, writer: EventWriter, call: CallId, *, events: int, turns: int) -> None:
        self._writer = writer
        self._call = call
        self._events = events
        self._turns = turns

    def event(self, event: CallEvent) -> None:
        """Store a fact."""
        seq, self._events = self._events, self._events + 1
        self._writer.put(
            lambda: EventRow(call_id=self._call, seq=seq, t_s=event.t_s, kind=event.kind.value, data=dict(event.data))
        )

    def turn(self, turn: Turn) -> None:
        """Store what one side said."""
        index, self._turns = self._turns, self._turns + 1
        self._writer.put(
            lambda: TurnRow(
                call_id=self._call, index=index, t_s=turn.t_s, speaker=turn.speaker, text=turn.text,
                heard_text=turn.heard_text, intent=turn.intent, language=turn.language,
            )
        )  # fmt: skip


def _add_all(session: Session, group: list[_Row]) -> None:
    session.add_all([row() for row in group])

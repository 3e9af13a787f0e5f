from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.fakes.stored import answer_call, register_firm
from voicebot.core.errors import RecordsError, StorageFullError
from voicebot.core.events import CallEvent, EventKind
from voicebot.core.ids import CallId
from voicebot.records.calls import Turn, read_call
from voicebot.records.database import Database
from voicebot.records.engines import Purpose
from voicebot.records.group_commit import EventWriter

EVENT = CallEvent(t_s=1.0, kind=EventKind.PARTIAL, data={"text": "bonjour"})


@pytest.fixture(autouse=True)
def _calls(database: Database) -> None:
    register_firm(database)
    for name in ("a", "b", "c", "d"):
        answer_call(database, name)


def events_of(database: Database, call: str) -> int:
    stored = read_call(database, CallId(call))
    return 0 if stored is None else len(stored.events)


def test_flush_returns_when_everything_is_committed(database: Database) -> None:
    with EventWriter(database) as writer:
        log = writer.log_of(CallId("a"))
        for _ in range(1200):
            log.event(EVENT)
        assert writer.flush()
        assert events_of(database, "a") == 1200
        assert writer.pending_rows == 0


def test_many_calls_write_at_once_and_nothing_is_lost(database: Database) -> None:
    with EventWriter(database) as writer:
        logs = [writer.log_of(CallId(name)) for name in ("a", "b", "c", "d")]
        threads = [threading.Thread(target=lambda log=log: [log.event(EVENT) for _ in range(300)]) for log in logs]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert [events_of(database, name) for name in ("a", "b", "c", "d")] == [300] * 4


def test_a_row_that_can_never_be_written_is_reported_and_its_neighbours_are_kept(database: Database) -> None:
    reported: list[RecordsError] = []
    with EventWriter(database, on_failure=reported.append) as writer:
        good, bad = writer.log_of(CallId("a")), writer.log_of(CallId("nobody"))
        for log in (good, bad, good):
            log.event(EVENT)
        assert writer.flush()
        assert writer.lost_rows == 1
    assert len(reported) == 1
    assert events_of(database, "a") == 2


def test_a_text_that_the_database_cannot_hold_does_not_stop_its_neighbours(database: Database) -> None:
    with EventWriter(database) as writer:
        log = writer.log_of(CallId("a"))
        for text_said in ("avant", "\0", "après"):
            log.turn(Turn(t_s=0.0, speaker="caller", text=text_said, language="fr"))
        assert writer.flush()
    stored = read_call(database, CallId("a"))
    assert stored is not None
    assert [turn.text for turn in stored.turns if turn.text != "\0"] == ["avant", "après"]


def test_a_group_that_fails_is_reported_kept_and_written_later(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    failed = threading.Event()
    full = threading.Event()
    full.set()
    transaction = database.transaction

    def refusing(purpose: Purpose = Purpose.WRITE) -> object:
        if full.is_set():
            raise StorageFullError("no room left")
        return transaction(purpose)

    monkeypatch.setattr(database, "transaction", refusing)
    writer = EventWriter(database, on_failure=lambda _error: failed.set(), retry_s=0.01)
    log = writer.log_of(CallId("a"))
    log.event(EVENT)
    assert failed.wait(10)
    assert isinstance(writer.failure, StorageFullError)
    assert not writer.flush(timeout_s=0.01), "what is not committed is not said to be"
    log.event(EVENT)
    full.clear()
    assert writer.flush()
    assert writer.failure is None
    assert writer.lost_rows == 0
    assert writer.close()
    assert events_of(database, "a") == 2


def test_a_full_queue_refuses_at_once_and_says_so(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    def refusing(_purpose: Purpose = Purpose.WRITE) -> object:
        raise StorageFullError("no room left")

    reported: list[RecordsError] = []
    monkeypatch.setattr(database, "transaction", refusing)
    writer = EventWriter(database, on_failure=reported.append, capacity_rows=10, retry_s=30)
    log = writer.log_of(CallId("a"))
    for _ in range(12):
        log.event(EVENT)
    assert (writer.pending_rows, writer.lost_rows) == (10, 2)
    assert sum("queue full" in str(error) for error in reported) == 1, "one report for each overflow"
    assert not writer.close(timeout_s=0.01), "closing does not hang, and tells that rows are left"


def test_events_wait_while_another_program_holds_the_file(tmp_path: Path) -> None:
    database = Database.open(f"sqlite:///{tmp_path}/other.db", upgrade=True)
    register_firm(database)
    call = answer_call(database)
    other = sqlite3.connect(tmp_path / "other.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE").close()
    with EventWriter(database) as writer:
        writer.log_of(call).event(EVENT)
        assert not writer.flush(timeout_s=0.05)
        other.close()
        assert writer.flush()
    assert events_of(database, call) == 1
    database.close()


def test_confirmed_facts_are_synced_to_the_disk_and_events_are_not_waited_for(database: Database) -> None:
    if not database.is_sqlite:
        pytest.skip("a setting of SQLite")
    levels = {}
    for purpose in (Purpose.WRITE, Purpose.LOG, Purpose.WRITE):
        with database.transaction(purpose) as session:
            levels[purpose] = session.connection().execute(text("PRAGMA synchronous")).scalar_one()
    assert levels == {Purpose.WRITE: 2, Purpose.LOG: 1}

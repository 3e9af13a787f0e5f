from __future__ import annotations

import sqlite3
import traceback
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from tests.fakes.firms import PARIS
from tests.fakes.stored import FIRM_ID, NOW, answer_call, register_firm, wait_for_human
from voicebot.core.errors import RecordsError, StorageFullError
from voicebot.core.ids import CallId, ClientId, TicketId
from voicebot.core.tickets import Ticket, TicketEvent, TicketState
from voicebot.records.calls import list_calls
from voicebot.records.database import Database
from voicebot.records.desk_tables import TicketRow
from voicebot.records.faults import records_error
from voicebot.records.migrate import head_revision, upgrade_tables
from voicebot.records.races import lost_a_race
from voicebot.records.tables import CallerRow, CallRow
from voicebot.records.tickets import open_tickets, save_changes

TICKET_OF_VERSION_0001 = (
    "INSERT INTO clients VALUES ('old', 'Old', 'Europe/Paris', 'v1', '2027-03-23 09:00:00+00:00')",
    """INSERT INTO calls (id, client_id, caller, started_at, zone, language, urgent)
       VALUES ('old-call', 'old', '+33639980009', '2027-03-23 09:00:00+00:00', 'Europe/Paris', 'en', FALSE)""",
    """INSERT INTO tickets (client_id, call_id, state, reason, base_priority, summary, transcript, created_at)
       VALUES ('old', 'old-call', 'waiting', 'vip', 300, 'Une panne.', '["a"]', '2027-03-23 09:00:00+00:00')""",
)


def test_an_empty_database_is_brought_up_to_date_and_again_changes_nothing(database_url: str) -> None:
    for _ in range(2):
        Database.open(database_url, upgrade=True).close()
    database = Database.open(database_url)
    with database.session() as session:
        assert session.connection().execute(text("SELECT version_num FROM alembic_version")).scalars().all() == [head_revision()]
    database.close()


def test_the_migrations_make_exactly_the_tables_of_the_code(database: Database, database_url: str) -> None:
    engine = create_engine(database_url)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), TicketRow.metadata) == []
    engine.dispose()


def test_a_ticket_that_waited_before_there_was_a_desk_still_waits(database_url: str) -> None:
    engine = create_engine(database_url)
    with engine.begin() as connection:
        upgrade_tables(connection, "0001")
        for statement in TICKET_OF_VERSION_0001:
            connection.execute(text(statement))
    engine.dispose()
    database = Database.open(database_url, upgrade=True)
    (ticket,) = open_tickets(database)
    assert ticket == Ticket(
        id=TicketId(1), version=1, state=TicketState.WAITING, client=ClientId("old"), call=CallId("old-call"),
        caller="+33639980009", language="en", reason="vip", base_score=300, summary="Une panne.", transcript=("a",),
        waiting_since=NOW,
    )  # fmt: skip
    left = TicketEvent(ticket=ticket.id, kind="caller_left", at=NOW, data={})
    assert save_changes(database, [(ticket, replace(ticket, state=TicketState.ABANDONED))], [left])
    register_firm(database)
    assert wait_for_human(database, answer_call(database)).id != ticket.id
    database.close()


def test_a_database_without_tables_names_the_command(database_url: str) -> None:
    with pytest.raises(RecordsError, match="has no tables yet: run `voicebot db upgrade`"):
        Database.open(database_url)


def test_tables_of_another_version_are_refused(database: Database, database_url: str) -> None:
    with database.transaction() as session:
        session.connection().execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(RecordsError, match=f"version 9999, this program needs {head_revision()}"):
        Database.open(database_url)


def test_times_come_back_as_utc_whatever_zone_they_were_given_in(database: Database) -> None:
    register_firm(database)
    twice = [datetime(2027, 10, 31, 2, 30, tzinfo=PARIS, fold=fold) for fold in (0, 1)]
    for number, moment in enumerate(twice):
        answer_call(database, f"call-{number}", at=moment)
    newest, oldest = list_calls(database, client=FIRM_ID)
    assert newest.started_at - oldest.started_at == timedelta(hours=1), "the hour that is shown twice"
    assert oldest.started_at.utcoffset() == timedelta(0)


def test_a_naive_time_is_refused(database: Database) -> None:
    register_firm(database)
    with pytest.raises(RecordsError, match="needs its zone"):
        answer_call(database, at=datetime(2027, 3, 23, 9, 0))  # noqa: DTZ001


def test_what_raises_inside_a_transaction_leaves_nothing(database: Database) -> None:
    def write_and_fail() -> None:
        with database.transaction() as session:
            session.add(CallRow(id="x", started_at=NOW, zone="Europe/Paris", language="fr"))
            session.flush()
            raise RecordsError("stop")

    with pytest.raises(RecordsError, match="stop"):
        write_and_fail()
    assert list_calls(database) == ()


def test_foreign_keys_are_kept(database: Database) -> None:
    with pytest.raises(RecordsError):
        answer_call(database)


def test_errors_hold_no_personal_data_and_keep_their_cause(database: Database) -> None:
    register_firm(database)

    def add_caller() -> None:
        with database.transaction() as session:
            session.add(CallerRow(client_id=FIRM_ID, number="+33639980042", names_seen=["Zoé"], calls=1, last_call_at=NOW))

    add_caller()
    with pytest.raises(RecordsError) as refused:
        add_caller()
    assert isinstance(refused.value.__cause__, IntegrityError)
    shown = "".join(traceback.format_exception(refused.value))
    assert "+33639980042" not in shown
    assert "Zoé" not in shown


@pytest.mark.parametrize(
    ("url", "part"),
    [
        ("sqlite:////nonexistent/folder/x.db", "the folder /nonexistent/folder does not exist"),
        ("sqlite://", "expected a file"),
        ("sqlite:////", "is a folder"),
        ("mystery://x", "expected sqlite"),
        ("not an address", "expected sqlite"),
    ],
)
def test_an_unusable_address_says_what_is_wrong(url: str, part: str) -> None:
    with pytest.raises(RecordsError, match=part):
        Database.open(url)


def test_a_file_that_is_no_database_says_so(tmp_path: Path) -> None:
    (tmp_path / "x.db").write_text("not a database, but long enough to have a header " * 50)
    with pytest.raises(RecordsError, match="not an SQLite database"):
        Database.open(f"sqlite:///{tmp_path}/x.db", upgrade=True)


def test_a_database_locked_by_another_program_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("voicebot.records.engines.BUSY_TIMEOUT_MS", 20)
    database = Database.open(f"sqlite:///{tmp_path}/x.db", upgrade=True)
    other = sqlite3.connect(tmp_path / "x.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE").close()
    with pytest.raises(RecordsError, match="locked"):
        register_firm(database)
    other.close()
    register_firm(database)
    database.close()


def test_a_full_disk_has_an_error_of_its_own(tmp_path: Path) -> None:
    database = Database.open(f"sqlite:///{tmp_path}/x.db", upgrade=True)
    register_firm(database)
    with database.session() as session:
        pages = session.connection().execute(text("PRAGMA page_count")).scalar_one()

    def fill() -> None:
        with database.transaction() as session:
            session.connection().execute(text(f"PRAGMA max_page_count={pages}"))
            for number in range(1000):
                session.add(CallRow(id=f"{number:0500}", started_at=NOW, zone="Europe/Paris", language="fr"))

    with pytest.raises(StorageFullError, match="no room left"):
        fill()
    assert list_calls(database) == ()
    database.close()


def test_a_full_disk_of_postgresql_is_known_by_its_state() -> None:
    class DiskFullError(Exception):
        sqlstate = "53100"

    assert isinstance(records_error(DiskFullError("could not extend file"), "postgresql://host/db"), StorageFullError)


@pytest.mark.parametrize(
    ("state", "lost"), [("23505", True), ("40P01", True), ("40001", True), ("23503", False), ("53100", False)]
)
def test_who_gives_way_to_another_transaction_of_postgresql_has_lost_a_race(state: str, lost: bool) -> None:
    class GaveWayError(Exception):
        sqlstate = state

    error = RecordsError("refused")
    error.__cause__ = DBAPIError("UPDATE", None, GaveWayError())
    assert lost_a_race(error) is lost

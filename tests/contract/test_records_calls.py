from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest

from tests.fakes.stored import FIRM_ID, NOW, answer_call, register_firm
from tests.fakes.threads import all_at_once
from voicebot.core.errors import RecordsError
from voicebot.core.events import CallEvent, EventKind
from voicebot.core.ids import CallId, ClientId
from voicebot.records.calls import Turn, add_recording, end_call, list_calls, read_call, unfinished_calls
from voicebot.records.clients import caller_of, note_caller, register_client
from voicebot.records.database import Database
from voicebot.records.group_commit import EventWriter


@pytest.fixture(autouse=True)
def _firm(database: Database) -> None:
    register_firm(database)


def end(database: Database, call: CallId, reason: str = "bot_goodbye") -> None:
    end_call(
        database, call=call, ended_at=NOW + timedelta(seconds=42), duration_s=42.0, language="fr", end_reason=reason,
        outcome="booked", intent="book_appointment", notice={"language": "fr", "t_s": 0.1},
    )  # fmt: skip


def test_a_call_is_read_as_it_was_written_in_order(database: Database) -> None:
    call = answer_call(database)
    turns = (
        Turn(t_s=0.0, speaker="bot", text="Bonjour", language="fr"),
        Turn(
            t_s=3.5,
            speaker="caller",
            text="un rendez-vous",
            language="fr",
            heard_text="un rendez vous",
            intent="book_appointment",
        ),
    )
    events = tuple(
        CallEvent(t_s=t, kind=EventKind.CALLER_TURN, data={"n": [1, None, {"é": True}], "t": t}) for t in (0.5, 0.25, 9.0)
    )
    with EventWriter(database) as writer:
        log = writer.log_of(call)
        for event in events:
            log.event(event)
        for turn in turns:
            log.turn(turn)
    end(database, call)
    stored = read_call(database, call)
    assert stored is not None
    assert stored.turns == turns
    assert stored.events == events
    assert (stored.call.end_reason, stored.call.outcome, stored.call.duration_s) == ("bot_goodbye", "booked", 42.0)
    assert stored.call.notice == {"language": "fr", "t_s": 0.1}
    assert stored.call.ended_at == NOW + timedelta(seconds=42)


def test_a_call_ends_once(database: Database) -> None:
    call = answer_call(database)
    end(database, call)
    with pytest.raises(RecordsError, match="a call ends once"):
        end(database, call, "error")
    with pytest.raises(RecordsError, match="unknown or already ended"):
        end(database, CallId("nobody"))
    assert list_calls(database)[0].end_reason == "bot_goodbye"


def test_calls_without_an_end_are_found_oldest_first(database: Database) -> None:
    done, second, first, later = (
        answer_call(database, "done"),
        answer_call(database, "second", at=NOW + timedelta(minutes=2)),
        answer_call(database, "first", at=NOW + timedelta(minutes=1)),
        answer_call(database, "later", at=NOW + timedelta(hours=1)),
    )
    end(database, done)
    assert unfinished_calls(database, started_before=NOW + timedelta(minutes=30)) == (first, second)
    end(database, later)
    assert unfinished_calls(database, started_before=NOW + timedelta(hours=2)) == (first, second)


def test_calls_are_listed_newest_first_and_by_client(database: Database) -> None:
    other = ClientId("other")
    register_firm(database, other, "+33199001002")
    for number in range(3):
        answer_call(database, f"call-{number}", at=NOW + timedelta(minutes=number))
    answer_call(database, "elsewhere", client=other)
    assert [call.id for call in list_calls(database, client=FIRM_ID, limit=2)] == ["call-2", "call-1"]
    earlier = list_calls(database, client=FIRM_ID, started_before=NOW + timedelta(minutes=1))
    assert [call.id for call in earlier] == ["call-0"]


def test_an_unknown_call_is_none(database: Database) -> None:
    assert read_call(database, CallId("nobody")) is None


def test_a_recording_is_known_by_its_call(database: Database) -> None:
    call = answer_call(database)
    add_recording(database, call=call, path="a/b.wav", sha256="00", rate_hz=8000, duration_s=1.5, created_at=NOW)
    assert list_calls(database)[0].recording_path == "a/b.wav"


def test_a_caller_is_remembered_by_each_client_alone(database: Database) -> None:
    other = ClientId("other")
    register_firm(database, other, "+33199001002")
    for name in ("Jean Dupont", None, "Jean Dupond"):
        note_caller(database, client=FIRM_ID, number="+33639980001", name=name, now=NOW)
    known = caller_of(database, FIRM_ID, "+33639980001")
    assert known is not None
    assert (known.name, known.names_seen, known.calls) == ("Jean Dupond", ("Jean Dupont", "Jean Dupond"), 3)
    assert caller_of(database, other, "+33639980001") is None


def test_a_caller_on_many_calls_at_once_is_counted_each_time(database: Database) -> None:
    count = partial(note_caller, database, client=FIRM_ID, number="+33639980001", name="Jean Dupont", now=NOW)
    all_at_once([count] * 10)
    known = caller_of(database, FIRM_ID, "+33639980001")
    assert known is not None
    assert known.calls == 10


def test_a_client_may_be_registered_by_many_processes_at_once(database: Database) -> None:
    other = ClientId("other")
    all_at_once([partial(register_firm, database, other, "+33199001002")] * 10)
    answer_call(database, client=other)


def test_a_line_cannot_be_taken_from_another_client(database: Database) -> None:
    with pytest.raises(RecordsError, match="belongs to client 'firm'"):
        register_firm(database, ClientId("other"), "+33199001001")


def test_a_line_given_up_can_be_given_to_another_client(database: Database) -> None:
    register_client(database, client=FIRM_ID, name="x", zone="Europe/Paris", version="v2", lines=("+33199001003",), now=NOW)
    register_firm(database, ClientId("other"), "+33199001001")

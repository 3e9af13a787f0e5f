"""What of a call becomes turns and its row."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.stored import NOW, answer_call, register_firm
from voicebot.audio.recorder import StereoRecorder
from voicebot.call.event_log import EventLog
from voicebot.call.keeper import CallKeeper
from voicebot.call.session import CallEnd
from voicebot.core.audio import silence
from voicebot.core.events import EventKind
from voicebot.dialog.actions import EndReason, Outcome
from voicebot.records.calls import CallFile, read_call
from voicebot.records.database import Database
from voicebot.records.group_commit import EventWriter

END = CallEnd(reason=EndReason.CALLER_GOODBYE, outcome=Outcome.ANSWERED, duration_s=12.0)


class Kept:
    """One call being kept."""

    def __init__(self, database: Database, writer: EventWriter) -> None:
        self.database = database
        self.call = answer_call(database)
        self.keeper = CallKeeper(database=database, writer=writer, call=self.call, language="fr")
        self.log = EventLog(self.keeper.take)

    def says(self, t_s: float, text: str, *, language: str = "fr") -> None:
        self.log.add(t_s, EventKind.BOT_SENTENCE, text=text, act="a", language=language)

    def heard(self, t_s: float, text: str, *, complete: bool = True) -> None:
        self.log.add(t_s, EventKind.BOT_HEARD, heard=text, complete=complete)

    def caller(self, t_s: float, text: str, intent: str, *, urgent: bool = False) -> None:
        self.log.add(t_s, EventKind.CALLER_TURN, text=text, intent=intent, urgent=urgent)

    def ended(self, recording: StereoRecorder | None = None) -> CallFile:
        self.keeper.end(END, now=NOW, recording=recording)
        stored = read_call(self.database, self.call)
        assert stored is not None
        return stored


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Kept]:
    database = Database.open(f"sqlite:///{tmp_path}/records.db", upgrade=True)
    register_firm(database)
    with EventWriter(database) as writer:
        yield Kept(database, writer)
    database.close()


def test_a_bot_turn_holds_what_was_written_and_what_was_heard_of_it_sentence_by_sentence(kept: Kept) -> None:
    kept.says(1.0, "Un. Deux.")
    kept.says(1.0, "Trois.")
    kept.heard(3.0, "Un.", complete=False)
    kept.heard(3.0, "", complete=False)
    turns = kept.ended().turns
    assert [(turn.t_s, turn.text, turn.heard_text) for turn in turns] == [(1.0, "Un. Deux.", "Un."), (1.0, "Trois.", "")]


def test_the_intent_of_a_call_is_the_first_that_says_what_it_is_about(kept: Kept) -> None:
    for t_s, intent in enumerate(("greeting", "noise", "book_appointment", "opening_hours")):
        kept.caller(float(t_s), "texte", intent)
    assert kept.ended().call.intent == "book_appointment"


def test_a_call_is_urgent_once_one_turn_was(kept: Kept) -> None:
    kept.caller(1.0, "c'est urgent", "urgent", urgent=True)
    kept.caller(2.0, "merci", "thanks_bye")
    assert kept.ended().call.urgent


def test_the_language_is_the_last_spoken_and_the_notice_the_first_played(kept: Kept) -> None:
    kept.log.add(5.0, EventKind.NOTICE_PLAYED, text="Bonjour.")
    kept.says(6.0, "Hello.", language="en")
    kept.heard(7.0, "Hello.")
    kept.log.add(8.0, EventKind.NOTICE_PLAYED, text="Hello.")
    call = kept.ended().call
    assert call.language == "en"
    assert call.notice == {"t_s": 5.0, "text": "Bonjour."}


def test_the_end_and_the_recording_with_its_hash_are_stored(kept: Kept, tmp_path: Path) -> None:
    path = tmp_path / "call.wav"
    recording = StereoRecorder(path, 8000)
    recording.write(silence(8000), silence(8000))
    recording.close()
    call = kept.ended(recording).call
    assert (call.end_reason, call.outcome, call.duration_s) == ("caller_goodbye", "answered", 12.0)
    assert call.recording_path == str(path)
    assert stored_hashes(kept.database) == [hashlib.sha256(path.read_bytes()).hexdigest()]


def stored_hashes(database: Database) -> list[str]:
    from sqlmodel import select

    from voicebot.records.tables import RecordingRow

    with database.session() as session:
        return [row.sha256 for row in session.exec(select(RecordingRow))]

"""What a killed process leaves of a call: its one end, its recording, and where the dialogue goes on if the caller comes back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from voicebot.audio.recorder import StereoRecorder
from voicebot.bootstrap.aftermath import end_cut_calls
from voicebot.bootstrap.call_parts import Caller, executor_of
from voicebot.bootstrap.resumption import resumption_of
from voicebot.bootstrap.runtime import Runtime
from voicebot.call.event_log import EventLog
from voicebot.core.audio import silence
from voicebot.core.events import EventKind
from voicebot.core.ids import CallId
from voicebot.dialog.actions import EndReason, Outcome
from voicebot.dialog.inputs import HumanRequested, MessageTaken
from voicebot.records.calls import CallFile, read_call
from voicebot.records.messages import messages_of_call

ANSWERED = datetime(2027, 3, 23, 9, 0, tzinfo=UTC)
LATER = ANSWERED + timedelta(hours=1)
"""When the next process begins."""
CALLER = "+33639980001"


class Cut:
    """A call of which everything up to the kill is stored, and no end."""

    def __init__(self, runtime: Runtime) -> None:
        self.runtime = runtime
        consignes = runtime.clients.by_id("cabinet-lilas")
        self.caller = Caller(consignes=consignes, number=CALLER, line=consignes.lines[0])
        self.call = runtime.store_start(CallId("cut"), self.caller, ANSWERED)
        self.keeper = runtime.keeper(CallId("cut"), "fr")
        self.log = EventLog(self.keeper.take)
        self._say(0.0, EventKind.CALL_STARTED, caller=CALLER, now=ANSWERED.isoformat(), recorded=False, returning=False)

    def _say(self, t_s: float, kind: EventKind, **data: Any) -> None:
        self.log.add(t_s, kind, **data)

    def bot(self, t_s: float, text: str, *, heard: bool = True) -> None:
        self._say(t_s, EventKind.BOT_SENTENCE, text=text, act="a", language="fr")
        self._say(t_s, EventKind.BOT_STARTED, text=text, act="a")
        if heard:
            self._say(t_s + 1, EventKind.BOT_HEARD, heard=text, complete=True)

    def says(self, t_s: float, text: str) -> None:
        now = (ANSWERED + timedelta(seconds=t_s)).isoformat()
        self._say(t_s, EventKind.CALLER_TURN, text=text, intent="leave_message", urgent=False, cut=False, now=now)

    def acts(self, t_s: float, name: str) -> None:
        self._say(t_s, EventKind.ACTION, name=name)

    @property
    def file(self) -> CallFile:
        assert self.runtime.events.flush()
        stored = read_call(self.runtime.database, CallId("cut"))
        assert stored is not None
        return stored

    def ended(self, folder: Path) -> CallFile:
        assert self.runtime.events.flush()
        assert end_cut_calls(self.runtime, started_before=LATER, alive=(), recordings=folder) == 1
        return self.file


@pytest.fixture
def cut(runtime: Runtime) -> Cut:
    return Cut(runtime)


def test_a_cut_call_ends_once_at_its_last_event_with_everything_said(cut: Cut, tmp_path: Path) -> None:
    cut.bot(1.0, "Bonjour.")
    cut.says(5.0, "une secrétaire")
    cut.bot(6.0, "Ne quittez pas.", heard=False)
    stored = cut.ended(tmp_path)
    assert (stored.call.end_reason, stored.call.duration_s) == (EndReason.CUT_OFF, 6.0)
    assert stored.call.ended_at == ANSWERED + timedelta(seconds=6)
    assert [(turn.speaker, turn.text, turn.heard_text) for turn in stored.turns] == [
        ("bot", "Bonjour.", "Bonjour."),
        ("caller", "une secrétaire", "une secrétaire"),
        ("bot", "Ne quittez pas.", ""),
    ]
    assert end_cut_calls(cut.runtime, started_before=LATER, alive=(), recordings=tmp_path) == 0


def test_a_call_that_was_taken_up_again_is_left_alone(cut: Cut, tmp_path: Path) -> None:
    assert end_cut_calls(cut.runtime, started_before=LATER, alive=(CallId("cut"),), recordings=tmp_path) == 0
    assert cut.file.call.end_reason is None


def test_a_call_of_which_nothing_but_the_start_is_known_ends_too(runtime: Runtime, tmp_path: Path) -> None:
    consignes = runtime.clients.by_id("cabinet-lilas")
    runtime.store_start(CallId("bare"), Caller(consignes=consignes, number=None, line=consignes.lines[0]), ANSWERED)
    assert end_cut_calls(runtime, started_before=LATER, alive=(), recordings=tmp_path) == 1
    stored = read_call(runtime.database, CallId("bare"))
    assert stored is not None
    assert (stored.call.end_reason, stored.call.outcome) == (EndReason.CUT_OFF, Outcome.NOTHING)


def test_what_was_recorded_before_the_kill_is_kept_and_known(cut: Cut, tmp_path: Path) -> None:
    recorder = StereoRecorder(tmp_path / "cut.wav", 16000)
    for _ in range(100):
        recorder.write(silence(16000), silence(16000))
    cut.bot(1.0, "Bonjour.")
    stored = cut.ended(tmp_path)
    assert stored.call.recording_path == str(tmp_path / "cut.wav")
    recorder.close()


def resumption(cut: Cut) -> Any:
    runtime, file = cut.runtime, cut.file
    executor = executor_of(CallId("cut"), cut.caller.consignes, cut.log, runtime.database, runtime.handoff)
    now = ANSWERED + timedelta(seconds=30)
    return resumption_of(file, runtime.rebuilt(file), executor, runtime.database, now=now)


def test_a_call_goes_on_at_the_time_that_has_passed_and_without_its_notice_hears_it(cut: Cut) -> None:
    assert (resumption(cut).at_s, resumption(cut).noticed, resumption(cut).result) == (30.0, False, None)
    cut.log.add(5.0, EventKind.NOTICE_PLAYED, text="Bonjour.")
    assert resumption(cut).noticed


def test_a_human_asked_for_just_before_the_kill_is_asked_for_again_under_the_same_ticket(cut: Cut) -> None:
    cut.log.add(8.0, EventKind.KEYS, keys="0", now=(ANSWERED + timedelta(seconds=8)).isoformat())
    cut.acts(8.0, "RequestHuman")
    first, second = resumption(cut).result, resumption(cut).result
    assert isinstance(first, HumanRequested)
    assert second.ticket == first.ticket


def test_a_message_stored_just_before_the_kill_is_not_stored_twice(cut: Cut) -> None:
    for t_s, text in ((8.0, "dites-lui que mon traitement ne marche pas"), (14.0, "Jean Martin"), (20.0, "oui"), (26.0, "oui")):
        cut.says(t_s, text)
    cut.acts(26.0, "TakeMessage")
    stored = resumption(cut).result
    assert isinstance(stored, MessageTaken), cut.runtime.rebuilt(cut.file).expectation
    again = resumption(cut).result
    assert again == stored
    assert len(messages_of_call(cut.runtime.database, CallId("cut"))) == 1

"""Keeps a call: its start and end as rows, its events and turns through the group commit, as they happen."""

from __future__ import annotations

import hashlib
import wave
from datetime import datetime
from pathlib import Path

from voicebot.audio.recorder import StereoRecorder
from voicebot.call.session import CallEnd
from voicebot.core.errors import RecordsError
from voicebot.core.events import CallEvent, EventKind, JsonValue
from voicebot.core.ids import CallId
from voicebot.core.language import Language
from voicebot.records.calls import CallFile, Turn, add_recording, end_call
from voicebot.records.database import Database
from voicebot.records.group_commit import EventWriter


class CallKeeper:
    """An event sink that stores one call."""

    def __init__(self, *, database: Database, writer: EventWriter, call: CallId, language: Language) -> None:
        self._database = database
        self._writer = writer
        self._call = call
        self._log = writer.log_of(call)
        self._language: Language = language
        self._intent: str | None = None
        self._urgent = False
        self._notice: dict[str, JsonValue] | None = None
        self._spoken: list[tuple[float, str]] = []

    def recall(self, file: CallFile) -> None:
        """Take up what an earlier process stored of the same call, and keep what its end left open as said but not heard."""
        self._log = self._writer.log_of(self._call, events=len(file.events), turns=len(file.turns))
        for event in file.events:
            self._completed(event)
        for t_s, text in self._spoken:
            self._log.turn(Turn(t_s=t_s, speaker="bot", text=text, language=self._language, heard_text=""))
        self._spoken.clear()

    def take(self, event: CallEvent) -> None:
        """Store one event, and the turn that it completes."""
        self._log.event(event)
        turn = self._completed(event)
        if turn is not None:
            self._log.turn(turn)

    def _completed(self, event: CallEvent) -> Turn | None:
        data = event.data
        match event.kind:
            case EventKind.CALLER_TURN:
                return self._caller_turn(event)
            case EventKind.HUMAN_TURN:
                text = str(data["text"])
                return Turn(t_s=event.t_s, speaker="secretary", text=text, language=self._language, heard_text=text)
            case EventKind.BOT_SENTENCE:
                self._language = "en" if data["language"] == "en" else "fr"
                self._spoken.append((event.t_s, str(data["text"])))
            case EventKind.BOT_STARTED:
                self._spoken[0] = (event.t_s, self._spoken[0][1])
            case EventKind.BOT_HEARD:
                t_s, text = self._spoken.pop(0)
                heard = str(data["heard"])
                return Turn(t_s=t_s, speaker="bot", text=text, language=self._language, heard_text=heard)
            case EventKind.NOTICE_PLAYED:
                self._notice = self._notice or {"t_s": event.t_s, **data}
            case _:
                pass
        return None

    def end(self, end: CallEnd, *, now: datetime, recording: StereoRecorder | None) -> None:
        """Store how the call ended; everything is committed on return.

        Raises:
            RecordsError: the database refuses, or the recording is gone.
        """
        flushed = self._writer.flush()
        end_call(
            self._database,
            call=self._call,
            ended_at=now,
            duration_s=end.duration_s,
            language=self._language,
            end_reason=end.reason,
            outcome=end.outcome,
            intent=self._intent,
            urgent=self._urgent,
            notice=self._notice,
        )
        if recording is not None:
            keep_recording(self._database, self._call, recording.path, now=now)
        if not flushed and self._writer.failure is not None:
            raise self._writer.failure

    def _caller_turn(self, event: CallEvent) -> Turn:
        data = event.data
        intent = str(data["intent"])
        self._urgent = self._urgent or bool(data["urgent"])
        if self._intent in {None, "greeting", "noise", "out_of_scope"}:
            self._intent = intent
        text = str(data["text"])
        return Turn(t_s=event.t_s, speaker="caller", text=text, language=self._language, heard_text=text, intent=intent)


def keep_recording(database: Database, call: CallId, path: Path, *, now: datetime) -> None:
    """Store that `path`, a stereo WAV file, holds audio of a call.

    Raises:
        RecordsError: the file is gone or no recording, or the database refuses.
    """
    try:
        with path.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        with wave.open(str(path), "rb") as audio:
            rate_hz, duration_s = audio.getframerate(), audio.getnframes() / audio.getframerate()
    except (OSError, EOFError, wave.Error) as exc:
        raise RecordsError(f"The recording {path} cannot be read back: {exc}.") from exc
    add_recording(database, call=call, path=str(path), sha256=sha256, rate_hz=rate_hz, duration_s=duration_s, created_at=now)

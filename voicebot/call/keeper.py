"""Keeps a call: its start and end as rows, its events and turns through the group commit, as they happen."""

from __future__ import annotations

import hashlib
from datetime import datetime

from voicebot.audio.recorder import StereoRecorder
from voicebot.call.session import CallEnd
from voicebot.core.errors import RecordsError
from voicebot.core.events import CallEvent, EventKind, JsonValue
from voicebot.core.ids import CallId
from voicebot.core.language import Language
from voicebot.records.calls import Turn, add_recording, end_call
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

    def take(self, event: CallEvent) -> None:
        """Store one event, and the turn that it completes."""
        self._log.event(event)
        data = event.data
        match event.kind:
            case EventKind.CALLER_TURN:
                self._caller_turn(event)
            case EventKind.BOT_SENTENCE:
                self._language = "en" if data["language"] == "en" else "fr"
                self._spoken.append((event.t_s, str(data["text"])))
            case EventKind.BOT_STARTED:
                self._spoken[0] = (event.t_s, self._spoken[0][1])
            case EventKind.BOT_HEARD:
                t_s, text = self._spoken.pop(0)
                heard = str(data["heard"])
                self._log.turn(Turn(t_s=t_s, speaker="bot", text=text, language=self._language, heard_text=heard))
            case EventKind.NOTICE_PLAYED:
                self._notice = self._notice or {"t_s": event.t_s, **data}
            case _:
                pass

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
            self._add_recording(recording, now)
        if not flushed and self._writer.failure is not None:
            raise self._writer.failure

    def _add_recording(self, recording: StereoRecorder, now: datetime) -> None:
        add_recording(
            self._database,
            call=self._call,
            path=str(recording.path),
            sha256=_sha256(recording),
            rate_hz=recording.rate_hz,
            duration_s=recording.recorded_s,
            created_at=now,
        )

    def _caller_turn(self, event: CallEvent) -> None:
        data = event.data
        intent = str(data["intent"])
        self._urgent = self._urgent or bool(data["urgent"])
        if self._intent in {None, "greeting", "noise", "out_of_scope"}:
            self._intent = intent
        text = str(data["text"])
        self._log.turn(Turn(t_s=event.t_s, speaker="caller", text=text, language=self._language, heard_text=text, intent=intent))


def _sha256(recording: StereoRecorder) -> str:
    try:
        with recording.path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as exc:
        raise RecordsError(f"The recording {recording.path} cannot be read back: {exc.strerror}.") from exc

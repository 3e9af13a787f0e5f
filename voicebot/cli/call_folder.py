"""What a call leaves in the folder of `--out`: the recording is there already, the transcript comes beside it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from voicebot.call.event_log import EventSink
from voicebot.call.public_lines import public_line
from voicebot.core.errors import RecordsError, StorageFullError
from voicebot.core.events import CallEvent, EventKind
from voicebot.core.ids import CallId


def results_folder(folder: Path) -> Path:
    """Create a folder for results.

    Raises:
        RecordsError: it cannot be created.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as exc:
        raise RecordsError(f"{folder}: {exc.strerror}, expected a folder that can be written") from exc
    return folder


class CallFolder:
    """Follows one call, then writes `<call>.jsonl`; without a folder it only watches for a failed recording."""

    def __init__(self, folder: Path | None, show: Callable[[CallId], EventSink]) -> None:
        self._folder = folder
        self._show = show
        self._call: CallId | None = None
        self._events: list[CallEvent] = []

    def sink(self, call: CallId) -> EventSink:
        """Shows the call as well."""
        self._call = call
        show = self._show(call)

        def take(event: CallEvent) -> None:
            self._events.append(event)
            show(event)

        return take

    def finish(self) -> None:
        """Write the transcript.

        Raises:
            StorageFullError: the recording or the transcript could not be kept; the call itself is stored.
        """
        failed = next((e for e in self._events if e.kind is EventKind.FAILURE and "message" in e.data), None)
        if failed is not None:
            raise StorageFullError(f"{failed.data['message']} The call went on and is stored, without the rest of its recording.")
        if self._folder is not None and self._call is not None:
            self._write(self._folder / f"{self._call}.jsonl", self._call)

    def _write(self, path: Path, call: CallId) -> None:
        lines = [json.dumps(line, ensure_ascii=False) for e in self._events if (line := public_line(e, call)) is not None]
        try:
            path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        except OSError as exc:
            raise StorageFullError(f"{path}: {exc.strerror}; the transcript stays in the database") from exc

"""What a call leaves in the folder of `--out`: the recording is there already, the transcript comes beside it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from voicebot.call.event_log import EventSink
from voicebot.call.public_lines import public_line
from voicebot.core.errors import InputError, PermanenceError, StorageFullError
from voicebot.core.events import CallEvent, EventKind
from voicebot.core.ids import CallId


def results_folder(folder: Path) -> Path:
    """Create a folder for results.

    Raises:
        InputError: it cannot be created.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as exc:
        raise InputError(f"{folder}: {exc.strerror}, expected a folder that can be written") from exc
    return folder


class CallFolder:
    """Follows one call, then writes `<call>.jsonl`; without a folder it only watches for failures.

    An output that is closed or full stops the showing, never the call.
    """

    def __init__(self, folder: Path | None, show: Callable[[CallId], EventSink]) -> None:
        self._folder = folder
        self._show = show
        self._call: CallId | None = None
        self._events: list[CallEvent] = []
        self.unshown: OSError | None = None
        """Why the call is no longer shown."""

    def sink(self, call: CallId) -> EventSink:
        """Shows the call as well."""
        self._call = call
        show = self._show(call)

        def take(event: CallEvent) -> None:
            self._events.append(event)
            if self.unshown is not None:
                return
            try:
                show(event)
            except OSError as exc:
                self.unshown = exc

        return take

    def finish(self) -> None:
        """Write the transcript, then tell the first thing that went wrong.

        Raises:
            StorageFullError: the recording or the transcript could not be kept; the call itself is stored.
            PermanenceError: the call broke down; what was done before is stored.
            OSError: the output that showed the call is closed or full.
        """
        problem: Exception | None = self._problem() or self.unshown
        if self._folder is not None and self._call is not None:
            try:
                self._write(self._folder / f"{self._call}.jsonl", self._call)
            except StorageFullError as failure:
                problem = failure if problem is self.unshown else problem
        if problem is not None:
            raise problem

    def _problem(self) -> PermanenceError | None:
        for event in self._events:
            if event.kind is EventKind.FAILURE and "message" in event.data:
                why = event.data["message"]
                return StorageFullError(f"{why} The call went on and is stored, without the rest of its recording.")
            if event.kind is EventKind.FAILURE and event.data["code"] == "internal":
                return PermanenceError(
                    f"the call {self._call} broke down ({event.data['error']}); what was done before is stored"
                )
        return None

    def _write(self, path: Path, call: CallId) -> None:
        lines = [json.dumps(line, ensure_ascii=False) for e in self._events if (line := public_line(e, call)) is not None]
        try:
            path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        except OSError as exc:
            raise StorageFullError(f"{path}: {exc.strerror}; the transcript stays in the database") from exc

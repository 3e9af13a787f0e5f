"""Calls that a killed process left open: each gets its one end, with what had been stored of it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from pathlib import Path

from voicebot.bootstrap.runtime import Runtime
from voicebot.call.keeper import keep_recording
from voicebot.call.session import CallEnd
from voicebot.core.errors import InputError
from voicebot.core.ids import CallId
from voicebot.dialog.actions import EndReason, Outcome
from voicebot.records.calls import CallFile, read_call, unfinished_calls


def end_cut_calls(runtime: Runtime, *, started_before: datetime, alive: Collection[CallId], recordings: Path) -> int:
    """End every call that was started before and is not alive, at the time of its last event; how many there were.

    Args:
        runtime: of this process.
        started_before: aware; when this process began.
        alive: calls that were taken up again since.
        recordings: folder in which their audio may be.

    Raises:
        RecordsError: the database refuses.
    """
    cut = [call for call in unfinished_calls(runtime.database, started_before=started_before) if call not in alive]
    for call in cut:
        file = read_call(runtime.database, call)
        if file is not None:
            _end(runtime, file, recordings)
    return len(cut)


def _end(runtime: Runtime, file: CallFile, recordings: Path) -> None:
    last_s = max((event.t_s for event in file.events), default=0.0)
    ended_at = file.call.started_at + timedelta(seconds=last_s)
    keeper = runtime.keeper(file.call.id, file.call.language)
    keeper.recall(file)
    end = CallEnd(reason=EndReason.CUT_OFF, outcome=_outcome(runtime, file), duration_s=last_s)
    keeper.end(end, now=ended_at, recording=None)
    for path in sorted(recordings.glob(f"{file.call.id}*.wav")):
        keep_recording(runtime.database, file.call.id, path, now=ended_at)


def _outcome(runtime: Runtime, file: CallFile) -> Outcome:
    try:
        return runtime.rebuilt(file).outcome
    except (InputError, ValueError):  # the client is no longer there, or nothing was stored of the call but its start
        return Outcome.NOTHING

"""A call's recording, which may fail without the call failing."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from voicebot.audio.recorder import StereoRecorder
from voicebot.call.event_log import EventLog
from voicebot.core.audio import AudioChunk
from voicebot.core.errors import RecordsError
from voicebot.core.events import EventKind


class Recording:
    """Writes while it can; the first failure is logged and ends it."""

    def __init__(self, recorder: StereoRecorder | RecordsError | None, log: EventLog) -> None:
        """Make one.

        Args:
            recorder: the open file; None when nothing is to be kept; the failure when a wanted file could not be created.
            log: of the call.
        """
        self._recorder = recorder if isinstance(recorder, StereoRecorder) else None
        self._unopened = recorder if isinstance(recorder, RecordsError) else None
        self._log = log

    @property
    def active(self) -> bool:
        """Whether this call's audio is being kept."""
        return self._recorder is not None

    def begin(self, t_s: float) -> None:
        """The call has begun: log why it is not recorded, if it was meant to be."""
        if self._unopened is not None:
            self._log.add(t_s, EventKind.FAILURE, code=self._unopened.code, message=str(self._unopened))

    def write(self, caller: AudioChunk, other: AudioChunk, t_s: float) -> None:
        """Keep 20 ms of both sides."""
        self._try(lambda recorder: recorder.write(caller, other), t_s)

    def close(self, t_s: float) -> None:
        """Keep what is held in memory and close the file."""
        self._try(lambda recorder: recorder.close(), t_s)

    def _try(self, write: Callable[[StereoRecorder], None], t_s: float) -> None:
        if self._recorder is None:
            return
        try:
            write(self._recorder)
        except RecordsError as failure:
            recorder, self._recorder = self._recorder, None
            with suppress(RecordsError):
                recorder.close()
            self._log.add(t_s, EventKind.FAILURE, code=failure.code, message=str(failure))

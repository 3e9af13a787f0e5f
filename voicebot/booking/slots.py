"""An appointment slot, proposed or taken."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from voicebot.core.ids import ActId, PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A stretch of the agenda for one act."""

    act: ActId
    practitioner: PersonId | None
    """Whose agenda it is; None when the firm has a single one."""
    starts: datetime
    """Aware, in the client's zone."""
    ends: datetime
    """Aware, in the client's zone; buffers not included."""

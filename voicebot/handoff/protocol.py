"""How a call asks for a human, and gets one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from voicebot.core.audio import AudioChunk
from voicebot.core.ids import CallId, ClientId, TicketId
from voicebot.core.tickets import Leaving
from voicebot.handoff.events import HandoffEvent
from voicebot.handoff.requests import HandoffRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A call's place in the queue."""

    ticket: TicketId
    live: bool
    """Whether the caller can stay on the line for a human; False where no desk is served (a typed or simulated call)."""
    staffed: bool
    """Whether anybody who could take the call is logged in."""
    position: int
    """1 for the next to be taken."""
    estimate_s: float | None = None
    """Expected wait, seconds."""


class HandoffLine(Protocol):
    """A call's line to the humans, polled every 20 ms from the event loop; nothing here blocks."""

    def events(self, now: datetime) -> Sequence[HandoffEvent]:
        """What has happened since the last call, in order."""

    def send(self, chunk: AudioChunk) -> None:
        """The caller's 20 ms, at the rate of the call; dropped unless a human is connected and does not hold."""

    def receive(self) -> AudioChunk | None:
        """The human's next 20 ms at the rate of the call; None: silence."""

    @property
    def on_hold(self) -> bool:
        """Whether the human has put the caller on hold: music for the caller, silence for the human."""


class Handoff(Protocol):
    """The queue of calls that wait for a human, as a call sees it. Blocking but for `attend`; safe to share between threads."""

    def request(self, call: CallId, client: ClientId | None, request: HandoffRequest, *, now: datetime) -> Place:
        """Open the call's ticket; committed on return. Asked again, the call keeps its ticket and its rank.

        A caller who left the same client's queue a moment ago gets that ticket back, with its rank.

        Args:
            call: Who waits.
            client: For which firm; None when the line belongs to nobody.
            request: What the secretary reads.
            now: Aware; waiting counts from here.

        Raises:
            RecordsError: the call is unknown, or the ticket cannot be stored.
        """

    def leave(self, call: CallId, how: Leaving, *, phone: str | None, now: datetime) -> None:
        """Take the call out of the queue; committed on return. Does nothing when it has no ticket in the queue.

        Args:
            call: Who leaves.
            how: Decides what becomes of the ticket: a call-back when there is a number to ring, else its end.
            phone: Number to call back when it is not the calling one, E.164.
            now: Aware.

        Raises:
            RecordsError: it cannot be stored.
        """

    def returning(self, client: ClientId, caller: str, *, now: datetime) -> bool:
        """Whether this caller left the client's queue a moment ago (`Queue.return_within_s`) and would find the rank again.

        Raises:
            RecordsError: the database refuses.
        """

    def attend(self, call: CallId) -> HandoffLine | None:
        """The call's line to the humans; None where no desk is served."""

"""A call's line to the humans: what the queue tells it, and its end of the bridge."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from datetime import datetime, timedelta

from escalation.switchboard import Post
from voicebot.clients.consignes import Queue
from voicebot.core.audio import AudioChunk
from voicebot.core.tickets import IN_QUEUE, Ticket, TicketState
from voicebot.handoff.events import HandoffEvent, HumanComing, HumanConnected, HumanLeft, PlaceChanged, Waited

_MOST_TOLD = 100
"""A call that does not listen misses the oldest."""


class CallLine:
    """Implements `HandoffLine`."""

    def __init__(self, *, rules: Queue, counts_from: datetime, missed_before: datetime | None = None) -> None:
        """Open a line.

        Args:
            rules: Of the client.
            counts_from: Since when this caller waits; the limits of waiting count from here.
            missed_before: The caller is found again at this time: of the choices, only what is still ahead is told.
        """
        self._limits_s = (*rules.choices_after_s, rules.max_wait_s)
        self._counts_from = counts_from
        self._away_since: datetime | None = None
        self._told: deque[HandoffEvent] = deque(maxlen=_MOST_TOLD)
        self._ticket: Ticket | None = None
        self._place: PlaceChanged | None = None
        self._post: Post | None = None
        self._level = 0 if missed_before is None else min(self._reached(missed_before), 2)

    def events(self, now: datetime) -> Sequence[HandoffEvent]:
        """See `HandoffLine.events`."""
        told = list(self._told)
        self._told.clear()
        level = self._reached(now) if self._ticket is not None and self._ticket.state in IN_QUEUE else 0
        if level > self._level:
            self._level = level
            told.append(Waited(level=3 if level == 3 else 2 if level == 2 else 1))
        return told

    def send(self, chunk: AudioChunk) -> None:
        """See `HandoffLine.send`."""
        if self._post is not None:
            self._post.bridge.caller_says(chunk)

    def receive(self) -> AudioChunk | None:
        """See `HandoffLine.receive`."""
        return None if self._post is None else self._post.bridge.caller_hears()

    @property
    def on_hold(self) -> bool:
        """See `HandoffLine.on_hold`; a secretary whose connection is lost for a moment holds the caller too."""
        return self._post is not None and self._post.caller_on_hold

    def joins(self, post: Post | None) -> None:
        """The audio of the line is with this secretary; None: with nobody."""
        self._post = post

    def tell(self, event: HumanComing | HumanConnected | HumanLeft) -> None:
        """Something happened to the caller's ticket."""
        self._told.append(event)

    def waits_from(self, since: datetime) -> None:
        """The call, which had left the queue, is back in it."""
        self._counts_from, self._away_since, self._level, self._place = since, None, 0, None

    def follow(self, ticket: Ticket, now: datetime) -> None:
        """The ticket as it stands; time with a secretary is no waiting."""
        self._ticket = ticket
        if ticket.state not in IN_QUEUE:
            self._away_since = self._away_since or now
        elif self._away_since is not None:
            self._counts_from += now - self._away_since
            self._away_since = None

    def put(self, place: PlaceChanged, *, tell: bool = True) -> None:
        """The caller's place; told when the rank or who is there has changed: an estimate alone is no news."""
        known, self._place = self._place, place
        if tell and (known is None or (known.position, known.staffed) != (place.position, place.staffed)):
            self._told.append(place)

    @property
    def staffed(self) -> bool:
        """What the call was last told of who is there."""
        return self._place is None or self._place.staffed

    def _reached(self, now: datetime) -> int:
        waited = now - self._counts_from
        return sum(waited >= timedelta(seconds=limit_s) for limit_s in self._limits_s)


def news(before: Ticket | None, after: Ticket, *, name: str, given_back: bool) -> HumanComing | HumanConnected | HumanLeft | None:
    """What a change of its ticket is to the caller.

    Args:
        before: The ticket as it was, None when it is new here.
        after: As it is.
        name: How the secretary is called who has it, or had it.
        given_back: Whether she has given the caller back to the bot.
    """
    was, now = None if before is None else before.state, after.state
    with_her = was in {TicketState.CONNECTING, TicketState.TALKING}
    if was is now and before is not None and before.secretary == after.secretary:
        return None
    if now is TicketState.CONNECTING:
        return HumanComing(name=name)
    if now is TicketState.TALKING:
        return HumanConnected(name=name)
    if with_her and now in IN_QUEUE:
        return HumanLeft(how="lost")
    if was is TicketState.TALKING:
        return HumanLeft(how="given_back" if given_back else "ended")
    return None

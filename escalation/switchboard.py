"""The bridges of this process by ticket, and what the state of their legs demands of the tickets."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager

from escalation.bridge import Bridge, Phase
from escalation.desk_events import AudioConnected, AudioLost
from escalation.legs import SecretaryLeg
from voicebot.clients.consignes import Queue
from voicebot.core.audio import Samples
from voicebot.core.clock import Clock
from voicebot.core.ids import ClientId, TicketId, UserId
from voicebot.core.tickets import Ticket, TicketState

Speak = Callable[[], Awaitable[Samples | None]]
"""Makes the spoken briefing, int16 mono at 16 kHz; None when it cannot."""


class Post:
    """One bridge and the secretary's way to it."""

    def __init__(
        self,
        bridge: Bridge,
        user: UserId | None,
        *,
        clock: Clock,
        changed: Callable[[], None],
        speak: Speak | None,
    ) -> None:
        self.bridge = bridge
        self.user = user
        """Whose leg belongs here."""
        self.leg: SecretaryLeg | None = None
        self._clock = clock
        self._changed = changed
        self._speak = speak
        self._since_s = clock.now_s()

    @property
    def caller_on_hold(self) -> bool:
        """Whether the secretary holds the caller, or is away for a moment."""
        if self.bridge.phase is Phase.TALKING:
            return self.leg is None or self.leg.closed
        return self.bridge.phase is Phase.HOLD

    @property
    def briefing(self) -> bool:
        """Whether she is there and has not heard the briefing to its end."""
        return self.leg is not None and self.leg.carries_audio and not self.leg.briefed

    @property
    def ready(self) -> bool:
        """Whether both can be connected."""
        return self.leg is not None and self.leg.carries_audio and self.leg.briefed

    def wait_longer(self, grace_s: float) -> None:
        """Her absence counts only so many seconds from now."""
        self._since_s = self._clock.now_s() + grace_s

    def join(self) -> SecretaryLeg:
        """A new leg in the place of the one before."""
        if self.leg is not None:
            self.leg.close()
        self.leg = SecretaryLeg(self.bridge, clock=self._clock, prepare=self._prepare, changed=self._changed)
        return self.leg

    def away_s(self) -> float:
        """For how long nothing has come from her; 0 while she holds the caller with her leg open."""
        leg = self.leg
        if leg is not None and not leg.closed and self.bridge.phase is Phase.HOLD:
            return 0.0
        return self._clock.now_s() - (self._since_s if leg is None else max(leg.last_s, self._since_s))

    def end(self) -> None:
        """It is over."""
        self.bridge.end()
        if self.leg is not None:
            self.leg.close()

    async def _prepare(self) -> None:
        speak, self._speak = self._speak, None
        spoken = None if speak is None else await speak()
        if spoken is not None:
            self.bridge.brief(spoken)


class Switchboard:
    """All posts. Follows the tickets; from the event loop only."""

    def __init__(self, *, clock: Clock, changed: Callable[[], None]) -> None:
        """Begin empty; `changed` is called when a leg has something to say."""
        self._clock = clock
        self._changed = changed
        self._posts: dict[TicketId, Post] = {}
        self._speaks: dict[tuple[TicketId, UserId], Speak] = {}

    @contextmanager
    def speaking(self, ticket: TicketId, user: UserId, speak: Speak | None) -> Iterator[None]:
        """If she gets the ticket while this lasts, she is briefed aloud."""
        if speak is not None:
            self._speaks[ticket, user] = speak
        try:
            yield
        finally:
            self._speaks.pop((ticket, user), None)

    def follow(self, ticket: Ticket) -> Post | None:
        """Open, connect or end the ticket's bridge as its state demands; the post of a ticket that has one."""
        post = self._posts.get(ticket.id)
        if post is not None and post.user != ticket.secretary:
            self.end(ticket.id)
            post = None
        match ticket.state:
            case TicketState.CONNECTING:
                post = post or self._open(ticket, Phase.BRIEFING)
            case TicketState.TALKING:
                post = post or self._open(ticket, Phase.TALKING)
                post.bridge.connect()
            case _:
                self.end(ticket.id)
                return None
        return post

    def get(self, ticket: TicketId) -> Post | None:
        """The post of a ticket whose secretary is wanted or there."""
        return self._posts.get(ticket)

    def end(self, ticket: TicketId) -> None:
        """The ticket is gone."""
        post = self._posts.pop(ticket, None)
        if post is not None:
            post.end()

    def demands(
        self, tickets: Mapping[TicketId, Ticket], rules: Callable[[ClientId | None], Queue]
    ) -> Iterator[AudioConnected | AudioLost]:
        """What follows from who is there and who is not."""
        for number, post in tuple(self._posts.items()):
            ticket = tickets.get(number)
            if ticket is None or ticket.secretary is None:
                continue
            if ticket.state is TicketState.CONNECTING and post.ready:
                yield AudioConnected(ticket=number, user=ticket.secretary)
            elif ticket.state is TicketState.TALKING and post.away_s() >= rules(ticket.client).connect_s:
                yield AudioLost(ticket=number, user=ticket.secretary)

    def close(self) -> None:
        """End everything."""
        for number in tuple(self._posts):
            self.end(number)

    def _open(self, ticket: Ticket, phase: Phase) -> Post:
        speak = None if ticket.secretary is None else self._speaks.get((ticket.id, ticket.secretary))
        post = Post(Bridge(phase), ticket.secretary, clock=self._clock, changed=self._changed, speak=speak)
        self._posts[ticket.id] = post
        return post

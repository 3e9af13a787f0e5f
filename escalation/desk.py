"""The desk, as secretaries and supervisors use it: what they do, what they see, what they hear."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress

from accounts.refusals import NotFoundError
from accounts.users import User
from escalation.desk_events import (
    Accepted,
    CallbackAnswered,
    CallbackMissed,
    CallbackTaken,
    Declares,
    Declined,
    DeskEvent,
    Forced,
    GivenBack,
    Moved,
    TalkEnded,
    WrapUpEnded,
    WrapUpExtended,
)
from escalation.figures import Figures, figures
from escalation.file import read_file
from escalation.floor import Floor, Speech
from escalation.legs import SecretaryLeg
from escalation.listening import Tap
from escalation.onward import Dialler
from escalation.permissions import (
    any_ticket_seen,
    call_seen,
    checked_text,
    require_supervisor,
    ticket_held,
    ticket_seen,
)
from escalation.refusals import refusal
from escalation.rounds import Rounds
from escalation.speaking import briefing, pass_on
from escalation.updates import Subscription
from escalation.views import Json, written
from voicebot.call.event_log import EventSink
from voicebot.call.live import LiveCalls
from voicebot.clients.consignes import Consignes
from voicebot.core.clock import Clock
from voicebot.core.errors import RefusalError
from voicebot.core.ids import CallId, ClientId, TicketId, UserId
from voicebot.core.secretaries import Declared
from voicebot.core.tickets import IN_QUEUE, Ticket, TicketState
from voicebot.records.database import Database
from voicebot.records.wrap_ups import WrapUp, add_note, save_wrap_up

HINT_CHARACTERS = 300
NOTE_CHARACTERS = 2000
_WITH_SHEET = frozenset(
    {TicketState.CONNECTING, TicketState.TALKING, TicketState.WRAP_UP, TicketState.CALLING_BACK, TicketState.DONE}
)
"""When a wrap-up may be written."""


class Desk:
    """The service of the queue in one process.

    A ticket or call of a client that the user does not see is answered as if there were none (NotFoundError); what does not
    apply as things stand is a RefusalError; RecordsError means that the database refuses, and that nothing has changed.
    """

    def __init__(
        self,
        *,
        database: Database,
        clients: Iterable[Consignes],
        clock: Clock,
        live: LiveCalls,
        speech: Speech | None = None,
        dialler: Dialler | None = None,
    ) -> None:
        """Make a desk; `adopt` reads what there is, `run` keeps it going.

        Args:
            database: Where tickets are.
            clients: Whose consignes and rules count.
            clock: Real, or virtual in a simulation.
            live: The calls of this process.
            speech: Says briefings and announcements; None where nothing is to be said aloud.
            dialler: The telephone line out, where there is one.
        """
        self.floor = Floor(database=database, clients=clients, clock=clock, live=live, speech=speech, dialler=dialler)
        self.rounds = Rounds(self.floor)

    async def adopt(self) -> None:
        """See `Rounds.adopt`."""
        await self.rounds.adopt()

    async def run(self) -> None:
        """See `Rounds.run`."""
        await self.rounds.run()

    def close(self) -> None:
        """Stop: to be called once `run` is cancelled and the calls are over."""
        self.floor.close()

    def figures(self) -> Figures:
        """How the desk stands."""
        floor = self.floor
        return figures(floor.board, floor.counted, consoles=len(floor.newsroom), now=floor.clock.wall())

    # Tickets in the queue, and conversations.

    async def accept(self, user: User, ticket: TicketId, *, spoken: bool = False) -> Ticket:
        """Take a ticket; with `spoken`, she hears the briefing before she is connected."""
        found = ticket_seen(self.floor, user, ticket)
        if found.state in IN_QUEUE and not self.floor.attendance.here(found):
            raise refusal("gone")
        speak = briefing(self.floor, found) if spoken else None
        with self.floor.switchboard.speaking(ticket, user.id, speak):
            return await self._change(Accepted(ticket=ticket, user=user.id), ticket)

    async def refuse(self, user: User, ticket: TicketId, why: str) -> Ticket:
        """Let an offer pass."""
        ticket_seen(self.floor, user, ticket)
        return await self._change(Declined(ticket=ticket, user=user.id, why=why), ticket)

    async def hang_up(self, user: User, ticket: TicketId) -> Ticket:
        """End the conversation, and the call; before both are connected, it goes back to the queue."""
        if ticket_seen(self.floor, user, ticket).state is TicketState.CONNECTING:
            return await self._change(Declined(ticket=ticket, user=user.id, why="hung_up"), ticket)
        return await self._change(TalkEnded(ticket=ticket, user=user.id), ticket)

    async def give_back(self, user: User, ticket: TicketId) -> Ticket:
        """Leave the caller to the bot."""
        ticket_seen(self.floor, user, ticket)
        return await self._change(GivenBack(ticket=ticket, user=user.id), ticket)

    async def hold(self, user: User, ticket: TicketId, *, on: bool) -> Ticket:
        """Put the caller on hold, or take the call up again."""
        found = ticket_held(self.floor, user, ticket, TicketState.TALKING)
        post = self.floor.switchboard.get(ticket)
        if post is None:
            raise refusal("wrong_state")
        post.bridge.hold(on=on)
        return found

    async def transfer(self, user: User, ticket: TicketId, number: str) -> Ticket:
        """Pass the caller on to a number that the client has set up."""
        await pass_on(self.floor, ticket_held(self.floor, user, ticket, TicketState.TALKING), user.id, number)
        with suppress(RefusalError):  # the caller's line is down already: the call is not ours any more
            await self.floor.ledger.change(TalkEnded(ticket=ticket, user=user.id))
        return self.floor.board.tickets[ticket]

    def secretary_leg(self, user: User, ticket: TicketId) -> SecretaryLeg:
        """Her audio of a ticket that she has accepted; takes the place of an earlier leg."""
        ticket_held(self.floor, user, ticket, TicketState.CONNECTING, TicketState.TALKING)
        post = self.floor.switchboard.get(ticket)
        if post is None:
            raise refusal("wrong_state")
        return post.join()

    # Afterwards.

    async def extend_wrap_up(self, user: User, ticket: TicketId) -> Ticket:
        """More time to write, once."""
        ticket_seen(self.floor, user, ticket)
        return await self._change(WrapUpExtended(ticket=ticket, user=user.id), ticket)

    async def save_wrap_up(self, user: User, ticket: TicketId, wrap_up: WrapUp, *, finish: bool) -> Ticket:
        """Keep what she writes of her ticket; with `finish`, its file is closed unless it is already."""
        found = await any_ticket_seen(self.floor, user, ticket)
        if found.secretary != user.id or found.state not in _WITH_SHEET:
            raise refusal("wrong_state")
        floor, now = self.floor, self.floor.clock.wall()
        await floor.ledger.in_thread(lambda: save_wrap_up(floor.database, ticket, user.id, wrap_up, now=now))
        if not finish or found.state is TicketState.DONE:
            return found
        return await self._change(WrapUpEnded(ticket=ticket, user=user.id), ticket)

    async def note(self, user: User, ticket: TicketId, text: str) -> None:
        """Add a note for whoever deals with the ticket next."""
        await any_ticket_seen(self.floor, user, ticket)
        checked, floor = checked_text(text, NOTE_CHARACTERS), self.floor
        now = floor.clock.wall()
        await floor.ledger.in_thread(lambda: add_note(floor.database, ticket, user.id, checked, now=now))

    async def take_callback(self, user: User, ticket: TicketId) -> Ticket:
        """Ring the caller of a call-back."""
        ticket_seen(self.floor, user, ticket)
        return await self._change(CallbackTaken(ticket=ticket, user=user.id), ticket)

    async def callback_result(self, user: User, ticket: TicketId, *, reached: bool) -> Ticket:
        """Say what came of ringing."""
        ticket_seen(self.floor, user, ticket)
        result = CallbackAnswered if reached else CallbackMissed
        return await self._change(result(ticket=ticket, user=user.id), ticket)

    # Presence, and what supervisors do.

    async def declare(self, user: User, declared: Declared, reason: str | None = None) -> None:
        """Say whether she takes calls."""
        if user.id not in self.floor.board.secretaries:  # an account made since the last look
            await self.floor.ledger.read()
        await self.floor.ledger.change(Declares(user=user.id, declared=declared, reason=reason))

    async def force(self, by: User, user: UserId, declared: Declared) -> None:
        """Declare it for her."""
        require_supervisor(by)
        if user not in self.floor.board.secretaries:
            raise NotFoundError
        await self.floor.ledger.change(Forced(user=user, declared=declared, by=by.id))

    async def move(self, by: User, ticket: TicketId, to_user: UserId) -> Ticket:
        """Offer a waiting ticket to a certain secretary, or make a call-back hers."""
        require_supervisor(by)
        ticket_seen(self.floor, by, ticket)
        if to_user not in self.floor.board.secretaries:
            raise NotFoundError
        return await self._change(Moved(ticket=ticket, to_user=to_user, by=by.id), ticket)

    # Calls that the bot holds.

    async def hint(self, user: User, call: CallId, text: str) -> None:
        """Have the bot of a live call say a text, of at most `HINT_CHARACTERS`."""
        call_seen(self.floor, user, call).hint(checked_text(text, HINT_CHARACTERS))

    def listen(self, user: User, call: CallId) -> Tap:
        """Hear a live call, except while its caller is on hold."""
        return self.rounds.listen(Tap(call_seen(self.floor, user, call), on_hold=lambda: self.floor.on_hold(call)))

    def sink(self, call: CallId, client: ClientId) -> EventSink:
        """What tells the consoles what is said in a call."""
        return self.floor.transcripts.sink(call, client)

    # Reading.

    async def snapshot(self, user: User) -> Json:
        """Everything that a user sees of the desk now."""
        floor = self.floor
        seen = floor.newsroom.snapshot(user, floor.board, floor.transcripts.live())
        return {"now": written(floor.clock.wall()), **seen}

    async def file(self, user: User, ticket: TicketId) -> Json:
        """All that is needed on one screen to take a ticket."""
        found, floor = await any_ticket_seen(self.floor, user, ticket), self.floor
        shown = floor.newsroom.shown(found, floor.board, user.id)
        consignes, now = floor.consignes(found.client), floor.clock.wall()

        def read() -> Json:
            return read_file(floor.database, found, shown=shown, consignes=consignes, now=now)

        return await floor.ledger.in_thread(read)

    def subscribe(self, user: User) -> Subscription:
        """The news for one console of a user; with it open, she counts as being there."""

        def then_wake(tell: Callable[[Subscription], None]) -> Callable[[Subscription], None]:
            def told(subscription: Subscription) -> None:
                tell(subscription)
                self.floor.wake()

            return told

        newsroom = self.floor.newsroom
        return Subscription(user, opened=then_wake(newsroom.add), closed=then_wake(newsroom.remove))

    async def _change(self, event: DeskEvent, ticket: TicketId) -> Ticket:
        await self.floor.ledger.change(event)
        return self.floor.board.tickets[ticket]

"""Turns what happens into news for the consoles: each to those who may see it, each text made once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from accounts.users import User
from escalation.standing import Board, holders
from escalation.updates import Subscription, Update
from escalation.views import Json, Names, acceptable, call_json, listed, me_json, offered_to, secretary_json, ticket_json
from voicebot.call.live import LiveCall
from voicebot.core.ids import CallId, ClientId, UserId
from voicebot.core.tickets import CLOSED, LIVE, Ticket


class Newsroom:
    """The open consoles, and what each is told. From the event loop only."""

    def __init__(self, *, names: Names, here: Callable[[Ticket], bool]) -> None:
        """Begin with no console.

        Args:
            names: Of the clients.
            here: Whether the caller of a ticket is on the line.
        """
        self._names = names
        self._here = here
        self._open: dict[int, Subscription] = {}

    def add(self, subscription: Subscription) -> None:
        """A console is open."""
        self._open[id(subscription)] = subscription

    def remove(self, subscription: Subscription) -> None:
        """It is closed."""
        self._open.pop(id(subscription), None)

    def close(self) -> None:
        """End all of them."""
        for subscription in tuple(self._open.values()):
            subscription.close()

    def __len__(self) -> int:
        return len(self._open)

    @property
    def users(self) -> set[UserId]:
        """Who has a console open."""
        return {subscription.user.id for subscription in self._open.values()}

    def watched(self, client: ClientId) -> bool:
        """Whether anybody sees the calls of a client."""
        return any(subscription.user.sees(client) for subscription in self._open.values())

    def changed(self, before: Board, after: Board) -> None:
        """Tell what differs between two boards."""
        if not self._open:
            return
        tickets = [ticket for ticket in after.tickets.values() if before.tickets.get(ticket.id) is not ticket]
        for ticket in tickets:
            self.ticket(ticket, after)
        touched = {user for user, secretary in after.secretaries.items() if before.secretaries.get(user) is not secretary}
        for ticket in (*tickets, *(before.tickets[t.id] for t in tickets if t.id in before.tickets)):
            if ticket.secretary is not None and ticket.secretary in after.secretaries:
                touched.add(ticket.secretary)
        self._secretaries(touched, after)
        for user in before.secretaries.keys() - after.secretaries.keys():
            self._tell(Update("secretary", {"id": user, "gone": True}), lambda _user: True)

    def ticket(self, ticket: Ticket, board: Board) -> None:
        """Tell a ticket as it stands."""
        gone, shared = ticket.state in CLOSED, ticket_json(ticket, board, self._names)
        made: dict[tuple[bool, bool], Update] = {}
        for subscription in self._open.values():
            user = subscription.user
            if user.sees(ticket.client):
                mine = (False, False) if gone else self._mine(ticket, board, user.id)
                if mine not in made:
                    made[mine] = Update("ticket", {"id": ticket.id, "gone": True} if gone else with_mine(shared, mine))
                subscription.tell(made[mine])

    def turn(self, client: ClientId, turn: Json) -> None:
        """Tell what was said."""
        self._tell(Update("turn", turn), lambda user: user.sees(client))

    def call(self, client: ClientId, call: Json) -> None:
        """Tell of a call that began, has changed or is over."""
        self._tell(Update("call", call), lambda user: user.sees(client))

    def snapshot(self, user: User, board: Board, calls: Iterable[tuple[LiveCall, Iterable[Json]]]) -> Json:
        """Everything that a user sees.

        Args:
            user: Who looks.
            board: As it stands.
            calls: The live calls, with what was said in them.
        """
        held = holders(board)
        seen = [t for t in board.tickets.values() if t.state not in CLOSED and user.sees(t.client)]
        shown = [with_mine(ticket_json(t, board, self._names), self._mine(t, board, user.id)) for t in seen]
        return {
            "me": me_json(user, board.secretaries.get(user.id), held.get(user.id)),
            "tickets": listed(shown),
            "secretaries": listed(secretary_json(s, held.get(s.user)) for s in board.secretaries.values()),
            "calls": listed(self._calls(user, board, calls)),
        }

    def _calls(self, user: User, board: Board, calls: Iterable[tuple[LiveCall, Iterable[Json]]]) -> Iterable[Json]:
        tickets = live_tickets(board)
        for call, turns in calls:
            if user.sees(call.client):
                yield {**call_json(call, tickets.get(call.id), self._names), "turns": listed(turns)}

    def shown(self, ticket: Ticket, board: Board, user: UserId) -> Json:
        """A ticket as a user's lists show it."""
        return with_mine(ticket_json(ticket, board, self._names), self._mine(ticket, board, user))

    def call_now(self, call: LiveCall, board: Board) -> Json:
        """A live call as lists show it."""
        return call_json(call, live_tickets(board).get(call.id), self._names)

    def _mine(self, ticket: Ticket, board: Board, user: UserId) -> tuple[bool, bool]:
        return offered_to(ticket, user), acceptable(ticket, board.secretaries.get(user), here=self._here(ticket))

    def _secretaries(self, users: Iterable[UserId], board: Board) -> None:
        held = holders(board)
        for user in users:
            secretary = board.secretaries[user]
            self._tell(Update("secretary", secretary_json(secretary, held.get(user))), lambda _user: True)
            for subscription in self._open.values():
                if subscription.user.id == user:
                    subscription.tell(Update("me", me_json(subscription.user, secretary, held.get(user))))

    def _tell(self, update: Update, to: Callable[[User], bool]) -> None:
        for subscription in self._open.values():
            if to(subscription.user):
                subscription.tell(update)


def with_mine(shared: Json, mine: tuple[bool, bool]) -> Json:
    """A ticket with what depends on who looks: whether it rings for her, whether she might accept it."""
    return {**shared, "offered_to_me": mine[0], "acceptable": mine[1]}


def live_tickets(board: Board) -> Mapping[CallId, Ticket]:
    """The ticket of each call that waits for, or is with, a human."""
    return {ticket.call: ticket for ticket in board.tickets.values() if ticket.state in LIVE}


def ticket_of(board: Board, call: CallId) -> Ticket | None:
    """The ticket of a call that waits for, or is with, a human."""
    return next((t for t in board.tickets.values() if t.call == call and t.state in LIVE), None)

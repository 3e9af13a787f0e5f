"""What the console needs of the desk: the commands of secretaries and supervisors, what they see, the audio."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Protocol

from accounts.users import User
from escalation.legs import SecretaryLeg
from escalation.updates import Subscription
from voicebot.core.events import JsonValue
from voicebot.core.ids import CallId, TicketId, UserId
from voicebot.core.secretaries import Declared
from voicebot.records.wrap_ups import WrapUp


class Listener(Protocol):
    """Somebody who hears a call: an async iterator of 20 ms, PCM16 little-endian mono 16 kHz, over when the call is."""

    def __aiter__(self) -> AsyncIterator[bytes]: ...

    def close(self) -> None:
        """Stop listening."""


class ConsoleDesk(Protocol):
    """The desk as the console uses it.

    A ticket, call or secretary that is unknown or not for this user is a NotFoundError, what cannot be done as things stand a
    RefusalError, a database that refuses a RecordsError.
    """

    async def accept(self, user: User, ticket: TicketId, *, spoken: bool) -> object:
        """Take a ticket; with `spoken`, she hears the briefing first."""

    async def refuse(self, user: User, ticket: TicketId, why: str) -> object:
        """Let an offer pass."""

    async def hang_up(self, user: User, ticket: TicketId) -> object:
        """End the conversation."""

    async def give_back(self, user: User, ticket: TicketId) -> object:
        """Leave the caller to the bot."""

    async def hold(self, user: User, ticket: TicketId, *, on: bool) -> object:
        """Put the caller on hold, or take the call up again."""

    async def transfer(self, user: User, ticket: TicketId, number: str) -> object:
        """Pass the caller on to a number of the client's list, E.164."""

    async def extend_wrap_up(self, user: User, ticket: TicketId) -> object:
        """More time to write, once."""

    async def save_wrap_up(self, user: User, ticket: TicketId, wrap_up: WrapUp, *, finish: bool) -> object:
        """Keep the call sheet; with `finish`, the file is closed."""

    async def note(self, user: User, ticket: TicketId, text: str) -> object:
        """Add a note."""

    async def take_callback(self, user: User, ticket: TicketId) -> object:
        """Ring a caller."""

    async def callback_result(self, user: User, ticket: TicketId, *, reached: bool) -> object:
        """Say what came of ringing."""

    async def declare(self, user: User, declared: Declared, reason: str | None) -> object:
        """Say whether she takes calls."""

    async def hint(self, user: User, call: CallId, text: str) -> object:
        """Have the bot say a text."""

    async def force(self, by: User, user: UserId, declared: Declared) -> object:
        """Declare it for her."""

    async def move(self, by: User, ticket: TicketId, to_user: UserId) -> object:
        """Offer a ticket to a certain secretary, or make a call-back hers."""

    async def snapshot(self, user: User) -> Mapping[str, JsonValue]:
        """Everything that a user sees now, as JSON."""

    async def file(self, user: User, ticket: TicketId) -> Mapping[str, JsonValue]:
        """Everything of a ticket, as JSON."""

    def subscribe(self, user: User) -> Subscription:
        """The news for one console; it ends when the desk stops."""

    def secretary_leg(self, user: User, ticket: TicketId) -> SecretaryLeg:
        """Her audio of a ticket that she has."""

    def listen(self, user: User, call: CallId) -> Listener:
        """Hear a live call."""

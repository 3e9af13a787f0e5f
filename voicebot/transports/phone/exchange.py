"""What the softphone needs of the server that it is part of."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from starlette.requests import HTTPConnection

from voicebot.core.ids import CallId
from voicebot.core.language import Language
from voicebot.transports.browser import BrowserLine


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneLine:
    """A line that can be rung."""

    number: str
    """E.164."""
    client_name: str
    """Whose it is, in the reader's language."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneUse:
    """What somebody may do with the softphone."""

    may_call: bool
    may_choose_caller: bool = False
    """Ring as any calling number: a number decides what the bot discloses, so this is for staff only."""
    sees_lines: bool = False
    """Choose from the list of lines; otherwise the number is typed."""


Allowed = Callable[[HTTPConnection], Awaitable[PhoneUse]]
"""Who may use the softphone. Awaited, so that it can leave the event loop for a look into the database."""


class Refusal(StrEnum):
    """Why no call begins; `phone.refused.REASON` is what the page says."""

    NOT_ALLOWED = "not_allowed"
    UNKNOWN_LINE = "unknown_line"
    BAD_CALLER = "bad_caller"
    OVER = "over"
    """The call that a socket wanted back has ended."""
    BUSY = "busy"
    """Too many calls, of this address or in all."""
    UNAVAILABLE = "unavailable"
    """The server cannot hold a call now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """A call has begun."""

    call: CallId
    client_name: str
    """Whose line was rung."""
    token: str
    """The secret by which the caller's browser gets this call back."""


class PhoneExchange(Protocol):
    """The server behind the softphone."""

    def lines(self, language: Language) -> Sequence[PhoneLine]:
        """Every line that can be rung, in the order shown; from memory, at once."""

    async def answer(self, line: BrowserLine, *, number: str, caller: str | None) -> Answered | Refusal:
        """Begin a call for the line and return; the call itself goes on in a task that the server owns.

        However the call ends, it ends with `line.hang_up()`. The call's public lines go to `line.show`.

        Args:
            line: the caller's audio.
            number: dialled number, E.164.
            caller: calling number, E.164; None when withheld.
        """

    async def resume(self, line: BrowserLine, token: str) -> Answered | Refusal:
        """Go on with a call that an earlier process held when it ended; `OVER` when the token belongs to none that waits.

        Calls of this process that only lost their socket are never asked for here. The rest is as in `answer`.
        """

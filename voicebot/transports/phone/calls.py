"""Begins the softphone's calls, and gives a call back to a socket that lost it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

import structlog

from voicebot.core.errors import PermanenceError
from voicebot.core.events import JsonValue
from voicebot.transports.browser import BrowserLine
from voicebot.transports.phone.exchange import Answered, PhoneExchange, PhoneUse, Refusal
from voicebot.transports.phone.numbers import e164
from voicebot.transports.phone.open_lines import Limits, OpenLines

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialled:
    """What a page asks for, as it wrote it."""

    line: str
    caller: str
    """Empty when withheld."""
    address: str
    """Of the peer, as limits count it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Connected:
    """A call that a socket may carry."""

    line: BrowserLine
    answered: Answered

    @property
    def message(self) -> dict[str, JsonValue]:
        """The first thing the page is told."""
        answered = self.answered
        return {"type": "answered", "call": answered.call, "resume": answered.token, "client": answered.client_name}


class PhoneCalls:
    """All calls of the softphone."""

    def __init__(self, exchange: PhoneExchange, limits: Limits, *, now_s: Callable[[], float]) -> None:
        self._exchange = exchange
        self._now_s = now_s
        self._open = OpenLines(limits, now_s=now_s)

    async def begin(self, dialled: Dialled, use: PhoneUse) -> Connected | Refusal:
        """Ring a line."""
        number, caller = e164(dialled.line), None
        if number is None:
            return Refusal.UNKNOWN_LINE
        if use.may_choose_caller and dialled.caller:
            caller = e164(dialled.caller)
            if caller is None:
                return Refusal.BAD_CALLER
        return await self._connected(dialled.address, lambda line: self._exchange.answer(line, number=number, caller=caller))

    async def resume(self, token: str, *, address: str) -> Connected | Refusal:
        """Give back the call that the token belongs to: one of this process, or one that outlived the process before."""
        entry = self._open.find(token)
        if entry is not None and entry.answered is not None:
            return Connected(line=entry.line, answered=entry.answered)
        return await self._connected(address, lambda line: self._exchange.resume(line, token))

    async def _connected(self, address: str, ask: Callable[[BrowserLine], Awaitable[Answered | Refusal]]) -> Connected | Refusal:
        """A new line with a call on it."""
        line = BrowserLine(now_s=self._now_s)
        entry = self._open.enter(line, address)
        if entry is None:
            return Refusal.BUSY
        answer = await _asked(line, ask)
        if isinstance(answer, Refusal):
            line.hang_up()  # gives the place back
            return answer
        entry.answered = answer
        return Connected(line=line, answered=answer)


async def _asked(line: BrowserLine, ask: Callable[[BrowserLine], Awaitable[Answered | Refusal]]) -> Answered | Refusal:
    """Until the exchange has answered, the caller counts as being there: the first call of a process waits for its models."""
    waiting = line.connect(lambda: None)
    try:
        return await ask(line)
    except PermanenceError as failure:
        _log.warning("phone_call_not_begun", code=failure.code)
        return Refusal.UNAVAILABLE
    finally:
        line.lost(waiting)


REFUSED: Mapping[Refusal, int] = {
    Refusal.NOT_ALLOWED: 4403,
    Refusal.UNKNOWN_LINE: 4404,
    Refusal.OVER: 4404,
    Refusal.BAD_CALLER: 4400,
    Refusal.BUSY: 4429,
    Refusal.UNAVAILABLE: 4503,
}
"""Codes that the WebSocket is closed with."""

"""What the desk does by itself: four times a second it looks at the clock, the legs, the callers and the consoles."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial

import structlog

from escalation.attendance import READOPT_S
from escalation.board import due
from escalation.bridge import BRIEFING_S
from escalation.desk_events import ConnectionFailed, ConsoleClosed, ConsoleOpened, DeskEvent, Readopted
from escalation.floor import Floor
from escalation.listening import Tap
from voicebot.core.errors import RecordsError
from voicebot.core.ids import UserId
from voicebot.core.tickets import LIVE, TicketState
from voicebot.records.calls import read_call

TICK_S = 0.25
CONSOLE_GRACE = timedelta(seconds=5)
"""Who only loads her page again has not gone."""
REREAD = timedelta(seconds=5)
"""Between two readings of the whole board: other processes open tickets too, and accounts change."""
BRIEFING_GRACE_S = BRIEFING_S + 5.0
"""How long a spoken briefing, its making included, may hold up a connection."""
_log = structlog.get_logger(__name__)


class Rounds:
    """The clockwork of a floor."""

    def __init__(self, floor: Floor) -> None:
        self._floor = floor
        self._taps: set[Tap] = set()
        self._left: dict[UserId, datetime] = {}
        self._read_at: datetime | None = None
        self._failing = False

    def listen(self, tap: Tap) -> Tap:
        """End a tap when its call is over."""
        self._taps.add(tap)
        return tap

    async def adopt(self) -> None:
        """Take over what the database has: callers who were on the line have a while to be found again, nobody loses a rank.

        Raises:
            RecordsError: the database refuses.
        """
        floor = self._floor
        await floor.ledger.read()
        live = [ticket for ticket in floor.board.tickets.values() if ticket.state in LIVE]
        floor.attendance.expect(live, floor.clock.wall())
        begun = [t.id for t in live if t.state in {TicketState.OFFERED, TicketState.CONNECTING}]
        await floor.ledger.change_what_applies([Readopted(ticket=number) for number in begun])
        for ticket in live:
            post = floor.switchboard.get(ticket.id)
            if post is not None:
                post.wait_longer(READOPT_S)

    async def run(self) -> None:
        """Go round until cancelled; nothing that fails on the way stops it."""
        async with self._floor.clock.joined():
            while True:
                await self._go_round_safely()
                await self._pause()

    async def go_round(self) -> None:
        """One round.

        Raises:
            RecordsError: the database refuses; what was left is looked at in the next round.
        """
        floor, now = self._floor, self._floor.clock.wall()
        self._look_around()
        await self._read_again(now)
        seen = [*self._presence(now), *floor.switchboard.demands(floor.board.tickets, floor.rules)]
        await floor.ledger.change_what_applies([*seen, *floor.attendance.found(), *floor.attendance.lost(floor.board, now)])
        demanded = due(floor.attendance.offerable(floor.board), now=now, rules=floor.rules)
        await floor.ledger.change_what_applies([event for event in demanded if not self._is_briefed(event, now)])
        floor.attendance.tell_places(floor.board, now)
        await self._recall()

    def _look_around(self) -> None:
        floor = self._floor
        floor.ledger.forget_closed()
        floor.transcripts.forget_the_dead()
        for tap in tuple(self._taps):
            if tap.closed or floor.live.get(tap.call.id) is not tap.call:
                tap.close()
                self._taps.discard(tap)

    async def _read_again(self, now: datetime) -> None:
        if self._read_at is None or now - self._read_at >= REREAD:
            await self._floor.ledger.read()
            self._read_at = now

    def _presence(self, now: datetime) -> Iterator[DeskEvent]:
        """Consoles opened, and consoles closed for longer than a page takes to load."""
        here = self._floor.newsroom.users
        self._left = {user: at for user, at in self._left.items() if user not in here}
        for user, secretary in self._floor.board.secretaries.items():
            if user in here and not secretary.connected:
                yield ConsoleOpened(user=user)
            elif user not in here and secretary.connected and now - self._left.setdefault(user, now) >= CONSOLE_GRACE:
                yield ConsoleClosed(user=user)

    def _is_briefed(self, event: DeskEvent, now: datetime) -> bool:
        """Whether a connection seems to take too long only because the secretary listens to the briefing."""
        if not isinstance(event, ConnectionFailed):
            return False
        post, ticket = self._floor.switchboard.get(event.ticket), self._floor.board.tickets.get(event.ticket)
        if post is None or not post.briefing or ticket is None or ticket.deadline is None:
            return False
        return now < ticket.deadline + timedelta(seconds=BRIEFING_GRACE_S)

    async def _recall(self) -> None:
        for call in self._floor.transcripts.resumed():
            file = await self._floor.ledger.in_thread(partial(read_call, self._floor.database, call))
            if file is not None:
                self._floor.transcripts.recall(call, file.turns)

    async def _go_round_safely(self) -> None:
        try:
            await self.go_round()
        except RecordsError as failure:
            self._fail(failure.code, str(failure))
        except Exception as failure:  # noqa: BLE001 - a mistake in one round must not take the queue from everybody
            _log.exception("desk_round_failed", error=type(failure).__name__)
            self._floor.counted.failures += 1
        else:
            if self._failing:
                _log.info("desk_goes_on")
            self._failing = False

    def _fail(self, code: str, message: str) -> None:
        self._floor.counted.failures += 1
        if not self._failing:  # once, not four times a second
            _log.error("desk_cannot_store", code=code, message=message)
        self._failing = True

    async def _pause(self) -> None:
        clock, woken = self._floor.clock, self._floor.woken
        waits = [
            asyncio.ensure_future(clock.sleep_until(clock.now_s() + TICK_S)),
            asyncio.ensure_future(woken.wait()),
        ]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()
            await asyncio.gather(*waits, return_exceptions=True)
        woken.clear()

"""The board of this process: a cache of what the database has. One change at a time, committed before anybody sees it.

command --> [ apply (pure) -> save_changes (a thread) -> cache -> everybody is told ]     in brackets: under the lock
^                   | somebody else won
+---- read again ---+
"""

from __future__ import annotations

import asyncio
import concurrent.futures
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

from escalation.board import Board, Refused, Rules, apply
from escalation.desk_events import DeskEvent
from escalation.refusals import refusal, refused
from escalation.standing import Change
from voicebot.core.errors import RecordsError
from voicebot.core.ids import TicketId, UserId
from voicebot.core.secretaries import Secretary
from voicebot.core.tickets import CLOSED, Ticket, TicketEvent
from voicebot.records.database import Database
from voicebot.records.secretaries import load_secretaries
from voicebot.records.tickets import NewTicket, open_ticket, open_tickets, read_ticket, save_changes

WORKERS = 4
"""Threads for the transactions and readings of the desk: never those of the calls, which wait for it."""
ATTEMPTS = 3
"""Readings of the board before a command that loses every race is given up."""
REMEMBERED = timedelta(minutes=15)
"""How long a closed ticket stays on the board: it tells who won, and how long conversations take."""

Told = Callable[[Board, Board, Sequence[TicketEvent]], None]
"""Board before, board after, and the facts between, where they are this process's own."""
_Result = TypeVar("_Result")


class Ledger:
    """The cached board and the way to change it. From the event loop only."""

    def __init__(self, database: Database, *, rules: Rules, wall: Callable[[], datetime], told: Told) -> None:
        """Begin with an empty board; `told` is called on the event loop after every change, and must not fail or block."""
        self.board = Board(tickets={}, secretaries={})
        self._database = database
        self._rules = rules
        self._wall = wall
        self._told = told
        self._lock = asyncio.Lock()
        self._tasks: set[asyncio.Task[Any]] = set()
        self._workers = concurrent.futures.ThreadPoolExecutor(WORKERS, thread_name_prefix="desk")

    def close(self) -> None:
        """Stop the threads once they have finished."""
        self._workers.shutdown()

    async def in_thread(self, work: Callable[[], _Result]) -> _Result:
        """Do blocking work off the event loop.

        Raises:
            RecordsError: the desk is closed.
        """
        try:
            result = asyncio.get_running_loop().run_in_executor(self._workers, work)
        except RuntimeError as exc:  # the threads are stopped
            raise RecordsError("the desk is closed") from exc
        return await result

    async def read(self) -> None:
        """Take the board as the database has it.

        Raises:
            RecordsError: the database refuses.
        """
        await self._whole(self._read())

    async def change(self, *events: DeskEvent) -> None:
        """Commit what these events do, all or nothing.

        Raises:
            RefusalError: one of them does not apply.
            RecordsError: the database refuses; nothing has changed.
        """
        await self._whole(self._change(events))

    async def change_what_applies(self, events: Sequence[DeskEvent]) -> None:
        """Commit what those of these events do that apply.

        Raises:
            RecordsError: the database refuses; nothing of what was left has changed.
        """
        if events:
            await self._whole(self._change_what_applies(events))

    async def open(self, ticket: NewTicket, *, now: datetime) -> Ticket:
        """Store the ticket of a call and put it on the board.

        Raises:
            RecordsError: the database refuses.
        """
        return await self._whole(self._open(ticket, now))

    async def bring(self, ticket: TicketId) -> Ticket | None:
        """A ticket as the database has it, put on the board if it is newer; None when there is none.

        Raises:
            RecordsError: the database refuses.
        """
        return await self._whole(self._bring(ticket))

    async def note(self, event: TicketEvent) -> None:
        """Store a fact that changes nothing.

        Raises:
            RecordsError: the database refuses.
        """
        await self.in_thread(lambda: save_changes(self._database, (), (event,)))

    def forget_closed(self) -> None:
        """Take off the board what has been closed for long."""
        before = self._wall() - REMEMBERED
        kept = {t.id: t for t in self.board.tickets.values() if t.state not in CLOSED or (t.closed_at or before) > before}
        if len(kept) < len(self.board.tickets):
            self.board = replace(self.board, tickets=kept)

    async def _whole(self, work: Coroutine[Any, Any, _Result]) -> _Result:
        """Do it to its end even if who asked has gone: a commit that the cache does not know of would be lost to everybody."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)
        return await asyncio.shield(task)

    def _done(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        _ = task.cancelled() or task.exception()  # who asked has it, unless gone

    async def _change(self, events: Sequence[DeskEvent]) -> None:
        async with self._lock:
            for _ in range(ATTEMPTS):
                if await self._commit(events, all_or_nothing=True):
                    return
                await self._reread()
            raise refusal("wrong_state")

    async def _change_what_applies(self, events: Sequence[DeskEvent]) -> None:
        async with self._lock:
            if await self._commit(events, all_or_nothing=False):
                return
            await self._reread()
            for event in events:  # one that cannot be stored must not keep back the others
                if not await self._commit((event,), all_or_nothing=False):
                    await self._reread()

    async def _commit(self, events: Sequence[DeskEvent], *, all_or_nothing: bool) -> bool:
        """Whether they were stored; False when the cache is older than the database."""
        now, board = self._wall(), self.board
        changes: list[Change] = []
        facts: list[TicketEvent] = []
        for event in events:
            step = apply(board, event, now=now, rules=self._rules)
            if isinstance(step, Refused):
                if all_or_nothing:
                    raise refused(step, board.secretaries)
                continue
            board = step.board
            changes += step.changes
            facts += step.events
        if not changes and not facts:
            return True
        if not await self.in_thread(lambda: save_changes(self._database, changes, facts)):
            return False
        self._take(board, facts)
        return True

    async def _read(self) -> None:
        async with self._lock:
            await self._reread()

    async def _open(self, ticket: NewTicket, now: datetime) -> Ticket:
        async with self._lock:
            opened = await self.in_thread(lambda: open_ticket(self._database, ticket, now=now))
            fact = TicketEvent(ticket=opened.id, kind="opened", at=now, data={})
            self._take(replace(self.board, tickets={**self.board.tickets, opened.id: opened}), [fact])
            return opened

    async def _bring(self, ticket: TicketId) -> Ticket | None:
        async with self._lock:
            found = await self.in_thread(lambda: read_ticket(self._database, ticket))
            known = self.board.tickets.get(ticket)
            if found is not None and (known is None or known.version < found.version):
                self._take(replace(self.board, tickets={**self.board.tickets, ticket: found}), [])
            return found

    async def _reread(self) -> None:
        def read() -> tuple[dict[TicketId, Ticket], dict[UserId, Secretary]]:
            tickets = {ticket.id: ticket for ticket in open_tickets(self._database)}
            for known in self.board.tickets.values():
                if known.id not in tickets:
                    found = known if known.state in CLOSED else read_ticket(self._database, known.id)
                    tickets.update({} if found is None else {known.id: found})
            return tickets, {secretary.user: secretary for secretary in load_secretaries(self._database)}

        tickets, secretaries = await self.in_thread(read)
        before = self.board
        here = {user for user, secretary in before.secretaries.items() if secretary.connected}
        board = Board(
            tickets={number: _same(ticket, before.tickets.get(number)) for number, ticket in tickets.items()},
            secretaries={
                user: _same(replace(secretary, connected=user in here), before.secretaries.get(user))
                for user, secretary in secretaries.items()
            },
        )
        self._take(board, [])

    def _take(self, board: Board, facts: Sequence[TicketEvent]) -> None:
        before, self.board = self.board, board
        self._told(before, board, facts)


_Known = TypeVar("_Known", Ticket, Secretary)


def _same(found: _Known, known: _Known | None) -> _Known:
    """What is known already where nothing has changed: who is told of changes compares identities."""
    return known if known is not None and known == found else found

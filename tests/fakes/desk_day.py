"""A desk simulated from a seed: callers come at random, secretaries come and go, answer, refuse, let ring, talk, write."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from random import Random

from escalation.board import Board, Step, apply, due, held_by
from escalation.desk_events import (
    Accepted,
    AudioConnected,
    CallerLeft,
    Declares,
    Declined,
    DeskEvent,
    Offered,
    TalkEnded,
    Widened,
    WrapUpEnded,
)
from tests.fakes.desk import NOW, ticket
from voicebot.clients.consignes import Queue
from voicebot.core.ids import TicketId, UserId
from voicebot.core.secretaries import Declared, Secretary
from voicebot.core.tickets import CLOSED, IN_QUEUE, Ticket, TicketState

TICK_S = 1.0
SHIFT_S = 2 * 3600.0
"""Mean length of a stay; the pauses between make the difference of hours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """How callers and secretaries behave; all of them alike."""

    between_calls_s: float
    english: float = 0.0
    """Share of the calls."""
    refuses: float = 0.08
    lets_ring: float = 0.04
    talk_s: float = 120.0
    patience_s: float = 180.0


class DeskDay:
    """As many calls as asked for."""

    def __init__(self, team: Mapping[UserId, Secretary], shares: Mapping[UserId, float], habits: Habits, seed: int) -> None:
        """The team, which part of the time each of them is there, how all behave."""
        self._shares, self._habits, self._random = shares, habits, Random(seed)
        self._queue = Queue()
        self._board = Board(tickets={}, secretaries={u: replace(s, declared=Declared.OFFLINE) for u, s in team.items()})
        self._now_s, self._ticking = 0.0, False
        self._order = count()
        self._coming: list[tuple[float, int, Callable[[], object]]] = []
        self._since_s: dict[UserId, float] = {}
        self.offers: Counter[UserId] = Counter()
        self.answered: Counter[UserId] = Counter()
        self.left = 0
        self.available_s = dict.fromkeys(team, 0.0)

    def run(self, calls: int) -> None:
        """Until the last call has come."""
        for user in self._shares:
            self._after(self._random.uniform(0, SHIFT_S), partial(self._comes, user))
        last_s = 0.0
        for number in range(1, calls + 1):
            last_s += self._random.expovariate(1 / self._habits.between_calls_s)
            self._after(last_s, partial(self._calls, number))
        while self._now_s < last_s:
            self._now_s, _, happen = heapq.heappop(self._coming)
            happen()
            self._keep_ticking()
        for user, since_s in self._since_s.items():
            self.available_s[user] += self._now_s - since_s

    def load(self, user: UserId) -> float:
        """Offers per available hour."""
        return self.offers[user] / self.available_s[user] * 3600

    @property
    def _now(self) -> datetime:
        return NOW + timedelta(seconds=self._now_s)

    def _after(self, seconds: float, happen: Callable[[], object]) -> None:
        heapq.heappush(self._coming, (self._now_s + seconds, next(self._order), happen))

    def _keep_ticking(self) -> None:
        if not self._ticking and any(t.state in IN_QUEUE for t in self._board.tickets.values()):
            self._ticking = True
            self._after(TICK_S, self._tick)

    def _tick(self) -> None:
        self._ticking = False
        for event in due(self._board, now=self._now, rules=lambda _: self._queue):
            if self._happens(event) and isinstance(event, Offered):
                self._is_offered(event.ticket, event.user)
            elif isinstance(event, Widened):
                self._after(self._random.uniform(1, 5), partial(self._is_picked, event.ticket))

    def _happens(self, event: DeskEvent) -> bool:
        step = apply(self._board, event, now=self._now, rules=lambda _: self._queue)
        if not isinstance(step, Step):
            return False
        for old, new in step.changes:
            if isinstance(old, Secretary) and isinstance(new, Secretary):
                self._clock_in_or_out(old, new)
        still_open = {number: t for number, t in step.board.tickets.items() if t.state not in CLOSED | {TicketState.CALLBACK_DUE}}
        self._board = replace(step.board, tickets=still_open)
        return True

    def _clock_in_or_out(self, old: Secretary, new: Secretary) -> None:
        was, is_now = (s.declared is Declared.AVAILABLE for s in (old, new))
        if is_now and not was:
            self._since_s[new.user] = self._now_s
        elif was and not is_now:
            self.available_s[new.user] += self._now_s - self._since_s.pop(new.user)
        if new.alert:
            self._after(60, partial(self._happens, Declares(user=new.user, declared=Declared.AVAILABLE)))

    def _comes(self, user: UserId) -> None:
        self._happens(Declares(user=user, declared=Declared.AVAILABLE))
        self._after(self._random.expovariate(1 / SHIFT_S), partial(self._goes, user))

    def _goes(self, user: UserId) -> None:
        self._happens(Declares(user=user, declared=Declared.OFFLINE))
        away_s = SHIFT_S * (1 - self._shares[user]) / self._shares[user]
        self._after(self._random.expovariate(1 / away_s), partial(self._comes, user))

    def _calls(self, number: int) -> None:
        language = "en" if self._random.random() < self._habits.english else "fr"
        new = ticket(number, waiting_since=self._now, language=language)
        self._board = replace(self._board, tickets={**self._board.tickets, new.id: new})
        self._after(self._habits.patience_s, partial(self._loses_patience, new.id))

    def _loses_patience(self, number: TicketId) -> None:
        self.left += self._happens(CallerLeft(ticket=number, how="callback"))

    def _is_offered(self, number: TicketId, user: UserId) -> None:
        self.offers[user] += 1
        mood = self._random.random()
        if mood < self._habits.refuses:
            self._after(self._random.uniform(1, 4), partial(self._happens, Declined(ticket=number, user=user, why="busy")))
        elif mood >= self._habits.refuses + self._habits.lets_ring:
            self._after(self._random.uniform(1, 6), partial(self._accepts, number, user))

    def _is_picked(self, number: TicketId) -> None:
        """Whoever is free takes what everybody may take."""
        waiting = self._board.tickets.get(number)
        if waiting is None or waiting.state is not TicketState.WAITING:
            return
        free = [user for user in self._board.secretaries if self._could_take(user, waiting)]
        if free:
            self._accepts(number, self._random.choice(free))
        else:
            self._after(2, partial(self._is_picked, number))

    def _could_take(self, user: UserId, waiting: Ticket) -> bool:
        secretary = self._board.secretaries[user]
        able = secretary.answers_for(waiting.client, waiting.language)
        return able and secretary.declared is Declared.AVAILABLE and held_by(self._board, user) is None

    def _accepts(self, number: TicketId, user: UserId) -> None:
        if self._happens(Accepted(ticket=number, user=user)):
            self.answered[user] += 1
            self._after(1, partial(self._happens, AudioConnected(ticket=number, user=user)))
            talk_s = 1 + self._random.expovariate(1 / self._habits.talk_s)
            self._after(talk_s, partial(self._happens, TalkEnded(ticket=number, user=user)))
            self._after(talk_s + self._random.uniform(5, 25), partial(self._happens, WrapUpEnded(ticket=number, user=user)))

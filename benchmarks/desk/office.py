"""Everybody at the desk: those who take calls, those who have a break, and all of them after the same ticket."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import random
import time
from collections.abc import Awaitable, Callable

from benchmarks.desk.callers import Callers
from benchmarks.desk.consoles import Answer, Fits, News, Secretary, Ticket, Watch, sign_in
from benchmarks.desk.lines import Beat, Line, Sound, quiet, talk
from benchmarks.desk.plan import Order, Outcome, Race, Told

SEEN_WITHIN_S = 5.0
"""A console that does not know after so long has missed it."""
REFUSES = 0.25
"""Share of offers that are refused."""
OFFER_WAIT_S = 0.6
"""How long she waits for an offer before she picks a call that rings for everybody."""
TALK_S = (10.0, 20.0)
"""Length of a conversation, at random."""
CONNECTED_WITHIN_S = 15.0
STATUS_EVERY_S = 0.5
"""Between two secretaries who declare another break."""
BREAKS = ("lunch", "short", "meeting", "training")
SHEET = {"person": "", "phone": "", "reason": "", "intent": "", "outcome": "handled", "note": "Rappel noté.", "finish": True}

Send = Callable[[], Awaitable[Answer]]


class Office:
    """All secretaries of a shift."""

    def __init__(self, order: Order, outcome: Outcome, beat: Beat, callers: Callers, dice: random.Random) -> None:
        self.news = News()
        self._order = order
        self._outcome = outcome
        self._beat = beat
        self._callers = callers
        self._dice = dice
        self._everybody: list[Secretary] = []
        self._picked: set[int] = set()
        self._over = False

    async def come_in(self) -> None:
        """Sign in, one after the other: the server hashes one password at a time. Open the consoles, say who takes calls."""
        url = self._order.serving.url
        for number, login in enumerate(self._order.logins):
            one = Secretary(number, await sign_in(url, login), url, self.news)
            await one.watch()
            self._everybody.append(one)
        for one in self._everybody:
            declared = {"status": "available"} if one in self._seats else {"status": "break", "reason": BREAKS[0]}
            await one.post("status", **declared)

    def start(self, tasks: asyncio.TaskGroup) -> list[asyncio.Task[None]]:
        """Work, until `stop`."""
        return [*(tasks.create_task(self._work(one)) for one in self._seats), tasks.create_task(self._have_breaks())]

    def stop(self) -> None:
        """Finish what is begun."""
        self._over = True

    def leave(self) -> None:
        """Close everything."""
        self._outcome.happened["consoles lost"] = sum(one.console.lost for one in self._everybody)
        for one in self._everybody:
            one.close()

    @property
    def _seats(self) -> list[Secretary]:
        return self._everybody[: self._order.seats]

    async def _work(self, one: Secretary) -> None:
        while not self._over:
            ticket = await self._offered(one) or self._rings_for_everybody()
            if ticket is not None and not self._over:
                await self._deal_with(one, ticket)

    async def _offered(self, one: Secretary) -> Ticket | None:
        until_s = time.monotonic() + OFFER_WAIT_S
        while not self._over and time.monotonic() < until_s:
            for ticket in self.news.tickets.values():
                if ticket["state"] == "offered" and ticket["secretary"] == one.id:
                    return ticket
            await asyncio.sleep(0.05)
        return None

    def _rings_for_everybody(self) -> Ticket | None:
        waiting = (t for t in self.news.tickets.values() if t["state"] == "waiting" and t["widened"])
        free = [t for t in waiting if t["call"] in self._callers.lines and t["id"] not in self._picked]
        return self._dice.choice(free) if free else None

    async def _deal_with(self, one: Secretary, ticket: Ticket) -> None:
        number, version = int(ticket["id"]), int(ticket["version"])
        if ticket["state"] == "offered" and self._dice.random() < REFUSES:
            waits_again: Fits = lambda told: told.get("version", 0) > version  # noqa: E731
            await self._command(one, "refuse", number, waits_again, why="not_ready")
            return
        self._picked.add(number)
        accepted = await self._command(one, "accept", number, _in_hand("connecting", one))
        if accepted.status == 200:
            await self._talk(one, number, self._callers.lines.get(str(ticket["call"])))
            await self._command(one, "hang-up", number, _in_hand("wrap_up", one))
            await self._command(one, "wrap-up", number, lambda told: bool(told.get("gone")), **SHEET)
        self._picked.discard(number)

    async def _talk(self, one: Secretary, ticket: int, caller: Line | None) -> None:
        hers = Line(self._outcome.secretaries, quiet())
        url = f"{self._order.serving.socket_url}/desk/audio?ticket={ticket}"
        await hers.open(url, address="127.0.0.1", cookie=one.user.cookie)
        self._beat.add(hers)
        try:
            await hers.message(lambda message: message.get("phase") == "talking", CONNECTED_WITHIN_S)
        except TimeoutError:
            self._outcome.happened["conversations that did not begin"] += 1
        else:
            self._outcome.happened["conversations"] += 1
            _let_talk(caller, hers, talk())
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(hers.over.wait(), self._dice.uniform(*TALK_S))
            _let_talk(caller, hers, None)
        await hers.close()

    async def _have_breaks(self) -> None:
        """One after the other declares another kind of break."""
        others = self._everybody[self._order.seats :]
        for turn in itertools.count(len(others)):
            if self._over or not others:
                return
            one, reason = others[turn % len(others)], BREAKS[turn // len(others) % len(BREAKS)]
            await asyncio.gather(self._have_break(one, reason), asyncio.sleep(STATUS_EVERY_S))

    async def _have_break(self, one: Secretary, reason: str) -> None:
        watch = self._watch(lambda told: told.get("break_reason") == reason)
        await self._watched("status", watch, "secretary", one.id, lambda: one.post("status", status="break", reason=reason))

    async def _command(self, one: Secretary, command: str, ticket: int, fits: Fits, **body: object) -> Answer:
        path = f"tickets/{ticket}/{command}"
        return await self._watched(command, self._watch(fits), "ticket", ticket, lambda: one.post(path, **body))

    def _watch(self, fits: Fits) -> Watch:
        return Watch(fits=fits, consoles=len(self._everybody))

    async def _watched(self, command: str, watch: Watch, kind: str, number: int, send: Send) -> Answer:
        """Command something, and see when each console knows."""
        self.news.watch(kind, number, watch)
        try:
            answer = await send()
            if answer.status == 200:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(watch.all_seen.wait(), SEEN_WITHIN_S)
        finally:
            self.news.forget(kind, number, watch)
        done = answer.status == 200
        seen_s = tuple(watch.seen_s.values()) if done else ()
        if self._beat.measuring:
            missing = watch.consoles - len(seen_s) if done else 0
            self._outcome.told.append(Told(command=command, status=answer.status, seen_s=seen_s, missing=missing))
        return answer

    async def race(self) -> None:
        """Everybody is there and accepts the same ticket, again and again, while the calls go on."""
        for one in self._everybody[self._order.seats :]:
            await one.post("status", status="available")
        for _ in range(self._order.races):
            ticket = await self._one_that_rings_for_everybody()
            for one in self._everybody:
                await one.connect()
            answers = await asyncio.gather(*(one.post(f"tickets/{ticket}/accept") for one in self._everybody))
            self._outcome.races.append(_race(self._everybody, answers))
            for one, answer in zip(self._everybody, answers, strict=True):
                if answer.status == 200:
                    await one.post(f"tickets/{ticket}/hang-up")  # before anything is connected: the caller waits again

    async def _one_that_rings_for_everybody(self) -> int:
        async with asyncio.timeout(60.0):
            while (ticket := self._rings_for_everybody()) is None:  # noqa: ASYNC110 - a few looks in a minute
                await asyncio.sleep(0.2)
        return int(ticket["id"])


def _race(everybody: list[Secretary], answers: list[Answer]) -> Race:
    won = [(one, answer) for one, answer in zip(everybody, answers, strict=True) if answer.status == 200]
    winners = {one.user.name for one, _ in won}
    lost = [answer for answer in answers if answer.status == 409 and answer.body.get("winner") in winners]
    return Race(
        won=len(won),
        winner_told_s=max((answer.took_s for _, answer in won), default=0.0),
        losers_told_s=[answer.took_s for answer in lost],
        others=len(answers) - len(won) - len(lost),
    )


def _in_hand(state: str, secretary: Secretary) -> Fits:
    """Whether a ticket is hers, in that state."""
    return lambda told: told.get("state") == state and told.get("secretary") == secretary.id


def _let_talk(caller: Line | None, hers: Line, sound: Sound | None) -> None:
    if caller is not None:
        caller.says(sound or quiet(), None if sound is None else hers)
        hers.says(sound or quiet(), None if sound is None else caller)

"""An hour of the desk in a minute: who rings, who waits, who talks, who takes a break, and how long everybody takes to know.

The clients of the measure, in one process and on one event loop of their own:

    seats       secretaries who take calls: offered or picked -> accept (or refuse) -> talk -> hang up -> wrap up -> the next
    the others  have a break, and change what kind of break it is, one after the other
    callers     some ask the bot one thing after the other; the others ask for a person, wait with music, talk, ring again
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from urllib.parse import urlencode

import psutil

from benchmarks.desk.consoles import SEEN_WITHIN_S, Answer, Fits, News, Secretary, Watch, sign_in
from benchmarks.desk.house import LINE, Gauge, Login, Serving, gauge
from benchmarks.desk.lines import Beat, Heard, Line, questions, quiet, talk

BREAKS = ("lunch", "short", "meeting", "training")
REFUSES = 0.25
"""Share of offers that are refused."""
HANGS_UP_AFTER_S = (20.0, 60.0)
"""How long a caller waits before giving up, at random."""
OFFER_WAIT_S = 0.6
"""How long a seat waits for an offer before it picks a call that rings for everybody."""
SETTLE_S = 5.0
FEW_S = 8.0
"""Length of the two measures before the real one."""
CALLERS_PER_ADDRESS = 5
SHEET = {"person": "", "phone": "", "reason": "", "intent": "", "outcome": "handled", "note": "Rappel noté.", "finish": True}
_DICE = random.Random(20260301)


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is to be measured."""

    serving: Serving
    logins: tuple[Login, ...]
    calls: int
    seats: int
    """Secretaries who talk with callers."""
    bots: int
    """Calls that stay with the bot."""
    seconds: float
    talk_s: float
    status_every_s: float
    races: int


@dataclass(slots=True, kw_only=True)
class Update:
    """What became known of one command."""

    command: str
    status: int
    seen_s: list[float]
    """By console, from before the command was sent."""
    missing: int
    """Consoles that were not told within `SEEN_WITHIN_S`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Race:
    """One ticket, accepted by everybody at once."""

    won: int
    winner_told_s: float
    losers_told_s: list[float]
    """Those who were told the winner's name."""
    others: int
    """Answers that were neither."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """What the server and we used in a while."""

    seconds: float
    before: Gauge
    after: Gauge
    clients_cpu_s: float
    events: int
    """Received by all consoles together."""


@dataclass(slots=True, kw_only=True)
class Outcome:
    """Everything that was seen."""

    periods: dict[str, Period] = field(default_factory=dict)
    updates: list[Update] = field(default_factory=list)
    races: list[Race] = field(default_factory=list)
    callers: Heard = field(default_factory=Heard)
    secretaries: Heard = field(default_factory=Heard)
    talking: list[int] = field(default_factory=list)
    """Conversations, looked at once a second."""
    waiting: list[int] = field(default_factory=list)
    """Tickets in the queue, likewise."""
    live: list[int] = field(default_factory=list)
    """Calls on the line, likewise."""
    happened: Counter[str] = field(default_factory=Counter)
    lateness_s: list[float] = field(default_factory=list)


class Shift:
    """All clients."""

    def __init__(self, order: Order) -> None:
        self._order = order
        self._now_s: Callable[[], float] = time.monotonic
        self.outcome = Outcome()
        self._news = News(now_s=self._now_s)
        self._beat = Beat(now_s=self._now_s)
        self._secretaries: list[Secretary] = []
        self._sounds = {"quiet": quiet(), "talk": talk(), "questions": questions()}
        self._lines: dict[str, Line] = {}
        self._taken: set[int] = set()
        self._rung = 0
        self._over = False

    async def hold(self) -> Outcome:
        """From the first sign-in to the last hang-up."""
        order = self._order
        await self._come_to_work()
        beating = asyncio.create_task(self._beat.run())
        async with asyncio.TaskGroup() as tasks:
            await self._measured("consoles", FEW_S)
            callers = [tasks.create_task(self._forever(self._asks_the_bot)) for _ in range(order.bots)]
            callers += [tasks.create_task(self._forever(self._waits)) for _ in range(order.calls - order.bots)]
            await self._all_on_the_line()
            await self._measured("calls", FEW_S)
            work = [tasks.create_task(self._forever(lambda s=one: self._seat(s))) for one in self._seats]
            work.append(tasks.create_task(self._breaks()))
            await asyncio.sleep(SETTLE_S)
            await self._measured("work", order.seconds)
            self._over = True
            await asyncio.gather(*work)
            await self._races()
            for line in self._lines.values():
                await line.tell(type="hang_up")
            await asyncio.gather(*callers)
        beating.cancel()
        for one in self._secretaries:
            one.close()
        return self.outcome

    # Before.

    async def _come_to_work(self) -> None:
        for number, login in enumerate(self._order.logins):  # one after the other: the server hashes one at a time
            one = Secretary(number, await sign_in(self._order.serving.url, login), self._order.serving.url, self._news)
            await one.watch()
            self._secretaries.append(one)
        for one in self._secretaries:
            seat = one in self._seats
            await one.post("status", **({"status": "available"} if seat else {"status": "break", "reason": "lunch"}))

    @property
    def _seats(self) -> list[Secretary]:
        return self._secretaries[: self._order.seats]

    async def _all_on_the_line(self) -> None:
        async with asyncio.timeout(120.0):
            while len(self._lines) < self._order.calls:
                await asyncio.sleep(0.2)
        await asyncio.sleep(SETTLE_S)

    async def _measured(self, name: str, seconds: float) -> None:
        before, mine, events = await asyncio.to_thread(gauge, self._order.serving), psutil.Process().cpu_times(), self._news.events
        working, begun_s = name == "work", self._now_s()
        self._listen(on=working)
        while self._now_s() < begun_s + seconds:
            await asyncio.sleep(1.0)
            if working:
                self._look()
        self._listen(on=False)
        used, seconds = psutil.Process().cpu_times(), self._now_s() - begun_s
        self.outcome.periods[name] = Period(
            seconds=seconds,
            before=before,
            after=await asyncio.to_thread(gauge, self._order.serving),
            clients_cpu_s=used.user + used.system - mine.user - mine.system,
            events=self._news.events - events,
        )
        self.outcome.lateness_s = self._beat.lateness_s

    def _listen(self, *, on: bool) -> None:
        self.outcome.callers.measuring = self.outcome.secretaries.measuring = self._beat.measuring = on

    def _look(self) -> None:
        states = Counter(ticket["state"] for ticket in self._news.tickets.values())
        self.outcome.talking.append(states["talking"])
        self.outcome.waiting.append(states["waiting"] + states["offered"])
        self.outcome.live.append(len(self._lines))

    async def _forever(self, turn: Callable[[], Awaitable[None]]) -> None:
        while not self._over:
            await turn()

    # Callers.

    async def _ring(self, sound: str) -> Line:
        self._rung += 1
        address = f"127.0.0.{2 + self._rung // CALLERS_PER_ADDRESS % 200}"
        query = urlencode({"line": LINE})
        line = Line(self.outcome.callers, self._sounds[sound], now_s=self._now_s)
        await line.open(f"{self._order.serving.url.replace('http', 'ws', 1)}/phone/audio?{query}", address=address)
        self._beat.add(line)
        answered = await line.message(lambda message: message["type"] in {"answered", "refused"})
        self.outcome.happened[str(answered["type"])] += 1
        if answered["type"] == "answered":
            self._lines[answered["call"]] = line
        return line

    async def _hung_up(self, line: Line) -> None:
        await line.close()
        self._lines = {call: known for call, known in self._lines.items() if known is not line}
        await asyncio.sleep(1.0)

    async def _asks_the_bot(self) -> None:
        await asyncio.sleep(_DICE.uniform(0.0, 10.0 if self._rung < self._order.calls else 1.0))
        line = await self._ring("questions")
        await line.over.wait()
        await self._hung_up(line)

    async def _waits(self) -> None:
        await asyncio.sleep(_DICE.uniform(0.0, 10.0 if self._rung < self._order.calls else 1.0))
        line = await self._ring("quiet")
        with contextlib.suppress(TimeoutError):
            await line.message(_says("opening.greeting"))
            await line.tell(type="key", key="0")
            await line.message(_says("handoff.waiting"))
            self.outcome.happened["asked for a person"] += 1
            await self._is_patient(line)
        await line.over.wait()
        await self._hung_up(line)

    async def _is_patient(self, line: Line) -> None:
        """Until it is over, or somebody comes, or it takes too long."""
        with contextlib.suppress(TimeoutError):
            await line.message(_says("handoff.connecting"), _DICE.uniform(*HANGS_UP_AFTER_S))
            return
        if not line.over.is_set() and not self._over:
            self.outcome.happened["hung up waiting"] += 1
            await line.tell(type="hang_up")

    # Secretaries.

    async def _seat(self, one: Secretary) -> None:
        """One call from its offer to its end."""
        ticket = await self._next_call(one)
        if ticket is None:
            return
        number, offered = int(ticket["id"]), ticket["state"] == "offered"
        if offered and _DICE.random() < REFUSES:
            await self._command(one, f"tickets/{number}/refuse", "ticket", number, _requeued(ticket), why="not_ready")
            return
        self._taken.add(number)
        answer = await self._command(one, f"tickets/{number}/accept", "ticket", number, _is("connecting", one))
        if answer.status != 200:
            return
        await self._talk(one, number, self._lines.get(str(ticket["call"])))
        if (await self._command(one, f"tickets/{number}/hang-up", "ticket", number, _is("wrap_up", one))).status == 200:
            await self._command(one, f"tickets/{number}/wrap-up", "ticket", number, _gone, **SHEET)

    async def _next_call(self, one: Secretary) -> dict[str, object] | None:
        """What rings for her, else what rings for everybody."""
        until_s = self._now_s() + OFFER_WAIT_S
        while not self._over and self._now_s() < until_s:
            for ticket in self._news.tickets.values():
                if ticket["state"] == "offered" and ticket["secretary"] == one.id:
                    return ticket
            await asyncio.sleep(0.05)
        return None if self._over else self._for_everybody()

    def _for_everybody(self) -> dict[str, object] | None:
        here = (ticket for ticket in self._news.tickets.values() if ticket["call"] in self._lines)
        rings = [t for t in here if t["state"] == "waiting" and t["widened"] and t["id"] not in self._taken]
        return _DICE.choice(rings) if rings else None

    async def _talk(self, one: Secretary, number: int, caller: Line | None) -> None:
        hers = Line(self.outcome.secretaries, self._sounds["quiet"], now_s=self._now_s)
        url = f"{self._order.serving.url.replace('http', 'ws', 1)}/desk/audio?ticket={number}"
        await hers.open(url, address="127.0.0.1", cookie=one.user.cookie)
        self._beat.add(hers)
        try:
            await hers.message(lambda message: message.get("phase") == "talking", 15.0)
            await hers.tell(type="ready")
            if caller is not None:
                self._sound(caller, hers, "talk")
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(hers.over.wait(), self._order.talk_s * _DICE.uniform(0.7, 1.3))
            self.outcome.happened["conversations"] += 1
        except TimeoutError:
            self.outcome.happened["conversations that failed"] += 1
        finally:
            if caller is not None:
                self._sound(caller, hers, "quiet")
            await hers.close()

    def _sound(self, caller: Line, hers: Line, name: str) -> None:
        for line, other in ((caller, hers), (hers, caller)):
            line.talks_with(other if name == "talk" else None)
            line.sends(self._sounds[name])

    async def _breaks(self) -> None:
        """The others, one after the other, take another kind of break."""
        others = self._secretaries[self._order.seats :]
        turn = 0
        while not self._over and others:
            one, reason = others[turn % len(others)], BREAKS[(1 + turn // len(others)) % len(BREAKS)]
            turn += 1
            seen: Fits = lambda told, reason=reason: told.get("break_reason") == reason  # type: ignore[misc] # noqa: E731
            await asyncio.gather(
                self._command(one, "status", "secretary", one.id, seen, status="break", reason=reason),
                asyncio.sleep(self._order.status_every_s),
            )

    async def _command(self, one: Secretary, path: str, kind: str, number: int, fits: Fits, **body: object) -> Answer:
        """Command something, and see when each console knows."""
        watch = Watch(fits=fits, sent_s=self._now_s(), wanted=len(self._secretaries))
        self._news.watch(kind, number, watch)
        try:
            answer = await one.post(path, **body)
            if answer.status == 200:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(watch.all_seen.wait(), SEEN_WITHIN_S)
        finally:
            self._news.forget(kind, number, watch)
        name = path.rsplit("/", 1)[-1]
        seen_s = list(watch.seen_s.values()) if answer.status == 200 else []
        missing = len(self._secretaries) - len(seen_s) if answer.status == 200 else 0
        if self._beat.measuring:
            self.outcome.updates.append(Update(command=name, status=answer.status, seen_s=seen_s, missing=missing))
        return answer

    # The race.

    async def _races(self) -> None:
        """All secretaries accept the same ticket, again and again, while the calls go on."""
        for one in self._secretaries[self._order.seats :]:
            await one.post("status", status="available")
        for _ in range(self._order.races):
            ticket = None
            async with asyncio.timeout(60.0):
                while ticket is None:
                    await asyncio.sleep(0.5)
                    ticket = self._for_everybody()
            await self._race(int(str(ticket["id"])))

    async def _race(self, number: int) -> None:
        for one in self._secretaries:
            await one.connect()
        await asyncio.sleep(0.3)
        answers = await asyncio.gather(*(one.post(f"tickets/{number}/accept") for one in self._secretaries))
        won = [(one, answer) for one, answer in zip(self._secretaries, answers, strict=True) if answer.status == 200]
        names = {one.user.name for one, _ in won}
        lost = [answer for answer in answers if answer.status == 409 and answer.body.get("winner") in names]
        self.outcome.races.append(
            Race(
                won=len(won),
                winner_told_s=max((answer.took_s for _, answer in won), default=float("nan")),
                losers_told_s=[answer.took_s for answer in lost],
                others=len(answers) - len(won) - len(lost),
            )
        )
        for one, _ in won:
            await one.post(f"tickets/{number}/hang-up")


def _says(act: str) -> Callable[[dict[str, object]], bool]:
    return lambda message: isinstance(message.get("line"), dict) and message["line"].get("act") == act  # type: ignore[union-attr, attr-defined]


def _is(state: str, secretary: Secretary) -> Fits:
    return lambda told: told.get("state") == state and told.get("secretary") == secretary.id


def _gone(told: dict[str, object]) -> bool:
    return bool(told.get("gone"))


def _requeued(before: dict[str, object]) -> Fits:
    return lambda told: int(told.get("version", 0)) > int(str(before["version"]))


def run(order: Order) -> Outcome:
    """Hold the shift in this process."""
    import uvloop

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(Shift(order).hold())

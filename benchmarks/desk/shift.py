"""An hour of the desk in a minute. All people of the measure are played here, in one process, on one event loop."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter

import psutil
import uvloop

from benchmarks.desk.callers import Callers
from benchmarks.desk.house import gauge
from benchmarks.desk.lines import Beat, questions, quiet, talk
from benchmarks.desk.office import Office
from benchmarks.desk.plan import Order, Outcome, Period

SETTLE_S = 5.0
FEW_S = 8.0
"""Length of the two measures before the real one."""
_SEED = 20260301


class Shift:
    """All clients of the server."""

    def __init__(self, order: Order) -> None:
        dice = random.Random(_SEED)
        self.outcome = Outcome()
        self._order = order
        self._beat = Beat()
        self._callers = Callers(order, self.outcome, self._beat, dice)
        self._office = Office(order, self.outcome, self._beat, self._callers, dice)

    async def hold(self) -> Outcome:
        """From the first sign-in to the last hang-up."""
        _ = quiet(), talk(), questions()  # made before anybody listens
        await self._office.come_in()
        async with asyncio.TaskGroup() as tasks:
            beating = tasks.create_task(self._beat.run())
            await self._measure("consoles", FEW_S)
            callers = self._callers.start(tasks)
            await self._callers.all_on_the_line()
            await asyncio.sleep(SETTLE_S)
            await self._measure("calls", FEW_S)
            work = self._office.start(tasks)
            await asyncio.sleep(SETTLE_S)
            await self._measure("work", self._order.seconds, everything=True)
            self._office.stop()
            await asyncio.gather(*work)
            await self._office.race()
            await self._callers.leave()
            await asyncio.gather(*callers)
            beating.cancel()
        self._office.leave()
        self.outcome.lateness_s = self._beat.lateness_s
        return self.outcome

    async def _measure(self, name: str, seconds: float, *, everything: bool = False) -> None:
        serving, news = self._order.serving, self._office.news
        before, cpu_s, events, begun_s = await asyncio.to_thread(gauge, serving), _cpu_s(), news.events, time.monotonic()
        self._listen(on=everything)
        while time.monotonic() < begun_s + seconds:
            await asyncio.sleep(1.0)
            if everything:
                self._look()
        self._listen(on=False)
        passed_s, used_s, told = time.monotonic() - begun_s, _cpu_s() - cpu_s, news.events - events
        after = await asyncio.to_thread(gauge, serving)
        self.outcome.periods[name] = Period(seconds=passed_s, before=before, after=after, clients_cpu_s=used_s, events=told)

    def _listen(self, *, on: bool) -> None:
        self.outcome.callers.measuring = self.outcome.secretaries.measuring = self._beat.measuring = on

    def _look(self) -> None:
        states = Counter(ticket["state"] for ticket in self._office.news.tickets.values())
        self.outcome.on_the_line.append(len(self._callers.lines))
        self.outcome.talking.append(states["talking"])
        self.outcome.waiting.append(states["waiting"] + states["offered"])


def _cpu_s() -> float:
    used = psutil.Process().cpu_times()
    return used.user + used.system


def run(order: Order) -> Outcome:
    """Hold the shift in this process."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(Shift(order).hold())

"""Everybody who rings: some ask the bot one thing after the other, the others want a person, wait, talk, and ring again."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from benchmarks.desk.house import LINE
from benchmarks.desk.lines import Beat, Line, Sound, questions, quiet
from benchmarks.desk.plan import Order, Outcome

PATIENCE_S = (20.0, 60.0)
"""How long a caller waits for a person before hanging up, at random."""
ARRIVE_WITHIN_S = 10.0
"""The first calls come one after the other."""
CALLS_PER_ADDRESS = 5
"""Every call comes from somewhere: the server limits what one address may do. All of 127/8 is this machine (Linux)."""
_ADDRESSES = 200


class Callers:
    """All callers of a shift."""

    def __init__(self, order: Order, outcome: Outcome, beat: Beat, dice: random.Random) -> None:
        self.lines: dict[str, Line] = {}
        """On the line, by call."""
        self._order = order
        self._outcome = outcome
        self._beat = beat
        self._dice = dice
        self._all_here = asyncio.Event()
        self._rung = 0
        self._leaving = False

    def start(self, tasks: asyncio.TaskGroup) -> list[asyncio.Task[None]]:
        """All of them; who has hung up rings again, until `leave`."""
        order = self._order
        callers = [self._asks_the_bot] * order.bots + [self._wants_a_person] * (order.calls - order.bots)
        return [tasks.create_task(self._again_and_again(caller)) for caller in callers]

    async def all_on_the_line(self) -> None:
        """Wait for it."""
        async with asyncio.timeout(120.0):
            await self._all_here.wait()

    async def leave(self) -> None:
        """Hang up, and ring no more."""
        self._leaving = True
        for line in tuple(self.lines.values()):
            await line.tell(type="hang_up")

    async def _again_and_again(self, caller: Callable[[Line], Any]) -> None:
        await asyncio.sleep(self._dice.uniform(0.0, ARRIVE_WITHIN_S))
        while not self._leaving:
            asks = caller == self._asks_the_bot
            line = await self._ring(questions() if asks else quiet())
            with contextlib.suppress(TimeoutError):
                await caller(line)
            await line.over.wait()
            await line.close()
            self.lines = {call: known for call, known in self.lines.items() if known is not line}
            await asyncio.sleep(self._dice.uniform(0.5, 1.5))

    async def _ring(self, sound: Sound) -> Line:
        self._rung += 1
        url = f"{self._order.serving.socket_url}/phone/audio?{urlencode({'line': LINE})}"
        line = Line(self._outcome.callers, sound)
        await line.open(url, address=f"127.0.0.{2 + self._rung // CALLS_PER_ADDRESS % _ADDRESSES}")
        self._beat.add(line)
        answered = await line.message(lambda message: message["type"] in {"answered", "refused"})
        self._outcome.happened[f"calls {answered['type']}"] += 1
        if answered["type"] == "answered":
            self.lines[answered["call"]] = line
            if len(self.lines) == self._order.calls:
                self._all_here.set()
        return line

    async def _asks_the_bot(self, line: Line) -> None:
        await line.over.wait()

    async def _wants_a_person(self, line: Line) -> None:
        await line.message(_says("opening.greeting"))
        await line.tell(type="key", key="0")
        await line.message(_says("handoff.waiting"))
        with contextlib.suppress(TimeoutError):
            await line.message(_says("handoff.connecting"), self._dice.uniform(*PATIENCE_S))
            return
        if line.partner is None and not line.over.is_set():
            self._outcome.happened["callers hung up waiting"] += 1
            await line.tell(type="hang_up")


def _says(act: str) -> Callable[[dict[str, Any]], bool]:
    """Whether a message is the bot's sentence of that name."""
    return lambda message: message["type"] == "line" and message["line"].get("act") == act

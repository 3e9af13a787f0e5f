"""kill -9 of a server with callers waiting and one talking: who comes back finds the place again, nobody and nothing is lost."""

from __future__ import annotations

import asyncio
import contextlib
import time
from pathlib import Path
from typing import Any

import httpx
import numpy as np

from tests.fakes.spectrum import loudest_hz
from tests.servers.people import Caller, Secretary
from tests.servers.permanence import Served
from voicebot.core.ids import CallId
from voicebot.core.tickets import TicketState
from voicebot.records.calls import read_call
from voicebot.records.database import Database
from voicebot.records.tickets import open_tickets

LINE = "+33199001001"
CALLER_HZ, SECRETARY_HZ = 440.0, 1000.0
BACK_WITHIN_S = 30.0
"""What callers have to come back."""


async def _waiting(url: str, number: int) -> Caller:
    """Somebody who rings and asks for a person."""
    caller = await Caller(url).ring(LINE, f"+3363998{number:04d}")
    await caller.asks_for_a_person()
    await caller.hears("handoff.waiting")
    return caller


async def _talking(secretary: Secretary, caller: Caller) -> int:
    ticket = await secretary.ticket(call=caller.call, state="offered")
    await secretary.do(f"tickets/{ticket['id']}/accept")
    caller.mouth.tone_hz, secretary.audio.mouth.tone_hz = CALLER_HZ, SECRETARY_HZ
    await secretary.talk(ticket["id"])
    await secretary.audio.message("phase", where=lambda message: message["phase"] == "talking")
    return int(ticket["id"])


def _tickets(data_dir: Path) -> dict[str, Any]:
    database = Database.open(f"sqlite:///{data_dir / 'permanence.db'}")
    try:
        return {ticket.call: ticket for ticket in open_tickets(database)}
    finally:
        database.close()


async def _come_back(caller: Caller) -> None:
    """As the page does: again and again, until the server is there."""
    async with asyncio.timeout(BACK_WITHIN_S):
        while True:
            with contextlib.suppress(OSError):
                await caller.come_back()
                return
            await asyncio.sleep(0.2)


async def _before(served: Served) -> tuple[Secretary, list[Caller], int]:
    secretary = await Secretary(served.url, "secretaire", served.passwords["secretaire"]).sign_in()
    await secretary.watch()
    await secretary.declare()
    talking = await _waiting(served.url, 1)
    ticket = await _talking(secretary, talking)
    waiting = await asyncio.gather(*(_waiting(served.url, number) for number in range(2, 7)))
    await asyncio.sleep(1.0)  # events are stored in groups: those of the last instant may be lost
    return secretary, [talking, *waiting], ticket


async def _after(served: Served, secretary: Secretary, callers: list[Caller], ticket: int) -> None:
    """The one who talked, and three of those who waited, come back; two do not."""
    again = await Secretary(served.url, "secretaire", served.passwords["secretaire"]).sign_in()
    await again.watch()
    back = [callers[0], *callers[1:4]]
    await asyncio.gather(*(_come_back(caller) for caller in back))
    again.audio.mouth.tone_hz = SECRETARY_HZ
    await again.talk(ticket)
    await callers[1].hears("opening.resumed")
    await asyncio.sleep(2.0)
    now = time.monotonic()
    await asyncio.sleep(1.5)
    assert loudest_hz(callers[0].ear.between(now)) == SECRETARY_HZ
    assert loudest_hz(again.audio.ear.between(now)) == CALLER_HZ
    for caller in callers[4:]:
        await again.ticket(BACK_WITHIN_S + 10, call=caller.call, state="callback_due")
    for caller in back:
        await caller.close()
    await again.leave()


def test_callers_are_found_again_and_the_others_are_called_back(tmp_path: Path) -> None:
    served = Served(tmp_path)

    async def story() -> None:
        secretary, callers, ticket = await _before(served)
        before = _tickets(tmp_path)
        assert {t.state for t in before.values()} == {TicketState.WAITING, TicketState.TALKING}
        said = {caller.call: [m["line"] for m in caller.messages if m["type"] == "line"] for caller in callers}
        await asyncio.to_thread(served.kill)
        with contextlib.suppress(httpx.TransportError):
            await secretary.leave()
        for caller in callers:
            await caller.close()
        await asyncio.to_thread(served.start)
        checking = asyncio.create_task(_after(served, secretary, callers, ticket))
        await _come_back_is_seen(tmp_path, before, callers)
        await checking
        await asyncio.to_thread(_ended, tmp_path, [caller.call for caller in callers])
        _nothing_is_lost(tmp_path, said)

    with served:
        asyncio.run(story())


async def _come_back_is_seen(data_dir: Path, before: dict[str, Any], callers: list[Caller]) -> None:
    """Soon, and for as long as they wait, the tickets of those who came back stand as before, with their rank."""
    await asyncio.sleep(15.0)
    after = await asyncio.to_thread(_tickets, data_dir)
    for caller in callers:
        was, now = before[caller.call], after[caller.call]
        assert now.waiting_since == was.waiting_since
        assert now.base_score == was.base_score
    assert after[callers[0].call].state is TicketState.TALKING
    assert {after[caller.call].state for caller in callers[1:4]} <= {TicketState.WAITING, TicketState.OFFERED}


def _ended(data_dir: Path, calls: list[str]) -> None:
    """Those who came back have hung up, the others get their end a moment after they are given up."""
    database = Database.open(f"sqlite:///{data_dir / 'permanence.db'}")
    give_up_s = time.monotonic() + BACK_WITHIN_S
    try:
        reasons: list[str | None] = [None]
        while None in reasons and time.monotonic() < give_up_s:
            time.sleep(0.5)
            files = [read_call(database, CallId(call)) for call in calls]
            reasons = [None if file is None else file.call.end_reason for file in files]
        assert reasons == ["caller_hung_up"] * 4 + ["cut_off"] * 2
    finally:
        database.close()


def _nothing_is_lost(data_dir: Path, said: dict[str, list[dict[str, Any]]]) -> None:
    """Every sentence that a caller had heard begin is stored, in order."""
    database = Database.open(f"sqlite:///{data_dir / 'permanence.db'}")
    try:
        for call, lines in said.items():
            file = read_call(database, CallId(call))
            assert file is not None
            stored = {turn.text for turn in file.turns if turn.speaker == "bot"}
            assert {line["text"] for line in lines if line["type"] == "bot"} <= stored
            assert np.all(np.diff([turn.t_s for turn in file.turns]) >= 0)
    finally:
        database.close()

from __future__ import annotations

import asyncio
import threading

import pytest

from accounts.hashing_queue import HashingQueue
from accounts.refusals import OverrunError


async def test_work_runs_off_the_event_loop_and_one_at_a_time() -> None:
    queue, running, most = HashingQueue(), 0, 0
    threads, never = set(), threading.Event()

    def work() -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        threads.add(threading.get_ident())
        never.wait(0.005)  # long enough for another to come in, if one were let in
        running -= 1

    await asyncio.gather(*(queue.run(work) for _ in range(10)))
    assert most == 1
    assert threading.get_ident() not in threads


async def test_the_event_loop_goes_on_while_somebody_hashes() -> None:
    queue, loop_ran = HashingQueue(), threading.Event()
    hashing = asyncio.create_task(queue.run(lambda: loop_ran.wait(60)))
    await asyncio.sleep(0)
    loop_ran.set()
    assert await hashing


async def test_who_comes_when_too_many_wait_is_refused_and_the_others_are_served() -> None:
    queue, go = HashingQueue(max_waiting=2), threading.Event()
    served = [asyncio.create_task(queue.run(lambda: go.wait(60))) for _ in range(3)]
    await asyncio.sleep(0)
    with pytest.raises(OverrunError):
        await queue.run(lambda: True)
    go.set()
    assert await asyncio.gather(*served) == [True] * 3
    assert await queue.run(lambda: "again")


async def test_work_that_fails_makes_room_for_the_next() -> None:
    queue = HashingQueue(max_waiting=0)

    def fail() -> None:
        raise OverrunError

    for _ in range(3):
        with pytest.raises(OverrunError):
            await queue.run(fail)
    assert await queue.run(lambda: "served") == "served"

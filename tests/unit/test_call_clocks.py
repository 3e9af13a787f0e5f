"""The two clocks: several participants, cancellation, jobs."""

from __future__ import annotations

import asyncio
import concurrent.futures
import threading
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicebot.call.clocks import RealClock, VirtualClock
from voicebot.core.clock import Job

START = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


async def walk(clock: VirtualClock, name: str, steps_s: list[float], seen: list[tuple[float, str]]) -> None:
    async with clock.joined():
        for step_s in steps_s:
            await clock.sleep_until(clock.now_s() + step_s)
            seen.append((round(clock.now_s(), 6), name))


@given(st.lists(st.lists(st.sampled_from([0.0, 0.02, 0.05, 1.0]), max_size=8), min_size=1, max_size=5))
def test_several_participants_wake_in_order_of_time_and_all_come_to_their_end(walks: list[list[float]]) -> None:
    clock, seen = VirtualClock(START), list[tuple[float, str]]()

    async def all_walk() -> None:
        async with asyncio.TaskGroup() as group:
            for number, steps_s in enumerate(walks):
                group.create_task(walk(clock, str(number), steps_s, seen))

    asyncio.run(all_walk())
    assert [t_s for t_s, _ in seen] == sorted(t_s for t_s, _ in seen)
    for number, steps_s in enumerate(walks):
        ends_s = [round(sum(steps_s[: n + 1]), 6) for n in range(len(steps_s))]
        assert [t_s for t_s, name in seen if name == str(number)] == pytest.approx(ends_s)


def test_time_stands_still_while_one_participant_is_awake_even_after_another_was_cancelled() -> None:
    clock = VirtualClock(START)

    async def scene() -> float:
        working, go_on = asyncio.Event(), asyncio.Event()

        async def worker() -> float:
            async with clock.joined():
                working.set()
                await go_on.wait()
                return clock.now_s()

        sleeper = asyncio.create_task(walk(clock, "sleeper", [5.0], []))
        busy = asyncio.create_task(worker())
        await working.wait()
        sleeper.cancel()
        with pytest.raises(asyncio.CancelledError):
            await sleeper
        await asyncio.sleep(0)
        go_on.set()
        return await busy

    assert asyncio.run(scene()) == 0.0


def test_who_is_cancelled_or_ends_does_not_hold_up_the_others() -> None:
    clock, seen = VirtualClock(START), list[tuple[float, str]]()

    async def scene() -> None:
        lazy = asyncio.create_task(walk(clock, "lazy", [100.0], seen))
        short = asyncio.create_task(walk(clock, "short", [1.0], seen))
        long = asyncio.create_task(walk(clock, "long", [1.0, 1.0, 1.0], seen))
        await short
        lazy.cancel()
        await long

    asyncio.run(scene())
    assert seen == [(1.0, "short"), (1.0, "long"), (2.0, "long"), (3.0, "long")]


def test_wall_time_follows_virtual_time() -> None:
    clock = VirtualClock(START)
    asyncio.run(walk(clock, "one", [90.0], []))
    assert clock.wall() == START + timedelta(seconds=90)


def test_a_job_is_ready_at_its_nominal_time_exactly_however_long_it_really_takes() -> None:
    clock = VirtualClock(START)
    gate = threading.Event()
    with concurrent.futures.ThreadPoolExecutor(1) as workers:
        job = Job(future=workers.submit(gate.wait), started_s=0.0, nominal_s=0.3)

        async def ready_at() -> float:
            async with clock.joined():
                while not await clock.is_ready(job):
                    await clock.sleep_until(round(clock.now_s() + 0.02, 6))
                    if clock.now_s() >= 0.29:
                        gate.set()
                return clock.now_s()

        assert asyncio.run(ready_at()) == pytest.approx(0.3)


def test_a_job_that_was_done_early_is_not_ready_before_its_time() -> None:
    future: concurrent.futures.Future[int] = concurrent.futures.Future()
    future.set_result(1)
    assert not asyncio.run(VirtualClock(START).is_ready(Job(future=future, started_s=0.0, nominal_s=0.1)))
    assert asyncio.run(VirtualClock(START).is_ready(Job(future=future, started_s=0.0, nominal_s=0.0)))


def test_a_job_that_failed_or_was_cancelled_is_ready_and_says_so_only_to_who_asks() -> None:
    failing: concurrent.futures.Future[int] = concurrent.futures.Future()
    cancelled: concurrent.futures.Future[int] = concurrent.futures.Future()
    unseen: list[object] = []

    async def both() -> tuple[bool, bool]:
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _loop, context: unseen.append(context))
        loop.call_later(0.0, failing.set_exception, ValueError())
        loop.call_later(0.0, cancelled.cancel)
        clock = VirtualClock(START)
        jobs = (Job(future=future, started_s=0.0, nominal_s=0.0) for future in (failing, cancelled))
        first, second = [await clock.is_ready(job) for job in jobs]
        return first, second

    assert asyncio.run(both()) == (True, True)
    assert not unseen


def test_the_real_clock_never_goes_back_and_reads_the_wall_it_was_given() -> None:
    clock = RealClock(START)
    first = clock.now_s()
    assert clock.now_s() >= first
    assert START <= clock.wall() < START + timedelta(minutes=1)
    assert abs(RealClock().wall() - datetime.now(UTC)) < timedelta(minutes=1)


def test_the_real_clock_gives_way_to_other_tasks_even_when_late() -> None:
    seen: list[str] = []

    async def scene() -> None:
        clock = RealClock()
        async with clock.joined():
            asyncio.get_running_loop().call_soon(seen.append, "other")
            await clock.sleep_until(clock.now_s() - 1.0)
            seen.append("late")

    asyncio.run(scene())
    assert seen == ["other", "late"]


def test_in_real_time_a_job_is_ready_when_it_is_done() -> None:
    future: concurrent.futures.Future[int] = concurrent.futures.Future()
    job = Job(future=future, started_s=0.0, nominal_s=99.0)
    assert not asyncio.run(RealClock().is_ready(job))
    future.set_result(1)
    assert asyncio.run(RealClock().is_ready(job))

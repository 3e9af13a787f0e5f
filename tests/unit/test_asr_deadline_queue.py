from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicebot.asr.deadline_queue import DeadlineQueue
from voicebot.asr.recognizer import Priority

FINAL, SPECULATIVE, PARTIAL = Priority.FINAL, Priority.SPECULATIVE, Priority.PARTIAL


def queue(most_waiting: int = 100) -> DeadlineQueue[str]:
    return DeadlineQueue(most_waiting=most_waiting)


def served(waiting: DeadlineQueue[str], now_s: float = 0.0) -> list[str]:
    order: list[str] = []
    while batch := waiting.take(now_s, limit=1).batch:
        order += batch
    return order


def test_finals_go_before_speculative_before_partials_whatever_their_deadlines() -> None:
    waiting = queue()
    for priority, deadline_s in ((PARTIAL, 1.0), (FINAL, 3.0), (SPECULATIVE, 2.0)):
        waiting.push(priority.name, priority=priority, deadline_s=deadline_s, window_s=2.0)
    assert served(waiting) == ["FINAL", "SPECULATIVE", "PARTIAL"]


def test_the_earliest_deadline_goes_first_and_equals_in_order_of_arrival() -> None:
    waiting = queue()
    for name, deadline_s in (("late", 3.0), ("soon", 1.0), ("soon too", 1.0)):
        waiting.push(name, priority=FINAL, deadline_s=deadline_s, window_s=2.0)
    assert served(waiting) == ["soon", "soon too", "late"]


def test_only_equal_windows_of_one_priority_are_served_together() -> None:
    waiting = queue()
    for name, priority, window_s in (("a", FINAL, 2.0), ("b", FINAL, 3.0), ("c", FINAL, 2.0), ("d", PARTIAL, 2.0)):
        waiting.push(name, priority=priority, deadline_s=5.0, window_s=window_s)
    assert waiting.take(0.0, limit=8).batch == ("a", "c")
    assert waiting.take(0.0, limit=8).batch == ("b",)
    assert waiting.take(0.0, limit=8).batch == ("d",)


def test_a_batch_is_no_larger_than_its_limit() -> None:
    waiting = queue()
    for name in "abc":
        waiting.push(name, priority=FINAL, deadline_s=1.0, window_s=2.0)
    assert waiting.take(0.0, limit=2).batch == ("a", "b")
    assert len(waiting) == 1


@pytest.mark.parametrize(("priority", "shed"), [(PARTIAL, True), (SPECULATIVE, False), (FINAL, False)])
def test_only_a_late_partial_is_shed(priority: Priority, shed: bool) -> None:
    waiting = queue()
    waiting.push("x", priority=priority, deadline_s=1.0, window_s=2.0)
    taken = waiting.take(1.5, limit=8)
    assert (taken.shed, taken.batch) == ((("x",), ()) if shed else ((), ("x",)))


def test_under_load_the_least_pressing_partial_is_shed() -> None:
    waiting = queue(most_waiting=2)
    waiting.push("patient", priority=PARTIAL, deadline_s=9.0, window_s=2.0)
    waiting.push("pressing", priority=PARTIAL, deadline_s=1.0, window_s=2.0)
    assert waiting.push("final", priority=FINAL, deadline_s=9.0, window_s=2.0) == ("patient",)
    assert waiting.push("partial", priority=PARTIAL, deadline_s=5.0, window_s=2.0) == ("partial",)


@given(st.lists(st.tuples(st.sampled_from(list(Priority)), st.floats(0, 10)), max_size=40), st.integers(0, 5))
def test_no_final_or_speculative_request_is_ever_lost(requests: list[tuple[Priority, float]], most_waiting: int) -> None:
    waiting: DeadlineQueue[int] = DeadlineQueue(most_waiting=most_waiting)
    shed = [item for n, (p, d) in enumerate(requests) for item in waiting.push(n, priority=p, deadline_s=d, window_s=2.0)]
    done: list[int] = []
    while batch := waiting.take(11.0, limit=3).batch:
        done += batch
    assert all(requests[n][0] is PARTIAL for n in shed)
    assert {n for n, (p, _) in enumerate(requests) if p is not PARTIAL} == set(done)

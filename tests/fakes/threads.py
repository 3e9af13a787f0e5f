"""Threads that start together, for rules that must hold when everybody comes at once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import TypeVar

_Result = TypeVar("_Result")


def all_at_once(attempts: Sequence[Callable[[], _Result]]) -> list[_Result]:
    """Run each in a thread of its own; what they returned, in the order in which they ended.

    Raises:
        ExceptionGroup: what any of them raised.
    """
    begin = threading.Barrier(len(attempts))
    results: list[_Result] = []
    failures: list[Exception] = []

    def run(attempt: Callable[[], _Result]) -> None:
        begin.wait()
        try:
            results.append(attempt())
        except Exception as error:  # noqa: BLE001 (raised below, in the thread of the test)
            failures.append(error)

    threads = [threading.Thread(target=run, args=(attempt,)) for attempt in attempts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise ExceptionGroup("of those who came at once", failures)
    return results

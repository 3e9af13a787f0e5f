"""Fair load: equal colleagues get equally many offers for their hours."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from tests.fakes.desk import secretary
from tests.fakes.desk_day import DeskDay, Habits
from voicebot.core.ids import UserId

CALLS = 10_000
A_THIRD_MORE = 4 / 3
SHARES = {UserId(number): share for number, share in enumerate((0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2), 1)}
"""Which part of the time each of them is there."""


def unfairness(day: DeskDay, equals: Iterable[UserId]) -> float:
    """How many times the offers per available hour of one are those of an equal colleague, at most."""
    loads = [day.load(user) for user in equals]
    return max(loads) / min(loads)


@pytest.mark.parametrize(("seed", "between_calls_s"), [(1, 90.0), (2, 42.0)])
def test_nobody_gets_a_third_more_offers_an_hour_than_an_equal_colleague(seed: int, between_calls_s: float) -> None:
    day = DeskDay({user: secretary(user) for user in SHARES}, SHARES, Habits(between_calls_s=between_calls_s), seed)
    day.run(CALLS)
    assert unfairness(day, SHARES) < A_THIRD_MORE


def test_equals_are_those_who_can_do_the_same() -> None:
    bilingual, others = list(SHARES)[::2], list(SHARES)[1::2]
    team = {user: secretary(user, languages=frozenset({"fr", "en"} if user in bilingual else {"fr"})) for user in SHARES}
    day = DeskDay(team, SHARES, Habits(between_calls_s=60.0, english=0.3), seed=3)
    day.run(CALLS)
    assert unfairness(day, bilingual) < A_THIRD_MORE
    assert unfairness(day, others) < A_THIRD_MORE

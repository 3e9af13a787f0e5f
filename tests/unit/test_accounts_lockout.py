from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.lockout import ATTEMPTS, LOCK, Lockout, neighbourhood
from tests.fakes.stored import NOW

SECOND = timedelta(seconds=1)


def test_attempts_are_counted_down_then_refused_until_the_lock_ends() -> None:
    lockout = Lockout()
    assert [lockout.count("x", NOW) for _ in range(ATTEMPTS + 1)] == [4, 3, 2, 1, 0, None]
    assert lockout.locked("x", NOW + LOCK - SECOND)
    assert not lockout.locked("x", NOW + LOCK)
    assert lockout.count("x", NOW + LOCK) == 4


def test_asking_again_does_not_lengthen_a_lock() -> None:
    lockout = Lockout()
    for _ in range(ATTEMPTS):
        lockout.count("x", NOW)
    assert lockout.count("x", NOW + LOCK - SECOND) is None
    assert lockout.count("x", NOW + LOCK) == 4


def test_keys_are_counted_apart_and_a_success_forgets() -> None:
    lockout = Lockout()
    for _ in range(ATTEMPTS):
        lockout.count("x", NOW)
    assert lockout.count("y", NOW) == 4
    lockout.forget("x")
    assert lockout.count("x", NOW) == 4


def test_attempts_of_long_ago_count_no_more() -> None:
    lockout = Lockout()
    for _ in range(ATTEMPTS - 1):
        lockout.count("x", NOW)
    assert lockout.count("x", NOW + LOCK) == 4


def test_memory_is_bounded_and_the_latest_are_kept() -> None:
    lockout = Lockout(capacity=100)
    for _ in range(ATTEMPTS):
        lockout.count("victim", NOW)
    for number in range(99):
        lockout.count(f"flood-{number}", NOW)
    assert lockout.locked("victim", NOW)
    lockout.count("one more", NOW)
    assert not lockout.locked("victim", NOW)
    assert len(lockout._tallies) == 100


@pytest.mark.parametrize(
    ("address", "counted_under"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:bbbb::2", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("testclient", "testclient"),
        ("", ""),
    ],
)
def test_addresses_of_one_customer_are_counted_together(address: str, counted_under: str) -> None:
    assert neighbourhood(address) == counted_under

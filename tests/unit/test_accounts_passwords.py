from __future__ import annotations

import re

import pytest

from accounts.passwords import Passwords, check_password, generated_password, weakness_of
from tests.fakes.accounts import PASSWORD, QUICK
from voicebot.core.errors import InputError


def test_a_hash_is_argon2id_and_differs_each_time() -> None:
    first, second = QUICK.hashed(PASSWORD), QUICK.hashed(PASSWORD)
    assert first.startswith("$argon2id$v=19$m=8,t=1,p=1$")
    assert first != second
    assert QUICK.matches(PASSWORD, first)
    assert QUICK.matches(PASSWORD, second)


def test_the_costs_are_those_of_the_rfc_on_one_lane() -> None:
    assert Passwords().hashed(PASSWORD).startswith("$argon2id$v=19$m=65536,t=3,p=1$")


@pytest.mark.parametrize(
    "typed", ["", "Correct horse battery", "correct horse battery ", PASSWORD * 2, "x" * 10_000, "\x00", "\udcff"]
)
def test_another_password_does_not_match(typed: str) -> None:
    assert not QUICK.matches(typed, QUICK.hashed(PASSWORD))


def test_nothing_matches_where_there_is_no_hash() -> None:
    assert not QUICK.matches(PASSWORD, None)
    assert not QUICK.matches("", None)


def test_the_same_letters_match_however_they_are_encoded() -> None:
    assert QUICK.matches("pre\u0301sidence-2027", QUICK.hashed("pr\u00e9sidence-2027"))


def test_a_generated_password_is_readable_strong_and_never_the_same() -> None:
    made = {generated_password() for _ in range(200)}
    assert len(made) == 200
    assert all(re.fullmatch(r"([a-hjkmnp-z2-9]{4}-){3}[a-hjkmnp-z2-9]{4}", password) for password in made)
    letters = {letter for password in made for letter in password} - {"-"}
    assert len(letters) ** 16 >= 2**70
    assert all(weakness_of(password, login="marie") is None for password in made)


@pytest.mark.parametrize(
    ("password", "weakness"),
    [
        ("short", "short"),
        ("elevenchars", "short"),
        ("x" * 201, "long"),
        ("aaaaaaaaaaaaaaaa", "guessable"),
        ("abababababababab", "guessable"),
        ("mariemarieMARIE", "guessable"),
        ("twelve chars", None),
        ("é" * 6 + "abcdef", None),
    ],
)
def test_a_weak_password_is_refused_with_its_weakness(password: str, weakness: str | None) -> None:
    assert weakness_of(password, login="marie") == weakness


def test_the_sentence_about_a_weak_password_does_not_hold_it() -> None:
    with pytest.raises(InputError, match="expected 12 to 200 characters") as refused:
        check_password("hunter2", login="marie")
    assert "hunter2" not in str(refused.value)

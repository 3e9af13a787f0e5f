from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.fakes.stored import FIRM_ID, NOW, register_firm
from voicebot.core.errors import RecordsError
from voicebot.core.ids import ClientId, UserId
from voicebot.records.credentials import count_attempt, forget_attempts, set_password, set_totp_secret, use_totp_step
from voicebot.records.database import Database
from voicebot.records.faults import refuses_the_row
from voicebot.records.users import NewUser, add_users, find_user, list_users, read_user, set_disabled, set_language
from voicebot.records.web_sessions import WebSession, end_session, find_session, start_session, touch_session

MARIE = NewUser(
    login="marie", name="Marie L.", role="secretary", language="fr", speaks=frozenset({"fr", "en"}), all_clients=False,
    clients=frozenset({FIRM_ID}), usual_for=frozenset({FIRM_ID}), password_hash="hash",
)  # fmt: skip
LOCK = timedelta(minutes=15)


@pytest.fixture
def marie(database: Database) -> UserId:
    register_firm(database)
    (user,) = add_users(database, [MARIE], now=NOW)
    return user


def a_session(user: UserId, token: str = "t1", **changes: object) -> WebSession:
    session = WebSession(
        token_sha256=token, user=user, csrf="c", created_at=NOW, seen_at=NOW, expires_at=NOW + timedelta(hours=24), address="::1"
    )
    return replace(session, **changes)  # type: ignore[arg-type]


def test_a_user_is_read_as_added(database: Database, marie: UserId) -> None:
    stored = read_user(database, marie)
    assert stored is not None
    assert (stored.id, stored.user, stored.created_at) == (marie, MARIE, NOW)
    assert (stored.totp_secret, stored.totp_last_step, stored.disabled_at) == (None, None, None)
    assert find_user(database, "marie") == stored
    assert find_user(database, "paul") is None
    assert read_user(database, UserId(99)) is None


def test_a_login_is_given_once_and_users_are_stored_all_or_none(database: Database, marie: UserId) -> None:
    newcomers = [replace(MARIE, login="paul"), MARIE]
    with pytest.raises(RecordsError) as refused:
        add_users(database, newcomers, now=NOW)
    assert refuses_the_row(refused.value)
    assert [user.user.login for user in list_users(database)] == ["marie"]


def test_a_user_of_an_unknown_client_is_refused(database: Database) -> None:
    with pytest.raises(RecordsError) as refused:
        add_users(database, [replace(MARIE, clients=frozenset({ClientId("nobody")}))], now=NOW)
    assert refuses_the_row(refused.value)
    assert list_users(database) == ()


def test_first_users_are_stored_only_where_there_is_none(database: Database, marie: UserId) -> None:
    assert add_users(database, [replace(MARIE, login="admin")], now=NOW, only_first=True) == ()
    assert [user.user.login for user in list_users(database)] == ["marie"]


def test_attempts_are_counted_until_they_lock_and_start_anew_after_the_lock(database: Database, marie: UserId) -> None:
    left = [count_attempt(database, marie, now=NOW, limit=3, lock=LOCK) for _ in range(4)]
    assert left == [2, 1, 0, None]
    assert count_attempt(database, marie, now=NOW + LOCK - timedelta(seconds=1), limit=3, lock=LOCK) is None
    assert count_attempt(database, marie, now=NOW + LOCK, limit=3, lock=LOCK) == 2


@pytest.mark.parametrize("attempts", [2, 3])
def test_a_success_forgets_attempts_and_the_lock_of_the_last(database: Database, marie: UserId, attempts: int) -> None:
    for _ in range(attempts):
        count_attempt(database, marie, now=NOW, limit=3, lock=LOCK)
    forget_attempts(database, marie)
    assert count_attempt(database, marie, now=NOW, limit=3, lock=LOCK) == 2


def test_a_code_is_taken_once_and_none_of_before_after_it(database: Database, marie: UserId) -> None:
    set_totp_secret(database, marie, "SECRET")
    taken = [use_totp_step(database, marie, "SECRET", step) for step in (7, 7, 6, 8)]
    assert taken == [True, False, False, True]


def test_a_code_of_a_replaced_secret_is_not_taken(database: Database, marie: UserId) -> None:
    set_totp_secret(database, marie, "OLD")
    set_totp_secret(database, marie, "NEW")
    assert not use_totp_step(database, marie, "OLD", 7)
    assert use_totp_step(database, marie, "NEW", 7)


def test_a_session_is_found_with_its_user_until_it_is_ended(database: Database, marie: UserId) -> None:
    session = a_session(marie)
    assert start_session(database, session, password_hash="hash")
    assert find_session(database, "t1") == (session, read_user(database, marie))
    touch_session(database, "t1", NOW + timedelta(minutes=3))
    found = find_session(database, "t1")
    assert found is not None
    assert found[0].seen_at == NOW + timedelta(minutes=3)
    end_session(database, "t1")
    assert find_session(database, "t1") is None


def test_a_session_begun_with_a_password_that_has_just_changed_is_refused(database: Database, marie: UserId) -> None:
    set_password(database, marie, "other")
    assert not start_session(database, a_session(marie), password_hash="hash")
    assert find_session(database, "t1") is None


def test_a_disabled_user_begins_no_session(database: Database, marie: UserId) -> None:
    set_disabled(database, marie, NOW)
    assert not start_session(database, a_session(marie), password_hash="hash")
    set_disabled(database, marie, None)
    assert start_session(database, a_session(marie), password_hash="hash")


def test_a_new_password_and_disabling_end_the_sessions_of_that_user_alone(database: Database, marie: UserId) -> None:
    (paul,) = add_users(database, [replace(MARIE, login="paul")], now=NOW)
    start_session(database, a_session(paul, "of-paul"), password_hash="hash")
    start_session(database, a_session(marie, "t1"), password_hash="hash")
    set_password(database, marie, "hash2")
    assert find_session(database, "t1") is None
    start_session(database, a_session(marie, "t2"), password_hash="hash2")
    set_disabled(database, marie, NOW)
    assert find_session(database, "t2") is None
    assert find_session(database, "of-paul") is not None


def test_sessions_that_have_ended_are_swept_out_when_one_begins(database: Database, marie: UserId) -> None:
    start_session(database, a_session(marie, "old", expires_at=NOW), password_hash="hash")
    start_session(database, a_session(marie, "new"), password_hash="hash")
    assert find_session(database, "old") is None
    assert find_session(database, "new") is not None


def test_the_language_of_the_pages_is_kept(database: Database, marie: UserId) -> None:
    set_language(database, marie, "en")
    stored = read_user(database, marie)
    assert stored is not None
    assert stored.user.language == "en"

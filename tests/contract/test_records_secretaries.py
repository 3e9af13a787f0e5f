from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest

from tests.fakes.stored import FIRM_ID, NOW, add_user, register_firm
from tests.fakes.threads import all_at_once
from voicebot.core.ids import ClientId
from voicebot.core.secretaries import Declared, Secretary
from voicebot.records.database import Database
from voicebot.records.secretaries import load_secretaries
from voicebot.records.tickets import save_changes
from voicebot.records.users import set_disabled

OTHER = ClientId("other")


@pytest.fixture(autouse=True)
def _firms(database: Database) -> None:
    register_firm(database)
    register_firm(database, OTHER, "+33199001002")


def test_nobody_is_at_the_desk_of_a_new_database(database: Database) -> None:
    assert load_secretaries(database) == ()


def test_who_comes_for_the_first_time_is_offline_and_what_she_can_do_stands_in_her_account(database: Database) -> None:
    both = frozenset({FIRM_ID, OTHER})
    alice = add_user(database, speaks=frozenset({"fr", "en"}), all_clients=False, clients=both, usual_for=frozenset({OTHER}))
    bob = add_user(database, "bob")
    expected = Secretary(
        user=alice, version=1, name="Alice", clients=both, usual_for=frozenset({OTHER}), languages=frozenset({"fr", "en"}),
        declared=Declared.OFFLINE, connected=False,
    )  # fmt: skip
    assert load_secretaries(database) == (expected, Secretary(user=bob, version=1, name="Bob"))


def test_a_secretary_of_no_client_answers_for_none(database: Database) -> None:
    add_user(database, all_clients=False)
    assert load_secretaries(database)[0].clients == frozenset()


@pytest.mark.parametrize(
    ("role", "works"),
    [("secretary", True), ("supervisor", True), ("administrator", True), ("client_admin", False), ("client_reader", False)],
)
def test_only_those_whose_role_works_at_the_desk_are_there(database: Database, role: str, works: bool) -> None:
    add_user(database, role=role)
    assert len(load_secretaries(database)) == works


def test_a_disabled_user_is_not_there_and_is_as_before_when_enabled_again(database: Database) -> None:
    alice, bob = add_user(database), add_user(database, "bob")
    before, _ = load_secretaries(database)
    assert save_changes(database, [(before, replace(before, missed_offers=1))], [])
    set_disabled(database, alice, NOW)
    assert [secretary.user for secretary in load_secretaries(database)] == [bob]
    set_disabled(database, alice, None)
    assert load_secretaries(database)[0].missed_offers == 1


def test_many_who_look_at_once_see_the_same(database: Database) -> None:
    users = [add_user(database, f"user-{n}") for n in range(5)]
    seen = all_at_once([partial(load_secretaries, database)] * 10)
    assert {tuple(secretary.user for secretary in secretaries) for secretaries in seen} == {tuple(users)}
    assert {secretary.version for secretaries in seen for secretary in secretaries} == {1}


def test_of_two_changes_of_what_was_read_the_first_counts(database: Database) -> None:
    add_user(database)
    (before,) = load_secretaries(database)
    assert save_changes(database, [(before, replace(before, declared=Declared.AVAILABLE, idle_since=NOW))], [])
    assert not save_changes(database, [(before, replace(before, declared=Declared.BREAK))], [])
    assert load_secretaries(database) == (replace(before, version=2, declared=Declared.AVAILABLE, idle_since=NOW),)


def test_a_console_that_opens_is_not_stored(database: Database) -> None:
    add_user(database)
    (before,) = load_secretaries(database)
    assert save_changes(database, [(before, replace(before, connected=True))], [])
    assert load_secretaries(database) == (replace(before, version=2),)

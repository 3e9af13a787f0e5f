from __future__ import annotations

import pytest

from accounts.users import Reach, Role, User, checked_login, checked_name, folded_login, reach_of, role_named
from voicebot.core.errors import InputError
from voicebot.core.ids import ClientId, UserId

LILAS, MARTIN = ClientId("lilas"), ClientId("martin")
CLIENT_ROLES = [Role.CLIENT_ADMIN, Role.CLIENT_READER]
DESK = [Role.SECRETARY, Role.SUPERVISOR, Role.ADMINISTRATOR]


def a_user(role: Role, *clients: ClientId) -> User:
    listed = frozenset(clients) if clients else None
    return User(id=UserId(1), login="x", name="X", role=role, language="fr", clients=listed)


@pytest.mark.parametrize("role", Role)
def test_a_user_with_clients_listed_sees_those_and_no_other(role: Role) -> None:
    assert a_user(role, LILAS).sees(LILAS)
    assert not a_user(role, LILAS).sees(MARTIN)


def test_a_user_of_every_client_sees_them_all() -> None:
    assert a_user(Role.SECRETARY).sees(MARTIN)


def test_a_call_on_a_line_of_nobody_is_seen_by_the_desk_alone() -> None:
    assert {role for role in Role if a_user(role, LILAS).sees(None)} == set(DESK)


def test_roles_do_what_they_are_for() -> None:
    assert {role for role in Role if a_user(role).works_at_desk} == set(DESK)
    assert {role for role in Role if a_user(role).supervises} == {Role.SUPERVISOR, Role.ADMINISTRATOR}


@pytest.mark.parametrize("role", CLIENT_ROLES)
def test_who_belongs_to_a_client_has_one_and_never_all(role: Role) -> None:
    with pytest.raises(InputError, match="expected at least one client"):
        reach_of(role, frozenset(), frozenset())
    assert not reach_of(role, {LILAS}, frozenset()).all_clients
    with pytest.raises(InputError, match="takes no calls"):
        reach_of(role, {LILAS}, {LILAS})


@pytest.mark.parametrize("role", DESK)
def test_at_the_desk_no_client_listed_means_all(role: Role) -> None:
    reach = reach_of(role, frozenset(), {LILAS})
    assert reach == Reach(all_clients=True, clients=frozenset(), usual_for=frozenset({LILAS}))


def test_an_administrator_sees_every_client() -> None:
    with pytest.raises(InputError, match="sees every client"):
        reach_of(Role.ADMINISTRATOR, {LILAS}, frozenset())


def test_a_usual_secretary_sees_the_client() -> None:
    with pytest.raises(InputError, match="'martin', which is not among"):
        reach_of(Role.SECRETARY, {LILAS}, {LILAS, MARTIN})


@pytest.mark.parametrize("text", ["", "-x", "a b", "marie/../x", "x" * 65, "jérôme", "<b>", "a\n"[:1] + "\x00"])
def test_a_login_of_other_characters_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="login"):
        checked_login(text)


def test_a_login_is_folded() -> None:
    assert checked_login(" Marie.L@Example.org ") == "marie.l@example.org"
    assert folded_login("ＭＡＲＩＥ") == "marie"
    assert len(folded_login("x" * 100_000)) == 200


@pytest.mark.parametrize("text", ["", "   ", "x" * 101, "a\x1bb", "a\u202eb"])
def test_a_name_that_cannot_be_shown_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="name"):
        checked_name(text)


def test_a_name_loses_superfluous_blanks() -> None:
    assert checked_name("  Marie \n L'Hôte ") == "Marie L'Hôte"


def test_an_unknown_role_is_named_with_those_there_are() -> None:
    assert role_named("secretary") is Role.SECRETARY
    with pytest.raises(InputError, match="'boss', expected one of administrator, supervisor"):
        role_named("boss")

"""New users: what is checked of them, and those that a first start makes."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from typing import NamedTuple

from accounts.passwords import Passwords, check_password
from accounts.users import Role, User, checked_login, checked_name, reach_of
from voicebot.core.errors import InputError
from voicebot.core.ids import ClientId
from voicebot.core.language import Language
from voicebot.records.users import NewUser, StoredUser


class FirstUser(NamedTuple):
    """A user made by the first start, whose password is printed once."""

    login: str
    role: Role
    password: str


FIRST_USERS = (
    ("admin", "Claude Moreau", Role.ADMINISTRATOR),
    ("superviseur", "Dominique Leroy", Role.SUPERVISOR),
    ("secretaire", "Camille Petit", Role.SECRETARY),
    ("secretaire2", "Sacha Robert", Role.SECRETARY),
)
"""Login, name, role: enough to answer calls, and to hand one from a secretary to the other. Callers are told her first name."""


def new_user(
    passwords: Passwords,
    *,
    login: str,
    name: str,
    role: Role,
    password: str,
    language: Language,
    speaks: AbstractSet[Language],
    clients: AbstractSet[ClientId],
    usual_for: AbstractSet[ClientId],
) -> NewUser:
    """A user checked and ready to be stored. Blocks for a hash.

    Raises:
        InputError: the login, name, clients, languages or password cannot be used.
    """
    checked = checked_login(login)
    reach = reach_of(role, clients, usual_for)
    if not speaks:
        raise InputError(f"user {checked!r} speaks nothing: expected fr, en or both")
    check_password(password, login=checked)
    return NewUser(
        login=checked,
        name=checked_name(name),
        role=role,
        language=language,
        speaks=frozenset(speaks),
        all_clients=reach.all_clients,
        clients=reach.clients,
        usual_for=reach.usual_for,
        password_hash=passwords.hashed(password),
    )


def user_of(stored: StoredUser) -> User:
    """A stored user as pages and rules see one."""
    user = stored.user
    return User(
        id=stored.id,
        login=user.login,
        name=user.name,
        role=Role(user.role),
        language=user.language,
        speaks=user.speaks,
        clients=None if user.all_clients else user.clients,
        usual_for=user.usual_for,
        second_factor=stored.totp_last_step is not None,
        disabled=stored.disabled_at is not None,
    )

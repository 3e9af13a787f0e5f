"""Somebody with an account: what the role allows, and whose calls may be seen."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum

from voicebot.core.errors import InputError
from voicebot.core.ids import ClientId, UserId
from voicebot.core.language import Language

_LOGIN = re.compile(r"[a-z0-9][a-z0-9._@+-]{0,63}")
_MAX_NAME_CHARACTERS = 100


class Role(StrEnum):
    """What a user is."""

    ADMINISTRATOR = "administrator"
    """Runs the house; sees every client."""
    SUPERVISOR = "supervisor"
    """Takes calls, and sees to those who do."""
    SECRETARY = "secretary"
    CLIENT_ADMIN = "client_admin"
    """Of a firm that is answered for; may change what is said in its name."""
    CLIENT_READER = "client_reader"


DESK_ROLES = frozenset({Role.SECRETARY, Role.SUPERVISOR, Role.ADMINISTRATOR})
"""Who takes calls."""


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """A user as pages and rules see one; no secret in it."""

    id: UserId
    login: str
    name: str
    role: Role
    language: Language
    """Of the pages."""
    speaks: frozenset[Language] = frozenset({"fr"})
    """Languages in which calls can be taken."""
    clients: frozenset[ClientId] | None = None
    """Whom the user works for, or is of; None for every client."""
    usual_for: frozenset[ClientId] = frozenset()
    """Clients whose usual secretary the user is."""
    second_factor: bool = False
    """Whether signing in takes a code."""
    disabled: bool = False

    @property
    def works_at_desk(self) -> bool:
        """Whether the user may take calls."""
        return self.role in DESK_ROLES

    @property
    def supervises(self) -> bool:
        """Whether the user may see to secretaries and move tickets."""
        return self.role in {Role.SUPERVISOR, Role.ADMINISTRATOR}

    def sees(self, client: ClientId | None) -> bool:
        """Whether what belongs to a client may be shown; None: a call on a line of nobody, which the whole desk sees."""
        if client is None:
            return self.works_at_desk
        return self.clients is None or client in self.clients


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """Whose calls a user sees, checked against the role."""

    all_clients: bool
    clients: frozenset[ClientId]
    """Listed ones; the usual ones of who sees all are not among them."""
    usual_for: frozenset[ClientId]


def reach_of(role: Role, clients: AbstractSet[ClientId], usual_for: AbstractSet[ClientId]) -> Reach:
    """Whose calls a user of that role sees: the clients listed; at the desk, none listed means all.

    Raises:
        InputError: the role does not go with those clients.
    """
    if role in {Role.CLIENT_ADMIN, Role.CLIENT_READER} and not clients:
        raise InputError(f"a {role} belongs to a client: expected at least one client")
    if role is Role.ADMINISTRATOR and clients:
        raise InputError("an administrator sees every client: expected no list of clients")
    if usual_for and role not in DESK_ROLES:
        raise InputError(f"a {role} takes no calls: expected no client that it is usual for")
    if clients and not usual_for <= clients:
        raise InputError(f"usual for {min(usual_for - clients)!r}, which is not among the clients listed")
    return Reach(all_clients=not clients, clients=frozenset(clients), usual_for=frozenset(usual_for))


def role_named(text: str) -> Role:
    """The role of that name.

    Raises:
        InputError: there is none.
    """
    try:
        return Role(text)
    except ValueError as exc:
        raise InputError(f"unknown role {text!r}, expected one of {', '.join(Role)}") from exc


def folded_login(text: str) -> str:
    """A login as it is stored and compared, whatever the case it is typed in."""
    return unicodedata.normalize("NFKC", text[:200]).strip().casefold()


def may_be_login(folded: str) -> bool:
    """Whether any user may have that login; databases refuse some of what else is typed."""
    return _LOGIN.fullmatch(folded) is not None


def checked_login(text: str) -> str:
    """A login that a new user may have.

    Raises:
        InputError: it has other characters than expected.
    """
    login = folded_login(text)
    if not may_be_login(login):
        raise InputError(f"login {text!r}: expected 1 to 64 of a-z 0-9 . _ @ + -, the first a letter or digit")
    return login


def checked_name(text: str) -> str:
    """A name to be shown.

    Raises:
        InputError: it is empty, too long, or holds control characters.
    """
    name = " ".join(text.split())
    if not name or len(name) > _MAX_NAME_CHARACTERS or not name.isprintable():
        raise InputError(f"name {text!r}: expected 1 to {_MAX_NAME_CHARACTERS} printable characters")
    return name

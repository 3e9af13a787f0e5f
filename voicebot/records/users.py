"""Users: who they are, and whether they may come in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, CursorResult
from sqlmodel import Session, col, delete, select, update

from voicebot.core.errors import RecordsError
from voicebot.core.ids import ClientId, UserId
from voicebot.core.language import Language
from voicebot.records.account_tables import UserClientRow, UserRow, WebSessionRow
from voicebot.records.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class NewUser:
    """A user to store."""

    login: str
    """Lower case."""
    name: str
    role: str
    language: Language
    """Of the pages."""
    speaks: frozenset[Language]
    all_clients: bool
    clients: frozenset[ClientId]
    """Clients listed for the user, the usual ones among them."""
    usual_for: frozenset[ClientId]
    password_hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredUser:
    """A user as the database has it."""

    id: UserId
    user: NewUser
    totp_secret: str | None
    totp_last_step: int | None
    """Time step of the last code taken; None while the secret is not confirmed."""
    created_at: datetime
    """Aware UTC."""
    disabled_at: datetime | None


def add_users(database: Database, users: Sequence[NewUser], *, now: datetime, only_first: bool = False) -> tuple[UserId, ...]:
    """Store users, all or none.

    Args:
        database: Where.
        users: Who.
        now: Aware.
        only_first: Store none when there is any user already.

    Returns:
        Their ids, in order; empty when none was stored.

    Raises:
        RecordsError: a login is taken, a client is unknown, or the database refuses.
    """
    with database.transaction() as session:
        if only_first and session.exec(select(UserRow.id)).first() is not None:
            return ()
        return tuple(_add(session, user, now) for user in users)


def read_user(database: Database, user: UserId) -> StoredUser | None:
    """The user of that id.

    Raises:
        RecordsError: the database refuses.
    """
    with database.session() as session:
        row = session.get(UserRow, user)
        return None if row is None else stored_user(session, row)


def find_user(database: Database, login: str) -> StoredUser | None:
    """The user of that login, given in lower case.

    Raises:
        RecordsError: the database refuses.
    """
    with database.session() as session:
        row = session.exec(select(UserRow).where(col(UserRow.login) == login)).first()
        return None if row is None else stored_user(session, row)


def list_users(database: Database) -> tuple[StoredUser, ...]:
    """All users, by login.

    Raises:
        RecordsError: the database refuses.
    """
    with database.session() as session:
        return tuple(stored_user(session, row) for row in session.exec(select(UserRow).order_by(col(UserRow.login))))


def set_disabled(database: Database, user: UserId, disabled_at: datetime | None) -> None:
    """Shut a user out and end the sessions, or let the user in again (None).

    Raises:
        RecordsError: the database refuses.
    """
    with database.transaction() as session:
        update_user(session, user, disabled_at=disabled_at)
        end_sessions(session, user)


def set_language(database: Database, user: UserId, language: Language) -> None:
    """Choose the language of the user's pages.

    Raises:
        RecordsError: the database refuses.
    """
    with database.transaction() as session:
        update_user(session, user, language=language)


def stored_user(session: Session, row: UserRow) -> StoredUser:
    """The user of a row, with its clients."""
    listed = session.exec(select(UserClientRow).where(col(UserClientRow.user_id) == row.id)).all()
    return StoredUser(
        id=UserId(row.id or 0),
        user=NewUser(
            login=row.login,
            name=row.name,
            role=row.role,
            language=_language(row.language),
            speaks=frozenset(_language(language) for language in row.speaks),
            all_clients=row.all_clients,
            clients=frozenset(ClientId(client.client_id) for client in listed),
            usual_for=frozenset(ClientId(client.client_id) for client in listed if client.usual),
            password_hash=row.password_hash,
        ),
        totp_secret=row.totp_secret,
        totp_last_step=row.totp_last_step,
        created_at=row.created_at,
        disabled_at=row.disabled_at,
    )


def update_user(session: Session, user: UserId, *conditions: ColumnElement[bool], **values: object) -> bool:
    """Change columns of a user's row if it meets the conditions; whether it did."""
    result = session.exec(update(UserRow).where(col(UserRow.id) == user, *conditions).values(**values))
    return isinstance(result, CursorResult) and result.rowcount == 1


def end_sessions(session: Session, user: UserId) -> None:
    """Sign a user out everywhere."""
    session.exec(delete(WebSessionRow).where(col(WebSessionRow.user_id) == user))


def _add(session: Session, user: NewUser, now: datetime) -> UserId:
    row = UserRow(
        login=user.login, name=user.name, role=user.role, language=user.language, speaks=sorted(user.speaks),
        all_clients=user.all_clients, password_hash=user.password_hash, created_at=now,
    )  # fmt: skip
    session.add(row)
    session.flush()
    if row.id is None:
        raise RecordsError("the database gave no id to a new user")
    for client in sorted(user.clients | user.usual_for):
        session.add(UserClientRow(user_id=row.id, client_id=client, usual=client in user.usual_for))
    return UserId(row.id)


def _language(text: str) -> Language:
    return "en" if text == "en" else "fr"

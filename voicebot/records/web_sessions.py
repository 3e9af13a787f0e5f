"""Sessions of the pages: who is signed in. The token itself is never stored, only its hash."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, delete, select, update

from voicebot.core.ids import UserId
from voicebot.records.account_tables import UserRow, WebSessionRow
from voicebot.records.database import Database
from voicebot.records.users import StoredUser, stored_user, update_user


@dataclass(frozen=True, slots=True, kw_only=True)
class WebSession:
    """Somebody signed in. All times aware UTC."""

    token_sha256: str
    """Hexadecimal."""
    user: UserId
    csrf: str
    created_at: datetime
    seen_at: datetime
    """Last request, to the minute."""
    expires_at: datetime
    """The end, however busy it is."""
    address: str


def start_session(database: Database, session: WebSession, *, password_hash: str) -> bool:
    """Store a session and forget the user's failures; sessions that have ended are swept out.

    Args:
        database: Where.
        session: What.
        password_hash: What the user was checked against.

    Returns:
        False, and nothing is stored, when the password was changed meanwhile or the user is disabled.

    Raises:
        RecordsError: the database refuses.
    """
    row = WebSessionRow(
        token_sha256=session.token_sha256, user_id=session.user, csrf=session.csrf, created_at=session.created_at,
        seen_at=session.seen_at, expires_at=session.expires_at, address=session.address,
    )  # fmt: skip
    unchanged = (col(UserRow.password_hash) == password_hash, col(UserRow.disabled_at).is_(None))
    with database.transaction() as transaction:
        if not update_user(transaction, session.user, *unchanged, failed_sign_ins=0, locked_until=None):
            return False
        transaction.exec(delete(WebSessionRow).where(col(WebSessionRow.expires_at) <= session.created_at))
        transaction.add(row)
        return True


def find_session(database: Database, token_sha256: str) -> tuple[WebSession, StoredUser] | None:
    """The session of a token, with its user as the user is now.

    Raises:
        RecordsError: the database refuses.
    """
    query = select(WebSessionRow, UserRow).join(UserRow).where(col(WebSessionRow.token_sha256) == token_sha256)
    with database.session() as session:
        found = session.exec(query).first()
        return None if found is None else (_session(found[0]), stored_user(session, found[1]))


def touch_session(database: Database, token_sha256: str, seen_at: datetime) -> None:
    """Note that the session is in use.

    Raises:
        RecordsError: the database refuses.
    """
    with database.transaction() as session:
        session.exec(update(WebSessionRow).where(col(WebSessionRow.token_sha256) == token_sha256).values(seen_at=seen_at))


def end_session(database: Database, token_sha256: str) -> None:
    """Forget a session; does nothing when there is none.

    Raises:
        RecordsError: the database refuses.
    """
    with database.transaction() as session:
        session.exec(delete(WebSessionRow).where(col(WebSessionRow.token_sha256) == token_sha256))


def _session(row: WebSessionRow) -> WebSession:
    return WebSession(
        token_sha256=row.token_sha256,
        user=UserId(row.user_id),
        csrf=row.csrf,
        created_at=row.created_at,
        seen_at=row.seen_at,
        expires_at=row.expires_at,
        address=row.address,
    )

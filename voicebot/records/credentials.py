"""What users sign in with: passwords, second factors, and how often they failed."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlmodel import col, or_, select

from voicebot.core.ids import UserId
from voicebot.records.account_tables import UserRow
from voicebot.records.database import Database
from voicebot.records.users import end_sessions, update_user


def set_password(database: Database, user: UserId, password_hash: str) -> None:
    """Replace the password, forget failures, and end the user's sessions.

    Raises:
        RecordsError: the database refuses.
    """
    with database.transaction() as session:
        update_user(session, user, password_hash=password_hash, failed_sign_ins=0, locked_until=None)
        end_sessions(session, user)


def set_totp_secret(database: Database, user: UserId, secret: str | None) -> None:
    """Replace the secret of the second factor, to be confirmed by a first code; None removes it.

    Raises:
        RecordsError: the database refuses.
    """
    with database.transaction() as session:
        update_user(session, user, totp_secret=secret, totp_last_step=None)


def use_totp_step(database: Database, user: UserId, secret: str, step: int) -> bool:
    """Take the code of a time step, once: whether neither it nor a later one was taken before, of the same secret.

    Raises:
        RecordsError: the database refuses.
    """
    unused = or_(col(UserRow.totp_last_step).is_(None), col(UserRow.totp_last_step) < step)
    with database.transaction() as session:
        return update_user(session, user, col(UserRow.totp_secret) == secret, unused, totp_last_step=step)


def count_attempt(database: Database, user: UserId, *, now: datetime, limit: int, lock: timedelta) -> int | None:
    """Count an attempt to sign in before its password is looked at, so that parallel guesses are counted too.

    Args:
        database: Where.
        user: Who.
        now: Aware.
        limit: The attempt of that number locks the user; a success undoes it.
        lock: For how long.

    Returns:
        Attempts left after this one; None when the user is locked, and this one must not be tried.

    Raises:
        RecordsError: the database refuses.
    """
    with database.transaction() as session:
        row = session.exec(select(UserRow).where(col(UserRow.id) == user).with_for_update()).first()
        if row is None or (row.locked_until is not None and row.locked_until > now):
            return None
        row.failed_sign_ins += 1
        left = limit - row.failed_sign_ins
        if left <= 0:
            row.failed_sign_ins, row.locked_until = 0, now + lock
        session.add(row)
        return max(left, 0)


def forget_attempts(database: Database, user: UserId) -> None:
    """The user signed in: earlier failures count no more.

    Raises:
        RecordsError: the database refuses.
    """
    with database.transaction() as session:
        update_user(session, user, failed_sign_ins=0, locked_until=None)

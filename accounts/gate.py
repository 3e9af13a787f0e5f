"""The gate: who may pass with a password and a code, and how often it may be tried."""

from __future__ import annotations

from datetime import datetime

from accounts.lockout import ATTEMPTS, LOCK, LOCK_MINUTES, Lockout, neighbourhood
from accounts.passwords import Passwords
from accounts.refusals import LockedOutError, SignInRefusedError
from accounts.second_factor import matching_step
from accounts.users import folded_login, may_be_login
from voicebot.records.credentials import count_attempt, use_totp_step
from voicebot.records.database import Database
from voicebot.records.users import StoredUser, find_user


class Gate:
    """Checks passwords and codes. Blocking; safe to share between threads."""

    def __init__(self, database: Database, passwords: Passwords) -> None:
        self._database = database
        self._passwords = passwords
        self._addresses = Lockout()
        self._strangers = Lockout()
        """Logins that nobody has lock like the others: a lock does not tell that a login exists."""

    def admit(self, login: str, password: str, code: str | None, address: str, *, now: datetime) -> StoredUser:
        """The user whom login, password and code belong to. Failures of the user stay counted until they are forgotten.

        Args:
            login: In any case.
            password: As typed.
            code: As typed; None when no second factor is asked for.
            address: Network address that it comes from.
            now: Aware.

        Raises:
            LockedOutError: too many attempts for that login or from that address.
            SignInRefusedError: something is wrong.
            RecordsError: the database refuses.
        """
        folded, origin = folded_login(login), neighbourhood(address)
        if self._addresses.locked(origin, now):
            raise LockedOutError(LOCK_MINUTES)
        user = find_user(self._database, folded) if may_be_login(folded) else None
        left = self._count(user, folded, origin, now)
        if user is not None and self._passes(user, password, code, now):
            self._addresses.forget(origin)
            return user
        if user is None:
            self._passwords.matches(password, None)
        raise SignInRefusedError if left else LockedOutError(LOCK_MINUTES)

    def _count(self, user: StoredUser | None, folded: str, origin: str, now: datetime) -> int:
        if user is None:
            left = self._strangers.count(folded, now)
        else:
            left = count_attempt(self._database, user.id, now=now, limit=ATTEMPTS, lock=LOCK)
        # A login that is locked costs its address nothing: she who insists does not lock out her colleagues.
        left_here = None if left is None else self._addresses.count(origin, now)
        if left is None or left_here is None:
            raise LockedOutError(LOCK_MINUTES)
        return min(left, left_here)

    def _passes(self, user: StoredUser, password: str, code: str | None, now: datetime) -> bool:
        if not self._passwords.matches(password, user.user.password_hash) or user.disabled_at is not None:
            return False
        if code is None or user.totp_secret is None or user.totp_last_step is None:
            return True
        step = matching_step(user.totp_secret, code, now)
        return step is not None and use_totp_step(self._database, user.id, user.totp_secret, step)

"""How a user gets a second factor, and gets rid of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from accounts.gate import Gate
from accounts.second_factor import matching_step, new_secret
from accounts.sessions import Sessions
from accounts.users import User
from voicebot.records.credentials import forget_attempts, set_totp_secret, use_totp_step
from voicebot.records.database import Database
from voicebot.records.users import read_user


class SecondFactors:
    """Second factors of users: none -> pending (a secret, no code yet) -> confirmed -> none.

    Blocking; safe to share between threads.
    """

    def __init__(self, database: Database, *, gate: Gate, sessions: Sessions, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._gate = gate
        self._sessions = sessions
        self._clock = clock

    def pending_secret(self, user: User) -> str | None:
        """The secret that waits for its first code, base32.

        Raises:
            RecordsError: the database refuses.
        """
        stored = read_user(self._database, user.id)
        return stored.totp_secret if stored is not None and stored.totp_last_step is None else None

    def begin(self, user: User) -> None:
        """Make a secret for the user's app, unless one is confirmed.

        Raises:
            RecordsError: the database refuses.
        """
        stored = read_user(self._database, user.id)
        if stored is not None and stored.totp_last_step is None:
            set_totp_secret(self._database, user.id, new_secret())

    def confirm(self, user: User, code: str) -> bool:
        """Take the first code of the app: whether it was right. From then on signing in takes a code.

        Raises:
            RecordsError: the database refuses.
        """
        secret = self.pending_secret(user)
        step = None if secret is None else matching_step(secret, code, self._clock())
        if secret is None or step is None or not use_totp_step(self._database, user.id, secret, step):
            return False
        self._sessions.forget(user.id)
        return True

    def remove(self, user: User, password: str, address: str) -> None:
        """Let a user sign in without a code again.

        Raises:
            LockedOutError: too many attempts.
            SignInRefusedError: the password is wrong.
            RecordsError: the database refuses.
        """
        self._gate.admit(user.login, password, None, address, now=self._clock())
        forget_attempts(self._database, user.id)
        self.drop(user)

    def drop(self, user: User) -> None:
        """Let a user whose telephone is lost sign in without a code.

        Raises:
            RecordsError: the database refuses.
        """
        set_totp_secret(self._database, user.id, None)
        self._sessions.forget(user.id)

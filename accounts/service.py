"""Accounts: everything that pages and commands do with users."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Set as AbstractSet
from datetime import datetime

from accounts.enrolment import SecondFactors
from accounts.gate import Gate
from accounts.passwords import Passwords, check_password, generated_password
from accounts.refusals import NotFoundError, SignInRefusedError
from accounts.registration import FIRST_USERS, FirstUser, new_user, user_of
from accounts.sessions import Session, Sessions, SignedIn
from accounts.users import Role, User, folded_login, may_be_login
from voicebot.core.errors import InputError, RecordsError
from voicebot.core.ids import ClientId, UserId
from voicebot.core.language import Language
from voicebot.records.credentials import set_password
from voicebot.records.database import Database
from voicebot.records.faults import refuses_the_row
from voicebot.records.users import StoredUser, add_users, find_user, list_users, read_user, set_disabled, set_language

BOTH: frozenset[Language] = frozenset({"fr", "en"})


class Accounts:
    """Users, and who of them is signed in.

    Blocking, except `recall`: a check of a password takes a tenth of a second. Safe to share between threads. Every method raises
    RecordsError when the database refuses.
    """

    def __init__(self, database: Database, *, clock: Callable[[], datetime], passwords: Passwords | None = None) -> None:
        """Open for business.

        Args:
            database: Where users are.
            clock: The time now, aware.
            passwords: How they are hashed.
        """
        self._database = database
        self._clock = clock
        self._passwords = passwords or Passwords()
        self._gate = Gate(database, self._passwords)
        self._sessions = Sessions(database, clock)
        self.second_factors = SecondFactors(database, gate=self._gate, sessions=self._sessions, clock=clock)

    def sign_in(self, login: str, password: str, code: str, address: str) -> SignedIn:
        """Begin a session.

        Args:
            login: In any case.
            password: As typed.
            code: Of the second factor; looked at only when the user has one.
            address: Network address that it comes from.

        Raises:
            LockedOutError: too many attempts.
            SignInRefusedError: something is wrong, or the user is disabled.
        """
        user = self._gate.admit(login, password, code, address, now=self._clock())
        started = self._sessions.start(user, address)
        if started is None:
            raise SignInRefusedError
        return started

    def sign_out(self, token: str) -> None:
        """End the session of a token, if there is one."""
        self._sessions.end(token)

    def recall(self, token: str) -> Session | None:
        """The session of a token if it was found a moment ago; never blocks."""
        return self._sessions.recall(token)

    def session_of_token(self, token: str) -> Session | None:
        """The session of a token; None when there is none, or it has ended."""
        return self._sessions.find(token)

    def user_of_token(self, token: str) -> User | None:
        """Who is signed in with a token."""
        session = self._sessions.find(token)
        return None if session is None else session.user

    def users(self) -> tuple[User, ...]:
        """All users, by login."""
        return tuple(user_of(stored) for stored in list_users(self._database))

    def user_named(self, login: str) -> User:
        """The user of a login, in any case.

        Raises:
            InputError: there is none.
        """
        folded = folded_login(login)
        stored = find_user(self._database, folded) if may_be_login(folded) else None
        if stored is None:
            raise InputError(f"unknown user {login!r} (see: voicebot users list)")
        return user_of(stored)

    def add_user(
        self,
        *,
        login: str,
        name: str,
        role: Role,
        password: str,
        language: Language = "fr",
        speaks: AbstractSet[Language] = frozenset({"fr"}),
        clients: AbstractSet[ClientId] = frozenset(),
        usual_for: AbstractSet[ClientId] = frozenset(),
    ) -> User:
        """Add a user. At the desk, no client listed means every client.

        Raises:
            InputError: the login is taken, a client is unknown, the password is weak, or the role does not go with the clients.
        """
        user = new_user(
            self._passwords, login=login, name=name, role=role, password=password, language=language, speaks=speaks,
            clients=clients, usual_for=usual_for,
        )  # fmt: skip
        try:
            (added,) = add_users(self._database, [user], now=self._clock())
        except RecordsError as exc:
            if not refuses_the_row(exc):
                raise
            if find_user(self._database, user.login) is not None:
                raise InputError(f"login {user.login!r} is taken, expected another") from exc
            raise InputError(f"unknown client among {', '.join(sorted(clients | usual_for))}") from exc
        return user_of(self._stored(added))

    def first_run(self) -> list[FirstUser]:
        """Make the first users when there is none at all, with passwords to be shown once; empty when there are users."""
        if list_users(self._database):
            return []
        first = [FirstUser(login=login, role=role, password=generated_password()) for login, _, role in FIRST_USERS]
        users = [
            new_user(
                self._passwords, login=user.login, name=name, role=user.role, password=user.password, language="fr", speaks=BOTH,
                clients=frozenset(), usual_for=frozenset(),
            )
            for user, (_, name, _) in zip(first, FIRST_USERS, strict=True)
        ]  # fmt: skip
        try:
            return first if add_users(self._database, users, now=self._clock(), only_first=True) else []
        except RecordsError as exc:
            if refuses_the_row(exc):  # another process was faster by an instant
                return []
            raise

    def set_password(self, user: User, password: str) -> None:
        """Give a user another password, and sign the user out everywhere.

        Raises:
            InputError: it is weak.
        """
        check_password(password, login=user.login)
        set_password(self._database, user.id, self._passwords.hashed(password))
        self._sessions.forget(user.id)

    def change_password(self, user: User, current: str, password: str, address: str) -> SignedIn:
        """Let a user change the password: signed out everywhere, and in again here.

        Raises:
            LockedOutError: too many attempts.
            SignInRefusedError: the current password is wrong.
            InputError: the new one is weak.
        """
        check_password(password, login=user.login)
        self._gate.admit(user.login, current, None, address, now=self._clock())
        self.set_password(user, password)
        started = self._sessions.start(self._stored(user.id), address)
        if started is None:
            raise SignInRefusedError
        return started

    def set_disabled(self, user: User, *, disabled: bool) -> None:
        """Shut a user out at once, or let the user in again."""
        set_disabled(self._database, user.id, self._clock() if disabled else None)
        self._sessions.forget(user.id)

    def set_language(self, user: User, language: Language) -> None:
        """Choose the language of the user's pages."""
        set_language(self._database, user.id, language)
        self._sessions.forget(user.id)

    def _stored(self, user: UserId) -> StoredUser:
        stored = read_user(self._database, user)
        if stored is None:
            raise NotFoundError
        return stored

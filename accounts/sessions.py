"""Sessions: a random token in the browser's cookie, its hash in the database, and a short memory between the two."""

from __future__ import annotations

import hashlib
import secrets
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from accounts.registration import user_of
from accounts.users import User
from voicebot.core.errors import RecordsError
from voicebot.core.ids import UserId
from voicebot.records.database import Database
from voicebot.records.users import StoredUser
from voicebot.records.web_sessions import WebSession, end_session, find_session, start_session, touch_session

IDLE = timedelta(hours=12)
"""A session not used for so long has ended."""
LIFE = timedelta(hours=24)
"""The end of every session."""
REMEMBERED = timedelta(seconds=5)
"""How long the database is not asked again; what another process ends is noticed after so long."""
_TOUCH_EVERY = timedelta(minutes=1)
_TOKEN_BYTES = 32
_CAPACITY = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """Somebody signed in."""

    token_sha256: str
    user: User
    csrf: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """A session that has just begun."""

    token: str
    """For the cookie, and nowhere else."""
    csrf: str
    user: User


class Sessions:
    """Who is signed in. Blocking except `recall`; safe to share between threads."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock
        self._memory: dict[str, tuple[Session, datetime]] = {}
        self._ended = 0
        """Counts what was ended here, so that a session read before is not remembered after."""
        self._lock = threading.Lock()

    def start(self, user: StoredUser, address: str) -> SignedIn | None:
        """Begin a session; None when the user's password was changed, or the user disabled, since `user` was read.

        Raises:
            RecordsError: the database refuses.
        """
        token, csrf, now = secrets.token_urlsafe(_TOKEN_BYTES), secrets.token_urlsafe(_TOKEN_BYTES), self._clock()
        session = WebSession(
            token_sha256=_sha256(token),
            user=user.id,
            csrf=csrf,
            created_at=now,
            seen_at=now,
            expires_at=now + LIFE,
            address=address,
        )
        if not start_session(self._database, session, password_hash=user.user.password_hash):
            return None
        return SignedIn(token=token, csrf=csrf, user=user_of(user))

    def recall(self, token: str) -> Session | None:
        """The session of a token if it was found a moment ago; never blocks."""
        with self._lock:
            session, until = self._memory.get(_sha256(token), (None, None))
        return session if until is not None and self._clock() < until else None

    def find(self, token: str) -> Session | None:
        """The session of a token; None when there is none, it has ended, or its user is disabled.

        Raises:
            RecordsError: the database refuses.
        """
        ended, now, key = self._ended, self._clock(), _sha256(token)
        found = find_session(self._database, key)
        if found is None:
            return None
        stored, user = found
        if user.disabled_at is not None or now >= stored.expires_at or now >= stored.seen_at + IDLE:
            return None
        if now >= stored.seen_at + _TOUCH_EVERY:
            with suppress(RecordsError):  # a database too busy to note it is no reason to send a secretary away
                touch_session(self._database, key, now)
        session = Session(token_sha256=key, user=user_of(user), csrf=stored.csrf)
        self._remember(session, until=now + REMEMBERED, ended=ended)
        return session

    def end(self, token: str) -> None:
        """End a session; does nothing when there is none.

        Raises:
            RecordsError: the database refuses.
        """
        key = _sha256(token)
        end_session(self._database, key)
        with self._lock:
            self._ended += 1
            self._memory.pop(key, None)

    def forget(self, user: UserId) -> None:
        """Something about a user has changed in the database: ask it again."""
        with self._lock:
            self._ended += 1
            self._memory = {key: kept for key, kept in self._memory.items() if kept[0].user.id != user}

    def _remember(self, session: Session, *, until: datetime, ended: int) -> None:
        with self._lock:
            if ended != self._ended:
                return
            if len(self._memory) >= _CAPACITY:
                self._memory.clear()
            self._memory[session.token_sha256] = (session, until)


def _sha256(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()

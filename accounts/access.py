"""Access: who makes a request, whether the role allows it, and whether it comes from one of our pages."""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Awaitable, Callable

from starlette.exceptions import WebSocketException
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response

from accounts.refusals import AccessError, ForgedRequestError, NotAllowedError, NotSignedInError
from accounts.service import Accounts
from accounts.sessions import Session
from accounts.users import Role, User
from voicebot.web.security import same_origin

COOKIE = "permanence_session"
CSRF_HEADER = "X-CSRF-Token"
CSRF_FIELD = "csrf"
WEBSOCKET_CODES = 4000
"""A WebSocket is refused with this plus the HTTP status, e.g. 4401."""
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


class Access:
    """Guards every route and WebSocket. Never blocks the event loop."""

    def __init__(self, accounts: Accounts, *, trusted_proxy: bool = False) -> None:
        """Guard.

        Args:
            accounts: Who there is.
            trusted_proxy: Whether every request comes through a proxy of ours, whose X-Forwarded-Proto and X-Forwarded-For count.
        """
        self._accounts = accounts
        self._trusted_proxy = trusted_proxy

    async def session(self, connection: HTTPConnection) -> Session:
        """The session of a request or WebSocket. A long stream may ask again: it is told when the session has ended.

        Raises:
            NotSignedInError: there is none, or it has ended.
            RecordsError: the database refuses.
        """
        token = connection.cookies.get(COOKIE)
        if not token:
            raise NotSignedInError
        session = self._accounts.recall(token) or await asyncio.to_thread(self._accounts.session_of_token, token)
        if session is None:
            raise NotSignedInError
        connection.state.session = session
        return session

    async def user(self, connection: HTTPConnection) -> User:
        """Who makes a request.

        Raises:
            NotSignedInError: nobody who is signed in.
            RecordsError: the database refuses.
        """
        return (await self.session(connection)).user

    def csrf(self, connection: HTTPConnection) -> str:
        """What forms and scripts of the page must send back, once the session was found by this object or by `requires`.

        Raises:
            NotSignedInError: it was not.
        """
        session = getattr(connection.state, "session", None)
        if not isinstance(session, Session):
            raise NotSignedInError
        return session.csrf

    def requires(self, *roles: Role) -> Callable[[HTTPConnection], Awaitable[User]]:
        """A FastAPI dependency that gives the user, for routes and WebSockets alike.

        It refuses who is not signed in, who has none of the roles (none given: any role), an unsafe method without the session's
        CSRF token or from another origin, and a WebSocket from another origin.
        """
        allowed = frozenset(roles or Role)

        async def dependency(connection: HTTPConnection) -> User:
            try:
                session = await self.session(connection)
                await _refuse_forgery(connection, session)
                if session.user.role not in allowed:
                    raise NotAllowedError
            except AccessError as exc:
                if connection.scope["type"] == "websocket":  # there is no answer but to close it
                    raise WebSocketException(WEBSOCKET_CODES + exc.status, exc.code) from exc
                raise
            return session.user

        return dependency

    def address(self, connection: HTTPConnection) -> str:
        """Network address that a request comes from."""
        if self._trusted_proxy:
            # The last one is what our proxy saw; those before it are what the client claims.
            forwarded = connection.headers.get("x-forwarded-for", "").rsplit(",", maxsplit=1)[-1].strip()
            if forwarded:
                return forwarded[:100]
        return "" if connection.client is None else connection.client.host

    def let_in(self, response: Response, connection: HTTPConnection, token: str) -> None:
        """Give the browser its session; it keeps it until it is closed."""
        response.set_cookie(COOKIE, token, path="/", httponly=True, samesite="lax", secure=self._is_https(connection))

    def let_out(self, response: Response, connection: HTTPConnection) -> None:
        """Take the session out of the browser."""
        response.delete_cookie(COOKIE, path="/", httponly=True, samesite="lax", secure=self._is_https(connection))

    def _is_https(self, connection: HTTPConnection) -> bool:
        forwarded = connection.headers.get("x-forwarded-proto", "") if self._trusted_proxy else ""
        return "https" in {connection.url.scheme, forwarded.split(",", maxsplit=1)[0].strip().lower()}


async def _refuse_forgery(connection: HTTPConnection, session: Session) -> None:
    if connection.scope["type"] == "websocket":
        if not same_origin(connection):
            raise ForgedRequestError
        return
    if not isinstance(connection, Request) or connection.method in _SAFE_METHODS:
        return
    sent = connection.headers.get(CSRF_HEADER) or await _form_token(connection)
    if not same_origin(connection) or not hmac.compare_digest(sent.encode(), session.csrf.encode()):
        raise ForgedRequestError


async def _form_token(request: Request) -> str:
    if not request.headers.get("content-type", "").startswith(_FORMS):
        return ""
    sent = (await request.form()).get(CSRF_FIELD)
    return sent if isinstance(sent, str) else ""

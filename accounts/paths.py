"""Where a browser may be sent after it has signed in."""

from __future__ import annotations

from urllib.parse import urlencode, urlsplit

from starlette.requests import HTTPConnection

from accounts.users import User

LOGIN = "/login"
ACCOUNT = "/account"
DESK = "/desk"
_MAX_CHARACTERS = 500


def local_path(text: str | None) -> str | None:
    """The text if it is a path of this site, with its query; None when it could lead anywhere else, or nowhere."""
    # Browsers drop control characters from addresses, and read a backslash as a slash.
    if not text or len(text) > _MAX_CHARACTERS or "\\" in text or not text.isprintable():
        return None
    if not text.startswith("/") or text.startswith("//"):
        return None
    return text if urlsplit(text).path.rstrip("/") != LOGIN else None


def home_of(user: User) -> str:
    """Where a user goes who asked for no page."""
    return DESK if user.works_at_desk else ACCOUNT


def login_for(connection: HTTPConnection) -> str:
    """The sign-in page, which leads back to the page asked for."""
    query = connection.url.query
    wanted = local_path(connection.url.path + (f"?{query}" if query else ""))
    return LOGIN if wanted is None else f"{LOGIN}?{urlencode({'next': wanted})}"

"""Every way in which somebody is refused.

AccessError
├── NotSignedInError      no session, or it has ended
├── NotAllowedError       the role may not do this
├── ForgedRequestError    the request does not come from one of our pages
├── NotFoundError         there is no such thing, or it belongs to a client that the user does not see
├── SignInRefusedError    wrong login, password or code; never says which
│   └── LockedOutError    too many attempts
└── OverrunError          too many people sign in at once
"""

from __future__ import annotations

from typing import ClassVar

from voicebot.core.errors import PermanenceError


class AccessError(PermanenceError):
    """Root of the tree."""

    code = "access"
    status: ClassVar[int] = 403
    """Of the HTTP answer."""


class NotSignedInError(AccessError):
    """No session, or it has ended."""

    code = "not_signed_in"
    status = 401

    def __init__(self) -> None:
        super().__init__("not signed in, or the session has ended: sign in again")


class NotAllowedError(AccessError):
    """The role may not do this."""

    code = "not_allowed"

    def __init__(self) -> None:
        super().__init__("your role does not allow this")


class ForgedRequestError(AccessError):
    """The request does not come from one of our pages."""

    code = "forged_request"

    def __init__(self) -> None:
        super().__init__("the request does not come from this page, or the page is too old: load it again")


class NotFoundError(AccessError):
    """There is no such thing, or it belongs to a client that the user does not see: the answer is the same."""

    code = "not_found"
    status = 404

    def __init__(self) -> None:
        super().__init__("there is no such thing")


class SignInRefusedError(AccessError):
    """Wrong login, password or code; never says which."""

    code = "sign_in_refused"
    status = 401

    def __init__(self) -> None:
        super().__init__("the login, the password or the code is wrong")


class LockedOutError(SignInRefusedError):
    """Too many attempts; whether the last one was right is not told."""

    code = "locked_out"
    status = 429

    def __init__(self, minutes: int) -> None:
        super(SignInRefusedError, self).__init__(f"too many attempts: try again in {minutes} minutes")


class OverrunError(AccessError):
    """Too many people sign in at once."""

    code = "overrun"
    status = 503
    retryable = True

    def __init__(self) -> None:
        super().__init__("too many people sign in at once: try again in a moment")

"""The tables of who may enter. Rows never leave the package."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON
from sqlmodel import Field, SQLModel

from voicebot.records.columns import UtcDateTime


class UserRow(SQLModel, table=True):
    """Somebody with an account."""

    __tablename__ = "users"
    id: int | None = Field(default=None, primary_key=True)
    login: str = Field(unique=True, index=True)
    """Lower case, so that it is unique whatever the case it is typed in."""
    name: str
    role: str
    """`administrator`, `supervisor`, `secretary`, `client_admin` or `client_reader`."""
    language: str
    """Of the pages."""
    speaks: list[str] = Field(sa_type=JSON)
    """Languages in which the user can take a call."""
    all_clients: bool
    password_hash: str
    """Argon2id, with its salt and costs."""
    totp_secret: str | None = None
    """Base32; without `totp_last_step` it waits to be confirmed."""
    totp_last_step: int | None = None
    """Time step (of 30 s) of the last code taken: no code of it or before is taken again."""
    failed_sign_ins: int = 0
    """Attempts since the last success or lock."""
    locked_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    created_at: datetime = Field(sa_type=UtcDateTime)
    disabled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class UserClientRow(SQLModel, table=True):
    """A client that a user works for, or is of."""

    __tablename__ = "user_clients"
    user_id: int = Field(foreign_key="users.id", primary_key=True)
    client_id: str = Field(foreign_key="clients.id", primary_key=True)
    usual: bool
    """Whether she is the usual secretary of that client."""


class WebSessionRow(SQLModel, table=True):
    """Somebody signed in. The token is in the browser's cookie alone."""

    __tablename__ = "web_sessions"
    token_sha256: str = Field(primary_key=True)
    user_id: int = Field(foreign_key="users.id", index=True)
    csrf: str
    """What a form of the session must send back."""
    created_at: datetime = Field(sa_type=UtcDateTime)
    seen_at: datetime = Field(sa_type=UtcDateTime)
    """Last request, to the minute."""
    expires_at: datetime = Field(sa_type=UtcDateTime, index=True)
    """The end, however busy it is."""
    address: str
    """Network address it was opened from."""

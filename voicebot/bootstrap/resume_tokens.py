"""Tokens by which a caller's browser proves that a call is its own, also to the process that comes after this one."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Self

from itsdangerous import BadSignature, Signer

from voicebot.core.errors import RecordsError
from voicebot.core.ids import CallId

_SALT = "permanence.resume"


class ResumeTokens:
    """Signs and checks call ids."""

    def __init__(self, key: bytes) -> None:
        self._signer = Signer(key, salt=_SALT)

    @classmethod
    def of(cls, data_dir: Path) -> Self:
        """With the key kept in `data_dir`, made when there is none.

        Raises:
            RecordsError: the key can be neither read nor written.
        """
        file = data_dir / "server.key"
        try:
            if not file.exists():
                descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
                with os.fdopen(descriptor, "wb") as created:
                    created.write(secrets.token_bytes(32))
            return cls(file.read_bytes())
        except OSError as exc:
            raise RecordsError(f"{file}: {exc.strerror}, expected a file that the server can read and write") from exc

    def token(self, call: CallId) -> str:
        """What the caller's browser keeps."""
        return self._signer.sign(call).decode()

    def call(self, token: str) -> CallId | None:
        """Whose token it is; None when it was not signed here."""
        try:
            return CallId(self._signer.unsign(token).decode())
        except BadSignature:
            return None

"""Passwords: hashed by argon2id, checked in constant work, made up when needed."""

from __future__ import annotations

import secrets
import unicodedata

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from voicebot.core.errors import InputError

MIN_CHARACTERS = 12
MAX_CHARACTERS = 200
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without what is mistaken for another when read aloud from paper: i, l, o, 0, 1."""
_GROUPS, _GROUP_CHARACTERS = 4, 4
_MIN_DIFFERENT = 5


class Passwords:
    """Hashes passwords and checks them. Blocking (about a tenth of a second); safe to share between threads.

    The costs are RFC 9106's second recommendation on one lane instead of four: a sign-in must leave the other core to live audio.

    Source: RFC 9106, Argon2 Memory-Hard Function, section 4.
    """

    def __init__(self, *, iterations: int = 3, memory_kib: int = 65_536) -> None:
        """Choose the costs.

        Args:
            iterations: Passes over the memory, >= 1.
            memory_kib: Memory of one hash, KiB, >= 8.
        """
        self._hash = PasswordHash((Argon2Hasher(time_cost=iterations, memory_cost=memory_kib, parallelism=1),))
        self._nobodys = self._hash.hash(secrets.token_urlsafe())

    def hashed(self, password: str) -> str:
        """The hash to store, with salt and costs in it."""
        return self._hash.hash(_normal(password))

    def matches(self, password: str, stored: str | None) -> bool:
        """Whether it is the password of that hash. Without one, the same work is done for nothing, so that time tells nothing."""
        fits = len(password) <= MAX_CHARACTERS
        matched = self._hash.verify(_normal(password if fits else ""), stored or self._nobodys)
        return matched and fits and stored is not None


def generated_password() -> str:
    """A random password that is easily read and typed: `k7mq-x2vd-9hpa-wn4t`, 79 bits."""
    groups = ("".join(secrets.choice(_ALPHABET) for _ in range(_GROUP_CHARACTERS)) for _ in range(_GROUPS))
    return "-".join(groups)


def weakness_of(password: str, *, login: str) -> str | None:
    """Why a password is refused: `short`, `long` or `guessable`; None when it may be used."""
    if len(password) < MIN_CHARACTERS:
        return "short"
    if len(password) > MAX_CHARACTERS:
        return "long"
    folded = password.casefold()
    if len(set(folded)) < _MIN_DIFFERENT or not folded.replace(login, ""):
        return "guessable"
    return None


def check_password(password: str, *, login: str) -> None:
    """Refuse a password that is too weak.

    Raises:
        InputError: it is; the password is not in the sentence.
    """
    if weakness_of(password, login=login) is not None:
        expected = f"expected {MIN_CHARACTERS} to {MAX_CHARACTERS} characters that vary and are not the login repeated"
        raise InputError(f"password of {login!r}: {expected}")


def _normal(password: str) -> bytes:
    # The same letters may be typed as one code point or two, depending on the keyboard (RFC 8265).
    return unicodedata.normalize("NFC", password).encode("utf-8", "surrogatepass")

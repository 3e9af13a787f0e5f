"""The second factor: a code of six digits that an app makes every 30 s.

Source: RFC 6238, TOTP: Time-Based One-Time Password Algorithm.
"""

from __future__ import annotations

import hmac
from datetime import datetime

import pyotp
import segno

STEP_S = 30
_DRIFT_STEPS = 1
"""Clocks may differ by so many steps either way."""
_ISSUER = "Permanence"


def new_secret() -> str:
    """A secret for an app, base32, 160 bits."""
    return pyotp.random_base32()


def matching_step(secret: str, code: str, now: datetime) -> int | None:
    """The time step whose code it is, among those near `now`; None when it is no such code.

    Args:
        secret: Base32.
        code: As typed; blanks are ignored.
        now: Aware.
    """
    typed = "".join(code.split())
    if not (typed.isascii() and typed.isdigit()):
        return None
    totp = pyotp.TOTP(secret, interval=STEP_S)
    here = int(now.timestamp()) // STEP_S
    near = range(here - _DRIFT_STEPS, here + _DRIFT_STEPS + 1)
    return next((step for step in near if hmac.compare_digest(totp.generate_otp(step), typed)), None)


def qr_code(secret: str, login: str) -> str:
    """What an app scans, as a `data:` address of an SVG image."""
    address = pyotp.TOTP(secret, interval=STEP_S).provisioning_uri(name=login, issuer_name=_ISSUER)
    return str(segno.make(address, micro=False, error="m").svg_data_uri(scale=5, border=4, light="#ffffff"))


def in_groups(secret: str) -> str:
    """The secret as a person types it: groups of four."""
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))

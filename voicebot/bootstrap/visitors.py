"""Where a request comes from: this machine, or elsewhere."""

from __future__ import annotations

import ipaddress

from starlette.requests import HTTPConnection

_FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip")


def is_local(connection: HTTPConnection) -> bool:
    """Whether it was made on this machine and not passed on by a proxy for somebody else."""
    if any(name in connection.headers for name in _FORWARDED):
        return False
    return connection.client is not None and _is_loopback(connection.client.host)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False

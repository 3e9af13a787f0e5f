"""Who a connection is counted under."""

from __future__ import annotations

import ipaddress

from starlette.requests import HTTPConnection

IPV6_PREFIX_BITS = 64
"""The network that one IPv6 customer has all to itself."""


def address_of(connection: HTTPConnection) -> str:
    """The peer's IPv4 address, or its IPv6 network; whatever the server calls it when it is neither."""
    host = connection.client.host if connection.client else ""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if address.version == 4:
        return host
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((address, IPV6_PREFIX_BITS), strict=False))

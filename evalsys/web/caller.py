"""Where a request came from, as limits of tries count it."""

from ipaddress import IPv6Address, IPv6Network, ip_address

from flask import request

_HOUSE = 64
"""Bits of an IPv6 address that a provider gives one house; the rest it chooses as it likes."""


def caller() -> str:
    """Name the address of whoever asks: an IPv6 address by its network; "" where there is none."""
    return counted_as(request.remote_addr or "")


def counted_as(address: str) -> str:
    """Name an address as it is counted.

    One house has 2^64 addresses of IPv6, so that limits by address would never reach it.
    """
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if not isinstance(found, IPv6Address):
        return address
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(IPv6Network((found, _HOUSE), strict=False))

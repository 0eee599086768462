"""Where a request comes from: the peer's address, or what proxies that we trust say of it."""

from collections.abc import Iterable
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any, TypeAlias

from litestar.connection import ASGIConnection

Address: TypeAlias = IPv4Address | IPv6Address
Networks: TypeAlias = tuple[IPv4Network | IPv6Network, ...]
Headers: TypeAlias = Iterable[tuple[bytes, bytes]]

UNKNOWN = "unknown"
"""Whoever comes over a socket without an address."""

_FORWARDED = frozenset(
    {b"x-forwarded-for", b"x-forwarded-host", b"x-forwarded-proto", b"forwarded", b"x-real-ip", b"via"}
)
"""What proxies add; whoever wants to look like this machine can only leave it away, and does not come from here."""
_HOPS_MAX = 32


def client_address(connection: ASGIConnection[Any, Any, Any, Any]) -> str:
    """Give the address a request comes from.

    Everybody may write an `X-Forwarded-For`, so it counts only as far as proxies of the settings' networks wrote
    it: read from the right, the first address that is none of theirs.
    """
    peer = _peer(connection)
    trusted = _networks(connection.app.state["resources"].settings.trusted_proxies)
    return str(forwarded_for(connection.scope["headers"], peer, trusted)) if peer else UNKNOWN


def forwarded_for(headers: Headers, peer: Address, trusted: Networks) -> Address:
    """Go back from the peer through the proxies that are trusted, to the first address that is not theirs."""
    address = peer
    if not _is_in(address, trusted):
        return address
    named = ",".join(value.decode("latin-1") for name, value in headers if name == b"x-forwarded-for")
    for hop in reversed(named.split(",")[-_HOPS_MAX:]):
        earlier = _address(hop)
        if earlier is None:
            break
        address = earlier
        if not _is_in(address, trusted):
            break
    return address


def is_this_machine(connection: ASGIConnection[Any, Any, Any, Any]) -> bool:
    """Tell whether a request comes from this very machine, and not by way of a proxy on it."""
    peer = _peer(connection)
    forwarded = any(name in _FORWARDED for name, _ in connection.scope["headers"])
    return peer is not None and peer.is_loopback and not forwarded


def bucket_of(address: str) -> str:
    """Give what counts as one place: an IPv4 address, or the /64 that one household or server gets of IPv6."""
    found = _address(address)
    if isinstance(found, IPv6Address):
        return str(ip_network((found, 64), strict=False))
    return str(found) if found else address


def _peer(connection: ASGIConnection[Any, Any, Any, Any]) -> Address | None:
    client = connection.scope["client"]
    return _address(client[0]) if client else None


@lru_cache(maxsize=8)
def _networks(words: str) -> Networks:
    return tuple(ip_network(word.strip()) for word in words.split(",") if word.strip())


def _is_in(address: Address, networks: Networks) -> bool:
    return any(address in network for network in networks)


def _address(word: str) -> Address | None:
    """Read an address, in brackets or with a port as some proxies write it; IPv4 within IPv6 is IPv4."""
    bare = word.strip()
    if bare.startswith("["):
        bare = bare[1:].partition("]")[0]
    elif bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        found = ip_address(bare.partition("%")[0])
    except ValueError:
        return None
    return (found.ipv4_mapped or found) if isinstance(found, IPv6Address) else found

"""Where messages may go: to public addresses over https, and where an operator says so, elsewhere.

What counts as public is decided by the table of `ssrfguard`, made from IANA's registries of special addresses, which
also looks at IPv4 addresses inside IPv6 ones. Python's own `is_global` lets several of those pass.
"""

from collections.abc import Iterable
from ipaddress import ip_address, ip_network

from msgspec import Struct
from ssrfguard import DEFAULT_DENIED, AddressTable, Block, Policy, Reach

from app.settings import Settings, SettingsError, variable_of

USUAL_PORTS = frozenset({80, 443})
LOOPBACK_NETWORKS = ("127.0.0.0/8", "::1/128")
_LOCALHOST = "localhost"
_CONNECTION_ATTEMPTS_MAX = 2
"""How many of a name's addresses are tried: one each of IPv4 and IPv6; a name may have any number."""

# The table has no row for IPv4-translated addresses (RFC 2765), in which a translator finds an IPv4 one.
_TRANSLATED = Block(
    ip_network("::ffff:0:0:0/96"), "IPv4-translated Address", "RFC2765", Reach.DENIED, "Not with IANA."
)
_DENIED = AddressTable((*DEFAULT_DENIED.blocks, _TRANSLATED))


class Rules(Struct, frozen=True, kw_only=True):
    """What may be reached besides the public internet: other ports, networks, and this very machine, plainly."""

    ports: frozenset[int] = USUAL_PORTS
    networks: tuple[str, ...] = ()
    loopback: bool = False


def rules_of(settings: Settings, *, loopback: bool, ports: Iterable[int] = ()) -> Rules:
    """Give the rules that an operator set; `loopback` in development alone, `ports` beyond the set ones.

    Raises:
        SettingsError: a network is set that would let addresses pass which nobody looked into.
    """
    rules = Rules(
        ports=frozenset({int(port) for port in settings.outbound_ports.split(",")}) | frozenset(ports),
        networks=tuple(name.strip() for name in settings.outbound_allow.split(",") if name.strip()),
        loopback=loopback,
    )
    try:
        public(rules)
    except ValueError:
        raise SettingsError(
            f"{variable_of('outbound_allow')} names a network of IPv6 addresses that carry IPv4 ones;"
            " name the IPv4 network instead."
        ) from None
    return rules


def public(rules: Rules) -> Policy:
    """Give the policy for addresses out there."""
    return Policy(
        allowed_schemes=frozenset({"https"}),
        allowed_ports=rules.ports,
        allowed_networks=tuple(ip_network(network) for network in rules.networks),
        denied_networks=_DENIED,
        max_connection_attempts=_CONNECTION_ATTEMPTS_MAX,
    )


def on_this_machine() -> Policy:
    """Give the policy for addresses on this very machine: any port, plainly or not, and nothing else whatever."""
    everything = (
        Block(ip_network(network), "Elsewhere", "", Reach.DENIED) for network in ("0.0.0.0/0", "::/0")
    )
    return Policy(
        allowed_schemes=frozenset({"http", "https"}),
        allowed_ports=frozenset(range(1, 2**16)),
        allowed_networks=tuple(ip_network(network) for network in LOOPBACK_NETWORKS),
        denied_networks=AddressTable(tuple(everything)),
        max_connection_attempts=_CONNECTION_ATTEMPTS_MAX,
    )


def is_this_machine(host: str) -> bool:
    """Tell whether a host is written as this very machine; a name that only leads here is not."""
    if host == _LOCALHOST:
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False

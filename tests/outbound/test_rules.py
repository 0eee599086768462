"""What an operator may set of where messages go."""

import pytest

from app.outbound.client import Outbound
from app.outbound.messages import ForbiddenAddressError
from app.outbound.rules import Rules, rules_of
from app.settings import Settings, SettingsError


def settings(**variables):
    """Read settings from an environment."""
    return Settings.from_environment(
        {f"OPEN_IMPACT_{name.upper()}": value for name, value in variables.items()}
    )


def may_be_sent_to(rules, url):
    """Tell whether an address passes."""
    try:
        Outbound(rules).check(url)
    except ForbiddenAddressError:
        return False
    return True


def test_nothing_is_set():
    """Without settings it is the usual ports, no private network, and not this machine."""
    assert rules_of(settings(), loopback=False) == Rules(ports=frozenset({80, 443}))


def test_ports_are_set():
    """The ports that are set take the place of the usual ones, and a part may need one more."""
    rules = rules_of(settings(outbound_ports="443, 8443"), loopback=False, ports=[9443])
    assert rules.ports == {443, 8443, 9443}
    assert may_be_sent_to(rules, "https://hooks.example.org:8443/")
    assert not may_be_sent_to(rules, "https://hooks.example.org:80/")


def test_networks_are_set():
    """An address in a network that is set passes, and none beside it."""
    rules = rules_of(settings(outbound_allow="10.1.2.0/28, fd00:1::/64"), loopback=False)
    assert may_be_sent_to(rules, "https://10.1.2.15/")
    assert may_be_sent_to(rules, "https://[fd00:1::7]/")
    for url in (
        "https://10.1.2.16/",
        "https://[fd00:2::7]/",
        "http://10.1.2.15/",
        "https://[::ffff:10.1.2.15]/",
    ):
        assert not may_be_sent_to(rules, url)


@pytest.mark.parametrize("ports", ["https", "0", "65536", "443,", "-1", "4 43", "٤٤٣", "0443000"])
def test_ports_that_are_none(ports):
    """What is no port is refused where it is read."""
    with pytest.raises(SettingsError, match="OPEN_IMPACT_OUTBOUND_PORTS"):
        settings(outbound_ports=ports)


@pytest.mark.parametrize("networks", ["inside", "10.0.0.1/8", "10.0.0.0/8,", "10.0.0.0/33"])
def test_networks_that_are_none(networks):
    """What is no network is refused where it is read."""
    with pytest.raises(SettingsError, match="OPEN_IMPACT_OUTBOUND_ALLOW"):
        settings(outbound_allow=networks)


@pytest.mark.parametrize("network", ["64:ff9b::/96", "2002:7f00::/24", "::ffff:0:0/96", "::/96"])
def test_a_network_that_would_let_others_pass(network):
    """Addresses that carry others inside are not allowed wholesale."""
    with pytest.raises(SettingsError, match="OPEN_IMPACT_OUTBOUND_ALLOW"):
        rules_of(settings(outbound_allow=network), loopback=False)

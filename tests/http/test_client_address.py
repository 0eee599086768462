"""Where requests come from: nobody can say so themselves but proxies that are trusted."""

from ipaddress import ip_address, ip_network

import pytest

from app.http.client_address import bucket_of, forwarded_for

PROXIES = (ip_network("10.0.0.0/8"), ip_network("fd00::/8"))


@pytest.mark.parametrize(
    ("peer", "forwarded", "address"),
    [
        # Without a proxy in between, nothing that is said counts.
        ("203.0.113.7", [], "203.0.113.7"),
        ("203.0.113.7", ["198.51.100.1"], "203.0.113.7"),
        ("203.0.113.7", ["10.0.0.1"], "203.0.113.7"),
        # A trusted proxy says who came to it; what stands further left may be made up.
        ("10.0.0.1", ["203.0.113.7"], "203.0.113.7"),
        ("10.0.0.1", ["198.51.100.1, 203.0.113.7"], "203.0.113.7"),
        ("10.0.0.1", ["198.51.100.1", "203.0.113.7"], "203.0.113.7"),
        ("10.0.0.1", ["198.51.100.1, 203.0.113.7, 10.9.9.9"], "203.0.113.7"),
        ("fd00::1", ["2001:db8::5"], "2001:db8::5"),
        # As some proxies write it.
        ("10.0.0.1", ["203.0.113.7:4711"], "203.0.113.7"),
        ("10.0.0.1", ["[2001:db8::5]:4711"], "2001:db8::5"),
        ("10.0.0.1", ["::ffff:203.0.113.7"], "203.0.113.7"),
        # What cannot be read ends it: the last that is known counts.
        ("10.0.0.1", [], "10.0.0.1"),
        ("10.0.0.1", [""], "10.0.0.1"),
        ("10.0.0.1", ["203.0.113.7, nonsense"], "10.0.0.1"),
        ("10.0.0.1", ["203.0.113.7, \xff\xfe, 10.0.0.2"], "10.0.0.2"),
        ("10.0.0.1", ["10.0.0.3, 10.0.0.2"], "10.0.0.3"),
        ("10.0.0.1", [", ".join(["198.51.100.1"] * 10_000)], "198.51.100.1"),
    ],
)
def test_a_request_comes_from_the_last_address_that_is_no_proxy_of_ours(peer, forwarded, address):
    """Read from the right, the first address that is not a trusted proxy's is where the request comes from."""
    headers = [(b"x-forwarded-for", value.encode("latin-1")) for value in forwarded]
    assert str(forwarded_for(headers, ip_address(peer), PROXIES)) == address


def test_one_household_is_one_place():
    """IPv6 addresses of one /64 are counted together, IPv4 addresses each by itself."""
    assert bucket_of("2001:db8:1:2:3::1") == bucket_of("2001:db8:1:2:ffff::9") == "2001:db8:1:2::/64"
    assert bucket_of("2001:db8:1:3::1") != bucket_of("2001:db8:1:2::1")
    assert bucket_of("203.0.113.7") != bucket_of("203.0.113.8")
    assert bucket_of("::ffff:203.0.113.7") == bucket_of("203.0.113.7")

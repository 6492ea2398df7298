"""Where the networks end that are not public: the last address within, the first one without."""

import pytest

from optin_engine.service.addresses import kind_of

# The first and the last address of each, as IANA's registries have them.
# fmt: off
EDGES = (
    # first               last                                       what it is
    ("0.0.0.0",           "0.255.255.255",                           "reserved"),  # noqa: S104 - nothing is bound to it.
    ("10.0.0.0",          "10.255.255.255",                          "private"),
    ("100.64.0.0",        "100.127.255.255",                         "private"),
    ("127.0.0.0",         "127.255.255.255",                         "loopback"),
    ("169.254.0.0",       "169.254.255.255",                         "link-local"),
    ("172.16.0.0",        "172.31.255.255",                          "private"),
    ("192.0.0.0",         "192.0.0.255",                             "reserved"),
    ("192.0.2.0",         "192.0.2.255",                             "reserved"),
    ("192.88.99.0",       "192.88.99.255",                           "6to4"),
    ("192.168.0.0",       "192.168.255.255",                         "private"),
    ("198.18.0.0",        "198.19.255.255",                          "reserved"),
    ("198.51.100.0",      "198.51.100.255",                          "reserved"),
    ("203.0.113.0",       "203.0.113.255",                           "reserved"),
    ("224.0.0.0",         "239.255.255.255",                         "multicast"),
    ("240.0.0.0",         "255.255.255.255",                         "reserved"),
    ("64:ff9b::",         "64:ff9b::ffff:ffff",                      "NAT64"),
    ("64:ff9b:1::",       "64:ff9b:1:ffff:ffff:ffff:ffff:ffff",      "NAT64"),
    ("2001::",            "2001:0:ffff:ffff:ffff:ffff:ffff:ffff",    "Teredo"),
    ("2001:1::",          "2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff",  "reserved"),
    ("2001:db8::",        "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff",  "reserved"),
    ("2002::",            "2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "6to4"),
    ("3fff::",            "3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff",  "reserved"),
    ("fc00::",            "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "private"),
    ("fe80::",            "febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "link-local"),
    ("fec0::",            "feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "private"),
    ("ff00::",            "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "multicast"),
)
# fmt: on
NEIGHBOURS = (
    "1.0.0.0",
    "9.255.255.255",
    "11.0.0.0",
    "100.63.255.255",
    "100.128.0.0",
    "126.255.255.255",
    "128.0.0.0",
    "168.63.129.15",
    "168.63.129.17",
    "169.253.255.255",
    "169.255.0.0",
    "172.15.255.255",
    "172.32.0.0",
    "191.255.255.255",
    "192.0.1.0",
    "192.0.3.0",
    "192.88.98.255",
    "192.88.100.0",
    "192.167.255.255",
    "192.169.0.0",
    "198.17.255.255",
    "198.20.0.0",
    "198.51.99.255",
    "198.51.101.0",
    "203.0.112.255",
    "203.0.114.0",
    "223.255.255.255",
    "2000::",
    "2001:200::",
    "2001:db7:ffff::",
    "2001:db9::",
    "2003::",
    "3ffe:ffff::",
    "3fff:1000::",
)  # fmt: skip


@pytest.mark.parametrize(("first", "last", "kind"), EDGES)
def test_a_network_is_of_its_kind_from_its_first_to_its_last_address(
    first: str, last: str, kind: str
) -> None:
    assert (kind_of(first), kind_of(last)) == (kind, kind)


@pytest.mark.parametrize("address", NEIGHBOURS)
def test_what_lies_beside_a_network_is_public(address: str) -> None:
    assert kind_of(address) == ""

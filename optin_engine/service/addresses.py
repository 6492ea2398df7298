"""Which addresses are public, and which lead into this machine, its network or its cloud.

The networks are IANA's registries of special-purpose addresses. Of IPv6, only `2000::/3` is
given out at all; within it, an address that carries an IPv4 address in it is refused like
one outside, because where it leads is decided by a gateway that we do not know.
"""

from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

LOOPBACK = "loopback"

# fmt: off
_ROWS = (
    # network             what it is
    ("127.0.0.0/8",       LOOPBACK),
    ("::1/128",           LOOPBACK),
    ("10.0.0.0/8",        "private"),
    ("172.16.0.0/12",     "private"),
    ("192.168.0.0/16",    "private"),
    ("100.64.0.0/10",     "private"),        # between a carrier and its customers
    ("168.63.129.16/32",  "private"),        # the host of a virtual machine in Azure
    ("fc00::/7",          "private"),
    ("fec0::/10",         "private"),
    ("169.254.0.0/16",    "link-local"),     # also where clouds keep credentials
    ("fe80::/10",         "link-local"),
    ("224.0.0.0/4",       "multicast"),
    ("ff00::/8",          "multicast"),
    ("::ffff:0:0/96",     "IPv4-mapped"),
    ("::ffff:0:0:0/96",   "IPv4-translated"),
    ("64:ff9b::/96",      "NAT64"),
    ("64:ff9b:1::/48",    "NAT64"),
    ("2001::/32",         "Teredo"),
    ("2002::/16",         "6to4"),
    ("192.88.99.0/24",    "6to4"),
    ("0.0.0.0/8",         "reserved"),
    ("192.0.0.0/24",      "reserved"),
    ("192.0.2.0/24",      "reserved"),
    ("198.18.0.0/15",     "reserved"),
    ("198.51.100.0/24",   "reserved"),
    ("203.0.113.0/24",    "reserved"),
    ("240.0.0.0/4",       "reserved"),
    ("2001::/23",         "reserved"),
    ("2001:db8::/32",     "reserved"),
    ("3fff::/20",         "reserved"),
    ("0.0.0.0/0",         ""),
    ("2000::/3",          ""),
    ("::/0",              "reserved"),
)
# fmt: on
_NETWORKS: tuple[tuple[IPv4Network | IPv6Network, str], ...] = tuple(
    (ip_network(network), kind) for network, kind in _ROWS
)


def kind_of(address: str) -> str:
    """Tell why an address is not public; empty where it is.

    Args:
        address: IPv4 or IPv6, with or without a zone.

    Raises:
        ValueError: it is no address.

    >>> [kind_of(address) for address in ("93.184.216.34", "10.1.2.3", "::1", "::ffff:8.8.8.8")]
    ['', 'private', 'loopback', 'IPv4-mapped']
    """
    # A zone (`fe80::1%eth0`) makes no difference to what an address is.
    bare = ip_address(address.partition("%")[0])
    return next(kind for network, kind in _NETWORKS if bare in network)

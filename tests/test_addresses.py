"""Which addresses are public."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optin_engine.service.addresses import kind_of

# fmt: off
INNER = (
    # address                      what it is
    ("127.0.0.1",                  "loopback"),
    ("127.255.255.254",            "loopback"),
    ("::1",                        "loopback"),
    ("0.0.0.0",                    "reserved"),  # noqa: S104 - nothing is bound to it.
    ("::",                         "reserved"),
    ("10.0.0.1",                   "private"),
    ("172.16.0.1",                 "private"),
    ("172.31.255.255",             "private"),
    ("192.168.1.1",                "private"),
    ("100.64.0.1",                 "private"),
    ("168.63.129.16",              "private"),
    ("fd00:ec2::254",              "private"),
    ("fec0::1",                    "private"),
    ("169.254.169.254",            "link-local"),
    ("fe80::1%2",                  "link-local"),
    ("224.0.0.1",                  "multicast"),
    ("239.255.255.255",            "multicast"),
    ("ff02::1",                    "multicast"),
    ("240.0.0.1",                  "reserved"),
    ("255.255.255.255",            "reserved"),
    ("192.0.2.1",                  "reserved"),
    ("198.18.0.1",                 "reserved"),
    ("::ffff:127.0.0.1",           "IPv4-mapped"),
    ("::ffff:93.184.216.34",       "IPv4-mapped"),
    ("::ffff:0:7f00:1",            "IPv4-translated"),
    ("::127.0.0.1",                "reserved"),
    ("64:ff9b::7f00:1",            "NAT64"),
    ("64:ff9b:1::a00:1",           "NAT64"),
    ("2002:7f00:1::",              "6to4"),
    ("2001:0:7f00:1::",            "Teredo"),
    ("2001:db8::1",                "reserved"),
    ("100::1",                     "reserved"),
    ("4000::1",                    "reserved"),
)
# fmt: on


@pytest.mark.parametrize(("address", "kind"), INNER)
def test_an_inner_address_is_of_its_kind(address: str, kind: str) -> None:
    assert kind_of(address) == kind


@pytest.mark.parametrize(
    "address", ["93.184.216.34", "8.8.8.8", "172.32.0.1", "2606:2800:220:1::1"]
)
def test_a_public_address_is_public(address: str) -> None:
    assert kind_of(address) == ""


@given(st.ip_addresses())
def test_no_address_is_public_that_python_knows_to_be_special(address: object) -> None:
    is_special = any(
        getattr(address, f"is_{kind}")
        for kind in ("private", "loopback", "link_local", "multicast", "reserved", "unspecified")
    )
    assert kind_of(str(address)) or not is_special

"""A corpus of malformed requests, byte by byte, for anything that speaks HTTP like the service.

`TOKEN` in a request stands for a good token, so that a request fails by its own fault alone.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import attrs

from optin_engine.web.call import Call
from optin_engine.web.calls import CALLS

TOKEN = b"TOKEN"
MIB = 1 << 20

Headers = Mapping[str, str]


@attrs.frozen
class Malformed:
    """One request.

    Attributes:
        name: what is wrong with it.
        raw: its bytes.
        is_http: it can be read as HTTP, so it must be answered, by the service itself.
        is_cut: the server waits for the rest of it, which never comes.

    """

    name: str
    raw: bytes
    is_http: bool = True
    is_cut: bool = False


def request(
    body: bytes = b"",
    target: str = "/inbound",
    method: str = "POST",
    *,
    headers: Headers | None = None,
    version: str = "HTTP/1.1",
) -> bytes:
    """Write a request; headers replace its own by name, an empty one leaves it out."""
    every = {
        "Host": "127.0.0.1",
        "Authorization": f"Bearer {TOKEN.decode()}",
        "Content-Type": "application/json",
        "Content-Length": str(len(body)),
        "Connection": "close",
        **(headers or {}),
    }
    lines = [f"{method} {target} {version}", *(f"{n}: {v}" for n, v in every.items() if v)]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


def chunked(*chunks: bytes, end: bytes = b"0\r\n\r\n", headers: Headers | None = None) -> bytes:
    """Write a request whose body comes in chunks."""
    how = {"Content-Length": "", "Transfer-Encoding": "chunked", **(headers or {})}
    written = b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks)
    return request(headers=how) + written + end


MO = b'{"from": "+15555550123", "to": "123456", "text": "JOIN"}'

# What is in place of a JSON object.
BODIES = {
    "no body": b"",
    "white space": b" \r\n\t",
    "half an object": b'{"from": "+1555',
    "two objects": MO + MO,
    "a byte after it": MO + b"\0",
    "a trailing comma": b'{"from": "1",}',
    "single quotes": b"{'from': '1'}",
    "a comment": b"/* */" + MO,
    "null": b"null",
    "a list": b"[" + MO + b"]",
    "a text": b'"JOIN"',
    "a number": b"7",
    "a number past all floats": b'{"text": 1e999}',
    "a number of 5000 digits": b'{"text": ' + b"9" * 5000 + b"}",
    "a number that begins with 0": b'{"text": 007}',
    "NaN": b'{"text": NaN}',
    "Infinity": b'{"text": -Infinity}',
    "lists 100000 deep": b"[" * 100_000,
    "closed lists 50000 deep": b"[" * 50_000 + b"]" * 50_000,
    "objects 20000 deep": b'{"a":' * 20_000 + b"1" + b"}" * 20_000,
    "a NUL byte": b'{"text": "a\0b"}',
    "a NUL byte alone": b"\0",
    "a raw control character": b'{"text": "a\x07"}',
    "a raw line end in a text": b'{"text": "a\nb"}',
    "half a surrogate pair": rb'{"from": "+15555550123", "to": "123456", "text": "\ud83d"}',
    "halves in the wrong order": rb'{"text": "\udc00\ud800"}',
    "a bad escape": rb'{"text": "\x41"}',
    "invalid UTF-8": b'{"text": "\xff\xfe"}',
    "UTF-8 that is too long": b'{"text": "\xc0\xaf"}',
    "UTF-8 of a surrogate": b'{"text": "\xed\xa0\x80"}',
    "UTF-16": MO.decode().encode("utf-16"),
    "latin-1": '{"text": "é"}'.encode("latin-1"),
    "1000 byte order marks": b"\xef\xbb\xbf" * 1000 + MO,
    "10000 names": json.dumps({f"n{i}": i for i in range(10_000)}).encode(),
    "a name of 100000 characters": b'{"' + b"n" * 100_000 + b'": 1}',
    "a name twice": b'{"text": "a", "TEXT": ["b"], "Text": {}}',
    "an empty name": b'{"": ""}',
    "a form": b"from=1&to=2&text=3",
    "XML": b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>",
}

# What is in place of each field.
# fmt: off
VALUES: Iterable[Any] = (
    None, True, 0, -1, 1.5, 1e308, 2**70, 10**400,
    "", " ", "\0", "\u202e\ufeff", "é" * 3000, "'; drop table contacts; --", "%00",
    "../../etc/passwd", "9999-12-31T23:59:59.9999999-23:59",
    [], [[]], [None], [{}], ["\0", 1, None, True, {"a": []}], ["1"] * 1000,
    {}, {"a": {"b": None}},
)
# fmt: on

# What is in place of a path.
PATHS = {
    "doubled slashes": "//inbound//",
    "a dot": "/./inbound",
    "two dots": "/x/../inbound",
    "coded dots": "/%2e%2e/inbound",
    "coded slashes": "/%2Finbound",
    "dots to a file": "/docs/../../../../etc/passwd",
    "coded dots to a file": "/docs/%2e%2e%2f%2e%2e%2fetc%2fpasswd",
    "a coded NUL": "/inbound%00",
    "a coded line end": "/inbound%0d%0aX-Evil:%201",
    "bytes that are no UTF-8": "/%ff%fe",
    "half a code": "/inbound%",
    "no code": "/inbound%zz",
    "a code twice": "/%2569nbound",
    "a full-width letter": "/%EF%BD%89nbound",
    "a Turkish i": "/%C4%B0nbound",
    "a parameter": "/inbound;a=b",
    "a backslash": "/\\inbound",
    "a path of 7000 characters": "/" + "a" * 7000,
    "a path of 20000 characters": "/" + "a" * 20_000,
    "5000 slashes": "/" * 5000,
    "a query of 7000 characters": "/inbound?" + "a=b&" * 1750,
    "a query that is no UTF-8": "/inbound?%ff=%fe&%00=%00",
    "a query of question marks": "/inbound????&&&===",
    "another token in the query": "/inbound?access_token=x&access_token=%00",
    "an id that decodes to nothing": "/sms/v1/queueMO/history/%00",
    "an id of 5000 characters": "/sms/v1/queueMO/history/" + "A" * 5000,
    "an id that is no base64": "/sms/v1/queueMO/deliveries/%C3%A9%20",
    "a keyword of nothing": "/sms/v1/keyword//123456",
    "a keyword of a NUL": "/sms/v1/keyword/%00/%00/%00",
}

HEADERS: Mapping[str, Headers] = {
    "a header of 40000 bytes": {"X-Long": "a" * 40_000},
    "a name of 40000 bytes": {"X-" + "a" * 40_000: "1"},
    "200 headers": {f"X-{i}": "1" for i in range(200)},
    "a header that is no UTF-8": {"X-Odd": "\xff\xfe"},
    "an authorization that is no UTF-8": {"Authorization": "Bearer \xff\xfe"},
    "an authorization without a token": {"Authorization": "Bearer"},
    "an authorization of another kind": {"Authorization": "Digest username=x"},
    "a basic authorization of nonsense": {"Authorization": "Basic \xff"},
    "a token that is none": {"Authorization": "Bearer a.b.c"},
    "a token of no algorithm": {"Authorization": "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0."},
    "a token of 30000 bytes": {"Authorization": "Bearer " + "a" * 30_000},
    "no token": {"Authorization": ""},
    "a media type of nonsense": {"Content-Type": "\xff;;;=/"},
    "a media type of images": {"Content-Type": "image/png"},
    "a multipart body without a boundary": {"Content-Type": "multipart/form-data"},
    "a charset that nobody knows": {"Content-Type": "application/json; charset=klingon"},
    "a compressed body that is not": {"Content-Encoding": "gzip"},
    "a signature of nonsense": {"Authorization": "", "webhook-signature": "\xff"},
    "a length declared past the limit": {"Content-Length": str(2 * MIB)},
    "a length declared past all numbers": {"Content-Length": "9" * 18},
    "a host of nonsense": {"Host": "\xff:::"},
    "an upgrade to a websocket": {
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Key": "x",
        "Sec-WebSocket-Version": "13",
    },
    "an accept of nonsense": {"Accept": ";;;q=\xff"},
}

METHODS = ("GET", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE")

# What HTTP itself does not allow: the server may answer for us, or hang up.
NO_HTTP = {
    "bytes": bytes(range(256)),
    "a TLS hello": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 32,
    "HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "HTTP/9.9": request(MO, version="HTTP/9.9"),
    "no version": request(MO, version=""),
    "a method that is none": request(MO, method="BREW"),
    "a method in lower case": request(MO, method="post"),
    "a method of 10000 letters": request(MO, method="A" * 10_000),
    "CONNECT": request(target="127.0.0.1:1", method="CONNECT"),
    "an asterisk": request(target="*", method="OPTIONS"),
    "an absolute target": request(MO, target="http://other.example/inbound"),
    "a target without a slash": request(MO, target="inbound"),
    "a target with a space": request(MO, target="/in bound"),
    "a target with raw bytes": request(MO, target="/\xe9\xff"),
    "a target with a NUL": request(MO, target="/\0"),
    "a target of 100000 characters": request(MO, target="/" + "a" * 100_000),
    "a header of 200000 bytes": request(MO, headers={"X-Long": "a" * 200_000}),
    "a header without a colon": request(MO).replace(b"Host: ", b"Host "),
    "a header with a NUL": request(MO, headers={"X-Odd": "a\0b"}),
    "a name with a space": request(MO, headers={"X Odd": "1"}),
    "a header on two lines": request(MO, headers={"X-Odd": "a\r\n b"}),
    "line ends of one character": request(MO).replace(b"\r\n", b"\n"),
    "no host": request(MO, headers={"Host": ""}),
    "two hosts": request(MO).replace(b"Host: ", b"Host: other.example\r\nHost: "),
    "a negative length": request(MO, headers={"Content-Length": "-1"}),
    "a length that is no number": request(MO, headers={"Content-Length": "1e3"}),
    "a length with a plus": request(MO, headers={"Content-Length": "+5"}),
    "two lengths": request(MO).replace(b"Content-Length", b"Content-Length: 1\r\nContent-Length"),
    "a length and chunks": chunked(MO, headers={"Content-Length": "3"}),
    "a chunk of no size": chunked(MO, end=b"\r\n\r\n"),
    "a chunk of a size that is none": chunked(MO, end=b"xyz\r\n\r\n"),
    "a chunk of a negative size": chunked(MO, end=b"-5\r\n\r\n"),
    "a chunk of an endless size": chunked(MO, end=b"f" * 40 + b"\r\n"),
    "a transfer coding that nobody knows": chunked(MO, headers={"Transfer-Encoding": "x"}),
    "chunks that are compressed": chunked(MO, headers={"Transfer-Encoding": "gzip, chunked"}),
    "two requests in one": request(MO, headers={"Connection": "keep-alive"}) * 2 + b"\0",
}  # fmt: skip

# What ends before it is a request.
CUT = {
    "nothing": b"",
    "line ends": b"\r\n\r\n\r\n",
    "HTTP/0.9": b"GET /\r\n",
    "a body that is cut": request(MO)[:-10],
    "a head that is cut": request(MO)[:60],
    "chunks that are cut": chunked(MO, end=b""),
}

ODD_HTTP = {
    "chunks past the limit": chunked(*[b" " * (MIB // 16)] * 16, b" "),
    "chunks of one byte": chunked(*(bytes([byte]) for byte in MO)),
    "a chunk with an extension": chunked(MO).replace(b"\r\n{", b";a=b\r\n{"),
    "chunks with a trailer": chunked(MO, end=b"0\r\nX-Late: 1\r\n\r\n"),
    "HTTP/1.0": request(MO, version="HTTP/1.0"),
    "HTTP/1.0 without a host": request(MO, version="HTTP/1.0", headers={"Host": ""}),
    "two authorizations": request(MO).replace(
        b"Authorization", b"Authorization: Bearer x\r\nAuthorization"
    ),
    "two media types": request(MO).replace(
        b"Content-Type", b"Content-Type: text/html\r\nContent-Type"
    ),
    "an expectation": request(MO, headers={"Expect": "100-continue"}),
    "an expectation that nobody meets": request(MO, headers={"Expect": "miracles"}),
    "a body for a GET": request(MO, "/healthz", "GET"),
}  # fmt: skip

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
FORMS = {
    "a form of nonsense": b"&&==%zz&%ff=\xff",
    "a form of 5000 fields": b"a=b&" * 5000,
    "a form with NULs": b"Body=%00&From=%00&To=%00&MessageSid=%00",
    "a form of 900000 bytes": b"Body=" + b"%41" * 300_000,
}


def corpus() -> Iterator[Malformed]:
    """Give every request of it."""
    yield from (each for call in CALLS if call.request is not None for each in _bodies(call))
    yield from (
        Malformed(f"{method} where it is not", request(MO, method=method)) for method in METHODS
    )
    for method in ("GET", "DELETE"):
        for name, path in PATHS.items():
            yield Malformed(f"{method} {name}", request(target=path, method=method))
    yield from (Malformed(name, request(MO, headers=given)) for name, given in HEADERS.items())
    yield from (Malformed(name, raw) for name, raw in ODD_HTTP.items())
    yield from (Malformed(name, raw, is_http=False) for name, raw in NO_HTTP.items())
    yield from (Malformed(name, raw, is_http=False, is_cut=True) for name, raw in CUT.items())


def _bodies(call: Call) -> Iterator[Malformed]:
    path = call.path.replace("{", "").replace("}", "")
    where = f"{call.method} {path}"
    own = FORM if call.forms == "only" else None
    bodies: list[tuple[str, bytes, Headers | None]] = [
        (name, body, None) for name, body in BODIES.items()
    ]
    bodies += [(name, body, FORM) for name, body in FORMS.items()]
    bodies += [(name, body, own) for name, body in _fields(call)]
    for name, body, headers in bodies:
        yield Malformed(f"{where}: {name}", request(body, path, call.method, headers=headers))


def _fields(call: Call) -> Iterator[tuple[str, bytes]]:
    """Give bodies with one field of a call's own made wrong."""
    fields = (call.request or {}).get("properties", {})
    for field in fields:
        for place, value in enumerate(VALUES):
            body = json.dumps({**json.loads(MO), field: value}).encode()
            yield f"value {place} for {field}", body

"""What `optin-engine messages` shows: the outbound messages of a store."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from optin_engine.harness.standing import printable

NONE = (
    "No messages. Define them in the file that `serve` loads, or by POST /sms/v1/message/outbound."
)


def messages_lines(reports: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Give outbound messages as lines for people, one each, the identifier first.

    >>> sale = {"messageID": "Mjg6NjI1OjA", "messageName": "Sale", "shortCode": "123456"}
    >>> list(messages_lines([{**sale, "keyword": "NEWS", "active": False}]))
    ['Mjg6NjI1OjA Sale: on 123456 NEWS, not active']
    """
    is_empty = True
    for report in reports:
        is_empty = False
        code = report.get("shortCode") or report["longCode"]
        home = f"{code} {report['keyword']}".rstrip()
        active = "active" if report["active"] else "not active"
        yield f"{report['messageID']} {printable(report['messageName'])}: on {home}, {active}"
    if is_empty:
        yield NONE

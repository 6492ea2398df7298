"""Outbound messages as callers know them: under the identifier that a send takes.

A message of a file of definitions gets its identifier where the file is loaded, and no answer
tells it; so the call and the command that list them do.
"""

from collections.abc import Iterable
from typing import Any

from optin_engine.service.bodies import MESSAGE, given_of
from optin_engine.stores import Definition
from optin_engine.web.identifiers import encode


def messages_of(definitions: Iterable[Definition]) -> list[dict[str, Any]]:
    """Tell of the outbound messages among definitions, in their order.

    Args:
        definitions: what is in force.

    Returns:
        Of each its `messageID`, as its definition by a call gives it, its `messageName`, its
        `shortCode` or `longCode`, its own `keyword` (empty where it has none), and whether it
        is `active`.

    """
    return [_told(definition) for definition in definitions if definition.kind == MESSAGE]


def _told(definition: Definition) -> dict[str, Any]:
    given = given_of(definition)
    home = "shortCode" if "shortCode" in given else "longCode"
    names = ("messageName", home, "keyword", "active")
    return {
        "messageID": encode(definition.id, "message object"),
        **{name: given[name] for name in names},
    }

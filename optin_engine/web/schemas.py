"""JSON schemas that several calls share."""

from collections.abc import Mapping
from typing import Any

Schema = Mapping[str, Any]

TEXT: Schema = {"type": "string"}
DATE: Schema = {"type": "string", "examples": ["2013-12-19T14:35:35.51"]}

# A text that clients may write as a number; and one that they may leave out by null.
WRITTEN: Schema = {"type": ["string", "integer"]}
LOOSE_TEXT: Schema = {"type": ["string", "integer", "null"]}
TRUTH: Schema = {"type": ["boolean", "string", "integer", "null"]}

# The code that a definition lives on.
HOME = {"shortCode": LOOSE_TEXT, "longCode": LOOSE_TEXT, "countryCode": LOOSE_TEXT}


def table(
    required: Mapping[str, Schema],
    optional: Mapping[str, Schema] | None = None,
    *,
    description: str = "",
) -> Schema:
    """Give the schema of an object with these fields; further ones may stand in it.

    >>> table({"messageID": TEXT})["required"]
    ['messageID']
    """
    schema: dict[str, Any] = {"type": "object", "properties": {**required, **(optional or {})}}
    if required:
        schema["required"] = [*required]
    if description:
        schema["description"] = description
    return schema


def listed(items: Schema) -> Schema:
    """Give the schema of a list of these."""
    return {"type": "array", "items": items}


ERRORS = table({"errors": {**listed(TEXT), "minItems": 1}}, description="Every fault at once.")

_ERROR = table({"message": TEXT, "errorcode": {"type": "integer"}, "documentation": TEXT})
FAULTS = table(
    {
        "message": TEXT,
        "errorcode": {"type": "integer"},
        "documentation": TEXT,
        "objectErrors": listed(_ERROR),
        "fieldErrors": listed(_ERROR),
    },
    {"retryAfter": {"type": "integer", "minimum": 1, "description": "Seconds to wait."}},
    description="A refusal; fieldErrors has every fault of the body.",
)

"""Definitions written out: an account as MobileConnect's fields, as it would be read again."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any

import attrs

from optin_engine.account import Account
from optin_engine.codes import CODE_FIELDS, EVERYWHERE
from optin_engine.definition import FIELDS
from optin_engine.fields import NEVER, Field
from optin_engine.messages import FIELDS as MESSAGE_FIELDS
from optin_engine.program import Code, OutboundMessage, Program, QuietHours

Definition = dict[str, Any]


@attrs.frozen
class Definitions:
    """Codes, programmes and outbound messages by MobileConnect's fields, in JSON's values."""

    codes: list[Definition]
    programs: list[Definition]
    messages: list[Definition] = attrs.field(factory=list)


def written(account: Account) -> Definitions:
    """Write an account out; read again, it is equal.

    >>> from optin_engine.harness import starter
    >>> Account.from_dict(attrs.asdict(written(starter()))) == starter()
    True
    """
    codes = account.codes.values()
    return Definitions(
        [_place(code) | dict(_written(code, CODE_FIELDS)) for code in codes],
        [_program(program, code) for code in codes for program in code.programs],
        [
            _place(code) | dict(_written(message, MESSAGE_FIELDS))
            for code in codes
            for message in code.outbound
        ],
    )


def code_of(definition: Definition) -> str:
    """Give the digits of the code that a definition names."""
    return str(definition.get("shortCode") or definition["longCode"])


def _program(program: Program, code: Code) -> Definition:
    heeded = (field for field in FIELDS if field.is_heeded(program.opt_in_type))
    return _place(code) | dict(_written(program, heeded))


def _place(code: Code) -> Definition:
    place: Definition = {"shortCode" if code.is_short else "longCode": code.digits}
    return place | ({"countryCode": code.country} if code.country else {})


def _written(
    read: Code | Program | OutboundMessage, fields: Iterable[Field]
) -> Iterator[tuple[str, Any]]:
    """Give the fields that are set; an empty text and a day that is none cannot be written."""
    for field in fields:
        value = getattr(read, field.attribute)
        if field.attribute == "countries":
            yield field.name, list(value) or EVERYWHERE
        elif value is not None and value not in ("", {}):
            yield field.name, _plain(value)
        elif field.unset == NEVER:
            yield field.name, None


def _plain(value: Any) -> Any:
    if isinstance(value, timedelta):
        return f"{value.total_seconds():.15g}s"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return ",".join(value)
    if isinstance(value, (str, QuietHours)):
        return str(value)
    return dict(value) if isinstance(value, Mapping) else value

"""MTs whose text HTTPGet has yet to fill, as the outbox keeps them: the template, and what for.

They are filled before they are handed over, outside any transaction, because fetching may
take long. Until then such an MT has the encoding `UNRENDERED`, and no segments.
"""

from collections.abc import Mapping

import attrs
import msgspec

from optin_engine.outcome import Outbound
from optin_engine.stores import UNRENDERED, Mt
from optin_engine.wording import UNFILLED


@attrs.frozen
class _Unrendered:
    """What stands in the place of a text."""

    template: str
    context: Mapping[str, str]


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(_Unrendered).decode


def packed(outbound: Outbound) -> str:
    """Give what the outbox keeps as the text of an MT that has a context.

    >>> unpacked(packed(Outbound("response", "%%=HTTPGet(Url)=%%", "", 0, "", {"URL": ""})))
    ('%%=HTTPGet(Url)=%%', {'URL': ''})
    """
    return _encode(_Unrendered(outbound.text, outbound.context or {})).decode()


def unpacked(text: str) -> tuple[str, Mapping[str, str]]:
    """Give the template, and the values to fill it with, of what `packed` gave.

    Raises:
        msgspec.DecodeError: the text is no such thing.

    """
    kept = _decode(text)
    return kept.template, kept.context


def shown(mt: Mt) -> str:
    """Give the text of an MT as histories show it: of one yet to be filled the template, said so.

    An erased text stays empty.
    """
    if mt.encoding != UNRENDERED or not mt.text:
        return mt.text
    return UNFILLED + unpacked(mt.text)[0]

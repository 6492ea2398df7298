"""Definitions as the store keeps them: MobileConnect's names, and only what counts.

A body holds the fields of a definition that its type heeds, under their proper names, with
the values as they were given. So what reads the same stays the same, and whatever else a
client sends (fields of its own, zeros for what it leaves out) is not kept.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Self

import attrs
import msgspec

from optin_engine.account import ACCOUNT, Account
from optin_engine.codes import CODE_FIELDS
from optin_engine.definition import FIELDS, read_program
from optin_engine.entries import PLACE, Entry, read_fields, take
from optin_engine.fields import NEVER, Field, is_unset
from optin_engine.messages import read_message
from optin_engine.program import Code, OutboundMessage, Program
from optin_engine.stores import Definition
from optin_engine.templating.tokens import MARK
from optin_engine.texts import quoted

CODE, KEYWORD, PROGRAM, MESSAGE = "code", "keyword", "program", "message"

Key = tuple[str, ...]
"""What a definition is known by over its versions: kind, code, keyword, messageName."""

# A mapping that is no dict, as a caller in Python may give one, is written as one.
_encode = msgspec.json.Encoder(enc_hook=dict).encode


@attrs.frozen
class Draft:
    """A definition as it is to be kept.

    Attributes:
        kind: `code`, `keyword`, `program` or `message`.
        body: the definition, as JSON.
        digest: of a programme; else empty.

    """

    kind: str
    body: bytes
    digest: str = ""

    @classmethod
    def of_code(cls, given: Mapping[Any, object], code: Code) -> Self:
        """Make one of a code that was read as this one."""
        return cls(CODE, _encode(place_of(code) | _kept(given, CODE_FIELDS)))

    @classmethod
    def of_program(cls, given: Mapping[Any, object], program: Program, code: Code) -> Self:
        """Make one of a programme that was read as this one."""
        heeded = [field for field in FIELDS if field.is_heeded(program.opt_in_type)]
        proper = {"messageName": program.name, "keyword": program.keyword}
        body = _encode(place_of(code) | _kept(given, heeded) | proper)
        return cls(PROGRAM, body, program.digest)

    @classmethod
    def of_keyword(cls, code: Code, keyword: str) -> Self:
        """Make one of a keyword that is kept on a code."""
        return cls(KEYWORD, _encode(place_of(code) | {"keyword": keyword}))

    @classmethod
    def of_message(cls, message: OutboundMessage, code: Code) -> Self:
        """Make one of an outbound message."""
        given = {
            "messageName": message.name,
            "keyword": message.keyword,
            "messageText": message.text,
            "active": message.is_active,
        }
        return cls(MESSAGE, _encode(place_of(code) | given))


def place_of(code: Code) -> dict[str, str]:
    """Give a code as a definition names it.

    >>> place_of(Code("123456", "US"))
    {'shortCode': '123456', 'countryCode': 'US'}
    """
    place = {"shortCode" if code.is_short else "longCode": code.digits}
    return place | {"countryCode": code.country} if code.country else place


def given_of(definition: Definition | Draft) -> dict[str, Any]:
    """Give a definition as it may be read again."""
    given: dict[str, Any] = msgspec.json.decode(definition.body)
    return given


def key_of(definition: Definition | Draft) -> Key:
    """Give what a definition is known by.

    >>> key_of(Draft.of_keyword(Code("123456", "US"), "JOIN"))
    ('keyword', '123456', 'JOIN', '')
    """
    given = given_of(definition)
    code = given.get("shortCode") or given["longCode"]
    return definition.kind, code, given.get("keyword", ""), given.get("messageName", "")


def account_of(definitions: Iterable[Definition | Draft], *more: object) -> Account:
    """Read the account of definitions, and of programmes that are not kept yet.

    A message may name a keyword that is reserved, or that has ended since it was defined.

    Raises:
        DefinitionError: every fault of the codes and programmes, each by itself and all
            together; where they have none, every fault of the messages.

    """
    given: dict[str, list[object]] = {CODE: [], KEYWORD: [], PROGRAM: [], MESSAGE: []}
    for definition in definitions:
        given[definition.kind].append(given_of(definition))
    account = Account.of(given[CODE], [*given[PROGRAM], *more])
    return account.with_messages(given[MESSAGE])


def drafts_of(definitions: Mapping[Any, object], account: Account) -> list[Draft]:
    """Make drafts of what is in a file that was read as this account."""
    codes, top = account.codes, Entry(ACCOUNT)
    take(top, definitions, ["codes", "programs", "messages"])
    given: Any = top.given
    drafts = [
        Draft.of_code(one, code)
        for one, code in zip(given.get("codes") or (), codes.values(), strict=True)
    ]
    for number, one in enumerate(given.get("programs") or (), 1):
        program = Program(**read_program(number, one, codes).read)
        drafts.append(Draft.of_program(one, program, codes[program.code]))
    for number, one in enumerate(given.get("messages") or (), 1):
        message = OutboundMessage(**read_message(number, one, codes).read)
        drafts.append(Draft.of_message(message, codes[message.code]))
    return drafts


def mended(kept: Definition) -> Draft | None:
    """Give anew a definition of which a text that was said as it is cannot be read any more.

    Two percent signs meant nothing before texts could be templates. A text of then that is
    none, or none that its field may have, is quoted, so that it goes on saying what it said.

    Returns:
        None where it can be read as it is.

    """
    if kept.kind not in (CODE, PROGRAM) or MARK.encode() not in kept.body:
        return None
    given = given_of(kept)
    entry = Entry("", given)
    read_fields(entry, CODE_FIELDS if kept.kind == CODE else FIELDS)
    wrong = {fault.field for fault in entry.faults}
    body = {name: _quoted(said) if name in wrong else said for name, said in given.items()}
    if body == given:
        return None
    if kept.kind == CODE:
        return Draft(CODE, _encode(body))
    account = Account.of([{name: body[name] for name in PLACE if name in body}], [body])
    ((program,),) = (code.programs for code in account.codes.values())
    return Draft(PROGRAM, _encode(body), program.digest)


def _quoted(said: object) -> object:
    """Quote a text, or each of a table of texts."""
    if isinstance(said, dict):
        return {name: _quoted(one) for name, one in said.items()}
    return quoted(said) if isinstance(said, str) else said


def _kept(given: Mapping[Any, object], fields: Iterable[Field]) -> dict[str, object]:
    by_name = {field.name: field for field in fields}
    entry = Entry("")
    take(entry, given, by_name)
    return {
        name: value
        for name, value in entry.given.items()
        if not is_unset(value) or (value is None and by_name[name].unset == NEVER)
    }

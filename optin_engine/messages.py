"""Outbound messages: MobileConnect's message/outbound, read with all its faults.

`FIELDS` is the law, as in `definition`. What is ours:

- `messageText` is a template and may be blank: then each send brings a text of its own. It can
  neither fetch (HTTPGet), because a send writes to a million numbers, nor look at `MSG(0)`,
  because nobody has texted.
- `keyword` is the programme that whoever a send subscribes is subscribed to. It may be left
  out. A keyword of a Text Response is refused, because it subscribes nobody.
- `active`, true unless it is said, tells whether the message may be sent.

A message is known by its code, its keyword and its name. A keyword that ends later (by a call,
or in another file) ends no message that names it: the message still goes to whoever is
subscribed to the code, and subscribes nobody by itself until the keyword is there again.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence

from optin_engine import fields as read
from optin_engine import texts
from optin_engine.entries import ALL, NAME, Entry, read_entry
from optin_engine.fields import DEFAULT, MUST, Field
from optin_engine.folding import fold
from optin_engine.program import Code, OutboundMessage
from optin_engine.vocabulary import OptInType

# fmt: off
FIELDS = tuple(Field(*row) for row in (
    # MobileConnect's name  attribute    read as        heeded unset
    ("messageName",         "name",      NAME,          ALL,   MUST),
    ("messageText",         "text",      texts.of_send, ALL,   DEFAULT),
    ("keyword",             "keyword",   read.keyword,  ALL,   DEFAULT),
    ("active",              "is_active", read.truth,    ALL,   DEFAULT),
))
# fmt: on

NOT_OF_THE_CODE = "Keyword {} is invalid for the code on the message."
TAKEN = "The MessageName {} is already used on the code by another message of its keyword."


def keyword_for(message: OutboundMessage, code: Code) -> str:
    """Give the keyword that a send of a message subscribes to where the caller names none.

    It is the message's own, while the code has it; for a message without one, the only keyword
    of its code that anybody can be subscribed to.

    Args:
        message: it.
        code: which it lives on.

    Returns:
        The keyword; empty where none is clear.

    >>> from optin_engine.program import Program
    >>> news = Program("News", "123456", "NEWS", OptInType.SINGLE)
    >>> code = Code("123456", "US", programs=(news,))
    >>> keyword_for(OutboundMessage("Sale", "123456"), code)
    'NEWS'
    >>> keyword_for(OutboundMessage("Sale", "123456", "GONE"), code)
    ''
    """
    keywords = subscribable((one.keyword, one.opt_in_type) for one in code.programs)
    if message.keyword:
        return keywords.get(fold(message.keyword), "")
    return next(iter(keywords.values())) if len(keywords) == 1 else ""


def subscribable(keywords: Iterable[tuple[str, OptInType | None]]) -> dict[str, str]:
    """Give the keywords that a contact can be subscribed to, by what they are folded to.

    Args:
        keywords: of programmes, each with its opt-in type (None: it is not known).

    """
    return {fold(word): word for word, kind in keywords if kind != OptInType.TEXT}


def read_message(number: int, given: object, codes: Mapping[str, Code]) -> Entry:
    """Read one outbound message by itself; whether its code has its keyword is judged later.

    Args:
        number: its place in the definition, from 1; it is called so where it has no name.
        given: a mapping with MobileConnect's names; anything else is a fault.
        codes: the codes of the account, by digits.

    >>> [fault.field for fault in read_message(1, {"messageText": "%%="}, {}).faults]
    ['shortCode', 'messageName', 'messageText']
    """
    return read_entry(f"message {number}", given, codes, FIELDS)


def read_messages(given: Sequence[object], codes: Mapping[str, Code]) -> list[Entry]:
    """Read outbound messages; of several with one code, keyword and name, the first has it."""
    entries = [read_message(number, one, codes) for number, one in enumerate(given, 1)]
    seen = set()
    for entry in entries:
        key = known_by(entry)
        if key in seen:
            entry.refuse("messageName", TAKEN.format(entry.read["name"]))
        if "code" in entry.read and "name" in entry.read:
            seen.add(key)
    return entries


def known_by(entry: Entry) -> tuple[str, str, str]:
    """Give what a message is known by: code, keyword and name."""
    code, keyword, name = (entry.read.get(one, "") for one in ("code", "keyword", "name"))
    return code, keyword, name


def judge_keyword(entry: Entry, keywords: Mapping[str, Collection[str]]) -> None:
    """Judge whether the code of a message has its keyword.

    Args:
        entry: of the message, read.
        keywords: those that it may name, folded, by the digits of the code.

    """
    code, keyword, _ = known_by(entry)
    if code and keyword and fold(keyword) not in keywords.get(code, ()):
        entry.refuse("keyword", NOT_OF_THE_CODE.format(keyword))


def judge_messages(messages: Iterable[Entry], programs: Iterable[Entry]) -> None:
    """Judge the messages of a definition against its programmes, also those with faults."""
    words: dict[str, list[tuple[str, OptInType | None]]] = {}
    for program in programs:
        if {"code", "keyword"} <= program.read.keys():
            word = program.read["keyword"], program.read.get("opt_in_type")
            words.setdefault(program.read["code"], []).append(word)
    keywords = {code: subscribable(of_code) for code, of_code in words.items()}
    for message in messages:
        judge_keyword(message, keywords)

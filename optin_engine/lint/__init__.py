"""The copy lint: what is wrong with the texts of an account, though the engine says them.

`rules` is the law: which fields each rule looks at, what it checks, why, and who says so.
`words` has the phrases that the checks look for, `checks` and `answers` the checks. A text
with marks is judged as it is said to a contact of whom nothing is known.

A definition's `lintIgnore`, on a programme or a code, names rules that are passed over there;
on a code they are passed over for its programmes and messages too. MobileConnect's
`messageText` of a programme is not judged, because this engine never says it. That of an
outbound message is judged for misspelt names only: what it says beyond them is free.
"""

from collections.abc import Iterable, Iterator

import attrs

from optin_engine.account import Account
from optin_engine.codes import CODE_FIELDS
from optin_engine.definition import FIELDS, LINT_IGNORE
from optin_engine.fields import shown
from optin_engine.lint.place import Place
from optin_engine.lint.rules import BY_ID, CODE, EVERY_TEXT, OUTBOUND, RULES, SPOKEN, Rule
from optin_engine.lint.words import PROVIDER_BY_ID, Provider
from optin_engine.program import Code, OutboundMessage, Program

__all__ = ["BY_ID", "PROVIDER_BY_ID", "RULES", "Finding", "Rule", "lint"]

_ATTRIBUTES = {field.name: field.attribute for field in (*FIELDS, *CODE_FIELDS)}
_SETTINGS = (
    "messageOptInType",
    "keyword",
    "doubleOptInValidResponses",
    "minimumAge",
    "acceptsAge",
    LINT_IGNORE,
)


@attrs.frozen
class Finding:
    """One thing that a rule finds.

    Attributes:
        rule: its id.
        severity: `error`, `warning` or `note`.
        code: the digits of the code.
        keyword: the programme's, or the message's own; empty for a field of the code itself.
        program: the messageName, or `code 123456`, as in a `Fault`.
        field: MobileConnect's name of the field.
        message: what is missing or wrong, and how to mend it.
        reason, source: why the rule is, and who says so.

    """

    rule: str
    severity: str
    code: str
    keyword: str
    program: str
    field: str
    message: str
    reason: str
    source: str


def lint(account: Account, providers: Iterable[str] = ()) -> tuple[Finding, ...]:
    """Judge the copy of an account.

    Args:
        account: what is judged; the answer depends on nothing else.
        providers: the ids of the platforms its texts go through, as in `PROVIDER_BY_ID`. Without
            any, nothing is said of words that a platform takes for itself.

    Returns:
        What the rules find, code by code: its own fields, its programmes, its messages.

    Raises:
        KeyError: there is no such provider.

    >>> us = {"shortCode": "123456", "countryCode": "US"}
    >>> account = Account.of([us | {"brand": "Acme", "helpMessage": "Acme: write to a@acme.test"}])
    >>> lint(account)
    ()
    """
    platforms = tuple(PROVIDER_BY_ID[provider] for provider in providers)
    return tuple(
        finding
        for code in account.codes.values()
        for place in _places(account, code, platforms)
        for finding in _judged(place, _passed_over(account, code))
    )


def _passed_over(account: Account, code: Code, program: Program | None = None) -> tuple[str, ...]:
    key = (code.digits, program.keyword if program else "", _label(code, program))
    return account.lint_ignore.get(key, ())


def _label(code: Code, owner: Program | OutboundMessage | None) -> str:
    return owner.name if owner else f"code {code.digits}"


def _places(account: Account, code: Code, providers: tuple[Provider, ...]) -> Iterator[Place]:
    """Give every field that a rule may look at; a text that is not said is none."""
    ignored = _passed_over(account, code)
    for name in ("brand", LINT_IGNORE):
        yield Place(name, code, None, "", providers, ignored)
    for name in SPOKEN[CODE]:
        if text := getattr(code, _ATTRIBUTES[name]):
            yield Place(name, code, None, "", providers, ignored).saying(text)
    for program in code.programs:
        ignored = _passed_over(account, code, program)
        for name in _SETTINGS:
            yield Place(name, code, program, "", providers, ignored)
        for name, text in _texts(program):
            yield Place(name, code, program, "", providers, ignored).saying(text)
    for message in code.outbound:
        yield Place("messageText", code, message=message).saying(message.text)


def _texts(program: Program) -> Iterator[tuple[str, str]]:
    for name in SPOKEN[program.opt_in_type]:
        text = getattr(program, _ATTRIBUTES[name])
        # Without a birthDateMessage of its own, the initial message is said once more.
        if text and not (name == "birthDateMessage" and text == program.initial):
            yield name, text
    for name, text in program.messages.items():
        if text:
            yield f"messages.{name}", text


def _judged(place: Place, of_the_code: tuple[str, ...]) -> Iterator[Finding]:
    owner = place.message or place.program
    for rule in RULES:
        passed_over = rule.id in of_the_code or rule.id in place.passed_over
        if passed_over or not _looks_at(rule, place):
            continue
        for message in rule.check(place):
            yield Finding(
                rule.id,
                rule.severity,
                place.code.digits,
                owner.keyword if owner else "",
                _label(place.code, owner),
                place.field,
                f"{shown(place.field)} {message}",
                rule.reason,
                rule.source,
            )


def _looks_at(rule: Rule, place: Place) -> bool:
    owner = place.program.opt_in_type if place.program else OUTBOUND if place.message else CODE
    country = place.code.country
    return (
        owner in rule.owners
        and (place.field in rule.fields or (EVERY_TEXT in rule.fields and place.is_text))
        and (not rule.countries or not country or country in rule.countries)
    )

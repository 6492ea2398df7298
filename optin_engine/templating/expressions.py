"""Tokens -> expressions: each becomes a function of the evaluation that gives its value.

expression = and { OR and }
and        = not { AND not }
not        = NOT not | comparison
comparison = operand [ (== | != | > | < | >= | <=) operand ]
operand    = string | number | true | false | @variable | ( expression )
           | function( [ expression { , expression } ] )
           | attribute | [any attribute]
           | MSG(0) [ .VERB | .NOUNS | .NOUN(expression) ]
"""

import re
from collections.abc import Callable
from decimal import Decimal
from difflib import get_close_matches

from optin_engine.templating.cursor import Cursor
from optin_engine.templating.evaluation import Evaluation, Expression
from optin_engine.templating.functions import FUNCTIONS, HTTP_GET, Function
from optin_engine.templating.tokens import Kind, Token
from optin_engine.templating.values import (
    COMPARISONS,
    DIGITS,
    Value,
    comparable,
    is_true,
    lowered,
    whole,
    written,
)

STATEMENTS = frozenset({"var", "set", "if", "for"})
ENDS = frozenset({"elseif", "else", "endif", "next"})
RESERVED = STATEMENTS | ENDS | {"then", "to", "downto", "do", "and", "or", "not"}

# What stands behind an expression, and never in one.
OVER = frozenset({Kind.TEXT, Kind.ATTRIBUTE, Kind.OPEN, Kind.CLOSE, Kind.END})
CONSTANTS = {"true": True, "false": False}

MESSAGE_MEND = "of a message there is MSG(0), MSG(0).VERB, MSG(0).NOUNS and MSG(0).NOUN(0)"
_MESSAGE = re.compile(r"MSG\(0\)(\.(VERB|NOUNS|NOUN\((0|[1-9][0-9]{0,3})\)))?")


class Expressions:
    """Reads the expressions of one template.

    Args:
        cursor: where it reads.

    Attributes:
        attributes: the names that are looked up in the context, in capitals, each with the
            place in the template, from 0, where that is done first.
        fetches_at: where HTTPGet is called first; None where it is not.

    """

    def __init__(self, cursor: Cursor) -> None:
        self._cursor = cursor
        self.attributes: dict[str, int] = {}
        self.fetches_at: int | None = None

    def expression(self) -> Expression:
        """Read one.

        Raises:
            TemplateError: there is none here, or one that is not right.

        """
        with self._cursor.nested():
            return self._or()

    def attribute(self, token: Token) -> Expression:
        """Give the expression of an attribute that stands in percent signs or brackets.

        Raises:
            TemplateError: it names a part that no message has.

        """
        name = " ".join(token.value.split()).upper()
        if name.startswith("MSG("):
            name = name.replace(" ", "")
            if not _MESSAGE.fullmatch(name):
                raise self._cursor.error(MESSAGE_MEND, token)
        return self._looked_up(name, token)

    def _looked_up(self, name: str, token: Token) -> Expression:
        self.attributes.setdefault(name, token.at)
        return lambda it: it.context.get(name, "")

    def _or(self) -> Expression:
        found = self._joined("or", self._and)
        return found[0] if len(found) == 1 else lambda it: any(is_true(each(it)) for each in found)

    def _and(self) -> Expression:
        found = self._joined("and", self._not)
        return found[0] if len(found) == 1 else lambda it: all(is_true(each(it)) for each in found)

    def _joined(self, word: str, read: Callable[[], Expression]) -> list[Expression]:
        found = [read()]
        while self._cursor.word == word:
            self._cursor.take()
            found.append(read())
        return found

    def _not(self) -> Expression:
        if self._cursor.word != "not":
            return self._comparison()
        self._cursor.take()
        with self._cursor.nested():
            negated = self._not()
        return lambda it: not is_true(negated(it))

    def _comparison(self) -> Expression:
        left, cursor = self._operand(), self._cursor
        if cursor.is_sign("="):
            message = "= sets a variable; compare with =="
            raise cursor.error(message)
        if not cursor.is_sign(*COMPARISONS):
            return left
        sign = cursor.take()
        right, compare = self._operand(), COMPARISONS[sign.value]

        def run(it: Evaluation) -> Value:
            one, other = left(it), right(it)
            if (both := comparable(one, other)) is None:
                texts = written(one), written(other)
                it.at = sign.at
                for text in texts:
                    it.make(len(text))
                both = lowered(texts[0]), lowered(texts[1])
            return compare(*both)

        return run

    def _operand(self) -> Expression:
        token = self._cursor.take()
        match token.kind:
            case Kind.STRING:
                return _constant(token.value)
            case Kind.NUMBER:
                return self._number(token, 1)
            case Kind.VARIABLE:
                return _variable(token.value)
            case Kind.BRACKET:
                return self.attribute(token)
            case Kind.NAME if token.value.lower() not in RESERVED:
                return self._named(token)
        return self._signed(token)

    def _signed(self, token: Token) -> Expression:
        """Read a number below zero, or an expression in brackets."""
        cursor = self._cursor
        if token.kind == Kind.SIGN and token.value == "-" and cursor.now.kind == Kind.NUMBER:
            return self._number(cursor.take(), -1)
        if token.kind != Kind.SIGN or token.value != "(":
            message = 'a value is wanted here, such as "text", 12, @variable or [Attribute]'
            raise cursor.error(message, token)
        inner = self.expression()
        self._close(token, "AND, OR, a comparison or ) is wanted here")
        return inner

    def _number(self, token: Token, sign: int) -> Expression:
        before, _, behind = token.value.partition(".")
        if len(before) + len(behind) > DIGITS:
            message = f"a number has at most {DIGITS} digits; put quotes around it"
            raise self._cursor.error(message, token)
        return _constant(sign * (Decimal(token.value) if behind else int(before)))

    def _named(self, token: Token) -> Expression:
        name, opened = token.value.lower(), self._cursor.now
        if not self._cursor.take_sign("("):
            if name in CONSTANTS:
                return _constant(CONSTANTS[name])
            return self._looked_up(name.upper(), token)
        if name == "msg":
            return self._message(token, opened)
        if name not in FUNCTIONS:
            raise self._cursor.error(_unknown(token.value), token)
        return self._called(FUNCTIONS[name], token, opened)

    def _called(self, function: Function, token: Token, opened: Token) -> Expression:
        if token.value.lower() == HTTP_GET and self.fetches_at is None:
            self.fetches_at = token.at
        arguments = self._arguments(token, opened)
        if not function.least <= len(arguments) <= function.most:
            message = f"{function.name} takes {function.takes()}, and here are {len(arguments)}"
            raise self._cursor.error(message, token)
        call, at = function.call, token.at
        if function.is_lazy:
            return lambda it: call(it, *arguments)

        def run(it: Evaluation) -> Value:
            values = [argument(it) for argument in arguments]
            it.at = at
            made = call(it, *values)
            if isinstance(made, str):
                it.make(len(made))
            return made

        return run

    def _arguments(self, token: Token, opened: Token) -> list[Expression]:
        cursor, found = self._cursor, list[Expression]()
        if cursor.take_sign(")"):
            return found
        found.append(self.expression())
        while cursor.take_sign(","):
            found.append(self.expression())
        self._close(opened, f"{token.value}( goes on with , or ends with )")
        return found

    def _close(self, opened: Token, mend: str) -> None:
        """Take the bracket that closes another.

        Raises:
            TemplateError: the expression is over, which is told of the bracket that was opened;
                or it goes on as it cannot, and the message is `mend`.

        """
        if self._cursor.now.kind in OVER or self._cursor.word in RESERVED:
            message = "this ( has no end; end it with )"
            raise self._cursor.error(message, opened)
        self._cursor.want_sign(")", mend)

    def _message(self, token: Token, opened: Token) -> Expression:
        """Read what follows `MSG(`."""
        cursor, part = self._cursor, ""
        number = cursor.want(Kind.NUMBER, MESSAGE_MEND)
        self._close(opened, MESSAGE_MEND)
        if cursor.take_sign("."):
            part = f".{cursor.want(Kind.NAME, MESSAGE_MEND).value.upper()}"
        name = f"MSG({number.value}){part}"
        if name == "MSG(0).NOUN":
            opened = cursor.now
            cursor.want_sign("(", MESSAGE_MEND)
            return self._noun(token, opened)
        if not _MESSAGE.fullmatch(name):
            raise cursor.error(MESSAGE_MEND, token)
        return self._looked_up(name, token)

    def _noun(self, token: Token, opened: Token) -> Expression:
        """Read the number of a noun, which any expression may give, and the bracket's end."""
        self.attributes.setdefault("MSG(0).NOUN", token.at)
        number = self.expression()
        self._close(opened, "NOUN( ends with )")
        at = token.at

        def run(it: Evaluation) -> Value:
            value = number(it)
            it.at = at
            return it.context.get(f"MSG(0).NOUN({whole(value)})", "")

        return run


def _constant(value: Value) -> Expression:
    return lambda _: value


def _variable(name: str) -> Expression:
    return lambda it: it.variables.get(name, "")


def _unknown(name: str) -> str:
    names = {each.name.lower(): each.name for each in FUNCTIONS.values()}
    near = [names[each] for each in get_close_matches(name.lower()[:40], names, n=1)]
    mend = f"did you mean {near[0]}?" if near else f"there are {', '.join(names.values())}"
    return f"there is no function {name[:40]}; {mend}"

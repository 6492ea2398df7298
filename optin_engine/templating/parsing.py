"""Tokens -> what to do: each statement becomes a function of the evaluation.

    template  = { text | %%Attribute%% | %%= expression =%% | statement }
    statement = VAR @a { , @b } | SET @a = expression | function( arguments )
              | IF expression THEN template { ELSEIF expression THEN template }
                [ ELSE template ] ENDIF
              | FOR @i = expression (TO | DOWNTO) expression DO template NEXT [ @i ]

Statements stand between `%%[` and `]%%`, which may open and close anywhere between two of them.
"""

from collections.abc import Callable, Mapping, Sequence

import attrs

from optin_engine.templating.cursor import Cursor
from optin_engine.templating.evaluation import Evaluation, Expression
from optin_engine.templating.expressions import ENDS, STATEMENTS, Expressions
from optin_engine.templating.tokens import Kind, Token, has_marks
from optin_engine.templating.values import is_true, whole, written

Statement = Callable[[Evaluation], None]


@attrs.frozen
class Parsed:
    """A template that was read.

    Attributes:
        run: renders it.
        attributes: the names that it looks up, in capitals, each with its first place, from 0.
        is_plain: it has no marks.
        fetches_at: where it first calls HTTPGet; None where it does not.

    """

    run: Statement
    attributes: Mapping[str, int]
    is_plain: bool
    fetches_at: int | None


def parse(template: str) -> Parsed:
    """Read a template.

    Raises:
        TemplateError: it is none.

    """
    reader = _Reader(Cursor(template))
    run = reader.template()
    found = reader.expressions
    return Parsed(run, found.attributes, not has_marks(template), found.fetches_at)


class _Reader:
    """Reads the statements of one template."""

    def __init__(self, cursor: Cursor) -> None:
        self._cursor = cursor
        self.expressions = Expressions(cursor)

    def template(self) -> Statement:
        """Read it all."""
        run = self._block()
        if self._cursor.now.kind != Kind.END:
            word = self._cursor.word.upper()
            begin = "FOR" if word == "NEXT" else "IF"
            message = f"{word} stands without {begin}; begin with {begin}, or leave {word} out"
            raise self._cursor.error(message)
        return run

    def _block(self) -> Statement:
        """Read statements up to a word that ends them, or to the end."""
        cursor, begun, first = self._cursor, self._cursor.now, self._cursor.index
        found: list[Statement] = []
        while cursor.now.kind != Kind.END and cursor.word not in ENDS:
            found.append(self._statement())
        return _all_of(found, cost=cursor.index - first + 1, at=begun.at)

    def _statement(self) -> Statement:
        cursor, token = self._cursor, self._cursor.now
        match token.kind:
            case Kind.TEXT:
                return _say_text(cursor.take())
            case Kind.ATTRIBUTE:
                return _say(self.expressions.attribute(cursor.take()), token.at)
            case Kind.OPEN:
                cursor.take()
                expression = self.expressions.expression()
                cursor.want(Kind.CLOSE, "=%% is wanted here; %%= says one expression")
                return _say(expression, token.at)
            case Kind.NAME if cursor.word in STATEMENTS:
                with cursor.nested():
                    return self._begun(cursor.take())
            case Kind.NAME if cursor.is_call and cursor.word != "msg":
                return self._call()
        mend = "a value is said with %%= ... =%%"
        if token.kind == Kind.VARIABLE:
            mend = f"SET @{token.value} = ... sets this variable"
        message = f"a statement is wanted here: VAR, SET, IF, FOR or a function; {mend}"
        raise cursor.error(message)

    def _begun(self, word: Token) -> Statement:
        match word.value.lower():
            case "var":
                return self._var()
            case "set":
                return self._set()
            case "if":
                return self._if(word)
        return self._for(word)

    def _call(self) -> Statement:
        """Read a function that is called for what it does; its value is not said."""
        expression = self.expressions.expression()

        def run(it: Evaluation) -> None:
            expression(it)

        return run

    def _variable(self) -> str:
        return self._cursor.want(Kind.VARIABLE, "a variable is wanted here, such as @name").value

    def _var(self) -> Statement:
        names = [self._variable()]
        while self._cursor.take_sign(","):
            names.append(self._variable())
        return lambda it: it.variables.update(dict.fromkeys(names, ""))

    def _set(self) -> Statement:
        name = self._variable()
        self._cursor.want_sign("=", "= is wanted here; SET @name = value sets a variable")
        expression = self.expressions.expression()

        def run(it: Evaluation) -> None:
            it.variables[name] = expression(it)

        return run

    def _if(self, begun: Token) -> Statement:
        cases = [self._case("IF")]
        while self._cursor.word == "elseif":
            self._cursor.take()
            cases.append(self._case("ELSEIF"))
        if self._cursor.word == "else":
            self._cursor.take()
            cases.append((lambda _: True, self._block()))
        self._end("endif", begun)

        def run(it: Evaluation) -> None:
            for condition, then in cases:
                if is_true(condition(it)):
                    return then(it)
            return None

        return run

    def _case(self, word: str) -> tuple[Expression, Statement]:
        condition = self.expressions.expression()
        self._cursor.want_word("then", f"THEN is wanted here; {word} goes: {word} condition THEN")
        return condition, self._block()

    def _for(self, begun: Token) -> Statement:
        cursor, name = self._cursor, self._variable()
        cursor.want_sign("=", "= is wanted here; FOR goes: FOR @i = 1 TO 3 DO")
        first = self.expressions.expression()
        if cursor.word not in ("to", "downto"):
            message = "TO or DOWNTO is wanted here; FOR goes: FOR @i = 1 TO 3 DO"
            raise cursor.error(message)
        step = 1 if cursor.take().value.lower() == "to" else -1
        last = self.expressions.expression()
        cursor.want_word("do", "DO is wanted here; FOR goes: FOR @i = 1 TO 3 DO")
        body = self._block()
        self._end("next", begun)
        if cursor.now.kind == Kind.VARIABLE and cursor.now.value == name:
            cursor.take()
        elif cursor.now.kind == Kind.VARIABLE:
            message = f"the FOR of {cursor.where(begun)} counts @{name}; write NEXT @{name}"
            raise cursor.error(message)

        def run(it: Evaluation) -> None:
            begin, end = first(it), last(it)
            it.at = begun.at
            for value in range(whole(begin), whole(end) + step, step):
                it.variables[name] = value
                body(it)

        return run

    def _end(self, word: str, begun: Token) -> None:
        """Take the word that ends a statement."""
        cursor, name = self._cursor, begun.value.upper()
        if cursor.now.kind == Kind.END:
            message = f"{name} has no {word.upper()}; end it with %%[ {word.upper()} ]%%"
            raise cursor.error(message, begun)
        mend = f"{word.upper()} is wanted first, for the {name} of {cursor.where(begun)}"
        cursor.want_word(word, mend)


def _all_of(statements: Sequence[Statement], cost: int, at: int) -> Statement:
    def run(it: Evaluation) -> None:
        it.step(cost, at)
        for statement in statements:
            statement(it)

    return run


def _say_text(token: Token) -> Statement:
    text, at = token.value, token.at

    def run(it: Evaluation) -> None:
        it.at = at
        it.say(text)

    return run


def _say(expression: Expression, at: int) -> Statement:
    def run(it: Evaluation) -> None:
        value = expression(it)
        it.at = at
        it.say(written(value))

    return run

"""Random templates as trees, what they mean by a naive evaluator, and how they are written.

The evaluator knows whole numbers, truths and short texts of plain letters only, and walks the
tree; it shares nothing with the parts that it judges.
"""

from random import Random
from typing import Any

import attrs
from hypothesis import strategies as st

Tree = tuple[Any, ...]

TEXTS = st.text("aB1 '\"", max_size=4)
NUMBERS = st.integers(-3, 30)
VARIABLES = st.sampled_from("abc")
CONTEXT = {"CITY": "Ab a", "FULL NAME": " b'B ", "POINTS": "12", "MSG(0).NOUN(0)": "Ba"}
# Which orders of two values, -1 for less and 1 for more, each sign holds for.
ORDERS = {"==": (0,), "!=": (-1, 1), "<": (-1,), ">": (1,), "<=": (-1, 0), ">=": (0, 1)}
ARGUMENTS = {
    "Concat": 3, "Uppercase": 1, "Lowercase": 1, "Trim": 1, "Length": 1, "Substring": 3,
    "IndexOf": 2, "Replace": 3, "Empty": 1, "IIf": 3, "Add": 2, "Subtract": 2, "v": 1,
}  # fmt: skip
LONGEST = 1_000

LEAVES = st.one_of(
    st.tuples(st.just("constant"), st.one_of(TEXTS, NUMBERS, st.booleans())),
    st.tuples(st.just("variable"), VARIABLES),
    st.tuples(st.just("attribute"), st.sampled_from([*CONTEXT, "NOBODY"])),
)


def _inner(expressions: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
    pairs = st.tuples(expressions, expressions)
    return st.one_of(
        st.tuples(st.just("compare"), st.sampled_from(sorted(ORDERS)), pairs),
        st.tuples(st.sampled_from(["and", "or"]), pairs),
        st.tuples(st.just("not"), expressions),
        st.sampled_from(sorted(ARGUMENTS)).flatmap(
            lambda name: st.tuples(
                st.just("call"),
                st.just(name),
                st.lists(expressions, min_size=ARGUMENTS[name], max_size=ARGUMENTS[name]),
            )
        ),
    )


EXPRESSIONS: st.SearchStrategy[Tree] = st.recursive(LEAVES, _inner, max_leaves=6)


def _nested(statements: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
    blocks = st.lists(statements, max_size=3)
    cases = st.lists(st.tuples(EXPRESSIONS, blocks), min_size=1, max_size=3)
    bounds = st.tuples(st.integers(0, 3), st.integers(0, 3))
    return st.one_of(
        st.tuples(st.just("if"), cases, st.none() | blocks),
        st.tuples(st.just("for"), VARIABLES, bounds, st.booleans(), blocks),
    )


STATEMENTS: st.SearchStrategy[Tree] = st.recursive(
    st.one_of(
        st.tuples(st.just("text"), st.text("aB. \n[]=", min_size=1, max_size=4)),
        st.tuples(st.just("say"), EXPRESSIONS),
        st.tuples(st.just("set"), VARIABLES, EXPRESSIONS),
        st.tuples(st.just("var"), st.lists(VARIABLES, min_size=1, max_size=3)),
    ),
    _nested,
    max_leaves=8,
)
TEMPLATES = st.lists(STATEMENTS, max_size=5)


class NoNumberError(Exception):
    """A number was wanted."""


class TooLongError(Exception):
    """A text grew past what is looked at here."""


@attrs.define
class Naive:
    """What the evaluator knows and has said."""

    variables: dict[str, Any] = attrs.field(factory=dict)
    said: str = ""

    def run(self, block: list[Tree]) -> None:
        for kind, *parts in block:
            getattr(self, f"_{kind}")(*parts)
            if len(self.said) > LONGEST:
                raise TooLongError

    def _text(self, text: str) -> None:
        self.said += text

    def _say(self, tree: Tree) -> None:
        self.said += text_of(self.value(tree))

    def _set(self, name: str, tree: Tree) -> None:
        self.variables[name] = self.value(tree)

    def _var(self, names: list[str]) -> None:
        for name in names:
            self.variables[name] = ""

    def _if(self, cases: list[tuple[Tree, list[Tree]]], rest: list[Tree] | None) -> None:
        taken = next((block for test, block in cases if self.true(test)), rest)
        self.run(taken or [])

    def _for(self, name: str, bounds: tuple[int, int], down: bool, block: list[Tree]) -> None:  # noqa: FBT001
        first, last = bounds
        while first >= last if down else first <= last:
            self.variables[name] = first
            self.run(block)
            first += -1 if down else 1

    def true(self, tree: Tree) -> bool:
        return text_of(self.value(tree)).lower() not in ("", "0", "false")

    def value(self, tree: Tree) -> Any:
        match tree:
            case ("constant", constant):
                return constant
            case ("variable", name):
                return self.variables.get(name, "")
            case ("attribute", name):
                return CONTEXT.get(name, "")
            case ("not", inner):
                return not self.true(inner)
            case ("and", (one, other)):
                return self.true(one) and self.true(other)
            case ("or", (one, other)):
                return self.true(one) or self.true(other)
            case ("compare", sign, (one, other)):
                return compared(sign, self.value(one), self.value(other))
            case ("call", "IIf", (test, then, other)):
                return self.value(then if self.true(test) else other)
        _, name, arguments = tree
        return called(name, [self.value(argument) for argument in arguments])


def text_of(value: Any) -> str:
    text = str(value).lower() if isinstance(value, bool) else str(value)
    if len(text) > LONGEST:
        raise TooLongError
    return text


def number_of(value: Any) -> int:
    try:
        if not isinstance(value, bool):
            return int(value)
    except ValueError:
        pass
    raise NoNumberError


def compared(sign: str, one: Any, other: Any) -> bool:
    try:
        left, right = number_of(one), number_of(other)
        order = (left > right) - (left < right)
    except NoNumberError:
        first, second = text_of(one).lower(), text_of(other).lower()
        order = (first > second) - (first < second)
    return order in ORDERS[sign]


def called(name: str, values: list[Any]) -> Any:
    match name:
        case "v":
            return values[0]
        case "Empty":
            return text_of(values[0]) == ""
        case "Add":
            return number_of(values[0]) + number_of(values[1])
        case "Subtract":
            return number_of(values[0]) - number_of(values[1])
        case "Substring":
            begin, length = number_of(values[1]), number_of(values[2])
            letters = list(enumerate(text_of(values[0]), 1))
            begin = max(begin, 1)
            return "".join(letter for place, letter in letters if begin <= place < begin + length)
    first, *rest = map(text_of, values)
    plain: dict[str, Any] = {
        "Concat": lambda: first + "".join(rest),
        "Uppercase": first.upper,
        "Lowercase": first.lower,
        "Trim": lambda: first.strip(" "),
        "Length": lambda: len(first),
        "IndexOf": lambda: first.lower().find(rest[0].lower()) + 1,
        "Replace": lambda: rest[1].join(first.split(rest[0])) if rest[0] else first,
    }
    return plain[name]()


@attrs.define
class Writer:
    """Writes a tree with random blanks, cases, quotes and brackets."""

    random: Random
    pieces: list[str] = attrs.field(factory=list)

    def write(self, block: list[Tree]) -> str:
        """Write a whole template."""
        self._block(block)
        return "".join(self.pieces)

    def _block(self, block: list[Tree]) -> None:
        for statement in block:
            if statement[0] == "text":
                self.pieces.append(statement[1])
            elif statement[0] == "say":
                self._tokens("%%=", *self._expression(statement[1]), "=%%")
            else:
                self._statement(statement)

    def _statement(self, statement: Tree) -> None:
        match statement:
            case ("set", name, tree):
                self._tokens("%%[", "set", f"@{name}", "=", *self._expression(tree), "]%%")
            case ("var", names):
                listed = [token for name in names for token in (",", f"@{name}")][1:]
                self._tokens("%%[", "var", *listed, "]%%")
            case ("if", cases, rest):
                for word, (test, block) in zip(
                    ["if", *["elseif"] * len(cases)], cases, strict=False
                ):
                    self._tokens("%%[", word, *self._expression(test), "then", "]%%")
                    self._block(block)
                if rest is not None:
                    self._tokens("%%[", "else", "]%%")
                    self._block(rest)
                self._tokens("%%[", "endif", "]%%")
            case ("for", name, (first, last), down, block):
                to = "downto" if down else "to"
                self._tokens("%%[", "for", f"@{name}", "=", str(first), to, str(last), "do", "]%%")
                self._block(block)
                self._tokens("%%[", "next", *self.random.choice([[], [f"@{name}"]]), "]%%")

    def _tokens(self, *tokens: str) -> None:
        """Write tokens; a block that follows a block may also go on in it."""
        if tokens[0] == "%%[" and self.pieces[-1:] == ["]%%"] and self.random.random() < 0.5:
            self.pieces[-1:], tokens = [" "], tokens[1:]
        for token, following in zip(tokens, (*tokens[1:], ""), strict=True):
            word = token if token[0] in "'\"" else "".join(map(self._cased, token))
            self.pieces.append(word)
            if following:
                meet = (word[-1] + following[0]).replace("_", "a")
                needed = meet.isalnum() or (word[-1].isalnum() and word[0].isdigit())
                blanks = [" ", "\n", "\t ", "/* a ' remark */", *([] if needed else [""] * 4)]
                self.pieces.append(self.random.choice(blanks))

    def _cased(self, letter: str) -> str:
        return self.random.choice([letter.lower(), letter.upper()])

    def _expression(self, tree: Tree) -> list[str]:
        bare = self._bare(tree)
        return ["(", *bare, ")"] if self.random.random() < 0.2 else bare

    def _operand(self, tree: Tree) -> list[str]:
        """Write an expression where only an operand may stand."""
        bare = self._bare(tree)
        return ["(", *bare, ")"] if tree[0] in ("compare", "and", "or", "not") else bare

    def _bare(self, tree: Tree) -> list[str]:
        match tree:
            case ("constant", str() as text):
                quote = self.random.choice("'\"")
                return [f"{quote}{text.replace(quote, quote * 2)}{quote}"]
            case ("constant", constant):
                return [str(constant)]
            case ("variable", name):
                return [f"@{name}"]
            case ("attribute", name):
                is_bare = " " not in name and self.random.random() < 0.5
                return [name if is_bare else f"[{name}]"]
            case ("not", inner):
                return ["not", *self._operand(inner)]
            case ("and" | "or" as word, (one, other)):
                return [*self._operand(one), word, *self._operand(other)]
            case ("compare", sign, (one, other)):
                return [*self._operand(one), sign, *self._operand(other)]
        _, name, arguments = tree
        listed = [token for argument in arguments for token in (",", *self._expression(argument))]
        return [name, "(", *listed[1:], ")"]

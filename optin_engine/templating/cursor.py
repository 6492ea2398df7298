"""The tokens of a template, taken one after the other by who reads it."""

from collections.abc import Iterator
from contextlib import contextmanager

from optin_engine.templating.errors import TemplateError, error_at
from optin_engine.templating.tokens import Kind, Token, tokens

DEEPEST = 32
"""How deep statements and expressions may be nested, so that reading them never fails."""


class Cursor:
    """A place in a template.

    Args:
        template: the text.

    Attributes:
        now: the token here.
        index: how many tokens were taken.

    Raises:
        TemplateError: it cannot be cut into tokens.

    """

    def __init__(self, template: str) -> None:
        self._template = template
        self._tokens = list(tokens(template))
        self._depth = 0
        self.index = 0
        self.now = self._tokens[0]

    @property
    def word(self) -> str:
        """The name here, in lower case; empty where there is none."""
        return self.now.value.lower() if self.now.kind == Kind.NAME else ""

    @property
    def is_call(self) -> bool:
        """Whether a name and a bracket are here."""
        following = self._tokens[self.index + 1 : self.index + 2]
        return bool(self.word) and [token.value for token in following] == ["("]

    def is_sign(self, *signs: str) -> bool:
        """Tell whether one of these signs is here."""
        return self.now.kind == Kind.SIGN and self.now.value in signs

    def take(self) -> Token:
        """Give the token here and go on; nothing follows the end."""
        token = self.now
        self.index += token.kind != Kind.END
        self.now = self._tokens[self.index]
        return token

    def take_sign(self, sign: str) -> bool:
        """Go on if this sign is here, and tell."""
        is_here = self.is_sign(sign)
        if is_here:
            self.take()
        return is_here

    def want(self, kind: Kind, mend: str) -> Token:
        """Take a token of this kind.

        Raises:
            TemplateError: another is here; the message is `mend`.

        """
        if self.now.kind != kind:
            raise self.error(mend)
        return self.take()

    def want_sign(self, sign: str, mend: str) -> None:
        """Take this sign, as `want`."""
        if not self.take_sign(sign):
            raise self.error(mend)

    def want_word(self, word: str, mend: str) -> None:
        """Take this word, as `want`."""
        if self.word != word:
            raise self.error(mend)
        self.take()

    def error(self, message: str, token: Token | None = None) -> TemplateError:
        """Give an error about a token, which is the one here if none is given."""
        return error_at(self._template, (token or self.now).at, message)

    def where(self, token: Token) -> str:
        """Give the place of a token in words."""
        place = self.error("", token)
        return f"line {place.line}, column {place.column}"

    @contextmanager
    def nested(self) -> Iterator[None]:
        """Be one level deeper while the block lasts.

        Raises:
            TemplateError: this is too deep.

        """
        if self._depth == DEEPEST:
            message = f"this is nested more than {DEEPEST} deep; set a variable before it"
            raise self.error(message)
        self._depth += 1
        yield
        self._depth -= 1

"""A template: compiled once, where a definition is read, and rendered as often as one likes."""

from collections.abc import Mapping
from datetime import UTC, datetime

import attrs

from optin_engine.templating.errors import UnfitError, error_at
from optin_engine.templating.evaluation import Evaluation, Fetch
from optin_engine.templating.message import MESSAGE
from optin_engine.templating.parsing import Parsed, parse

# A moment like any other.
ANY_TIME = datetime(2026, 1, 1, tzinfo=UTC)


@attrs.frozen
class Template:
    """A compiled template. It does not change, and threads may share it.

    Two are equal where their texts are.
    """

    text: str
    _parsed: Parsed = attrs.field(repr=False, eq=False)

    @property
    def attributes(self) -> frozenset[str]:
        """The names that it looks up in the context, in capitals.

        They include those of the message; a noun whose number is worked out is `MSG(0).NOUN`.
        """
        return frozenset(self._parsed.attributes)

    @property
    def is_plain(self) -> bool:
        """Whether it has no marks at all, so that it renders as itself."""
        return self._parsed.is_plain

    @property
    def fetches(self) -> bool:
        """Whether it calls HTTPGet, so that rendering it may take long and may fail."""
        return self.fetches_at is not None

    @property
    def fetches_at(self) -> int | None:
        """Where it first calls HTTPGet, from 0; None where it does not."""
        return self._parsed.fetches_at

    @property
    def quotes_at(self) -> int | None:
        """Where it first looks at the message that was texted, from 0; None where it does not."""
        places = self._parsed.attributes.items()
        return min((at for name, at in places if name.startswith(MESSAGE)), default=None)

    def render(self, context: Mapping[str, str], now: datetime, fetch: Fetch | None = None) -> str:
        """Give the text.

        Args:
            context: attributes by upper-case name, as `message_context` gives them. Those it
                lacks are empty.
            now: the time, with a zone, for Now().
            fetch: gets a URL's text for HTTPGet, or raises OSError. Without it, HTTPGet fails.

        Returns:
            At most 1,600 characters.

        Raises:
            TemplateError: a function was given what it cannot take, a text could not be
                fetched, or a bound was met.

        """
        it = Evaluation(context, now, fetch)
        try:
            self._parsed.run(it)
        except UnfitError as error:
            raise error_at(self.text, it.at, str(error)) from None
        return "".join(it.said)

    def of_nobody(self) -> str:
        """Give what it says of a contact of whom nothing is known, white space around it gone.

        Raises:
            TemplateError: it needs to know something, or calls HTTPGet.

        >>> compile_template("%%First Name%%, reply YES").of_nobody()
        ', reply YES'
        """
        return self.render({}, ANY_TIME).strip()


def compile_template(text: str) -> Template:
    """Read a template.

    Args:
        text: any text. One without marks is a template, too.

    Raises:
        TemplateError: it is none; the error names line and column, what is wrong and the mend.

    >>> from datetime import UTC
    >>> template = compile_template("%%[ SET @n = Uppercase([First Name]) ]%%Hi %%=v(@n)=%%!")
    >>> template.render({"FIRST NAME": "Ann"}, datetime(2026, 11, 21, tzinfo=UTC))
    'Hi ANN!'
    >>> compile_template("Hi %%=v(City)")
    Traceback (most recent call last):
    optin_engine.templating.errors.TemplateError: line 1, column 4: %%= has no end; end it with =%%
    """
    return Template(text, parse(text))

"""How the texts of a definition are read: each may be a template, and is tried before it counts.

A text with marks, such as `%%First Name%%`, is compiled where it is defined; what is wrong with it
is said with line and column. An opt-in text asks for consent, or tells what became of it, and
must never stay away: it cannot call HTTPGet, and must say something also of a contact of whom
nothing is known. A Text Response may do both: call HTTPGet, and say nothing.
"""

from collections.abc import Mapping

from optin_engine.fields import LONGEST_NAME, Wrong, text
from optin_engine.folding import LONGEST
from optin_engine.templating.errors import TemplateError, error_at
from optin_engine.templating.message import MESSAGE
from optin_engine.templating.template import Template, compile_template
from optin_engine.templating.tokens import MARK
from optin_engine.vocabulary import Refusal, Says

# A template may be longer than what it says, which a rendering bounds.
LONGEST_WRITTEN = 10 * LONGEST

_NAMES_TAKEN = {*Says, *Refusal}


def template(named: str, given: object) -> str:
    """Read an opt-in text.

    Args:
        named: the field's name as messages show it.
        given: any value.

    Raises:
        Wrong: it is no text or no template, calls HTTPGet, or says nothing, or fails, where no
            attribute is known.

    >>> template("HelpMessage", "20%%= all")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    optin_engine.fields.Wrong: HelpMessage is invalid at line 1, column 3: %%= has no end; ...
    """
    said = text(named, given, _longest(given))
    compiled = _compiled(named, said)
    if compiled is None:
        return said
    if compiled.fetches_at is not None:
        rule = "HTTPGet is for the ResponseMessage of a Text programme only; leave it out"
        raise Wrong(_at(named, said, compiled.fetches_at, rule))
    if not _of_nobody(named, compiled):
        message = f"{named} is invalid. It says nothing where no attribute is known; add words."
        raise Wrong(message)
    return said


def content(named: str, given: object) -> str:
    """Read a text that may be a Text Response.

    Raises:
        Wrong: it is no text or no template, or fails where no attribute is known.

    """
    said = text(named, given, _longest(given))
    compiled = _compiled(named, said)
    if compiled is not None and not compiled.fetches:
        _of_nobody(named, compiled)
    return said


def of_send(named: str, given: object) -> str:
    """Read the text of a send; it may be made of nothing but attributes.

    Raises:
        Wrong: it is no text or no template, calls HTTPGet, which would fetch once for each of a
            million members, or looks at the message, where nobody has texted.

    >>> of_send("MessageText", "Hi %%First Name%%!")
    'Hi %%First Name%%!'
    """
    said = text(named, given, _longest(given))
    compiled = _compiled(named, said)
    if compiled is None:
        return said
    faults = []
    if compiled.fetches_at is not None:
        rule = "a send cannot call HTTPGet; give what it would fetch as an attribute"
        faults.append(_at(named, said, compiled.fetches_at, rule))
    if compiled.quotes_at is not None:
        rule = f"nobody has texted before a send; leave {MESSAGE} out"
        faults.append(_at(named, said, compiled.quotes_at, rule))
    if faults:
        raise Wrong(*faults)
    return said


def messages(named: str, given: object) -> dict[str, str]:
    """Read further opt-in texts by name, for extended flows."""
    if not isinstance(given, Mapping) or not all(isinstance(name, str) for name in given):
        message = f"{named} is invalid. It must be a table of texts by name."
        raise Wrong(message)
    faults, texts = [], {}
    for name, said in given.items():
        try:
            if text(named, name, LONGEST_NAME).lower() in _NAMES_TAKEN or not name.strip():
                faults.append(f'{named} is invalid. "{name}" cannot name a text of its own.')
            texts[name] = template(f"{named}.{name}", said)
        except Wrong as wrong:
            faults += wrong.args
    if faults:
        raise Wrong(*dict.fromkeys(faults))
    return texts


def quoted(said: str) -> str:
    """Give a template that says this text as it is.

    >>> quoted("Acme"), quoted("100%%=all")
    ('Acme', "100%%='%%'=%%=all")
    """
    return said.replace(MARK, f"%%='{MARK}'=%%")


def check_quotes_nothing(named: str, said: str) -> None:
    """Refuse a text that repeats what was texted.

    Args:
        named: the field's name as messages show it.
        said: a text that was read.

    Raises:
        Wrong: it looks at the message.

    """
    compiled = _compiled(named, said)
    if compiled is not None and compiled.quotes_at is not None:
        rule = "a code with an age gate repeats nothing that was texted, as it may be a birth date"
        raise Wrong(_at(named, said, compiled.quotes_at, f"{rule}; leave {MESSAGE} out"))


def _longest(given: object) -> int:
    return LONGEST_WRITTEN if isinstance(given, str) and MARK in given else LONGEST


def _compiled(named: str, said: str) -> Template | None:
    """Compile a text; None where it has no marks."""
    if MARK not in said:
        return None
    try:
        compiled = compile_template(said)
    except TemplateError as error:
        mend = f" Two percent signs as such are written {quoted(MARK)}." if error.is_stray else ""
        message = f"{_invalid(named, error)}{mend}"
        raise Wrong(message) from None
    if len(said) > LONGEST and compiled.is_plain:
        message = f"The {named} field cannot contain more than {LONGEST} characters."
        raise Wrong(message)
    return None if compiled.is_plain else compiled


def _of_nobody(named: str, compiled: Template) -> str:
    try:
        return compiled.of_nobody()
    except TemplateError as error:
        mend = "It must do without attributes, too: IIf(Empty(City), 'you', City) asks first."
        message = f"{_invalid(named, error)} {mend}"
        raise Wrong(message) from None


def _at(named: str, said: str, at: int, rule: str) -> str:
    """Give the message of a rule that a template breaks at a place."""
    return _invalid(named, error_at(said, at, rule))


def _invalid(named: str, error: TemplateError) -> str:
    end = "" if error.message.endswith("?") else "."
    return f"{named} is invalid at {error}{end}"

"""The questions of the copy lint: each takes a field, and says what is wrong with it.

A check gives no message where all is well. A message follows the name of the field and says
what is missing and how to mend it. No check asks a clock or fails: any text is judged.
Those about answers are in `answers`.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from difflib import get_close_matches

from optin_engine.folding import fold, words
from optin_engine.lint import words as say
from optin_engine.lint.place import Check, Place
from optin_engine.program import Code, Program
from optin_engine.templating.message import MESSAGE, MOBILE_NUMBER, SHORT_CODE
from optin_engine.wording import GSM_7, segments

MOST_NAMED = 5
FEW = 2


def lacks(pattern: re.Pattern[str], message: str) -> Check:
    """Make a check that a text, folded, holds a pattern."""

    def check(place: Place) -> Iterator[str]:
        if not pattern.search(place.folded):
            yield message

    return check


def holds(pattern: re.Pattern[str], message: str) -> Check:
    """Make a check that it does not; `{}` in the message is what was found."""

    def check(place: Place) -> Iterator[str]:
        if found := pattern.search(place.folded):
            yield message.format(found[0].strip())

    return check


# ---- Who speaks, of what, how often --------------------------------------------------------


def brand_unset(place: Place) -> Iterator[str]:
    """Find a code without a brand, so that nobody can tell whether its texts name it."""
    if _is_unbranded(place.code):
        yield "is not set: say who speaks, as the messages name it."


def _is_unbranded(code: Code) -> bool:
    return code.brand.removeprefix("+") in {code.digits, ""}


def no_brand(place: Place) -> Iterator[str]:
    """Find a text that does not say who speaks.

    Where the code has no brand, a name before a colon, the programme's or the code counts.
    """
    brand = place.code.brand
    if not _is_unbranded(place.code):
        if not place.names(brand):
            yield f'does not name {brand}: begin with "{brand}: ".'
        return
    names = [place.code.digits, *([place.program.name] if place.program else [])]
    if not re.match(r"[^:.!?]{2,40}:\s", place.text) and not any(map(place.names, names)):
        yield 'does not say who speaks: begin with the brand, such as "Acme: ".'


def no_content(place: Place) -> Iterator[str]:
    """Find a text where neither the programme's name nor any other word says what is sent."""
    program = place.program
    if program is None or say.CONTENT.search(place.folded):
        return
    is_the_brand = set(words(fold(program.name))) <= set(words(fold(place.code.brand)))
    if is_the_brand or not place.names(program.name):
        yield 'does not say what is sent: name the programme, or the kind, such as "weekly offers".'


def no_frequency(place: Place) -> Iterator[str]:
    """Find a text that does not say how often; what is only vague is another rule's."""
    if not say.FREQUENCY.search(place.folded) and not say.VAGUE.search(place.folded):
        yield 'does not say how often: add, for example, "4 msgs/month".'


def vague_frequency(place: Place) -> Iterator[str]:
    """Find a text that says that there will be several messages, and not how many."""
    found = say.VAGUE.search(place.folded)
    if found and not say.FREQUENCY.search(place.folded):
        yield f'says only "{found[0]}": give a number, such as "up to 4 msgs/month".'


def no_contact(place: Place) -> Iterator[str]:
    """Find a text with no phone number but the code itself, no e-mail address and no link."""
    numbers = (re.sub(r"\W", "", found[0]) for found in say.PHONE.finditer(place.text))
    if any(len(n) >= say.PHONE_DIGITS and n not in place.code.digits for n in numbers):
        return
    if not say.E_MAIL.search(place.text) and not say.LINK.search(place.text):
        yield "gives no contact: add a phone number, an e-mail address or a link."


# ---- Ages ----------------------------------------------------------------------------------


def _restricted(program: Program, brand: str) -> str:
    """Give the first word of a programme that is about alcohol or tobacco; empty if none is."""
    texts = (program.response, program.initial, program.confirmation)
    said = " | ".join((brand, program.name, program.keyword, *texts))
    found = say.RESTRICTED.search(fold(said))
    return found[0] if found else ""


def of_restricted(judge: Callable[[Place, Program], str]) -> Check:
    """Make a check of programmes about alcohol or tobacco; an empty answer is no finding."""

    def check(place: Place) -> Iterator[str]:
        program = place.program
        word = _restricted(program, place.code.brand) if program else ""
        if program and word and (message := judge(place, program)):
            yield f'{message} (it is about "{word}").'

    return check


def ungated(_: Place, program: Program) -> str:
    """Judge a programme that asks nobody's age."""
    return f"is {program.opt_in_type}: use Age"


def low_age(place: Place, program: Program) -> str:
    """Judge the minimum age, in the countries whose law is known here."""
    least = say.RESTRICTED_AGE.get(place.code.country, 0)
    return f"is {program.minimum_age}: make it {least}" if program.minimum_age < least else ""


def bare_age_asked(place: Place, _: Program) -> str:
    """Judge a question that may ask the age alone."""
    asked = say.BIRTH_DATE_ASKED.search(place.folded)
    return "" if asked else "does not ask for a full birth date: ask for it as MM/DD/YYYY"


def bare_age_taken(_: Place, program: Program) -> str:
    """Judge whether an age alone counts as an answer."""
    return (
        "is true: set it to false, so that only a birth date counts" if program.accepts_age else ""
    )


# ---- Templates -----------------------------------------------------------------------------

_SAID = re.compile(r"%%([A-Z_][A-Z0-9_ ]*)%%", re.IGNORECASE | re.ASCII)


def gaps(place: Place) -> Iterator[str]:
    """Find attributes that leave a gap, because no handset brings any, and names misspelt.

    Of one that is said within an expression, its author may have asked whether it is empty. In
    an outbound message attributes are expected: whoever sends it brings them.
    """
    if place.template is None:
        return
    said = {" ".join(name.split()).upper() for name in _SAID.findall(place.template.text)}
    for name in sorted(place.template.attributes - {MOBILE_NUMBER, SHORT_CODE}):
        meant = get_close_matches(name.replace(" ", "_"), [MOBILE_NUMBER, SHORT_CODE], n=1)
        if meant:
            yield f"looks up {name}, which is no {meant[0]}: write {meant[0]}."
        elif name in said and not name.startswith(MESSAGE) and place.message is None:
            asking = f"%%=IIf(Empty([{name}]), 'you', [{name}])=%%"
            yield f"has a gap for %%{name}%% where a handset texts, not a queueMO: say {asking}."


# ---- Sending -------------------------------------------------------------------------------


def wide_characters(place: Place) -> Iterator[str]:
    """Find the characters that make a text UCS-2, each with what GSM-7 has for it."""
    if place.sent[0] != GSM_7:
        wide = [c for c in dict.fromkeys(place.text) if segments(c)[0] != GSM_7]
        named = ", ".join(map(_mend, wide[:MOST_NAMED]))
        more = f" and {len(wide) - MOST_NAMED} more" if len(wide) > MOST_NAMED else ""
        yield f"needs UCS-2 (70 characters an SMS, not 160) for {named}{more}."


def _mend(character: str) -> str:
    code = f"U+{ord(character):04X}"
    shown = f"{character} ({code})" if character.isprintable() else code
    apart = unicodedata.normalize("NFKD", character)
    bare = "".join(c for c in apart if not unicodedata.combining(c))
    instead = say.GSM_INSTEAD.get(character, bare)
    if not instead or segments(instead)[0] != GSM_7:
        return f"{shown}, leave it out"
    return f"{shown}, write {'a space' if instead == ' ' else instead}"


def two_segments(place: Place) -> Iterator[str]:
    """Find a text that is sent, and paid, as two SMS."""
    encoding, parts = place.sent
    if parts == FEW:
        yield f"is sent as 2 SMS ({len(place.text)} characters, {encoding}): shorten it to pay one."


def many_segments(place: Place) -> Iterator[str]:
    """Find a text that is sent, and paid, as more than two SMS."""
    encoding, parts = place.sent
    if parts > FEW:
        size = f"{len(place.text)} characters, {encoding}"
        yield f"is sent as {parts} SMS ({size}): shorten it to one or two."


def short_links(place: Place) -> Iterator[str]:
    """Find links that a public shortener serves."""
    for host in dict.fromkeys(found[1].lower() for found in say.SHORTENED.finditer(place.text)):
        yield f"links by {host}, a public shortener: use a domain of your own."

"""What a template can look at: who is written to, from where, and what was texted."""

from collections.abc import Mapping

from optin_engine.folding import fold, words

MOBILE_NUMBER, SHORT_CODE = "MOBILE_NUMBER", "SHORT_CODE"
MESSAGE = "MSG(0)"


def message_context(
    number: str, code: str, text: str, keyword: str, attributes: Mapping[str, str]
) -> dict[str, str]:
    """Give the context of a template.

    The verb is the keyword as it was sent, the nouns are what follows it. Where the text does
    not begin with the keyword (a reply, a web form), the keyword itself is the verb and all
    words are nouns; so they are where no text was sent at all.

    Args:
        number: of the contact, with or without a plus.
        code: the digits of the short or long code.
        text: what was texted; empty where nothing was.
        keyword: the one that this message is about; empty where there is none.
        attributes: of the subscriber. None can hide the number, the code or the message.

    Returns:
        Values by upper-case name.

    >>> context = message_context("+15555550123", "123456", "stock  ACME, please", "STOCK", {})
    >>> [context[f"MSG(0).{part}"] for part in ("VERB", "NOUNS", "NOUN(0)", "NOUN(1)")]
    ['stock', 'ACME, please', 'ACME,', 'please']
    """
    said = text.split()
    begins = bool(said) and words(fold(said[0])) == words(fold(keyword))
    nouns = said[1:] if begins else said
    context = {" ".join(name.split()).upper(): value for name, value in attributes.items()}
    return context | {
        MOBILE_NUMBER: number.removeprefix("+"),
        SHORT_CODE: code,
        MESSAGE: text,
        f"{MESSAGE}.VERB": said[0] if begins else keyword,
        f"{MESSAGE}.NOUNS": text.strip()[len(said[0]) :].lstrip() if begins else text.strip(),
        **{f"{MESSAGE}.NOUN({place})": noun for place, noun in enumerate(nouns)},
    }

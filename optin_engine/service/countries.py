"""Which countries a code may write to unasked: those that the code allows.

A number that lies in no country's numbering plan, such as +15555550123, is judged by its
calling code: it is allowed where any of the countries has the same.
"""

from collections.abc import Sequence

import phonenumbers


def is_allowed(number: str, countries: Sequence[str]) -> bool:
    """Tell whether a number is of one of these countries.

    Args:
        number: E.164.
        countries: ISO 3166 alpha-2, upper case; none: every number is allowed.

    >>> is_allowed("+14165550100", ["US"]), is_allowed("+15555550123", ["US"])
    (False, True)
    """
    if not countries:
        return True
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return False
    region = phonenumbers.region_code_for_number(parsed)
    if region is not None:
        return region in countries
    calling = parsed.country_code
    return any(phonenumbers.country_code_for_region(country) == calling for country in countries)

"""How a phone number is written where people read it who need not know it: logs, errors."""

# Of something this short, two digits would be half of it.
_SHORTEST = 5


def masked(number: str) -> str:
    """Give a number of which only its length and its last two digits can be told.

    Args:
        number: E.164; anything else is masked too.

    >>> masked("+15555550123")
    '+*********23'
    >>> masked("1234"), masked("")
    ('****', '')
    """
    if len(number) < _SHORTEST:
        return "*" * len(number)
    plus = "+" if number.startswith("+") else "*"
    return plus + "*" * (len(number) - 3) + number[-2:]

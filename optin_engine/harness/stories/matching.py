"""Whether what was said is what a story says, and where it is not."""

import re
from collections.abc import Iterator, Sequence
from itertools import zip_longest

from optin_engine.harness.phone import NUMBER
from optin_engine.harness.stories.story import Said

Pair = tuple[Said | None, Said | None]


def is_said(expected: Sequence[Said], said: Sequence[Said]) -> bool:
    """Tell whether what was said is, whole and in its order, what must be."""
    return len(expected) == len(said) and all(map(matches, expected, said))


def matches(expected: Said | None, said: Said | None) -> bool:
    """Tell whether one MT is the one that must come; a pattern must fit the whole text.

    >>> matches(Said("Thanks.*", is_pattern=True), Said("Thanks!"))
    True
    """
    if expected is None or said is None:
        return False
    if (expected.number or NUMBER) != (said.number or NUMBER):
        return False
    if expected.is_pattern:
        return re.fullmatch(expected.text, said.text, re.DOTALL) is not None
    return expected.text == said.text


def aligned(expected: Sequence[Said], said: Sequence[Said]) -> Iterator[Pair]:
    """Put what was said beside what must be.

    What is alike at the beginning and at the end is together, and what is between them one
    by one, as it comes; who has no partner there stands beside None.

    >>> [(e and e.text, s and s.text)
    ...  for e, s in aligned([Said("a"), Said("z")], [Said("a"), Said("b"), Said("z")])]
    [('a', 'a'), (None, 'b'), ('z', 'z')]
    """
    head = _alike(expected, said)
    tail = _alike(expected[head:][::-1], said[head:][::-1])
    last, end = len(expected) - tail, len(said) - tail
    yield from zip(expected[:head], said[:head], strict=True)
    yield from zip_longest(expected[head:last], said[head:end])
    yield from zip(expected[last:], said[end:], strict=True)


def _alike(expected: Sequence[Said], said: Sequence[Said]) -> int:
    """Count how many are alike at the beginning."""
    pairs = enumerate(zip(expected, said, strict=False))
    differing = (place for place, pair in pairs if not matches(*pair))
    return next(differing, min(len(expected), len(said)))

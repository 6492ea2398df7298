"""Who plays whom: a story's numbers and MO ids, as a target hears them, and back.

Whatever a story texts, a target hears of numbers that nobody has: +1, an area code, and
555-0100 to 555-0199, which is kept for fiction. Each story gets fresh ones, so that the same
target can be told stories again and again.
"""

import hashlib
import secrets
import threading
from collections.abc import Callable, Iterable
from functools import cache

import attrs
import phonenumbers

# Past these there are area codes that are called for free, or dearly, and lie nowhere.
AREAS = range(200, 800)
IN_AN_AREA = 100


@cache
def area_codes(region: str | None) -> tuple[int, ...]:
    """Give the area codes of a country that shares +1.

    Args:
        region: ISO 3166 alpha-2; None: those of no country. A service judges by them as by
            +15555550123, but whoever looks for valid numbers refuses them.

    >>> area_codes("US")[:3]
    (201, 202, 203)
    """
    return tuple(area for area in AREAS if _region(_number(area, 0)) == region)


@attrs.define
class Numbers:
    """Numbers kept for fiction, each once in a run; shared by threads.

    Args:
        region: as in `area_codes`.
        start: where among them to begin; by default anywhere, so that two runs hardly meet.

    >>> numbers = Numbers("US", start=0)
    >>> numbers.fresh(), numbers.fresh()
    ('+12015550100', '+12015550101')

    """

    _region: str | None = None
    _next: int = attrs.field(
        factory=lambda: secrets.randbelow(len(AREAS)) * IN_AN_AREA, alias="start"
    )
    _lock: threading.Lock = attrs.field(factory=threading.Lock, init=False, repr=False)

    def fresh(self) -> str:
        """Give a number (E.164) that was not given before, until all were."""
        with self._lock:
            place, self._next = self._next, self._next + 1
        area, last = divmod(place, IN_AN_AREA)
        areas = area_codes(self._region)
        return _number(areas[area % len(areas)], last)


@attrs.define
class Cast:
    """The numbers and ids of one story, as its target hears them.

    Args:
        fresh: gives a number that the target has not heard of.

    >>> cast = Cast(Numbers("US", start=0).fresh)
    >>> cast.number("+15555550123"), cast.role("+12015550100")
    ('+12015550100', '+15555550123')

    """

    _fresh: Callable[[], str]
    _played: dict[str, str] = attrs.field(factory=dict, init=False)
    _roles: dict[str, str] = attrs.field(factory=dict, init=False)
    _run: str = attrs.field(factory=lambda: secrets.token_hex(8), init=False)

    def number(self, role: str) -> str:
        """Give the number that the target hears for one of the story."""
        if role not in self._played:
            self._played[role] = number = self._fresh()
            self._roles[number] = role
        return self._played[role]

    def role(self, number: str) -> str | None:
        """Give the story's number for one that the target texts; None: it is not in the story."""
        return self._roles.get(number)

    def numbers(self) -> Iterable[str]:
        """Give the numbers that the target has heard of, the first first."""
        return self._played.values()

    def mo_id(self, mo_id: str) -> str:
        """Give the id that the target hears for one of the story: 32 hexadecimal digits."""
        return hashlib.sha256(f"{self._run} {mo_id}".encode()).hexdigest()[:32]


def _number(area: int, last: int) -> str:
    return f"+1{area}55501{last:02}"


def _region(number: str) -> str | None:
    region: str | None = phonenumbers.region_code_for_number(phonenumbers.parse(number))
    return region

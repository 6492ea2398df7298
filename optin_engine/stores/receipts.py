"""What carriers tell of an MT, and which of several receipts counts, in whatever order they come.

Receipts overtake each other, come twice, and come late. Each fate that one can tell has its
place, and the furthest holds: that a text is on its way says less than that it ended somehow,
and a delivery is final, because a phone has shown the text. Of several reasons why it was not
delivered the one with the greatest of MobileConnect's codes holds, as its guide has it. So what
is known in the end does not depend on the order.

>>> [fate.value for fate in beneath(Fate.CARRIED)]
['queued', 'withdrawn', 'sent', 'cancelled', 'dead', 'enroute']
"""

import attrs

from optin_engine.stores.rows import Fate, Mt

# What we know by ourselves; that a carrier has the MT is news to all of it, also to a
# cancellation or a death, which then came too late.
OURS = (Fate.QUEUED, Fate.WITHDRAWN, Fate.SENT, Fate.CANCELLED, Fate.DEAD)

# What receipts tell, the furthest last.
TOLD = (
    Fate.ENROUTE,
    Fate.CARRIED,
    Fate.UNDELIVERED,
    Fate.EXPIRED,
    Fate.REJECTED,
    Fate.DELIVERED,
)


@attrs.frozen
class Told:
    """What came of a receipt.

    Attributes:
        mt: the MT as it is now.
        is_news: the receipt changed it.

    """

    mt: Mt
    is_news: bool


def beneath(fate: Fate) -> tuple[Fate, ...]:
    """Give the fates that a receipt changes.

    Args:
        fate: what it tells.

    Raises:
        ValueError: no receipt tells that.

    """
    return (*OURS, *TOLD[: TOLD.index(fate)])

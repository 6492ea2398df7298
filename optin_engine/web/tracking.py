"""What became of an MT, in MobileConnect's standard status codes.

>>> STATUSES[Fate.CARRIED].code
'3001'
"""

from collections.abc import Mapping

import attrs

from optin_engine.stores import Fate, Mt
from optin_engine.web.schemas import TEXT, Schema, table


@attrs.frozen
class Status:
    """One of MobileConnect's statuses: its code, its name, and what it means."""

    code: str
    name: str
    meaning: str


# What is cancelled here is told as rejected, because no code says that an opt-out was heeded.
# fmt: off
STATUSES: Mapping[Fate, Status] = {
    Fate.QUEUED:      Status("1000", "Queued",                  "Waits to be handed over"),
    Fate.WITHDRAWN:   Status("1000", "Queued",                  "Is being cancelled"),
    Fate.SENT:        Status("2000", "Delivered to aggregator", "The provider has it"),
    Fate.DEAD:        Status("2500", "Failed to aggregator",    "The provider did not take it"),
    Fate.ENROUTE:     Status("3000", "Enroute",                 "On its way to the carrier"),
    Fate.CARRIED:     Status("3001", "Sent to carrier",         "The carrier has it"),
    Fate.DELIVERED:   Status("4000", "Delivered to handset",    "The handset has it"),
    Fate.UNDELIVERED: Status("4500", "Undeliverable",           "It could not be delivered"),
    Fate.EXPIRED:     Status("4501", "Expired",                 "The handset was out of reach"),
    Fate.REJECTED:    Status("4503", "Rejected",                "The carrier refused it"),
    Fate.CANCELLED:   Status("4503", "Rejected",                "Cancelled before it was sent"),
}
# fmt: on


def tracked(mt: Mt) -> dict[str, str]:
    """Give what a queued MO's deliveries tell of an MT; of an erased number there are no digits."""
    status = STATUSES[mt.fate]
    number = mt.number.removeprefix("+")
    return {"mobileNumber": number, "statusCode": status.code, "message": status.name}


def tracked_of_send(mt: Mt) -> dict[str, str]:
    """Give what a send's deliveries tell of an MT.

    `statusCode` is the standard one, too, so that it means the same whoever the provider is;
    the provider's own reason stands in `description`.
    """
    status = STATUSES[mt.fate]
    description = f"{status.meaning} ({mt.error})" if mt.error else status.meaning
    return tracked(mt) | {"standardStatusCode": status.code, "description": description}


STATUS_CODE: Schema = {"enum": sorted({status.code for status in STATUSES.values()})}
_ROW = {"mobileNumber": TEXT, "statusCode": STATUS_CODE, "message": TEXT}
TRACKED = table(_ROW)
TRACKED_OF_SEND = table({**_ROW, "standardStatusCode": STATUS_CODE, "description": TEXT})

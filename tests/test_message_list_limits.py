"""How many lists one messageList call may name."""

import pytest

from tests.mobileconnect import errors
from tests.sends_by_call import caller, path_of
from tests.test_message_list import a_list, to_lists
from tests.web_service import Caller

__all__ = ["caller"]

MOST = 250
FIELDS = "TargetListIds", "ExclusionListIds"


def test_a_call_may_name_as_many_lists_as_the_bound_says(caller: Caller) -> None:
    targets = [a_list(caller, f"Target {place}") for place in range(MOST)]
    excluded = [a_list(caller, f"Excluded {place}") for place in range(MOST)]
    send = to_lists(caller, TargetListIds=targets, ExclusionListIds=excluded)
    assert (len(send.targets), len(send.excluded)) == (MOST, MOST)


@pytest.mark.parametrize("field", FIELDS)
def test_a_call_that_names_one_list_more_is_refused(caller: Caller, field: str) -> None:
    one = a_list(caller, "One")
    body = {FIELDS[0]: [one]} | {field: [one] * (MOST + 1)}
    expected = f"The {field} field cannot contain more than {MOST} elements."
    assert expected in errors(caller, body, path_of(caller, "Club", "messageList"))

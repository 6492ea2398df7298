"""The whole table of calls, each module's rows after another; and the longer one of `--dev`."""

from itertools import chain

from optin_engine.service.clock import MovableClock
from optin_engine.web import (
    contact_calls,
    health,
    inbound,
    list_calls,
    message_contact_calls,
    message_list_calls,
    metrics,
    optin_calls,
    outbound_calls,
    queue_mo_calls,
    receipts,
    send_calls,
    token_calls,
    tracking_calls,
    twilio,
)
from optin_engine.web.call import Call
from optin_engine.web.dev_calls import dev_calls
from optin_engine.web.docs import documenting

_TABLE: tuple[Call, ...] = tuple(
    chain(
        token_calls.CALLS,
        optin_calls.CALLS,
        outbound_calls.CALLS,
        queue_mo_calls.CALLS,
        message_contact_calls.CALLS,
        message_list_calls.CALLS,
        tracking_calls.CALLS,
        contact_calls.CALLS,
        list_calls.CALLS,
        send_calls.CALLS,
        inbound.CALLS,
        receipts.CALLS,
        twilio.CALLS,
        health.CALLS,
        metrics.CALLS,
    )
)

CALLS: tuple[Call, ...] = (*_TABLE, *documenting(_TABLE))


def with_dev_calls(clock: MovableClock) -> tuple[Call, ...]:
    """Give the table of `serve --dev`, whose clock can be set."""
    table = (*_TABLE, *dev_calls(clock))
    return (*table, *documenting(table))

"""A send that cannot be dealt with, because of what the store has of it, holds up no other."""

import logging
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from optin_engine.stores import SendState, open_store
from tests.ordering import joined, queued, to_lists, told
from tests.sends import a_list
from tests.serving import ANN, BOB, NOON, SetClock, serve


def write_attributes(file: Path, list_: int, attributes: str) -> None:
    """Change what is known of a list's members behind the store's back."""
    change = "UPDATE list_members SET attributes = ? WHERE list = ?"
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute(change, (attributes, list_))


def test_a_send_to_a_damaged_list_waits_until_it_is_mended_and_holds_up_no_other(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file, clock = tmp_path / "optin.db", SetClock()
    with open_store(f"sqlite:///{file}") as store, serve(store, clock=clock) as service:
        joined(service, ANN, BOB)
        damaged = a_list(store, "Damaged", ANN)
        write_attributes(file, damaged, '{"Name": "Secret')
        first = service.sender.to_lists(to_lists(damaged, text="Hi %%Name%%!"))
        clock.at = NOON + timedelta(minutes=1)
        second = service.sender.to_lists(to_lists(a_list(store, "Sound", BOB)))
        with caplog.at_level(logging.ERROR):
            finished = queued(service, second)
            assert queued(service, first).state == SendState.NEW
        assert (finished.state, len(told(store, second))) == (SendState.STARTED, 1)
        write_attributes(file, damaged, '{"Name": "Ann"}')
        assert queued(service, first).state == SendState.STARTED
        assert told(store, first) == [(ANN, "Hi Ann!")]
    [line] = caplog.messages
    assert f"send={first.id} error=The list {damaged} is damaged in the store." in line
    assert "Secret" not in line

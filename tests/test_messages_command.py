"""`optin-engine messages`: the ids of outbound messages, as the store has them."""

import json
from pathlib import Path

from optin_engine.service.service import Service
from optin_engine.stores import open_store
from optin_engine.web.identifiers import encode
from tests.operating import ACCOUNT, CODE, LONG_CODE, run

SALE = {"shortCode": CODE, "countryCode": "US", "messageName": "Sale\n", "keyword": "JOIN"}
FAR = {"longCode": LONG_CODE, "messageName": "Far", "active": False}


def defined(url: str) -> list[str]:
    """Define two messages by a file; give their ids."""
    with open_store(url) as kept, Service(kept) as service:
        service.catalog.load({**ACCOUNT, "messages": [SALE, FAR]})
        known = [one for one in service.catalog.definitions() if one.kind == "message"]
    return [encode(one.id, "message object") for one in known]


def test_the_messages_of_a_file_are_listed_with_the_ids_that_sends_take(url: str) -> None:
    sale, far = defined(url)
    ran = run("messages", "--store", url)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.splitlines() == [
        f"{sale} Sale: on {CODE} JOIN, active",
        f"{far} Far: on {LONG_CODE}, not active",
    ]


def test_as_json_they_are_as_the_call_tells_them(url: str) -> None:
    sale, far = defined(url)
    told = json.loads(run("messages", "--json", "--store", url).stdout)
    assert told == [
        {
            "messageID": sale,
            "messageName": "Sale",
            "shortCode": CODE,
            "keyword": "JOIN",
            "active": True,
        },
        {
            "messageID": far,
            "messageName": "Far",
            "longCode": LONG_CODE,
            "keyword": "",
            "active": False,
        },
    ]


def test_a_store_without_messages_says_how_to_define_one(url: str) -> None:
    ran = run("messages", "--store", url)
    assert (ran.returncode, ran.stdout.partition(".")[0]) == (0, "No messages")
    assert run("messages", "--json", "--store", url).stdout == "[]\n"


def test_a_store_that_is_not_there_is_told_in_a_line(tmp_path: Path) -> None:
    ran = run("messages", "--store", f"sqlite:///{tmp_path}/none.db")
    assert (ran.returncode, ran.stdout, len(ran.stderr.splitlines())) == (2, "", 1)

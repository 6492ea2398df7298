"""The history of a number, as a story: it tells again what a service heard and said."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from optin_engine.harness.stories.history import record_history
from optin_engine.harness.stories.story import Said
from optin_engine.harness.stories.writing import said_line
from optin_engine.service.service import Service
from optin_engine.stores import Mt, Store, open_store
from optin_engine.vocabulary import Hears, Inbound, Instruction, Origin
from tests.operating import run
from tests.recording import BEGAN, CODES, DEFINITIONS, NUMBER, TEXTS, assert_passes


@pytest.fixture(params=["memory:", "sqlite:"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    url = "memory:" if request.param == "memory:" else f"sqlite:///{tmp_path}/optin.db"
    with open_store(url) as opened:
        yield opened


class Served:
    """A service over a store, with a clock that the test moves."""

    def __init__(self, store: Store) -> None:
        self.now = BEGAN
        self.service = Service(store, clock=lambda: self.now)
        self.service.catalog.load(DEFINITIONS)

    def text(self, text: str, origin: Origin = Origin.HANDSET, code: str = CODES[0]) -> None:
        self.service.receive(code, NUMBER, Inbound(text, self.now, "", origin))
        self.now += timedelta(minutes=1)

    def order(self, hears: Hears, keyword: str = "", *, resubscribe: bool = False) -> None:
        order = Instruction(hears, self.now, keyword, resubscribe)
        self.service.instruct(CODES[0], NUMBER, order)
        self.now += timedelta(minutes=1)

    def wait(self, **time: int) -> None:
        end = self.now + timedelta(**time)
        while (due := self.service.store.next_due()) and due <= end:
            self.now = due
            self.service.tick()
        self.now = end


@pytest.fixture
def served(store: Store) -> Iterator[Served]:
    served = Served(store)
    with served.service:
        yield served


def recorded(store: Store, folder: Path, *codes: str) -> list[str]:
    """Record a story of the number, see it pass, and give its lines from the first text on."""
    path = folder / "past.story"
    record_history(store, NUMBER, codes or CODES[:1], path)
    assert_passes(path)
    text = path.read_text(encoding="utf-8")
    assert NUMBER.strip("+") not in text
    return text.splitlines()


def test_a_history_is_told_with_reminders_orders_and_refusals(
    store: Store, served: Served, tmp_path: Path
) -> None:
    served.text("JOIN")
    served.wait(hours=25)
    served.text("yes!")
    served.order(Hears.UNSUBSCRIBE, "JOIN")
    served.order(Hears.SUBSCRIBE, "JOIN", resubscribe=True)
    served.text("NEWS", Origin.WEB)
    served.text("stop")
    served.order(Hears.DEACTIVATE)
    assert recorded(store, tmp_path) == [
        "# Recorded from the history of a service",
        "programs: past.json",
        "at 2026-03-01 17:00 UTC",
        "> JOIN",
        "< Reply YES",
        "= In Progress",
        "at 2026-03-02 18:01 UTC",
        "< Reply YES",
        "> yes!",
        r"< \+1 for you: done",
        "= Subscribed",
        "wait 59s",
        "! UNSUBSCRIBE JOIN",
        "= Unsubscribed",
        "wait 59s",
        "! RESUBSCRIBE JOIN",
        "= Subscribed",
        "wait 59s",
        "> @web NEWS",
        "= refused: double opt-in required",
        "= NEWS: None",
        "wait 59s",
        "> stop",
        "< Acme: you have opted out and no more messages will be sent from 123456.",
        "= Unsubscribed",
        "wait 59s",
        "! DEACTIVATE",
        "= None",
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("May 5th, 1990", ("a birth date", "= Subscribed")),
        ("5/5/2015", ("a birth date", "= Declined")),
        ("5/5/20", ("a birth date", "= In Progress")),
        ("I am 34", ("an age", "= Subscribed")),
        ("12", ("an age", "= Declined")),
    ],
)
def test_another_birth_date_with_the_same_verdict_stands_for_one_that_is_masked(
    store: Store, served: Served, tmp_path: Path, text: str, told: tuple[str, str]
) -> None:
    served.text("WINE 1")
    served.text(text)
    *_, remark, date, said, stands = recorded(store, tmp_path)
    assert remark == f"# {told[0]} stood here; this one has the same verdict"
    assert date.startswith("> ")
    assert text not in date
    assert (said[:2], stands) == ("< ", told[1])


def test_masked_digits_that_mattered_are_made_up_or_told_to_be_unknown(
    store: Store, served: Served, tmp_path: Path
) -> None:
    served.text("st0p")
    served.text("6 9 7")
    lines = recorded(store, tmp_path)
    assert "# digits stood here that are masked in the store" in lines
    assert "> st0p" in lines
    assert "> # # #" in lines


@given(
    st.lists(
        st.tuples(
            st.sampled_from([*TEXTS, "5/5/1990", "May 5 2015", "I am 30"]),
            st.sampled_from([Origin.HANDSET, Origin.HANDSET, Origin.WEB]),
            st.sampled_from([0, 1, 23, 80]),
        ),
        max_size=10,
    )
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
def test_whatever_was_said_its_history_says_it_again(
    tmp_path_factory: pytest.TempPathFactory, said: list[tuple[str, Origin, int]]
) -> None:
    with open_store("memory:") as store:
        served = Served(store)
        with served.service:
            served.text("WINE")
            for text, origin, hours in said:
                served.wait(hours=hours)
                served.text(text, origin)
        lines = recorded(store, tmp_path_factory.mktemp("past"))
        mts = [one for one in store.conversation(CODES[0], NUMBER) if isinstance(one, Mt)]
    assert [line for line in lines if line.startswith("<")] == [
        said_line(Said(mt.text)) for mt in mts
    ]


def test_what_the_service_would_not_serve_is_a_remark(
    store: Store, served: Served, tmp_path: Path
) -> None:
    abroad = "+4915112345678"
    served.service.receive(CODES[0], abroad, Inbound("JOIN", BEGAN, origin=Origin.WEB))
    served.service.receive(CODES[0], abroad, Inbound("HELP", BEGAN))
    path = tmp_path / "abroad.story"
    record_history(store, abroad, CODES[:1], path)
    assert_passes(path)
    remark, text = path.read_text().splitlines()[3:5]
    assert remark == "# a text of origin web was not served: country not allowed"
    assert text == "> HELP"


def test_all_codes_of_a_number_are_one_story_in_the_order_of_time(
    store: Store, served: Served, tmp_path: Path
) -> None:
    for code in (CODES[1], CODES[0], CODES[1]):
        served.text("HELP", code=code)
    lines = recorded(store, tmp_path, *CODES)
    assert [line for line in lines if line.startswith(("to", ">"))] == [
        "to 222222", "> HELP", "to 123456", "> HELP", "to 222222", "> HELP",
    ]  # fmt: skip


def test_what_came_after_the_last_text_is_told_too(
    store: Store, served: Served, tmp_path: Path
) -> None:
    served.text("JOIN")
    served.wait(days=4)
    assert recorded(store, tmp_path)[-3:] == ["at 2026-03-04 17:00 UTC", "< Reply YES", "= None"]


def test_what_the_definitions_said_then_is_a_remark_where_they_say_something_else_now(
    store: Store, served: Served, tmp_path: Path
) -> None:
    served.text("NEWS")
    changed = json.loads(json.dumps(DEFINITIONS).replace("News: hi!", "Fresh news!"))
    served.service.catalog.load(changed)
    assert recorded(store, tmp_path)[3:] == [
        "> NEWS",
        r"< Fresh news!\nAgain.",
        "= Subscribed",
        r"# by the definitions of its time it was answered: News: hi!\nAgain.",
    ]


def test_the_command_records_a_history_and_leaves_definitions_that_are_there(
    tmp_path: Path,
) -> None:
    url, path = f"sqlite:///{tmp_path}/optin.db", tmp_path / "past.story"
    with open_store(url) as opened:
        served = Served(opened)
        with served.service:
            served.text("HELP")
            served.text("HELP", code=CODES[1])
    done = run("history", NUMBER, "--record", path, "--store", url)
    beside = path.with_suffix(".json")
    assert (done.returncode, done.stdout) == (0, f"Wrote {path} and {beside}.\n"), done
    assert_passes(path)
    for taken in (path, tmp_path / "new.json", ""):
        again = run("history", NUMBER, "--record", taken, "--store", url)
        assert (again.returncode, "choose another name" in again.stderr) == (2, True)

    both = run("history", NUMBER, "--record", path, "--json", "--store", url)
    assert (both.returncode, "--json and --record cannot be given" in both.stderr) == (2, True)

    path.unlink()
    beside.write_text(json.dumps(DEFINITIONS | {"codes": DEFINITIONS["codes"][:1],
                                                "programs": []}))  # fmt: skip
    gone = run("history", NUMBER, "--record", path, "--store", url)
    assert (gone.returncode, "no code 222222 any more" in gone.stderr) == (1, True)
    done = run("history", NUMBER, "--record", path, "--code", CODES[0], "--store", url)
    assert (done.returncode, done.stdout) == (0, f"Wrote {path}; {beside} holds.\n")
    assert_passes(path)

"""Conversations that were, as stories: what is recorded is read again, and passes."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from optin_engine.harness import starter, starter_text
from optin_engine.harness.chat import Chat
from optin_engine.harness.phone import Phone
from optin_engine.harness.replay import Replay
from optin_engine.harness.stories.history import record_history
from optin_engine.harness.stories.parsing import read_story
from optin_engine.harness.stories.played import Played
from optin_engine.harness.stories.playing import play, programs_beside
from optin_engine.harness.stories.recording import Stories
from optin_engine.harness.stories.story import Said, Text
from optin_engine.harness.stories.writing import said_line
from optin_engine.harness.targets.engine import EngineTarget
from optin_engine.service.service import Service
from optin_engine.stores import Mt, Store, open_store
from optin_engine.vocabulary import Hears, Inbound, Instruction, Origin
from tests.operating import run

NUMBER, OTHER = "+12125550123", "+12125550199"
BEGAN = datetime(2026, 3, 1, 17, tzinfo=UTC)
CODES = ("123456", "222222")
PROGRAMS = (
    {"keyword": "NEWS", "messageOptInType": "Single", "responseMessage": "News: hi!\nAgain."},
    {
        "keyword": "JOIN",
        "messageOptInType": "Double",
        "doubleOptinInitialMessage": "Reply YES",
        "doubleOptinConfirmationMessage": "+1 for you: done",
        "optInErrorMessage": "~ what? ",
        "remindAfter": "24h",
    },
    {
        "keyword": "WINE",
        "messageOptInType": "Age",
        "doubleOptinInitialMessage": "Born when?",
        "doubleOptinConfirmationMessage": "Welcome to the wines",
        "optInInvalidAgeMessage": "Not now",
        "optInErrorMessage": "Write it as 1/31/1990",
        "minimumAge": 21,
    },
)
DEFINITIONS: dict[str, Any] = {
    "codes": [{"shortCode": code, "countryCode": "US", "brand": "Acme"} for code in CODES],
    "programs": [
        {"messageName": f"{program['keyword']} {code}", "shortCode": code, "countryCode": "US"}
        | program
        for code in CODES
        for program in PROGRAMS
    ],
}
TEXTS = (
    *("JOIN", "NEWS", "WINE", "yes", "no", "stop", "START", "HELP", "what?", "5/1/1990", "25"),
    *("1/1/2015", "01/02/20", "12", "+1", "@web x", "-2h", "", " ", "a\\nb", "Liked “JOIN”"),
)


@pytest.fixture
def definitions(tmp_path: Path) -> Path:
    path = tmp_path / "two.json"
    path.write_text(json.dumps(DEFINITIONS), encoding="utf-8")
    return path


@pytest.fixture(params=["memory:", "sqlite:"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    url = "memory:" if request.param == "memory:" else f"sqlite:///{tmp_path}/optin.db"
    with open_store(url) as opened:
        yield opened


def played(path: Path) -> Played:
    story = read_story(path.name, path.read_text(encoding="utf-8"))
    return play(story, EngineTarget(), programs_beside(path))


def assert_passes(path: Path) -> Played:
    done = played(path)
    assert done.passed, path.read_text(encoding="utf-8")
    return done


# -- of a chat

LINES = st.lists(
    st.sampled_from(
        (
            *TEXTS,
            *(":web JOIN", ":api STOP", ":app NEWS", ":wait 2d", ":wait 90m", ":wait 1w", ":wait"),
            *(":wait 999999d", ":as +15555550199", ":as +15555550123", ":code 222222", ":state"),
            *(":code 123456", ":help", ":nothing"),
        )
    )
    | st.text(st.characters(codec=None), max_size=12),
    max_size=20,
)


@given(lines=LINES)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_typed_the_recorded_chat_passes(
    tmp_path_factory: pytest.TempPathFactory, definitions: Path, lines: list[str]
) -> None:
    path = tmp_path_factory.mktemp("chat") / "a.story"
    account = programs_beside(definitions)(definitions.name)
    chat = Chat(Phone(account), lambda _: None, definitions)
    chat.record(path)
    for line in lines:
        chat.hear(line)
    chat.close()
    assert_passes(path)


def test_a_chat_tells_what_concerns_another_than_the_usual_number() -> None:
    shown: list[str] = []
    chat = Chat(Phone(starter()), shown.append)
    for line in ("NEWS", ":as +15555550199", "JOIN", ":wait 30h"):
        chat.hear(line)
    states = [line for line in shown if line.startswith("=")]
    assert states == ["= Subscribed", "= +15555550199 In Progress"]
    assert shown[-1].startswith("< +15555550199 Acme Offers: Reply YES")


@pytest.mark.parametrize("named", [False, True])
def test_a_file_that_is_called_built_in_is_never_taken_for_the_example(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, named: bool
) -> None:
    monkeypatch.chdir(tmp_path)
    definitions, story = Path("built-in"), Path("stories/a.story" if not named else "a.story")
    definitions.write_text("[]", encoding="utf-8")
    story.parent.mkdir(exist_ok=True)
    chat = Chat(Phone(starter()), lambda _: None, definitions if named else None)
    chat.record(story)
    chat.close()
    programs = story.read_text(encoding="utf-8").splitlines()[1]
    assert programs == ("programs: ./built-in" if named else "programs: built-in")


def test_a_chat_tells_no_state_that_stands_on_another_code(definitions: Path) -> None:
    shown: list[str] = []
    chat = Chat(Phone(programs_beside(definitions)(definitions.name)), shown.append)
    for line in ("JOIN", ":code 222222", ":wait 4d"):
        chat.hear(line)
    assert shown[-2:] == ["= In Progress", "< Reply YES"]


def test_the_command_records_a_chat_and_writes_over_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.story"
    assert run("chat", "--record", path).returncode == 0
    assert path.read_text().splitlines()[:2] == [
        "# Recorded by optin-engine chat",
        "programs: built-in",
    ]
    done = run("chat", "--record", path)
    assert (done.returncode, done.stderr.splitlines()[-1]) == (
        2,
        f"optin-engine: error: {path}: File exists",
    )


# -- of a file of texts


@st.composite
def logs(draw: st.DrawFn) -> list[dict[str, str]]:
    """Make a file of MOs: of two numbers and codes, partly out of order, some of them twice."""
    moment, log = BEGAN, []
    for _ in range(draw(st.integers(1, 15))):
        moment += timedelta(seconds=draw(st.sampled_from([0, 1, 60, -30, 90_000, 260_000, -9000])))
        mo = {
            "from": draw(st.sampled_from([NUMBER, OTHER])).lstrip("+"),
            "to": draw(st.sampled_from(CODES)),
            "text": draw(st.sampled_from(TEXTS)),
            "receivedAt": moment.isoformat(),
            "origin": draw(st.sampled_from(["handset", "handset", "web", "api"])),
            "id": draw(st.sampled_from(["", "", "1", "2"])),
        }
        log += [mo] * draw(st.sampled_from([1, 1, 2]))
    return log


@given(log=logs())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
def test_each_contact_of_a_file_becomes_a_story_that_says_what_the_replay_said(
    tmp_path_factory: pytest.TempPathFactory, definitions: Path, log: list[dict[str, str]]
) -> None:
    folder = tmp_path_factory.mktemp("replay") / "stories"
    account = programs_beside(definitions)(definitions.name)
    stories, outcomes = Stories(account, definitions, folder), bytearray()
    replay = Replay(account, outcomes.extend, keep=stories.keep)
    replay.play([json.dumps(mo).encode() for mo in log])
    assert stories.write() == len({(mo["from"], mo["to"]) for mo in log})

    answers = [json.loads(line) for line in outcomes.splitlines()]
    contacts = list(dict.fromkeys((answer["from"], answer["to"]) for answer in answers))
    for contact, path in zip(contacts, sorted(folder.iterdir()), strict=True):
        done = assert_passes(path)
        texts = [one for one in done.performed if isinstance(one.turn.act, Text)]
        told = [([said.text for said in one.said], one.came.refused) for one in texts]
        assert told == [
            ([said["text"] for said in answer["says"]], answer["refused"])
            for answer in answers
            if (answer["from"], answer["to"]) == contact and not answer["duplicate"]
        ]
        assert not any(number.strip("+") in path.read_text() for number in (NUMBER, OTHER))


def mos(*texts: tuple[int, str, str]) -> list[bytes]:
    """Give lines of a file: after how many seconds, what, and with which id."""
    return [
        json.dumps(
            {
                "from": NUMBER,
                "to": CODES[0],
                "text": text,
                "receivedAt": (BEGAN + timedelta(seconds=after)).isoformat(),
                "id": mo_id,
            }
        ).encode()
        for after, text, mo_id in texts
    ]


def test_gaps_retries_and_late_texts_are_told_as_such(tmp_path: Path, definitions: Path) -> None:
    stories = Stories(programs_beside(definitions)(definitions.name), definitions, tmp_path)
    log = mos((0, "JOIN", "a"), (0, "JOIN", "a"), (3600, "stop", "b"), (1800, "yes", "c"),
              (3600, "JOIN", "a"), (200_000, "HELP", ""))  # fmt: skip
    Replay(starter(), keep=stories.keep).play(log)
    assert stories.write() == 1
    path = tmp_path / "contact-001.story"
    assert_passes(path)
    lines = path.read_text().splitlines()
    assert [line for line in lines if not line.startswith(("<", "="))] == [
        "# Contact 1, recorded from a file of texts",
        "programs: two.json",
        "at 2026-03-01 17:00 UTC",
        "> JOIN",
        "again",
        "wait 59m 59s",
        "> stop",
        "> -30m1s yes",
        "# a text with the id of an earlier one came, and counted not",
        "at 2026-03-04 00:33:20 UTC",
        "> HELP",
    ]
    assert "= refused: stale" in lines


def test_the_command_records_a_replay_and_never_over_another(tmp_path: Path) -> None:
    path, log, folder = tmp_path / "optin.toml", tmp_path / "mos.jsonl", tmp_path / "deep" / "er"
    path.write_text(starter_text(), encoding="utf-8")
    log.write_bytes(b"\n".join(mos((0, "JOIN", ""), (60, "YES", ""))))
    done = run("replay", path, log, "--record", folder)
    assert (done.returncode, done.stderr) == (0, f"Wrote 1 stories to {folder}.\n")
    assert_passes(folder / "contact-001.story")
    again = run("replay", path, log, "--record", folder)
    assert again.returncode == 2
    assert "it holds recorded stories already" in again.stderr


# -- of a service's history


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

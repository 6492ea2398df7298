"""What the benchmarks compare with the engine does what the engine does; no time is asserted."""

import importlib
from functools import partial
from pathlib import Path

import pytest

from optin_engine.engine import Engine
from optin_engine.stores import open_store
from optin_engine.vocabulary import (
    Contact,
    Hears,
    Says,
    State,
    Verdict,
)
from tests.benchmarks import harness, mix, outbound
from tests.benchmarks.bare_sends import BareSqlite
from tests.benchmarks.bare_sqlite import Reader, connected, insert_all
from tests.benchmarks.figures import Figure, ratio, table
from tests.benchmarks.peers.handwritten import Decision, Handwritten, Heard
from tests.benchmarks.prepared import prepare
from tests.benchmarks.side_by_side import kept_and_bare
from tests.benchmarks.story_figures import FailedError, tell
from tests.benchmarks.verification import DisagreementError, outcomes, verify

# fmt: off
PEERS = (
    # module         class           the library it needs
    ("handwritten",  "Handwritten",  "attrs"),
    ("fired",        "Fired",        "transitions"),
    ("automat_",     "Automat",      "automat"),
    ("statemachine", "Statemachine", "statemachine"),
    ("sismic_",      "Sismic",       "sismic"),
)
# fmt: on

# So few contacts that each runs out of attempts; so many that some answer too late.
MOS, FEW, MANY = 1_500, 60, 1_000


@pytest.mark.parametrize(("module", "name", "library"), PEERS)
def test_every_peer_gives_the_outcomes_of_the_engine_over_the_mix(
    module: str, name: str, library: str
) -> None:
    pytest.importorskip(library, reason=f"pip install .[benchmarks] brings {library}")
    make = getattr(importlib.import_module(f"tests.benchmarks.peers.{module}"), name)
    for contacts in (FEW, MANY):
        verify(make(mix.account()), mix.mix(MOS, contacts), contacts)


class Forgetful(Handwritten):
    """A peer that does less: it never says that it did not understand."""

    def decide(self, heard: Heard) -> Decision:
        state, says, counts = super().decide(heard)
        return state, Says.NOTHING if says == Says.ERROR else says, counts


def test_a_peer_that_does_less_is_found_out() -> None:
    with pytest.raises(DisagreementError, match="Forgetful on Inbound"):
        verify(Forgetful(mix.account()), mix.mix(MOS, FEW), FEW)


def test_the_mix_visits_every_state_and_every_verdict() -> None:
    found = [
        outcome
        for contacts in (FEW, MANY)
        for outcome in outcomes(Engine(mix.account()), mix.mix(MOS, contacts), contacts)
    ]
    assert {outcome.state for outcome in found} == set(State)
    assert {outcome.reading.verdict for outcome in found} == {None, *Verdict}
    heard = {outcome.reading.hears for outcome in found}
    answers = {Hears.YES, Hears.NO, Hears.BIRTH_DATE, Hears.OTHER}
    assert heard >= {Hears.JOIN, *answers, Hears.STOP, Hears.HELP, Hears.UNMATCHED}
    assert any(step.row.hears == Hears.EXPIRE for outcome in found for step in outcome.steps)


def test_the_mix_has_the_shares_that_the_issue_asks_for() -> None:
    many = 20_000
    outcome_of = Engine(mix.account()).receive
    stranger = Contact(mix.number_of(0), mix.CODE)
    read = [outcome_of(stranger, mo.inbound).reading.hears for mo in mix.mix(many, many)]
    for hears, share in ((Hears.JOIN, 0.10), (Hears.STOP, 0.10), (Hears.HELP, 0.05)):
        assert read.count(hears) / many == pytest.approx(share, abs=0.01)


def test_the_mix_is_the_same_conversation_every_time() -> None:
    assert mix.mix(200, 20) == mix.mix(200, 20)


def test_a_ratio_is_the_median_of_the_rounds_ratios() -> None:
    assert ratio([2.0, 30.0, 4.0], [1.0, 2.0, 2.0]) == 2.0


@pytest.mark.parametrize(
    ("figure", "row"),
    [
        (
            Figure("receive", "us", 12.345, 1.2, "by hand", most=1.5),
            "| receive | 12.35 us | 1.20 x by hand | at most 1.5 | yes |",
        ),
        (
            Figure("fired", "us", 1234.5, 1.2, "ours", least=1.8),
            "| fired | 1,234 us | 1.20 x ours | at least 1.8 | **no** |",
        ),
        (
            Figure("memory", "bytes", 601.0, most=600),
            "| memory | 601 bytes |  | at most 600 | **no** |",
        ),
        (Figure("sismic", "us", 0.5), "| sismic | 0.500 us |  |  |  |"),
    ],
)
def test_a_figure_tells_its_target_and_whether_it_is_reached(figure: Figure, row: str) -> None:
    assert table([figure]).splitlines()[2:] == [row]


def test_a_bare_database_is_given_the_rows_that_the_store_wrote(tmp_path: Path) -> None:
    batches = prepare([*mix.joins(MANY // 10), *mix.mix(MANY, MANY // 10)], 100)
    kept, bare = connected(tmp_path / "kept.db"), connected(tmp_path / "bare.db")
    with open_store(f"sqlite:///{tmp_path / 'kept.db'}") as store:
        kept_and_bare(store, batches, Reader(kept).written, partial(insert_all, bare))
    for query in (
        "SELECT * FROM contacts ORDER BY id",
        "SELECT * FROM records ORDER BY contact, sequence",
        "SELECT * FROM mos ORDER BY id",
        # What a later STOP cancels is cancelled in the store only.
        "SELECT id, contact, mo, text FROM mts ORDER BY id",
    ):
        rows = kept.execute(query).fetchall()
        assert len(rows) >= MANY // 10
        assert rows == bare.execute(query).fetchall()


STORY = """
programs: built-in
> JOIN
<~ .*
= In Progress
wait 1h
> YES
<~ .*
= Subscribed
"""


def test_the_bare_calls_of_a_story_are_those_that_it_makes(tmp_path: Path) -> None:
    path = tmp_path / "join.story"
    path.write_text(STORY, encoding="utf-8")
    calls = tell(path).calls
    assert [inbound.text for _, _, inbound in calls] == ["JOIN", "YES"]
    states = [engine.receive(contact, inbound).state for engine, contact, inbound in calls]
    assert states == [State.IN_PROGRESS, State.SUBSCRIBED]


def test_a_story_that_fails_is_not_measured(tmp_path: Path) -> None:
    path = tmp_path / "join.story"
    path.write_text(STORY.replace("Subscribed", "Declined"), encoding="utf-8")
    with pytest.raises(FailedError, match=r"join\.story"):
        tell(path)


@pytest.mark.parametrize("part", harness.PARTS)
def test_each_part_of_the_harness_is_measured_beside_what_it_stands_on(part: str) -> None:
    ours, measure = harness.PARTS[part](harness.QUICK)
    assert ours.value > 0
    assert measure.value > 0
    assert ours.target()


def test_a_send_leaves_the_rows_that_bare_statements_leave(tmp_path: Path) -> None:
    url, bare = f"sqlite:///{tmp_path}/kept.db", BareSqlite(tmp_path / "bare.db")
    figures = outbound.measure("SQLite", iter([(url, bare)]), outbound.Effort(1, FEW))
    assert len(figures) == len(["queued", "inserted", "handed over", "marked"])
    kept, marked = bare.rows_of(url), bare.rows_of(f"sqlite:///{tmp_path}/bare.db")
    assert len(kept) == FEW
    assert kept == marked

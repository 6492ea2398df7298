"""The row coverage plugin, run on small suites of its own, each in a fresh interpreter."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

TAKES_NOTHING = "def test_nothing(): pass"
TAKES_EVERYTHING = """
    from hypothesis import given, settings
    from optin_engine.machines import FLOWS
    from tests.strategies import situations

    @settings(max_examples=300, deadline=None, database=None)
    @given(situations())
    def test_everything(situation):
        for flow in FLOWS.values():
            for state, hears in flow.table:
                flow.step(state, hears, situation)
"""
TAKES_ANOTHERS = """
    from optin_engine.machines import FLOWS, compile_flow, machine
    from tests.strategies import BEGIN

    def test_anothers():
        compile_flow(machine("Single")).step("None", "HELP", None)
        FLOWS["Double"].step("None", "HELP", None)
"""


@pytest.fixture
def suite(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """Give an empty suite that has the plugin."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    pytester.makeini("[pytest]\naddopts = -p tests.row_coverage")
    return pytester


def test_a_whole_suite_that_never_takes_a_row_fails_and_names_it(suite: pytest.Pytester) -> None:
    suite.makepyfile(TAKES_NOTHING)
    result = suite.runpytest_subprocess()
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(
        [
            "row coverage: Single 0/*, Double 0/*, Age 0/*, Text 0/*, Contact 0/*",
            "never taken: Double: In Progress, YES, always -> Subscribed, confirmation",
        ]
    )


def test_a_whole_suite_that_takes_every_row_passes(suite: pytest.Pytester) -> None:
    suite.makepyfile(TAKES_EVERYTHING)
    result = suite.runpytest_subprocess()
    assert result.ret == pytest.ExitCode.OK
    result.stdout.no_fnmatch_line("never taken*")
    result.stdout.re_match_lines([r"row coverage: Single (\d+)/\1, Double (\d+)/\2, .*"])


@pytest.mark.parametrize("chosen", ["-k=nothing", "-m=not slow", "--lf", "."])
def test_a_part_of_a_suite_passes_without_taking_every_row(
    suite: pytest.Pytester, chosen: str
) -> None:
    suite.makepyfile(TAKES_NOTHING)
    result = suite.runpytest_subprocess(chosen)
    assert result.ret == pytest.ExitCode.OK
    result.stdout.fnmatch_lines(["row coverage: Single 0/*"])
    result.stdout.no_fnmatch_line("never taken*")


def test_a_row_counts_only_where_a_flow_of_the_house_took_it(suite: pytest.Pytester) -> None:
    suite.makepyfile(TAKES_ANOTHERS)
    result = suite.runpytest_subprocess()
    result.stdout.fnmatch_lines(
        ["row coverage: Single 0/*, Double 1/*, Age 0/*, Text 0/*, Contact 0/*"]
    )


def test_rows_count_whichever_process_took_them(suite: pytest.Pytester) -> None:
    suite.makepyfile(TAKES_EVERYTHING)
    result = suite.runpytest_subprocess("-n2")
    assert result.ret == pytest.ExitCode.OK
    result.stdout.re_match_lines([r"row coverage: Single (\d+)/\1, Double (\d+)/\2, .*"])

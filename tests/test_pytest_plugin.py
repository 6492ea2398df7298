"""The pytest plugin, as a user's own suite has it."""

import sys
from importlib import import_module
from xml.etree import ElementTree as ET

import pytest

from optin_engine.harness import starter_text

KEPT = """
# A yes on the next day
programs: built-in
> JOIN
<~ .*
= In Progress
wait 23h
> Yes please!
<~ .*
= Subscribed
"""
BROKEN = """
# Somebody hoped for more
programs: built-in
> JOIN
< Welcome aboard!
= Subscribed
"""
UNREADABLE = """
# A wait without a length
programs: built-in
> JOIN
wait soon
"""
USED = (
    "optin_engine.engine",
    "optin_engine.harness.phone",
    "optin_engine.harness.stories.playing",
    "optin_engine.harness.stories.showing",
    "optin_engine.harness.targets.engine",
)
OTHERS = starter_text().replace("JOIN", "ENTER").replace("123456", "654321")


@pytest.fixture(scope="module", autouse=True)
def _brought() -> None:
    """Import what the plugin does, before pytester begins to look.

    After a test pytester forgets the modules that came with it. Those that came again would
    be others, with exceptions of their own that the ones that stayed do not catch.
    """
    for module in USED:
        import_module(module)


@pytest.fixture
def suite(pytester: pytest.Pytester) -> pytest.Pytester:
    """Give an empty suite that is as strict as pytest can be."""
    pytester.makeini(
        "[pytest]\naddopts = --strict-markers --strict-config -p no:cacheprovider\n"
        "filterwarnings = error"
    )
    return pytester


# -- stories


def test_a_story_is_a_test_named_by_its_title(suite: pytest.Pytester) -> None:
    suite.makefile(".story", next_day=KEPT)
    result = suite.runpytest("-v")
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["next_day.story::A yes on the next day PASSED*"])


def test_a_story_without_a_title_is_named_by_its_file(suite: pytest.Pytester) -> None:
    suite.makefile(".story", next_day=KEPT.replace("#", "\n").replace("A yes on the next day", ""))
    suite.runpytest("-v").stdout.fnmatch_lines(["next_day.story::next_day PASSED*"])


def test_a_story_that_fails_shows_what_was_said_and_no_python(suite: pytest.Pytester) -> None:
    suite.makefile(".story", hoped=BROKEN)
    result = suite.runpytest()
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        ["*- < Welcome aboard!", "*+ < Acme Offers: Reply YES *", "*- = Subscribed", "*+ = In *"]
    )
    result.stdout.no_fnmatch_line("*.py:[0-9]*")


def test_a_line_that_is_none_of_a_story_is_an_error_that_tells_where(
    suite: pytest.Pytester,
) -> None:
    suite.makefile(".story", waits=UNREADABLE)
    result = suite.runpytest()
    assert result.ret == pytest.ExitCode.INTERRUPTED
    result.stdout.fnmatch_lines(["*ERROR collecting waits.story*", "waits.story:4:6: *"])
    result.stdout.no_fnmatch_line("*Traceback*")
    result.stdout.no_fnmatch_line("*.py:[0-9]*")


def test_a_story_in_another_encoding_is_an_error_that_says_so(suite: pytest.Pytester) -> None:
    (suite.path / "ete.story").write_bytes("# Été".encode("latin-1"))
    result = suite.runpytest()
    assert result.ret == pytest.ExitCode.INTERRUPTED
    result.stdout.fnmatch_lines(["ete.story: it is not UTF-8*"])
    result.stdout.no_fnmatch_line("*.py:[0-9]*")


def test_a_story_finds_its_programmes_beside_itself(suite: pytest.Pytester) -> None:
    folder = suite.mkdir("stories")
    (folder / "others.toml").write_text(OTHERS, encoding="utf-8")
    story = KEPT.replace("built-in", "others.toml").replace("JOIN", "ENTER")
    (folder / "others.story").write_text(story, encoding="utf-8")
    suite.runpytest().assert_outcomes(passed=1)


def test_programmes_that_are_not_there_fail_the_story_that_names_them(
    suite: pytest.Pytester,
) -> None:
    suite.makefile(".story", lost=KEPT.replace("built-in", "lost.toml"))
    result = suite.runpytest()
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*lost.toml: No such file or directory*"])
    result.stdout.no_fnmatch_line("*.py:[0-9]*")


@pytest.mark.parametrize(
    "chosen",
    ["-k=next and day", "-k=not hoped", "next_day.story", "next_day.story::A yes on the next day"],
)
def test_stories_are_chosen_as_tests_are(suite: pytest.Pytester, chosen: str) -> None:
    suite.makefile(".story", next_day=KEPT, more=BROKEN)
    suite.runpytest(chosen).assert_outcomes(passed=1, deselected=int("-k" in chosen))


def test_stories_are_listed_without_being_told(suite: pytest.Pytester) -> None:
    suite.makefile(".story", next_day=KEPT, hoped=BROKEN)
    result = suite.runpytest("--collect-only", "-q")
    assert result.ret == pytest.ExitCode.OK
    result.stdout.fnmatch_lines(
        ["hoped.story::Somebody hoped for more", "next_day.story::A yes on the next day"]
    )


def test_stories_are_shared_among_processes(
    suite: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    suite.makefile(".story", next_day=KEPT, hoped=BROKEN)
    suite.makepyfile("def test_own(phone): assert phone.state == 'None'")
    plugins = "-p", "xdist", "-p", "optin_engine.harness.pytest_plugin"
    suite.runpytest_subprocess(*plugins, "-n", "2").assert_outcomes(passed=2, failed=1)


def test_a_junit_report_has_the_conversation_that_failed(suite: pytest.Pytester) -> None:
    suite.makefile(".story", next_day=KEPT, hoped=BROKEN)
    suite.runpytest("--junitxml=report.xml")
    report = ET.parse(suite.path / "report.xml")  # noqa: S314 - pytest wrote it just now.
    cases = {case.attrib["name"]: case for case in report.iter("testcase")}
    assert cases.keys() == {"A yes on the next day", "Somebody hoped for more"}
    failure = cases["Somebody hoped for more"].find("failure")
    assert failure is not None
    assert "Welcome aboard!" in str(failure.text)


def test_who_wants_no_stories_leaves_the_plugin_out(suite: pytest.Pytester) -> None:
    suite.makefile(".story", hoped=BROKEN)
    result = suite.runpytest("-p", "no:optin_engine")
    assert result.ret == pytest.ExitCode.NO_TESTS_COLLECTED


def test_who_has_imported_the_package_can_still_run_pytest(suite: pytest.Pytester) -> None:
    # The warning that a module comes too late to be rewritten would be an error here.
    suite.makefile(".story", next_day=KEPT)
    code = "import sys, optin_engine.engine, pytest; sys.exit(pytest.main())"
    result = suite.run(sys.executable, "-c", code)
    assert result.ret == pytest.ExitCode.OK


# -- fixtures


def test_a_phone_texts_the_built_in_example(suite: pytest.Pytester) -> None:
    suite.makepyfile("""
        def test_a_yes_on_the_next_day_counts(phone):
            phone.text("JOIN")
            phone.wait("23h")
            phone.text("Yes please!")
            assert phone.state == "Subscribed"
            assert len(phone.received) == 2

        def test_every_test_has_a_phone_of_its_own(phone):
            assert phone.state == "None"
            assert phone.received == []
        """)
    suite.runpytest().assert_outcomes(passed=2)


def test_both_fixtures_have_the_programmes_of_the_marker_beside_the_test(
    suite: pytest.Pytester,
) -> None:
    folder = suite.mkdir("campaigns")
    (folder / "others.toml").write_text(OTHERS, encoding="utf-8")
    (folder / "test_others.py").write_text(
        """
import pytest

pytestmark = pytest.mark.optin_programs("others.toml")

def test_phone(phone):
    assert phone.text("ENTER").keyword == "ENTER"

def test_engine(optin_engine):
    assert list(optin_engine.account.codes) == ["654321"]
""",
        encoding="utf-8",
    )
    suite.runpytest().assert_outcomes(passed=2)


def test_the_ini_option_names_programmes_from_the_rootdir_and_the_marker_others(
    suite: pytest.Pytester,
) -> None:
    suite.makeini("[pytest]\noptin_programs = campaigns/others.toml")
    folder = suite.mkdir("campaigns")
    (folder / "others.toml").write_text(OTHERS, encoding="utf-8")
    (folder / "example.toml").write_text(starter_text(), encoding="utf-8")
    (folder / "test_both.py").write_text(
        """
import pytest

def test_ini(optin_engine):
    assert list(optin_engine.account.codes) == ["654321"]

@pytest.mark.optin_programs("example.toml")
def test_marker(optin_engine):
    assert list(optin_engine.account.codes) == ["123456"]
""",
        encoding="utf-8",
    )
    suite.runpytest().assert_outcomes(passed=2)


@pytest.mark.parametrize(
    ("marker", "complaint"),
    [
        ('("lost.toml")', "*lost.toml: No such file or directory"),
        ('("faulty.toml")', "*faulty.toml: *The Keyword JOIN ME is invalid*"),
        ('("bare.toml")', "*bare.toml: it has no code to text to"),
        ("", "*the marker names one file: @pytest.mark.optin_programs(*"),
    ],
    ids=["lost", "faulty", "bare", "unnamed"],
)
def test_programmes_that_cannot_be_used_are_told_without_a_traceback(
    suite: pytest.Pytester, marker: str, complaint: str
) -> None:
    faulty = starter_text().replace('= "JOIN"', '= "JOIN ME"')
    suite.makefile(".toml", faulty=faulty, bare="codes = []\nprograms = []")
    suite.makepyfile(f"""
        import pytest

        @pytest.mark.optin_programs{marker}
        def test_phone(phone): pass
        """)
    result = suite.runpytest()
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines([complaint])
    result.stdout.no_fnmatch_line("*.py:[0-9]*")


def test_the_marker_and_the_ini_option_tell_what_they_are_for(suite: pytest.Pytester) -> None:
    suite.runpytest("--markers").stdout.fnmatch_lines(["@pytest.mark.optin_programs(file): def*"])
    suite.runpytest("--help").stdout.fnmatch_lines(["*optin_programs (string):*", "*definitions*"])

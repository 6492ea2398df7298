"""What came of stories as JUnit XML, for those who collect it; needs junitparser."""

import re
from collections.abc import Sequence
from pathlib import Path

from junitparser import Error, Failure, JUnitXml, Skipped, TestCase, TestSuite

from optin_engine.harness.stories.played import Played
from optin_engine.harness.stories.reports import Verdict, verdict
from optin_engine.harness.stories.showing import lines_of

SUITE = "optin-engine test"
RESULTS = {Verdict.FAILED: Failure, Verdict.BROKEN: Error, Verdict.SKIPPED: Skipped}

# What XML cannot hold, not even escaped.
_NOT_XML = re.compile("[^\\t\\n\\r\\x20-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]")


def write_junit(stories: Sequence[Played], file: Path) -> None:
    """Write a test case for each story, with its conversation where there is something to see.

    Args:
        stories: as they were played.
        file: where to; one that is there is written over.

    Raises:
        OSError: the file cannot be written.

    """
    suite = TestSuite(SUITE)
    for story in stories:
        suite.add_testcase(_case(story))
    whole = JUnitXml(SUITE)
    whole.add_testsuite(suite)
    whole.write(str(file), pretty=True)


def _case(played: Played) -> TestCase:
    story = played.story
    case = TestCase(_xml(story.title or Path(story.name).stem), _xml(story.name), played.seconds)
    shown = list(lines_of(played))
    first_skipped = next((one.skipped for one in played.skipped), "")
    kind = RESULTS.get(verdict(played))
    if kind is not None:
        result = kind(_xml(first_skipped if kind is Skipped else shown[0]))
        result.text = _xml("\n".join(shown))
        case.result = [result]
    elif first_skipped:
        case.system_out = _xml("\n".join(shown))
    return case


def _xml(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)

"""What the tests of recorded stories share: definitions, what is texted, and a story played."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from optin_engine.harness.stories.parsing import read_story
from optin_engine.harness.stories.played import Played
from optin_engine.harness.stories.playing import play, programs_beside
from optin_engine.harness.targets.engine import EngineTarget

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


def assert_passes(path: Path) -> Played:
    """Play a story that was recorded; give what it said, which is all that it expects."""
    text = path.read_text(encoding="utf-8")
    done = play(read_story(path.name, text), EngineTarget(), programs_beside(path))
    assert done.passed, text
    return done

"""The documentation's page as a browser shows it, under its content security policy."""

import re
import shutil
import subprocess
from pathlib import Path

import attrs
import pytest

from optin_engine.web.calls import CALLS
from tests.web_server import serving
from tests.web_service import SETTINGS, application

NAMES = ("chromium", "chromium-browser", "google-chrome")
BROWSER = next(filter(None, map(shutil.which, NAMES)), None)

# A browser waits for the page in its own time, which passes as quickly as the page allows.
OPTIONS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"),
    *("--virtual-time-budget=5000", "--enable-logging=stderr", "--dump-dom"),
)


@pytest.mark.skipif(BROWSER is None, reason=f"none of {', '.join(NAMES)} is installed")
def test_a_browser_shows_every_call_and_has_nothing_to_complain_of(tmp_path: Path) -> None:
    profile = f"--user-data-dir={tmp_path}"
    with application(settings=attrs.evolve(SETTINGS, is_dev=True)) as app, serving(app) as served:
        shown = subprocess.run(
            [str(BROWSER), *OPTIONS, profile, f"{served.url}/docs"],
            capture_output=True,
            check=True,
            text=True,
            timeout=60,
        )
    paths = re.findall(r'data-path="([^"]*)"', shown.stdout)
    assert sorted(paths) == sorted(call.path for call in CALLS)
    # What a page does against its policy, or wrongly, is said on its console.
    assert [line for line in shown.stderr.splitlines() if "CONSOLE" in line] == []

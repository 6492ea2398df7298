"""What every test of the suite shares: Hypothesis's profiles, and the coverage of rows."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.database import DirectoryBasedExampleDatabase

pytest_plugins = [
    "tests.row_coverage",
    "tests.servers",
    "tests.store_contract",
    "tests.commanding",
    "tests.faults.figures",
    "pytester",
]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int | None:
    """Have a process more than cores: the tests wait for disks and servers half of their time."""
    if os.environ.get("PYTEST_XDIST_AUTO_NUM_WORKERS"):
        return None
    return (os.cpu_count() or 1) + 1


def pytest_configure(config: pytest.Config) -> None:
    """Choose the effort: HYPOTHESIS_PROFILE is `ci` (the default) or `deep`."""
    cache = getattr(config, "cache", None)
    examples = Path(str(cache.mkdir("hypothesis"))) if cache else None
    database = DirectoryBasedExampleDatabase(examples) if examples else None
    for profile, effort in (("ci", 300), ("deep", 20_000)):
        settings.register_profile(
            profile,
            max_examples=effort,
            deadline=None,
            derandomize=False,
            database=database,
            # How long it takes to draw depends on the machine, as a deadline would.
            suppress_health_check=[HealthCheck.too_slow],
        )
    settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))

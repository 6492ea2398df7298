"""A full disk under the file of refused lines: that file is named, and not the one imported."""

from io import BufferedReader, BytesIO
from pathlib import Path

import pytest

from optin_engine.harness.list_files import MemberFile
from optin_engine.harness.list_import import refusals
from optin_engine.harness.list_numbers import international
from optin_engine.stores import open_store
from tests.commanding import assert_fails

FULL = Path("/dev/full")

pytestmark = pytest.mark.skipif(not FULL.exists(), reason="needs a device that is always full")


def test_a_refused_line_that_cannot_be_kept_is_an_error_of_that_file() -> None:
    source = MemberFile(BufferedReader(BytesIO(b"phone\n")), international)
    with (
        pytest.raises(OSError, match="No space left on device") as failed,
        refusals(FULL, source, str),
    ):
        pytest.fail("the header was written")
    assert failed.value.filename == str(FULL)


def test_the_command_names_the_file_that_is_full(tmp_path: Path) -> None:
    file, url = tmp_path / "friends.csv", f"sqlite:///{tmp_path}/optin.db"
    file.write_text("phone\n")
    open_store(url).close()
    reason = f"error: {FULL}: No space left on device\n"
    assert_fails(2, reason, "lists", "import", "Friends", file, "--refused", FULL, "--store", url)

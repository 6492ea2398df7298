"""What a file may tell of a running system, and how it is refused."""

from pathlib import Path

import pytest

from optin_engine.harness.refusal import CommandError
from optin_engine.harness.targets.described import described

URL = 'url = "http://127.0.0.1:8080"'

# fmt: off
REFUSED = {
    # what the file holds              what is said of it
    b"":                               "`url`",
    b"\xff":                           "byte 0 is not UTF-8",
    b"url =":                          "not TOML",
    b"url = " + b"[" * 10_000:         "nested too deep",
    b"patience = 1.0":                 "`url`",
    b"url = 1":                        "$.url",
    URL.encode() + b"\nport = 1":      "`port`",
    URL.encode() + b"\npatience = -1": "$.patience",
}
# fmt: on


@pytest.mark.parametrize(("content", "said"), REFUSED.items(), ids=REFUSED.values())
def test_a_file_that_describes_no_system_is_refused_in_one_line(
    tmp_path: Path, content: bytes, said: str
) -> None:
    file = tmp_path / "target.toml"
    file.write_bytes(content)
    with pytest.raises(CommandError) as refused:
        described(str(file))
    (line,) = refused.value.lines
    assert line.startswith(f"{file}: ")
    assert said in line


def test_what_the_command_says_counts_more_than_the_file(tmp_path: Path) -> None:
    file = tmp_path / "target.toml"
    file.write_text(f'\ufeff{URL}\nadapter = "twilio"\npatience = 2\n', encoding="utf-8")
    found = described(str(file), "mobileconnect", define=True)
    assert (found.adapter, found.define, found.options().patience) == ("mobileconnect", True, 2)

"""Pictures and tables: they show every row, and no other; the committed ones are current."""

import re
import sys
from pathlib import Path

import pytest

from optin_engine import render
from optin_engine.harness import diagrams
from optin_engine.machines import FLOWS
from optin_engine.outcome import Row

FOLDER = Path(__file__).parents[1] / "diagrams"
NAMES = ("single", "double", "age", "contact", "conversation", "layers")
Drawn = tuple[str, str, str, str, str]

STATE = re.compile(r'state "([^"]+)" as (\w+)')
LINE = re.compile(r"(\w+)(?: --> (\w+))? : (.+)")
LABEL = re.compile(r"([A-Z_]+(?:, [A-Z_]+)*)(?: \[([^\]]*)\])? / (.*?)(?= [A-Z]{2}|$)")


def parsed(text: str) -> set[Drawn]:
    """Read a drawing back, by the letter of its legend: `any state` is expanded."""
    titles = {name: title for title, name in STATE.findall(text)}
    states = [title for title in titles.values() if title != "any state"]
    rows = set()
    for line in text.splitlines():
        found = LINE.fullmatch(line.strip())
        if not found or "anything else" in line:
            continue
        start, end = titles[found[1]], titles[found[2] or found[1]]
        sources = [start]
        if start == "any state":
            sources = [state for state in states if state != end]
        for hears, guards, says in LABEL.findall(found[3].replace("<br/>", " ")):
            for source in sources:
                target = source if start == end else end
                rows |= {(source, one, guards or "", target, says) for one in hears.split(", ")}
    return rows


def shown(row: Row) -> Drawn:
    says = f"refused: {row.refusal}" if row.refusal else str(row.says)
    return (row.source, row.hears, ", ".join(row.guards), row.target, says)


def is_silent(row: Row) -> bool:
    return shown(row)[-1] == "nothing" and row.source == row.target


@pytest.mark.parametrize("name", FLOWS)
def test_a_diagram_shows_every_row_that_does_something_and_no_other(name: str) -> None:
    expected = {shown(row) for row in FLOWS[name].rows() if not is_silent(row)}
    assert parsed(render.mermaid(FLOWS[name])) == expected


@pytest.mark.parametrize("name", FLOWS)
def test_a_markdown_table_holds_every_row_once_silence_included(name: str) -> None:
    flow = FLOWS[name]
    rows = []
    for line in render.markdown(flow).splitlines()[2:]:
        states, heard, guards, target, says = (cell.strip() for cell in line.split("|")[1:-1])
        for source in flow.states if states == "any" else states.split(", "):
            to = source if target == "stays" else target
            rows += [(source, hears, guards, to, says) for hears in heard.split(", ")]
    assert sorted(rows) == sorted(shown(row) for row in flow.rows())


@pytest.mark.parametrize("name", NAMES)
def test_the_committed_drawing_is_what_the_code_draws_now(name: str) -> None:
    if name == "layers":
        pytest.importorskip("grimp", reason="grimp, of import-linter, reads the imports")
    committed = (FOLDER / f"{name}.mmd").read_text(encoding="utf-8")
    assert committed == diagrams.drawings()[name]


@pytest.mark.parametrize("name", NAMES)
def test_the_committed_svg_is_what_mermaid_makes_of_the_committed_drawing(name: str) -> None:
    pytest.importorskip("mermaidx", reason="mermaidx lays out the SVG")
    drawing = (FOLDER / f"{name}.mmd").read_text(encoding="utf-8")
    committed = (FOLDER / f"{name}.svg").read_text(encoding="utf-8")
    assert committed == render.svg(drawing)


@pytest.mark.parametrize("name", NAMES)
def test_a_committed_svg_is_plain_text_and_shapes_on_white(name: str) -> None:
    committed = (FOLDER / f"{name}.svg").read_text(encoding="utf-8")
    assert "foreignObject" not in committed
    assert 'fill="#ffffff"' in committed


def test_words_of_mermaids_own_grammar_are_spoken_as_text() -> None:
    pytest.importorskip("mermaidx", reason="mermaidx lays out the SVG")
    heard = 'a; b # <b> "c" 100%%'
    drawn = render.svg(render.sequence("+1", "123456", [(heard, [], "None")]))
    assert "a; b # &lt;b&gt;" in re.sub(r"&quot;", '"', drawn)


def test_an_arrow_that_others_imply_is_left_out_of_the_layers() -> None:
    drawn = render.layers({"a": ["b", "c", "d"], "b": ["c"], "c": [], "d": []}, {})
    assert drawn.split("\n")[1:-1] == ["    a --> b", "    a --> d", "    b --> c"]


def test_without_mermaidx_the_error_names_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "mermaidx", None)
    with pytest.raises(ModuleNotFoundError, match=r'pip install "optin-engine\[diagrams\]"'):
        render.svg("flowchart TD\n    a --> b\n")

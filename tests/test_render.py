"""Pictures and tables: they show every row, and no other; the committed ones are current."""

import re
import sys
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optin_engine import render
from optin_engine.flow import Flow
from optin_engine.harness import diagrams
from optin_engine.machines import FLOWS
from optin_engine.outcome import Row

FOLDER = Path(__file__).parents[1] / "diagrams"
NAMES = ("single", "double", "age", "contact", "conversation", "layers")
Drawn = tuple[str, str, str, str, str]

STATE = re.compile(r'state "([^"]+)" as (\w+)')
LINE = re.compile(r"(\w+)(?: --> (\w+))? : (.+)")
LABEL = re.compile(
    r"(✗ )?([A-Z_]+(?:, [A-Z_]+)*)(?: \[([^\]]*)\])? / (.*?)(?: ✗ in (.*?))?(?= ✗| [A-Z]{2}|$)"
)
LEGENDS = ("anything else / nothing", "✗ is what no story takes")


def parsed(text: str) -> set[Drawn]:
    """Read a drawing back, by the letter of its legend: `any state` is expanded."""
    return {row for row, _ in parsed_with_marks(text)}


def parsed_with_marks(text: str) -> Iterator[tuple[Drawn, bool]]:
    """Read a drawing back, and whether each row in it is marked."""
    titles = {name: title for title, name in STATE.findall(text)}
    states = [title for title in titles.values() if title != "any state"]
    for line in text.splitlines():
        found = LINE.fullmatch(line.strip())
        if not found or line.endswith(LEGENDS):
            continue
        start, end = titles[found[1]], titles[found[2] or found[1]]
        sources = [start]
        if start == "any state":
            sources = [state for state in states if state != end]
        for mark, hears, guards, says, where in LABEL.findall(found[3].replace("<br/>", " ")):
            for source, one in product(sources, hears.split(", ")):
                target = source if start == end else end
                yield (source, one, guards, target, says), bool(mark) or source in where.split(", ")


def shown(row: Row) -> Drawn:
    says = f"refused: {row.refusal}" if row.refusal else str(row.says)
    return (row.source, row.hears, ", ".join(row.guards), row.target, says)


def is_silent(row: Row) -> bool:
    return shown(row)[-1] == "nothing" and row.source == row.target


@pytest.mark.parametrize("name", FLOWS)
def test_a_diagram_shows_every_row_that_does_something_and_no_other(name: str) -> None:
    expected = {shown(row) for row in FLOWS[name].rows() if not is_silent(row)}
    assert parsed(render.mermaid(FLOWS[name])) == expected


@given(st.sampled_from(list(FLOWS.values())), st.data())
def test_every_row_that_no_story_takes_is_drawn_and_marked_and_no_other_is_marked(
    flow: Flow, data: st.DataObject
) -> None:
    rows = list(flow.rows())
    untaken = data.draw(st.sets(st.sampled_from(rows)))
    drawn = list(parsed_with_marks(render.mermaid(flow, untaken)))
    assert {row for row, marked in drawn if marked} == {shown(row) for row in untaken}
    plain = {row for row, marked in drawn if not marked}
    taken = {shown(row) for row in rows if row not in untaken}
    doing = {shown(row) for row in rows if row not in untaken and not is_silent(row)}
    assert doing <= plain <= taken


def test_marks_and_their_legend_are_in_the_picture_that_mermaid_makes() -> None:
    pytest.importorskip("mermaidx", reason="mermaidx lays out the SVG")
    flow, untaken = FLOWS["Double"], {("In Progress", "NO"), ("None", "HELP")}
    rows = [row for row in flow.rows() if (row.source, row.hears) in untaken]
    drawn = re.findall(">([^<]+)<", render.svg(render.mermaid(flow, rows)))
    marked = [text for text in drawn if "✗" in text]
    assert marked == ["✗ NO / nothing", "HELP / help ✗ in None", "✗ is what no story takes"]


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

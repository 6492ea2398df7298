"""Rows -> pictures and tables that people read: Mermaid, SVG, Markdown. No files here.

A state diagram is drawn for somebody who must answer for it: its arrows are the ways from
state to state, and what a state answers without leaving it stands inside its box. What all
states have in common is drawn once, at the dashed box `any state`: an arrow from there
starts in every state but its target. Where a row moves nobody, says nothing and refuses
nothing, there is nothing to draw; the Markdown table has those rows too.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence

from optin_engine.drawing import svg
from optin_engine.flow import Flow
from optin_engine.outcome import Row
from optin_engine.vocabulary import State

Turn = tuple[str, Sequence[str], str]

__all__ = ["layers", "markdown", "mermaid", "sequence", "svg"]

ANY_STATE = "any state"

# Mermaid cannot colour a single arrow of a state diagram; so its label is marked.
UNTAKEN = "✗"
UNTAKEN_LEGEND = f"{UNTAKEN} is what no story takes"

# Mermaid breaks the label of an arrow at 200 pixels wherever that falls. About this many
# characters fit, so it is broken here first: at a guard, or at what is said.
LABEL_WIDTH = 26
INSIDE_WIDTH = 46
SPEECH_WIDTH = 42

# fmt: off
COLOURS = {
    # state             inside     border
    ANY_STATE:          ("#ffffff", "#71717a,stroke-dasharray:5 4"),
    State.NONE:         ("#f4f4f5", "#71717a"),
    State.IN_PROGRESS:  ("#e0f0ff", "#1d6fb8"),
    State.SUBSCRIBED:   ("#dcf5e3", "#23834a"),
    State.UNSUBSCRIBED: ("#fde4e2", "#b3362b"),
    State.DECLINED:     ("#fff1d1", "#a96b00"),
}
# fmt: on

# What would end a label, or be read as markup in it, as Mermaid's own entities.
ENTITIES = str.maketrans(
    {"#": "#35;", ";": "#59;", "<": "#lt;", ">": "#gt;", '"': "#quot;", "%": "#37;", "\n": " "}
)


def mermaid(flow: Flow, untaken: Collection[Row] = ()) -> str:
    """Draw a flow as a Mermaid `stateDiagram-v2`; its labels read `hears [guard] / says`.

    Args:
        flow: any compiled flow, also an extended one.
        untaken: rows of it that no story takes: each is drawn, even where it does nothing,
            and marked; where there are any, a legend says so.

    >>> from optin_engine.machines import FLOWS
    >>> print(mermaid(FLOWS["Contact"]))  # doctest: +ELLIPSIS
    stateDiagram-v2
        %% Contact: whatever is not drawn leaves a state as it is, and says nothing.
        state "None" as None
        ...
        None --> Unsubscribed : STOP / stop
        Unsubscribed --> None : JOIN, SUBSCRIBE<br/>[came back] / nothing<br/>START / start...
        ...
    """
    names = _names((*flow.states, ANY_STATE))
    arrows, inside = [], []
    for (source, target), rows in _drawn(flow, untaken).items():
        labels = _labels(rows, untaken)
        if source == target:
            inside += [f"{names[source]} : {_broken(label, INSIDE_WIDTH)}" for label in labels]
        else:
            broken = "<br/>".join(_broken(label, LABEL_WIDTH) for label in labels)
            arrows.append(f"{names[source]} --> {names[target]} : {broken}")
    # Drawn from the last row up, the arrows into In Progress stand clear of each other.
    lines = [
        f"%% {flow.name}: whatever is not drawn leaves a state as it is, and says nothing.",
        *(f"state {_quoted(state)} as {name}" for state, name in names.items()),
        *reversed(arrows),
        f"[*] --> {names[flow.states[0]]}",
        *inside,
        f"{names[ANY_STATE]} : anything else / nothing",
        *([f"{names[ANY_STATE]} : {UNTAKEN_LEGEND}"] if untaken else ()),
        *_colours(names),
    ]
    return _diagram("stateDiagram-v2", lines)


def markdown(flow: Flow) -> str:
    """Write a flow as a Markdown table; every row of every state is in it, silence too.

    Rows stand in the order of the table. Those that differ only in the state they stand
    in, or then only in what is heard, share a line.

    >>> from optin_engine.machines import FLOWS
    >>> print(markdown(FLOWS["Contact"]).rstrip())  # doctest: +ELLIPSIS
    | in | hears | if | goes to | says |
    |---|---|---|---|---|
    ...
    | any | HELP |  | stays | help |
    ...
    """
    by_look: dict[tuple[object, ...], list[Row]] = {}
    for row in flow.rows():
        by_look.setdefault((row.hears, *_look(row)), []).append(row)
    by_sources: dict[tuple[tuple[str, ...], tuple[object, ...]], list[Row]] = {}
    for rows in by_look.values():
        sources = tuple(row.source for row in rows)
        by_sources.setdefault((sources, _look(rows[0])), []).append(rows[0])
    lines = ["| in | hears | if | goes to | says |", "|---|---|---|---|---|"]
    for (sources, _), rows in by_sources.items():
        row = rows[0]
        cells = (
            "any" if len(sources) == len(flow.states) else ", ".join(sources),
            ", ".join(row.hears for row in rows),
            ", ".join(row.guards),
            "stays" if row.stays else row.target,
            row.answer,
        )
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines) + "\n"


def sequence(number: str, code: str, turns: Iterable[Turn]) -> str:
    """Draw a conversation that was played as a Mermaid `sequenceDiagram`.

    Args:
        number: the contact's.
        code: the short or long code that it writes to.
        turns: for each MO its text, the texts that were said, and the state after it.

    >>> print(sequence("+15555550123", "123456", [("JOIN", ["Reply YES"], "In Progress")]))
    sequenceDiagram
        actor handset as +15555550123
        participant code as code 123456
        participant engine as engine
        handset ->> code : JOIN
        code ->> engine : receive
        engine -->> code : In Progress
        code ->> handset : Reply YES
    <BLANKLINE>
    """
    lines = [
        f"actor handset as {_escaped(number)}",
        f"participant code as code {_escaped(code)}",
        "participant engine as engine",
    ]
    for heard, said, state in turns:
        lines.append(f"handset ->> code : {_speech(heard)}")
        lines.append("code ->> engine : receive")
        lines.append(f"engine -->> code : {_escaped(state)}{'' if said else ', says nothing'}")
        lines += [f"code ->> handset : {_speech(text)}" for text in said]
    return _diagram("sequenceDiagram", lines)


def layers(imports: Mapping[str, Iterable[str]], groups: Mapping[str, Iterable[str]]) -> str:
    """Draw which module imports which as a Mermaid `flowchart`, users above the used.

    An arrow that others already imply is left out: who imports `a`, which imports `b`,
    may import `b` too.

    Args:
        imports: for each module those that it imports; no circles.
        groups: for each title the modules to draw in one box.

    >>> print(layers({"a": ["b", "c"], "b": ["c"], "c": []}, {"all": ["a", "b", "c"]}))
    flowchart TD
        subgraph all
            a
            b
            c
        end
        a --> b
        b --> c
    <BLANKLINE>
    """
    reached = {module: _reached(module, imports) for module in imports}
    lines = []
    for title, modules in groups.items():
        lines += [f"subgraph {title}", *(f"    {module}" for module in modules), "end"]
    for module, used in imports.items():
        implied = set[str]().union(*(reached[other] for other in used))
        lines += [f"{module} --> {other}" for other in used if other not in implied]
    return _diagram("flowchart TD", lines)


def _look(row: Row) -> tuple[object, ...]:
    """What of a row is the same wherever it stands."""
    target = None if row.stays else row.target
    return row.guards, target, row.says, row.refusal


def _drawn(flow: Flow, untaken: Collection[Row]) -> dict[tuple[str, str], list[list[Row]]]:
    """The rows to draw, by the boxes between which (or in which) they are drawn.

    Rows that are drawn as one, at the box `any state`, stand in one list.
    """
    alike: dict[tuple[object, ...], list[Row]] = {}
    for row in flow.rows():
        alike.setdefault((row.hears, *_look(row)), []).append(row)
    drawn: dict[tuple[str, str], list[list[Row]]] = {}
    for rows in alike.values():
        to_draw = [row for row in rows if row in untaken or not row.is_silent]
        stays = rows[0].stays
        if not to_draw:
            continue
        if stays and len(rows) == len(flow.states):
            drawn.setdefault((ANY_STATE, ANY_STATE), []).append(rows)
        elif not stays and not rows[0].guards and len(rows) == len(flow.states) - 1 > 1:
            drawn.setdefault((ANY_STATE, rows[0].target), []).append(rows)
        else:
            for row in to_draw:
                drawn.setdefault((row.source, row.target), []).append([row])
    return drawn


def _labels(drawn: Iterable[Sequence[Row]], untaken: Collection[Row]) -> list[str]:
    """One label for all that is heard under the same guards and answered the same."""
    heard: dict[tuple[str, str], list[str]] = {}
    for rows in drawn:
        row, missed = rows[0], [row.source for row in rows if row in untaken]
        everywhere = len(missed) == len(rows)
        mark = f"{UNTAKEN} " if everywhere else ""
        where = f" {UNTAKEN} in {', '.join(missed)}" if missed and not everywhere else ""
        guards = f" [{', '.join(row.guards)}]" if row.guards else ""
        heard.setdefault((mark, f"{guards} / {row.answer}{where}"), []).append(row.hears)
    return [_escaped(mark + ", ".join(hears) + rest) for (mark, rest), hears in heard.items()]


def _broken(label: str, width: int) -> str:
    """Break a label in lines: where a guard, what is said or a mark begins, or at a state."""
    lines = [""]
    for part in re.split(rf" (?=\[|/|{UNTAKEN})|(?<=,) (?=[^A-Z]|[A-Z][a-z])", label):
        if len(lines[-1]) + len(part) >= width:
            lines.append(part)
        else:
            lines[-1] = f"{lines[-1]} {part}".strip()
    return "<br/>".join(filter(None, lines))


def _speech(text: str) -> str:
    """Break what is said in lines, at spaces; a blank text is shown as one."""
    lines = re.findall(rf".{{1,{SPEECH_WIDTH}}}(?:\s|$)|\S+", text) or ["(blank)"]
    return "<br/>".join(_escaped(line.strip()) for line in lines)


def _escaped(text: str) -> str:
    return text.translate(ENTITIES)


def _quoted(text: str) -> str:
    return f'"{_escaped(text)}"'


def _names(titles: Iterable[str]) -> dict[str, str]:
    """Names that Mermaid takes for states: letters only, one each, none of its own words."""
    names: dict[str, str] = {}
    for title in titles:
        name = re.sub(r"[^0-9A-Za-z]", "", title.title() if title.islower() else title)
        if name.lower() in {"", "state", "note", "end", "class", "as"} or name in names.values():
            name = f"{name}State{len(names)}"
        names[title] = name
    return names


def _colours(names: Mapping[str, str]) -> Iterable[str]:
    for title, name in names.items():
        inside, border = COLOURS.get(title, COLOURS[State.IN_PROGRESS])
        yield f"classDef of{name} fill:{inside},stroke:{border}"
        yield f"class {name} of{name}"


def _reached(module: str, imports: Mapping[str, Iterable[str]]) -> set[str]:
    used = set(imports[module])
    return used.union(*(_reached(other, imports) for other in used))


def _diagram(kind: str, lines: Iterable[str]) -> str:
    return "\n".join([kind, *(f"    {line}" for line in lines)]) + "\n"

"""Mermaid text -> SVG, laid out by Mermaid itself in the optional package mermaidx.

What Mermaid gives is made fit to be kept: no HTML inside, on white, in its natural size,
and in numbers that do not change with the machine.
"""

import re
from importlib import import_module

MISSING = 'drawing an SVG needs the package mermaidx: pip install "optin-engine[diagrams]"'

CONFIG = {
    "theme": "neutral",
    "fontFamily": "DejaVu Sans, Verdana, sans-serif",
    "themeVariables": {"fontSize": "14px"},
    "flowchart": {"nodeSpacing": 80, "rankSpacing": 60},
    "sequence": {"mirrorActors": False, "messageAlign": "left"},
}


def svg(mermaid_text: str) -> str:
    """Lay out a Mermaid text as an SVG, on white, by Mermaid itself; no browser is needed.

    The same text gives the same SVG, to the byte, on every machine.

    Raises:
        ModuleNotFoundError: the optional package mermaidx is not installed.
        RuntimeError: Mermaid cannot read the text; says where.

    """
    try:
        mermaidx = import_module("mermaidx")
    except ModuleNotFoundError:
        raise ModuleNotFoundError(MISSING, name="mermaidx") from None
    drawn: str = mermaidx.render(mermaid_text, config=CONFIG).svg()
    return _tidied(drawn) + "\n"


# Mermaid's labels are HTML inside the SVG, which browsers show and little else.
_LABEL = re.compile(
    r'<foreignObject width="(?P<width>[^"]*)" height="(?P<height>[^"]*)"'
    r'(?: transform="translate\( ?(?P<x>[^,]*), (?P<y>[^)]*)\)")?>'
    r'<div[^>]*><span class="(?P<kind>\w+)[^>]*>(?P<html>.*?)</span></div></foreignObject>'
)


# It also writes floats to the last bit, fits the picture to the width of the page, and
# leaves the page transparent, thus black to some readers.
def _tidied(drawn: str) -> str:
    drawn = re.sub(r' data-points="[^"]*"', "", drawn)
    drawn = re.sub(r'(<g class="label") style="[^"]*"', r"\1", drawn)
    drawn = _LABEL.sub(_as_text, drawn)
    drawn = re.sub(r'"[^"<>]*\d\.\d[^"<>]*"', _rounded, drawn)
    box = re.search(r'viewBox="(\S+) (\S+) (\S+) (\S+)"', drawn)
    if box is None:
        message = "Mermaid drew no picture with a viewBox: install mermaidx 0.10"
        raise RuntimeError(message)
    x, y, width, height = box.groups()
    size = f'width="{width}" height="{height}" '
    paper = f'<rect x="{x}" y="{y}" width="{width}" height="{height}" fill="#ffffff"/>'
    drawn = drawn.replace('width="100%" ', size, 1)
    drawn = drawn.replace("background-color: transparent", "background-color: white", 1)
    return drawn.replace(">", f">{paper}", 1)


def _as_text(label: re.Match[str]) -> str:
    """Give an HTML label as text of SVG: titles bold, what stands under a title at the left."""
    width, height = float(label["width"]), float(label["height"])
    lines = re.split(r"<br ?/>", re.sub(r"</?p>", "", label["html"]))
    if not lines[0]:
        return ""
    x, y = float(label["x"] or 0), float(label["y"] or 0)
    is_arrow, is_inside = label["kind"] == "edgeLabel", y > 0
    paper = f'<rect width="{width}" height="{height}" style="fill:#ffffff;opacity:1"/>'
    at = 0 if is_inside else width / 2
    anchor = "start" if is_inside else "middle"
    weight = "normal" if is_arrow or is_inside else "bold"
    pitch = height / len(lines)
    spans = "".join(
        f'<tspan x="{at}" y="{(n + 0.7) * pitch}">{line}</tspan>' for n, line in enumerate(lines)
    )
    style = f"text-anchor:{anchor};font-weight:{weight};font-size:14px;fill:#18181b"
    text = f'<text style="{style};stroke:none !important">{spans}</text>'
    return f'<g transform="translate({x}, {y})">{paper if is_arrow else ""}{text}</g>'


def _rounded(value: re.Match[str]) -> str:
    return re.sub(r"\d+\.\d+", lambda n: f"{float(n[0]):.2f}".rstrip("0").rstrip("."), value[0])

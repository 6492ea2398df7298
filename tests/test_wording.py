"""Encodings and segments, against a slow and independent count."""

from hypothesis import given
from hypothesis import strategies as st

from optin_engine.program import Code, Program
from optin_engine.vocabulary import OptInType
from optin_engine.wording import segments, texts_of_code, texts_of_program

# 3GPP TS 23.038, the default alphabet and its extension table, written out.
GSM = (
    "@\u00a3$\u00a5\u00e8\u00e9\u00f9\u00ec\u00f2\u00c7\n\u00d8\u00f8\r\u00c5\u00e5"
    "\u0394_\u03a6\u0393\u039b\u03a9\u03a0\u03a8\u03a3\u0398\u039e\u00c6\u00e6\u00df\u00c9"
    " !\"#\u00a4%&'()*+,-./0123456789:;<=>?\u00a1ABCDEFGHIJKLMNOPQRSTUVWXYZ\u00c4\u00d6\u00d1"
    "\u00dc\u00a7\u00bfabcdefghijklmnopqrstuvwxyz\u00e4\u00f6\u00f1\u00fc\u00e0"
)
EXTENSION = "^{}\\[~]|\u20ac\f"


def slowly(text: str) -> tuple[str, int]:
    """Fill message after message, one whole character at a time."""
    if all(c in GSM + EXTENSION for c in text):
        encoding, alone, together = "GSM-7", 160, 153
        sizes = [2 if c in EXTENSION else 1 for c in text]
    else:
        encoding, alone, together = "UCS-2", 70, 67
        sizes = [len(c.encode("utf-16-be")) // 2 for c in text]
    if sum(sizes) <= alone:
        return encoding, 1
    filled = [0]
    for size in sizes:
        if filled[-1] + size > together:
            filled.append(0)
        filled[-1] += size
    return encoding, len(filled)


@given(st.text(st.sampled_from(GSM + EXTENSION), max_size=700))
def test_a_text_in_the_gsm_alphabet_takes_as_many_segments_as_filling_them_takes(text: str) -> None:
    assert segments(text) == slowly(text)


@given(st.text(st.characters(codec="utf-8"), max_size=300))
def test_any_other_text_is_ucs_2_and_no_emoji_is_cut_in_two(text: str) -> None:
    assert segments(text) == slowly(text)


def test_the_edges_of_a_segment() -> None:
    assert [segments("a" * n)[1] for n in (0, 160, 161, 306, 307)] == [1, 1, 2, 2, 3]
    assert [segments("\u4f60" * n)[1] for n in (70, 71, 134, 135)] == [1, 2, 2, 3]
    assert segments("a" * 152 + "\u20ac" + "a" * 152) == ("GSM-7", 3)


def test_a_text_with_a_broken_surrogate_is_still_counted() -> None:
    assert segments("\ud83d") == ("UCS-2", 1)


def test_a_text_that_is_not_there_is_not_said() -> None:
    program = Program("N", "123456", "JOIN", OptInType.SINGLE, response="Hi", messages={"x": "y"})
    said = texts_of_program(program)
    assert {kind: (o.text, o.keyword) for kind, o in said.items()} == {
        "response": ("Hi", "JOIN"),
        "x": ("y", "JOIN"),
    }
    assert texts_of_code(Code("123456")) == {}

"""What a story may say, and what is told of one that cannot be read: where, why, the mend."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from optin_engine.harness.phone import NUMBER
from optin_engine.harness.stories.parsing import read_story
from optin_engine.harness.stories.story import (
    Act,
    Again,
    At,
    Order,
    Ordered,
    Programs,
    Refused,
    Said,
    Stands,
    Story,
    StoryError,
    Text,
    To,
    Turn,
    Wait,
)
from optin_engine.harness.stories.writing import written
from optin_engine.vocabulary import Origin

FROM_THE_ISSUE = """\
# Double opt-in, confirmed the next day
programs: double.toml
at 2026-03-01 12:00 America/New_York
> JOIN
< Thanks for your interest! Please respond with Y or YES to confirm your subscription.
= In Progress
wait 23h
> Yes please!
< Thanks for subscribing! You will receive approx. 4 messages per month.
= Subscribed
"""
OTHER = "+15555550199"
BEGIN = "programs: built-in\n"

# What lines are made of, for texts that are nearly stories.
PIECES = (
    *("programs: built-in", "programs:", "rules: retry", "rules:", "at 2026-03-08 02:30 ", "at "),
    *("America/New_York", "wait ", "2d", "999999w", "to 123456", "> ", "< ", "<~ ", "= ", "! "),
    *("again", "STOP", "SUBSCRIBE", "JOIN", "In Progress", "JOIN: ", "refused: ", "stale", "+1 "),
    *("@web ", "-2h ", "\\", "\\u", "\\U0011ffff", "(", "[[", "a{9999999999999}", "\n", "\r\n"),
    *("\t", " ", "#", "\ufeff", "\x00", "\u2028", "²", "\u017f", "\ud800", "9999-12-31 23:59:59"),
)


def turns(*lines: str) -> tuple[Turn, ...]:
    """Read the turns of a story of the built-in programmes, without the first."""
    return read_story("a.story", BEGIN + "\n".join(lines)).turns[1:]


def act(line: str) -> Act:
    """Read one act."""
    return turns(line)[0].act


# -- what a story may say


def test_the_story_of_the_issue_is_read_and_written_as_it_stands() -> None:
    story = read_story("double.story", FROM_THE_ISSUE)
    assert written(story) == FROM_THE_ISSUE
    assert story == Story(
        "double.story",
        "Double opt-in, confirmed the next day",
        (),
        (
            Turn(Programs("double.toml")),
            Turn(At(datetime(2026, 3, 1, 17, tzinfo=UTC), "America/New_York")),
            Turn(
                Text("JOIN"),
                (
                    Said(
                        "Thanks for your interest! "
                        "Please respond with Y or YES to confirm your subscription."
                    ),
                ),
                (Stands("In Progress"),),
            ),
            Turn(Wait(timedelta(hours=23))),
            Turn(
                Text("Yes please!"),
                (Said("Thanks for subscribing! You will receive approx. 4 messages per month."),),
                (Stands("Subscribed"),),
            ),
        ),
    )


@pytest.mark.parametrize(
    ("line", "read"),
    [
        ("> JOIN", Text("JOIN")),
        (">JOIN", Text("JOIN")),
        (">", Text("")),
        (f"> {OTHER} @web -2h JOIN", Text("JOIN", OTHER, Origin.WEB, timedelta(hours=2))),
        ("> @API -1d12h NEWS", Text("NEWS", "", Origin.API, timedelta(hours=36))),
        (f"> {NUMBER} JOIN", Text("JOIN")),
        (r"> \@web", Text("@web")),
        (r"> \+1", Text("+1")),
        (r"> \ no\\yes\nthere\u00e9\U0001f600\ ", Text(" no\\yes\nthereé😀 ")),
        ("> a  b", Text("a  b")),
        ("> # JOIN", Text("# JOIN")),
        ("> a\\\\ ", Text("a\\")),
        ("! STOP", Order(Ordered.STOP)),
        (f"! {OTHER} subscribe join", Order(Ordered.SUBSCRIBE, "JOIN", OTHER)),
        ("wait 1d 12h", Wait(timedelta(hours=36))),
        ("WAIT 90m", Wait(timedelta(minutes=90))),
        ("to +15555550100", To("15555550100")),
        ("at 2026-11-01 01:30 America/New_York", At(datetime(2026, 11, 1, 5, 30, tzinfo=UTC),
                                                   "America/New_York")),
        ("at 2026-03-01 12:00:07", At(datetime(2026, 3, 1, 12, 0, 7, tzinfo=UTC))),
    ],
)  # fmt: skip
def test_an_act_is_read(line: str, read: Act) -> None:
    assert act(line) == read


@pytest.mark.parametrize(
    ("line", "read"),
    [
        ("< Hi\\nthere", Said("Hi\nthere")),
        (f"< {OTHER} Hi", Said("Hi", OTHER)),
        ("< \\", Said("")),
        ("< \\ ", Said(" ")),
        ("< @web", Said("@web")),
        ("< \\~x", Said("~x")),
        (r"<~ Hi\\n\s.*", Said(r"Hi\\n\s.*", is_pattern=True)),
        (f"<~ {OTHER} Hi", Said("Hi", OTHER, is_pattern=True)),
        ("= in progress", Stands("In Progress")),
        ("= join: Subscribed", Stands("Subscribed", "JOIN")),
        (f"= {OTHER} JOIN: Declined", Stands("Declined", "JOIN", OTHER)),
        (f"= {OTHER} None", Stands("None", "", OTHER)),
        ("= JOIN: POSTCODE", Stands("POSTCODE", "JOIN")),
        ("= refused: opted out", Refused("opted out")),
        ("= not refused", Refused("")),
        ("= Not Refused", Refused("")),
    ],
)
def test_what_must_come_is_read(line: str, read: Said | Stands | Refused) -> None:
    (turn,) = turns("> JOIN", line)
    assert [*turn.said, *turn.stands] == [read]


def test_silence_may_be_said_or_left_unsaid() -> None:
    assert turns("> x", "<") == turns("> x")


def test_all_that_is_expected_belongs_to_the_act_above_it_and_knows_its_line() -> None:
    first, second = turns("> a", "< b", "= None", "< c", "", "# remark", "again")
    assert (first.line, [said.line for said in first.said], first.stands) == (
        2,
        [3, 5],
        (Stands("None"),),
    )
    assert (second.act, second.line) == (Again(), 8)


def test_the_title_is_the_first_remark_before_anything_is_done() -> None:
    titled = "\n#\n#  Join  \n# more\n" + BEGIN
    assert read_story("a", titled).title == "Join"
    assert read_story("a", BEGIN + "# no title").title == ""


def test_rules_may_stand_on_several_lines_and_count_once() -> None:
    story = read_story("a", f"rules: retry, stale\n{BEGIN}rules: stale one-mt")
    assert story.rules == ("retry", "stale", "one-mt")


# -- what is told of a story that cannot be read


@pytest.mark.parametrize(
    ("line", "column", "told"),
    [
        ("wiat 2d", 1, "did you mean `wait`?"),
        ("  program: x", 3, "did you mean `programs:`?"),
        ("JOIN", 1, "a line begins with >, !"),
        ("wait 2 fortnights", 6, "such as 45s"),
        ("wait", 5, "such as 45s"),
        ("wait 2d ago", 6, "such as 45s"),
        ("wait 5\u017f", 6, "such as 45s"),
        ("wait 999999w", 1, "ends with the year 2999"),
        ("at 1/3/2026 12:00", 4, "a date, such as 2026-03-01"),
        ("at 2026-03-01", 14, "a time, such as 12:00"),
        ("at 2026-03-01 noon", 15, "a time, such as 12:00"),
        ("at 2026-02-30 12:00", 4, "there is no such time: day is out of range"),
        ("at 2026-03-01 12:00 America/NewYork", 21, "did you mean `America/New_York`?"),
        ("at 2026-03-01 12:00 ../UTC", 21, "there is no time zone"),
        ("at 2026-03-01 12:00 America", 21, "there is no time zone"),
        ("at 2026-03-01 12:00 UTC sharp", 25, "nothing may stand after the time zone"),
        ("at 2026-03-08 02:30 America/New_York", 4, "America/New_York has no such hour that day"),
        ("at 0001-01-01 00:00 Asia/Tokyo", 4, "between 1970 and 2999"),
        ("at 3026-01-01 00:00", 4, "between 1970 and 2999"),
        ("> @wbe JOIN", 3, "did you mean `web`?"),
        ("> @everybody JOIN", 3, "a text that begins so is written `\\@`"),
        ("> +1 JOIN", 3, "a text that begins so is written `\\+`"),
        ("> -2x JOIN", 3, "a text that begins so is written `\\-`"),
        ("> @web +15555550199 JOIN", 8, "first the number, then the origin"),
        ("> caf\\é", 6, "`\\é` stands for nothing; a backslash itself is written `\\\\`"),
        ("> \\U0011ffff", 3, "stands for nothing"),
        ("< +1 Hi", 3, "8 to 15 digits"),
        ("< +15555550199", 15, "`\\` an empty text"),
        ("<~", 3, "a text is missing"),
        ("<~ Hi (you", 7, "missing ), unterminated subpattern"),
        ("<~ +15555550199 a**", 19, "multiple repeat"),
        ("<~ [[]", 4, "`<` without `~` takes a text as it is"),
        ("<~ a{99999999999999}", 4, "no regular expression"),
        ("! SUBSCRIB JOIN", 3, "did you mean `SUBSCRIBE`?"),
        ("!", 2, "an order is missing: STOP, SUBSCRIBE"),
        ("! UNSUBSCRIBE", 14, "such as `! UNSUBSCRIBE JOIN`"),
        ("! STOP JOIN", 8, "nothing may stand after `STOP`"),
        ("! SUBSCRIBE JOIN now", 18, "nothing may stand after `SUBSCRIBE JOIN`"),
        ("to me", 4, "such as 123456"),
        ("to 123456 7", 11, "nothing may stand after the code"),
        ("= Subscribd", 3, "did you mean `Subscribed`?"),
        ("=", 2, "a state is missing: None, In Progress"),
        ("= JOIN: Subscribd", 9, "did you mean `Subscribed`?"),
        ("= JOIN:", 8, "a state is missing"),
        ("= opted out", 3, "that is no state; why nothing was done: `= refused: opted out`"),
        ("= refused: optd out", 12, "did you mean `opted out`?"),
        ("= +1 None", 3, "8 to 15 digits"),
        ("again please", 7, "nothing may stand after `again`"),
        ("rules: double-yse", 8, "did you mean `double-yes`?"),
        ("rules: retry, everything", 15, "there is no rule `everything`"),
        ("rules:", 7, "a rule is missing"),
        ("programs:", 10, "`programs: built-in` is the example account"),
        ("programs: a\\b.toml", 12, "`\\b` stands for nothing"),
    ],
)
def test_a_faulty_line_is_told_by_line_and_column_with_the_mend(
    line: str, column: int, told: str
) -> None:
    with pytest.raises(StoryError) as error:
        turns("> first", "", line)
    assert (error.value.line, error.value.column) == (4, column)
    assert told in error.value.message
    assert str(error.value) == f"a.story:4:{column}: {error.value.message}"


@pytest.mark.parametrize(
    ("lines", "place", "told"),
    [
        ("", (1, 1), "begin with `programs: built-in`"),
        ("# only a title\n", (2, 1), "begin with `programs: built-in`"),
        ("\n > JOIN", (2, 2), "begins with `programs: built-in`"),
        ("at 2026-01-01 12:00", (1, 1), "begins with `programs: built-in`"),
        ("< Hi", (1, 1), "nothing was done yet that `<` could tell of"),
        ("# x\n= None", (2, 1), "nothing was done yet that `=` could tell of"),
        (f"{BEGIN}again", (2, 1), "nothing was texted yet"),
        (f"{BEGIN}! STOP\nagain", (3, 1), "nothing was texted yet"),
        (f"{BEGIN}> x\n< Hi\n<", (4, 1), "something is said before it"),
        (f"{BEGIN}> x\nat 2026-01-01 12:00", (3, 1), "it shows 2026-01-01 12:00:01 UTC"),
        (f"{BEGIN}wait 1d\nat 2026-01-02 11:59", (3, 1), "the clock never goes back"),
        (f"{BEGIN}at 2026-01-02 12:00\nat 2026-01-01 12:00", (3, 1), "never goes back"),
    ],
)
def test_what_is_wrong_with_the_whole_is_told_where_it_shows(
    lines: str, place: tuple[int, int], told: str
) -> None:
    with pytest.raises(StoryError) as error:
        read_story("a.story", lines)
    assert (error.value.line, error.value.column) == place
    assert told in error.value.message


def test_the_clock_may_begin_before_its_usual_time() -> None:
    assert len(turns("at 1999-12-31 23:59", "> x", "at 1999-12-31 23:59:01", "> x")) == 4


@given(st.lists(st.sampled_from(PIECES) | st.characters(codec=None), max_size=30).map("".join))
@example("programs: x\n<~ " + "(" * 9000)
@example("programs: x\n> x\nwait " + "999999w" * 150)
def test_any_text_whatever_is_a_story_or_is_told_what_is_wrong(text: str) -> None:
    for lines in (text, BEGIN + text):
        try:
            story = read_story("a.story", lines)
        except StoryError as error:
            line = lines.split("\n")[error.line - 1]
            is_in_it = 1 <= error.column <= len(line) + 1
            assert is_in_it, error  # noqa: PT017 - there may be an error, or none.
        else:
            assert read_story("a.story", written(story)) == story

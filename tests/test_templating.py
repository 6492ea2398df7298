"""The language of templates by example, and what each part of it says."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from optin_engine.templating import compile_template, message_context

NOW = datetime(2026, 11, 1, 15, 4, 5, tzinfo=UTC)
CONTEXT = message_context(
    "+15555550123",
    "123456",
    "stock  ACME two",
    "STOCK",
    {
        "First Name": "Ann",
        "city": "new YORK",
        "Points": "120",
        "Total-Expense": "9.50",
        "Since": "2020-03-08",
        "SHORT_CODE": "a contact's own",
        "If": "a reserved word",
    },
)


def rendered(template: str) -> str:
    return compile_template(template).render(CONTEXT, NOW)


# fmt: off
TEXTS = (
    # template                                               text
    ("",                                                     ""),
    ("100 %, 50 %% off, [x] =%% ]%% %",                      "100 %, 50 %% off, [x] =%% ]%% %"),
    ("Hi %%First Name%%!",                                   "Hi Ann!"),
    ("%%first  name%%%%FIRST NAME%%",                        "AnnAnn"),
    ("%%Nobody%%.",                                          "."),
    ("%%MOBILE_NUMBER%% %%short_code%%",                     "15555550123 123456"),
    ("%%MSG(0)%%|%%MSG(0).VERB%%|%%msg(0).noun(1)%%",        "stock  ACME two|stock|two"),
)
MESSAGES = (
    # expression                                             value
    ("MSG(0)",                                               "stock  ACME two"),
    ("[MSG(0)]",                                             "stock  ACME two"),
    ("MSG(0).VERB",                                          "stock"),
    ("[ msg( 0 ) . verb ]",                                  "stock"),
    ("MSG(0).NOUNS",                                         "ACME two"),
    ("[MSG(0).NOUNS]",                                       "ACME two"),
    ("MSG(0).NOUN(0)",                                       "ACME"),
    ("[MSG(0).NOUN(1)]",                                     "two"),
    ("Msg ( 0 ) . Noun ( 2 )",                               ""),
    ("MSG(0).NOUN(Subtract(2, 1))",                          "two"),
    ('MSG(0).NOUN("1")',                                     "two"),
    ("MSG(0).NOUN(-1)",                                      ""),
    ("MOBILE_NUMBER",                                        "15555550123"),
    ("[SHORT_CODE]",                                         "123456"),
)
VALUES = (
    # expression                                             value
    ('"a ""b"" \'c\'"',                                      'a "b" \'c\''),
    ("'it''s \"so\"'",                                       'it\'s "so"'),
    ('"%%=]%%[/*"',                                          "%%=]%%[/*"),
    ("'two\nlines'",                                         "two\nlines"),
    ("''",                                                   ""),
    ("007",                                                  "7"),
    ("-12.50",                                               "-12.5"),
    ("123456789012345",                                      "123456789012345"),
    ("TRUE",                                                 "true"),
    ("False",                                                "false"),
    ("@never",                                               ""),
    ("[First Name]",                                         "Ann"),
    ("[Total-Expense]",                                      "9.50"),
    ("[if]",                                                 "a reserved word"),
    ("/* a remark */ City /* and one more */",               "new YORK"),
    ("((City))",                                             "new YORK"),
)
COMPARED = (
    # expression                                             value
    ('"Gold" == "gOLD"',                                     "true"),
    ('"Gold" != "gOLD"',                                     "false"),
    ('"b" > "A"',                                            "true"),
    ('"straße" == "STRAßE"',                                 "true"),
    ("Points > 20",                                          "true"),
    ('Points > "20"',                                        "true"),
    ('Points < "20x"',                                       "true"),
    ("2 <= 2.0",                                             "true"),
    ('"10" >= "9"',                                          "true"),
    ('" 1 " == 1',                                           "true"),
    ('"1e3" == 1000',                                        "false"),
    ('"٣" == 3',                                             "false"),
    ('true == "True"',                                       "true"),
    ("true == 1",                                            "false"),
    ('@never == ""',                                         "true"),
    ('Now() > "2026-10-31"',                                 "true"),
    ('Now() < "11/1/2026 3:05 PM"',                          "true"),
    ('Now() == "not a day"',                                 "false"),
    ("1 == 2 OR 2 == 2 AND 3 == 4",                          "false"),
    ("(1 == 1 OR 2 == 2) AND 3 == 4",                        "false"),
    ("1 == 1 OR (2 == 2 AND 3 == 4)",                        "true"),
    ("NOT 1 == 2",                                           "true"),
    ("not not 0",                                            "false"),
    ('NOT "false" AND NOT "0" AND NOT ""',                   "true"),
    ('"no" and 0.5',                                         "true"),
)
CALLED = (
    # expression                                             value
    ("v(City)",                                              "new YORK"),
    ("V ( [First Name] )",                                   "Ann"),
    ("Concat('a', 1, 2.50, true, '')",                       "a12.5true"),
    ("concat('a')",                                          "a"),
    ("Substring('ABCDEF', 2, 2)",                            "BC"),
    ("Substring('0312F-Gold', 7)",                           "Gold"),
    ("Substring('abc', 4)",                                  ""),
    ("Substring('abc', 0, 2)",                               "ab"),
    ("Substring('abc', 2, 99)",                              "bc"),
    ("Substring('abc', 2, -1)",                              ""),
    ("Lowercase(City)",                                      "new york"),
    ("UPPERCASE('straße')",                                  "STRASSE"),
    ("ProperCase('9 BYWATER STREET, it''s')",                "9 Bywater Street, It's"),
    ("ProperCase('jean-luc  o''neil')",                      "Jean-luc  O'neil"),
    ("Trim('  a b\n')",                                      "a b"),
    ("Length('ab 🐟')",                                      "4"),
    ("IndexOf('29487C-22934', 'c')",                         "6"),
    ("IndexOf('abc', 'x')",                                  "0"),
    ("IndexOf('İx', 'X')",                                   "2"),
    ("Replace('a.b.c', '.', ', ')",                          "a, b, c"),
    ("Replace('aAa', 'a', '')",                              "A"),
    ("Replace('abc', '', 'x')",                              "abc"),
    ("Empty('')",                                            "true"),
    ("Empty(@never)",                                        "true"),
    ("Empty(Nobody)",                                        "true"),
    ("Empty(' ')",                                           "false"),
    ("Empty(0)",                                             "false"),
    ("IIf(Empty(Nobody), 'none', Nobody)",                   "none"),
    ("IIF(Points >= 100, 'gold', 'tin')",                    "gold"),
    ("IIf(true, 'fine', Add('x', 1))",                       "fine"),
    ("Add(512, 256)",                                        "768"),
    ("Add(0.1, '0.2')",                                      "0.3"),
    ("Add(Points, 1)",                                       "121"),
    ("Subtract(1.25, 1.25)",                                 "0"),
    ("Subtract(0, 2.5)",                                     "-2.5"),
    ("Now()",                                                "11/1/2026 3:04:05 PM"),
    ("Now(1)",                                               "11/1/2026 3:04:05 PM"),
    ("FormatDate(Now())",                                    "11/1/2026 3:04:05 PM"),
    ("FormatDate(Since, 'MMMM d, yyyy')",                    "March 8, 2020"),
    ("FormatDate(Since, 'dddd, dd MMM yy')",                 "Sunday, 08 Mar 20"),
    ("FormatDate('1/2/2026 12:30 AM', 'HH:mm t')",           "00:30 A"),
    ("FormatDate('2011-08-15 20:00:05.567890', 'MMM dd, yyyy', 'h:mm:ss.tt', 'en-US')",
                                                             "Aug 15, 2011 8:00:05.PM"),
    ("FormatDate('2026-11-01T00:05:09Z', 'hh:m:s')",         "12:5:9"),
    ("FormatDate(Now(), 'd')",                               "11/1/2026"),
    ("FormatDate(Now(), 'iso')",                             "2026-11-01T15:04:05"),
    ("FormatDate(Now(), 'rfc')",                             "Sun, 01 Nov 2026 15:04:05 GMT"),
    ("FormatDate(Now(), '''d'' d \"h\" \\y y')",             "d 1 h y 26"),
    ("URLEncode('http://a.example/?q=a b&c=é')",             "http://a.example/?q=a%20b&c=é"),
    ("URLEncode('http://a.example/é ?q=a b&c=é', 1)",        "http://a.example/é%20?q=a%20b&c=%C3%A9"),
    ("URLEncode('a?b&c=d/é ~', 1, 1)",                       "a%3Fb%26c%3Dd%2F%C3%A9%20~"),
    ("HTTPGet('http://a.example/', true)",                   ""),
)
BLOCKS = (
    # template                                               text
    ("%%[ SET @a = 1 ]%%[%%=v(@A)=%%]",                      "[1]"),
    ("%%[VAR @a,@b SET @a=[City]Set @b=[Points]]%%%%=Concat(@a,@b)=%%",
                                                             "new YORK120"),
    ("%%[SET @a=[First Name]]%%%%=@a=%%",                    "Ann"),
    ("%%[ set @a='x'set @b=@a]%%%%=v(@b)=%%",                "x"),
    ("%%[ SET @a = 1 VAR @a ]%%<%%=v(@a)=%%>",               "<>"),
    ("%%[ Lowercase(City) ]%%.",                             "."),
    ("%%[ /* nothing */ ]%%%%[]%%",                          ""),
    ("%%[ IF Points > 100 THEN ]%%gold%%[ ENDIF ]%%",        "gold"),
    ("%%[ IF Points > 200 THEN ]%%gold%%[ ENDIF ]%%",        ""),
    ("%%[ if 1 == 2 then ]%%a%%[ elseif 1 == 1 then ]%%b%%[ else ]%%c%%[ endif ]%%",
                                                             "b"),
    ("%%[ IF 0 THEN ]%%a%%[ ELSEIF 0 THEN ]%%b%%[ ELSEIF 0 THEN ELSE ]%%c%%[ ENDIF ]%%",
                                                             "c"),
    ("%%[ IF 1 THEN IF 0 THEN ]%%a%%[ ELSE ]%%b%%[ ENDIF ELSE ]%%c%%[ ENDIF ]%%",
                                                             "b"),
    ("%%[ FOR @i = 1 TO 3 DO ]%%%%=v(@i)=%%,%%[ NEXT @i ]%%", "1,2,3,"),
    ("%%[ for @i = 3 downto 1 do ]%%%%=v(@I)=%% %%[ next ]%%", "3 2 1 "),
    ("%%[ FOR @i = 2 TO 1 DO ]%%x%%[ NEXT @i ]%%.",          "."),
    ("%%[ FOR @i = '0' TO 1.0 DO ]%%%%=MSG(0).NOUN(@i)=%%;%%[ NEXT ]%%", "ACME;two;"),
    ("%%[ SET @s = '' FOR @i = 1 TO 3 DO SET @s = Concat(@s, @i) NEXT @i ]%%%%=v(@s)=%%%%=v(@i)=%%",
                                                             "1233"),
    ("%%[ SET @1 = 1 SET @_ = 2 ]%%%%=Concat(@1, @_)=%%",    "12"),
)
# fmt: on


@pytest.mark.parametrize(("template", "text"), [*TEXTS, *BLOCKS])
def test_a_template_says(template: str, text: str) -> None:
    assert rendered(template) == text


@pytest.mark.parametrize(("expression", "value"), [*MESSAGES, *VALUES, *COMPARED, *CALLED])
def test_an_expression_gives(expression: str, value: str) -> None:
    assert rendered(f"<%%={expression}=%%>") == f"<{value}>"
    assert rendered(f"%%[SET @x={expression}]%%%%= v(@x) =%%") == value


def test_the_time_is_that_of_utc_whatever_the_zone_it_comes_in() -> None:
    east = NOW.astimezone(timezone(timedelta(hours=9)))
    template = compile_template("%%=Now()=%%")
    assert template.render({}, east) == template.render({}, NOW)


def test_a_template_knows_what_it_looks_up() -> None:
    template = compile_template(
        "%%First  Name%% %%[ IF [Total-Expense] > Points THEN SET @x = MSG(0).VERB ENDIF"
        " SET @y = MSG(0).NOUN(@i) SET @z = [msg(0).noun(3)] ]%%"
    )
    assert template.attributes == {
        "FIRST NAME", "TOTAL-EXPENSE", "POINTS", "MSG(0).VERB", "MSG(0).NOUN", "MSG(0).NOUN(3)",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("template", "is_plain", "fetches"),
    [
        ("", True, False),
        ("100 %% off", True, False),
        ("Hi %%Name%%", False, False),
        ("%%[ ]%%", False, False),
        ("%%=v('HTTPGet')=%%", False, False),
        ("%%[ IF 0 THEN SET @x = httpget('http://a.example') ENDIF ]%%", False, True),
    ],
)
def test_a_template_knows_whether_it_is_plain_and_whether_it_fetches(
    template: str, *, is_plain: bool, fetches: bool
) -> None:
    compiled = compile_template(template)
    assert (compiled.is_plain, compiled.fetches) == (is_plain, fetches)


@pytest.mark.parametrize(
    ("text", "keyword", "verb", "nouns"),
    [
        ("Stock ACME", "STOCK", "Stock", "ACME"),
        ("  'stock!'  a   b ", "STOCK", "'stock!'", "a   b"),
        ("STOCK", "STOCK", "STOCK", ""),
        ("ACME two", "STOCK", "STOCK", "ACME two"),
        ("stocking up", "STOCK", "STOCK", "stocking up"),
        ("", "STOCK", "STOCK", ""),
        ("hello there", "", "", "hello there"),
    ],
)
def test_the_verb_is_the_keyword_as_it_was_sent_and_the_nouns_are_the_rest(
    text: str, keyword: str, verb: str, nouns: str
) -> None:
    context = message_context("+15555550123", "123456", text, keyword, {})
    assert context["MSG(0)"] == text
    assert (context["MSG(0).VERB"], context["MSG(0).NOUNS"]) == (verb, nouns)
    found = [context.get(f"MSG(0).NOUN({place})") for place in range(4)]
    assert [noun for noun in found if noun is not None] == nouns.split()

"""How people write a birth date or an age: months, ordinals, units, wrappings, as data.

English, French and Spanish, all folded (`folding.fold`): lower case, no accents, no
apostrophes. The lists are closed: a reply to an age gate is read whole or not at all, so
that a text which merely holds a date among other words is never an answer.
"""

MONTHS = (
    # English                   French                          Spanish
    ("january",   "jan",        "janvier",   "janv",            "enero",      "ene"),
    ("february",  "feb",        "fevrier",   "fevr", "fev",     "febrero"),
    ("march",     "mar",        "mars",                         "marzo"),
    ("april",     "apr",        "avril",     "avr",             "abril",      "abr"),
    ("may",                     "mai",                          "mayo"),
    ("june",      "jun",        "juin",                         "junio"),
    ("july",      "jul",        "juillet",   "juill", "juil",   "julio"),
    ("august",    "aug",        "aout",                         "agosto",     "ago"),
    ("september", "sep", "sept", "septembre",                   "septiembre", "setiembre", "set"),
    ("october",   "oct",        "octobre",                      "octubre"),
    ("november",  "nov",        "novembre",                     "noviembre"),
    ("december",  "dec",        "decembre",                     "diciembre",  "dic"),
)  # fmt: skip

# After a day: the 5th, le 1er, el 1ero, el 1o.
ORDINALS = ("st", "nd", "rd", "th", "er", "ero", "ro", "o")

# Before a date: on the 5th of January, le 5 janvier, el 5 de enero, in 1990 May 5.
ARTICLES = ("the", "on", "on the", "in", "le", "en", "el")

# Between a day, a month and a year: 5th of January, January the 5th, 5 de enero del 1990.
LINKS = ("of", "of the", "the", "de", "del")

# Before either answer these change nothing.
GREETINGS = (
    "yes", "yeah", "yep", "yup", "y", "ok", "okay", "k", "sure", "hi", "hello", "hey",
    "please", "thanks", "thank you", "its", "it is", "it was", "thats", "that is", "this is",
    "mine is", "here", "here it is", "here is", "heres",
    # French
    "oui", "bonjour", "salut", "daccord", "cest", "cest le", "voici",
    # Spanish
    "si", "hola", "buenas", "claro", "vale", "es", "es el",
)  # fmt: skip

BIRTH_DATE_NAMES = (
    "birthday", "birthdate", "birth date", "birth day", "birthday date", "birthdays", "bday",
    "bdays", "b-day", "b day", "bdate", "birth", "date of birth", "day of birth",
    "dob", "d.o.b", "d o b", "d/o/b", "dobs", "bd",
    # French
    "date de naissance", "jour de naissance", "anniversaire", "anniv", "ddn",
    # Spanish
    "fecha de nacimiento", "fecha nacimiento", "fecha de nac", "nacimiento", "cumpleanos", "cumple",
)  # fmt: skip

# Each row is an opening in three places: my | birthday | is. The second must be filled.
BIRTH_DATE_OPENINGS = (
    (("my", "the", "ma", "mon", "la", "mi"),  BIRTH_DATE_NAMES,
                                              ("is", "was", "est", "cest", "es", "fue")),
    (("i was", "i am", "im", "was"),          ("born",),                               ()),
    (("je suis", "moi je suis"),              ("ne", "nee", "ne(e)", "ne/nee"),        ()),
    (("yo",),                                 ("naci", "nacido", "nacida", "nacido/a"), ()),
)  # fmt: skip

AGE_OPENINGS = (
    ((),                       ("i am", "im", "i m", "iam", "am"),
                               ("now", "currently", "already", "just", "aged", "age")),
    (("i", "i just", "just"),  ("turned",),              ()),
    (("my",),                  ("age", "ages", "aged"),  ("is",)),
    (("mon",),                 ("age",),                 ("est", "est de", "cest")),
    (("moi",),                 ("jai",),                 ()),
    (("mi",),                  ("edad",),                ("es", "es de")),
    (("yo",),                  ("tengo",),               ("ya",)),
)  # fmt: skip

# After a number of years.
AGE_UNITS = (
    "years", "year", "yrs", "yr", "y", "years old", "year old", "years-old", "year-old",
    "yrs old", "yr old", "yrs. old", "yr. old", "years of age", "yrs of age",
    "yo", "y/o", "y.o", "y o",
    # French
    "ans", "an",
    # Spanish
    "anos", "ano", "anos de edad",
)  # fmt: skip

# After the answer, in two places: is my | birthday.
BIRTH_DATE_ENDINGS = ((("is", "is my", "my", "est ma", "est mon", "es mi"), BIRTH_DATE_NAMES),)
AGE_ENDINGS = ((("is my", "my"), ("age",)), ((), ("now",)))

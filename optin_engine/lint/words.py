"""What copy is held against: phrases, patterns and lists, as data, English first.

Patterns read a folded text (`folding.fold`: lower case, no accents, no apostrophes), unless
they say that case counts. They forgive: where a text may mean the right thing, it does.
"""

import re

import attrs


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))


def _word(*words: str) -> str:
    return rf"\b(?:{'|'.join(words)})\b"


_NUMBER = r"(?:\d{1,3}|one|two|three|four|five|six|seven|eight|nine|ten|une?|deux|uno|una|dos|tres)"
_TEXTS = (
    r"(?:msgs?|messages?|texts?|txts?|sms|textos?|alerts?|alertes?|alertas?|mensajes?|updates?"
    r"|notifications?|reminders?|offers?)"
)
_EACH = r"(?:/|\b(?:per|an?|each|every|par|por|al|cada|chaque)\b)"
_SPAN = (
    r"(?:days?|weeks?|wks?|months?|mos?|mths?|quarters?|years?|yrs?|requests?|orders?|visits?"
    r"|jours?|semaines?|mois|ans?|dias?|semanas?|mes|anos?)"
)

# `4 msgs/month`, `up to 6 texts a week`, `weekly`, `one message per request`; a price is none.
FREQUENCY = _any(
    rf"(?<![$\u20ac\u00a3\d.,]){_NUMBER}\+?(?: ?(?:-|to|or|a|ou|o) ?{_NUMBER})? ?"
    rf"(?:x|times|(?:[a-z-]+ ){{0,3}}{_TEXTS}(?: [a-z-]+)?)? ?{_EACH} ?"
    rf"(?:user |{_NUMBER} )?{_SPAN}\b",
    rf"\b(?:once|twice) {_EACH} ?{_SPAN}\b",
    _word("daily", "weekly", "bi-?weekly", "monthly", "bi-?monthly", "quarterly", "yearly"),
    r"\b(?:every|each) (?:day|week|month|year|(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b",
    rf"\bone-time\b|\bone time {_TEXTS}\b|\b(?:1|one|a single) {_TEXTS} (?:only|in total)\b",
    # French
    _word("quotidien(?:ne)?s?", "hebdomadaires?", "mensuel(?:le)?s?"),
    r"\b(?:chaque|tous les|toutes les) (?:jours?|semaines?|mois)\b",
    # Spanish
    _word("diari[oa]s?", "diariamente", "semanal(?:es|mente)?", "mensual(?:es|mente)?"),
    r"\b(?:cada|todos los|todas las) (?:dias?|semanas?|mes(?:es)?)\b",
)

# What only says that there will be several.
VAGUE = _any(
    _word("recurring", "periodic(?:ally)?", "occasional(?:ly)?", "regular(?:ly)?"),
    r"\bfreq(?:uency)?\b.{0,20}\b(?:vary|varies|variable)\b",
    r"\bfrom time to time\b",
    # French
    _word("recurrents?", "periodiques?", "regulierement", "de temps en temps"),
    r"\bfrequence\b.{0,20}\bvari(?:e|able)\b",
    # Spanish
    _word("recurrentes?", "periodicos?", "regularmente", "de vez en cuando"),
    r"\bfrecuencia\b.{0,20}\bvari(?:a|able)\b",
)

RATES = _any(
    r"\b(?:msgs?|messages?|messaging|texts?|texting|sms) ?(?:&|\+|/|\band\b|\bn\b) ?data"
    r" ?(?:rates?|charges?|fees?) ?(?:may|might)? ?apply",
    # French
    r"\b(?:frais|tarifs?)\b.{0,60}\bdonnees\b.{0,40}appliqu",
    # Spanish
    r"\b(?:tarifas?|cargos?|costos?)\b.{0,60}\bdatos\b",
)

# What is sent, where the programme's own name does not say it.
CONTENT = _any(
    _word(
        "offers?", "deals?", "discounts?", "coupons?", "promos?", "promotion(?:s|al)?", "sales?",
        "savings", "specials?", "rewards?", "points", "news", "newsletters?", "updates?",
        "alerts?", "tips?", "reminders?", "notifications?", "notices?", "recipes?", "events?",
        "invitations?", "info", "information", "surveys?", "polls?", "contests?", "sweepstakes",
        "giveaways?", "scores?", "weather", "forecasts?", "horoscopes?", "deliver(?:y|ies)",
        "shipping", "orders?", "appointments?", "marketing", "jobs?", "listings?", "lessons?",
    ),
    # French
    _word("offres?", "soldes", "rabais", "nouvelles", "actualites", "alertes?", "rappels?",
          "conseils?", "infos?", "bons plans"),
    # Spanish
    _word("ofertas?", "promociones", "descuentos?", "noticias", "novedades", "alertas?",
          "recordatorios?", "consejos?", "avisos?"),
)  # fmt: skip

NO_MORE = _any(
    r"\bno (?:more|further|additional|longer)\b",
    rf"\bno {_TEXTS} will\b",
    r"\b(?:not|wont|never)\b.{0,20}\b(?:receive|get|send|sent|text|message|contact|hear)\b",
    r"\blast (?:message|text|msg)\b",
    # French
    r"\b(?:ne|nous ne vous)\b.{0,30}\bplus\b",
    r"\b(?:plus aucun|aucun autre|plus de) (?:messages?|textos?|sms)\b",
    # Spanish
    r"\b(?:no|ya no)\b.{0,30}\b(?:mas|recibira[ns]?|enviaremos)\b",
    r"\bningun (?:otro )?mensaje\b",
)

# ---- Ages ----------------------------------------------------------------------------------

_AGE = r"(?:1\d|2[0-5]|thirteen|sixteen|eighteen|nineteen|twenty[ -]one|dix-huit|dieciocho)"
_NO_COUNT = rf"(?! ?(?:%|times\b|minutes\b|hours\b|days\b|deals\b|(?:[a-z-]+ )?{_TEXTS}))"

# A threshold: `21+`, `18 or older`, `must be 21`, `over 17`.
AGE_TOLD = _any(
    rf"\b{_AGE} ?\+{_NO_COUNT}",
    rf"\b{_AGE} (?:years?|yrs?)(?: old\b| of age\b| (?:or|and) )",
    rf"\b{_AGE} ?(?:or|and|&) (?:older|over|above|up)\b",
    r"\b(?:over|under|above|below|at least|older than|younger than|minimum age(?: is| of|:)?|age"
    rf"|must be|you are|youre|i am|im) {_AGE}\b{_NO_COUNT}",
    # French
    rf"\b{_AGE} ans\b",
    # Spanish
    rf"\b{_AGE} anos\b",
)

# An invitation to claim to be old enough, without a number.
AGE_CLAIMED = _any(
    r"\b(?:confirm|certify|verify|declare|state)(?: that)? (?:you are|youre|i am)\b",
    r"\bare you (?:\d|of|over|above|at least|older|old|an? adult)\b",
    r"\bif you are (?:of|over|above|at least|older|old|an? adult)\b",
    r"\b(?:legal|drinking|smoking) age\b",
    r"\bold enough\b|\badults? only\b",
    # French
    _word("majeure?s?"),
    # Spanish
    r"\bmayor(?:es)? de edad\b",
)

BIRTH_DATE_ASKED = _any(
    r"\bbirth ?-?da(?:te|y)s?\b|\bdate of birth\b|\bdob\b|\bwhen were you born\b",
    r"\b(?:mm ?[/.-] ?dd|dd ?[/.-] ?mm|yyyy ?[/.-] ?mm)\b",
    # French
    r"\bdate de naissance\b|\bjj ?[/.-] ?mm\b",
    # Spanish
    r"\bfecha de nacimiento\b",
)
AGE_ASKED = _any(r"\bage\b|\bhow old\b|\bedad\b")

# What carriers and the law keep from the young. Words with a harmless meaning, such as
# `spirits` or Spanish `vino`, are left out.
RESTRICTED = _any(
    _word(
        "alcohol", "alcoholic", "beers?", "brewer(?:y|ies)", "wines?", "winer(?:y|ies)", "liquors?",
        "whiske?ys?", "whiskies", "bourbon", "vodkas?", "tequilas?", "champagne", "cocktails?",
        "tobacco", "cigars?", "cigarettes?", "e-cigarettes?", "e-cigs?", "vapes?", "vaping",
        "vaporizers?", "nicotine", "hookahs?",
    ),
    # French
    _word("alcools?", "bieres?", "vins", "tabac", "cigares?", "vapotage"),
    # Spanish
    _word("cervezas?", "vinos", "licor(?:es)?", "tabaco", "cigarros?", "cigarrillos?"),
)  # fmt: skip

# 23 U.S.C. 158 for alcohol, 21 U.S.C. 387f(d)(5) for tobacco.
RESTRICTED_AGE = {"US": 21}

# ---- How to reach, how to answer -----------------------------------------------------------

# In these case counts.
E_MAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]*\w")
LINK = re.compile(
    r"(?i)https?://\S|\bwww\.\w|(?<![\w.@-])[a-z0-9](?:[a-z0-9.-]{0,60}[a-z0-9])?\."
    r"(?:com|org|net|edu|gov|info|biz|io|co|us|ca|uk|fr|es|mx|de|eu|app|shop|store|health|example)"
    r"(?![\w-])"
)
PHONE = re.compile(r"\+?\(?\d[\d ().-]{5,}\d|\b1?-?8\d\d-[A-Z0-9-]{7,12}\b")
PHONE_DIGITS = 7

# An order to send something; what `we text` and `to text` say is none.
VERBS = (
    r"(?i:(?<!\bwe )(?<!\bll )(?<!\bwell )(?<!\bwill )(?<!\bto )(?<!\bthe )(?<!\bour )(?<!\ba )"
    r"\b(?:reply|respond|text|txt|send|answer|type|repond(?:ez|s)|envoyez|textez|respond[ae]"
    r"|envi[ae])\b)"
)

# Capitals that stand for something else than a word to send.
NO_ANSWERS = frozenset({
    "a", "i", "mm", "dd", "yyyy", "yy", "jj", "aaaa", "dob", "sms", "mms", "txt", "asap", "vip",
    "us", "usa", "uk", "am", "pm", "id", "zip", "faq", "tv", "me", "now", "msg",
})  # fmt: skip

# What only somebody who was subscribed is told.
JOINED = _any(
    r"\b(?:you are|youre|you have been) (?:now )?(?:subscribed|signed up|opted in|enrolled)\b",
    r"\b(?:thanks?|thank you) for (?:subscribing|joining|signing up|opting in)\b",
    # French
    r"\bvous etes (?:maintenant )?(?:inscrite?|abonnee?)s?\b",
    # Spanish
    r"\b(?:esta|estas|ha sido|has sido) (?:suscrit|inscrit|registrad)[oa]\b",
)

ONE_WAY = _any(
    r"\b(?:do not|dont|cannot|can not|cant) (?:reply|respond)\b",
    r"\bno-?reply\b|\bunmonitored\b|\b(?:not|isnt|never) monitored\b",
    r"\b(?:replies|responses) (?:are|will|cannot|can) ?(?:not|be ignored)\b",
    # French
    r"\bne (?:pas repondre|repond(?:ez|s) pas)\b",
    # Spanish
    r"\bno (?:responda[sn]?|responder|conteste[sn]?|contestar)\b",
)

# ---- Links, characters ---------------------------------------------------------------------

SHORTENERS = (
    "adf.ly", "bit.do", "bit.ly", "bitly.com", "bl.ink", "buff.ly", "clck.ru", "cutt.ly",
    "dlvr.it", "goo.gl", "is.gd", "lnkd.in", "mcaf.ee", "ow.ly", "qr.ae", "rb.gy", "rebrand.ly",
    "s.id", "short.io", "shorturl.at", "snip.ly", "soo.gd", "t.co", "t.ly", "tiny.cc",
    "tinyurl.com", "trib.al", "v.gd",
)  # fmt: skip
SHORTENED = re.compile(
    rf"(?i)(?<![\w@-])(?:www\.)?(?<![\w-])({'|'.join(map(re.escape, SHORTENERS))})(?![\w-]|\.\w)"
)

# What GSM-7 has in their place; letters with accents it lacks fall back to the bare letter.
GSM_INSTEAD = {
    "\u2018": "'", "\u2019": "'", "\u201a": "'", "\u201b": "'", "\u02bc": "'", "\u00b4": "'",
    "`": "'", "\u2032": "'", "\u2033": '"', "\u201c": '"', "\u201d": '"', "\u201e": '"',
    "\u00ab": '"', "\u00bb": '"', "\u2010": "-", "\u2011": "-", "\u2012": "-", "\u2013": "-",
    "\u2014": "-", "\u2015": "-", "\u2212": "-", "\u2022": "-", "\u00b7": "-", "\u2026": "...",
    "\u00a0": " ", "\u2009": " ", "\u202f": " ", "\u2007": " ", "\t": " ", "\u00d7": "x",
    "\u2122": "TM", "\u00ae": "(R)", "\u00a9": "(C)", "\u00bd": "1/2", "\u00bc": "1/4",
}  # fmt: skip

# ---- Providers -----------------------------------------------------------------------------


@attrs.frozen
class Provider:
    """What a messaging platform answers itself, on its defaults, as a text's only word.

    Attributes:
        id: as `--provider` names it.
        name: as messages name it.
        words: folded. Those that are STOP, HELP or START words to us can be neither keyword
            nor valid response, and are left out.
        source: where it says so.

    """

    id: str
    name: str
    words: frozenset[str]
    source: str


# fmt: off
PROVIDERS = tuple(Provider(id_, name, frozenset(words.split()), source)
                  for id_, name, words, source in (
    # id          name                       words beside STOP, HELP and START, and the source
    ("aws",       "AWS End User Messaging",  "td",
     "AWS End User Messaging SMS User Guide, Required opt-out keywords"),
    ("braze",     "Braze",                   "yes",
     "Braze documentation, Opt-in and opt-out keywords"),
    ("sinch",     "Sinch",                   "subscribe detener salir volver recibir voltar",
     "Sinch community, Opt-in and opt-out keywords of consent management"),
    ("telnyx",    "Telnyx",                  "",
     "Telnyx documentation, Advanced Opt-In/Out, default behavior"),
    ("toll-free", "The toll-free network",   "nonarret",
     "Sinch community, How does STOP work on a toll-free number; Bandwidth support"),
    ("twilio",    "Twilio",                  "yes arrett",
     "Twilio warning 23002 (STOP filtering); Twilio Proxy, Opt-out keywords"),
    ("vonage",    "Vonage Opt-Out Assist",   "join",
     "Vonage Opt-Out Assist, Keyword set-up"),
))
# fmt: on

PROVIDER_BY_ID = {provider.id: provider for provider in PROVIDERS}

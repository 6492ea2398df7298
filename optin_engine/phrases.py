"""What people say: the words and phrases that decide a reading, by language, as data.

All are folded (`folding.fold`): lower case, no accents, no apostrophes. A phrase is
matched word by word. CTIA's handbook names the English STOP words; carriers in Canada
require ARRET, and 47 CFR 64.1200(a)(10) adds REVOKE, OPT OUT and "any reasonable means".
"""

STOP_WORDS = (
    "stop", "stopp", "stopall", "stop all", "end", "quit", "cancel", "unsubscribe", "unsub",
    "revoke", "optout", "opt out", "remove", "terminate",
    # French
    "arret", "arreter", "arrete", "arretez",
    # Spanish
    "alto", "parar", "cancelar", "basta",
)  # fmt: skip

# Anywhere in a text these revoke, unless a "don't" stands right before.
REVOKING_PHRASES = (
    "opt out", "opt me out", "remove me", "take me off", "unsubscribe me", "wrong number",
    "stop texting", "stop messaging", "stop contacting", "stop sending",
    "do not text", "dont text me", "do not message", "dont message me",
    "do not contact", "dont contact me",
    "never text me", "never message me", "never contact me",
    "no more texts", "no more text messages", "no more messages", "leave me alone",
)  # fmt: skip

NEGATIONS = ("dont", "do not", "never")

# One slip of the thumb in these, as the whole text, is still a STOP.
SLIPS_OF = ("stop",)
ANY_EDIT_OF = ("unsubscribe", "cancel")

HELP_WORDS = ("help", "info", "hlp", "aide", "ayuda")
START_WORDS = ("start", "unstop", "resume")
NO_WORDS = ("n", "no", "nope", "nah", "no way", "non")

# Before a STOP these change nothing.
OPENERS = (
    "please", "pls", "plz", "kindly", "just", "hey", "hi", "hello", "yo", "ok", "okay", "k",
    "no", "nope", "yes", "yeah", "sorry", "thanks", "thank you", "ty", "now", "but",
    "i want to", "i want you to", "i wanna", "i would like to", "id like to", "i need to",
    "i need you to", "i wish to", "i said", "can you", "could you", "would you", "will you",
    "can i", "may i", "you can", "you need to", "let me",
    # French
    "svp", "sil vous plait", "sil te plait", "bonjour", "merci", "je veux", "je voudrais",
    # Spanish
    "por favor", "hola", "gracias", "quiero",
)  # fmt: skip

# After a YES or a NO these change nothing.
CLOSERS = (
    "please", "pls", "plz", "thanks", "thank you", "thank u", "thankyou", "thx", "tx", "tks",
    "ty", "ok", "okay", "sir", "maam", "so much", "very much", "a lot", "kindly",
    # French
    "svp", "sil vous plait", "sil te plait", "merci",
    # Spanish
    "por favor", "gracias",
)  # fmt: skip

# A handset's tapback quotes our own words back: 'Liked "Reply YES to confirm"'.
REACTION_VERBS = (
    "liked", "loved", "disliked", "laughed at", "emphasized", "emphasised", "questioned",
    "reacted to",
    # French
    "a aime", "a adore", "na pas aime", "a ri de", "a mis en evidence", "sinterroge sur",
    # Spanish
    "le gusto", "le encanto", "no le gusto", "le dio risa", "se rio de", "destaco", "exclamo",
    "pregunto",
)  # fmt: skip
REACTED_TO_THINGS = (
    "an image", "a photo", "a video", "a movie", "an attachment", "an audio message",
    "a voice message", "a sticker", "a contact", "a link", "a message",
)  # fmt: skip

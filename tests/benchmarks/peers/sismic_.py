"""The same on sismic: a statechart in YAML for each opt-in type, an interpreter each.

As its documentation shows: guards and actions are Python in the chart; an event carries what
they look at, and what is said is left in the interpreter's context.
"""

from sismic.interpreter import Interpreter
from sismic.io import import_from_yaml

from optin_engine.account import Account
from optin_engine.vocabulary import (
    Contact,
    Inbound,
    OptInType,
    Reading,
    Says,
    State,
)
from tests.benchmarks.peers.handwritten import A_DAY, Decision, Handwritten, Heard, came_back

LEFT = "event.heard.subscription.attempts < event.heard.program.max_attempts"
UNTIL = "event.heard.subscription.locked_until"
LOCKED = f"{UNTIL} is not None and event.heard.inbound.received_at < {UNTIL}"
COOLED = f"{UNTIL} is None or event.heard.inbound.received_at >= {UNTIL}"
OLD, YOUNG = (f"event.heard.reading.verdict == '{v}'" for v in ("old_enough", "too_young"))
UNCLEAR = f"event.heard.reading.verdict == 'ambiguous' and {LEFT}"

OUT_TODAY, SAID_TODAY = (
    f"event.contact.last_said('{kind}') is None"
    f" or event.inbound.received_at >= event.contact.last_said('{kind}') + a_day"
    for kind in (Says.STOP, Says.DEFAULT)
)

# from, event, guard, to (empty: stays), says
Row = tuple[str, str, str, str, Says]

# fmt: off
BOTH: tuple[Row, ...] = (
    ("In Progress",  "JOIN",       LEFT,    "",             Says.INITIAL),
    ("Subscribed",   "JOIN",       "",      "",             Says.DUPLICATE),
    ("In Progress",  "NO",         "",      "None",         Says.NOTHING),
    ("In Progress",  "OTHER",      LEFT,    "",             Says.ERROR),
    ("In Progress",  "EXPIRE",     "",      "None",         Says.NOTHING),
)
DOUBLE: tuple[Row, ...] = (
    *BOTH,
    ("None",         "JOIN",       "",      "In Progress",  Says.INITIAL),
    ("Unsubscribed", "JOIN",       "",      "In Progress",  Says.INITIAL),
    ("In Progress",  "YES",        "",      "Subscribed",   Says.CONFIRMATION),
)
AGE: tuple[Row, ...] = (
    *BOTH,
    *((state, "JOIN", COOLED, "In Progress", Says.INITIAL)
      for state in ("None", "Unsubscribed", "Declined")),
    *((state, "JOIN", LOCKED, "", Says.INVALID_AGE)
      for state in ("None", "Unsubscribed", "Declined")),
    ("In Progress",  "YES",        LEFT,    "",             Says.BIRTH_DATE),
    ("In Progress",  "BIRTH_DATE", OLD,     "Subscribed",   Says.CONFIRMATION),
    ("In Progress",  "BIRTH_DATE", YOUNG,   "Declined",     Says.INVALID_AGE),
    ("In Progress",  "BIRTH_DATE", UNCLEAR, "",             Says.ERROR),
)
ITSELF: tuple[Row, ...] = (
    ("None",         "STOP",       "",          "Unsubscribed", Says.STOP),
    ("Unsubscribed", "STOP",       OUT_TODAY,   "",             Says.STOP),
    ("Unsubscribed", "JOIN",       "came_back(event.contact)", "None", Says.NOTHING),
    ("None",         "UNMATCHED",  SAID_TODAY,  "",             Says.DEFAULT),
    ("Unsubscribed", "UNMATCHED",  SAID_TODAY,  "",             Says.DEFAULT),
    ("None",         "HELP",       "",          "",             Says.HELP),
    ("Unsubscribed", "HELP",       "",          "",             Says.HELP),
)
# fmt: on


def rows_of(opt_in_type: OptInType) -> tuple[Row, ...]:
    """Give the rows of an opt-in type, STOP and HELP in every state among them."""
    rows = DOUBLE if opt_in_type == OptInType.DOUBLE else AGE
    stop = tuple((row[0], "STOP", "", State.UNSUBSCRIBED.value, Says.STOP) for row in rows)
    help_ = tuple((row[0], "HELP", "", "", Says.HELP) for row in rows)
    return (*rows, *dict.fromkeys(stop), *dict.fromkeys(help_))


def chart(name: str, rows: tuple[Row, ...]) -> str:
    """Write the statechart of some rows, in sismic's YAML."""
    states = dict.fromkeys(row[0] for row in rows)
    lines = ["statechart:", f"  name: {name}", "  root state:", "    name: root"]
    lines += ["    initial: 'None'", "    states:"]
    for state in states:
        lines += [f"      - name: '{state}'", "        transitions:"]
        for source, event, guard, target, says in rows:
            if source == state:
                lines += [f"          - event: {event}", f"            action: said = '{says}'"]
                lines += [f'            guard: "{guard}"'] if guard else []
                lines += [f"            target: '{target}'"] if target else []
    return "\n".join(lines)


class Sismic(Handwritten):
    """The conversation, decided by an interpreter for each subscription and number."""

    def __init__(self, account: Account) -> None:
        super().__init__(account)
        kinds = (OptInType.DOUBLE, OptInType.AGE)
        self._charts = {kind: import_from_yaml(chart(kind, rows_of(kind))) for kind in kinds}
        self._itself = import_from_yaml(chart("Contact", ITSELF))
        self._numbers: dict[str, Interpreter] = {}
        self._interpreters: dict[tuple[str, str], Interpreter] = {}

    def decide(self, heard: Heard) -> Decision:
        """Queue what was heard in the subscription's own interpreter, and execute."""
        key = heard.contact.number, heard.subscription.keyword
        interpreter = self._interpreters.get(key)
        if interpreter is None:
            statechart = self._charts[heard.program.opt_in_type]
            interpreter = Interpreter(statechart, initial_context={"said": Says.NOTHING})
            interpreter.execute()
            self._interpreters[key] = interpreter
        interpreter.context["said"] = Says.NOTHING
        interpreter.queue(heard.reading.hears.value, heard=heard).execute()
        state, says = State(interpreter.configuration[-1]), Says(interpreter.context["said"])
        stays = state == State.IN_PROGRESS == heard.subscription.state
        return state, says, stays and says in _TAKE_AN_ATTEMPT

    def decide_itself(self, contact: Contact, inbound: Inbound, reading: Reading) -> Decision:
        """Queue what was heard in the number's own interpreter, and execute."""
        interpreter = self._numbers.get(contact.number)
        if interpreter is None:
            context = {"said": Says.NOTHING, "a_day": A_DAY, "came_back": came_back}
            interpreter = Interpreter(self._itself, initial_context=context)
            interpreter.execute()
            self._numbers[contact.number] = interpreter
        interpreter.context["said"] = Says.NOTHING
        interpreter.queue(reading.hears.value, contact=contact, inbound=inbound).execute()
        return State(interpreter.configuration[-1]), Says(interpreter.context["said"]), False


_TAKE_AN_ATTEMPT = frozenset({Says.INITIAL, Says.BIRTH_DATE, Says.ERROR})

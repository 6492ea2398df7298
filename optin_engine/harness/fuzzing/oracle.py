"""A naive model of the engine, written from the specification and from nothing else.

It shares no code, no table and no vocabulary with `optin_engine`: states and texts are
plain strings, a subscription is a dict, and every rule is an `if`. It reads only texts whose
meaning is known (`oracle_reading`); of any other it is told what it was taken for, and says
what must come of that. `oracle_machines.step` is the four opt-in machines and the contact's
own; `Phone` is one contact on one code.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from optin_engine.harness.fuzzing.oracle_machines import STATES, step
from optin_engine.harness.fuzzing.oracle_reading import (
    Meaning,
    Program,
    day_of,
    length,
    meaning,
    today,
)

Said = list[tuple[str, str]]
Heard = tuple[Said, str]

A_DAY = timedelta(hours=24)
COUNTED = ("JOIN", "YES", "OTHER", "BIRTH_DATE")
ANSWERS = ("YES", "NO", "OTHER", "BIRTH_DATE", "UNMATCHED")
FURTHEST = ("Subscribed", "In Progress", "Declined", "Unsubscribed", "None")
FIELDS = {
    "response": "responseMessage",
    "initial": "doubleOptinInitialMessage",
    "birth date": "birthDateMessage",
    "confirmation": "doubleOptinConfirmationMessage",
    "error": "optInErrorMessage",
    "invalid age": "optInInvalidAgeMessage",
    "duplicate": "duplicateOptInMessage",
}


class Phone:
    """One contact on one code. It changes in place; what it gives back is what is said.

    Args:
        code: the code's definition, in MobileConnect's field names, with its texts.
        programs: the definitions of the programmes on it. A length of time is a number of
            hours or a text such as `90m`, a day a date or a text.

    """

    def __init__(self, code: dict[str, Any], programs: Sequence[Program]) -> None:
        self.code = code
        self.programs: dict[str, list[Program]] = {}
        for program in sorted(programs, key=first_day):
            self.programs.setdefault(program["keyword"], []).append(program)
        self.meant: Meaning = ("", "", "")
        self.forget()

    def forget(self) -> None:
        self.state = "None"
        self.subscriptions: dict[str, dict[str, Any]] = {}  # The last changed last.
        self.stopped_at: datetime | None = None
        self.stop_said_at: datetime | None = None
        self.default_said_at: datetime | None = None

    def receive(self, text: str, at: datetime, origin: str, told: Meaning | None = None) -> Heard:
        """Hear an MO: give what is said, as (kind, text), and why it is refused.

        Args:
            text: any text.
            at: when it arrived.
            origin: where it comes from.
            told: what it was taken for; heeded where nobody wrote down what it means.

        """
        if self.stopped_at is not None and at < self.stopped_at:
            return [], "stale"
        self.expire(at)
        self.meant = hears, keyword, verdict = self.read(text, at, told)
        if origin != "handset" and hears not in ("JOIN", "STOP"):
            return [], "handset only"
        if hears == "STOP":
            return self.stop(at), ""
        if hears == "START":
            return self.start(at), ""
        if hears == "UNMATCHED":
            return self.unmatched(at), ""
        if hears in ("HELP", "REACTION"):
            return [("help", self.code["helpMessage"])] if hears == "HELP" else [], ""
        said, refused = self.hear(keyword, hears, at, handset=origin == "handset", verdict=verdict)
        self.come_back(keyword)
        return said, refused

    def tick(self, now: datetime) -> Said:
        """Let time pass: apply what has expired, and say a reminder that is due."""
        self.expire(now, silent=False)
        return self.reminded

    def next_deadline(self) -> datetime | None:
        """Give when `tick` has something to do next."""
        pending = [at for deadline in ("expires", "reminder") for at, *_ in self.due(deadline)]
        return min(pending, default=None)

    def instruct(
        self, hears: str, keyword: str, at: datetime, *, resubscribe: bool = False
    ) -> Heard:
        """Obey an API or an agent; an order from before the last STOP is stale, too."""
        if self.stopped_at is not None and at < self.stopped_at:
            return [], "stale"
        if hears == "DEACTIVATE":
            self.forget()
            return [], ""
        self.expire(at)
        ended = hears == "UNSUBSCRIBE" and keyword in self.subscriptions
        if not ended and (keyword not in self.programs or not self.active(keyword, at)):
            return [], "unknown keyword"
        said, refused = self.hear(keyword, hears, at, resubscribe=resubscribe)
        if hears == "SUBSCRIBE":
            self.come_back(keyword)
        return said, refused

    def stands(self, keyword: str = "") -> str:
        """Give the state of a programme; without keyword the one that tells most."""
        if keyword:
            return str(self.subscriptions.get(keyword, {"state": self.state})["state"])
        states = [subscription["state"] for subscription in self.subscriptions.values()]
        if self.state == "Unsubscribed" or not states:
            return self.state
        return next(state for state in FURTHEST if state in states)

    def read(self, text: str, at: datetime, told: Meaning | None = None) -> Meaning:
        """Give what a text means, or what it was taken for if that could be."""
        active = [keyword for keyword in self.programs if self.active(keyword, at)]
        awaited = self.awaited()
        waiting = self.program(awaited, at) if awaited else None
        known = meaning(text, active, waiting, self.code.get("countryCode", ""), at)
        if known is not None:
            return known
        hears, keyword, verdict = told or ("OTHER", "", "")
        if hears == "JOIN" and keyword in active:
            return hears, keyword, ""
        if hears not in (*ANSWERS, "JOIN"):
            return hears, "", ""
        if waiting is None:
            return "UNMATCHED", "", ""
        return hears if hears in ANSWERS[:-1] else "OTHER", awaited, verdict

    def program(self, keyword: str, at: datetime) -> Program:
        """Give the programme of a keyword: the one of that day, else the last."""
        of_the_day = [program for program in self.programs[keyword] if runs(program, at)]
        return (of_the_day or self.programs[keyword])[-1]

    def active(self, keyword: str, at: datetime) -> bool:
        return any(runs(program, at) for program in self.programs[keyword])

    def awaited(self) -> str:
        """Give the keyword of the In Progress subscription that was prompted last."""
        pending = [
            (subscription["prompted"], place, keyword)
            for place, (keyword, subscription) in enumerate(self.subscriptions.items())
            if subscription["state"] == "In Progress"
        ]
        return max(pending)[2] if pending else ""

    def hear(self, keyword: str, hears: str, at: datetime, **facts: Any) -> Heard:
        """Let one programme hear something, and write down what changes."""
        program = self.program(keyword, at)
        kind = program["messageOptInType"]
        blank = {"state": self.state, "since": None, "of age": False, "locked": None}
        old = self.subscriptions.get(keyword, blank)
        facts |= {
            "attempts left": old.get("attempts", 0) < int(program.get("maxAttempts", 3)),
            "cooling down": old["locked"] is not None and at < old["locked"],
            "single allowed": program.get("allowSingleOptIn", False),
            "of age": old["of age"],
            "stop said today": True,
        }
        known = old["state"] if old["state"] in STATES[kind] else "None"
        state, says, refused = step(kind, known, hears, facts)
        if state == known and old["state"] != "In Progress":
            state = old["state"]  # Whoever is not asked anything is left as they are.
        text = program.get(FIELDS.get(says, ""), "")
        if says == "birth date" and not text:
            text = program["doubleOptinInitialMessage"]
        new = dict(old)
        if state != old["state"]:
            new = {"state": state, "since": at, "of age": old["of age"], "locked": old["locked"]}
            new |= {"attempts": 0, "reminded": False}
        elif state == "In Progress" and hears in COUNTED and says:
            new["attempts"] += 1
        if hears == "REMIND":
            new |= {"reminded": True, "reminder": None}
        elif state == "In Progress" and text:
            new |= prompted(program, new, at)
        new |= gate(program, facts.get("verdict", ""), at)
        if new != old and hears != "REMIND":
            self.subscriptions.pop(keyword, None)
        if new != old:
            self.subscriptions[keyword] = new
        return [(says, text)] if text else [], refused

    def expire(self, now: datetime, *, silent: bool = True) -> None:
        """Apply the deadlines that have passed; where both are due, expiry wins."""
        self.reminded: Said = []
        for at, _, keyword in self.due("expires", now):
            self.hear(keyword, "EXPIRE", at)
        for at, _, keyword in self.due("reminder", now):
            due = not silent and keyword == self.awaited()
            self.reminded += self.hear(keyword, "REMIND", at, **{"reminder due": due})[0]

    def due(self, deadline: str, now: datetime | None = None) -> list[tuple[datetime, int, str]]:
        """Give the deadlines of a kind that have passed, or (without `now`) all of them."""
        return sorted(
            (subscription[deadline], place, keyword)
            for place, (keyword, subscription) in enumerate(self.subscriptions.items())
            if subscription.get(deadline) is not None
            and (now is None or subscription[deadline] <= now)
        )

    def stop(self, at: datetime) -> Said:
        for keyword in list(self.subscriptions):
            self.hear(keyword, "STOP", at)
        again = self.state == "Unsubscribed"
        self.state, self.stopped_at = "Unsubscribed", at
        if again and self.stop_said_at is not None and at < self.stop_said_at + A_DAY:
            return []
        self.stop_said_at = at
        return [("stop", self.code["stopMessage"])]

    def start(self, at: datetime) -> Said:
        left = [
            (subscription["since"], place, keyword)
            for place, (keyword, subscription) in enumerate(self.subscriptions.items())
            if subscription["state"] == "Unsubscribed" and self.active(keyword, at)
        ]
        out, self.state = self.state == "Unsubscribed", "None"
        said = self.hear(max(left)[2], "START", at)[0] if left else []
        return said or ([("start", self.code["startMessage"])] if out else [])

    def unmatched(self, at: datetime) -> Said:
        said = self.default_said_at
        if not self.code.get("defaultMessage") or (said is not None and at < said + A_DAY):
            return []
        self.default_said_at = at
        return [("default", self.code["defaultMessage"])]

    def come_back(self, keyword: str) -> None:
        subscription = self.subscriptions.get(keyword)
        if subscription is not None and subscription["state"] != "Unsubscribed":
            self.state = "None"


def first_day(program: Program) -> date:
    return day_of(program.get("startDate") or date.min)


def runs(program: Program, at: datetime) -> bool:
    """Tell whether a moment is in a programme's days, both included."""
    first, last = program.get("startDate"), program.get("endDate")
    if first is None and last is None:
        return True
    day = today(program, at)
    return day_of(first or day) <= day <= day_of(last or day)


def prompted(program: Program, subscription: dict[str, Any], at: datetime) -> dict[str, Any]:
    """Count the deadlines from a prompt that was said on an MO."""
    within, remind = length(program.get("confirmWithin", 72)), length(program.get("remindAfter"))
    deadlines = {"prompted": at, "expires": within and at + within}
    if remind is not None and not subscription["reminded"]:
        deadlines["reminder"] = at + remind
    return deadlines


def gate(program: Program, verdict: str, at: datetime) -> dict[str, Any]:
    """Remember what the age gate said: a lock after too young an age, or the right age."""
    if verdict == "too_young":
        shut = length(program.get("ageRetryAfter", 24)) or timedelta()
        return {"of age": False, "locked": at + shut}
    return {"of age": True} if verdict == "old_enough" else {}

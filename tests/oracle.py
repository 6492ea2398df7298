"""A naive model of the engine, written from the specification and from nothing else.

It shares no code, no table and no vocabulary with `optin_engine`: states and texts are
plain strings, a subscription is a dict, and every rule is an `if`. It reads only a closed
list of texts, whose meaning is written beside them. `oracle_machines.step` is the three
opt-in machines and the contact's own; `Phone` is one contact on one code.
"""

# ruff: noqa: PLR0911 - one `return` for each rule reads as the specification's table does.

from datetime import date, datetime, timedelta
from typing import Any

from tests.known_texts import AGES, DATES, HELPS, NOES, REACTIONS, STARTS, STOPS, YESES
from tests.oracle_machines import Step, step

Heard = tuple[list[tuple[str, str]], str]

A_DAY = timedelta(hours=24)
COUNTED = ("JOIN", "YES", "OTHER", "BIRTH_DATE")
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
        code: the code's definition, in MobileConnect's field names.
        programs: the definitions of the programmes on it.

    """

    def __init__(self, code: dict[str, Any], programs: list[dict[str, Any]]) -> None:
        self.code = code
        self.programs = {program["keyword"]: program for program in programs}
        self.forget()

    def forget(self) -> None:
        self.state = "None"
        self.subscriptions: dict[str, dict[str, Any]] = {}  # The last changed last.
        self.stopped_at: datetime | None = None
        self.stop_said_at: datetime | None = None
        self.default_said_at: datetime | None = None

    def receive(self, text: str, at: datetime, origin: str) -> Heard:
        """Hear an MO: give what is said, as (kind, text), and why it is refused."""
        if self.stopped_at is not None and at < self.stopped_at:
            return [], "stale"
        self.expire(at)
        hears, keyword, verdict = self.read(text, at)
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

    def tick(self, now: datetime) -> list[tuple[str, str]]:
        """Let time pass: apply what has expired, and say a reminder that is due."""
        self.expire(now, silent=False)
        return self.reminded

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

    def read(self, text: str, at: datetime) -> Step:
        """Give what a text of the closed list is, the keyword it goes to, and a verdict."""
        first = text.partition(" ")[0].strip("!.?").upper()
        for meaning, texts in (("REACTION", REACTIONS), ("STOP", STOPS), ("HELP", HELPS)):
            if text in texts:
                return meaning, "", ""
        if first in self.programs and self.active(first, at):
            return "JOIN", first, ""
        if text in STARTS:
            return "START", "", ""
        keyword = self.awaited()
        if not keyword:
            return "UNMATCHED", "", ""
        program = self.programs[keyword]
        if YESES.get(text) in program.get("doubleOptInValidResponses", "y,yes").split(","):
            return "YES", keyword, ""
        if text in NOES:
            return "NO", keyword, ""
        verdict = self.verdict(program, text, at) if program["messageOptInType"] == "Age" else ""
        return "BIRTH_DATE" if verdict else "OTHER", keyword, verdict

    def verdict(self, program: dict[str, Any], text: str, at: datetime) -> str:
        today = local(program, at)
        ages = [
            today.year - born.year - ((today.month, today.day) < (born.month, born.day))
            for born in DATES.get(text, ())
        ]
        if text in AGES and program.get("acceptsAge", True):
            ages = [AGES[text]]
        passed = {age >= program["minimumAge"] for age in ages}
        if len(passed) == 1:
            return "old_enough" if passed == {True} else "too_young"
        return "ambiguous" if passed else ""

    def active(self, keyword: str, at: datetime) -> bool:
        program = self.programs[keyword]
        today = local(program, at).isoformat()
        first, last = (program.get(day, today) for day in ("startDate", "endDate"))
        return bool({"3/1/2026": "2026-03-01"}.get(first, first) <= today <= last)

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
        program = self.programs[keyword]
        blank = {"state": self.state, "since": None, "of age": False, "locked": None}
        old = self.subscriptions.get(keyword, blank)
        facts |= {
            "attempts left": old.get("attempts", 0) < program.get("maxAttempts", 3),
            "cooling down": old["locked"] is not None and at < old["locked"],
            "single allowed": program.get("allowSingleOptIn", False),
            "of age": old["of age"],
            "stop said today": True,
        }
        state, says, refused = step(program["messageOptInType"], old["state"], hears, facts)
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
        self.reminded: list[tuple[str, str]] = []
        for at, keyword in self.due("expires", now):
            self.hear(keyword, "EXPIRE", at)
        for at, keyword in self.due("reminder", now):
            due = not silent and keyword == self.awaited()
            self.reminded += self.hear(keyword, "REMIND", at, **{"reminder due": due})[0]

    def due(self, deadline: str, now: datetime) -> list[tuple[datetime, str]]:
        return sorted(
            (subscription[deadline], keyword)
            for keyword, subscription in self.subscriptions.items()
            if subscription.get(deadline) is not None and subscription[deadline] <= now
        )

    def stop(self, at: datetime) -> list[tuple[str, str]]:
        for keyword in list(self.subscriptions):
            self.hear(keyword, "STOP", at)
        again = self.state == "Unsubscribed"
        self.state, self.stopped_at = "Unsubscribed", at
        if again and self.stop_said_at is not None and at < self.stop_said_at + A_DAY:
            return []
        self.stop_said_at = at
        return [("stop", self.code["stopMessage"])]

    def start(self, at: datetime) -> list[tuple[str, str]]:
        left = [
            (subscription["since"], place, keyword)
            for place, (keyword, subscription) in enumerate(self.subscriptions.items())
            if subscription["state"] == "Unsubscribed" and self.active(keyword, at)
        ]
        out, self.state = self.state == "Unsubscribed", "None"
        if left:
            return self.hear(max(left)[2], "START", at)[0]
        return [("start", self.code["startMessage"])] if out else []

    def unmatched(self, at: datetime) -> list[tuple[str, str]]:
        said = self.default_said_at
        if "defaultMessage" not in self.code or (said is not None and at < said + A_DAY):
            return []
        self.default_said_at = at
        return [("default", self.code["defaultMessage"])]

    def come_back(self, keyword: str) -> None:
        subscription = self.subscriptions.get(keyword)
        if subscription is not None and subscription["state"] != "Unsubscribed":
            self.state = "None"


def local(program: dict[str, Any], at: datetime) -> date:
    """Give the day in the programme's time zone: UTC, or the westernmost there is."""
    west = 0 if program.get("timeZone") == "UTC" else 12
    return (at - timedelta(hours=west)).date()


def prompted(program: dict[str, Any], subscription: dict[str, Any], at: datetime) -> dict[str, Any]:
    """Count the deadlines from a prompt that was said on an MO."""
    within, remind = program.get("confirmWithin", 72), program.get("remindAfter")
    deadlines = {"prompted": at, "expires": within and at + timedelta(hours=within)}
    if remind is not None and not subscription["reminded"]:
        deadlines["reminder"] = at + timedelta(hours=remind)
    return deadlines


def gate(program: dict[str, Any], verdict: str, at: datetime) -> dict[str, Any]:
    """Remember what the age gate said: a lock after too young an age, or the right age."""
    if verdict == "too_young":
        return {"of age": False, "locked": at + timedelta(hours=program.get("ageRetryAfter", 24))}
    return {"of age": True} if verdict == "old_enough" else {}

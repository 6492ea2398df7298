"""A naive model of the machines, written from the specification and from nothing else.

It shares no code, no table and no vocabulary with `optin_engine`: states and texts are
plain strings, and every rule is an `if`.
"""

from typing import Any

Step = tuple[str, str, str]

# Where a definition changed under a subscription, a state that its type has not is no state.
STATES = {
    "Single": ("None", "Subscribed", "Unsubscribed"),
    "Double": ("None", "Subscribed", "Unsubscribed", "In Progress"),
    "Age": ("None", "Subscribed", "Unsubscribed", "In Progress", "Declined"),
    "Text": ("None", "Unsubscribed"),
}


def step(kind: str, state: str, hears: str, facts: dict[str, Any]) -> Step:
    """Give where a machine goes, what it says, and why it refuses ("" for neither)."""
    if hears == "DEACTIVATE":
        return "None", "", ""
    if hears in ("HELP", "REACTION"):
        return state, "help" if hears == "HELP" else "", ""
    if hears == "STOP":
        quiet = state == "Unsubscribed" and facts["stop said today"]
        return "Unsubscribed", "" if quiet else "stop", ""
    if kind == "Contact":
        return step_of_contact(state, hears, facts)
    if hears == "UNSUBSCRIBE":
        return "Unsubscribed", "", ""
    if kind == "Text":
        return step_of_text(state, hears, facts)
    if hears == "SUBSCRIBE":
        return subscribe(kind, state, facts)
    if hears == "JOIN" or (hears == "START" and state == "Unsubscribed"):
        return join(kind, state, hears, facts)
    if state == "In Progress":
        return answer(kind, hears, facts)
    return state, "", ""


def step_of_contact(state: str, hears: str, facts: dict[str, Any]) -> Step:
    if hears == "UNMATCHED":
        return state, "" if facts["default said today"] else "default", ""
    if state == "Unsubscribed" and hears == "START":
        return "None", "start", ""
    return "None" if facts["came back"] else state, "", ""


def step_of_text(state: str, hears: str, facts: dict[str, Any]) -> Step:
    if hears == "START":
        return "None", "", ""
    if hears == "SUBSCRIBE":
        asked = state == "None" or facts["resubscribe"]
        return state, "", "subscribes nobody" if asked else "opted out"
    if hears != "JOIN":
        return state, "", ""
    if facts["handset"] or (state == "None" and facts["single allowed"]):
        return state, "response", ""
    return state, "", "opted out" if state == "Unsubscribed" else "double opt-in required"


def join(kind: str, state: str, hears: str, facts: dict[str, Any]) -> Step:
    if state == "Subscribed":
        return state, "duplicate", ""
    if state == "In Progress":
        return state, "initial" if facts["attempts left"] else "", ""
    if state == "Unsubscribed" and hears == "JOIN" and not facts["handset"]:
        return state, "", "opted out"
    if kind == "Age" and facts["cooling down"]:
        return state, "invalid age", ""
    if kind != "Single":
        return "In Progress", "initial", ""
    if state == "None" and not facts["handset"] and not facts["single allowed"]:
        return state, "", "double opt-in required"
    return "Subscribed", "response", ""


def subscribe(kind: str, state: str, facts: dict[str, Any]) -> Step:
    if state == "In Progress":
        return state, "", "double opt-in required"
    if state == "Unsubscribed" and not facts["resubscribe"]:
        return state, "", "opted out"
    if state == "Declined":
        return state, "", "age not confirmed"
    if kind == "Age" and state != "Subscribed" and not facts["of age"]:
        return state, "", "age not confirmed"
    return "Subscribed", "", ""


def answer(kind: str, hears: str, facts: dict[str, Any]) -> Step:
    stays, left = "In Progress", facts["attempts left"]
    if hears in ("NO", "EXPIRE"):
        return "None", "", ""
    if hears == "REMIND":
        return stays, "initial" if facts["reminder due"] else "", ""
    if hears == "YES":
        return (
            (stays, "birth date" * left, "")
            if kind == "Age"
            else ("Subscribed", "confirmation", "")
        )
    if hears == "OTHER":
        return stays, "error" * left, ""
    if hears == "BIRTH_DATE" and kind == "Age":
        if facts["verdict"] == "old_enough":
            return "Subscribed", "confirmation", ""
        if facts["verdict"] == "too_young":
            return "Declined", "invalid age", ""
        return stays, "error" * left, ""
    return stays, "", ""

"""Many at once: the same MO twenty times, and YES and STOP of one contact in one instant."""

import threading
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta

from optin_engine.account import Account
from optin_engine.engine import Engine
from optin_engine.service.answer import Answer
from optin_engine.service.service import Service
from optin_engine.stores import Store, open_store
from optin_engine.vocabulary import Contact, Inbound, Origin
from tests.faults.crew import take_at_once
from tests.faults.definitions import DEFINITIONS, DIGITS
from tests.faults.figures import Report
from tests.faults.load import Talk
from tests.faults.receiver import Receiver
from tests.faults.verdicts import (
    check,
    check_arrivals,
    check_chains,
    check_talk,
    conversation,
    is_quiet,
)
from tests.faults.victim import NO_LIMIT, Place, Victim, steady
from tests.faults.waiting import PATIENCE_SECONDS, wait_until

CREW = 20
RACES = 40
PROCESSES = 4
A_WHILE = timedelta(hours=2)
NUMBER = "+12123000000"
TEXTS = ("CLUB", "YES", "ADULT", "what is this?", "25", "STOP", "NEWS")


def told() -> Talk:
    """Give a conversation of one number in which everything was said."""
    talk = Talk(NUMBER, [(text, Origin.HANDSET) for text in reversed(TEXTS)])
    while talk.unsaid:
        talk.say()
    return talk


def check_one_effect(store: Store, talk: Talk, answers: Sequence[Sequence[Answer]]) -> None:
    """Whoever brought an MO was answered the same, and it is there once, as the oracle says."""
    for mo, given in zip(talk.sent, zip(*answers, strict=True), strict=True):
        talk.answers[mo.id] = given[0]
        assert given.count(given[0]) == CREW
    check_talk(store, talk, *conversation(store, talk.number))
    check_chains(store)


def test_an_mo_delivered_20_times_at_once_to_one_service_is_taken_once(url: str) -> None:
    talk, together = told(), threading.Barrier(CREW, timeout=PATIENCE_SECONDS)
    with open_store(url) as store, Service(store, NO_LIMIT) as service:
        service.catalog.load(DEFINITIONS)

        def take_all(_: int) -> list[Answer]:
            answers = []
            for mo in talk.sent:
                together.wait()
                answers.append(service.receive(DIGITS, NUMBER, mo))
            return answers

        with ThreadPoolExecutor(CREW) as crew:
            answers = list(crew.map(take_all, range(CREW)))
        check_one_effect(store, talk, answers)


def test_an_mo_delivered_at_once_to_20_processes_is_taken_once(url: str) -> None:
    talk = told()
    orders = [(NUMBER, mo) for mo in talk.sent]
    with open_store(url) as store, Receiver() as receiver:
        answers = take_at_once(Place(url, receiver.url, hosts_workers=False), [orders] * CREW)
        check_one_effect(store, talk, answers)


def said(text: str, number: str, at: datetime) -> Inbound:
    return Inbound(text, at, f"{text} {number}")


def join(store: Store, numbers: Sequence[str]) -> dict[str, Contact]:
    """Let each number join CLUB; give the contacts, all of whom are asked for a YES."""
    with Service(store, NO_LIMIT) as service:
        service.catalog.load(DEFINITIONS)
        for number in numbers:
            service.receive(DIGITS, number, said("CLUB", number, datetime.now(UTC)))
    return {number: store.contacts(number)[0] for number in numbers}


def in_turn(engine: Engine, contact: Contact, *mos: Inbound) -> Contact:
    """Give the contact after these MOs, one after the other."""
    for mo in mos:
        contact = engine.receive(contact, mo).contact
    return contact


def test_deadlines_that_are_due_at_once_in_several_processes_pass_once(url: str) -> None:
    sleepers = [Talk(f"+1212500{n:04}", [("LATER", Origin.HANDSET)], A_WHILE) for n in range(RACES)]
    with open_store(url) as store, Service(store, NO_LIMIT) as service, Receiver() as receiver:
        service.catalog.load(DEFINITIONS)
        for talk in sleepers:
            mo = talk.say()
            talk.answers[mo.id] = service.receive(DIGITS, talk.number, mo)
        with ExitStack() as crew:
            for _ in range(PROCESSES):
                crew.enter_context(Victim(steady(url, receiver.url)))
            wait_until(lambda: is_quiet(store), "every reminder is sent")
        figures = check(store, sleepers, receiver.arrivals)
    assert (figures["MTs"], figures["arrivals"]) == (2 * RACES, 2 * RACES)


def test_yes_and_stop_at_one_instant_in_two_processes_end_as_one_after_the_other(
    url: str, report: Report
) -> None:
    numbers = [f"+1212400{race:04}" for race in range(RACES)]
    with open_store(url) as store, Receiver() as receiver:
        joined = join(store, numbers)
        at = datetime.now(UTC)
        yes, stop = ([(n, said(text, n, at)) for n in numbers] for text in ("YES", "STOP"))
        place = steady(url, receiver.url)
        take_at_once(place, [yes, stop])
        with Victim(place):
            wait_until(lambda: is_quiet(store), "everything is sent")
        engine, orders = Engine(Account.from_dict(DEFINITIONS)), Counter[str]()
        for number, (_, sure), (_, out) in zip(numbers, yes, stop, strict=True):
            contact = store.contacts(number)[0]
            ends = {
                "YES first": in_turn(engine, joined[number], sure, out),
                "STOP first": in_turn(engine, joined[number], out, sure),
            }
            orders[next(order for order, end in ends.items() if end == contact)] += 1
            mts = conversation(store, number)[1]
            mine = [a for a in receiver.arrivals if a.body["to"] == number]
            check_arrivals(mts, mine)
        check_chains(store)
    report({"races": RACES} | orders)

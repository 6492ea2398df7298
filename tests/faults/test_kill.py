"""The service is killed at random instants under load: nothing is lost, nothing said twice."""

from datetime import timedelta
from pathlib import Path
from random import Random
from time import monotonic

from optin_engine.stores import open_store
from optin_engine.vocabulary import Origin
from tests.faults.delivering import deliver, deliver_more, deliver_the_rest
from tests.faults.figures import Report
from tests.faults.load import Carrier
from tests.faults.receiver import Receiver
from tests.faults.served import Served
from tests.faults.verdicts import check, is_quiet
from tests.faults.victim import Place, Victim
from tests.faults.waiting import wait_until

KILLS = {"sqlite": 100, "postgresql": 50}
KILLS_OF_THE_COMMAND = 4
MOST_ANSWERS = 30
LONGEST_DELAY_SECONDS = 0.05


def test_after_kills_at_random_instants_all_is_there_once_and_as_the_oracle_says(
    url: str, report: Report
) -> None:
    kills, carrier = KILLS[url.partition(":")[0]], Carrier(seed=3)
    random = Random(4)  # noqa: S311 - it draws instants, no secrets.
    with Receiver() as receiver:
        place = Place(url, receiver.url)
        for _ in range(kills):
            live_a_little(place, carrier, random)
            receiver.settle()
        with open_store(url) as store, Victim(place) as last:
            deliver_the_rest(carrier, last)
            wait_until(lambda: is_quiet(store), "everything is sent")
            figures = check(store, carrier.talks, receiver.arrivals)
    report({"kills": kills} | carrier.figures | figures)
    assert carrier.figures["sent again"] > kills, "the kills met MOs in flight"


def live_a_little(place: Place, carrier: Carrier, random: Random) -> None:
    """Start, be killed, somewhere between being started and being busy."""
    victim, answered = Victim(place), carrier.figures["answered"]
    enough = answered + random.randint(1, MOST_ANSWERS)
    phases = {
        "starting": lambda: True,
        "ready": lambda: victim.is_ready,
        "busy": lambda: carrier.figures["answered"] >= enough,
    }
    (phase,) = random.choices(list(phases), (1, 2, 9))
    deliver(carrier, victim, phases[phase])
    until = monotonic() + random.uniform(0, LONGEST_DELAY_SECONDS)
    deliver(carrier, victim, lambda: monotonic() >= until)
    victim.kill()
    carrier.hang_up()


def test_after_kills_of_the_command_serve_all_is_there_once_and_as_the_oracle_says(
    url: str, tmp_path: Path, report: Report
) -> None:
    carrier, random = Carrier(seed=11, origins=[Origin.HANDSET]), Random(12)  # noqa: S311
    with Receiver() as receiver:
        for _ in range(KILLS_OF_THE_COMMAND):
            served = Served(tmp_path, url, receiver.url)
            deliver_more(carrier, served, "answered", random.randint(20, 200))
            served.kill()
            carrier.hang_up()
            receiver.settle()
        # Its lease on what was in hand is a minute, which has passed where the clock is fast.
        later = Place(url, receiver.url, ahead=timedelta(minutes=2))
        with open_store(url) as store, Victim(later) as last:
            deliver_the_rest(carrier, last)
            wait_until(lambda: is_quiet(store), "everything is sent")
            figures = check(store, carrier.talks, receiver.arrivals)
    report({"kills": KILLS_OF_THE_COMMAND} | carrier.figures | figures)

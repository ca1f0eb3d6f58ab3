"""Several people record the same event of one clock at once. Run by test_clock_race, on the database of its process.

Prints how many events stand, and how often somebody was told that another was faster.
"""

from __future__ import annotations

import json
import threading
from datetime import date

from django.db import connection

from qingyuan.casework.actions import clock_decisions, clocks
from qingyuan.casework.actions.clocks import Given, SomebodyWasFaster
from qingyuan.casework.models import ClockCheck, ClockDecision, ClockEvent, RunningClock
from tests import schema
from tests.cast import City, found_city, measure_values

PEOPLE = 4
EXPECTED = {"custody": 1, "told": PEOPLE - 1, "checks": 1, "decisions": 1, "told_again": PEOPLE - 1, "failed": []}


def race() -> dict[str, object]:
    city = found_city()
    days = {"decided_on": date(2022, 11, 1), "served_on": date(2022, 11, 3), "reported_on": None, "agreement_on": None}
    city.enter("measures", "supervisor", measure_values(city, 1, **days))
    running = RunningClock.objects.get(code="D20")
    told_again, failed = _at_once(city, lambda by: clock_decisions.look_into(running=_fresh(running), position=0, finding="yes", turn=0, by=by))
    version = RunningClock.objects.get(pk=running.pk).version
    given = Given("custody", date(2022, 11, 8))
    told, more = _at_once(city, lambda by: clocks.record(running=_fresh(running), given=given, version=version, by=by))
    return {
        "custody": ClockEvent.objects.filter(word="custody").count(),
        "told": told,
        "checks": ClockCheck.objects.count(),
        "decisions": ClockDecision.objects.count(),
        "told_again": told_again,
        "failed": failed + more,
    }


def _fresh(running: RunningClock) -> RunningClock:
    return RunningClock.objects.get(pk=running.pk)


def _at_once(city: City, act: object) -> tuple[int, list[str]]:
    """Everybody does the same at the same moment. Returns how many were told that somebody was faster, and what else failed."""
    by, start, guard = city.actor("supervisor"), threading.Barrier(PEOPLE), threading.Lock()
    told, failed = [], []

    def work() -> None:
        start.wait()
        try:
            act(by)  # type: ignore[operator]
        except SomebodyWasFaster as faster:
            with guard:
                told.append(str(faster))
        except Exception as error:
            with guard:
                failed.append(repr(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(PEOPLE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(told), failed


def main() -> None:
    """In a process of its own: make the database, then race."""
    schema.lay()
    print(json.dumps(race()))

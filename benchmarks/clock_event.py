"""One event recorded on one of many clocks: its row and what is to do follow, beside a loop that recomputes everything.

    QINGYUAN_HOME=/tmp/bench .venv/bin/python benchmarks/clock_event.py [CLOCKS] [EVENTS]

Makes a city of its own in an empty folder, with CLOCKS running clocks of two towns. Prints milliseconds from the call to the
committed row with its to-dos read again (middle and slowest of EVENTS), and what it costs to answer every clock anew.
Bar: 100 ms.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from datetime import date, timedelta
from pathlib import Path

import django

ROOT = Path(__file__).resolve().parents[1]
# Django reads its settings once: the day and the path stand before anything of the project is imported.
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qingyuan.config.settings")
os.environ.setdefault("QINGYUAN_TODAY", "2022-11-23")
django.setup()

from django.core.management import call_command  # noqa: E402

from qingyuan.casework.actions import clocks  # noqa: E402
from qingyuan.casework.actions.clocks import Given  # noqa: E402
from qingyuan.casework.clocks.queries import all_asked, clocks_visible  # noqa: E402
from qingyuan.casework.enums import EventSource  # noqa: E402
from qingyuan.casework.models import ClockEvent, RunningClock  # noqa: E402
from qingyuan.foundation import clock  # noqa: E402
from qingyuan.foundation.ids import new_id  # noqa: E402
from qingyuan.reference import clocks as engine  # noqa: E402
from qingyuan.reference.packs import NATIONAL  # noqa: E402
from qingyuan.web.today import clocks as to_do  # noqa: E402
from tests.cast import City, found_city  # noqa: E402

DAY = timedelta(days=1)
STARTED = date(2022, 11, 10)


def prepare() -> City:
    """The cast of the tests in a database of this process's own."""
    for database in ("default", "audit"):
        call_command("migrate", database=database, verbosity=0, interactive=False)
    return found_city()


def plant(city: City, count: int) -> None:
    """Reports that are waited for, of rows nobody has to have: a clock knows its row by an opaque key."""
    made, events = [], []
    for number in range(count):
        started = STARTED - (number % 20) * DAY
        day = engine.start("D20", started).day
        unit = city.units["longdong" if number % 2 else "shiqiao"]
        running = RunningClock(
            code="D20",
            kind="deadline",
            pack=NATIONAL,
            ledger="measures",
            subject_id=new_id(),
            division_id=unit.division_id,
            unit_id=unit.pk,
            started_on=started,
            last_day=day,
            latest=day,
            due_on=day,
        )
        made.append(running)
        events.append(
            ClockEvent(
                clock=running,
                word="received",
                on=started,
                source=EventSource.ROW,
                column="served_on",
                recorded_at=clock.now(),
            )
        )
    RunningClock.objects.bulk_create(made, batch_size=1000)
    ClockEvent.objects.bulk_create(events, batch_size=1000)


def main(count: int, turns: int) -> None:
    city = prepare()

    plant(city, count)
    by, on = city.actor("supervisor"), date(2022, 11, 23)
    chosen = list(clocks_visible(by, on).order_by("pk")[:turns])
    to_do.jobs(by, on)  # the declarations are read once a process
    took, worked = [], []
    for running in chosen:
        began, cpu = time.perf_counter(), time.process_time()
        given = Given("custody", (running.started_on or on) + DAY)
        clocks.record(running=running, given=given, version=running.version, by=by)
        to_do.jobs(by, on)
        took.append((time.perf_counter() - began) * 1000)
        worked.append((time.process_time() - cpu) * 1000)
    began = time.perf_counter()
    everything = list(RunningClock.objects.select_related("division", "unit"))
    for start in range(0, len(everything), 500):
        all_asked(everything[start : start + 500], on)
    naive = (time.perf_counter() - began) * 1000
    middle = statistics.median(took)
    slowest, cpu = max(took), statistics.median(worked)
    print(f"{count} clocks, {len(took)} events: row and to-dos follow after {middle:.0f} ms (slowest {slowest:.0f}, CPU {cpu:.0f})")
    print(f"all recomputed: {naive:.0f} ms, {naive / middle:.0f} times as long")


if __name__ == "__main__":
    main(
        int(sys.argv[1]) if len(sys.argv) > 1 else 50_000,
        int(sys.argv[2]) if len(sys.argv) > 2 else 20,
    )

"""Several threads have the rules propose for one round, then take the same step of one entry at once. Run by test_reward_race."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from typing import Any

from django.db import connection

from qingyuan.casework.models import ProcedureStep
from qingyuan.governance.actions import rewards
from qingyuan.governance.models import Consequence
from tests import schema
from tests.cast import TODAY, found_city
from tests.governance.conftest import furnished
from tests.governance.year_end import YearEnd, at

THREADS = 4
#: Each of the two towns: its grade, a talk, points in two other systems.
EXPECTED = {"made": [0, 0, 0, 8], "entries": 8, "through": 1, "refused": 3, "failed": [], "state": "noticed", "positions": [1, 2]}


def race() -> dict[str, object]:
    desk = furnished(found_city())
    round = YearEnd(desk).published()
    clerk = desk.actor("clerk")
    made: list[int] = []
    failed: list[str] = []
    _together(lambda: made.append(len(rewards.propose(round=round, by=clerk, at=at(TODAY)))), failed)
    case = Consequence.objects.get(rule="T1", unit__code="longdong")
    through: list[int] = []
    refused: list[int] = []

    def notify() -> None:
        try:
            rewards.take(case=case, step="notify", by=clerk, version=1, at=at(TODAY))
            through.append(1)
        except rewards.CaseMoved:
            refused.append(1)

    _together(notify, failed)
    case.refresh_from_db()
    positions = ProcedureStep.objects.filter(subject_id=case.pk).order_by("position").values_list("position", flat=True)
    return {
        "made": sorted(made), "entries": Consequence.objects.count(), "through": len(through), "refused": len(refused), "failed": failed,
        "state": case.state, "positions": list(positions),
    }  # fmt: skip


def _together(work: Callable[[], Any], failed: list[str]) -> None:
    start = threading.Barrier(THREADS)

    def run() -> None:
        start.wait()
        try:
            work()
        except Exception as error:
            failed.append(repr(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def main() -> None:
    """In a process of its own: make the database, then race."""
    schema.lay()
    print(json.dumps(race()))

"""Several threads take numbers at once from the database of this process's settings. Run by test_paper_numbers.

Prints the numbers that were committed, in order, and the last one of the series. In each thread one turn fails after
its number was taken.
"""

from __future__ import annotations

import json
import threading

from django.db import connection, transaction

from qingyuan.casework.actions.papers import next_serial
from qingyuan.casework.models import PaperSeries
from qingyuan.organisation.actions import divisions
from qingyuan.organisation.models import Division, Unit
from qingyuan.organisation.rules import DivisionLine
from tests import schema
from tests.cast import BEGAN, SETTER

THREADS, EACH = 4, 5


class RolledBack(Exception):
    """Stands for a paper that failed after its number was taken."""


def race() -> dict[str, object]:
    divisions.load(lines=[DivisionLine(code="999981", name="云岭市", urban=None)], valid_from=BEGAN, by=SETTER)
    unit = Unit.objects.create(
        code="office", name="市禁毒办", kind="office", division=Division.objects.get(), zone="commission"
    )
    taken: list[int] = []
    failed: list[str] = []
    start = threading.Barrier(THREADS)
    guard = threading.Lock()

    def work(number: int) -> None:
        start.wait()
        try:
            for turn in range(EACH):
                try:
                    with transaction.atomic():
                        serial = next_serial(unit.pk, "云禁毒办", 2022)
                        if turn == number % EACH:
                            raise RolledBack
                    with guard:
                        taken.append(serial)
                except RolledBack:
                    continue
        except Exception as error:
            failed.append(repr(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return {"taken": sorted(taken), "failed": failed, "last": PaperSeries.objects.get().last}


EXPECTED = {
    "taken": list(range(1, THREADS * (EACH - 1) + 1)),
    "failed": [],
    "last": THREADS * (EACH - 1),
}


def main() -> None:
    """In a process of its own: make the database, then race."""
    schema.lay()
    print(json.dumps(race()))

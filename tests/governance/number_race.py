"""Several threads take numbers at once from the database of this process's settings. Run by test_letter_numbers.

Prints the numbers that were committed, in order, and the last one of the series. In each thread one turn fails after
its number was taken.
"""

from __future__ import annotations

import json
import threading

from django.db import connection, transaction

from qingyuan.governance.actions.letters import _next_serial
from qingyuan.governance.models import NumberSeries
from tests import schema

THREADS, EACH = 4, 5


class RolledBack(Exception):
    """Stands for a letter that failed after its number was taken."""


def race() -> dict[str, object]:
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
                        serial = _next_serial("云禁责", 2022)
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
    return {"taken": sorted(taken), "failed": failed, "last": NumberSeries.objects.get().last}


EXPECTED = {
    "taken": list(range(1, THREADS * (EACH - 1) + 1)),
    "failed": [],
    "last": THREADS * (EACH - 1),
}


def main() -> None:
    """In a process of its own: make the database, then race."""
    schema.lay()
    print(json.dumps(race()))

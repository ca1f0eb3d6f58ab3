"""Several threads take the same step of the same order at once, each with the version it had open. Run by test_order_race.

Prints how many got through, how many were told to look again, and the positions of the step log.
"""

from __future__ import annotations

import json
import threading

from django.db import connection

from qingyuan.casework.models import ProcedureStep
from qingyuan.governance.actions import orders
from qingyuan.governance.models import SupervisionOrder
from tests import schema
from tests.cast import TODAY, found_city
from tests.governance.orders import DRAFT, DUE, at

THREADS = 4
EXPECTED = {"through": 1, "refused": THREADS - 1, "failed": [], "state": "discarded", "positions": [1, 2], "version": 2}


def race() -> dict[str, object]:
    city = found_city()
    made = orders.draft(
        values=DRAFT, unit_ids=[city.units["longdong"].pk], due_on=DUE, by=city.actor("clerk"), at=at(TODAY)
    )[0]
    through: list[int] = []
    refused: list[int] = []
    failed: list[str] = []
    start = threading.Barrier(THREADS)
    clerk = city.actor("clerk")

    def work(number: int) -> None:
        start.wait()
        try:
            given = {"reason": "重复起草"}
            orders.take(order=made, step="discard", by=clerk, version=1, given=given, at=at(TODAY))
            through.append(number)
        except orders.CaseMoved:
            refused.append(number)
        except Exception as error:
            failed.append(repr(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    now = SupervisionOrder.everything.get(pk=made.pk)
    positions = ProcedureStep.objects.filter(subject_id=made.pk).order_by("position").values_list("position", flat=True)
    return {
        "through": len(through),
        "refused": len(refused),
        "failed": failed,
        "state": now.state,
        "positions": list(positions),
        "version": now.version,
    }


def main() -> None:
    """In a process of its own: make the database, then race."""
    schema.lay()
    print(json.dumps(race()))

"""Several threads answer one offer and offer one person at once, in the database of this process's settings. Run by
test_handover_race. Prints what each came to: one answer, one offer, one owner."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from datetime import date

from django.conf import settings
from django.db import connections

from qingyuan.casework.actions import handovers
from qingyuan.casework.actions.handovers import HandOverRefused, Terms
from qingyuan.casework.models import HandOver, HandOverRow
from qingyuan.foundation.audit.models import WriteEntry
from qingyuan.ledgers.models import FactRow
from qingyuan.rehabilitation.actions.handing import CODE
from qingyuan.rehabilitation.models import Client, Measure
from tests import schema
from tests.cast import City, found_city, measure_values

THREADS = 4


def at_once(acts: list[Callable[[], object]]) -> list[str]:
    """What the threads came to: done, refused, or how it broke."""
    said: list[str] = []
    start = threading.Barrier(len(acts))

    def work(act: Callable[[], object]) -> None:
        start.wait()
        try:
            act()
            said.append("done")
        except HandOverRefused:
            said.append("refused")
        except Exception as error:
            said.append(repr(error))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(said)


def offer(city: City, person: Client) -> HandOver:
    return handovers.offer(
        keeper=CODE, subjects=[person.pk], to_unit=city.units["shiqiao"], to_caseworker=None, terms=Terms("moved", "迁居"), by=city.actor("supervisor")
    )


def race() -> dict[str, object]:
    settings.QINGYUAN_TODAY = date(2022, 11, 23)
    city = found_city()
    city.enter("measures", "supervisor", measure_values(city, 1))
    person = Client.objects.get()
    offered = at_once([lambda: offer(city, person)] * THREADS)
    one = HandOver.objects.get()
    taker, giver = city.actor("stranger"), city.actor("supervisor")
    answered = at_once(
        [
            lambda: handovers.accept(handover=one, by=taker),
            lambda: handovers.accept(handover=one, by=taker),
            lambda: handovers.refuse(handover=one, why="不收", by=taker),
            lambda: handovers.withdraw(handover=one, why="不迁了", by=giver),
        ]
    )
    one.refresh_from_db()
    measure = Measure.objects.get()
    there = one.to_unit_id if one.state == "accepted" else one.unit_id
    return {
        "offered": offered,
        "answered": answered,
        "owner_agrees": {measure.unit_id, Client.objects.get().unit_id} == {there},
        "waiting": HandOverRow.objects.filter(open=True).count(),
        "answers": WriteEntry.objects.filter(act__in=("handovers.accept", "handovers.refuse", "handovers.withdraw")).count(),
        "current_facts": FactRow.objects.filter(fact="measures", superseded_at=None).count(),
    }


EXPECTED: dict[str, object] = {
    "offered": ["done", "refused", "refused", "refused"],
    "answered": ["done", "refused", "refused", "refused"],
    "owner_agrees": True,
    "waiting": 0,
    "answers": 1,
    "current_facts": 1,
}


def main() -> None:
    schema.lay()
    print(json.dumps(race()))

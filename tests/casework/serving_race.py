"""Several people number, serve and withdraw the same paper at once. Run by test_serving_race, on the database of its process.

Prints what stands after each, and how often somebody was told that another was faster.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from datetime import date

from django.core.management import call_command
from django.db import connection

from qingyuan.casework.actions import served_papers as actions
from qingyuan.casework.actions.served_papers import Scan, SomebodyWasFaster
from qingyuan.casework.models import PaperSeries, PaperService, ServedPaper, ServiceProof
from qingyuan.casework.serving.declared import form_called
from qingyuan.casework.serving.rules import PAGE, Told
from qingyuan.documents.qr import qr_png
from qingyuan.organisation.actor import Actor
from qingyuan.rehabilitation.models import Measure
from tests.cast import TODAY, City, found_city, measure_values

PEOPLE = 4
EXPECTED = {
    "told": [PEOPLE - 1] * 4,
    "failed": [],
    "last": 2,
    "serials": [1, 2],
    "states": ["served", "withdrawn"],
    "services": 1,
    "proofs": 1,
    "served_on": "2022-11-23",
}


def race() -> dict[str, object]:
    city = found_city()
    days = {"decided_on": date(2022, 11, 1), "served_on": None, "reported_on": None, "agreement_on": None}
    city.enter("measures", "supervisor", measure_values(city, 1, **days))
    first, second = _drafted(city), _drafted(city)
    told, failed = [], []
    for act in (
        lambda by: actions.issue(paper=first, version=1, by=by),
        lambda by: _served(first, by),
        lambda by: actions.issue(paper=second, version=1, by=by),
        lambda by: actions.withdraw(paper=second, reason="写错", version=2, by=by),
    ):
        faster, more = _at_once(city, act)
        told.append(faster)
        failed += more
    papers = ServedPaper.objects.order_by("serial")
    return {
        "told": told,
        "failed": failed,
        "last": PaperSeries.objects.get().last,
        "serials": [paper.serial for paper in papers],
        "states": [paper.state for paper in papers],
        "services": PaperService.objects.count(),
        "proofs": ServiceProof.objects.count(),
        "served_on": str(Measure.objects.get().served_on),
    }


def _drafted(city: City) -> ServedPaper:
    row = Measure.objects.select_related("client").get()
    answers = {"number": "云公(禁)社戒决字〔2022〕9号", "organ": "云岭市公安局"}
    return actions.draft(form=form_called("decision-receipt"), row=row, answers=answers, by=city.actor("supervisor"))


def _served(paper: ServedPaper, by: Actor) -> None:
    held = ServedPaper.objects.get(pk=paper.pk)
    scan = Scan(qr_png(PAGE.payload(held.pk, held.content_hash)))
    actions.serve(paper=held, told=Told("direct", TODAY, TODAY, "self"), version=2, by=by, scan=scan)


def _at_once(city: City, act: Callable[[Actor], object]) -> tuple[int, list[str]]:
    """Everybody does the same at the same moment. Returns how many were told that somebody was faster, and what else failed."""
    by, start, guard = city.actor("supervisor"), threading.Barrier(PEOPLE), threading.Lock()
    told: list[str] = []
    failed: list[str] = []

    def work() -> None:
        start.wait()
        try:
            act(by)
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
    call_command("migrate", verbosity=0)
    call_command("migrate", database="audit", verbosity=0)
    print(json.dumps(race()))

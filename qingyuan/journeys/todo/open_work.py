"""What stands open past its day, unit by unit and without anybody's name: from this the escalation is derived."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import F, Q

from qingyuan.casework.clocks.wanted import ledgers_with_clocks
from qingyuan.casework.models import Due, PaperDelivery, RunningClock
from qingyuan.casework.procedures.loading import all_procedures
from qingyuan.governance.models import Return, SupervisionOrder, UnitNeed
from qingyuan.governance.models.order import WITH_RECEIVER
from qingyuan.journeys.todo.dues import LATE_LOOK_BACK
from qingyuan.journeys.todo.job import Page, page
from qingyuan.ledgers import registry
from qingyuan.rehabilitation.way import unmet
from qingyuan.situation.enums import RequestState
from qingyuan.situation.models import FigureAnswer


@dataclass(frozen=True)
class Open:
    """Rows of one kind that wait for an answer: ``day`` names the column of the last day, ``ends`` how many days after it the
    column stands (1 = the first day out of time), ``where`` the page on which a leader goes after it, ``unit`` the column of
    the unit that owes it."""

    kind: str
    rows: Any
    day: str
    ends: int = 0
    where: Page | None = None
    unit: str = "unit_id"

    def before(self, last_day: date, units: Iterable[int]) -> Any:
        """Those of ``units`` whose last day lies before ``last_day``."""
        late = {f"{self.day}__lt": last_day + timedelta(days=self.ends), f"{self.unit}__in": list(units)}
        return self.rows.filter(**late).order_by()


OpenWork = Callable[[date], Iterable[Open]]


def open_work(on: date) -> list[Open]:
    """Everything that is brought before superiors. A new source adds its own here."""
    return [one for source in SOURCES for one in source(on)]


def _people(on: date) -> Iterable[Open]:
    recent = Due.objects.late_on(on).filter(closes_on__gt=on - timedelta(days=LATE_LOOK_BACK))
    yield Open("dues", recent, "closes_on", 1, page("dues"))
    ledgers = [code for code in ledgers_with_clocks() if not registry.get(code).sealed]
    clocks = RunningClock.objects.filter(ledger__in=ledgers).running_on(on).deadlines()
    yield Open("clocks", clocks, "due_on", 0, page("clocks"))
    yield Open("releases", unmet(on), "due_on", 0, page("ledger-list", "releases"))


def _office(on: date) -> Iterable[Open]:
    yield Open("returns", Return.objects.filter(first_submitted_on=None), "due_on", 0, page("returns"))
    instructions = registry.get("instructions").model.objects.filter(answered_on=None, due_on__isnull=False)
    yield Open("instructions", instructions, "due_on", 0, page("ledger-list", "instructions", query="when=all"))
    tasks = registry.get("unit_tasks").model.objects.filter(done_on=None)
    yield Open("unit_tasks", tasks, "due_on", 0, page("ledger-list", "unit_tasks", query="when=all"))
    asked = UnitNeed.objects.filter(owed_on__isnull=False, task__voided_at=None)
    yield Open("needs", asked, "owed_on", 0, page("duties"), "to_unit_id")
    orders = SupervisionOrder.objects.filter(state__in=WITH_RECEIVER)
    yield Open("orders", orders, "due_on", 0, page("orders"))
    receipts = PaperDelivery.objects.waiting().exclude(paper__source__in=list(all_procedures()))
    yield Open("paper_receipts", receipts, "answer_by", 0, page("papers-inbox"))
    answers = FigureAnswer.objects.waiting().exclude(question__request__state=RequestState.DRAFT)
    yield Open("asked", answers, "due_on", 0, page("figure-requests"))


def _prevention(on: date) -> Iterable[Open]:
    for plan in ("survey_plan", "lesson_plan"):
        rows = registry.get(plan).model.objects.filter(Q(outcome="open"), last_day__gte=on - timedelta(days=LATE_LOOK_BACK))
        yield Open("prevention", rows, "last_day", 0, page("ledger-list", plan, query="when=all&outcome=open"))
    rounds = registry.get("survey_rounds").model.objects.filter(eradicated__lt=F("plants"))
    yield Open("prevention", rounds, "surveyed_on", 0, page("ledger-list", "survey_rounds", query="when=all"))


SOURCES: tuple[OpenWork, ...] = (_people, _office, _prevention)

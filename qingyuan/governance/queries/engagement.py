"""Engagement (S5): what was overdue, unanswered or not reported, per unit and month, from facts; never per worker.

Four kinds of duty have a day of their own: a return to file, an order to answer, an instruction to answer, a task to finish.
Each is counted in the month of its day. They count duties, not people; tests missed, which count people, stay with their
own indicator and its closed small numbers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from qingyuan.foundation.enums import Compartment
from qingyuan.ledgers.models import FactRow
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.models import DivisionPath
from qingyuan.organisation.scope import visible_to
from qingyuan.reference.periods import Period

RETURNS, ORDERS, INSTRUCTIONS, TASKS = "return_dues", "supervision_orders", "instructions", "unit_tasks"
#: Fact → the subject of the policy table that says whose rows one sees.
SUBJECTS: Final = {RETURNS: "returns", ORDERS: "supervision_orders", INSTRUCTIONS: "instructions", TASKS: "unit_tasks"}
#: Fact → the column with the day on which the duty was done.
_DONE: Final = {RETURNS: "submitted_on", ORDERS: "answered_on", INSTRUCTIONS: "answered_on", TASKS: "done_on"}
WORDS: Final = {
    RETURNS: (_("报表没有按时报"), _("未报")),
    ORDERS: (_("督办单没有按时反馈"), _("未反馈")),
    INSTRUCTIONS: (_("批示没有按时反馈"), _("未反馈")),
    TASKS: (_("年度任务没有按时完成"), _("未完成")),
}


@dataclass(frozen=True)
class Duty:
    """One duty of a unit whose day is past: ``row_id`` what it is about, ``done_on`` None while it is open."""

    fact: str
    row_id: UUID
    unit_id: int
    month: str
    due_on: date
    done_on: date | None

    def is_late(self) -> bool:
        return self.done_on is None or self.done_on > self.due_on


@dataclass
class Tally:
    """``due``: duties whose day is past; ``late``: not done by it; ``open``: not done at all."""

    due: int = 0
    late: int = 0
    open: int = 0
    by_fact: dict[str, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0, 0]))

    def add(self, duty: Duty) -> None:
        counts = self.by_fact[duty.fact]
        for place, yes in enumerate((True, duty.is_late(), duty.done_on is None)):
            counts[place] += yes
        self.due += 1
        self.late += duty.is_late()
        self.open += duty.done_on is None


def duties(actor: Actor, on: date, *, division_id: int, period: Period, unit_id: int | None = None) -> list[Duty]:
    """The duties of a place and its months whose day is past on ``on``, of the units ``actor`` may look at."""
    found: list[Duty] = []
    for fact in SUBJECTS:
        rows = _rows(actor, on, fact, division_id, period)
        if unit_id is not None:
            rows = rows.filter(unit_id=unit_id)
        found += _read(fact, rows.values_list("row_id", "unit_id", "data"), period, on)
    return sorted(found, key=lambda duty: (duty.due_on, duty.fact, str(duty.row_id)))


def _rows(actor: Actor, on: date, fact: str, division_id: int, period: Period) -> QuerySet[FactRow]:
    below = DivisionPath.objects.on(on).filter(ancestor_id=division_id)
    rows = FactRow.objects.filter(fact=fact, superseded_at=None, division_id__in=below.values("descendant_id"))
    rows = rows.filter(unit_id__isnull=False)
    return visible_to(actor, rows, compartment=Compartment.INTERNAL, ledger=SUBJECTS[fact], on=on)


def _read(fact: str, rows: Iterable[tuple[Any, ...]], period: Period, on: date) -> list[Duty]:
    """By the day of the duty, wherever the fact itself is dated (an instruction by the day it was given)."""
    found = []
    for row_id, unit_id, data in rows:
        due = _day(data.get("due_on"))
        if due is None or not period.start <= due < period.end or due >= on:
            continue
        if data.get("state") == "withdrawn":
            continue
        done = _day(data.get(_DONE[fact]))
        done = done if done is not None and done <= on else None
        found.append(Duty(fact, row_id, unit_id, due.isoformat()[:7], due, done))
    return found


def _day(text: Any) -> date | None:
    return date.fromisoformat(text) if text else None


def by_unit_and_month(found: Iterable[Duty]) -> dict[int, dict[str, Tally]]:
    """Unit → month (YYYY-MM) → tally."""
    table: dict[int, dict[str, Tally]] = defaultdict(lambda: defaultdict(Tally))
    for duty in found:
        table[duty.unit_id][duty.month].add(duty)
    return {unit: dict(months) for unit, months in table.items()}


def total(months: Iterable[Tally]) -> Tally:
    """The months of one unit together."""
    whole = Tally()
    for one in months:
        whole.due, whole.late, whole.open = whole.due + one.due, whole.late + one.late, whole.open + one.open
        for fact, counts in one.by_fact.items():
            for place, count in enumerate(counts):
                whole.by_fact[fact][place] += count
    return whole

"""What is long overdue, before the superior: first the leader of the unit, then the leader of the unit above.

Derived from dates and the working days that reference states for each kind: nothing is sent up by anybody and nothing is
stored, and it is gone when the work is done. Only units and counts are shown, never a row: which rows one may open,
the page behind the button decides. Few people are not counted out to another unit (mission line 5).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.db.models import Count, Min
from django.utils.translation import gettext as _

from qingyuan.foundation.time_left import TimeLeft, time_left_words
from qingyuan.indicators.disclosure import SMALLEST
from qingyuan.journeys.todo.job import Job
from qingyuan.journeys.todo.open_work import Open, open_work
from qingyuan.journeys.todo.tally import Tally
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.enums import Role, Side
from qingyuan.organisation.models import Unit
from qingyuan.organisation.rules import unit_side
from qingyuan.reference.todo_kinds import TodoKind, brought_before, kinds

LEADERS = (Role.TOWN_LEADER, Role.COMMISSION_LEADER)


@dataclass(frozen=True)
class _Step:
    """One kind of open work of some units, past the days after which it is brought before the reader."""

    work: Open
    kind: TodoKind
    units: dict[int, Unit]
    days: int
    own: bool

    def rows(self, on: date) -> object:
        return self.work.before(brought_before(on, self.days), self.units)


def leads(actor: Actor) -> bool:
    """Whether overdue work of the actor's unit is brought before this account."""
    if actor.unit_id is None or not actor.grants:
        return False
    return actor.has_role(*LEADERS) or actor.leads


def jobs(actor: Actor, on: date) -> list[Job]:
    return [job for step in _steps(actor, on) for job in _lines(step, on)]


def pressing(actor: Actor, on: date) -> Iterable[Tally | int]:
    for step in _steps(actor, on):
        yield Tally(step.rows(on), Count(step.work.unit, distinct=True))


def marked(job: Job, on: date) -> Job:
    """``job`` with whom it was brought before by now, as its own people read it."""
    kind = kinds().get(job.kind)
    if kind is None or kind.unit_days is None or kind.above_days is None or job.left is None:
        return job
    if job.day < brought_before(on, kind.above_days):
        return replace(job, mark=_("已提请上级"))
    if job.day < brought_before(on, kind.unit_days):
        return replace(job, mark=_("已提请单位负责人"))
    return job


def _steps(actor: Actor, on: date) -> Iterator[_Step]:
    if not leads(actor):
        return
    near = Unit.objects.filter(pk=actor.unit_id or 0) | Unit.objects.filter(superior_id=actor.unit_id, closed_on=None)
    units = {unit.pk: unit for unit in near}
    own = {pk: unit for pk, unit in units.items() if pk == actor.unit_id}
    inside = _treats(units[actor.unit_id]) if actor.unit_id in units else False
    below = {pk: unit for pk, unit in units.items() if pk not in own and _treats(unit) == inside}
    for work in open_work(on):
        kind = kinds()[work.kind]
        if kind.unit_days is None or kind.above_days is None:
            continue
        if own:
            yield _Step(work, kind, own, kind.unit_days, True)
        if below:
            yield _Step(work, kind, below, kind.above_days, False)


def _treats(unit: Unit) -> bool:
    """What is behind the wall of treatment is brought before nobody outside it, not even as a count (mission line 1)."""
    return unit_side(unit.kind, unit.zone) == Side.TREATMENT


def _lines(step: _Step, on: date) -> Iterator[Job]:
    rows = step.rows(on)
    unit = step.work.unit
    found = rows.values(unit).annotate(count=Count("pk"), first=Min(step.work.day)).order_by(unit)  # type: ignore[attr-defined]
    for row in found:
        yield _line(step, step.units[row[unit]], row["count"], row["first"] - timedelta(days=step.work.ends), on)


def _line(step: _Step, unit: Unit, count: int, first: date, on: date) -> Job:
    closed = step.kind.people and not step.own and count < SMALLEST
    words = _("%(unit)s:%(kind)s逾期,不足 %(few)d 件") if closed else _("%(unit)s:%(kind)s逾期 %(count)d 件")
    title = words % {"unit": unit.label, "kind": step.kind.said, "count": count, "few": SMALLEST}
    note = _("最早的应于 %(day)s 办结,已逾期超过 %(days)d 个工作日") % {"day": first.isoformat(), "days": step.days}
    if closed:
        note = _("已逾期超过 %(days)d 个工作日") % {"days": step.days}
    if step.kind.basis:
        note = f"{note} · {step.kind.basis}"
    left = TimeLeft("late", _("已逾期"), brought_before(on, step.days) - timedelta(days=1)) if closed else time_left_words(first, on)
    mark = _("提请您处理") if step.own else _("下级提请")
    return Job(title, note, left, _("去看"), step.work.where, unit.label, weight=1 if closed else count, mark=mark)

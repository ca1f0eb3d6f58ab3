"""Tasks member units set themselves: one's own that come due, and for the office how many of whose are overdue."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from qingyuan.governance.rules.duty_plans import QUARTERS, quarter_due, silent_quarters
from qingyuan.journeys.todo.job import Job, page, until
from qingyuan.journeys.todo.tally import Tally
from qingyuan.ledgers import queries as ledger_queries
from qingyuan.ledgers import registry
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.enums import Action

SOON = 30
#: Tasks of one other unit that have a line of their own.
NAMED = 3
LEDGER = "unit_tasks"


def jobs(actor: Actor, on: date) -> list[Job]:
    """Tasks of one's unit due within a month or overdue, and one line for quarters of which nothing was said."""
    rows = _open(actor, on, Action.CHANGE)
    found = [_job(row, on) for row in rows.filter(due_on__lte=on + timedelta(days=SOON)).order_by("due_on", "item")]
    return found + _silent(list(rows.filter(plan__year=on.year)), on)


def pressing(actor: Actor, on: date) -> Iterable[Tally | int]:
    yield Tally(_open(actor, on, Action.CHANGE).filter(due_on__lte=on))


def overdue_elsewhere(actor: Actor, on: date) -> list[Job]:
    """What other units did not do by their own day: a line a task, where a unit has many a line for the rest of them."""
    by_unit: dict[int, list[Any]] = defaultdict(list)
    for row in _open(actor, on, Action.READ).filter(due_on__lt=on).exclude(unit_id=actor.unit_id or 0).order_by("due_on"):
        by_unit[row.unit_id].append(row)
    return [job for rows in by_unit.values() for job in (*(_late(row, on) for row in rows[:NAMED]), *_more(rows[NAMED:], on))]


def _late(row: Any, on: date) -> Job:
    note = _("应于 %(day)s 完成 · 完成标准:%(standard)s") % {"day": row.due_on.isoformat(), "standard": row.done_when[:60]}
    title = _("年度任务没有完成:%(task)s") % {"task": row.task[:40]}
    return Job(title, note, until(row.due_on, on), _("打开"), page("ledger-row", LEDGER, row.pk), row.unit.label)


def _more(rows: list[Any], on: date) -> list[Job]:
    if not rows:
        return []
    title = _("另有 %(count)s 项年度任务到期没有完成") % {"count": len(rows)}
    note = _("最早的应于 %(day)s 完成:%(task)s") % {"day": rows[0].due_on.isoformat(), "task": rows[0].task[:40]}
    where = page("ledger-list", LEDGER, query="when=all")
    return [Job(title, note, until(rows[0].due_on, on), _("看清单"), where, rows[0].unit.label, weight=len(rows))]


def _open(actor: Actor, on: date, action: Action) -> QuerySet[Any]:
    ledger = registry.get(LEDGER)
    return ledger_queries.rows(ledger, actor, on, action=action).filter(done_on=None).select_related("plan", "unit")


def _job(row: Any, on: date) -> Job:
    note = _("%(duty)s · 完成标准:%(standard)s") % {"duty": row.duty, "standard": row.done_when[:60]}
    href = page("ledger-change", LEDGER, row.pk, query="at=done_on")
    return Job(_("任务 %(task)s") % {"task": row.task[:40]}, note, until(row.due_on, on), _("填完成情况"), href)


def _silent(rows: list[Any], on: date) -> list[Job]:
    """Quarters that are over and of which open tasks say nothing."""
    owing = [row for row in rows if silent_quarters({"year": row.plan.year} | {n: getattr(row, n) for n in QUARTERS}, on)]
    if not owing:
        return []
    title = _("%(count)s 项任务的前 %(quarter)s 个季度进展没有填全") % {"count": len(owing), "quarter": quarter_due(on.year, on)}
    note = _("每季度结束后补一句:做了什么、还差什么")
    return [Job(title, note, None, _("去填"), page("duties"), weight=len(owing))]

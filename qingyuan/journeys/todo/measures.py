"""Reports that are due, terms that end: dates with their articles, for those who work with people by name."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from qingyuan.journeys.todo.dues import BY_NAME
from qingyuan.journeys.todo.job import Job, page, until
from qingyuan.journeys.todo.tally import Tally
from qingyuan.ledgers import queries, registry
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.enums import Action
from qingyuan.reference import measure_terms, statutes
from qingyuan.reference.catalogue import get_list
from qingyuan.rehabilitation.models import Measure

END_SOON = 30
MOST_NAMED = 500
LEDGER = "measures"
TO_REPORT = Q(reported_on=None, ended_on=None, report_due__isnull=False)
RUNNING = Q(ended_on=None, reported_on__isnull=False)


def jobs(actor: Actor, on: date) -> list[Job]:
    if not actor.has_role(*BY_NAME):
        return []
    rows = _rows(actor, on)
    awaited = rows.filter(due_rows(TO_REPORT))
    ending = rows.filter(due_rows(RUNNING & Q(ends_on__lte=on + timedelta(days=END_SOON))))
    return [_report_job(row, on) for row in awaited] + [_end_job(row, on) for row in ending]


def pressing(actor: Actor, on: date) -> Iterable[Tally | int]:
    if actor.has_role(*BY_NAME):
        due = due_rows(TO_REPORT & Q(report_due__lte=on) | RUNNING & Q(ends_on__lte=on))
        yield Tally(_rows(actor, on).filter(due))


def due_rows(which: Q) -> Q:
    """The few measures of the whole city that are due, found by their own index before anybody's reach is asked.

    Asked together, a database may walk through everybody of a caseload first.
    """
    found = list(Measure.objects.order_by().filter(which).values_list("pk", flat=True)[: MOST_NAMED + 1])
    return which if len(found) > MOST_NAMED else Q(pk__in=found)


def _rows(actor: Actor, on: date) -> Any:
    return queries.rows(registry.get(LEDGER), actor, on, action=Action.CHANGE)


def _report_job(row: Any, on: date) -> Job:
    received = row.served_on or row.decided_on
    counted = measure_terms.report_due(row.kind, received)
    what = _("%(day)s 送达决定书") if row.served_on else _("%(day)s 决定")
    note = _("%(what)s,%(amount)s 日内报到 · %(cite)s") % {
        "what": what % {"day": received.isoformat()},
        "amount": counted.terms[0].amount,
        "cite": counted.basis,
    }
    where = page("ledger-change", LEDGER, row.pk)
    title = _("%(name)s 还没有报到") % {"name": row.client.name}
    return Job(title, note, until(row.report_due, on), _("登记报到"), where, row.division.name, about=row.pk)


def _end_job(row: Any, on: date) -> Job:
    kind = get_list("measures").said(row.kind)
    title = _("%(name)s %(kind)s期满") % {"name": row.client.name, "kind": kind}
    article = statutes.cite("DR23" if row.kind == "CD" else "DR40").said
    note = _("%(day)s 期满;解除通知书送达后登记结束日期 · %(cite)s") % {"day": row.ends_on.isoformat(), "cite": article}
    where = page("ledger-change", LEDGER, row.pk)
    return Job(title, note, until(row.ends_on, on), _("登记解除"), where, row.division.name, about=row.pk)

"""What one waits for: what this person asked of others, for every role; for the office also what the units owe it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from django.utils.translation import gettext as _

from qingyuan.indicators.disclosure import SMALLEST
from qingyuan.indicators.queries import evaluate
from qingyuan.indicators.query import IndicatorQuery
from qingyuan.journeys.todo import asked_of_others as asked
from qingyuan.journeys.todo import instructions, letters, month, needs, orders, papers, returns, serving, tasks
from qingyuan.journeys.todo.job import Job, by_deadline, page
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.enums import Role
from qingyuan.organisation.models import Division
from qingyuan.reference.period_words import period_label
from qingyuan.reference.periods import Period

OFFICE = (Role.COMMISSION_CLERK, Role.COMMISSION_LEADER)


def others(actor: Actor, division: Division, period: Period, on: date) -> list[Job]:
    """What ``actor`` waits for; ``division`` and ``period`` choose the tests not done."""
    found = [
        ("orders", orders.others(actor, on)),
        ("handovers", asked.offered(actor, on)),
        ("served_papers", serving.others(actor, on)),
        ("papers", asked.sent_up(actor, on)),
        ("paper_receipts", papers.others(actor, on)),
        ("returns", asked.handed_up(actor, on)),
        ("asked", asked.passed_on(actor, on)),
        ("clocks", asked.decisions(actor, on)),
        ("emergency", asked.looks(actor, on)),
        ("closing", asked.closings(actor, on)),
    ]
    if actor.has_role(*OFFICE):
        found += _owed_to_the_office(actor, division, period, on)
    return by_deadline(replace(job, kind=kind) for kind, jobs in found for job in jobs)


def _owed_to_the_office(actor: Actor, division: Division, period: Period, on: date) -> list[tuple[str, list[Job]]]:
    return [
        ("returns", returns.others(actor, on)),
        ("letters", letters.others(actor, on)),
        ("instructions", instructions.others(actor, on)),
        ("unit_tasks", tasks.overdue_elsewhere(actor, on)),
        ("needs", needs.overdue_elsewhere(actor, on)),
        ("closing", month.others(actor, on)),
        ("dues", _missed_elsewhere(division, period, on)),
    ]


def _missed_elsewhere(division: Division, period: Period, on: date) -> list[Job]:
    """Tests not done in the chosen range, as one line without names; its list says where and how to ask."""
    matrix = evaluate(IndicatorQuery("R05", period, children_of=division.pk, as_of=on))
    counts = [matrix.value(place).amount("missing") or 0 for place in matrix.places]
    total = int(sum(counts))
    if total < SMALLEST:
        return []
    title = _("检测没有做 %(count)s 人次,涉及 %(places)s 个乡镇(街道)") % {
        "count": total,
        "places": sum(1 for count in counts if count),
    }
    note = _("%(division)s · %(period)s · 明细在各乡镇,可以看在哪里、怎样询问") % {
        "division": division.name,
        "period": period_label(period),
    }
    return [Job(title, note, None, _("看在哪里"), page("dues"), weight=total)]

"""What waits for this person, room by room; every question goes through the rooms' own queries."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from qingyuan.casework import queries as due_queries
from qingyuan.casework.models import Due
from qingyuan.foundation.words import said
from qingyuan.governance.enums import LetterState, ReturnState
from qingyuan.governance.forms.catalogue import get_form
from qingyuan.governance.models import Letter, Return
from qingyuan.governance.permissions import letters_visible
from qingyuan.governance.queries import returns as return_queries
from qingyuan.indicators.disclosure import SMALLEST
from qingyuan.indicators.queries import evaluate
from qingyuan.indicators.query import IndicatorQuery
from qingyuan.ledgers import queries as ledger_queries
from qingyuan.ledgers import registry
from qingyuan.ledgers.importing.batches import waiting_for
from qingyuan.ledgers.models.imports import BatchState
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.enums import Action, Role
from qingyuan.reference import measure_terms, statutes
from qingyuan.reference.catalogue import get_list
from qingyuan.rehabilitation.queries import measures_by_id
from qingyuan.web import due_words
from qingyuan.web.context import ScopeChoice
from qingyuan.web.navigation import Count
from qingyuan.web.returns.words import reminder_words
from qingyuan.web.templatetags.look import TimeLeft, period_label
from qingyuan.web.today import asked, closing_jobs, emergency, month, orders, papers, policy_review, prevention
from qingyuan.web.today.jobs import Job, by_deadline, link, until
from qingyuan.web.today.tasks import overdue_elsewhere, own_tasks

WINDOW_SOON = 7
END_SOON = 30
LATE_LOOK_BACK = 31
BY_NAME = (Role.CASEWORKER, Role.TOWN_SUPERVISOR)
OFFICE = (Role.COMMISSION_CLERK, Role.COMMISSION_LEADER)


def mine(actor: Actor, on: date) -> list[Job]:
    """What this person can do something about, the earliest deadline first."""
    return by_deadline([*_with_days(actor, on), *_without_days(actor, on)])


def _with_days(actor: Actor, on: date) -> list[Job]:
    """Everything that can be overdue; every page asks for it, for the count beside «今天»."""
    jobs: list[Job] = []
    if actor.has_role(*BY_NAME):
        jobs += _windows(actor, on) + _missed(actor, on) + _measures(actor, on)
    jobs += _returns(actor, on) + _instructions(actor, on) + own_tasks(actor, on)
    jobs += closing_jobs.jobs(actor, on)
    jobs += month.files(actor, on)
    jobs += prevention.jobs(actor, on)
    jobs += papers.to_receive(actor, on)
    jobs += asked.jobs(actor, on)
    jobs += orders.jobs(actor, on)
    jobs += emergency.jobs(actor, on)
    jobs += policy_review.jobs(actor, on)
    return jobs


def _without_days(actor: Actor, on: date) -> list[Job]:
    return [*_imports(actor, on), *_letters(actor, on), *month.jobs(actor, on), *papers.to_move(actor, on)]


def others(actor: Actor, scope: ScopeChoice, on: date) -> list[Job]:
    """What this person waits for: returns not filed, letters not signed, instructions not answered."""
    if not actor.has_role(*OFFICE):
        return by_deadline(orders.others(actor, on))
    jobs = orders.others(actor, on)
    jobs += [
        _return_job(filed, on)
        for filed in return_queries.late(actor, on).exclude(unit_id=_unit(actor))
    ]
    jobs += [
        _letter_job(letter, link("letters"))
        for letter in letters_visible(actor, on).filter(state=LetterState.ISSUED).exclude(unit_id=_unit(actor))
    ]
    jobs += _unanswered(actor, on, ~Q(unit_id=_unit(actor))) + overdue_elsewhere(actor, on)
    jobs += papers.others(actor, on) + month.others(actor, on)
    return by_deadline(jobs + _missed_elsewhere(scope, on))


def _missed_elsewhere(scope: ScopeChoice, on: date) -> list[Job]:
    """Tests not done in the chosen range, as one line without names; its list says where and how to ask."""
    matrix = evaluate(IndicatorQuery("R05", scope.period, children_of=scope.division.pk, as_of=on))
    counts = [matrix.value(place).amount("missing") or 0 for place in matrix.places]
    total = int(sum(counts))
    if total < SMALLEST:
        return []
    title = _("检测没有做 %(count)s 人次,涉及 %(places)s 个乡镇(街道)") % {
        "count": total,
        "places": sum(1 for count in counts if count),
    }
    note = _("%(division)s · %(period)s · 明细在各乡镇,可以看在哪里、怎样询问") % {
        "division": scope.division.name,
        "period": period_label(scope.period),
    }
    return [Job(title, note, None, _("看在哪里"), link("dues"), weight=total)]


def badge(actor: Actor, on: date) -> Count | None:
    """How many of one's own things are overdue or due today, beside «今天»."""
    number = sum(1 for job in _with_days(actor, on) if job.is_pressing(on))
    return Count(number, late=True) if number else None


def _windows(actor: Actor, on: date) -> list[Job]:
    """Open windows that end soon, one line each; the rest as one line."""
    opened = due_queries.dues(actor, on).open_on(on).order_by("closes_on", "pk")
    soon_until = on + timedelta(days=WINDOW_SOON)
    soon = list(opened.filter(closes_on__lte=soon_until + timedelta(days=1)))
    measures = measures_by_id({due.subject_id for due in soon})
    jobs = [_window(due, measures.get(due.subject_id), on) for due in soon if due.subject_id in measures]
    later = opened.filter(closes_on__gt=soon_until + timedelta(days=1))
    first, count = later.first(), later.count()
    if first is not None:
        title = _("另有 %(count)s 个检测窗口开着") % {"count": count}
        note = _("最早的到 %(day)s 为止,可以先约") % {"day": first.last_day.isoformat()}
        jobs.append(Job(title, note, until(first.last_day, on), _("看名单"), link("dues"), weight=count))
    return jobs


def _window(due: Due, measure: Any, on: date) -> Job:
    said = due_words.words(due, measure, on)
    note = _("定期检测 · %(label)s · %(why)s") % {"label": said.label, "why": said.why}
    href = link("person-test", measure.client_id) + f"?due={due.pk}"
    return Job(measure.client.name, note, until(due.last_day, on), _("记检测"), href, due.division.name, about=due.pk)


def _missed(actor: Actor, on: date) -> list[Job]:
    """Windows that closed unanswered, as one line: each is looked into on the list."""
    late = due_queries.dues(actor, on).late_on(on)
    recent = list(late.filter(closes_on__gt=on - timedelta(days=LATE_LOOK_BACK)).values_list("person", "closes_on"))
    if not recent:
        return []
    last = max(closes for _person, closes in recent) - timedelta(days=1)
    title = _("近一个月缺检 %(count)s 人次,%(people)s 人") % {
        "count": len(recent),
        "people": len({person for person, _closes in recent}),
    }
    note = _("补登检测,或登记合法缺席;更早的 %(older)s 次也在名单里") % {"older": late.count() - len(recent)}
    left = TimeLeft("late", _("窗口已过"), last)
    return [Job(title, note, left, _("核对"), link("dues") + "?state=late", weight=len(recent))]


def _measures(actor: Actor, on: date) -> list[Job]:
    """Reports that are due, terms that end: dates with their articles."""
    ledger = registry.get("measures")
    rows = ledger_queries.rows(ledger, actor, on, action=Action.CHANGE)
    jobs = [_report_job(row, on) for row in rows.filter(reported_on=None, ended_on=None, report_due__isnull=False)]
    ending = rows.filter(ended_on=None, reported_on__isnull=False, ends_on__lte=on + timedelta(days=END_SOON))
    return jobs + [_end_job(row, on) for row in ending]


def _report_job(row: Any, on: date) -> Job:
    received = row.served_on or row.decided_on
    counted = measure_terms.report_due(row.kind, received)
    what = _("%(day)s 送达决定书") if row.served_on else _("%(day)s 决定")
    note = _("%(what)s,%(amount)s 日内报到 · %(cite)s") % {
        "what": what % {"day": received.isoformat()},
        "amount": counted.terms[0].amount,
        "cite": counted.basis,
    }
    href = link("ledger-change", "measures", row.pk)
    title = _("%(name)s 还没有报到") % {"name": row.client.name}
    return Job(title, note, until(row.report_due, on), _("登记报到"), href, row.division.name, about=row.pk)


def _end_job(row: Any, on: date) -> Job:
    kind = get_list("measures").said(row.kind)
    title = _("%(name)s %(kind)s期满") % {"name": row.client.name, "kind": kind}
    article = statutes.cite("DR23" if row.kind == "CD" else "DR40").said
    note = _("%(day)s 期满;解除通知书送达后登记结束日期 · %(cite)s") % {"day": row.ends_on.isoformat(), "cite": article}
    href = link("ledger-change", "measures", row.pk)
    return Job(title, note, until(row.ends_on, on), _("登记解除"), href, row.division.name, about=row.pk)


def _imports(actor: Actor, on: date) -> list[Job]:
    jobs = []
    for batch in waiting_for(actor, on):
        if batch.state != BatchState.CHECKED:
            continue
        note = _("%(ledger)s · 新增 %(new)s,更新 %(changed)s,有问题 %(bad)s") % {
            "ledger": said(registry.get(batch.ledger).title),
            "new": batch.new_count,
            "changed": batch.changed_count,
            "bad": batch.bad_count,
        }
        title = _("导入待确认:%(file)s") % {"file": batch.filename}
        jobs.append(Job(title, note, None, _("核对"), link("import-batch", batch.pk)))
    return jobs


def _returns(actor: Actor, on: date) -> list[Job]:
    return [_return_job(filed, on, own=True) for filed in return_queries.waiting_for(actor, on)]


def _return_job(filed: Return, on: date, *, own: bool = False) -> Job:
    """``own``: it is this person's turn."""
    state = str(ReturnState(filed.state).label)
    title = _("%(form)s %(period)s") % {"form": said(get_form(filed.form).title), "period": period_label(filed.month)}
    note = _("%(state)s · 应于 %(day)s 报出") % {"state": state, "day": filed.due_on.isoformat()}
    if reminder := reminder_words(filed):
        note = f"{note} · {reminder}"
    act = _("办理") if own else _("去催")
    return Job(title, note, until(filed.due_on, on), act, link("return", filed.pk), filed.unit.label)


def _letters(actor: Actor, on: date) -> list[Job]:
    """Letters of one's own unit that wait for the signed page."""
    own = letters_visible(actor, on).filter(state=LetterState.ISSUED, unit_id=_unit(actor))
    return [_letter_job(letter, link("letters"), own=True) for letter in own]


def _letter_job(letter: Letter, href: str, *, own: bool = False) -> Job:
    note = _("%(number)s · %(day)s 制发,打印签字后把签字页传上来") % {
        "number": letter.number,
        "day": letter.issued_on.isoformat(),
    }
    title = _("责任书待签:%(title)s") % {"title": letter.title}
    act = _("去签") if own else _("查看")
    return Job(title, note, None, act if href else "", href, letter.unit.label)


def _instructions(actor: Actor, on: date) -> list[Job]:
    return _unanswered(actor, on, Q(unit_id=_unit(actor)))


def _unanswered(actor: Actor, on: date, whose: Q) -> list[Job]:
    """Instructions of leaders not answered yet, with the day they ask for."""
    ledger = registry.get("instructions")
    rows: Iterable[Any] = ledger_queries.rows(ledger, actor, on).filter(whose, answered_on=None)
    return [
        Job(
            _("批示待反馈 %(number)s") % {"number": row.document_number},
            row.content[:60],
            until(row.due_on, on),
            _("打开"),
            link("ledger-row", "instructions", row.pk),
            row.unit.label,
        )
        for row in rows
    ]


def _unit(actor: Actor) -> int:
    """The actor's unit; 0, which no unit has, for someone without one."""
    return actor.unit_id or 0

"""Test windows of those who work with people by name: open ones that end soon, and those that closed unanswered."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from qingyuan.casework import queries
from qingyuan.casework.models import Due
from qingyuan.casework.models.due import DueQuerySet
from qingyuan.journeys import due_words
from qingyuan.journeys.todo.job import Job, page, until
from qingyuan.journeys.todo.tally import Tally
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.enums import Role
from qingyuan.reference import statutes
from qingyuan.rehabilitation.models import Measure
from qingyuan.rehabilitation.queries import measures_by_id

BY_NAME = (Role.CASEWORKER, Role.TOWN_SUPERVISOR)
WINDOW_SOON = 7
LATE_LOOK_BACK = 31
MISSED_SHOWN = 5
DAY = timedelta(days=1)


def jobs(actor: Actor, on: date) -> list[Job]:
    if not actor.has_role(*BY_NAME):
        return []
    return _windows(actor, on) + _missed(actor, on)


def pressing(actor: Actor, on: date) -> Iterable[Tally | int]:
    if not actor.has_role(*BY_NAME):
        return
    dues = queries.dues(actor, on)
    measures = Exists(Measure.objects.filter(pk=OuterRef("subject_id")))
    yield Tally(dues.open_on(on).filter(measures, closes_on=on + DAY))
    yield Tally(_recent(actor, on), most=MISSED_SHOWN + 1)


def _windows(actor: Actor, on: date) -> list[Job]:
    """Open windows that end soon, one line each; the rest as one line."""
    opened = queries.dues(actor, on).open_on(on).order_by("closes_on", "pk")
    soon_until = on + timedelta(days=WINDOW_SOON)
    soon = list(opened.filter(closes_on__lte=soon_until + DAY))
    measures = measures_by_id({due.subject_id for due in soon})
    found = [_window(due, measures[due.subject_id], on) for due in soon if due.subject_id in measures]
    later = opened.filter(closes_on__gt=soon_until + DAY)
    first, count = later.first(), later.count()
    if first is not None:
        title = _("另有 %(count)s 个检测窗口开着") % {"count": count}
        note = _("最早的到 %(day)s 为止,可以先约") % {"day": first.last_day.isoformat()}
        found.append(Job(title, note, until(first.last_day, on), _("看名单"), page("dues"), weight=count))
    return found


def _window(due: Due, measure: Measure, on: date) -> Job:
    said = due_words.words(due, measure, on)
    note = _("定期检测 · %(label)s · %(why)s") % {"label": said.label, "why": said.why}
    where = page("person-test", measure.client_id, query=f"due={due.pk}")
    return Job(measure.client.name, note, until(due.last_day, on), _("记检测"), where, due.division.name, about=due.pk)


def _missed(actor: Actor, on: date) -> list[Job]:
    """Windows that closed unanswered in the past month: one line each with its own page, the rest as one line."""
    recent = _recent(actor, on)
    shown = list(recent.order_by("closes_on", "pk")[:MISSED_SHOWN])
    measures = measures_by_id({due.subject_id for due in shown})
    found = [_miss(due, measures[due.subject_id], on) for due in shown if due.subject_id in measures]
    return found + (_rest(actor, recent, on) if len(shown) == MISSED_SHOWN else [])


def _recent(actor: Actor, on: date) -> DueQuerySet:
    late = queries.dues(actor, on).late_on(on).filter(closes_on__gt=on - timedelta(days=LATE_LOOK_BACK))
    return late.filter(Exists(Measure.objects.filter(pk=OuterRef("subject_id"))))


def _miss(due: Due, measure: Measure, on: date) -> Job:
    said = due_words.words(due, measure, on)
    note = _("%(label)s没有做(%(window)s):补登检测,或登记合法缺席、查明的情况 · %(cite)s") % {
        "label": said.label,
        "window": said.window,
        "cite": statutes.cite(due_words.BASIS).said,
    }
    where = page("due-detail", due.pk)
    return Job(measure.client.name, note, until(due.last_day, on), _("核对"), where, due.division.name, about=due.pk)


def _rest(actor: Actor, recent: DueQuerySet, on: date) -> list[Job]:
    """The missed windows beyond those shown, as one line."""
    rest = list(recent.order_by("closes_on", "pk")[MISSED_SHOWN:])
    if not rest:
        return []
    title = _("另有 %(count)s 次检测窗口过了没有做,%(people)s 人") % {"count": len(rest), "people": len({due.person for due in rest})}
    older = queries.dues(actor, on).late_on(on).count() - MISSED_SHOWN - len(rest)
    note = _("补登检测,或登记合法缺席、查明的情况;更早的 %(older)s 次也在名单里") % {"older": older}
    where = page("dues", query="state=late")
    return [Job(title, note, until(rest[0].last_day, on), _("看名单"), where, weight=len(rest))]

"""Statutory clocks on «today»: what has run out, runs out today or soon, with the clock's own reason, and what a person decides."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.casework.clocks.queries import Asked, all_asked, clocks_visible
from qingyuan.casework.models import RunningClock
from qingyuan.casework.models.clock import ClockQuerySet
from qingyuan.foundation.words import said
from qingyuan.journeys import clock_words
from qingyuan.journeys.clock_words import Subject
from qingyuan.journeys.todo.job import Job, Page, page, until
from qingyuan.journeys.todo.tally import Tally
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.enums import Action, Role
from qingyuan.reference.clocks import Kind
from qingyuan.rehabilitation.conversions import Unchecked, unchecked
from qingyuan.rehabilitation.way import absences_unjudged

BY_NAME = (Role.CASEWORKER, Role.TOWN_SUPERVISOR)
END_SOON = 30
SHOWN = 20
# What a facility or the police has to send the town: on the list of clocks, not among what the town can do today.
WAITED_FOR = ("D30", "D46", "D52")
# What the town does something about in its ledger when it happens, and the column that is then filled in: a report, a discharge.
ACTS = {
    "D20": (gettext_lazy("登记报到"), "reported_on"),
    "D50": (gettext_lazy("登记报到"), "reported_on"),
    "D22": (gettext_lazy("登记解除"), "ended_on"),
    "D51": (gettext_lazy("登记解除"), "ended_on"),
    "D40": (gettext_lazy("登记出所"), "released_on"),
}


def jobs(actor: Actor, on: date) -> list[Job]:
    """One line a clock, the earliest first; what is paused, ended or only counted asks for nothing."""
    found = _deadlines(actor, on).filter(due_on__lte=on + timedelta(days=END_SOON)).order_by("due_on", "pk")
    asked = all_asked(found[:SHOWN], on)
    subjects = clock_words.subjects([one.running for one in asked], actor)
    jobs = [_job(one, subjects[one.running.pk], on) for one in asked]
    return jobs + (_rest(found, on) if len(asked) == SHOWN else [])


def pressing(actor: Actor, on: date) -> Iterable[Tally | int]:
    """Those shown one by one, and the line for the rest once it holds some too."""
    yield Tally(_deadlines(actor, on).filter(due_on__lte=on), most=SHOWN + 1)


def _deadlines(actor: Actor, on: date) -> ClockQuerySet:
    visible = clocks_visible(actor, on, action=Action.CHANGE)
    return visible.running_on(on).deadlines().exclude(code__in=WAITED_FOR)


def full_counters(actor: Actor, on: date) -> list[Job]:
    """Counters whose times or days are full: somebody has to look into them, and no day presses. Also those under a conversion
    to isolation whose checklist was never completed, and absences nobody has judged."""
    mine = clocks_visible(actor, on, action=Action.CHANGE)
    asked = all_asked(mine.reached()[:SHOWN], on)
    left = unchecked(mine, on, most=SHOWN)
    subjects = clock_words.subjects([*(one.running for one in asked), *(one.running for one in left)], actor)
    return [
        *(_counter(one, subjects[one.running.pk], on) for one in asked),
        *(_conversion(one, subjects[one.running.pk]) for one in left),
        *(_unjudged(one) for one in _absences(actor, on)),
    ]


def _absences(actor: Actor, on: date) -> Iterable[Any]:
    return absences_unjudged(actor, on).order_by("left_on", "pk")[:SHOWN] if actor.has_role(*BY_NAME) else ()


def _unjudged(row: Any) -> Job:
    title = _("%(name)s 的一次离开还没有核实") % {"name": row.client.name}
    note = _("%(left)s 离开,%(back)s 返回;有没有请假由人核实,核实以前不计次数 · 戒毒条例第二十条") % {
        "left": row.left_on.isoformat(),
        "back": row.back_on.isoformat(),
    }
    where = page("ledger-change", "absences", row.pk, query="at=lawful")
    return Job(title, note, None, _("去核实"), where, row.division.name, about=row.pk)


def _job(asked: Asked, subject: Subject, on: date) -> Job:
    running = asked.running
    assert running.due_on is not None  # the question asked for clocks that have a day
    return Job(
        _title(asked, subject),
        clock_words.why(asked),
        until(running.due_on, on),
        _act(running, asked),
        _where(running, asked),
        running.division.name,
        about=running.subject_id,
    )


def _where(running: RunningClock, asked: Asked) -> Page:
    """Straight to the row while entering its day is all there is to do; to the clock once somebody has to look into it."""
    if running.code in ACTS and not asked.ran_out_on:
        return page("ledger-change", running.ledger, running.subject_id, query=f"at={ACTS[running.code][1]}")
    return page("clock", running.pk)


def _title(asked: Asked, subject: Subject) -> str:
    running = asked.running
    if running.code in ("D20", "D50"):
        return _("%(name)s 还没有报到") % {"name": subject.title}
    if running.kind == Kind.TERM:
        return _("%(name)s %(clock)s期满") % {"name": subject.title, "clock": said(running.declared.name).removesuffix("期限")}
    return _("%(name)s %(clock)s") % {"name": subject.title, "clock": said(running.declared.name)}


def _act(running: RunningClock, asked: Asked) -> str:
    if asked.ran_out_on:
        return _("去核对")
    return str(ACTS[running.code][0]) if running.code in ACTS else _("去登记")


def _counter(asked: Asked, subject: Subject, on: date) -> Job:
    running = asked.running
    title = _("%(name)s %(clock)s:%(counted)s") % {
        "name": subject.title,
        "clock": said(running.declared.name),
        "counted": clock_words.left(asked, on).words,
    }
    note = _("是否属于严重违反由人核实、决定,这里不作结论")
    return Job(title, note, None, _("去核对"), page("clock", running.pk), running.division.name, about=running.subject_id)


def _conversion(found: Unchecked, subject: Subject) -> Job:
    running = found.running
    title = _("%(name)s 已转强制隔离戒毒,“%(clock)s”的核对清单还有 %(left)s 条没有核") % {
        "name": subject.title,
        "clock": said(running.declared.name),
        "left": found.left,
    }
    note = _("%(day)s 转的;报告公安机关所依据的每一条都要有人核、有记录,请补核 · 戒毒条例第二十条、第二十一条") % {
        "day": found.since.isoformat()
    }
    return Job(title, note, None, _("去补核"), page("clock", running.pk), running.division.name, about=running.subject_id)


def _rest(found: ClockQuerySet, on: date) -> list[Job]:
    """The clocks beyond those shown, as one line."""
    next_one = next(iter(found[SHOWN : SHOWN + 1]), None)
    if next_one is None or next_one.due_on is None:
        return []
    count, day = found.count() - SHOWN, next_one.due_on
    title = _("另有 %(count)s 个期限已过或者在 %(days)s 天内届满") % {"count": count, "days": END_SOON}
    note = _("最早的 %(day)s 届满") % {"day": day.isoformat()}
    return [Job(title, note, until(day, on), _("看清单"), page("clocks"), weight=count)]

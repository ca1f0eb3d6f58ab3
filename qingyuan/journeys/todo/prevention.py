"""What prevention asks of a town and a member unit: rounds not walked, places not reached, class hours not given, finds not cleared."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import CharField, Count, F, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext as _

from qingyuan.journeys.todo.job import Job, page, until
from qingyuan.journeys.todo.tally import Tally
from qingyuan.ledgers import queries as ledger_queries
from qingyuan.ledgers import registry
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.enums import Level, Role

WHO = (Role.CASEWORKER, Role.TOWN_SUPERVISOR, Role.UNIT_LIAISON)
LOOK_BACK = timedelta(days=31)
AWARD_SOON = timedelta(days=60)
OPEN = "open"


@dataclass(frozen=True)
class _Plan:
    """One list of what should be done: how long before its last day it is worth a line, and the words of the line.

    ``by_place``: it is the town's work whoever keeps the directory.
    """

    ledger: str
    ahead: timedelta
    title: Callable[[str, int], str]
    note: Callable[[], str]
    by_place: bool = False


def _walks(label: str, count: int) -> str:
    return _("%(label)s踏查:还有 %(count)d 块地没有走") % {"label": label, "count": count}


def _visits(label: str, count: int) -> str:
    return _("%(label)s还有 %(count)d 个点位没有进过") % {"label": label, "count": count}


def _hours(label: str, count: int) -> str:
    return _("%(label)s还有 %(count)d 所学校没有上够课时") % {"label": label, "count": count}


PLANS = (
    _Plan("survey_plan", timedelta(days=61), _walks, lambda: _("走过没有发现的也要登记:零报告也是报告")),
    _Plan("reach_plan", timedelta(days=92), _visits, lambda: _("活动台账里写名录里的点位名称,就算进过"), by_place=True),
    _Plan("lesson_plan", timedelta(days=122), _hours, lambda: _("名单里写着已上多少、应上多少")),
)


#: A window of a plan is told apart by its label and its last day.
WINDOWS = Count(Concat("label", Value("|"), Cast("last_day", CharField()), output_field=CharField()), distinct=True)


def jobs(actor: Actor, on: date) -> list[Job]:
    """The lines of one's own unit; [] for those who keep nothing of this."""
    if not actor.has_role(*WHO) or not actor.unit_id:
        return []
    found = [job for plan in PLANS for job in _planned(plan, actor, on)]
    return found + _not_cleared(actor, on) + _awards(actor, on)


def pressing(actor: Actor, on: date) -> Iterable[Tally | int]:
    if not actor.has_role(*WHO) or not actor.unit_id:
        return
    for plan in PLANS:
        yield Tally(_waiting(plan, actor, on, min(on, on + plan.ahead)), WINDOWS)
    yield Tally(_left_standing(actor, on).filter(surveyed_on__lte=on))
    yield Tally(_ending(actor, on, on), most=1)


def _own(code: str, actor: Actor, on: date) -> Any:
    return ledger_queries.rows(registry.get(code), actor, on).filter(unit_id=actor.unit_id).order_by()


def _planned(plan: _Plan, actor: Actor, on: date) -> list[Job]:
    """Windows that stand open or closed in the past month, one line a window."""
    windows = _waiting(plan, actor, on, on + plan.ahead).values("label", "last_day").annotate(count=Count("pk"))
    return [
        Job(
            plan.title(window["label"], window["count"]),
            plan.note(),
            until(window["last_day"], on),
            _("看名单"),
            page("ledger-list", plan.ledger, query=f"when=all&outcome={OPEN}&sort=-last_day"),
            weight=window["count"],
        )
        for window in windows
    ]


def _not_cleared(actor: Actor, on: date) -> list[Job]:
    """Plants found and not all gone: the law leaves no time for it."""
    left = _left_standing(actor, on).order_by("surveyed_on")
    return [
        Job(
            _("地块 %(code)s 发现的原植物还有 %(count)d 株没有铲除")
            % {"code": row.patch.code, "count": row.plants - row.eradicated},
            _("一律强制铲除;铲除后在铲除台账登记,两名工作人员见证"),
            until(row.surveyed_on, on),
            _("登记铲除"),
            page("ledger-new", "eradications", query=urlencode({"patch_code": row.patch.code})),
            row.division.name,
        )
        for row in left
    ]


def _awards(actor: Actor, on: date) -> list[Job]:
    """Demonstration schools whose award has ended or soon will, as one line."""
    ending = _ending(actor, on, on + AWARD_SOON).order_by("expires_on")
    first = ending.first()
    if first is None:
        return []
    title = _("示范学校称号到期 %(count)d 所") % {"count": ending.count()}
    note = _("最早的是%(name)s;复核后改有效期,不再符合的清空示范级别") % {"name": first.name}
    where = page("ledger-row", "schools", first.pk)
    return [Job(title, note, until(first.expires_on, on), _("打开"), where, first.division.name)]


def _waiting(plan: _Plan, actor: Actor, on: date, until_day: date) -> Any:
    """Rows of a plan not answered whose last day lies between a month ago and ``until_day``."""
    in_town = plan.by_place and actor.division_level == Level.TOWN
    rows = (
        ledger_queries.rows(registry.get(plan.ledger), actor, on).order_by()
        if in_town
        else _own(plan.ledger, actor, on)
    )
    return rows.filter(outcome=OPEN, opens_on__lte=on, last_day__gte=on - LOOK_BACK, last_day__lte=until_day)


def _left_standing(actor: Actor, on: date) -> Any:
    return _own("survey_rounds", actor, on).filter(eradicated__lt=F("plants"))


def _ending(actor: Actor, on: date, until_day: date) -> Any:
    return _own("schools", actor, on).filter(closed_on=None, expires_on__lte=until_day)

"""Who comes out soon and has to be met (必接必送), and whom nobody met: on «today» before the day, and until it is done."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from qingyuan.journeys.todo.job import Job, page, until
from qingyuan.journeys.todo.tally import Tally
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.enums import Role
from qingyuan.rehabilitation.way import releases_to_meet, unplanned_isolations

BY_NAME = (Role.CASEWORKER, Role.TOWN_SUPERVISOR)
SHOWN = 20


def jobs(actor: Actor, on: date) -> list[Job]:
    if not actor.has_role(*BY_NAME):
        return []
    releases = list(releases_to_meet(actor, on).order_by("expected_on", "pk")[:SHOWN])
    isolations = list(_isolations(actor, on).order_by("ends_on", "pk")[:SHOWN])
    return [_release(row, on) for row in releases] + [_isolation(row, on) for row in isolations]


def pressing(actor: Actor, on: date) -> Iterable[Tally | int]:
    if not actor.has_role(*BY_NAME):
        return
    due = Q(released_on__lte=on) | Q(released_on=None, expected_on__lte=on)
    yield Tally(releases_to_meet(actor, on).filter(due), most=SHOWN)
    yield Tally(_isolations(actor, on).filter(Q(released_on__lte=on) | Q(released_on=None, ends_on__lte=on)), most=SHOWN)


def _isolations(actor: Actor, on: date) -> QuerySet[Any]:
    """Those that ended before the office began to keep its releases here are not asked for."""
    found, since = unplanned_isolations(actor, on), settings.QINGYUAN_CLOCKS_FROM
    first = max(since or date.min, on - timedelta(days=365))
    return found.filter(Q(released_on=None) | Q(released_on__gte=first))


def _release(row: Any, on: date) -> Job:
    name = row.client.name
    if row.released_on:
        title, act, at = _("%(name)s 出来了,还没有登记接到") % {"name": name}, _("登记接到"), "met_on"
        note = _("必接必送:出来当天接到并移交;没有接到的当天就去找 · 戒毒条例第三十四条")
    elif row.expected_on < on:
        title, act, at = _("%(name)s 预计出来的日子过了,没有登记") % {"name": name}, _("核对"), "released_on"
        note = _("向原场所核对:是否出来、谁接的、文书到没到")
    elif row.meeters:
        title, act, at = _("%(name)s 快要出来") % {"name": name}, _("登记接到"), "released_on"
        note = _("已安排 %(who)s 去接") % {"who": "、".join(row.meeters)}
    else:
        title, act, at = _("%(name)s 快要出来,还没有安排谁接") % {"name": name}, _("安排接人"), "meeters"
        note = _("必接必送:出来以前定好谁去接、接到哪里 · 戒毒条例第三十四条")
    where = page("ledger-change", "releases", row.pk, query=f"at={at}")
    return Job(title, note, until(row.released_on or row.expected_on, on), act, where, row.division.name, about=row.pk)


def _isolation(row: Any, on: date) -> Job:
    name = row.client.name
    if row.released_on:
        title = _("%(name)s 已解除强制隔离戒毒,没有接到的记录") % {"name": name}
    else:
        title = _("%(name)s 强制隔离戒毒快要期满,还没有出所衔接") % {"name": name}
    day = row.released_on or row.ends_on
    query = urlencode({"origin": "isolation", "expected_on": (row.ends_on or day).isoformat()})
    note = _("必接必送:在“出所衔接台账”登记谁去接 · 戒毒条例第三十四条")
    where = page("person-record", row.client_id, "releases", query=query)
    return Job(title, note, until(day, on), _("安排接人"), where, row.division.name, about=row.pk)

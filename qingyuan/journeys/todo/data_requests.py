"""Requests about one's own information on «today» of who moves them on. No name stands here; the page behind it logs the look."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final

from django.utils.translation import gettext as _

from qingyuan.casework.desk import queries
from qingyuan.casework.models import DataRequest
from qingyuan.journeys.todo.job import Job, page, until
from qingyuan.journeys.todo.tally import Tally
from qingyuan.organisation.actor import Actor

SHOWN: Final = 20


def jobs(actor: Actor, on: date) -> list[Job]:
    return [_job(one, on) for one in queries.open_requests(actor, on).select_related("unit")[:SHOWN]]


def pressing(actor: Actor, on: date) -> Iterable[Tally | int]:
    yield Tally(queries.open_requests(actor, on).filter(answer_by__lte=on), most=SHOWN)


def _job(one: DataRequest, on: date) -> Job:
    title = _("个人信息请求:%(what)s") % {"what": one.get_kind_display()}
    note = _("%(state)s · 法律写的是“及时”,期限是平台的默认提醒") % {"state": one.get_state_display()}
    return Job(title, note, until(one.answer_by, on), _("去办"), page("desk-request", one.pk), one.unit.label)

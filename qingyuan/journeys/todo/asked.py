"""Figures one's unit is asked for, and the requests one's office has under way."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _

from qingyuan.journeys.todo.job import Job, page, until
from qingyuan.journeys.todo.tally import Tally
from qingyuan.organisation.actor import Actor
from qingyuan.situation.enums import AnswerState, RequestState
from qingyuan.situation.models import FigureAnswer, FigureRequest
from qingyuan.situation.permissions import may_keep_requests, requests_visible
from qingyuan.situation.queries.requests import waiting_for


def jobs(actor: Actor, on: date) -> list[Job]:
    found = [_answer(one, on) for one in waiting_for(actor, on)]
    if may_keep_requests(actor, on).allowed:
        found += [_request(one, on) for one in requests_visible(actor, on).under_way().with_waiting()]
    return found


def pressing(actor: Actor, on: date) -> Iterable[Tally | int]:
    yield Tally(waiting_for(actor, on).filter(due_on__lte=on))
    if may_keep_requests(actor, on).allowed:
        yield Tally(requests_visible(actor, on).under_way().filter(due_on__lte=on))


def _answer(one: FigureAnswer, on: date) -> Job:
    asked = one.question.request
    about = _("%(title)s · %(unit)s转来") % {"title": asked.title, "unit": asked.unit.label}
    note = _("退回重报:%(why)s") % {"why": one.reason} if one.state == AnswerState.SENT_BACK else about
    title = _("要数:%(text)s") % {"text": one.question.text}
    return Job(title, note, until(one.due_on, on), _("答复"), page("figure-answer", one.pk))


def _request(one: FigureRequest, on: date) -> Job:
    waiting = getattr(one, "waiting", 0)
    title = _("%(office)s要数:%(title)s") % {"office": one.asked_by, "title": one.title}
    note = _("还没转下去") if one.state == RequestState.DRAFT else _("还差 %(count)d 个答复") % {"count": waiting}
    return Job(title, note, until(one.due_on, on), _("打开"), page("figure-request", one.pk))

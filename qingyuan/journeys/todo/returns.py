"""Returns (报表) on which it is one's turn, and for the office those that others have not filed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _

from qingyuan.foundation.words import said
from qingyuan.governance.enums import ReturnState
from qingyuan.governance.forms.catalogue import get_form
from qingyuan.governance.models import Return
from qingyuan.governance.queries import returns
from qingyuan.journeys.return_words import reminder_words
from qingyuan.journeys.todo.job import Job, page, until
from qingyuan.journeys.todo.tally import Tally
from qingyuan.organisation.actor import Actor
from qingyuan.reference.period_words import period_label


def jobs(actor: Actor, on: date) -> list[Job]:
    return [_job(filed, on, _("办理")) for filed in returns.waiting_for(actor, on)]


def pressing(actor: Actor, on: date) -> Iterable[Tally | int]:
    """Whose turn it is follows a return's levels; only what is due is looked at, usually nothing."""
    yield len(returns.waiting_for(actor, on, due_by=on))


def others(actor: Actor, on: date) -> list[Job]:
    late = returns.late(actor, on).exclude(unit_id=actor.unit_id or 0)
    return [_job(filed, on, _("去催")) for filed in late]


def _job(filed: Return, on: date, act: str) -> Job:
    state = str(ReturnState(filed.state).label)
    title = _("%(form)s %(period)s") % {"form": said(get_form(filed.form).title), "period": period_label(filed.month)}
    note = _("%(state)s · 应于 %(day)s 报出") % {"state": state, "day": filed.due_on.isoformat()}
    if reminder := reminder_words(filed):
        note = f"{note} · {reminder}"
    return Job(title, note, until(filed.due_on, on), act, page("return", filed.pk), filed.unit.label)

"""Who opens these pages: whoever reads tasks or needs of some unit, or may read programmes."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404
from django.utils.translation import gettext as _

from qingyuan.foundation import clock
from qingyuan.foundation.enums import Compartment
from qingyuan.governance.models import UnitNeed, UnitTask
from qingyuan.governance.permissions import NEED_ANSWERS
from qingyuan.governance.queries import needs as reads
from qingyuan.organisation.enums import Action
from qingyuan.organisation.scope import may
from qingyuan.web.context import WebRequest
from qingyuan.web.errors import Forbidden


def require_reader(request: WebRequest) -> None:
    """Errors: Forbidden for roles that read tasks of no unit and answer for none."""
    decisions = [
        may(request.actor, Action.READ, compartment=Compartment.INTERNAL, ledger=subject, on=clock.today())
        for subject in (reads.TASKS, NEED_ANSWERS)
    ]
    if not any(decisions):
        raise Forbidden(what=_("年度任务"), how=decisions[0].reason)


def task_named(request: WebRequest, task_id: UUID) -> UnitTask:
    """Errors: Http404, the same for one that is not there and one that is not for this person."""
    found = reads.task(request.actor, clock.today(), task_id)
    if found is None:
        raise Http404
    return found


def need_named(request: WebRequest, need_id: UUID) -> UnitNeed:
    """Errors: Http404."""
    found = reads.needs(request.actor, clock.today()).filter(pk=need_id).first()
    if found is None:
        raise Http404
    return found

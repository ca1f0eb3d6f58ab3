"""What people asked for on their own page, on «today» of who answers it. No law sets a day for the answer, so none is set here.

No name and no reason stands here: the page behind it shows them to those it is for, and logs that it did.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from qingyuan.foundation.enums import Compartment
from qingyuan.journeys.todo.job import Job, page
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.enums import Action, Role
from qingyuan.organisation.scope import visible_to
from qingyuan.rehabilitation.actions.own_page import REQUESTS
from qingyuan.rehabilitation.enums import AskedState
from qingyuan.rehabilitation.models import OwnRequest

BY_NAME = (Role.CASEWORKER, Role.TOWN_SUPERVISOR)
SHOWN = 20


def jobs(actor: Actor, on: date) -> list[Job]:
    if not actor.has_role(*BY_NAME):
        return []
    return [_job(one) for one in _waiting(actor, on).order_by("from_day", "asked_at", "pk")[:SHOWN]]


def _waiting(actor: Actor, on: date) -> QuerySet[Any]:
    found = OwnRequest.objects.filter(state=AskedState.WAITING, client__sealed_on=None)
    return visible_to(
        actor, found, compartment=Compartment.HELP, on=on, ledger=REQUESTS, action=Action.CHANGE,
        caseload_field="client__caseworker_id",
    )  # fmt: skip


def _job(one: OwnRequest) -> Job:
    return Job(
        _("本人申请待答复:%(what)s") % {"what": one.get_asked_for_display()},
        _("打开才看得到是谁、为什么;答复后本人在自己的页面看到"),
        None,
        _("去答复"),
        page("person-own", one.client_id),
    )

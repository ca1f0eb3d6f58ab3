"""What people asked for on their own page, and the texts that did not reach them, on «today» of who helps them. No law sets a
day for the answer, so none is set here.

No name and no reason stands here: the page behind it shows them to those it is for, and logs that it did.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from qingyuan.casework.enums import Outcome, ReminderState
from qingyuan.foundation.enums import Compartment
from qingyuan.journeys.todo.job import Job, page
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.enums import Action, Role
from qingyuan.organisation.scope import visible_to
from qingyuan.rehabilitation.actions.own_page import REQUESTS
from qingyuan.rehabilitation.enums import AskedState, TextRefusal
from qingyuan.rehabilitation.models import AppointmentText, OwnRequest
from qingyuan.rehabilitation.queries import clients

BY_NAME = (Role.CASEWORKER, Role.TOWN_SUPERVISOR)
SHOWN = 20


def jobs(actor: Actor, on: date) -> list[Job]:
    if not actor.has_role(*BY_NAME):
        return []
    asked = [_job(one) for one in _waiting(actor, on).order_by("from_day", "asked_at", "pk")[:SHOWN]]
    return asked + [_not_told(one) for one in _failed(actor, on).order_by("-created_at", "pk")[:SHOWN]]


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


def _failed(actor: Actor, on: date) -> QuerySet[Any]:
    """Texts to one's own people that did not leave while their window is still open: somebody has to tell them another way."""
    open_still = {"due__outcome": Outcome.OPEN, "due__closes_on__gt": on}
    found = AppointmentText.objects.filter(state=ReminderState.GIVEN_UP, **open_still).exclude(refused=TextRefusal.NO_LONGER)
    return found.filter(client__in=clients(actor, on, action=Action.CREATE).order_by().values("pk"))


def _not_told(one: AppointmentText) -> Job:
    return Job(
        _("预约短信没有发出"),
        _("%(why)s。请换个方式告诉本人") % {"why": one.get_refused_display()},
        None,
        _("打开看是谁"),
        page("person-own", one.client_id),
    )

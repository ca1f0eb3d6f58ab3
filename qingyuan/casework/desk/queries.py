"""Reads of the desk: the requests of one's own unit, for those who read names there. Nothing finds a request by a person."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django.db.models import Q

from qingyuan.casework.desk.table import OPEN
from qingyuan.casework.models import DataRequest
from qingyuan.casework.models.data_request import DataRequestQuerySet
from qingyuan.casework.models.gate import SEALS
from qingyuan.foundation.enums import Compartment
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.enums import Action, Role
from qingyuan.organisation.models import RoleGrant, Unit
from qingyuan.organisation.queries import city_pack
from qingyuan.organisation.scope import may, reads_clear, rules_for, visible_to
from qingyuan.reference import daycount
from qingyuan.reference.packs import get_pack

#: The subjects of the policy table: the requests, and the right to collect, decide and hand over.
REQUESTS: Final = "data-requests"
ANSWERING: Final = "data-request-answers"
DAYS_KEY: Final = "data_request.working_days"
#: Who answers at a unit a request is passed on to, and under whose key it is kept there.
ANSWERERS: Final = {
    Role.TOWN_SUPERVISOR: Compartment.COMMUNITY,
    Role.POLICE_OFFICER: Compartment.ENFORCEMENT,
    Role.DOCTOR: Compartment.TREATMENT,
}


def home_of(actor: Actor) -> Compartment | None:
    """The compartment under whose key ``actor``'s unit keeps a request; roles of two sides never meet in one account."""
    return next((one for one in SEALS if rules_for(actor, Action.CREATE, one, REQUESTS) and _reads_names(actor, one)), None)


def _reads_names(actor: Actor, compartment: Compartment) -> bool:
    return reads_clear(actor, compartment=compartment, ledger=REQUESTS)


def requests_visible(actor: Actor, on: date, *, action: Action = Action.READ) -> DataRequestQuerySet:
    """Of the own unit, or (a caseworker) of one's own people. No range of divisions and no emergency look reaches further, and
    who reads names masked has no business at the desk."""
    wanted = Q(pk__in=())
    for compartment in SEALS:
        if not rules_for(actor, action, compartment, REQUESTS) or not _reads_names(actor, compartment):
            continue
        mine: Any = DataRequest.objects.filter(compartment=compartment, unit_id=actor.unit_id or 0)
        seen = visible_to(actor, mine, compartment=compartment, on=on, ledger=REQUESTS, action=action, sealed=True)
        wanted |= Q(pk__in=seen.order_by().values("pk"))
    found: DataRequestQuerySet = DataRequest.objects.filter(wanted)
    return found


def may_answer(actor: Actor, request: DataRequest, on: date) -> bool:
    """Whether ``actor`` collects, decides and hands over for this request: one's own act, which no substitute does."""
    return (
        request.unit_id == actor.unit_id
        and may(actor, Action.APPROVE, compartment=Compartment(request.compartment), ledger=ANSWERING, on=on, unit_id=request.unit_id).allowed
    )


def may_answer_some(actor: Actor, compartment: Compartment, on: date) -> bool:
    """Whether ``actor`` answers requests at all; who does not, receives them for the unit and keeps sight of them."""
    return may(actor, Action.APPROVE, compartment=compartment, ledger=ANSWERING, on=on, unit_id=actor.unit_id).allowed


def answer_by(received_on: date) -> date:
    """The last day of the platform's own term: working days after the day it came in (no article gives a number)."""
    amount = get_pack(city_pack().code).number(DAYS_KEY, received_on)
    return daycount.count(received_on, amount, daycount.TermUnit.WORKING_DAY, roll=False).due


def receiving_units(on: date, request: DataRequest) -> dict[Compartment, list[Unit]]:
    """Where a request may be passed on to, by side. Of the clinics all or none: whoever passes it on is not to know of which one
    somebody is a patient."""
    held = set(request.slips.values_list("to_unit_id", flat=True)) | {request.unit_id}
    found: dict[Compartment, list[Unit]] = {}
    for role, compartment in ANSWERERS.items():
        grants = RoleGrant.objects.on(on).filter(role=role, account__is_active=True)
        units = Unit.objects.filter(pk__in=grants.values("account__unit_id"), closed_on=None).exclude(pk__in=held)
        found[compartment] = list(units.select_related("division").order_by("division__code", "code"))
    return found


def open_requests(actor: Actor, on: date) -> DataRequestQuerySet:
    """Those that ``actor`` can move on, the first to be answered first."""
    found: DataRequestQuerySet = requests_visible(actor, on, action=Action.CHANGE).filter(state__in=OPEN).order_by("answer_by", "received_at", "pk")
    return found

"""Whose targets a page shows: the office and the auditor the whole plan, a town or unit its own share."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404

from qingyuan.foundation.enums import Compartment
from qingyuan.governance.models import TargetPlan, TargetShare
from qingyuan.governance.permissions import bids_own_unit
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.enums import Action
from qingyuan.organisation.models import Division
from qingyuan.organisation.scope import divisions_in_scope, may

LEDGER = "targets"


def sees_whole(actor: Actor, city_id: int, on: date) -> bool:
    return may(actor, Action.READ, compartment=Compartment.INTERNAL, ledger=LEDGER, division_id=city_id, on=on).allowed


def own_places(actor: Actor, on: date) -> set[int]:
    """The divisions of whose shares ``actor`` may read."""
    if not may(actor, Action.READ, compartment=Compartment.INTERNAL, ledger=LEDGER, on=on).allowed:
        return set()
    roots = divisions_in_scope(actor)
    return {pk for root in roots for pk in Division.objects.under(root, on).values_list("pk", flat=True)}


def own_shares(actor: Actor, on: date) -> Q:
    """Which shares ``actor`` may read where it does not see the whole plan: of its places, of its own unit."""
    return Q(unit=None, division_id__in=own_places(actor, on)) | Q(unit_id=bids_own_unit(actor, on))


def plans_for(actor: Actor, year: int, on: date) -> QuerySet[TargetPlan]:
    """The plans of a year that hold a share of the actor's, or are of its own city."""
    shares = TargetShare.objects.filter(own_shares(actor, on) | Q(division_id__in=own_places(actor, on)))
    return TargetPlan.objects.filter(year=year, pk__in=shares.values("plan")).select_related("city")


def plan_named(actor: Actor, plan_id: UUID, on: date) -> TargetPlan:
    """Errors: Http404, the same for one that is not there and one that is not for this person."""
    plan = TargetPlan.objects.filter(pk=plan_id).select_related("city").first()
    if plan is None or not plans_for(actor, plan.year, on).filter(pk=plan.pk).exists():
        raise Http404
    return plan

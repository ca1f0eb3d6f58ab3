"""Reads of one person's way back, and of releases that have to be met. Who may see them the caller has asked, or is asked here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from qingyuan.ledgers import registry
from qingyuan.ledgers.queries import rows
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.enums import Action
from qingyuan.rehabilitation.models import (
    Absence,
    CarePlan,
    Client,
    Control,
    Credit,
    Encouraged,
    Isolation,
    Measure,
    Move,
    Release,
    Suspension,
    TeamMember,
    Warned,
)
from qingyuan.rehabilitation.rules.journey import PLAN_AHEAD, Chain


@dataclass(frozen=True)
class Way:
    """All that this room has about one client beside tests and dues; ``chain`` is what gaps are told from."""

    chain: Chain
    suspensions: list[Any]
    absences: list[Any]
    warnings: list[Any]
    encouragements: list[Any]
    credits: list[Any]


def way(client: Client) -> Way:
    """The rows of ``client`` in the order of their days; the caller has asked ``queries.clients`` first."""
    mine: dict[type, list[Any]] = {
        model: list(model.objects.filter(client=client).select_related("client").order_by(day, "pk"))  # type: ignore[attr-defined]
        for model, day in (
            (Measure, "decided_on"),
            (Isolation, "decided_on"),
            (Release, "expected_on"),
            (Move, "moved_on"),
            (TeamMember, "joined_on"),
            (CarePlan, "made_on"),
            (Control, "starts_on"),
            (Suspension, "stopped_on"),
            (Absence, "left_on"),
            (Warned, "warned_on"),
            (Encouraged, "given_on"),
            (Credit, "credited_on"),
        )
    }
    chain = Chain(
        measures=mine[Measure],
        isolations=mine[Isolation],
        releases=mine[Release],
        moves=mine[Move],
        team=mine[TeamMember],
        plans=mine[CarePlan],
        controls=mine[Control],
    )
    return Way(chain, mine[Suspension], mine[Absence], mine[Warned], mine[Encouraged], mine[Credit])


def releases_to_meet(actor: Actor, on: date) -> QuerySet[Any]:
    """Releases that ``actor`` has to do something about: nobody has met them, and the day is near or past."""
    own = rows(registry.get("releases"), actor, on, action=Action.CHANGE)
    return own.filter(Q(released_on__lte=on) | Q(released_on=None, expected_on__lte=on + timedelta(days=PLAN_AHEAD)), met_on=None)


def unplanned_isolations(actor: Actor, on: date) -> QuerySet[Any]:
    """Isolations that end soon, or have ended, and for which no release is on the list."""
    own = rows(registry.get("isolation"), actor, on, action=Action.CHANGE)
    planned = Release.objects.filter(client_id=OuterRef("client_id"), origin="isolation").annotate(
        out=Coalesce("released_on", "expected_on")
    )
    near = Q(released_on__lte=on) | Q(released_on=None, ends_on__lte=on + timedelta(days=PLAN_AHEAD))
    return own.filter(near).exclude(Exists(planned.filter(out__gte=OuterRef("decided_on"))))


def absences_unjudged(actor: Actor, on: date) -> QuerySet[Any]:
    """Absences of running measures that are over and of which nobody has said whether they were lawful: they count neither way."""
    own = rows(registry.get("absences"), actor, on, action=Action.CHANGE)
    return own.filter(lawful=None, back_on__lte=on, measure__ended_on=None)


def unmet(on: date) -> QuerySet[Any]:
    """All that came out, or should have, and that nobody met, with the day it was due: for bringing it before leaders."""
    return Release.objects.filter(Q(released_on__lt=on) | Q(released_on=None, expected_on__lt=on), met_on=None).annotate(
        due_on=Coalesce("released_on", "expected_on")
    )

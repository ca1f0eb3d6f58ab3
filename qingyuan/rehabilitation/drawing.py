"""Reads of draws: for surprise tests (a draw is its unit's: supervisor and caseworkers; names only of whom the reader may see),
and the files from which a joint inspection draws."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from qingyuan.foundation import draws
from qingyuan.foundation.enums import Compartment
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.enums import Action, Role
from qingyuan.organisation.scope import may, visible_to
from qingyuan.rehabilitation.models import Client, CommunityTest, Measure, TestDraw
from qingyuan.rehabilitation.queries import clients

TESTS = "tests"


def draws_visible(actor: Actor, on: date) -> QuerySet[TestDraw]:
    """Draws of the actor's own unit, for those who work there with people by name."""
    allowed = may(actor, Action.READ, compartment=Compartment.COMMUNITY, on=on).allowed and actor.unit_id is not None
    found = TestDraw.objects.select_related("unit", "division")
    return found.filter(unit_id=actor.unit_id or 0) if allowed else found.none()


def may_draw(actor: Actor, on: date) -> bool:
    """The supervisor of a unit begins, freezes and reveals: who tests does not say whom."""
    if actor.unit_id is None or not actor.has_role(Role.TOWN_SUPERVISOR):
        return False
    return may(
        actor,
        Action.CREATE,
        compartment=Compartment.COMMUNITY,
        ledger=TESTS,
        on=on,
        division_id=actor.division_id,
        unit_id=actor.unit_id,
    ).allowed


def files_of(list_id: object, on: date) -> dict[int, dict[str, list[str]]]:
    """The files of measures carried out on a day, by unit and kind, as the list ``list_id`` calls them (``draws.lot_of``)."""
    live: Any = Measure.objects
    running = live.in_force_on(on)
    found: dict[int, dict[str, list[str]]] = {}
    for pk, unit_id, kind in running.order_by().values_list("pk", "unit_id", "kind"):
        found.setdefault(unit_id, {}).setdefault(kind, []).append(draws.lot_of(list_id, pk))
    return {unit: {kind: sorted(lots) for kind, lots in kinds.items()} for unit, kinds in found.items()}


def own_files(list_id: object, lots: Collection[str], actor: Actor, on: date) -> dict[str, Any]:
    """Of the files called ``lots`` on a list those whose measure ``actor`` may read, by lot: the unit finds its own in the drawer."""
    if not lots or not may(actor, Action.READ, compartment=Compartment.COMMUNITY, on=on, ledger="measures").allowed:
        return {}
    rows = visible_to(actor, Measure.objects.order_by(), compartment=Compartment.COMMUNITY, on=on, ledger="measures", caseload_field="client__caseworker_id")
    known = {draws.lot_of(list_id, pk): pk for pk in rows.values_list("pk", flat=True)}
    found = Measure.objects.select_related("client").in_bulk([known[lot] for lot in lots if lot in known])
    return {lot: found[known[lot]] for lot in lots if lot in known}


def own_drawn(made: TestDraw, actor: Actor, on: date) -> list[Client]:
    """Of those drawn the ones ``actor`` may see, in the order drawn."""
    if not made.drawn:
        return []
    wanted = set(made.drawn)
    lots = {draws.lot_of(made.pk, pk): pk for pk in clients(actor, on).order_by().values_list("pk", flat=True)}
    found = Client.objects.in_bulk([pk for lot, pk in lots.items() if lot in wanted])
    return [found[lots[lot]] for lot in made.drawn if lot in lots]


def tested_since(made: TestDraw, people: list[Client]) -> dict[UUID, Any]:
    """Who of ``people`` has a surprise test on or after the day of the draw, with that test."""
    rows = CommunityTest.objects.filter(client__in=people, purpose="surprise", tested_on__gte=made.test_on).order_by("-tested_on")
    return {row.client_id: row for row in rows}


def sheet(made: TestDraw) -> dict[str, Any]:
    """What anybody needs to draw again, without a name; the seed only once it is revealed."""
    return {
        "test_on": made.test_on.isoformat(),
        "size": made.size,
        "seed_hash": made.seed_hash,
        "committed_at": made.committed_at.isoformat(),
        "list_hash": made.list_hash,
        "list": made.frozen,
        "seed": made.seed if made.revealed_at else "",
        "drawn": made.drawn,
    }

"""Reads of campaigns: who sees one, the lines a reader works on, the counts of every town, and what is drawn into a frame."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from qingyuan.foundation.enums import Compartment
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.enums import Action
from qingyuan.organisation.models import Division, DivisionPath, Unit
from qingyuan.organisation.scope import divisions_in_scope, may, visible_to
from qingyuan.rehabilitation.enums import EndState
from qingyuan.rehabilitation.models import Campaign, CampaignLine, CarePlan, Control, Isolation, Measure, SupportReview
from qingyuan.rehabilitation.rules import campaign as rules
from qingyuan.rehabilitation.rules.campaign import Line, PlanDate, Tally

#: Under which subjects the policy table and the audit name them.
CODE: Final = "campaigns"
LINES: Final = "campaign-lines"
CHUNK: Final = 400


def campaigns_visible(actor: Actor, on: date) -> QuerySet[Campaign]:
    """Campaigns of a place above or below one's own, for everyone whose role reads them; withdrawn ones stay with their office."""
    if not may(actor, Action.READ, compartment=Compartment.INTERNAL, ledger=CODE, on=on).allowed:
        return Campaign.objects.none()
    roots = divisions_in_scope(actor)
    paths = DivisionPath.objects.on(on)
    near = Q(division_id__in=paths.filter(descendant_id__in=roots).values("ancestor_id")) | Q(
        division_id__in=paths.filter(ancestor_id__in=roots).values("descendant_id")
    )
    found = Campaign.objects.filter(near).select_related("unit", "division")
    return found.filter(Q(withdrawn_at=None) | Q(unit_id=actor.unit_id or 0))


def may_issue(actor: Actor, on: date) -> bool:
    return may(
        actor, Action.CREATE, compartment=Compartment.INTERNAL, ledger=CODE, on=on, division_id=actor.division_id, unit_id=actor.unit_id
    ).allowed  # fmt: skip


def lines_visible(actor: Actor, on: date, action: Action = Action.READ) -> QuerySet[Any]:
    """The lines of one's own unit: a caseworker's own people, the supervisor's all. Who was handed on is the other unit's."""
    found = CampaignLine.objects.filter(unit_id=actor.unit_id or 0).select_related("client", "campaign", "to_unit", "unit", "division")
    return visible_to(
        actor, found, compartment=Compartment.COMMUNITY, on=on, ledger=LINES, action=action, caseload_field="client__caseworker_id", sealed=True
    )  # fmt: skip


def offered(actor: Actor, on: date) -> QuerySet[Any]:
    """Lines of other units that say a person is this unit's now, waiting for the supervisor's signature."""
    if not may(actor, Action.CREATE, compartment=Compartment.COMMUNITY, ledger=LINES, on=on, unit_id=actor.unit_id or 0, caseworker_id=0).allowed:
        return CampaignLine.objects.none()
    waiting = CampaignLine.objects.filter(state=EndState.ELSEWHERE, accepted_at=None, to_unit_id=actor.unit_id or 0)
    return waiting.select_related("client", "campaign", "unit")


def open_only(lines: QuerySet[Any]) -> QuerySet[Any]:
    """Those that are not accounted for."""
    return lines.filter(Q(state="") | Q(state=EndState.ELSEWHERE, to_unit__isnull=False, accepted_at=None))


def line_of(row: Any, *, sealed: bool | None = None) -> Line:
    """A stored line as the rules count it."""
    return Line(
        whose=row.client_id,
        state=row.state,
        inside=row.to_unit_id is not None,
        signed=row.accepted_at is not None,
        sealed=row.client.sealed_on is not None if sealed is None else sealed,
    )


def counted(campaign: Campaign) -> dict[int, list[Line]]:
    """By unit every line of the frame, of sealed persons too (totals still add up); nothing of a person but an opaque key."""
    found: dict[int, list[Line]] = defaultdict(list)
    rows = CampaignLine.frame.filter(campaign=campaign).order_by().values_list(
        "unit_id", "client_id", "state", "to_unit_id", "accepted_at", "client__sealed_on"
    )
    for unit_id, client_id, state, to_unit, accepted, sealed in rows:
        found[unit_id].append(Line(client_id, state, to_unit is not None, accepted is not None, sealed is not None))
    return dict(found)


@dataclass(frozen=True)
class TownCount:
    unit: Unit
    tally: Tally


def progress(campaign: Campaign) -> list[TownCount]:
    """Of each unit how many persons the frame has and how many are accounted for, in the order of their codes and of nothing else."""
    lines = counted(campaign)
    units = Unit.objects.filter(pk__in=lines).select_related("division").order_by("division__code", "code")
    return [TownCount(unit, rules.tally(lines[unit.pk])) for unit in units]


def doubled(campaign: Campaign, rows: Iterable[Any]) -> dict[UUID, list[str]]:
    """Of the given lines those whose person has another line that does not settle it, with the other units' names."""
    rows = list(rows)
    every = CampaignLine.objects.filter(campaign=campaign, client_id__in=[row.client_id for row in rows]).select_related("client", "unit")
    lines = {row.pk: row for row in every}
    wrong = rules.twice({pk: line_of(row) for pk, row in lines.items()})
    names: dict[UUID, list[tuple[UUID, str]]] = defaultdict(list)
    for pk in wrong:
        names[lines[pk].client_id].append((pk, lines[pk].unit.label))
    return {row.pk: sorted(name for pk, name in names[row.client_id] if pk != row.pk) for row in rows if row.pk in wrong}


def others_of(line: Any) -> int:
    """Further lines of the same person that do not call themselves the duplicate."""
    return CampaignLine.objects.filter(campaign_id=line.campaign_id, client_id=line.client_id).exclude(pk=line.pk).exclude(state=EndState.DUPLICATE).count()


def isolated_on(client_id: UUID, day: date | None) -> bool:
    if day is None:
        return False
    inside = Isolation.objects.filter(client_id=client_id, decided_on__lte=day)
    return inside.filter(Q(released_on=None) | Q(released_on__gt=day)).exists()


# --- the frame ---------------------------------------------------------------------------------------------------------


@dataclass
class Drawn:
    """The rows by which one person is on the register of one unit."""

    division_id: int
    rows: dict[str, UUID]


def drawn(place_ids: Iterable[int], reference_on: date, on: date) -> dict[tuple[UUID, int], Drawn]:
    """By person and unit everyone under a measure, in isolation or under dynamic control on ``reference_on`` in the places: rows of
    the ledgers, and nothing else. Leads, households and sweeps have no way in."""
    below = DivisionPath.objects.on(on).filter(ancestor_id__in=list(place_ids)).values("descendant_id")
    found: dict[tuple[UUID, int], Drawn] = {}
    for name, rows in register_on(reference_on).items():
        here: Any = rows.filter(division_id__in=below).order_by("pk")
        for pk, client_id, unit_id, division_id in here.values_list("pk", "client_id", "unit_id", "division_id"):
            found.setdefault((client_id, unit_id), Drawn(division_id, {})).rows.setdefault(name, pk)
    return found


def register_on(day: date) -> Mapping[str, QuerySet[Any]]:
    """The rows of the register that run on ``day``, by the name of the line's column."""
    return {
        "measure": Measure.objects.filter(Q(ended_on=None) | Q(ended_on__gt=day), decided_on__lte=day),
        "isolation": Isolation.objects.filter(Q(released_on=None) | Q(released_on__gt=day), decided_on__lte=day),
        "control": Control.objects.filter(Q(ended_on=None) | Q(ended_on__gt=day), starts_on__lte=day),
    }


def places_of(campaign: Campaign) -> list[Division]:
    return list(Division.objects.filter(pk__in=campaign.place_ids).order_by("code"))


# --- help plans (大帮教) -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PlanLine:
    """One person of the frame who is to have a plan: whether there is one, and what became of its dates."""

    row: Any
    made_on: date | None
    dates: tuple[PlanDate, ...]

    @property
    def missing(self) -> bool:
        return self.made_on is None


def needing_plans(lines: QuerySet[Any]) -> QuerySet[Any]:
    """Lines of persons under a running community measure of that unit: for them 戒毒条例第十八条 asks four kinds of help."""
    running = Measure.objects.filter(client_id=OuterRef("client_id"), unit_id=OuterRef("unit_id"), ended_on=None, reported_on__isnull=False)
    gone = (EndState.DECEASED, EndState.DUPLICATE, EndState.ELSEWHERE)
    return lines.filter(Exists(running)).exclude(state__in=gone)


def plan_lines(rows: Sequence[Any], on: date) -> list[PlanLine]:
    """Each line with its plan's dates; two questions a chunk. The caller has asked ``lines_visible`` first."""
    ids = [row.client_id for row in rows]
    plans: dict[UUID, list[Any]] = defaultdict(list)
    reviews: dict[UUID, list[tuple[date, date]]] = defaultdict(list)
    for start in range(0, len(ids), CHUNK):
        chunk = ids[start : start + CHUNK]
        for plan in CarePlan.objects.filter(client_id__in=chunk).order_by("made_on", "pk"):
            plans[plan.client_id].append(plan)
        held = SupportReview.objects.filter(client_id__in=chunk).order_by("held_on")
        for client_id, held_on, next_on in held.values_list("client_id", "held_on", "next_on"):
            reviews[client_id].append((held_on, next_on))
    return [PlanLine(row, *_dates(plans[row.client_id], reviews[row.client_id], on)) for row in rows]


def _dates(plans: Sequence[Any], reviews: Sequence[tuple[date, date]], on: date) -> tuple[date | None, tuple[PlanDate, ...]]:
    if not plans:
        return None, ()
    made = plans[-1].made_on
    set_days = [plan.review_on for plan in plans] + [following for _held, following in reviews]
    done = [plan.made_on for plan in plans[1:]] + [held for held, _following in reviews]
    return made, tuple(rules.plan_dates(set_days, done, on))


def without_plan(lines: QuerySet[Any]) -> QuerySet[Any]:
    return needing_plans(lines).exclude(Exists(CarePlan.objects.filter(client_id=OuterRef("client_id"))))


def handed_on(lines: QuerySet[Any]) -> QuerySet[Any]:
    """Lines whose person another unit looks after by now: to be said as elsewhere."""
    return lines.exclude(unit_id=F("client__unit_id"))

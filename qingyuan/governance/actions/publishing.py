"""Letters and targets as facts: published again by every action that changes what they say, in its transaction."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from qingyuan.foundation import clock
from qingyuan.governance.enums import Over, PlanState
from qingyuan.governance.facts import LETTERS, TARGETS, UNIT_NEEDS, LetterRow, NeedRow, TargetRow
from qingyuan.governance.models import Letter, TargetPlan, UnitNeed
from qingyuan.governance.models.letter import LIVE
from qingyuan.governance.queries.needs import days_of
from qingyuan.ledgers import publishing
from qingyuan.organisation.queries import towns


def publish_letter(letter: Letter) -> None:
    """The letter as it stands; one that is void or replaced is withdrawn: nobody has to sign it any more."""
    if letter.state not in LIVE:
        publishing.withdraw(LETTERS, [letter.pk], at=clock.now())
        return
    row = LetterRow(
        id=letter.pk,
        division_id=letter.division_id,
        unit_id=letter.unit_id,
        year=letter.year,
        unit_kind=letter.unit.kind,
        issued_on=letter.issued_on,
        signed_on=letter.signed_on,
        addendum=letter.amends_id is not None,
    )
    publishing.publish(LETTERS, [row], at=clock.now())


def publish_target(plan: TargetPlan) -> None:
    """One indicator of the year's plan with how far its decomposition has come."""
    published = plan.state == PlanState.PUBLISHED and plan.published_at is not None
    units = plan.over == Over.UNITS
    shared = set(plan.shares.values_list("unit_id" if units else "division_id", flat=True))
    # Which units bear a target is the commission's choice; of the towns none may be left out.
    wanted = shared if units else {town.pk for town in towns(plan.city_id, clock.today())}
    row = TargetRow(
        id=plan.pk,
        division_id=plan.city_id,
        unit_id=None,
        year=plan.year,
        measure=plan.measure,
        published_on=clock.day_of(plan.published_at) if plan.published_at else None,
        shares=len(shared),
        complete=bool(published and wanted and wanted <= shared and plan.unit and plan.parameters.get("due")),
    )
    publishing.publish(TARGETS, [row], at=clock.now())


def publish_need(need: UnitNeed) -> None:
    """What one unit asked of another, as it stands: a fact of the unit asked, which owes the answer.

    A request of a voided task owes nothing, whatever step it still takes.
    """
    if need.task.voided_at is not None:
        withdraw_needs([need.pk])
        return
    row = NeedRow(
        id=need.pk,
        division_id=need.to_division_id,
        unit_id=need.to_unit_id,
        answer_by=days_of(need).answer_by,
        answered_on=clock.day_of(need.answered_at) if need.answered_at else None,
        promised_on=need.promised_on,
        met_on=need.met_on,
        state=str(need.state),
    )
    publishing.publish(UNIT_NEEDS, [row], at=clock.now())


def withdraw_needs(ids: Sequence[UUID]) -> None:
    """Requests of tasks that were voided."""
    publishing.withdraw(UNIT_NEEDS, ids, at=clock.now())


def withdraw_targets(ids: Sequence[UUID]) -> None:
    """Drafts that gave way to others."""
    publishing.withdraw(TARGETS, ids, at=clock.now())

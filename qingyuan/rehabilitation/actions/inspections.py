"""The only writers of joint inspections."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from qingyuan.foundation.words import Problem
from qingyuan.ledgers import registry
from qingyuan.ledgers import writing as _writing
from qingyuan.ledgers.declaration import Draft, Writing
from qingyuan.rehabilitation import rules
from qingyuan.rehabilitation.models import Inspection

INSPECTIONS = "inspections"


class FromAVisit(_writing.CannotVoid):
    """The row holds what four departments signed; nobody takes it back in the ledger."""


def prepare_inspections(drafts: Sequence[Draft], writing: Writing) -> None:
    """What happened cannot lie in the future; a department left empty was not there; the row is its writer's own; a row that an
    inspection made stays as it was signed."""
    targets = [draft.target_id for draft in drafts if draft.target_id is not None]
    signed = set(Inspection.objects.filter(pk__in=targets, visit_id__isnull=False).values_list("pk", flat=True)) if targets else set()
    for draft in drafts:
        draft.problems += rules.not_in_future(draft.values, ("inspected_on", "rechecked_on"), writing.on)
        for name in rules.INSPECTORS:
            if draft.values.get(name) is None:
                draft.values[name] = False
        if draft.target_id is None:
            draft.caseworker_id = writing.by.account_id or 0
        elif draft.target_id in signed:
            message = _("这一条由联合检查形成,四个部门已经签字,台账里不能改;整改复查请到“联合检查”页面办理。")
            draft.problems.append(Problem(column="items_failed", address="", value="", message=message))


def record_inspections(*, drafts: Sequence[Draft], writing: Writing) -> list[Any]:
    return _writing.insert(registry.get(INSPECTIONS), drafts, writing)


def change_inspections(*, changes: Sequence[tuple[Any, Draft]], writing: Writing) -> None:
    _writing.change(registry.get(INSPECTIONS), changes, writing)


def void_inspections(*, rows: Sequence[Any], writing: Writing) -> None:
    """Raises FromAVisit."""
    if any(row.visit_id for row in rows):
        raise FromAVisit(_("这一条由联合检查形成,四个部门已经签字,不能作废。"))
    _writing.void(registry.get(INSPECTIONS), rows, writing)


@transaction.atomic
def record_visit(*, visit_id: UUID, draft: Draft, writing: Writing) -> Inspection:
    """The row of a visit whose findings all departments have signed. The figures are counted by the inspection, not typed."""
    prepare_inspections([draft], writing)
    problems = draft.problems + rules.check_inspection(draft.values)
    if problems:
        raise ValueError(problems[0].message)
    draft.extra["visit_id"] = visit_id
    [row] = record_inspections(drafts=[draft], writing=writing)
    made: Inspection = row
    return made


@transaction.atomic
def recheck_visit(*, visit_id: UUID, passed: bool, writing: Writing) -> None:
    """Write into the row of a visit when it was looked at again and whether all is mended."""
    row = Inspection.objects.select_for_update().get(visit_id=visit_id)
    values = {"rechecked_on": writing.on, "recheck_passed": passed}
    draft = Draft(number=1, values=values, division_id=row.division_id, unit_id=row.unit_id)
    _writing.change(registry.get(INSPECTIONS), [(row, draft)], writing)

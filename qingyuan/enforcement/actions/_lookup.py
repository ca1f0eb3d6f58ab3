"""Rows of this room that others refer to, found within the writer's own unit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from qingyuan.enforcement.models import Case, Operation
from qingyuan.ledgers.declaration import Draft, Writing


def place_in_case(drafts: Sequence[Draft], writing: Writing) -> None:
    """Each draft belongs to a case of the writer's unit and stands where the case does; an unknown case is a problem."""
    cases = {case.number: case for case in _of_unit(Case, drafts, "case_number", writing)}
    for draft in drafts:
        number = draft.values.get("case_number")
        if not number:
            continue
        case = cases.get(number)
        if case is None:
            draft.refuse("case_number", _("本单位案件台账里没有这个编号,请先登记案件。"))
            continue
        draft.extra["case_id"] = case.pk
        draft.division_id, draft.unit_id = case.division_id, case.unit_id


def check_operations(drafts: Sequence[Draft], writing: Writing) -> None:
    """An operation that a draft names is one of the writer's unit."""
    known = {operation.number for operation in _of_unit(Operation, drafts, "operation_number", writing)}
    for draft in drafts:
        number = draft.values.get("operation_number")
        if number and number not in known:
            draft.refuse("operation_number", _("本单位专项行动台账里没有这个编号,请先登记行动,或留空。"))


def _of_unit(model: Any, drafts: Sequence[Draft], column: str, writing: Writing) -> list[Any]:
    numbers = {draft.values.get(column) for draft in drafts if draft.values.get(column)}
    return list(model.objects.filter(number__in=numbers, unit_id=writing.by.unit_id)) if numbers else []

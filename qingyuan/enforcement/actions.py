"""The only writers of cases and seizures."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from qingyuan.enforcement.models import Case
from qingyuan.ledgers import registry
from qingyuan.ledgers import writing as _writing
from qingyuan.ledgers.declaration import Draft, Writing

CASES, SEIZURES = "cases", "seizures"


class CaseHasSeizures(_writing.CannotVoid):
    """A case with live seizures cannot be voided; void the seizures first."""


def prepare_cases(drafts: Sequence[Draft], writing: Writing) -> None:
    """Dates of things that happened cannot lie in the future."""
    for draft in drafts:
        _not_future(draft, ("filed_on", "cracked_on"), writing.on)


def prepare_seizures(drafts: Sequence[Draft], writing: Writing) -> None:
    """Find the case each seizure belongs to among the cases of the writer's unit; the seizure stands where the case does."""
    numbers = {draft.values.get("case_number") for draft in drafts if draft.values.get("case_number")}
    cases = {case.number: case for case in Case.objects.filter(number__in=numbers, unit_id=writing.by.unit_id)}
    for draft in drafts:
        _not_future(draft, ("seized_on",), writing.on)
        draft.values["item"] = draft.values.get("item") or 1
        number = draft.values.get("case_number")
        if not number:
            continue
        case = cases.get(number)
        if case is None:
            draft.refuse("case_number", _("本单位案件台账里没有这个编号,请先登记案件。"))
            continue
        draft.extra["case_id"] = case.pk
        draft.division_id, draft.unit_id = case.division_id, case.unit_id


def record_cases(*, drafts: Sequence[Draft], writing: Writing) -> list[Any]:
    return _writing.insert(registry.get(CASES), drafts, writing)


def change_cases(*, changes: Sequence[tuple[Any, Draft]], writing: Writing) -> None:
    _writing.change(registry.get(CASES), changes, writing)


@transaction.atomic
def void_cases(*, rows: Sequence[Any], writing: Writing) -> None:
    """Raises CaseHasSeizures while live seizures hang on a case."""
    for row in rows:
        if row.seizures.filter(voided_at=None).exists():
            raise CaseHasSeizures(_("案件 %(number)s 下还有缴获记录,请先作废缴获记录。") % {"number": row.number})
    _writing.void(registry.get(CASES), rows, writing)


def record_seizures(*, drafts: Sequence[Draft], writing: Writing) -> list[Any]:
    return _writing.insert(registry.get(SEIZURES), drafts, writing)


def change_seizures(*, changes: Sequence[tuple[Any, Draft]], writing: Writing) -> None:
    _writing.change(registry.get(SEIZURES), changes, writing)


def void_seizures(*, rows: Sequence[Any], writing: Writing) -> None:
    _writing.void(registry.get(SEIZURES), rows, writing)


def _not_future(draft: Draft, names: tuple[str, ...], on: date) -> None:
    for name in names:
        value = draft.values.get(name)
        if isinstance(value, date) and value > on:
            draft.refuse(name, _("日期在今天之后,请核对。"))

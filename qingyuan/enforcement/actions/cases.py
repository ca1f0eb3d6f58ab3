"""The only writers of cases and seizures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from qingyuan.casework.actions import clocks
from qingyuan.enforcement import rules
from qingyuan.enforcement.actions._lookup import check_operations, place_in_case
from qingyuan.enforcement.models import Party
from qingyuan.ledgers import registry
from qingyuan.ledgers import writing as _writing
from qingyuan.ledgers.declaration import Draft, Writing

CASES, PARTIES, SEIZURES = "cases", "parties", "seizures"


class CaseHasSeizures(_writing.CannotVoid):
    """A case with live seizures cannot be voided; void the seizures first."""


class CaseHasRows(_writing.CannotVoid):
    """A case with live parties or exhibits cannot be voided; void those first."""


def prepare_cases(drafts: Sequence[Draft], writing: Writing) -> None:
    """Dates of things that happened cannot lie in the future; an operation named is one of the unit's own."""
    check_operations(drafts, writing)
    for draft in drafts:
        draft.problems += rules.not_in_future(draft.values, ("filed_on", "cracked_on"), writing.on)


def prepare_seizures(drafts: Sequence[Draft], writing: Writing) -> None:
    """Find the case each seizure belongs to among the cases of the writer's unit; the seizure stands where the case does."""
    place_in_case(drafts, writing)
    for draft in drafts:
        draft.problems += rules.not_in_future(draft.values, ("seized_on",), writing.on)
        draft.values["item"] = draft.values.get("item") or 1


@transaction.atomic
def record_cases(*, drafts: Sequence[Draft], writing: Writing) -> list[Any]:
    rows = _writing.insert(registry.get(CASES), drafts, writing)
    if not writing.in_flight:
        follow_cases(rows=rows, writing=writing)
    return rows


def follow_cases(*, rows: Sequence[Any], writing: Writing) -> None:
    """The clock of a public-order case follows its day of filing."""
    clocks.follow(ledger=CASES, rows=rows, by=writing.by)


@transaction.atomic
def change_cases(*, changes: Sequence[tuple[Any, Draft]], writing: Writing) -> None:
    """The facts of the people in a case name its offence, so they follow it."""
    _writing.change(registry.get(CASES), changes, writing)
    parties = Party.objects.filter(case__in=[row for row, _draft in changes]).select_related("case")
    _writing.republish(registry.get(PARTIES), list(parties))
    follow_cases(rows=[row for row, _draft in changes], writing=writing)


@transaction.atomic
def void_cases(*, rows: Sequence[Any], writing: Writing) -> None:
    """Raises CaseHasSeizures, CaseHasRows while live rows of other ledgers hang on a case."""
    for row in rows:
        if row.seizures.filter(voided_at=None).exists():
            raise CaseHasSeizures(_("案件 %(number)s 下还有缴获记录,请先作废缴获记录。") % {"number": row.number})
        for others, title in ((row.parties, _("涉案人员")), (row.movements, _("涉案财物"))):
            if others.filter(voided_at=None).exists():
                text = _("案件 %(number)s 下还有%(others)s记录,请先作废这些记录。")
                raise CaseHasRows(text % {"number": row.number, "others": title})
    _writing.void(registry.get(CASES), rows, writing)
    clocks.give_up(ledger=CASES, rows=rows, by=writing.by)


def record_seizures(*, drafts: Sequence[Draft], writing: Writing) -> list[Any]:
    return _writing.insert(registry.get(SEIZURES), drafts, writing)


def change_seizures(*, changes: Sequence[tuple[Any, Draft]], writing: Writing) -> None:
    _writing.change(registry.get(SEIZURES), changes, writing)


def void_seizures(*, rows: Sequence[Any], writing: Writing) -> None:
    _writing.void(registry.get(SEIZURES), rows, writing)

"""The only writers of the movements of exhibits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from qingyuan.casework.actions import clocks
from qingyuan.enforcement import rules
from qingyuan.enforcement.actions._lookup import place_in_case
from qingyuan.enforcement.clocks import DRUG
from qingyuan.enforcement.models import Movement
from qingyuan.enforcement.rules.custody import Stage, Step, in_order
from qingyuan.ledgers import registry
from qingyuan.ledgers import writing as _writing
from qingyuan.ledgers.declaration import Draft, Writing

LEDGER = "exhibits"
#: A case and the number of a thing in it.
Exhibit = tuple[UUID, str]


def prepare(drafts: Sequence[Draft], writing: Writing) -> None:
    """Find each movement's case; an exhibit is counted in one unit from beginning to end."""
    place_in_case(drafts, writing)
    known = _measures({draft.extra["case_id"] for draft in drafts if "case_id" in draft.extra})
    for draft in drafts:
        draft.problems += rules.not_in_future(draft.values, ("moved_on",), writing.on)
        draft.values["turn"] = draft.values.get("turn") or 1
        exhibit, measure = draft.values.get("exhibit"), draft.values.get("measure")
        if "case_id" not in draft.extra or not exhibit or not measure:
            continue
        first = known.setdefault((draft.extra["case_id"], exhibit), measure)
        if first != measure:
            draft.refuse("measure", _("这件物品前面的环节用的是另一种计量单位,请换算成同一种。"))


@transaction.atomic
def record(*, drafts: Sequence[Draft], writing: Writing) -> list[Any]:
    rows = _writing.insert(registry.get(LEDGER), drafts, writing)
    if not writing.in_flight:
        follow(rows=rows, writing=writing)
    return rows


@transaction.atomic
def change(*, changes: Sequence[tuple[Any, Draft]], writing: Writing) -> None:
    """A step may have been moved to another exhibit: the one it left follows too."""
    left = _exhibits_of([row for row, _draft in changes])
    _writing.change(registry.get(LEDGER), changes, writing)
    _follow(left | _exhibits_of([row for row, _draft in changes]), writing)


@transaction.atomic
def void(*, rows: Sequence[Any], writing: Writing) -> None:
    _writing.void(registry.get(LEDGER), rows, writing)
    clocks.give_up(ledger=LEDGER, rows=rows, by=writing.by)
    _follow(_exhibits_of(rows), writing)


def follow(*, rows: Sequence[Any], writing: Writing) -> None:
    """The clocks of an exhibit run for the step that seized it; every later step may answer them."""
    _follow(_exhibits_of(rows), writing)


def with_steps(rows: Sequence[Any]) -> Sequence[Any]:
    """The same rows, each with every step of its exhibit in order (``clocks.of_movement``); one question."""
    found: dict[Exhibit, list[Step]] = {}
    numbers = {row.exhibit for row in rows}
    steps = Movement.objects.filter(case_id__in={row.case_id for row in rows}, exhibit__in=numbers)
    for one in steps.order_by("moved_on", "turn", "pk"):
        step = Step(Stage(one.stage), one.moved_on, one.quantity, one.turn)
        found.setdefault((one.case_id, one.exhibit), []).append(step)
    for row in rows:
        row.steps = in_order(found.get((row.case_id, row.exhibit), []))
    return rows


def _exhibits_of(rows: Iterable[Any]) -> set[Exhibit]:
    return {(row.case_id, row.exhibit) for row in rows if row.kind == DRUG}


def _follow(exhibits: set[Exhibit], writing: Writing) -> None:
    if not exhibits:
        return
    cases, numbers = {case for case, _number in exhibits}, {number for _case, number in exhibits}
    seized = Movement.objects.filter(case_id__in=cases, exhibit__in=numbers, stage=Stage.SEIZED, kind=DRUG).order_by("pk")
    rows = [row for row in seized if (row.case_id, row.exhibit) in exhibits]
    clocks.follow(ledger=LEDGER, rows=rows, by=writing.by)


def _measures(case_ids: set[Any]) -> dict[tuple[Any, str], str]:
    """The unit of quantity of each exhibit of these cases, as its other movements have it."""
    found = Movement.objects.filter(case_id__in=case_ids).values_list("case_id", "exhibit", "measure")
    return {(case_id, exhibit): measure for case_id, exhibit, measure in found}

"""The only writers of the movements of exhibits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from qingyuan.enforcement import rules
from qingyuan.enforcement.actions._lookup import place_in_case
from qingyuan.enforcement.models import Movement
from qingyuan.ledgers import registry
from qingyuan.ledgers import writing as _writing
from qingyuan.ledgers.declaration import Draft, Writing

LEDGER = "exhibits"


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


def record(*, drafts: Sequence[Draft], writing: Writing) -> list[Any]:
    return _writing.insert(registry.get(LEDGER), drafts, writing)


def change(*, changes: Sequence[tuple[Any, Draft]], writing: Writing) -> None:
    _writing.change(registry.get(LEDGER), changes, writing)


def void(*, rows: Sequence[Any], writing: Writing) -> None:
    _writing.void(registry.get(LEDGER), rows, writing)


def _measures(case_ids: set[Any]) -> dict[tuple[Any, str], str]:
    """The unit of quantity of each exhibit of these cases, as its other movements have it."""
    found = Movement.objects.filter(case_id__in=case_ids).values_list("case_id", "exhibit", "measure")
    return {(case_id, exhibit): measure for case_id, exhibit, measure in found}

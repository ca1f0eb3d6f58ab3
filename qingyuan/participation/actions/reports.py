"""The only writers of the counts of reports received."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from qingyuan.ledgers import registry
from qingyuan.ledgers import writing as _writing
from qingyuan.ledgers.declaration import Draft, Writing
from qingyuan.participation import rules

REPORTS = "reports_received"


def prepare_reports(drafts: Sequence[Draft], writing: Writing) -> None:
    """Months are kept by their last day; a state left empty is nought, what is left over is still being looked into."""
    for draft in drafts:
        month = draft.values.get("month")
        if month is not None:
            draft.values["month"] = rules.month_end(month)
            if month.replace(day=1) > writing.on:
                draft.refuse("month", _("月份在今天之后,请核对。"))
        for name in ("confirmed", "unfounded", "unclear", "answered"):
            if draft.values.get(name) is None:
                draft.values[name] = 0
        if draft.values.get("pending") is None and draft.values.get("received") is not None:
            settled = sum(int(draft.values[name]) for name in ("confirmed", "unfounded", "unclear"))
            draft.values["pending"] = max(0, int(draft.values["received"]) - settled)


def record_reports(*, drafts: Sequence[Draft], writing: Writing) -> list[Any]:
    return _writing.insert(registry.get(REPORTS), drafts, writing)


def change_reports(*, changes: Sequence[tuple[Any, Draft]], writing: Writing) -> None:
    _writing.change(registry.get(REPORTS), changes, writing)


def void_reports(*, rows: Sequence[Any], writing: Writing) -> None:
    _writing.void(registry.get(REPORTS), rows, writing)

"""The only writers of count rows and population."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from qingyuan.ledgers import registry
from qingyuan.ledgers import writing as _writing
from qingyuan.ledgers.declaration import Draft, Writing
from qingyuan.situation import rules

REGISTRATIONS, POPULATION = "registrations", "population"


def prepare_registrations(drafts: Sequence[Draft], writing: Writing) -> None:
    """Months are kept by their last day; «current» is computed when the table leaves it out."""
    for draft in drafts:
        month = draft.values.get("month")
        if month is not None:
            draft.values["month"] = rules.month_end(month)
            if month.replace(day=1) > writing.on:
                draft.refuse("month", _("月份在今天之后,请核对。"))
        for name in ("abstinent", "dead", "left", "newly_found", "newly_found_rural", "in_contact"):
            if draft.values.get(name) is None:
                draft.values[name] = 0
        if draft.values.get("current") is None:
            draft.values["current"] = rules.current_users(draft.values)


def record_registrations(*, drafts: Sequence[Draft], writing: Writing) -> list[Any]:
    return _writing.insert(registry.get(REGISTRATIONS), drafts, writing)


def change_registrations(*, changes: Sequence[tuple[Any, Draft]], writing: Writing) -> None:
    _writing.change(registry.get(REGISTRATIONS), changes, writing)


def void_registrations(*, rows: Sequence[Any], writing: Writing) -> None:
    _writing.void(registry.get(REGISTRATIONS), rows, writing)


def record_population(*, drafts: Sequence[Draft], writing: Writing) -> list[Any]:
    return _writing.insert(registry.get(POPULATION), drafts, writing)


def change_population(*, changes: Sequence[tuple[Any, Draft]], writing: Writing) -> None:
    _writing.change(registry.get(POPULATION), changes, writing)


def void_population(*, rows: Sequence[Any], writing: Writing) -> None:
    _writing.void(registry.get(POPULATION), rows, writing)

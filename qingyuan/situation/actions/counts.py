"""The only writers of count rows, population, published figures and wastewater samples."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from qingyuan.ledgers import registry
from qingyuan.ledgers import writing as _writing
from qingyuan.ledgers.declaration import Draft, Writing
from qingyuan.situation import rules
from qingyuan.situation.models import PublishedFigure

REGISTRATIONS, POPULATION = "registrations", "population"
PUBLISHED, WATER = "published_statistics", "wastewater"
Series = tuple[str, str, int]


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


def prepare_published(drafts: Sequence[Draft], writing: Writing) -> None:
    """A printed change without a base of its own is compared with last year's printed figure, in the ledger or the file."""
    last_years = _printed(drafts)
    for draft in drafts:
        values = draft.values
        day = values.get("printed_on")
        if isinstance(day, date) and day > writing.on:
            draft.refuse("printed_on", _("日期在今天之后,请核对。"))
        value, printed = values.get("value"), values.get("printed_change")
        if value is None or printed is None or values.get("comparable_base") is not None:
            continue
        series = _series(values)
        base, unit = last_years.get((series[0], series[1], series[2] - 1), (None, "")) if series else (None, "")
        if base is None or base <= 0 or unit != values.get("measure_unit") or values.get("base_note"):
            continue
        if not rules.change_agrees(value, base, printed):
            draft.refuse("printed_change", rules.change_problem(value, base, printed))


def _printed(drafts: Sequence[Draft]) -> dict[Series, tuple[Decimal, str]]:
    """Figures by indicator, area and year: those on file for the years before, and over them those of this batch."""
    wanted = [series for draft in drafts if (series := _series(draft.values))]
    on_file = PublishedFigure.objects.filter(
        indicator__in={series[0] for series in wanted}, year__in={series[2] - 1 for series in wanted}
    )
    found = {(row.indicator, row.area, row.year): (row.value, row.measure_unit) for row in on_file}
    for draft in drafts:
        series, value = _series(draft.values), draft.values.get("value")
        if series and value is not None:
            found[series] = (value, str(draft.values.get("measure_unit") or ""))
    return found


def _series(values: dict[str, Any]) -> Series | None:
    indicator, area, year = values.get("indicator"), values.get("area"), values.get("year")
    return (str(indicator), str(area), int(year)) if indicator and area and year else None


def record_published(*, drafts: Sequence[Draft], writing: Writing) -> list[Any]:
    return _writing.insert(registry.get(PUBLISHED), drafts, writing)


def change_published(*, changes: Sequence[tuple[Any, Draft]], writing: Writing) -> None:
    _writing.change(registry.get(PUBLISHED), changes, writing)


def void_published(*, rows: Sequence[Any], writing: Writing) -> None:
    _writing.void(registry.get(PUBLISHED), rows, writing)


def prepare_water(drafts: Sequence[Draft], writing: Writing) -> None:
    """The load is computed where the table leaves it out; below the limit there is none."""
    for draft in drafts:
        values = draft.values
        day = values.get("sampled_on")
        if isinstance(day, date) and day > writing.on:
            draft.refuse("sampled_on", _("日期在今天之后,请核对。"))
        values["below_limit"] = bool(values.get("below_limit"))
        found, flow, served = values.get("concentration"), values.get("flow"), values.get("served")
        if values["below_limit"] and found is None:
            values["load"] = None
        elif values.get("load") is None and found is not None and flow is not None and served:
            values["load"] = rules.load_of(concentration=found, flow=flow, served=served)


def record_water(*, drafts: Sequence[Draft], writing: Writing) -> list[Any]:
    return _writing.insert(registry.get(WATER), drafts, writing)


def change_water(*, changes: Sequence[tuple[Any, Draft]], writing: Writing) -> None:
    _writing.change(registry.get(WATER), changes, writing)


def void_water(*, rows: Sequence[Any], writing: Writing) -> None:
    _writing.void(registry.get(WATER), rows, writing)

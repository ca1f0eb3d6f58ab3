"""The figures a scheme or target may name, as the scoring engine knows them: indicators and cells of returns."""

from __future__ import annotations

from qingyuan.governance.forms.catalogue import ReturnForm, all_forms
from qingyuan.governance.rules.returns import Cell
from qingyuan.governance.scoring.catalogue import KnownInput
from qingyuan.indicators import catalogue
from qingyuan.indicators.definition import Indicator


def known_inputs() -> dict[str, KnownInput]:
    """By key («indicator:R05», «return:XZ-01.events»). What an indicator or form calls coercive stays coercive here."""
    indicators = [_of_indicator(indicator) for indicator in catalogue.catalogue().all()]
    cells = [_of_cell(form, cell) for form in all_forms() for cell in form.cells]
    return {known.key: known for known in (*indicators, *cells)}


def known_indicator(code: str) -> KnownInput:
    """Raises indicators' UnknownIndicator."""
    return _of_indicator(catalogue.get(code))


def _of_indicator(indicator: Indicator) -> KnownInput:
    below = indicator.denominator
    # The parts of a figure that is only watched are only watched too: they are refused with the figure's own reason.
    parts = () if indicator.monitor_only and not indicator.coercive else indicator.parts
    return KnownInput(
        key=f"indicator:{indicator.code}",
        label=indicator.title,
        unit=indicator.unit,
        ratio=below is not None,
        coercive=indicator.coercive,
        coercive_base=below is not None and below.coercive,
        monitor_only=indicator.monitor_only,
        people=indicator.people,
        parts={term.key: f"{indicator.title}·{term.title}" for term in parts},
        coercive_parts=frozenset(term.key for term in parts if term.coercive),
    )


def _of_cell(form: ReturnForm, cell: Cell) -> KnownInput:
    return KnownInput(
        key=f"return:{form.code}.{cell.code}",
        label=f"{form.title}·{cell.title}",
        unit=cell.unit,
        coercive=cell.coercive,
        people=cell.unit in {"人", "名", "人次"} and cell.coercive,
    )

"""The figures a scheme or target may name, as the scoring engine knows them: indicators and cells of returns."""

from __future__ import annotations

from qingyuan.governance.forms.catalogue import ReturnForm, all_forms
from qingyuan.governance.rules.returns import Cell
from qingyuan.governance.scoring.catalogue import KnownInput, known_from
from qingyuan.indicators import catalogue


def known_inputs() -> dict[str, KnownInput]:
    """By key («indicator:R05», «return:XZ-01.events»). What an indicator or form calls coercive stays coercive here."""
    cells = [_of_cell(form, cell) for form in all_forms() for cell in form.cells]
    return known_from(catalogue.known_inputs().values()) | {known.key: known for known in cells}


def known_indicator(code: str) -> KnownInput:
    """Raises indicators' UnknownIndicator."""
    (known,) = known_from(catalogue.inputs_of(catalogue.get(code))).values()
    return known


def _of_cell(form: ReturnForm, cell: Cell) -> KnownInput:
    return KnownInput(
        key=f"return:{form.code}.{cell.code}",
        label=f"{form.title}·{cell.title}",
        unit=cell.unit,
        coercive=cell.coercive,
        people=cell.coercive and cell.unit in {"人", "名", "人次"},
        by_unit=True,
        filed_by=form.unit_kinds,
    )

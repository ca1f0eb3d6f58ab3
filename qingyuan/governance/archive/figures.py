"""The figures of an archive reckoned again from the facts that stand in it, by the formulas that stand in it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from qingyuan.governance.archive import layout
from qingyuan.governance.archive.findings import Code, Finding
from qingyuan.governance.archive.reading import Letter
from qingyuan.governance.scoring.numbers import Number, plain
from qingyuan.indicators.definition import DENOMINATOR, NUMERATOR, Indicator, Term
from qingyuan.indicators.enums import Select
from qingyuan.indicators.formula import BASE_COLUMNS, BadFormula, parse_aggregate, parse_condition
from qingyuan.indicators.reckoning import NotReckoned, chosen, reckon
from qingyuan.reference.periods import Period

MISSING: Final = "missing"


def figure_data(indicator: Indicator, columns: Mapping[str, Mapping[str, str]]) -> dict[str, object]:
    """A definition as an archive keeps it: what is needed to reckon, nothing else. ``columns``: types by fact and column."""
    return {
        "title": indicator.title,
        "ratio": indicator.denominator is not None,
        "scale": indicator.scale,
        "terms": [_term_data(term) for term in indicator.terms],
        "columns": {fact: dict(columns[fact]) for fact in sorted(indicator.facts)},
    }


def _term_data(term: Term) -> dict[str, object]:
    return {
        "key": term.key,
        "title": term.title,
        "expression": term.expression.text,
        "where": term.where.text if term.where is not None else "",
        "fact": term.fact,
        "select": term.select.value,
        "dated_by": term.dated_by,
        "empty_is_zero": term.empty_is_zero,
    }


@dataclass(frozen=True)
class Reckoned:
    """``figures``: how many numbers of the letter were reckoned from their facts; the rest stands on sealed facts or returns."""

    findings: Sequence[Finding]
    figures: int


def check_figures(letter: Letter, definitions: Mapping[str, Any]) -> Reckoned:
    """Every computed number whose facts stand here, by its stated formula. Raises what broken content raises."""
    findings: list[Finding] = []
    figures = 0
    for key, number in sorted(letter.numbers.items()):
        source, _colon, code = key.partition(":")
        told, kept = letter.evidence.get(key, {}), letter.facts.get(key, {})
        definition = definitions.get(code)
        if source != "indicator" or not isinstance(definition, Mapping) or not _whole(definition, told, kept):
            continue
        try:
            found = _reckoned(definition, told["question"], kept)
        except (NotReckoned, BadFormula):
            continue
        figures += 1
        findings += _against(letter, key, number, definition, found)
    return Reckoned(findings, figures)


def _whole(definition: Mapping[str, Any], told: Mapping[str, Any], kept: Mapping[str, Any]) -> bool:
    """Whether every fact the figure rests on stands here."""
    return bool(told.get("question")) and all(term["fact"] in kept for term in definition["terms"])


def _reckoned(
    definition: Mapping[str, Any], question: Mapping[str, Any], kept: Mapping[str, Sequence[str]]
) -> dict[str, Decimal | None]:
    period, as_of = Period.parse(str(question["period"])), date.fromisoformat(str(question["as_of"]))
    read_day = min(period.last_day, as_of)
    days = {
        "period_start": period.start, "period_last": period.last_day, "period_end": period.end, "read_day": read_day, "as_of": as_of,
    }  # fmt: skip
    found: dict[str, Decimal | None] = {}
    for term in definition["terms"]:
        types = {**BASE_COLUMNS, **definition["columns"][term["fact"]]}
        rows = [_row(str(line), types) for line in kept[term["fact"]]]
        formula = parse_aggregate(term["expression"], types)
        where = parse_condition(term["where"], types) if term["where"] else None
        amount = reckon(formula, where, chosen(rows, Select(term["select"]), term["dated_by"], period.start, read_day), days)
        found[term["key"]] = Decimal(0) if amount is None and term["empty_is_zero"] else amount
    return found


def _row(line: str, types: Mapping[str, str]) -> dict[str, Any]:
    read = json.loads(line, parse_float=Decimal)
    return {name: _typed(value, types.get(name, "")) for name, value in read.items()}


_READ: Final[Mapping[str, Callable[[str], Any]]] = {
    "date": lambda text: date.fromisoformat(text[:10]),
    "timestamp": datetime.fromisoformat,
    "decimal": Decimal,
}


def _typed(value: Any, kind: str) -> Any:
    read = _READ.get(kind)
    return read(value) if read is not None and isinstance(value, str) else value


def _against(
    letter: Letter, key: str, number: Number, definition: Mapping[str, Any], found: Mapping[str, Decimal | None]
) -> Iterator[Finding]:
    """Each amount of the number that its facts do not come to."""
    for term in definition["terms"]:
        name = str(term["key"])
        kept = _amount(number, name, bool(definition["ratio"]))
        computed = found[name]
        if name == NUMERATOR and not definition["ratio"] and computed is not None:
            computed = Decimal(definition["scale"]) * computed
        if kept is None and number.not_available:
            continue  # it was said to be unknown
        if not kept and not computed:
            continue  # nought and nothing are told apart by rows that add nothing, and those do not stand here
        if kept is None and name not in (NUMERATOR, DENOMINATOR):
            continue
        if kept != computed:
            part = letter.part(layout.INPUTS_FEW if key in letter.few else layout.INPUTS)
            words = f"{term['title']}取用的是 {_said(kept)},按档案里的记录和算法重算是 {_said(computed)}"
            yield Finding(Code.FIGURE, part, words, letter.title, number=key)


def _amount(number: Number, name: str, ratio: bool) -> Decimal | None:
    if name == NUMERATOR:
        return number.numerator if ratio else number.value
    if name == DENOMINATOR:
        return number.denominator
    return number.missing if name == MISSING else number.parts.get(name)


def _said(value: Decimal | None) -> str:
    return "无" if value is None else plain(value)

"""The numbers a letter is scored from: indicators for all towns at once, locked returns, and what people decided."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Final

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from qingyuan.governance.forms.catalogue import get_form
from qingyuan.governance.models import Letter, ManualEntry, Return
from qingyuan.governance.scoring.numbers import Number, SourceKind
from qingyuan.governance.scoring.refs import InputRef, parse_ref
from qingyuan.governance.scoring.scheme import Scheme
from qingyuan.indicators import catalogue, store
from qingyuan.indicators.definition import DENOMINATOR, NUMERATOR, Indicator
from qingyuan.indicators.enums import IndicatorKind
from qingyuan.indicators.matrix import Matrix, Terms
from qingyuan.indicators.queries import evaluate
from qingyuan.indicators.query import IndicatorQuery
from qingyuan.reference import periods
from qingyuan.reference.periods import Period
from qingyuan.situation.queries import closing

MISSING: Final = "missing"
YEAR: Final = 12
_KEPT: Final = 256

Numbers = Mapping[str, Number]
Stamp = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class OwnInputs:
    """What belongs to one letter alone: cells of its returns and numbers given by hand. ``stamp`` tells two apart."""

    numbers: Numbers
    stamp: Stamp


def scored_period(on: date) -> Period:
    """From January to the month of ``on``; what is dated after ``on`` is not yet judged."""
    return periods.ytd(on)


def refs_of(scheme: Scheme, on: date) -> list[InputRef]:
    """Every input the clauses in force on ``on`` name, each key once; sizes that say for whom a clause is are inputs too."""
    clauses = [clause for clause in scheme.clauses() if clause.in_force(on)]
    named = [parse_ref(text, clause=c.id, name=name) for c in clauses for name, text in c.inputs.items()]
    bands = [*(c.only_for for c in clauses), *(annex.only_for for annex in scheme.annexes)]
    sizes = [parse_ref(size.of) for only in bands for size in only.sizes]
    return list({ref.key: ref for ref in (*named, *sizes)}.values())


def known_at(city_id: int, on: date) -> datetime | None:
    """The moment whose figures a score of day ``on`` is made of; None = everything recorded until now.

    During the year a score is live: it moves with what is recorded. The score of the last day of the year is the one that
    is answered for, so once the city has closed every month it is made of the closed figures and stays as it is.
    """
    period = scored_period(on)
    return closing.closed_at(city_id, period) if on == period.last_day and period.length == YEAR else None


def question(code: str, city_id: int, on: date, known: datetime | None = None) -> IndicatorQuery:
    """One figure for the whole city and every town, for the year up to ``on``, as known at ``known``."""
    return IndicatorQuery(code, scored_period(on), children_of=city_id, as_of=on, as_known_on=known)


def question_of(letter: Letter, code: str, on: date, known: datetime | None = None) -> IndicatorQuery:
    """One figure as it is asked for a letter: of a town with its whole city, of a member unit alone."""
    if letter.is_of_unit:
        return IndicatorQuery(code, scored_period(on), unit_ids=(letter.unit_id,), as_of=on, as_known_on=known)
    return question(code, letter.city_id, on, known)


def subject_of(letter: Letter) -> int:
    """Whose figure it is in the answer to ``question_of``: the town's division, or the unit."""
    return letter.unit_id if letter.is_of_unit else letter.division_id


def figures_of(
    letters: Sequence[Letter], codes: Sequence[str], on: date, known: datetime | None = None
) -> dict[object, Numbers]:
    """By letter id: the indicators of letters of one city, each asked once for all its towns and once for all units among them."""
    units = tuple(sorted({one.unit_id for one in letters if one.is_of_unit}))
    own = of_units(codes, units, on, known) if units else {}
    towns = of_towns(codes, letters[0].city_id, on, known) if any(not one.is_of_unit for one in letters) else {}
    return {one.pk: (own if one.is_of_unit else towns).get(subject_of(one), {}) for one in letters}


def of_units(codes: Sequence[str], unit_ids: Sequence[int], on: date, known: datetime | None = None) -> Mapping[int, Numbers]:
    """The indicators by unit and key; one that is known by place only has no number of a unit and is left out."""
    period = scored_period(on)
    wanted = tuple(code for code in sorted(set(codes)) if catalogue.get(code, period.last_day).by_unit)
    return _of_units(wanted, tuple(unit_ids), on, known, store.current(), store.version())


@lru_cache(maxsize=_KEPT)
def _of_units(
    codes: tuple[str, ...], units: tuple[int, ...], on: date, known: datetime | None, source: store.Store, version: int
) -> Mapping[int, Numbers]:
    found: dict[int, dict[str, Number]] = {}
    for code in codes:
        matrix = evaluate(IndicatorQuery(code, scored_period(on), unit_ids=units, as_of=on, as_known_on=known))
        for unit in matrix.all_places:
            found.setdefault(unit, {})[f"indicator:{code}"] = number_of(matrix, unit)
    return found


def of_towns(codes: Sequence[str], city_id: int, on: date, known: datetime | None = None) -> Mapping[int, Numbers]:
    """The indicators by division and key: one statement per indicator, whatever the number of towns."""
    return _of_towns(tuple(sorted(set(codes))), city_id, on, known, store.current(), store.version())


@lru_cache(maxsize=_KEPT)
def _of_towns(
    codes: tuple[str, ...], city_id: int, on: date, known: datetime | None, source: store.Store, version: int
) -> Mapping[int, Numbers]:
    found: dict[int, dict[str, Number]] = {}
    for code in codes:
        matrix = evaluate(question(code, city_id, on, known))
        for place in matrix.all_places:
            found.setdefault(place, {})[f"indicator:{code}"] = number_of(matrix, place)
    return found


def number_of(matrix: Matrix, place: int) -> Number:
    """One figure as the scoring engine takes it. Unknown is said, never taken for nought."""
    indicator, terms = matrix.indicator, matrix.terms(place)
    kind = SourceKind.RETURN if indicator.kind is IndicatorKind.EXTERNAL else SourceKind.COMPUTED
    ratio = indicator.denominator is not None
    unknown = terms[NUMERATOR] is None or (ratio and terms[DENOMINATOR] is None)
    named = [part for part in indicator.parts if part.key != MISSING]
    return Number(
        value=None if unknown else matrix.value(place).value,
        numerator=terms[NUMERATOR] if ratio else None,
        denominator=terms[DENOMINATOR] if ratio else None,
        missing=terms.get(MISSING),
        people=people_behind(indicator, terms),
        kind=kind,
        label=indicator.title,
        unit=indicator.unit,
        count_unit=indicator.numerator.unit,
        not_available=_("本期还没有数据") if unknown else "",
        numerator_label=indicator.numerator.title,
        denominator_label=indicator.denominator.title if indicator.denominator else "",
        missing_label=next((part.title for part in indicator.parts if part.key == MISSING), _("缺")),
        parts={part.key: amount for part in named if (amount := terms[part.key]) is not None},
        part_labels={part.key: part.title for part in named},
    )


def people_behind(indicator: Indicator, terms: Terms) -> int | None:
    """The fewest distinct persons a number of this figure can turn on; None where it is not about persons.

    Counted and missing are both looked at: who knows one of them and the base knows the other.
    """
    counted = [
        term
        for term in indicator.terms
        if term.people and (term.key in {NUMERATOR, DENOMINATOR, MISSING} or term.key.startswith("people"))
    ]
    amounts = [amount for term in counted if (amount := terms[term.key]) is not None]
    above, below = terms[NUMERATOR], terms.get(DENOMINATOR)
    if indicator.numerator.people and above is not None and below is not None:
        amounts.append(below - above)
    return int(min(amounts)) if amounts else None


def own_inputs(
    letters: Sequence[Letter], refs: Iterable[InputRef], on: date, known: datetime | None = None
) -> dict[object, OwnInputs]:
    """By letter id: returns and manual numbers for all letters in two queries; as they stood at ``known``, else now."""
    wanted = [ref for ref in refs if ref.source == "return"]
    numbers: dict[object, dict[str, Number]] = {letter.pk: {} for letter in letters}
    _add_returns(letters, wanted, on, numbers, known)
    entries = _standing(known).filter(letter__in=letters, holds_from__lte=on)
    for entry in entries:
        numbers[entry.letter_id][entry.key] = _manual(entry, known)
    return {pk: OwnInputs(found, _stamp(found)) for pk, found in numbers.items()}


def _standing(known: datetime | None) -> QuerySet[ManualEntry]:
    if known is None:
        return ManualEntry.objects.standing()
    return ManualEntry.objects.filter(entered_at__lte=known).filter(Q(withdrawn_at=None) | Q(withdrawn_at__gt=known))


def _add_returns(
    letters: Sequence[Letter],
    refs: Sequence[InputRef],
    on: date,
    numbers: dict[object, dict[str, Number]],
    known: datetime | None,
) -> None:
    if not refs:
        return
    months = [str(month) for month in scored_period(on).months()]
    forms = {ref.code.split(".")[0] for ref in refs}
    locked = Return.objects.locked().filter(
        form__in=forms, period__in=months, unit__in=[letter.unit_id for letter in letters]
    )
    if known is not None:
        locked = locked.filter(locked_at__lte=known)
    by_unit: dict[tuple[int, str], list[Return]] = {}
    for filed in locked:
        by_unit.setdefault((filed.unit_id, filed.form), []).append(filed)
    for letter in letters:
        for ref in refs:
            form, _dot, cell = ref.code.partition(".")
            numbers[letter.pk][ref.key] = _returned(form, cell, by_unit.get((letter.unit_id, form), []))


def _returned(form: str, cell: str, filed: Sequence[Return]) -> Number:
    declared = get_form(form).cell(cell)
    amounts = [amount for row in filed if (amount := row.values.get(cell)) is not None]
    return Number(
        value=sum(amounts, Decimal(0)) if amounts else None,
        kind=SourceKind.RETURN,
        label=declared.title,
        unit=declared.unit,
        count_unit=declared.unit,
        not_available="" if amounts else _("报表还没有锁定"),
    )


def _manual(entry: ManualEntry, known: datetime | None) -> Number:
    reviewed = entry.reviewed_at is not None and (known is None or entry.reviewed_at <= known)
    waiting = "" if reviewed else _("待第二人复核")
    return Number(value=entry.value, kind=SourceKind.MANUAL, label=entry.reason[:60], not_available=waiting)


def _stamp(numbers: Numbers) -> Stamp:
    return tuple(
        sorted((key, f"{number.value}|{number.not_available}|{number.label}") for key, number in numbers.items())
    )

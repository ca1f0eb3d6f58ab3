"""The numbers a score is made from, and how they are written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType

ZERO = Decimal(0)
_FACTORS = {"%": Decimal(100), "‰": Decimal(1000)}


class SourceKind(StrEnum):
    """Where a number comes from; a page never mixes them silently."""

    COMPUTED = "computed"
    RETURN = "return"
    MANUAL = "manual"


class Part(StrEnum):
    """Which part of a number a clause reads; an indicator may have further parts with names of its own."""

    VALUE = "value"
    NUMERATOR = "numerator"
    DENOMINATOR = "denominator"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Number:
    """One input as handed in by the caller.

    value        in `unit`; for "%" and "‰" with both parts given it is recomputed exactly from them
    count_unit   what the parts are counted in ("人次", "份")
    people       distinct persons the number turns on: those counted, or, where the clause counts what is missing,
                 those with something missing; the fewer of the two when in doubt; None where it is not about persons
    parts        further amounts the indicator names itself ('chaired_by_first'), with their labels in part_labels
    not_available  why there is no number yet ("10 月报表未审核"); empty when there is one
    series       the amount by period ('2022-03', '2022Q1'), for caps within periods; the value is their sum where none is given
    peers        the same amount of the other units it is compared with, by their names; the unit itself is not among them
    no_peers     why it may not stand beside other units, for good; peers_waiting: why not yet
    choice       a word chosen from a list ("良"), where a clause maps words to points
    """

    value: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    missing: Decimal | None = None
    people: int | None = None
    kind: SourceKind = SourceKind.COMPUTED
    label: str = ""
    unit: str = ""
    count_unit: str = ""
    not_available: str = ""
    numerator_label: str = "分子"
    denominator_label: str = "分母"
    missing_label: str = "缺"
    parts: Mapping[str, Decimal] = field(default_factory=dict)
    part_labels: Mapping[str, str] = field(default_factory=dict)
    series: Mapping[str, Decimal] = field(default_factory=dict)
    peers: Mapping[str, Decimal] = field(default_factory=dict)
    choice: str = ""
    no_peers: str = ""
    peers_waiting: str = ""

    @property
    def is_empty(self) -> bool:
        """True when there was nothing to measure: a rate whose denominator is zero."""
        return self.denominator is not None and self.denominator == ZERO

    def part(self, part: str) -> Decimal | None:
        """The amount a clause reads (a Part, or a name in `parts`), None when it is not there or cannot be formed."""
        if self.not_available:
            return None
        if part in self.parts:
            return self.parts[part]
        if part == Part.VALUE:
            return self._value()
        if part == Part.NUMERATOR:
            return self.numerator
        if part == Part.DENOMINATOR:
            return self.denominator
        if part == Part.MISSING:
            return self._missing()
        return None

    def part_label(self, part: str) -> str:
        """What the part is called: '缺检'; for the value the number's own label."""
        named = self.part_labels.get(part)
        if named is not None:
            return named
        match part:
            case Part.VALUE:
                return self.label
            case Part.NUMERATOR:
                return self.numerator_label
            case Part.DENOMINATOR:
                return self.denominator_label
            case Part.MISSING:
                return self.missing_label
        return part

    def _missing(self) -> Decimal | None:
        if self.missing is not None:
            return self.missing
        if self.numerator is None or self.denominator is None:
            return None
        return self.denominator - self.numerator

    def _value(self) -> Decimal | None:
        if self.is_empty:
            return None
        if self.value is None and self.series:
            return sum(self.series.values(), ZERO)
        factor = _FACTORS.get(self.unit)
        if factor is None or self.numerator is None or self.denominator is None:
            return self.value
        # 98 % must be 98 %, not a neighbour of it: a tier may begin exactly there.
        return self.numerator * factor / self.denominator


Inputs = Mapping[str, Number]


class Amounts(dict[str, Decimal]):
    """Amounts by input name, with what a few kinds of rule read beside them: series by period, other units, chosen words."""

    def __init__(
        self,
        amounts: Mapping[str, Decimal] = MappingProxyType({}),
        *,
        series: Mapping[str, Mapping[str, Decimal]] = MappingProxyType({}),
        peers: Mapping[str, Mapping[str, Decimal]] = MappingProxyType({}),
        choices: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        super().__init__(amounts)
        self.series, self.peers, self.choices = series, peers, choices

    @classmethod
    def of(cls, amounts: Mapping[str, Decimal]) -> Amounts:
        return amounts if isinstance(amounts, Amounts) else cls(amounts)

    def with_amount(self, name: str, amount: Decimal) -> Amounts:
        """The same with one more amount, for a rule that hands on what it measured."""
        return Amounts({**self, name: amount}, series=self.series, peers=self.peers, choices=self.choices)


@lru_cache(maxsize=8192)
def plain(value: Decimal, places: int | None = None) -> str:
    """A decimal as people write it: no exponent, no trailing zeros, a true minus sign.

    Equal decimals are written alike ("0.5" and "0.50"), so that the words of one may be kept for the other.
    """
    if places is not None:
        value = value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    if text in {"-0", ""}:
        return "0"
    return text.replace("-", "−")


def equals(expression: str, value: Decimal) -> str:
    """'10 − 0.5 × 11' and 4.5 → '10 − 0.5 × 11 = 4.5'; what does not end in four places is written with ≈."""
    shown = plain(value, 4)
    sign = "=" if Decimal(shown.replace("−", "-")) == value else "≈"
    return f"{expression} {sign} {shown}"

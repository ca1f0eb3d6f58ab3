"""A figure with everything a page, a sentence or a score needs: parts, last year, change, interval. Pure arithmetic.

Figures are exact decimals and are never rounded here; ``Indicator.decimals`` is for showing. Unknown is None and is never
taken for nought.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from math import sqrt
from typing import Final

from django.utils.translation import gettext as _

from qingyuan.indicators.definition import DENOMINATOR, NUMERATOR, VALUE, Indicator
from qingyuan.indicators.enums import Better
from qingyuan.reference.periods import Period

#: Two-sided 95 %: the standard normal quantile at 0.975.
_Z: Final = 1.959963984540054
#: Below this base a proportion is shown with its interval and a word of caution.
SMALL_SAMPLE: Final = 50
_PERCENT: Final = Decimal(100)
#: From ten times on a change is told in times: a percentage of almost nothing misleads.
MANY: Final = Decimal(900)
#: Below this number last year, a count is compared by the difference: two more of four are no "+50 %" worth a decision.
SMALL_BASE: Final = 20
_MINUS: Final = "−"


@dataclass(frozen=True)
class Range:
    """The Wilson score interval of a proportion at 95 %, in the unit of the value."""

    low: Decimal
    high: Decimal
    small_sample: bool

    def words(self, unit: str = "%", decimals: int = 0) -> str:
        """``区间 41%—71%``, with a word of caution when the base is small."""
        low, high = (f"{bound:.{decimals}f}{unit}" for bound in (self.low, self.high))
        plain = _("区间 %(low)s—%(high)s") % {"low": low, "high": high}
        return _("样本较小，%(plain)s") % {"plain": plain} if self.small_sample else plain


@dataclass(frozen=True)
class Change:
    """Against the same period last year.

    Counts change in percent, from a small base by the difference alone; rates in percentage points. Where there is nothing to
    compare with, or it is nought, there is no figure and ``reason`` says why. Both periods are read within today's boundaries and as known at the same moment,
    so a base that was corrected later is the corrected one (domain.md §4.3).
    """

    absolute: Decimal | None = None
    percent: Decimal | None = None
    points: Decimal | None = None
    small_base: bool = False
    reason: str = ""

    def words(self) -> str:
        """``+4.1%``, ``+3(基数小)``, ``65 倍``, ``−1.2 个百分点``, ``持平`` or the reason why there is none."""
        if self.points is not None:
            rounded = round(self.points, 1)
            return _("%(change)s 个百分点") % {"change": _signed(rounded, 1)} if rounded else _("持平")
        if self.small_base and self.absolute is not None:
            return _("%(change)s(基数小)") % {"change": _signed(self.absolute, 0)} if self.absolute else _("持平")
        if self.percent is not None and self.percent >= MANY:
            return _("%(times)s 倍") % {"times": f"{1 + self.percent / _PERCENT:,.0f}"}
        if self.percent is not None:
            return _signed(self.percent, 1) + "%" if self.absolute else _("持平")
        return self.reason


@dataclass(frozen=True)
class Value:
    """One figure. ``terms`` holds numerator, denominator and named parts; ``few`` those that count 1–4 people."""

    indicator: Indicator
    place_id: int
    period: Period
    slice: str | None
    value: Decimal | None
    terms: Mapping[str, Decimal | None]
    previous: Decimal | None
    change: Change
    interval: Range | None
    few: frozenset[str]
    running: bool

    @property
    def numerator(self) -> Decimal | None:
        return self.terms[NUMERATOR]

    @property
    def denominator(self) -> Decimal | None:
        return self.terms.get(DENOMINATOR)

    @property
    def parts(self) -> dict[str, Decimal | None]:
        return {key: amount for key, amount in self.terms.items() if key not in (NUMERATOR, DENOMINATOR)}

    def amount(self, part: str) -> Decimal | None:
        """The value itself (``value``) or one of its terms; raises UnknownPart."""
        return self.value if part == VALUE else self.terms[self.indicator.term(part).key]

    @property
    def turns_on_few(self) -> bool:
        """Whether the figure rests on 1–4 people somewhere: outside the place concerned it is not shown."""
        return bool(self.few)

    @property
    def coloured(self) -> bool:
        """Whether good and bad may be shown at all."""
        return self.indicator.better is not Better.NONE

    def words(self) -> str:
        """The figure as a page writes it, without its unit; a dash when unknown."""
        return "—" if self.value is None else f"{self.value:,.{self.indicator.decimals}f}"


def compute(indicator: Indicator, terms: Mapping[str, Decimal | None]) -> Decimal | None:
    """``scale × numerator``, over the denominator where there is one; None when either is unknown or the base is nought."""
    above = terms[NUMERATOR]
    if above is None:
        return None
    if indicator.denominator is None:
        return indicator.scale * above
    below = terms[DENOMINATOR]
    return indicator.scale * above / below if below else None


def change_between(indicator: Indicator, now: Decimal | None, before: Decimal | None, why_not: str = "") -> Change:
    """The change from ``before`` to ``now``; ``why_not`` is printed when ``before`` may not be used."""
    if now is None:
        return Change(reason=_("本期没有数据"))
    if why_not or before is None:
        return Change(reason=why_not or _("上年同期没有数据"))
    absolute = now - before
    if indicator.unit in ("%", "‰"):
        return Change(absolute=absolute, points=absolute)
    if before == 0:
        return Change(absolute=absolute, reason=_("上年同期为零，不计算增幅"))
    if indicator.counts and abs(before) < SMALL_BASE:
        return Change(absolute=absolute, small_base=True)
    return Change(absolute=absolute, percent=absolute / abs(before) * _PERCENT)


def wilson(successes: int, trials: int) -> tuple[float, float]:
    """The 95 % Wilson score interval (Wilson 1927): 18 of 20 gives 0.699–0.972.

    Raises:
        ValueError: not 0 ≤ successes ≤ trials, or no trials.
    """
    if trials <= 0 or not 0 <= successes <= trials:
        raise ValueError(f"{successes} of {trials} is not a proportion")
    return wilson_of_share(successes / trials, trials)


def wilson_of_share(share: float, trials: float) -> tuple[float, float]:
    """The same interval for a share that rests on ``trials`` equal answers, which a weighted sample need not have whole."""
    spread = _Z * _Z / trials
    centre = (share + spread / 2) / (1 + spread)
    half = _Z * sqrt(share * (1 - share) / trials + spread / (4 * trials)) / (1 + spread)
    low = 0.0 if share == 0 else centre - half
    high = 1.0 if share == 1 else centre + half
    return low, high


def interval_of(indicator: Indicator, terms: Mapping[str, Decimal | None]) -> Range | None:
    """The interval where the indicator is a proportion, of whole counts or of a weighted sample; otherwise None."""
    above, below = terms.get(NUMERATOR), terms.get(DENOMINATOR)
    if not indicator.proportion or above is None or not below or not 0 <= above <= below:
        return None
    trials = terms.get(indicator.sample) if indicator.sample else below
    if not trials:
        return None
    if indicator.sample:
        low, high = wilson_of_share(float(above / below), float(trials))
    else:
        low, high = wilson(int(above), int(below))
    scale = float(indicator.scale)
    return Range(_exact(low * scale), _exact(high * scale), small_sample=trials < SMALL_SAMPLE)


def few_people(indicator: Indicator, terms: Mapping[str, Decimal | None]) -> frozenset[str]:
    """Terms that count fewer people than may be shown (1 to 4), and the complement of a proportion of people."""
    found = {
        term.key for term in indicator.terms if term.people and _is_few(terms.get(term.key), indicator.smallest_count)
    }
    denominator = indicator.denominator
    if indicator.proportion and denominator is not None and denominator.people:
        above, below = terms[NUMERATOR], terms[DENOMINATOR]
        if above is not None and below is not None and _is_few(below - above, indicator.smallest_count):
            found.add(NUMERATOR)
    return frozenset(found)


def _is_few(amount: Decimal | None, smallest: int) -> bool:
    return amount is not None and 0 < amount < smallest


def _exact(number: float) -> Decimal:
    return Decimal(repr(number))


def _signed(number: Decimal, decimals: int) -> str:
    sign = "+" if number > 0 else _MINUS if number < 0 else ""
    return f"{sign}{abs(number):,.{decimals}f}"

"""How far a plan's shares are from its total. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from qingyuan.governance.enums import Measure
from qingyuan.governance.targets_rules import RATE_STEP, check_rates

PLACES = Decimal("0.0001")


def gap_of(measure: str, total: Decimal, agreed: Mapping[str, Decimal], bases: Mapping[str, Decimal]) -> Decimal:
    """What is missing to the total, in the target's unit: positive, the towns together promise less than the city.

    Amounts must sum to the total, rates must average to it by their bases; rates rounded up to one place may average to
    less than a step more. Raises BadShares where rates have no bases.
    """
    if measure == Measure.RATE:
        gap = check_rates(total, bases, agreed).gap
        lacking = (Decimal(gap.numerator) / Decimal(gap.denominator)).quantize(PLACES)
        return Decimal(0) if -RATE_STEP < lacking <= 0 else lacking
    return total - sum(agreed.values(), Decimal(0))

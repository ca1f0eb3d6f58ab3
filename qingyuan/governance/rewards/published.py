"""What a rule may know of a result: what was published of it, and nothing behind it.

A clause that few people close has no points here, and a total that rests on one has two ends, narrowed by the grade that was
published beside it: so no consequence, however its rules are written, tells more than the result everybody was shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from qingyuan.governance.rewards.table import HUNDRED

#: Points are published with two decimals: the highest total below a grade's upper end lies so much under it.
SMALLEST_STEP = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class PublishedClause:
    """``points`` None: closed to others (few people), not applicable, or held out of the total."""

    of: Decimal
    points: Decimal | None
    closed: bool = False
    title: str = ""


@dataclass(frozen=True, slots=True)
class PublishedScore:
    """``low``, ``high``: the published total and its two ends; ``grades``: the sheet's, lowest first; ``vetoes``: id → its words.

    ``place``: whether the unit is a place that can stand beside others in a fair table.
    """

    grade: str
    grades: tuple[str, ...]
    low: Decimal
    high: Decimal
    of: Decimal
    vetoes: Mapping[str, str] = field(default_factory=dict)
    clauses: Mapping[str, PublishedClause] = field(default_factory=dict)
    place: bool = True

    @property
    def low_share(self) -> Decimal:
        """Per cent of full points, as published; 0 of a sheet without points."""
        return self.low * HUNDRED / self.of if self.of else Decimal(0)

    @property
    def high_share(self) -> Decimal:
        return self.high * HUNDRED / self.of if self.of else Decimal(0)

    @property
    def is_closed(self) -> bool:
        """Whether the total was published as a range."""
        return self.low != self.high


def narrowed(low: Decimal, high: Decimal, floor: Decimal, ceiling: Decimal | None) -> tuple[Decimal, Decimal]:
    """The published range where the published grade lies from ``floor`` to below ``ceiling`` (None: the best grade).

    Both are open to everybody, so what they say together is too. Where they have nothing in common the range stays.
    """
    ends = max(low, floor), high if ceiling is None else min(high, ceiling - SMALLEST_STEP)
    return ends if ends[0] <= ends[1] else (low, high)

"""A figure as one reader may read it. Values only."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext_lazy

from qingyuan.foundation.words import said
from qingyuan.indicators.disclosure import Shown
from qingyuan.indicators.value import Change, Value
from qingyuan.organisation.models import Division
from qingyuan.reference.periods import Period

FEW = "<5"
CLOSED = "—"
NOT_SHOWN = gettext_lazy("(人数不足 5,不显示)")


@dataclass(frozen=True)
class Figure:
    """One number in a sentence: what it says, where it opens, and what a reader must know about it."""

    text: str
    indicator: str
    part: str
    division_id: int
    period: Period
    unit: str = ""
    slice: str = ""
    change: str = ""
    caution: str = ""
    returned: bool = False
    closed: bool = False
    breakdown: str = ""

    def __str__(self) -> str:
        return self.text + ("%" if self.unit == "%" else f" {said(self.unit)}" if self.unit else "")


Fragment = str | Figure
Sentence = tuple[Fragment, ...]


@dataclass(frozen=True)
class TownFigure:
    """One place on the map or in the table: its figure, or why it is closed.

    Everything but ``text`` is empty where the figure is closed, so that no page can say more than it should. ``shade`` is
    0–1 within the shown values; ``numerator`` and ``denominator`` only of figures that have both; ``code`` in a table.
    """

    division: Division
    text: str
    shade: float | None
    few: bool
    hidden: bool
    value: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    change: str = ""
    interval: str = ""
    code: str = ""

    @property
    def closed(self) -> bool:
        return self.few or self.hidden


def number(amount: Decimal | None, decimals: int) -> str:
    """``1,234.5``; a dash when unknown."""
    return CLOSED if amount is None else f"{amount:,.{decimals}f}"


def compared(change: Change) -> str:
    """The change in words; nothing where there is nothing to compare with."""
    return "" if change.reason else change.words()


def closed_text(state: Shown) -> str:
    """What stands in place of a number that is not EXACT."""
    return FEW if state is Shown.FEW else CLOSED


def rests_on_few(value: Value, part: str = "value") -> bool:
    """Whether the figure itself, or one of the two numbers a rate is made of, counts one to four people."""
    wanted = {"numerator", "denominator"} if part == "value" else {part}
    return not wanted.isdisjoint(value.few)

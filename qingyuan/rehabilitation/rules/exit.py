"""When dynamic control may end: three years from a day a person has named (戒毒条例第七条第二款). Pure."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from qingyuan.reference.packs import RulePack
from qingyuan.reference.periods import add_months

MONTHS: Final = 36


def last_day(began: date, *, pack: RulePack) -> date:
    """The last day of the three years, counted as the city's rule pack counts terms (clock D53)."""
    anniversary = add_months(began, MONTHS)
    return anniversary - timedelta(days=1) if pack.require("term.last_day", began).value == "day_before" else anniversary

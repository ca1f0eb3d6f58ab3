"""Who quoted a figure of a month: papers issued, forms filled for others."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from qingyuan.situation.models import PeriodClose


@dataclass(frozen=True)
class Citing:
    """One unit and where it quoted: the title and number of a paper, the name of a form."""

    unit_id: int
    where: str


def citing(close: PeriodClose, on: date) -> list[Citing]:
    """Every unit that quoted a figure of the closed month or a longer period with it, of the place or one above."""
    return []

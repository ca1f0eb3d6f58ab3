"""What a review of a programme may say and change. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Trouble(StrEnum):
    """Why a review cannot be taken as it is; the door has the words."""

    YEAR_OUTSIDE = "year_outside"
    YEAR_TO_COME = "year_to_come"
    NOT_ADOPTED = "not_adopted"
    NO_REASON = "no_reason"
    PAST_YEAR = "past_year"
    NEGATIVE = "negative"
    SAME = "same"


@dataclass(frozen=True)
class Change:
    """One later year of one goal (by its id) set to another value."""

    goal_id: int
    year: int
    value: Decimal
    reason: str = ""


def check_year(year: int, years: Sequence[int], this_year: int) -> Trouble | None:
    """A review looks back on a year of the programme that has begun."""
    if year not in years:
        return Trouble.YEAR_OUTSIDE
    return Trouble.YEAR_TO_COME if year > this_year else None


def check_change(change: Change, reviewed: int, standing: Mapping[tuple[int, int], Decimal]) -> Trouble | None:
    """Only years after the one reviewed are adjusted, each with its reason; what is over stays as it was set."""
    before = standing.get((change.goal_id, change.year))
    if before is None or change.year <= reviewed:
        return Trouble.PAST_YEAR
    if change.value < 0:
        return Trouble.NEGATIVE
    if change.value == before:
        return Trouble.SAME
    return None if change.reason.strip() else Trouble.NO_REASON


def is_closing(year: int, years: Sequence[int]) -> bool:
    """The review of the last year closes the programme; there is no later year to adjust."""
    return year == max(years)

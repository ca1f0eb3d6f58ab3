"""How a letter's score moved: yesterday, and the line of the year."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from qingyuan.governance.models import Letter, ScoreSnapshot
from qingyuan.governance.permissions import sees_own_score
from qingyuan.governance.queries.schemes import scheme_of
from qingyuan.governance.queries.score import score_letter
from qingyuan.organisation.actor import Actor
from qingyuan.reference import periods


@dataclass(frozen=True)
class CurvePoint:
    """The score on a day; ``points`` None where this reader may only see the range."""

    day: date
    points: Decimal | None
    low: Decimal
    high: Decimal
    grade: str


def score_on(letter: Letter, day: date, reader: Actor) -> CurvePoint | None:
    """The score as kept at the end of ``day``, else computed with what is known now; None outside the scheme's time."""
    kept = ScoreSnapshot.objects.filter(letter=letter, day=day).first()
    if kept is not None:
        own = sees_own_score(reader, letter, day)
        low, high = (kept.points, kept.points) if own else (kept.shown_low, kept.shown_high)
        return CurvePoint(day, low if low == high else None, low, high, kept.grade if own else "")
    return _computed(letter, day, reader)


def score_yesterday(letter: Letter, on: date, reader: Actor) -> CurvePoint | None:
    return score_on(letter, on - timedelta(days=1), reader)


def score_curve(letter: Letter, on: date, reader: Actor, months: int = 12) -> list[CurvePoint]:
    """The ends of the last ``months`` months of the letter's year before ``on``, oldest first, then ``on`` itself.

    Month-ends are computed as of their day with today's knowledge, so that a late entry mends the line.
    """
    ends = [month.last_day for month in periods.ytd(on).months() if month.last_day < on]
    days = [*(ends[-months:] if months > 0 else []), on]
    points = [_computed(letter, day, reader) for day in days]
    return [point for point in points if point is not None]


def _computed(letter: Letter, day: date, reader: Actor) -> CurvePoint | None:
    scheme = scheme_of(letter.scheme)
    if not scheme.valid_from <= day < scheme.valid_to:
        return None
    score = score_letter(letter, day, reader)
    low, high = (score.total, score.total) if score.total is not None else (score.low, score.high)
    return CurvePoint(day, score.total, low, high, score.grades[0] if len(score.grades) == 1 else "")

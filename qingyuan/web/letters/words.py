"""Points, ranges and grades as people read them: on the page, in the exports, never rounded differently."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from qingyuan.foundation.words import said
from qingyuan.governance.enums import LetterState
from qingyuan.governance.scoring.numbers import plain

STATE_TONES = {
    LetterState.ISSUED: "soon",
    LetterState.SIGNED: "good",
    LetterState.AMENDED: "grey",
    LetterState.VOID: "grey",
}


def points_text(points: Decimal) -> str:
    """At most two places, as the sheet rounds."""
    return plain(points, 2)


def span_text(low: Decimal, high: Decimal) -> str:
    """«74.9», or «49.9—74.9» where the reader may only see a range."""
    return points_text(low) if low == high else f"{points_text(low)}—{points_text(high)}"


def grades_text(grades: Sequence[str]) -> str:
    """The grade; of several possible ones the lowest and the highest; «待定» while it cannot be said."""
    if not grades:
        return _("待定")
    return said(grades[0]) if len(grades) == 1 else f"{said(grades[0])}—{said(grades[-1])}"


def state_text(state: str) -> str:
    return str(LetterState(state).label)


def state_tone(state: str) -> str:
    return STATE_TONES[LetterState(state)]

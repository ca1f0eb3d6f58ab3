"""Pure rules of the yearly assessment: its names, its days, how many are drawn, what a number typed by a person is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Final

from django.utils.translation import gettext as _

from qingyuan.casework.procedures.rules import StepRefused
from qingyuan.reference.assessment_days import assessment_days
from qingyuan.reference.holidays import add_working_days

ROUND_PROCEDURE: Final = "assessment_round"
PROCEDURE: Final = "letter_assessment"
#: What the audit and the policy table call them.
ROUNDS: Final = "assessment-rounds"
ASSESSMENTS: Final = "assessments"
ANSWERS: Final = "assessment-answers"
REVIEWS: Final = "assessment-reviews"
MOST_DAYS: Final = 60
MOST_DRAWN: Final = 50
#: Ledgers that may be checked by sample: what units say they did, never rows about persons. Each has the day it is dated by.
SAMPLED: Final = ("activities", "meetings", "lessons", "survey_rounds", "instructions")


def usual_days(code: str) -> int:
    """Working days of a turn (self_score, review, object, answer), as the table of the platform has them."""
    return assessment_days()[code].days


#: Before the number of a clause of member units' sheets in a round's sections: their clauses are numbered as the towns' are.
OF_UNITS: Final = "@"


def section_of(clause: str, *, of_units: bool) -> str:
    """The name under which a round keeps who reviews a clause: «3.1» of the towns' sheet, «@3.1» of the units'."""
    return f"{OF_UNITS}{clause}" if of_units else clause


def usual_terms(on: date) -> Mapping[str, date]:
    """The days of a round opened on ``on`` where nobody says otherwise."""
    self_by = add_working_days(on, usual_days("self_score"))
    return {"self_by": self_by, "review_by": add_working_days(self_by, usual_days("review"))}


def read_points(text: object, label: str, field: str, *, low: Decimal, high: Decimal) -> Decimal:
    """Points as typed, with at most two decimals, between two ends. Raises StepRefused with the field."""
    plain = str(text if text is not None else "").strip().replace(",", ".")
    try:
        points = Decimal(plain)
    except InvalidOperation:
        raise StepRefused(_("“%(field)s”要填数字,例如 4.5。") % {"field": label}, field) from None
    if not points.is_finite() or not low <= points <= high:
        words = _("“%(field)s”应在 %(low)s 到 %(high)s 之间。")
        raise StepRefused(words % {"field": label, "low": _text(low), "high": _text(high)}, field)
    if points != points.quantize(Decimal("0.01")):
        raise StepRefused(_("“%(field)s”最多两位小数。") % {"field": label}, field)
    return points


def read_whole(text: object, label: str, field: str, *, low: int, high: int) -> int:
    """A whole number as typed, between two ends. Raises StepRefused with the field."""
    plain = str(text if text is not None else "").strip()
    if not plain.isascii() or not plain.isdigit() or not low <= int(plain[:9]) <= high or len(plain) > 9:
        words = _("“%(field)s”应填 %(low)d 到 %(high)d 的整数。")
        raise StepRefused(words % {"field": label, "low": low, "high": high}, field)
    return int(plain)


def wanted(listed: int, share: int, least: int) -> int:
    """How many of ``listed`` rows are drawn: ``share`` percent rounded up, ``least`` at least, never more than there are."""
    by_share = -(-listed * share // 100)
    return min(listed, max(by_share, least), MOST_DRAWN)


def check_terms(self_by: date, review_by: date, scored_on: date, on: date) -> None:
    """The days of a round follow one another. Raises StepRefused with the field."""
    if self_by <= on:
        raise StepRefused(_("自评期限要在今天之后。"), "self_by")
    if review_by <= self_by:
        raise StepRefused(_("评审期限要在自评期限之后。"), "review_by")
    if scored_on > on:
        raise StepRefused(_("计分截止日不能在今天之后:那一天的数据还没有。"), "scored_on")


def _text(value: Decimal) -> str:
    return format(value.normalize(), "f")

"""What several ledgers of this room ask of a row."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from qingyuan.foundation.words import Problem


def problem(column: str, values: Mapping[str, Any], message: str) -> Problem:
    """``message`` about what stands in ``column``."""
    value = values.get(column)
    return Problem(column, "", "" if value is None else str(value), message)


def order_of_days(values: Mapping[str, Any], first: str, second: str, message: str) -> list[Problem]:
    """``message`` when the day in ``second`` lies before the one in ``first``."""
    one, two = values.get(first), values.get(second)
    if isinstance(one, date) and isinstance(two, date) and two < one:
        return [problem(second, values, message)]
    return []


def listed_before_closed(values: Mapping[str, Any]) -> list[Problem]:
    """A place, school or patch is closed after it was listed, not on the same day."""
    listed, closed = values.get("listed_on"), values.get("closed_on")
    if listed and closed and closed <= listed:
        return [problem("closed_on", values, _("撤销日期应在列入日期之后;登记错了的请作废。"))]
    return []

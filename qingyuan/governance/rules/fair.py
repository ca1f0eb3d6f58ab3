"""Which numbers may be set beside those of other units at all."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _

from qingyuan.governance.scoring.numbers import Number, plain

#: Of fewer cases than this one single case moves a rate by more than 3 %: such a unit is 不可比, not low and not high.
ENOUGH: Final = Decimal(30)


def why_incomparable(number: Number) -> str:
    """Why a number may not stand beside others; empty where it may.

    A rate needs enough cases below the line. A plain count (meetings held, days late) has no such line and may always stand.
    """
    if number.denominator is None:
        return ""
    if number.is_empty:
        return _("没有应办事项")
    if number.denominator < ENOUGH:
        return _("%(label)s不足 %(enough)s") % {"label": number.denominator_label, "enough": plain(ENOUGH)}
    return ""

"""Pure rules of closing a month: the order of steps, the moment a longer period is closed at, late entries in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from qingyuan.indicators.disclosure import SMALLEST
from qingyuan.reference.periods import Period, PeriodKind


def why_not_ask(period: Period, *, today: date, state: str, below_open: Sequence[str], note: str) -> str:
    """Why a month cannot be declared checked; "" when it can.

    ``state``: where this place and month stand ("" = nothing yet). ``below_open``: names of places below that have not
    closed the month; with a note that says why it is closed all the same they do not stop it.
    """
    if period.kind is not PeriodKind.MONTH:
        return _("关账按月进行,请选一个月。")
    if not period.is_complete(today):
        return _("%(month)s还没有过完,月底以后再关账。") % {"month": period.label_zh}
    if state == "asked":
        return _("这个月已经提交核对,正等批准。")
    if state == "closed":
        return _("这个月已经关账。")
    if below_open and not note.strip():
        return _("还有 %(count)s 个下级没有关账(%(names)s):等它们关账,或写明为什么先关。") % {
            "count": len(below_open),
            "names": "、".join(below_open[:3]) + ("……" if len(below_open) > 3 else ""),
        }
    return ""


def why_not_reopen(*, state: str, reason: str, above_closed: str) -> str:
    """Why a month cannot be opened again; "" when it can. ``above_closed``: the place above that has closed it, or ""."""
    if state != "closed":
        return _("这个月没有关账,不用重开。")
    if above_closed:
        return _("%(place)s已经关账,要先重开%(place)s的这个月。") % {"place": above_closed}
    if len(reason.strip()) < 4:
        return _("请写明重开的原因,引用过这些数字的单位都会看到。")
    return ""


def closed_at(months: Sequence[Period], moments: Mapping[str, datetime]) -> datetime | None:
    """When a period is closed: every month of it is, and then the last closing counts; None while one is open.

    ``moments``: month text → closing moment, of closed months.
    """
    found = [moments.get(str(month)) for month in months]
    if not found or any(moment is None for moment in found):
        return None
    return max(moment for moment in found if moment is not None)


def tells_few(moves: Iterable[Decimal | None]) -> bool:
    """Whether one of the numbers of people behind a figure moved by one to four, or became known only now."""
    return any(move is None or 0 < abs(move) < SMALLEST for move in moves)


def late_words(before: Decimal | None, now: Decimal | None, *, decimals: int, rate: bool, few: bool) -> str:
    """What came in after the closing: ``补报 +2``, of a rate in points; "" when nothing moved.

    ``few``: the change would tell of one to four people to somebody else than the place concerned, so it is said without
    its number (mission line 5).
    """
    if few:
        return _("关账后有补报,涉及不足 5 人")
    if before == now:
        return ""
    if before is None or now is None:
        return _("关账后有补报")
    difference = now - before
    change = f"{'+' if difference > 0 else '−'}{abs(difference):,.{decimals}f}"
    return _("补报后 %(change)s 个百分点") % {"change": change} if rate else _("补报 %(change)s") % {"change": change}

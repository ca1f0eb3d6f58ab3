"""Tags and filters of the shared look. ``{% load look %}``"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import template
from django.template.context import Context
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from qingyuan.foundation import clock, words
from qingyuan.foundation.time_left import SOON_WITHIN, time_left_words
from qingyuan.reference.period_words import period_label
from qingyuan.reference.periods import Period
from qingyuan.web.context import LastSignIn

register = template.Library()
register.filter(period_label)


@register.inclusion_tag("components/time_left.html")
def time_left(due: date, today: date | None = None, soon_within: int = SOON_WITHIN) -> dict[str, Any]:
    """``{% time_left due %}``: words on the screen, the date on hover and on paper."""
    return {"left": time_left_words(due, today or clock.today(), soon_within)}


@register.simple_block_tag
def card(
    content: str,
    title: str = "",
    note: str = "",
    more_href: str = "",
    more_label: str = "",
    body: bool = False,
    classes: str = "",
    id: str = "",
) -> SafeString:
    """``{% card title=… note=… more_href=… more_label=… body=True %}…{% endcard %}``; ``body`` pads the content."""
    given = {"title": title, "note": note, "more_href": more_href, "more_label": more_label}
    shape = {"content": content, "body": body, "classes": classes, "id": id}
    return render_to_string("components/card.html", {**given, **shape})


@register.simple_tag(takes_context=True)
def query_with(context: Context, **changes: Any) -> str:
    """The query of this page with ``changes``; None drops a key. The page number always starts again."""
    query = context["request"].GET.copy()
    query.pop("page", None)
    for name, value in changes.items():
        if value is None or value == "":
            query.pop(name, None)
        else:
            query[name] = str(value)
    return "?" + query.urlencode(safe=".")


@register.filter
def said(text: object) -> str:
    """A word of data (title, header, unit, purpose) in the language of the page."""
    return words.said(text)


@register.filter
def month_label(period: Period) -> str:
    """「10 月」, «Oct»: the month of a period whose year is said elsewhere."""
    if words.in_english():
        return f"{period.last_day:%b}"
    return _("%(month)s 月") % {"month": period.last_day.month}


def short_month(day: date) -> str:
    """「10月」, «Oct» under the axis of a chart."""
    return f"{day:%b}" if words.in_english() else _("%(month)d月") % {"month": day.month}


@register.filter
def span_label(period: Period) -> str:
    """「1—10 月」, «Jan–Oct» of a cumulative period whose year is said elsewhere."""
    if words.in_english():
        return f"{period.start:%b}–{period.last_day:%b}"
    return _("%(first)s—%(last)s 月") % {"first": period.start.month, "last": period.last_day.month}


@register.filter
def signed(value: float | Decimal | int | None, unit: str = "") -> str:
    """``+4.1%``, ``−8.1%``, ``0``: a change with its sign (a true minus), ``—`` when there is nothing to compare."""
    if value is None:
        return "—"
    number = Decimal(str(value))
    digits = f"{abs(number):f}"
    if "." in digits:
        digits = digits.rstrip("0").rstrip(".")
    if not number:
        return f"0{unit}"
    return f"{'+' if number > 0 else '−'}{digits}{unit}"


@register.filter
def signed_in_at(last: LastSignIn) -> str:
    """「今天 08:02」"""
    at: datetime = timezone.localtime(last.at)
    if last.days_ago <= 0:
        return _("今天 %(time)s") % {"time": f"{at:%H:%M}"}
    if last.days_ago == 1:
        return _("昨天 %(time)s") % {"time": f"{at:%H:%M}"}
    return _("%(days)s 天前 %(time)s") % {"days": last.days_ago, "time": f"{at:%H:%M}"}

"""The years a page of plans, targets or letters leads to: the running one, the one before, and the one that is shown."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from qingyuan.foundation import clock


@dataclass(frozen=True)
class YearTab:
    label: str
    href: str
    current: bool
    note: str = ""


def year_tabs(shown: int, address: str) -> list[YearTab]:
    """``address``: of the page, without a query. At the turn of a year two years are worked on at once."""
    today = clock.today()
    years = sorted({today.year - 1, today.year, shown})
    return [YearTab(_("%(year)s 年") % {"year": year}, f"{address}?period={year}", year == shown) for year in years]

"""Who quoted a figure of a month: papers in force, and forms filled for other offices."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from qingyuan.casework.queries import papers_citing
from qingyuan.organisation.models import Division, DivisionPath
from qingyuan.reference.periods import BadPeriod, Period
from qingyuan.situation.models import FormFilling, PeriodClose


@dataclass(frozen=True)
class Citing:
    """One unit and where it quoted: the title and number of a paper, the name of a form."""

    unit_id: int
    where: str


def citing(close: PeriodClose, on: date) -> list[Citing]:
    """Every unit that quoted a figure of the closed month, or of a longer period with it, for the place or one above."""
    month = Period.parse(close.period)
    above = DivisionPath.objects.on(on).filter(descendant_id=close.division_id)
    places = list(Division.objects.filter(pk__in=above.values("ancestor_id")))
    papers = papers_citing(division_ids=[place.pk for place in places], period=month)
    found = [
        Citing(one.paper.unit_id, _("《%(title)s》(%(number)s)") % {"title": one.paper.title, "number": one.paper.number})
        for one in papers
    ]
    return list(dict.fromkeys([*found, *_fillings({place.code for place in places}, month)]))


def _fillings(codes: set[str], month: Period) -> Iterator[Citing]:
    """Forms filled for the month or later in which a figure of one of the places and of a span with the month stands."""
    for filling in FormFilling.objects.filter(month__gte=str(month)).select_related("form").order_by("filled_at"):
        told = [cell.get("told", {}) for cell in filling.cells]
        if any(one.get("place") in codes and _touches(str(one.get("span", "")), month) for one in told):
            words = {"title": filling.form.title, "month": filling.month}
            yield Citing(filling.form.unit_id, _("来表《%(title)s》%(month)s") % words)


def _touches(text: str, month: Period) -> bool:
    try:
        span = Period.parse(text)
    except BadPeriod:
        return False
    return span.start < month.end and span.end > month.start

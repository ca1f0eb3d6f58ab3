"""«What is this number made of»: an address names an indicator, the bar names place and period, a list shows the rows.

``?indicator=R05&part=missing`` with ``division`` and ``period`` of the bar; with ``of_unit`` of what that unit keeps
itself. Rows that the reader may not open are counted by unit, with small counts closed (mission line 5).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404
from django.utils.translation import gettext as _

from qingyuan.foundation import clock
from qingyuan.foundation.words import said
from qingyuan.indicators import catalogue
from qingyuan.indicators.catalogue import UnknownIndicator
from qingyuan.indicators.definition import VALUE, Indicator, UnknownPart
from qingyuan.indicators.disclosure import Shown, suppress
from qingyuan.indicators.queries import RowRef, rows_behind
from qingyuan.indicators.query import BadQuery, IndicatorQuery
from qingyuan.organisation.models import Unit
from qingyuan.web.context import WebRequest
from qingyuan.web.shapes import Closed

K = TypeVar("K")
MOST_IDS = 200
#: In an address: the code of the unit whose own figure it is.
OF_UNIT = "of_unit"
FEW = "<5"


@dataclass(frozen=True)
class Behind:
    """The rows an address asks for: those of a figure, or those it names."""

    title: str
    refs: Sequence[RowRef]
    query: str

    def of(self, fact: str) -> frozenset[UUID]:
        return frozenset(UUID(ref.row_id) for ref in self.refs if ref.fact == fact)


def behind_of(request: WebRequest, fact: str) -> Behind | None:
    """What the address asks to see the rows of; None when it asks for nothing. ``fact``: what bare ids are taken for.

    Errors: Http404 for an indicator, part or period that is not there.
    """
    code = request.GET.get("indicator", "")
    if code:
        return _of_indicator(request, code)
    ids = request.GET.get("ids", "")
    if not ids:
        return None
    try:
        named = [UUID(text) for text in ids.split(",")[:MOST_IDS]]
    except ValueError:
        raise Http404 from None
    return Behind(_("所选的行"), [RowRef(fact, str(row_id)) for row_id in named], f"ids={ids}")


def _of_indicator(request: WebRequest, code: str) -> Behind:
    part, slice_ = request.GET.get("part", VALUE), request.GET.get("slice", "")
    scope = request.scope
    units = _units_of(request)
    query = IndicatorQuery(
        indicator=code,
        period=scope.period,
        division_ids=() if units else (scope.division.pk,),
        as_of=clock.today(),
        breakdown=request.GET.get("breakdown") or None,
        unit_ids=units,
    )
    try:
        indicator = catalogue.get(code, scope.period.last_day)
        refs = rows_behind(query, part=part, slice_=slice_ or None)
    except (UnknownIndicator, UnknownPart, BadQuery) as error:
        raise Http404(str(error)) from error
    asked = {name: request.GET[name] for name in ("indicator", "part", "slice", "breakdown", OF_UNIT) if name in request.GET}
    return Behind(_title(indicator, part), refs, urlencode(asked))


def _units_of(request: WebRequest) -> tuple[int, ...]:
    """The unit whose own rows are asked for; the list shows of them what the reader may open, like of any others."""
    code = request.GET.get(OF_UNIT, "")
    if not code:
        return ()
    found = Unit.objects.filter(code=code[:30]).values_list("pk", flat=True)
    if not found:
        raise Http404
    return tuple(found)


def _title(indicator: Indicator, part: str) -> str:
    if part == VALUE:
        return said(indicator.title)
    return _("%(indicator)s · %(part)s") % {
        "indicator": said(indicator.title),
        "part": said(indicator.term(part).title),
    }


@dataclass(frozen=True)
class Elsewhere:
    """Rows of one unit that the reader may not open, ready to be shown."""

    unit: str
    closed: Closed


def elsewhere(
    others: Sequence[Mapping[str, Any]], *, unit_label: str, people: bool, why: str, mine: int = 0
) -> list[Elsewhere]:
    """Per unit how many, whose and how to ask. ``people``: counts of 1–4 are closed, and so is what would tell them."""
    counts = Counter[str]()  # others may come in several lines for one unit
    heads = Counter[str]()
    for other in others:
        counts[str(other["unit__name"])] += int(other["count"])
        if "people" in other:
            heads[str(other["unit__name"])] += int(other["people"])
    shown = suppress(dict(counts), counts.total() + mine).cells if people else dict.fromkeys(counts, Shown.EXACT)
    return [
        Elsewhere(unit, _closed(unit, counts[unit], heads.get(unit), shown[unit], unit_label, people, why))
        for unit in openly_sorted(counts, shown)
    ]


def openly_sorted(counts: Mapping[K, int], shown: Mapping[K, Shown]) -> list[K]:
    """Keys by what is shown, the largest first; among closed numbers the order says nothing about them."""
    return sorted(counts, key=lambda key: (shown[key] is not Shown.EXACT, -counts[key] if shown[key] is Shown.EXACT else 0))


def _closed(unit: str, count: int, heads: int | None, shown: Shown, label: str, people: bool, why: str) -> Closed:
    facts = []
    if heads is not None and shown is Shown.EXACT:
        facts.append(_("涉及 %(count)s 人") % {"count": heads if heads >= 5 or not people else FEW})
    return Closed(
        shown=f"{_number(count, shown)} {label}",
        why=why,
        whose=unit,
        ask=_("向%(unit)s发函或电话核对,由其在本单位页面打开;确需查看的,经审批后由安全管理员授权。") % {"unit": unit},
        facts=facts,
    )


def _number(count: int, shown: Shown) -> str:
    if shown is Shown.EXACT:
        return str(count)
    return FEW if shown is Shown.FEW else "—"

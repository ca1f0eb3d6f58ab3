"""What a list is asked for, from the bar and the address; the page and the export ask the same thing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.foundation import clock
from qingyuan.foundation.enums import Compartment
from qingyuan.foundation.name_buckets import TooManyNames
from qingyuan.foundation.paging import KeyPage
from qingyuan.ledgers import queries
from qingyuan.ledgers.declaration import Ledger
from qingyuan.ledgers.queries import LookedBack, RowFilter
from qingyuan.organisation.enums import Action
from qingyuan.reference.period_words import period_label
from qingyuan.web import shapes
from qingyuan.web.behind import Behind, behind_of
from qingyuan.web.context import WebRequest
from qingyuan.web.errors import Forbidden
from qingyuan.web.ledgers.forms import ALL_DAYS, FilterForm

PER_PAGE = 50
BEFORE = "before"
"""From which day a search or another order looks further back."""
COUNT, EXACT = "count", "exact"
"""A long list is counted only up to a bar; so it is asked to be counted to its end."""


@dataclass(frozen=True)
class Asked:
    """``query`` is the choice as it stands in an address, without the page number."""

    ledger: Ledger
    form: FilterForm
    wanted: RowFilter
    behind: Behind | None
    query: str
    about: str
    before: date | None = None
    exact: bool = False

    def back(self, request: WebRequest, on: date) -> tuple[QuerySet[Any], LookedBack | None]:
        """The rows of the list, and how far back they were looked for where that is not all. Raises TooManyNames."""
        allowed = queries.rows(self.ledger, request.actor, on)
        return queries.looked_back(self.ledger, allowed, self.wanted, on, by=request.actor, before=self.before)

    def rows(self, request: WebRequest, on: date, action: Action = Action.READ) -> QuerySet[Any]:
        """All rows asked for, of those the actor may take ``action`` on. Raises TooManyNames; for a file Forbidden."""
        allowed = queries.rows(self.ledger, request.actor, on, action=action)
        try:
            return queries.filtered(self.ledger, allowed, self.wanted, on, by=request.actor)
        except TooManyNames:
            if action != Action.EXPORT:
                raise
            raise Forbidden(
                what=_("按姓名的一部分导出这么多行"), whose=_("您自己"), how=_("请写全姓名,或先选时期、地方再导出。")
            ) from None


def asked_of(request: WebRequest, ledger: Ledger) -> Asked:
    """Errors: Http404 for a number or batch in the address that is none; Forbidden for a range not one's own."""
    on, scope = clock.today(), request.scope
    form = FilterForm(request.GET, ledger=ledger, on=on, period_label=period_label(scope.period))
    asked, behind = form.asked(), behind_of(request, ledger.facts.name if ledger.facts else "")
    batch_id = _uuid(request.GET.get("batch", ""))
    # A number's rows and a batch's rows are what they are: range and period have already spoken, or do not apply.
    named = behind is not None or batch_id is not None
    dated = not named and asked.get("when") != ALL_DAYS
    # What others printed belongs to no place here: it is read from every place.
    everywhere = named or ledger.compartment == Compartment.PUBLIC
    wanted = RowFilter(
        division_id=None if everywhere else scope.division.pk,
        start=scope.period.start if dated else None,
        end=scope.period.end if dated else None,
        codes=form.codes,
        search=asked.get("q") or "",
        ids=behind.of(ledger.facts.name) if behind is not None and ledger.facts else None,
        sort=asked.get("sort") or "",
        batch_id=batch_id,
    )
    query, about = _query(form, behind, batch_id), _about(request, wanted, behind)
    return Asked(ledger, form, wanted, behind, query, about, _day(request.GET.get(BEFORE, "")), request.GET.get(COUNT) == EXACT)


def pages_of(found: KeyPage, joined: str, asked: Asked) -> shapes.Pages:
    """``joined``: the address of the list with what was asked, to which more is added."""
    back = f"{joined}{BEFORE}={asked.before.isoformat()}&" if asked.before else joined
    href = f"{back}{COUNT}={EXACT}&page=" if asked.exact else f"{back}page="
    exact = f"{back}{COUNT}={EXACT}&page={found.number}"
    return shapes.pages(found.number, PER_PAGE, found.total, href, more=found.more, deepest=found.deepest, exact_href=exact)


@dataclass(frozen=True)
class Looked:
    """How far a search or another order looked back, in words; ``href`` goes on from there, ``newest`` back to the start."""

    words: str
    href: str = ""
    newest: str = ""


def in_words(looked: LookedBack, joined: str, asked: Asked) -> Looked:
    """``joined``: as for ``pages_of``."""
    values = {"count": looked.count, "since": looked.since, "before": looked.before, "word": asked.wanted.search}
    if asked.wanted.search:
        return _looked(looked, joined, _SEARCHED[looked.since is None, looked.before is None] % values)
    return _looked(looked, joined, _SORTED[looked.since is None, looked.before is None] % values)


# By whether the look reached the first day, and whether it began with the last; both at once is no look back.
_SEARCHED = {
    (False, True): gettext_lazy("“%(word)s”只在 %(since)s 以来的 %(count)s 条里找过,更早的还没有找。"),
    (False, False): gettext_lazy("“%(word)s”这次在 %(since)s 到 %(before)s 前一天的 %(count)s 条里找过,更早的还没有找。"),
    (True, False): gettext_lazy("“%(word)s”这次在 %(before)s 以前的 %(count)s 条里找过,已到最早的一条。"),
}
_SORTED = {
    (False, True): gettext_lazy("清单太长,这个次序只排了 %(since)s 以来的 %(count)s 条;先选时期,就排这一时期。"),
    (False, False): gettext_lazy("这个次序这次排的是 %(since)s 到 %(before)s 前一天的 %(count)s 条。"),
    (True, False): gettext_lazy("这个次序这次排的是 %(before)s 以前的 %(count)s 条,已到最早的一条。"),
}


def _looked(looked: LookedBack, joined: str, words: str) -> Looked:
    further = f"{joined}{BEFORE}={looked.since.isoformat()}" if looked.since is not None else ""
    return Looked(words, further, joined.rstrip("&?") if looked.before is not None else "")


def _query(form: FilterForm, behind: Behind | None, batch_id: UUID | None) -> str:
    chosen = {name: value for name, value in form.asked().items() if value}
    parts = [urlencode(chosen), behind.query if behind else "", f"batch={batch_id}" if batch_id else ""]
    return "&".join(part for part in parts if part)


def _about(request: WebRequest, wanted: RowFilter, behind: Behind | None) -> str:
    """Range and period in words, for the export's second line."""
    if behind is not None:
        return behind.title
    scope = request.scope
    period = period_label(scope.period) if wanted.start else _("不限日期")
    narrowed = [_("有筛选条件")] if wanted.search or wanted.codes else []
    return " · ".join([scope.division.name, period, *narrowed])


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None

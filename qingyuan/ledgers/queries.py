"""Reads of ledger rows for pages, exports, the API and the command line: always through ``visible_to``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from qingyuan.foundation.counting import how_much
from qingyuan.foundation.paging import MOST_NARROWED, KeyPage, key_page
from qingyuan.foundation.sealed_words import MOST_READ
from qingyuan.ledgers.columns import Column
from qingyuan.ledgers.declaration import Ledger
from qingyuan.ledgers.kinds import Kind
from qingyuan.ledgers.searching import looks_for_words, purpose_of, sealed_words, searched, whole, whole_number
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.enums import Action
from qingyuan.organisation.models import Division, DivisionPath
from qingyuan.organisation.scope import visible_to

__all__ = ["LookedBack", "RowFilter", "Told", "behind", "filtered", "held", "looked_back", "page", "purpose_of", "rows", "sealed_row", "sortable", "told"]


@dataclass(frozen=True)
class LookedBack:
    """How far a question that reads row after row looked in a long list: the ``count`` rows of the days from ``since``
    (None: from the first) up to ``before``, exclusive (None: to the last)."""

    since: date | None
    before: date | None
    count: int


@dataclass(frozen=True)
class RowFilter:
    """What a person asked of a list. ``codes``: column name → accepted values; ``ids``: the rows behind a number."""

    division_id: int | None = None
    start: date | None = None
    end: date | None = None
    codes: dict[str, tuple[str, ...]] = field(default_factory=dict)
    search: str = ""
    ids: frozenset[UUID] | None = None
    sort: str = ""
    batch_id: UUID | None = None


@dataclass(frozen=True)
class Told:
    """How much stands in a ledger. Of a long one (``more``) only that there are ``count`` rows and above, and the ``newest`` day:
    when one was last entered or changed would have to be asked of every row."""

    count: int
    more: bool = False
    moment: datetime | None = None
    newest: date | None = None


MOST_LOOKED: Final = 10_000
"""Rows that a question may read one by one: a word in 10 000 titles takes a twentieth of a second."""
NOTHING_OPENED: frozenset[UUID] = frozenset()


def rows(
    ledger: Ledger,
    actor: Actor,
    on: date,
    *,
    action: Action = Action.READ,
    opened: frozenset[UUID] = NOTHING_OPENED,
) -> QuerySet[Any]:
    """The live rows of ``ledger`` that ``actor`` may take ``action`` on.

    Of a sealed ledger these are only the rows ``opened`` by a statement in the read audit: every list, search, export,
    drill-down and interface that does not ask for one finds nothing.
    """
    within = held(ledger, actor, on, action=action)
    return within.filter(pk__in=list(opened)) if ledger.sealed else within


def held(ledger: Ledger, actor: Actor, on: date, *, action: Action = Action.READ) -> QuerySet[Any]:
    """The rows of the actor's reach, sealed or not: to be counted, or searched for one that is then opened by name."""
    if ledger.sealed and action == Action.EXPORT:
        return ledger.model.objects.none()
    queryset = ledger.model.objects.select_related("division", "unit", *ledger.select_related)
    return visible_to(
        actor,
        queryset,
        compartment=ledger.compartment,
        ledger=ledger.code,
        on=on,
        action=action,
        caseload_field=ledger.caseload_field,
        sealed=ledger.sealed,
    )


def told(ledgers: Sequence[Ledger], actor: Actor, on: date) -> list[Told]:
    """Of each ledger how many rows of the actor's reach there are, sealed or not, and when one was last entered or changed: one
    question for all."""
    reaches = [held(ledger, actor, on) for ledger in ledgers]
    found = how_much(reaches, ("recorded_at", "changed_at"))
    return [
        Told(much.count, True, newest=_newest(ledger, rows)) if much.more else Told(much.count, moment=much.latest)
        for ledger, rows, much in zip(ledgers, reaches, found, strict=True)
    ]


def _newest(ledger: Ledger, rows: QuerySet[Any]) -> date | None:
    """The newest day of a list that has rows."""
    column = ledger.column(ledger.dated_by)
    if column.kind != Kind.DATE:
        return None
    dated = rows.select_related(None).filter(**{f"{column.lookup}__isnull": False})
    newest: date | None = dated.order_by(f"-{column.lookup}").values_list(column.lookup, flat=True).first()
    return newest


def filtered(
    ledger: Ledger, queryset: QuerySet[Any], wanted: RowFilter, on: date, *, by: Actor | None = None
) -> QuerySet[Any]:
    """``queryset`` narrowed and sorted as asked. Personal columns are searched by whole value, never by part.

    ``by`` is who is shown the rows: a name then also answers by its surname, its reading and its initials, as far as
    that reader is shown it. Raises TooManyNames.
    """
    narrowed, text = _narrowed(ledger, queryset, wanted, on), wanted.search.strip()
    exact = whole_number(ledger, narrowed, text) if text else narrowed
    found = searched(ledger, narrowed, text, by, Q()) if exact is None else exact
    return found.order_by(*_ordering(ledger, wanted.sort))


def looked_back(
    ledger: Ledger, queryset: QuerySet[Any], wanted: RowFilter, on: date, *, by: Actor | None = None, before: date | None = None
) -> tuple[QuerySet[Any], LookedBack | None]:
    """As ``filtered``, but what reads row after row (a word, another order than the list's own) looks back only so far:
    ``MOST_LOOKED`` rows from the newest day, or from before ``before``; ``MOST_READ`` where words stand encrypted, so that every
    row looked at is opened. Raises TooManyNames.

    Whole days, so that what is found does not depend on the order within one. None beside the rows where all were looked
    at: what an index answers (a whole number, a person, the list in its order), and a list that is no longer.
    """
    narrowed, text = _narrowed(ledger, queryset, wanted, on), wanted.search.strip()
    exact = whole_number(ledger, narrowed, text) if text else None
    reads = exact is None and looks_for_words(ledger) if text else _sorted_otherwise(ledger, wanted.sort)
    looked = None
    if reads and _goes_by_days(ledger, wanted):
        most = min(MOST_LOOKED, MOST_READ) if text and sealed_words(ledger) else MOST_LOOKED
        looked = _looked(ledger, _placed(ledger, queryset, wanted, on), before, most)
    within = _days(ledger, looked)
    if text:
        opened = MOST_READ if looked is None else None
        found = searched(ledger, narrowed, text, by, within, most=opened) if exact is None else exact
    else:
        found = narrowed.filter(within)
    return found.order_by(*_ordering(ledger, wanted.sort)), looked


def _goes_by_days(ledger: Ledger, wanted: RowFilter) -> bool:
    """Whether a look back by days makes sense: the rows are dated, not named one by one, and of a ledger that grows long."""
    grows = any(index.name.endswith("_listed") for index in ledger.model._meta.indexes)
    return grows and ledger.column(ledger.dated_by).kind == Kind.DATE and wanted.ids is None and wanted.batch_id is None


def _looked(ledger: Ledger, listed: QuerySet[Any], before: date | None, most: int) -> LookedBack | None:
    lookup = ledger.column(ledger.dated_by).lookup
    dated = listed.select_related(None).filter(_days(ledger, LookedBack(None, before, 0))).order_by(f"-{lookup}")
    days = dated.filter(**{f"{lookup}__isnull": False}).values_list(lookup, flat=True)
    last = list(days[most - 1 : most + 1])
    if before is None and len(last) < 2:
        return None
    looked = LookedBack(last[0] if len(last) == 2 else None, before, 0)
    return replace(looked, count=dated.order_by().filter(_days(ledger, looked)).count())


def _narrowed(ledger: Ledger, queryset: QuerySet[Any], wanted: RowFilter, on: date) -> QuerySet[Any]:
    queryset = _placed(ledger, queryset, wanted, on)
    for name, values in wanted.codes.items():
        column = ledger.column(name)
        if column.filterable and values:
            queryset = queryset.filter(**{f"{column.lookup}__in": values})
    if wanted.ids is not None:
        queryset = queryset.filter(pk__in=list(wanted.ids))
    if wanted.batch_id is not None:
        queryset = queryset.filter(batch_id=wanted.batch_id)
    return queryset


def _placed(ledger: Ledger, queryset: QuerySet[Any], wanted: RowFilter, on: date) -> QuerySet[Any]:
    """The rows of the place and the days that were asked for."""
    if wanted.division_id is not None and _leaves_out(ledger, wanted.division_id, on):
        below = DivisionPath.objects.on(on).filter(ancestor_id=wanted.division_id)
        queryset = queryset.filter(division_id__in=below.values("descendant_id"))
    return _between(ledger, queryset, wanted.start, wanted.end)


def _days(ledger: Ledger, looked: LookedBack | None) -> Q:
    """The days of a look back; the oldest part also has the rows that have no day."""
    lookup, within = ledger.column(ledger.dated_by).lookup, Q()
    if looked is None:
        return within
    if looked.since is not None:
        within &= Q(**{f"{lookup}__gte": looked.since})
    if looked.before is not None:
        undated = Q() if looked.since is not None else Q(**{f"{lookup}__isnull": True})
        within &= Q(**{f"{lookup}__lt": looked.before}) | undated
    return within


def _sorted_otherwise(ledger: Ledger, sort: str) -> bool:
    """Whether the order asked for is not that of the list's index, forwards or backwards."""
    order = _ordering(ledger, sort)
    return order[0].removeprefix("-") != _ordering(ledger, "")[0].removeprefix("-")


def _leaves_out(ledger: Ledger, division_id: int, on: date) -> bool:
    """Whether some row stands nowhere under the division on that day. Where none does, as in a whole city, no list of a
    million rows is asked of each row where it stands."""
    below = DivisionPath.objects.on(on).filter(ancestor_id=division_id).values("descendant_id")
    outside = list(Division.objects.exclude(pk__in=below).values_list("pk", flat=True))
    return ledger.model.everything.filter(division_id__in=outside).exists()


def _between(ledger: Ledger, queryset: QuerySet[Any], start: date | None, end: date | None) -> QuerySet[Any]:
    """Rows dated in [start, end); a ledger dated by a year takes every year the span touches."""
    column = ledger.column(ledger.dated_by)
    if column.kind == Kind.INTEGER:
        first, last = (start.year if start else None), ((end - timedelta(days=1)).year if end else None)
        years = {f"{column.lookup}__gte": first, f"{column.lookup}__lte": last}
        return queryset.filter(**{name: value for name, value in years.items() if value is not None})
    days = {f"{column.lookup}__gte": start, f"{column.lookup}__lt": end}
    return queryset.filter(**{name: value for name, value in days.items() if value is not None})


def page(
    ledger: Ledger, queryset: QuerySet[Any], number: int, per_page: int, *, exact: bool = False, narrowed: bool = False
) -> tuple[list[Any], KeyPage]:
    """The rows of page ``number`` of ``queryset``, which was asked of ``rows``, without walking over whole rows.

    The database counts its way to the page by keys alone, which stand in the list's index (``ledgers.models.listed``), and
    counts a long list only up to a bar (a lower one for a list ``narrowed`` by codes) unless ``exact``. Who may see the rows has
    then been asked, so they are fetched by their keys alone: asked again beside the keys, a database would walk through
    everything a unit has.
    """
    bar = {"most": MOST_NARROWED} if narrowed else {}
    found = key_page(queryset, number, per_page, exact=exact, **bar)
    by_key = ledger.model.objects.select_related("division", "unit", *ledger.select_related).in_bulk(found.keys)
    return [by_key[pk] for pk in found.keys if pk in by_key], found


def sealed_row(ledger: Ledger, actor: Actor, on: date, text: str) -> list[Any]:
    """At most two rows of a sealed ledger whose ``opened_by`` columns hold exactly ``text``: one is found, two are not one.

    Whoever calls this has the purpose and the article, and writes both to the read audit whatever is found.
    """
    text = text.strip()
    found = Q(pk__in=[])
    for column in (ledger.column(name) for name in ledger.opened_by if text):
        found |= whole(ledger, column, text)
    return list(held(ledger, actor, on).filter(found).order_by("pk")[:2])


def behind(
    ledger: Ledger, actor: Actor, on: date, row_ids: Sequence[UUID]
) -> tuple[QuerySet[Any], list[dict[str, Any]]]:
    """The rows behind a number: those ``actor`` may open, and for the rest how many and whose (mission line 5).

    The second value lists ``{"unit_id", "unit__name", "count"}`` of rows the actor may not see.
    """
    mine = rows(ledger, actor, on).filter(pk__in=list(row_ids))
    others = (
        ledger.model.objects.filter(pk__in=list(row_ids))
        .exclude(pk__in=mine.values("pk"))
        .values("unit_id", "unit__name")
        .annotate(count=Count("pk"))
        .order_by("unit__name")
    )
    return mine, list(others)


def sortable(ledger: Ledger) -> tuple[Column, ...]:
    """Columns a list may be sorted by; never an encrypted one (its order would tell what the page hides)."""
    kinds = {Kind.DATE, Kind.INTEGER, Kind.DECIMAL, Kind.QUANTITY, Kind.CODE}
    return tuple(column for column in ledger.listed_columns if column.kind in kinds and not column.personal)


def _ordering(ledger: Ledger, sort: str) -> tuple[str, ...]:
    allowed = {column.name: column.lookup for column in sortable(ledger)}
    name = sort.removeprefix("-")
    if name in allowed:
        return (("-" if sort.startswith("-") else "") + allowed[name], "pk")
    return ledger.ordering or (f"-{ledger.column(ledger.dated_by).lookup}", "pk")

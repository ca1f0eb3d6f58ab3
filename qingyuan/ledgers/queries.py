"""Reads of ledger rows for pages, exports, the API and the command line: always through ``visible_to``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Q, QuerySet

from qingyuan.foundation.crypto import blind_indexes
from qingyuan.foundation.fields import EncryptedTextField
from qingyuan.foundation.identity import normalise_name
from qingyuan.foundation.name_buckets import answering, ways
from qingyuan.foundation.names import NameAsked, Way
from qingyuan.foundation.paging import keys_of
from qingyuan.foundation.sealed_words import holding
from qingyuan.ledgers.columns import Column
from qingyuan.ledgers.declaration import Ledger
from qingyuan.ledgers.kinds import Kind
from qingyuan.ledgers.presenting import cell
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.enums import Action
from qingyuan.organisation.models import Division, DivisionPath
from qingyuan.organisation.scope import reads_clear, visible_to
from qingyuan.reference.matching import spellings


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


MOST_OF_A_NUMBER = 20
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


def told(ledger: Ledger, actor: Actor, on: date) -> tuple[int, datetime | None]:
    """How many rows of the actor's reach there are, sealed or not, and when one was last entered or changed: one walk."""
    rows = held(ledger, actor, on).select_related(None).order_by()
    found = rows.aggregate(count=Count("*"), recorded=Max("recorded_at"), changed=Max("changed_at"))
    moments = [found[name] for name in ("recorded", "changed") if found[name] is not None]
    return found["count"], max(moments, default=None)


def filtered(
    ledger: Ledger, queryset: QuerySet[Any], wanted: RowFilter, on: date, *, by: Actor | None = None
) -> QuerySet[Any]:
    """``queryset`` narrowed and sorted as asked. Personal columns are searched by whole value, never by part.

    ``by`` is who is shown the rows: a name then also answers by its surname, its reading and its initials, as far as
    that reader is shown it. Raises TooManyNames.
    """
    if wanted.division_id is not None and _leaves_out(ledger, wanted.division_id, on):
        below = DivisionPath.objects.on(on).filter(ancestor_id=wanted.division_id)
        queryset = queryset.filter(division_id__in=below.values("descendant_id"))
    queryset = _between(ledger, queryset, wanted.start, wanted.end)
    for name, values in wanted.codes.items():
        column = ledger.column(name)
        if column.filterable and values:
            queryset = queryset.filter(**{f"{column.lookup}__in": values})
    if wanted.ids is not None:
        queryset = queryset.filter(pk__in=list(wanted.ids))
    if wanted.batch_id is not None:
        queryset = queryset.filter(batch_id=wanted.batch_id)
    if wanted.search.strip():
        queryset = _searched(ledger, queryset, wanted.search.strip(), by)
    return queryset.order_by(*_ordering(ledger, wanted.sort))


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


def page(ledger: Ledger, queryset: QuerySet[Any], start: int, until: int, total: int) -> list[Any]:
    """Rows ``start`` (from 0) up to ``until`` of ``queryset``, which has ``total`` rows in its order and was asked of
    ``rows``, without walking over whole rows.

    The database counts its way to the page from the nearer end and by keys alone, which stand in the list's index
    (``ledgers.models.listed``). Who may see them has then been asked, so they are fetched by their keys alone: asked
    again beside the keys, a database would walk through everything a unit has.
    """
    ids = keys_of(queryset, start, until, total)
    if not ids:
        return []
    found = ledger.model.objects.select_related("division", "unit", *ledger.select_related).in_bulk(ids)
    return [found[pk] for pk in ids if pk in found]


def sealed_row(ledger: Ledger, actor: Actor, on: date, text: str) -> list[Any]:
    """At most two rows of a sealed ledger whose ``opened_by`` columns hold exactly ``text``: one is found, two are not one.

    Whoever calls this has the purpose and the article, and writes both to the read audit whatever is found.
    """
    text = text.strip()
    found = Q(pk__in=[])
    for column in (ledger.column(name) for name in ledger.opened_by if text):
        found |= _whole(ledger, column, text)
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


def _searched(ledger: Ledger, queryset: QuerySet[Any], text: str, by: Actor | None) -> QuerySet[Any]:
    """The rows with that very number where there are such, which an index tells; else those that hold ``text`` somewhere."""
    numbers = Q(pk__in=[])
    for column in ledger.columns:
        if column.searchable and not column.personal and column.name.endswith("number"):
            numbers |= Q(**{column.lookup: text})
    if not any(one.isdigit() for one in text):
        wider = _by_part_of_a_name(ledger, queryset, text, by) | _by_sealed_words(ledger, queryset, text, by)
        return queryset.filter(_search(ledger, text) | wider)
    # Looked up by itself: beside the range and the order of a list, a database would walk through the list for it.
    ids = list(ledger.model.objects.order_by().filter(numbers).values_list("pk", flat=True)[: MOST_OF_A_NUMBER + 1])
    exact = queryset.filter(numbers if len(ids) > MOST_OF_A_NUMBER else Q(pk__in=ids))
    return exact if exact.exists() else queryset.filter(_search(ledger, text) | _by_sealed_words(ledger, queryset, text, by))


def _search(ledger: Ledger, text: str) -> Q:
    found = Q(pk__in=[])
    for column in ledger.columns:
        if not column.searchable:
            continue
        if column.index:
            found |= _whole(ledger, column, text)
        elif not column.personal and not _is_sealed(ledger, column):
            found |= Q(**{f"{column.lookup}__icontains": text})
    return found


def sealed_words(ledger: Ledger) -> tuple[Column, ...]:
    """Columns of words that stand encrypted and without an index: a search reads through the newest rows for them."""
    return tuple(column for column in ledger.columns if column.searchable and not column.index and _is_sealed(ledger, column))


def _is_sealed(ledger: Ledger, column: Column) -> bool:
    return column.stored and isinstance(ledger.model._meta.get_field(column.where), EncryptedTextField)


def _by_sealed_words(ledger: Ledger, within: QuerySet[Any], text: str, by: Actor | None) -> Q:
    """Of the newest rows of the reader's reach those that hold ``text`` in words the reader is shown."""
    clear = by is not None and ledger.shielded is None and reads_clear(by, compartment=ledger.compartment, ledger=ledger.code)
    columns = [column.lookup for column in sealed_words(ledger) if clear or not column.personal]
    if not columns:
        return Q(pk__in=[])
    newest = ledger.ordering or (f"-{ledger.column(ledger.dated_by).lookup}", "pk")
    return Q(pk__in=holding(within.order_by(*newest), columns, text))


def _by_part_of_a_name(ledger: Ledger, within: QuerySet[Any], text: str, by: Actor | None) -> Q:
    """Of the rows of the reader's reach alone those whose name answers, so that no other row can be told from none."""
    asked = NameAsked.of(text)
    if by is None or not asked.may_be_part:
        return Q(pk__in=[])
    found: set[UUID] = set()
    for column in ledger.columns:
        if column.searchable and column.kind == Kind.PERSON_NAME and column.index:
            whose = column.index.removesuffix("name_index").replace(".", "__")
            lines = within.select_related(None).values_list("pk", column.lookup)
            found |= _shown(ledger, column, by, asked, ways(answering(lines, asked, ledger.compartment, whose=whose), asked))
    return Q(pk__in=list(found))


def _shown(ledger: Ledger, column: Column, by: Actor, asked: NameAsked, hits: Mapping[UUID, Way]) -> set[UUID]:
    """Of the rows whose name answers those that still do under the mask this reader sees it by."""
    clear = reads_clear(by, compartment=ledger.compartment, ledger=ledger.code)
    if clear and ledger.shielded is None:
        return set(hits)
    rows = ledger.with_related(ledger.model.objects.filter(pk__in=list(hits)))
    shown = ((row, cell(column, column.value_of(row), clear=clear and not ledger.shields(row)).text) for row in rows)
    return {row.pk for row, text in shown if asked.way(text) is not None}


def _whole(ledger: Ledger, column: Column, text: str) -> Q:
    """Rows in which ``column`` is exactly ``text``; an encrypted column by its blind index.

    A name is looked for whole, as typed and by each variant character.
    """
    if not column.index:
        return Q(**{column.lookup: text})
    wanted = spellings(normalise_name(text)) if column.kind == Kind.PERSON_NAME else (text.upper(),)
    indexes = [index for one in wanted for index in blind_indexes(ledger.compartment, purpose_of(column), one)]
    return Q(**{f"{column.index.replace('.', '__')}__in": indexes})


def purpose_of(column: Column) -> str:
    """The purpose under which a column's blind index is made; one per kind, so that rooms agree."""
    return {Kind.PERSON_NAME: "name", Kind.ID_NUMBER: "id_number", Kind.PHONE: "phone"}.get(column.kind, column.name)

"""What a text finds in a ledger: a whole number, a name as far as the reader is shown it, a word in what is no person's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final
from uuid import UUID

from django.db.models import Q, QuerySet

from qingyuan.foundation.crypto import blind_indexes
from qingyuan.foundation.fields import EncryptedTextField
from qingyuan.foundation.identity import normalise_name
from qingyuan.foundation.name_buckets import answering, ways
from qingyuan.foundation.names import NameAsked, Way
from qingyuan.foundation.sealed_words import MOST_READ, holding
from qingyuan.ledgers.columns import Column
from qingyuan.ledgers.declaration import Ledger
from qingyuan.ledgers.kinds import Kind
from qingyuan.ledgers.presenting import cell
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.scope import reads_clear
from qingyuan.reference.matching import spellings

MOST_OF_A_NUMBER = 20
MOST_BY_KEY = 1_000
"""So many rows are named to the database one by one; more are described to it again."""
NOBODY: Final = UUID(int=0)
"""A key that no row has. Named beside those that were found, it makes the next question asked also where none was: whether
one more is asked would tell of somebody out of the reader's reach."""


def whole_number(ledger: Ledger, queryset: QuerySet[Any], text: str) -> QuerySet[Any] | None:
    """The rows that have that very number, which an index tells; None where there is none (or ``text`` is no number)."""
    if not any(one.isdigit() for one in text):
        return None
    columns = [one for one in ledger.columns if one.searchable and not one.personal and one.name.endswith("number")]
    if not columns:
        return None
    numbers = Q()
    for column in columns:
        numbers |= Q(**{column.lookup: text})
    # Looked up by itself: beside the range and the order of a list, a database would walk through the list for it.
    ids = list(ledger.model.objects.order_by().filter(numbers).values_list("pk", flat=True)[: MOST_OF_A_NUMBER + 1])
    if len(ids) > MOST_OF_A_NUMBER:
        exact = queryset.filter(numbers)
        return exact if exact.exists() else None
    own = list(queryset.order_by().filter(pk__in=[NOBODY, *ids]).values_list("pk", flat=True))
    return _just(ledger, queryset, own) if own else None


def _just(ledger: Ledger, queryset: QuerySet[Any], ids: Iterable[UUID]) -> QuerySet[Any]:
    """The rows ``ids``, which were just found in ``queryset``: asked for by their keys alone. Were the reach asked for again
    beside the keys, a database would rather walk through everything a unit has."""
    found = ledger.model.objects.filter(pk__in=list(ids))
    found.query.select_related = queryset.query.select_related
    return found


def looks_for_words(ledger: Ledger) -> bool:
    """Whether a search here reads row after row: some column is searched by a part of what stands in it."""
    return any(
        column.searchable and not column.index and (not column.personal or _is_sealed(ledger, column)) for column in ledger.columns
    )


def sealed_words(ledger: Ledger) -> tuple[Column, ...]:
    """Columns of words that stand encrypted and without an index: a search reads through the newest rows for them."""
    return tuple(column for column in ledger.columns if column.searchable and not column.index and _is_sealed(ledger, column))


def _is_sealed(ledger: Ledger, column: Column) -> bool:
    return column.stored and isinstance(ledger.model._meta.get_field(column.where), EncryptedTextField)


def _by_sealed_words(ledger: Ledger, within: QuerySet[Any], text: str, by: Actor | None, most: int | None) -> set[UUID]:
    """Of the ``most`` newest rows of the reader's reach (None: of all) those that hold ``text`` in words the reader is shown."""
    clear = by is not None and ledger.shielded is None and reads_clear(by, compartment=ledger.compartment, ledger=ledger.code)
    columns = [column.lookup for column in sealed_words(ledger) if clear or not column.personal]
    newest = ledger.ordering or (f"-{ledger.column(ledger.dated_by).lookup}", "pk")
    return set(holding(within.order_by(*newest), columns, text, most=most)) if columns else set()


def searched(
    ledger: Ledger, queryset: QuerySet[Any], text: str, by: Actor | None, within: Q, *, most: int | None = MOST_READ
) -> QuerySet[Any]:
    """The rows that hold ``text`` somewhere: names and numbers of people in all of ``queryset``, words only ``within``, and words
    that stand encrypted in the ``most`` newest of those (None: in all).

    Raises TooManyNames.
    """
    words = Q(pk__in=[])
    for column in ledger.columns:
        if column.searchable and not column.index and not column.personal and not _is_sealed(ledger, column):
            words |= Q(**{f"{column.lookup}__icontains": text})
    ids, described = _by_index(ledger, queryset, text)
    if not any(one.isdigit() for one in text) and (parts := _by_part_of_a_name(ledger, queryset, text, by)):
        ids |= parts
    if sealed := _by_sealed_words(ledger, queryset.filter(within), text, by, most):
        ids |= sealed
    if looks_for_words(ledger):
        worded = queryset.filter(within & words)
        if not ids and described is None:
            return worded
        held = list(worded.order_by().values_list("pk", flat=True)[: MOST_BY_KEY + 1])
        if len(held) > MOST_BY_KEY:
            described = within & words if described is None else described | (within & words)
        else:
            ids |= set(held)
    if described is None:
        return _just(ledger, queryset, ids)
    return queryset.filter(described | Q(pk__in=list(ids)))


def _by_index(ledger: Ledger, queryset: QuerySet[Any], text: str) -> tuple[set[UUID], Q | None]:
    """Of ``queryset`` alone the rows (``MOST_BY_KEY`` at most) of which a blind index answers; of more, how to ask for them.

    As many questions for somebody out of reach as for nobody. First by the index itself, whose rows are then named by their
    keys: asked for beside the reach in one breath, a database would walk through the list.
    """
    columns = [column for column in ledger.columns if column.searchable and column.index]
    if not columns:
        return set(), None
    people = Q()
    for column in columns:
        people |= whole(ledger, column, text)
    keys = list(ledger.model.objects.order_by().filter(people).values_list("pk", flat=True)[: MOST_BY_KEY + 1])
    named = people if len(keys) > MOST_BY_KEY else Q(pk__in=[NOBODY, *keys])
    ids = set(queryset.order_by().filter(named).values_list("pk", flat=True)[: MOST_BY_KEY + 1])
    return (set(), named) if len(ids) > MOST_BY_KEY else (ids, None)


def _by_part_of_a_name(ledger: Ledger, within: QuerySet[Any], text: str, by: Actor | None) -> set[UUID]:
    """Of the rows of the reader's reach alone those whose name answers, so that no other row can be told from none."""
    asked = NameAsked.of(text)
    if by is None or not asked.may_be_part:
        return set()
    found: set[UUID] = set()
    for column in ledger.columns:
        if column.searchable and column.kind == Kind.PERSON_NAME and column.index:
            whose = column.index.removesuffix("name_index").replace(".", "__")
            lines = within.select_related(None).values_list("pk", column.lookup)
            found |= _shown(ledger, column, by, asked, ways(answering(lines, asked, ledger.compartment, whose=whose), asked))
    return found


def _shown(ledger: Ledger, column: Column, by: Actor, asked: NameAsked, hits: Mapping[UUID, Way]) -> set[UUID]:
    """Of the rows whose name answers those that still do under the mask this reader sees it by."""
    clear = reads_clear(by, compartment=ledger.compartment, ledger=ledger.code)
    if clear and ledger.shielded is None:
        return set(hits)
    rows = ledger.with_related(ledger.model.objects.filter(pk__in=list(hits)))
    shown = ((row, cell(column, column.value_of(row), clear=clear and not ledger.shields(row)).text) for row in rows)
    return {row.pk for row, text in shown if asked.way(text) is not None}


def whole(ledger: Ledger, column: Column, text: str) -> Q:
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

"""Which reads saw a row, without looking through the log: an index beside it, kept by the sealer.

The log stays the truth. ``compare`` lays the index beside it, ``rebuild`` makes it agree; reads that are not sealed yet
are few and are looked through.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final, TypeVar
from uuid import UUID

from django.db import connections, models, transaction

from qingyuan.foundation.audit.models import AUDIT_DATABASE, ReadEntry, ReadRow

ENTRIES_PER_STEP: Final = 500
ROWS_PER_INSERT: Final = 5_000
T = TypeVar("T")


@dataclass(frozen=True)
class Compared:
    """``entries`` sealed reads name ``named`` rows; ``missing`` of these are not in the index, ``strange`` stand in it alone."""

    entries: int
    named: int
    missing: int
    strange: int

    @property
    def ok(self) -> bool:
        return not self.missing and not self.strange


def rows_in(row_ids: str) -> frozenset[UUID]:
    """The rows that an entry's ``row_ids`` names; what is no row (a number, a code) is left out."""
    found = set()
    for text in json.loads(row_ids) if row_ids else ():
        try:
            found.add(UUID(text))
        except ValueError:
            continue
    return frozenset(found)


def note(sealed: Iterable[tuple[int, str]]) -> None:
    """Put entries, each its ``seq`` and ``row_ids``, into the index; in the transaction that seals them."""
    connection = connections[AUDIT_DATABASE]
    prepare = ReadRow._meta.get_field("row_id").get_db_prep_save
    lines = ((prepare(row_id, connection), seq) for seq, row_ids in sealed for row_id in rows_in(row_ids))
    # Past model instances: a sealed export names a hundred thousand rows, and readers wait for the sealer's transaction.
    table = connection.ops.quote_name(ReadRow._meta.db_table)
    with connection.cursor() as cursor:
        for some in _some(lines, ROWS_PER_INSERT):
            cursor.executemany(f"INSERT INTO {table} (row_id, seq) VALUES (%s, %s) ON CONFLICT DO NOTHING", some)


def reads_of_any(row_ids: Iterable[UUID]) -> models.QuerySet[ReadEntry]:
    """Who has seen one of these rows, the newest first."""
    wanted = frozenset(row_ids)
    # Looked through first: one that is sealed between the two is then named twice, not missed.
    waiting = _unsealed(wanted)
    sealed = ReadRow.objects.filter(row_id__in=wanted).values("seq")
    return ReadEntry.objects.filter(models.Q(seq__in=sealed) | models.Q(pk__in=waiting))


def _unsealed(wanted: frozenset[UUID]) -> list[UUID]:
    entries = ReadEntry.objects.using(AUDIT_DATABASE).filter(seq=None).exclude(row_ids="").order_by()
    names = {str(row_id) for row_id in wanted}
    found = entries.values_list("pk", "row_ids").iterator()
    return [pk for pk, row_ids in found if not names.isdisjoint(json.loads(row_ids))]


def compare() -> Compared:
    """Every sealed entry beside the index."""
    entries = named = missing = 0
    for step in _steps():
        pairs = [(row_id, seq) for seq, row_ids in step for row_id in rows_in(row_ids)]
        entries += len(step)
        named += len(pairs)
        missing += len(pairs) - _known(pairs)
    in_index = ReadRow.objects.using(AUDIT_DATABASE).count()
    return Compared(entries, named, missing, strange=max(in_index - (named - missing), 0))


def rebuild() -> Compared:
    """Make the index agree with the log; returns what was found to be wrong.

    What is missing is added step by step, and readers wait for none of it. Lines that no entry knows can only come from
    outside the platform: then all is made anew in one transaction, during which no page with names can be opened.
    """
    found = compare()
    if found.strange:
        with transaction.atomic(using=AUDIT_DATABASE):
            ReadRow.objects.using(AUDIT_DATABASE).all().delete()
            for step in _steps():
                note(step)
    elif found.missing:
        for step in _steps():
            with transaction.atomic(using=AUDIT_DATABASE):
                note(step)
    return found


def _steps() -> Iterator[list[tuple[int, str]]]:
    """The sealed entries in their order, some at a time."""
    last = -1
    entries = ReadEntry.objects.using(AUDIT_DATABASE).filter(seq__isnull=False).order_by("seq")
    while step := list(entries.filter(seq__gt=last).values_list("seq", "row_ids")[:ENTRIES_PER_STEP]):
        yield [(int(seq or 0), row_ids) for seq, row_ids in step]
        last = int(step[-1][0] or 0)


def _known(pairs: list[tuple[UUID, int]]) -> int:
    """How many of ``pairs`` stand in the index."""
    known = 0
    for some in _some(pairs, 400):
        seqs = {seq for _row_id, seq in some}
        wanted = set(some)
        lines = ReadRow.objects.using(AUDIT_DATABASE).filter(
            row_id__in={row_id for row_id, _seq in some}, seq__gte=min(seqs), seq__lte=max(seqs)
        )
        known += sum(1 for line in lines.values_list("row_id", "seq") if line in wanted)
    return known


def _some(things: Iterable[T], size: int) -> Iterator[list[T]]:
    rest = iter(things)
    while some := list(islice(rest, size)):
        yield some

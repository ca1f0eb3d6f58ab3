"""The only writers of parties: the people in a case, each in one role."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction

from qingyuan.casework.actions import clocks
from qingyuan.enforcement import rules
from qingyuan.enforcement.actions._lookup import place_in_case
from qingyuan.enforcement.models import Party
from qingyuan.enforcement.people import index_people
from qingyuan.foundation import audit
from qingyuan.foundation.enums import Compartment
from qingyuan.ledgers import registry
from qingyuan.ledgers import writing as _writing
from qingyuan.ledgers.declaration import Draft, Writing
from qingyuan.organisation.actor import Actor

LEDGER = "parties"


def prepare(drafts: Sequence[Draft], writing: Writing) -> None:
    """Find each draft's case, index the person, and derive from the number whether it was a minor."""
    place_in_case(drafts, writing)
    index_people(drafts, dated_by="caught_on")
    for draft in drafts:
        draft.problems += rules.not_in_future(draft.values, ("caught_on", "outcome_on"), writing.on)


@transaction.atomic
def record(*, drafts: Sequence[Draft], writing: Writing) -> list[Any]:
    rows = _writing.insert(registry.get(LEDGER), drafts, writing)
    if not writing.in_flight:
        follow(rows=rows, writing=writing)
    return rows


@transaction.atomic
def change(*, changes: Sequence[tuple[Any, Draft]], writing: Writing) -> None:
    _writing.change(registry.get(LEDGER), changes, writing)
    follow(rows=[row for row, _draft in changes], writing=writing)


@transaction.atomic
def void(*, rows: Sequence[Any], writing: Writing) -> None:
    _writing.void(registry.get(LEDGER), rows, writing)
    clocks.give_up(ledger=LEDGER, rows=rows, by=writing.by)


@transaction.atomic
def seal(*, rows: Sequence[Any], on: date, by: Actor, article: str) -> int:
    """Close rows by law: nobody finds one from then on, its clocks end, the keys of its values in the log are sealed; its facts stay,
    so that totals add up. Returns how many were closed now."""
    held = list(Party.objects.select_for_update().filter(pk__in=[row.pk for row in rows], sealed_on=None).select_related("case"))
    clocks.give_up(ledger=LEDGER, rows=held, by=by)
    for row in held:
        audit.seal_record_key(row.pk)
        Party.objects.filter(pk=row.pk).update(sealed_on=on)
        audit.record_write(
            by=by,
            act="parties.seal",
            ledger=LEDGER,
            rows=[audit.RowDelta(row_id=row.pk, compartment=Compartment.ENFORCEMENT, before={"sealed_on": None}, after={"sealed_on": on.isoformat()})],
            division_id=row.division_id,
            summary=article,
        )
    clocks.close_rows([row.pk for row in held])
    return len(held)


def follow(*, rows: Sequence[Any], writing: Writing) -> None:
    """The clocks of custody and bail follow what was done with the person."""
    clocks.follow(ledger=LEDGER, rows=rows, by=writing.by)

"""What is still staged of a person who is closed everywhere: marked before anybody opens the file's page again.

In a batch nobody has decided upon, the rows about the person stay as places without content that say why they cannot go in; every other
row stays as it was. The batch remembers the keyed indexes of whom it must not show, so that a file that is read only now, or read anew,
is marked as well. Of a batch that is in the ledger only the bad rows are left, and those about the person are struck. What somebody
brings in afterwards is theirs, as anything typed is.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from qingyuan.foundation import identity
from qingyuan.foundation.crypto import blind_index
from qingyuan.foundation.words import Problem
from qingyuan.ledgers import registry
from qingyuan.ledgers.declaration import Draft, Ledger
from qingyuan.ledgers.importing import staging
from qingyuan.ledgers.importing.staging import Staged
from qingyuan.ledgers.models import ImportBatch, StagedBlock
from qingyuan.ledgers.models.imports import BatchState, RowState

_UNDECIDED = (BatchState.WAITING, BatchState.CHECKING, BatchState.CHECKED, BatchState.FAILED)
_READ = (BatchState.CHECKED, BatchState.DONE)
_WHOLE_NUMBER = re.compile(r"\d{17}[\dXx]")
#: Under which name a batch remembers whom it must not show, in its encrypted notes: two keyed indexes a person.
CLOSED: Final = "closed"
_PURPOSE: Final = "staged_person"


@dataclass(frozen=True)
class Closed:
    """People a batch must not show, as the keyed indexes of their numbers and names within the ledger's compartment."""

    ledger: Ledger
    numbers: frozenset[str]
    names: frozenset[str]

    @classmethod
    def of(cls, ledger: Ledger, kept: Sequence[Sequence[str]]) -> Closed:
        return cls(ledger, frozenset(number for number, _name in kept), frozenset(name for _number, name in kept))

    def names_row(self, row: Staged) -> bool:
        """By the whole number anywhere in the row; by the name alone where no other whole number stands beside it."""
        cells = [tidy for cell in (*row.draft.values.values(), *row.raw) if (tidy := _tidy(cell))]
        numbers = {found.upper() for cell in cells for found in _WHOLE_NUMBER.findall(cell)}
        if any(self._index(one) in self.numbers for one in numbers):
            return True
        return not any(_is_whole(one) for one in numbers) and any(self._index(cell) in self.names for cell in cells)

    def _index(self, text: str) -> str:
        return blind_index(self.ledger.compartment, _PURPOSE, text)


@transaction.atomic
def forget_person(*, ledgers: Collection[str], name: str, id_number: str) -> int:
    """Close what stands staged about this person in these ledgers; returns how many batches show something else than before."""
    found = ImportBatch.objects.filter(ledger__in=list(ledgers), state__in=(*_UNDECIDED, BatchState.DONE))
    touched = 0
    for batch in found.select_for_update(of=("self",)).order_by("pk"):
        ledger = registry.get(batch.ledger)
        one = [blind_index(ledger.compartment, _PURPOSE, text) for text in (id_number, _tidy(name))]
        named = name in batch.filename
        if named:
            batch.filename = gettext_noop("(已封存)") + batch.filename[batch.filename.rfind(".") :]
            batch.save(update_fields=["filename"])
        if batch.state in _UNDECIDED:
            batch.found = batch.found | {CLOSED: [*batch.found.get(CLOSED, ()), one]}
            batch.save(update_fields=["found"])
        closed = Closed.of(ledger, [one])
        touched += bool((batch.state in _READ and close_rows(batch, closed)) or named)
    return touched


def remembered(batch: ImportBatch) -> list[list[str]]:
    """Whom a batch must not show, as it stands in the database now (inside the caller's transaction)."""
    kept: list[list[str]] = ImportBatch.objects.select_for_update().only("found").get(pk=batch.pk).found.get(CLOSED, [])
    return kept


def close_rows(batch: ImportBatch, closed: Closed) -> int:
    """Mark the staged rows about these people, or strike them where the batch is in its ledger; returns how many there were."""
    count = 0
    for block in batch.blocks.order_by("first"):
        rows = staging.open_block(closed.ledger, block)
        about = [row for row in rows if closed.names_row(row)]
        if about:
            count += len(about)
            _replace(batch, closed.ledger, block, rows, about)
    return count


def _replace(batch: ImportBatch, ledger: Ledger, block: StagedBlock, rows: Sequence[Staged], about: Sequence[Staged]) -> None:
    gone = {row.number for row in about}
    kept = [row for row in rows if row.number not in gone]
    marks = [] if batch.state == BatchState.DONE else [_mark(row.number) for row in about]
    counted = f"{block.state}_count"
    setattr(batch, counted, max(getattr(batch, counted) - len(about), 0))
    batch.bad_count += len(marks)
    batch.save(update_fields=[counted, "bad_count"])
    block.delete()
    # A row's number is in the file once, so no block begins where another of its state does.
    StagedBlock.objects.bulk_create(staging.close(ledger, batch, sorted((*kept, *marks), key=lambda row: row.number)))


def _mark(number: int) -> Staged:
    """A place without content: that there was a row, and why it does not go in."""
    why = _("这一行是已经停止动态管控、记录封存的人,内容不再显示,也不能入库;其余的行照常核对、入库。")
    return Staged(number, RowState.BAD, Draft(number=number, values={}, problems=[Problem(column="", address="", value="", message=why)]))


def _is_whole(number: str) -> bool:
    try:
        identity.parse(number)
    except identity.BadIdentityNumber:
        return False
    return True


def _tidy(cell: Any) -> str:
    return re.sub(r"\s", "", str(cell or ""))

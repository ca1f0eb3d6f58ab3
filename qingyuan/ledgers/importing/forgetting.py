"""What is still staged of a person who is closed everywhere: gone before anybody opens the file's page again.

A batch nobody has decided upon is given up with its file, since it could be read anew; of one that is in the ledger only the bad
rows are left, and those about the person are struck. What somebody brings in afterwards is theirs, as anything typed is.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from qingyuan.foundation import identity
from qingyuan.ledgers import registry
from qingyuan.ledgers.declaration import Ledger
from qingyuan.ledgers.importing import staging
from qingyuan.ledgers.importing.promote import discard
from qingyuan.ledgers.importing.staging import Staged
from qingyuan.ledgers.models import ImportBatch, StagedBlock
from qingyuan.ledgers.models.imports import BatchState

_UNDECIDED = (BatchState.CHECKED, BatchState.FAILED)
_WHOLE_NUMBER = re.compile(r"\d{17}[\dXx]")


@transaction.atomic
def forget_person(*, ledgers: Collection[str], name: str, id_number: str) -> int:
    """Close what stands staged about this person in these ledgers; returns how many batches it touched."""
    found = ImportBatch.objects.filter(ledger__in=list(ledgers), state__in=(*_UNDECIDED, BatchState.DONE))
    touched = 0
    for batch in found.select_for_update(of=("self",)).order_by("pk"):
        named = name in batch.filename
        blocks = [block for block in batch.blocks.order_by("first") if _about_any(batch, block, name, id_number)]
        if named:
            batch.filename = _("(已封存)") + batch.filename[batch.filename.rfind(".") :]
            batch.save(update_fields=["filename"])
        if blocks and batch.state in _UNDECIDED:
            batch.message = _("里面有已经停止动态管控、姓名封存的人:整批已放弃,文件已删除。请从原表里去掉,再导入其余的人。")
            batch.save(update_fields=["message"])
            discard(batch=batch)
        else:
            for block in blocks:
                _strike(batch, block, name, id_number)
        touched += bool(named or blocks)
    return touched


def _about_any(batch: ImportBatch, block: StagedBlock, name: str, id_number: str) -> bool:
    return any(_is_about(row, name, id_number) for row in staging.open_block(registry.get(batch.ledger), block))


def _strike(batch: ImportBatch, block: StagedBlock, name: str, id_number: str) -> None:
    ledger: Ledger = registry.get(batch.ledger)
    rows = staging.open_block(ledger, block)
    kept = [row for row in rows if not _is_about(row, name, id_number)]
    counted = f"{block.state}_count"
    setattr(batch, counted, max(getattr(batch, counted) - (len(rows) - len(kept)), 0))
    batch.save(update_fields=[counted])
    block.delete()
    if kept:
        StagedBlock.objects.bulk_create(staging.close(ledger, batch, kept))


def _is_about(row: Staged, name: str, id_number: str) -> bool:
    """By the whole number anywhere in the row; by the name alone where no other whole number stands beside it."""
    cells = [_tidy(cell) for cell in (*row.draft.values.values(), *row.raw)]
    numbers = {found.upper() for cell in cells for found in _WHOLE_NUMBER.findall(cell)}
    if id_number in numbers:
        return True
    return not any(_is_whole(one) for one in numbers) and any(cell == name for cell in cells)


def _is_whole(number: str) -> bool:
    try:
        identity.parse(number)
    except identity.BadIdentityNumber:
        return False
    return True


def _tidy(cell: Any) -> str:
    return re.sub(r"\s", "", str(cell or ""))

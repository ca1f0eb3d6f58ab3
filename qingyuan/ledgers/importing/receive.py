"""Taking a file in: stored encrypted under the ledger's compartment, named by its digest, waiting to be checked."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from qingyuan.foundation import clock
from qingyuan.foundation.crypto import decrypt_text, encrypt_text
from qingyuan.foundation.file_kinds import HEAD_BYTES, WrongFile, check_name
from qingyuan.ledgers import registry
from qingyuan.ledgers.declaration import Ledger
from qingyuan.ledgers.models import ImportBatch
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.enums import Action
from qingyuan.organisation.scope import may

AAD = "ledgers.ImportBatch.file"
MOST_BYTES = 60 * 1024 * 1024


class CannotImport(ValueError):
    """The file is not taken in; the message says why and what to do."""


def receive(*, ledger: Ledger, filename: str, content: bytes, by: Actor) -> ImportBatch:
    """Store ``content`` and open a batch for it. Raises CannotImport for a file too large or a role that may not."""
    if not ledger.importable:
        raise CannotImport(_("这本台账不从表格导入。"))
    decision = may(by, Action.CREATE, compartment=ledger.compartment, ledger=ledger.code, on=clock.today())
    if not decision.allowed:
        raise CannotImport(decision.reason)
    if not content:
        raise CannotImport(_("文件是空的,请重新选择。"))
    if len(content) > MOST_BYTES:
        raise CannotImport(_("文件超过 60 MB,请拆成几个文件再导入。"))
    try:
        check_name(filename, content[:HEAD_BYTES])
    except WrongFile as wrong:
        raise CannotImport(str(wrong)) from wrong
    digest = hashlib.sha256(content).hexdigest()
    batch = ImportBatch(
        ledger=ledger.code,
        filename=Path(filename).name[:200],
        digest=digest,
        created_at=clock.now(),
        account_id=by.account_id,
        unit_id=by.unit_id,
        division_id=by.division_id,
    )
    batch.stored_as = f"{batch.id}.q1"
    path = _folder() / batch.stored_as
    path.write_text(encrypt_text(ledger.compartment, base64.b64encode(content).decode(), AAD), encoding="ascii")
    path.chmod(0o600)
    with transaction.atomic():
        batch.save(force_insert=True)
    return batch


def content_of(batch: ImportBatch) -> bytes:
    """The file as it came in. Raises CannotImport when it is no longer there."""
    path = _folder() / batch.stored_as
    if not path.exists():
        raise CannotImport(_("原文件已清理,请重新上传。"))
    text = decrypt_text(registry.get(batch.ledger).compartment, path.read_text(encoding="ascii"), AAD)
    return base64.b64decode(text)


def forget_file(batch: ImportBatch) -> None:
    """Remove the stored file once the batch is done or given up: the rows and the digest remain."""
    (_folder() / batch.stored_as).unlink(missing_ok=True)


def _folder() -> Path:
    folder = Path(settings.QINGYUAN_UPLOADS) / "imports"
    folder.mkdir(parents=True, exist_ok=True)
    return folder

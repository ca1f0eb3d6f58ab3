"""Files brought in and checked that nobody has decided upon."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from qingyuan.foundation.words import said
from qingyuan.journeys.todo.job import Job, page
from qingyuan.ledgers import registry
from qingyuan.ledgers.importing.batches import waiting_for
from qingyuan.ledgers.models.imports import BatchState
from qingyuan.organisation.actor import Actor


def jobs(actor: Actor, on: date) -> list[Job]:
    found = []
    for batch in waiting_for(actor, on):
        if batch.state != BatchState.CHECKED:
            continue
        note = _("%(ledger)s · 新增 %(new)s,更新 %(changed)s,有问题 %(bad)s") % {
            "ledger": said(registry.get(batch.ledger).title),
            "new": batch.new_count,
            "changed": batch.changed_count,
            "bad": batch.bad_count,
        }
        title = _("导入待确认:%(file)s") % {"file": batch.filename}
        found.append(Job(title, note, None, _("核对"), page("import-batch", batch.pk)))
    return found

"""Import work that outlives a request: the page shows progress and may be left."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.utils.translation import get_language, override
from django_tasks import task

from qingyuan.foundation import clock
from qingyuan.ledgers import registry
from qingyuan.ledgers.declaration import Writing
from qingyuan.ledgers.importing import check as checking
from qingyuan.ledgers.importing import landing
from qingyuan.ledgers.importing import promote as promoting
from qingyuan.ledgers.models import ImportBatch
from qingyuan.ledgers.models.imports import BatchState
from qingyuan.organisation.actor import Actor, actor_of
from qingyuan.organisation.models import Account


@task()
def check(batch_id: str, language: str = settings.LANGUAGE_CODE) -> None:
    """``language``: in which its problems are told, that of the page the file came in by."""
    with override(language):
        checking.check(batch_id=batch_id, by=_writer(batch_id))


def ask_for_check(batch_id: UUID) -> None:
    """Have a file checked soon, its problems told in the language of the page that asks."""
    check.enqueue(str(batch_id), get_language() or settings.LANGUAGE_CODE)


@task()
def promote(batch_id: str) -> None:
    promoting.promote(batch_id=batch_id, by=_writer(batch_id))


@task()
def roll_out(batch_id: str) -> None:
    """Bring the facts and dues of a large batch in line after a stop."""
    batch = ImportBatch.objects.get(pk=batch_id)
    by = _writer(batch_id)
    landing.roll_out(registry.get(batch.ledger), batch, Writing(by=by, on=clock.today(), batch_id=batch.id))


def resume() -> int:
    """Take up again what a stopped worker left: nothing of it is visible yet, so it simply starts over. Returns how many."""
    left = ImportBatch.objects.filter(state__in=(BatchState.CHECKING, BatchState.PROMOTING), account_id__isnull=False)
    for batch in left:
        again = check if batch.state == BatchState.CHECKING else promote
        batch.state = BatchState.WAITING if batch.state == BatchState.CHECKING else BatchState.CHECKED
        batch.save(update_fields=["state"])
        again.enqueue(str(batch.id))
    landed = ImportBatch.objects.filter(state=BatchState.DONE, followed=False)
    for batch in landed:
        roll_out.enqueue(str(batch.id))
    return len(left) + len(landed)


def _writer(batch_id: str) -> Actor:
    """The one who brought the file in, with the grants of today."""
    batch = ImportBatch.objects.get(pk=batch_id)
    account = Account.objects.select_related("unit__division").get(pk=batch.account_id or 0)
    return actor_of(account, clock.today())

"""Loading the city: the workbooks through the import people use, then what the office does with the figures."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.db.models import Q

from qingyuan.demo import books as workbooks
from qingyuan.demo.story.telling import Story
from qingyuan.foundation import clock
from qingyuan.ledgers import registry
from qingyuan.ledgers.importing.check import check
from qingyuan.ledgers.importing.promote import discard, promote
from qingyuan.ledgers.importing.receive import receive
from qingyuan.ledgers.models.imports import BatchState
from qingyuan.organisation.actor import Actor, actor_of
from qingyuan.organisation.enums import Role
from qingyuan.organisation.models import Account
from qingyuan.rehabilitation.actions import clients

EXAMPLES = Path(__file__).resolve().parents[2] / "examples" / "ledgers"
Say = Callable[[str], None]


@dataclass(frozen=True)
class Imported:
    path: str
    ledger: str
    taken: int
    refused: int


class CannotLoad(RuntimeError):
    """A workbook of the demo did not come in; the message is the import's own."""


def import_workbooks(story: Story) -> Iterator[Imported]:
    """Bring in every workbook of ``examples/ledgers`` as the account that keeps it; what is bad stays out, as always."""
    actors: dict[str, Actor] = {}
    for book in workbooks.books(story):
        by = actors.setdefault(book.keeper, keeper(book.keeper))
        path = EXAMPLES / book.path
        batch = receive(ledger=registry.get(book.ledger), filename=path.name, content=path.read_bytes(), by=by)
        batch = check(batch_id=batch.id, by=by)
        if batch.state == BatchState.FAILED:
            raise CannotLoad(f"{book.path}: {batch.message}")
        if batch.new_count + batch.changed_count:
            batch = promote(batch_id=batch.id, by=by)
        else:
            discard(batch=batch)
        yield Imported(book.path, book.ledger, batch.new_count + batch.changed_count, batch.bad_count)


def keeper(username: str) -> Actor:
    """The account that keeps a workbook, with its own rights and no more."""
    return actor_of(Account.objects.select_related("unit__division").get(username=username), clock.today())


def share_caseload() -> int:
    """Every second client of a town goes to its social worker; the rest stay with the officer. Returns how many moved."""
    moved = 0
    workers = Account.objects.filter(Q(grants__role=Role.CASEWORKER)).select_related("unit__division").order_by("pk")
    for worker in workers:
        officer = keeper(worker.unit.code)
        moved += clients.share(unit_id=worker.unit_id, caseworker=worker, every=2, by=officer)
    return moved

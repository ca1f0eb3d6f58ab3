"""Keeping each day's scores, so that a page can say what they were yesterday."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from qingyuan.foundation import audit, clock
from qingyuan.governance.models import Letter, ScoreSnapshot
from qingyuan.governance.queries.schemes import scheme_of
from qingyuan.governance.queries.trees import trees_of
from qingyuan.governance.scoring.disclosure import shown_to_others
from qingyuan.governance.scoring.numbers import plain
from qingyuan.governance.scoring.serialise import tree_hash
from qingyuan.governance.scoring.tree import ScoreTree
from qingyuan.indicators import store
from qingyuan.organisation.actor import Actor


@transaction.atomic
def take(*, year: int, on: date, by: Actor) -> int:
    """Keep the score of every live letter of ``year`` as of ``on``; a second time on one day replaces the first.

    Returns how many were kept. Run by the daily job.
    """
    letters = [
        letter for letter in Letter.objects.live().filter(year=year).select_related("scheme") if _in_force(letter, on)
    ]
    trees = trees_of(letters, on)
    rows = [_row(letter, trees[letter.pk], on) for letter in letters]
    ScoreSnapshot.objects.filter(day=on, letter__in=letters).delete()
    ScoreSnapshot.objects.bulk_create(rows, batch_size=500)
    if rows:
        audit.record_write(by=by, act="scores.keep", ledger="letters", rows=[], summary=f"{on:%Y-%m-%d} {len(rows)}")
    return len(rows)


def _in_force(letter: Letter, on: date) -> bool:
    scheme = scheme_of(letter.scheme)
    return scheme.valid_from <= on < scheme.valid_to


def _row(letter: Letter, tree: ScoreTree, on: date) -> ScoreSnapshot:
    shown = shown_to_others(scheme_of(letter.scheme), tree)
    return ScoreSnapshot(
        letter=letter,
        day=on,
        points=tree.total,
        pending=tree.pending,
        shown_low=shown.low,
        shown_high=shown.high,
        grade=tree.grade,
        clauses={clause.id: None if clause.points is None else plain(clause.points) for clause in tree.clauses()},
        tree_hash=tree_hash(tree),
        fact_version=store.version(),
        taken_at=clock.now(),
    )

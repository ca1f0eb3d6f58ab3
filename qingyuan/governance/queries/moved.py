"""What moved a letter's score since its last kept snapshot: clause by clause, down to rows, dues, returns and entries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _

from qingyuan.governance.models import Letter, ManualEntry, Return, ScoreSnapshot
from qingyuan.governance.permissions import sees_own_score
from qingyuan.governance.queries.inputs import Numbers, figures_of, own_inputs, question_of, refs_of, subject_of
from qingyuan.governance.queries.schemes import scheme_of
from qingyuan.governance.queries.trees import tree_of
from qingyuan.governance.scoring.diff import Change, compare
from qingyuan.governance.scoring.disclosure import shown_to_others
from qingyuan.governance.scoring.numbers import Part
from qingyuan.governance.scoring.refs import parse_ref
from qingyuan.governance.scoring.score import score
from qingyuan.governance.scoring.serialise import tree_hash
from qingyuan.governance.scoring.tree import ScoreTree
from qingyuan.indicators import catalogue
from qingyuan.indicators.queries import RowRef, rows_behind
from qingyuan.organisation.actor import Actor

MISSING: Final = "missing"


@dataclass(frozen=True)
class MovedRow:
    """A row that came among those a number counts since then (``came``), or is no longer among them."""

    row: RowRef
    came: bool


@dataclass(frozen=True)
class MovedNumber:
    """One number of a clause that moved: its indicator's part and the rows that make the difference; or a return, an entry."""

    key: str
    part: str
    label: str
    rows: tuple[MovedRow, ...] = ()
    returns: tuple[Return, ...] = ()
    entries: tuple[ManualEntry, ...] = ()


@dataclass(frozen=True)
class MovedClause:
    id: str
    title: str
    before: Decimal | None
    after: Decimal | None
    why: tuple[str, ...]
    numbers: tuple[MovedNumber, ...] = ()

    @property
    def delta(self) -> Decimal:
        return (self.after or Decimal(0)) - (self.before or Decimal(0))


@dataclass(frozen=True)
class Moved:
    """``before`` and ``after`` are None where the reader may only see a range; ``closed`` clauses are told to the unit alone.

    ``exact``: the score of then was found again from what was known then, so that its rows can be laid beside today's.
    """

    since: datetime
    day: date
    before: Decimal | None
    after: Decimal | None
    clauses: tuple[MovedClause, ...]
    closed: int
    exact: bool


def moved_since(letter: Letter, on: date, reader: Actor) -> Moved | None:
    """Since the last snapshot of a day before ``on``; None where none was kept."""
    kept = ScoreSnapshot.objects.filter(letter=letter, day__lt=on).order_by("-day").first()
    if kept is None:
        return None
    now, then = tree_of(letter, on), tree_then(letter, kept)
    exact = tree_hash(then) == kept.tree_hash
    if sees_own_score(reader, letter, on):
        changes = compare(then, now).changes if exact else _by_points(kept, now)
        clauses = tuple(_opened(letter, change, kept, on, exact) for change in changes)
        return Moved(kept.taken_at, kept.day, kept.points, now.total, clauses, 0, exact)
    return _for_others(letter, kept, then, now, exact)


def tree_then(letter: Letter, kept: ScoreSnapshot) -> ScoreTree:
    """The score of the snapshot's day made again of what was recorded when it was taken."""
    scheme, day, known = scheme_of(letter.scheme), kept.day, kept.taken_at
    refs = refs_of(scheme, day)
    figures = figures_of([letter], [ref.code for ref in refs if ref.source == "indicator"], day, known)
    own = own_inputs([letter], refs, day, known=known)[letter.pk]
    inputs: Numbers = {**figures[letter.pk], **own.numbers}
    return score(scheme, inputs, day, unit_kind=letter.unit.kind)


def _by_points(kept: ScoreSnapshot, now: ScoreTree) -> Sequence[Change]:
    """Where the score of then cannot be made again (the sheet or a town's place changed): by the points that were kept."""
    found = []
    for clause in now.clauses():
        text = kept.clauses.get(clause.id)
        before = None if text is None else Decimal(str(text).replace("−", "-"))
        if before != clause.points:
            found.append(Change(clause.id, clause.title, before, clause.points, (_("当时的数已不能重算,只比得分"),)))
    return sorted(found, key=lambda change: -abs(change.delta))


def _for_others(letter: Letter, kept: ScoreSnapshot, then: ScoreTree, now: ScoreTree, exact: bool) -> Moved:
    """A clause is told where it stood open on both days; of the rest only that they are closed, never whether they moved."""
    scheme = scheme_of(letter.scheme)
    shown_then, shown_now = shown_to_others(scheme, then), shown_to_others(scheme, now)
    hidden = {
        clause.id for shown in (shown_then, shown_now) for group in shown.groups for clause in group.clauses if clause.hidden
    }
    changes = [change for change in compare(then, now).changes if change.clause_id not in hidden] if exact else []
    clauses = tuple(MovedClause(one.clause_id, one.title, one.before, one.after, one.why) for one in changes)
    before, after = (shown_then.total, shown_now.total) if exact and not hidden else (None, None)
    return Moved(kept.taken_at, kept.day, before, after, clauses, len(hidden), exact)


def _opened(letter: Letter, change: Change, kept: ScoreSnapshot, on: date, exact: bool) -> MovedClause:
    numbers = _numbers(letter, change.clause_id, kept, on) if exact else ()
    return MovedClause(change.clause_id, change.title, change.before, change.after, change.why, numbers)


def _numbers(letter: Letter, clause_id: str, kept: ScoreSnapshot, on: date) -> tuple[MovedNumber, ...]:
    scheme = scheme_of(letter.scheme)
    written = next((c for c in scheme.clauses() if c.id == clause_id and c.in_force(on)), None)
    if written is None:
        return ()
    found = []
    for name, text in written.inputs.items():
        ref = parse_ref(text, clause=clause_id, name=name)
        if ref.source == "indicator":
            found.append(_of_indicator(letter, ref.key, ref.code, ref.part, kept, on))
        elif ref.source == "return":
            form = ref.code.partition(".")[0]
            filed = Return.objects.locked().filter(unit_id=letter.unit_id, form=form, locked_at__gt=kept.taken_at)
            found.append(MovedNumber(ref.key, ref.part, form, returns=tuple(filed)))
        else:
            found.append(MovedNumber(ref.key, ref.part, ref.code, entries=_entries(letter, ref.key, kept.taken_at)))
    return tuple(one for one in found if one.rows or one.returns or one.entries)


def _of_indicator(letter: Letter, key: str, code: str, part: str, kept: ScoreSnapshot, on: date) -> MovedNumber:
    indicator = catalogue.get(code, on)
    asked = _part(part, [term.key for term in indicator.terms])
    term = indicator.term(asked) if asked != Part.VALUE else indicator.numerator
    whose = subject_of(letter)
    then = set(rows_behind(question_of(letter, code, kept.day, kept.taken_at), part=asked, division_id=whose))
    now = set(rows_behind(question_of(letter, code, on), part=asked, division_id=whose))
    rows = [MovedRow(row, True) for row in sorted(now - then)] + [MovedRow(row, False) for row in sorted(then - now)]
    return MovedNumber(key, asked, term.title, rows=tuple(rows))


def _part(part: str, keys: Sequence[str]) -> str:
    """Of a rate what it lacks, where the indicator names it: that is what costs points."""
    return MISSING if part == Part.VALUE and MISSING in keys else part


def _entries(letter: Letter, key: str, since: datetime) -> tuple[ManualEntry, ...]:
    entries = ManualEntry.objects.filter(letter=letter, key=key)
    return tuple(
        one
        for one in entries
        if any(at is not None and at > since for at in (one.entered_at, one.reviewed_at, one.withdrawn_at))
    )

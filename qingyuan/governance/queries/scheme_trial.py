"""A sheet tried on a year that has been, before anybody publishes it: old points beside new ones, from the same facts.

Who tries a sheet chooses its bands, and with enough sheets could halve his way to a number that is closed to him. So a clause
that is closed to the reader under either sheet is closed whole here: no grade word, no narrower range than the clause itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from qingyuan.governance.models import Letter
from qingyuan.governance.permissions import letters_visible, sees_own_score
from qingyuan.governance.queries.schemes import scheme_of
from qingyuan.governance.queries.trees import trees_of, trees_under
from qingyuan.governance.rules.drafts import for_year
from qingyuan.governance.scoring.diff import compare
from qingyuan.governance.scoring.disclosure import shown_to_others, total_with_closed
from qingyuan.governance.scoring.numbers import ZERO
from qingyuan.governance.scoring.scheme import Scheme
from qingyuan.governance.scoring.tree import ScoreTree
from qingyuan.organisation.actor import Actor

Span = tuple[Decimal, Decimal]


@dataclass(frozen=True)
class ClauseEffect:
    """One clause under both sheets. Points None where it has none; ``closed``: not for this reader, under neither sheet."""

    id: str
    title: str
    before: Decimal | None
    after: Decimal | None
    of_before: Decimal | None
    of_after: Decimal | None
    closed: bool
    why: tuple[str, ...]
    arithmetic: str

    @property
    def delta(self) -> Decimal | None:
        return None if self.closed else (self.after or ZERO) - (self.before or ZERO)

    @property
    def changed(self) -> bool:
        return self.closed or bool(self.delta) or (self.before is None) != (self.after is None)


@dataclass(frozen=True)
class LetterEffect:
    """One letter under both sheets: totals as ranges, equal ends where they are exact for this reader."""

    letter: Letter
    before: Span
    after: Span
    grade_before: str
    grade_after: str
    pending: Decimal
    clauses: tuple[ClauseEffect, ...]

    @property
    def exact(self) -> bool:
        return self.before[0] == self.before[1] and self.after[0] == self.after[1]

    @property
    def delta(self) -> Decimal | None:
        return self.after[0] - self.before[0] if self.exact else None

    @property
    def open_delta(self) -> Decimal:
        """What the clauses open to this reader give more or less."""
        return sum((clause.delta or ZERO for clause in self.clauses), ZERO)

    @property
    def closed(self) -> int:
        return sum(1 for clause in self.clauses if clause.closed)


@dataclass(frozen=True)
class Trial:
    """``on``: the day the points are reckoned for; the last of a year that is over."""

    on: date
    letters: tuple[LetterEffect, ...]


def trial(scheme: Scheme, letters: Sequence[Letter], on: date, reader: Actor) -> Trial:
    """The sheet tried on these letters; its dates are moved to the year of ``on``. The caller has checked that it is sound."""
    moved = for_year(scheme, on.year)
    old, new = trees_of(letters, on), trees_under(letters, moved, on)
    effects = [_effect(letter, old[letter.pk], new[letter.pk], moved, reader) for letter in letters]
    return Trial(on, tuple(effects))


def letters_tried(reader: Actor, city_id: int, year: int, today: date, scheme: Scheme) -> list[Letter]:
    """The letters of a year that ``reader`` may see and that the sheet is for, in their order."""
    found = letters_visible(reader, today).live().filter(city_id=city_id, year=year)
    return [letter for letter in found if scheme.applies_to.takes(letter.unit.kind)]


def _effect(letter: Letter, old: ScoreTree, new: ScoreTree, scheme: Scheme, reader: Actor) -> LetterEffect:
    written, closed = scheme_of(letter.scheme), set[str]()
    if not sees_own_score(reader, letter, new.on):
        closed = _closed(written, old) | _closed(scheme, new)
    return LetterEffect(
        letter=letter,
        before=_span(written, old, closed),
        after=_span(scheme, new, closed),
        grade_before="" if closed else old.grade,
        grade_after="" if closed else new.grade,
        pending=ZERO if closed else new.pending,
        clauses=_clauses(old, new, closed),
    )


def _closed(scheme: Scheme, tree: ScoreTree) -> set[str]:
    """Clauses that others may not see: by number, so that the same clause is closed under the other sheet too. Whether one
    for units of a certain size applies tells the size, so it is closed as well."""
    shown = shown_to_others(scheme, tree)
    hidden = {clause.id for group in shown.groups for clause in group.clauses if clause.hidden}
    return hidden | {clause.id for clause in scheme.clauses() if clause.only_for.sizes}


def _span(scheme: Scheme, tree: ScoreTree, closed: set[str]) -> Span:
    """The total, or what it can be with every closed clause anywhere between its own ends."""
    if not closed:
        return tree.total, tree.total
    if any(only.sizes for only in (*(c.only_for for c in scheme.clauses()), *(a.only_for for a in scheme.annexes))):
        return ZERO, tree.of + scheme.bonus_cap()
    return total_with_closed(scheme, tree, closed)


def _clauses(old: ScoreTree, new: ScoreTree, closed: set[str]) -> tuple[ClauseEffect, ...]:
    before, after = {c.id: c for c in old.clauses()}, {c.id: c for c in new.clauses()}
    why = {change.clause_id: change.why for change in compare(old, new).changes}
    found = []
    for clause_id in dict.fromkeys([*after, *before]):
        one, two = before.get(clause_id), after.get(clause_id)
        some, hidden = two or one, clause_id in closed
        if some is None:
            continue
        found.append(
            ClauseEffect(
                id=clause_id,
                title=some.title,
                before=None if hidden or one is None else one.points,
                after=None if hidden or two is None else two.points,
                of_before=None if one is None else one.of,
                of_after=None if two is None else two.of,
                closed=hidden,
                why=() if hidden else why.get(clause_id, ()),
                arithmetic="" if hidden or two is None else two.arithmetic or (two.lines[0] if two.lines else ""),
            )
        )
    return tuple(found)

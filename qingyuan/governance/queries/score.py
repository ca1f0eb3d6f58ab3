"""The live score of a letter as a page shows it: letter → clause → rule → number → rows, dues or return.

Readers outside the unit see a display in which nothing turns on fewer than five people (mission.md line 5).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from qingyuan.governance.models import Letter
from qingyuan.governance.permissions import letters_visible, sees_own_score
from qingyuan.governance.queries.inputs import scored_period
from qingyuan.governance.queries.schemes import scheme_of
from qingyuan.governance.queries.trees import tree_of, trees_of
from qingyuan.governance.scoring.disclosure import ShownClause, ShownTree, shown_to_others
from qingyuan.governance.scoring.numbers import SourceKind
from qingyuan.governance.scoring.refs import parse_ref
from qingyuan.governance.scoring.rule import Step
from qingyuan.governance.scoring.scheme import Clause, Scheme
from qingyuan.governance.scoring.serialise import tree_hash
from qingyuan.governance.scoring.tree import ClauseScore, ClauseState, InputUsed, Reading, ScoreTree
from qingyuan.indicators import store
from qingyuan.organisation.actor import Actor
from qingyuan.reference.periods import Period


@dataclass(frozen=True)
class Drill:
    """Where a number opens: ``indicators`` rows behind (indicator, part, period, division, as of), a return, or an entry.

    ``count`` is how many stand behind it; None where it is closed for this reader. ``unit_id``: of a member unit's own number.
    """

    source: str
    code: str
    part: str
    label: str
    period: Period
    division_id: int
    as_of: date
    count: Decimal | None
    unit: str
    kind: SourceKind
    unit_id: int | None = None


@dataclass(frozen=True)
class ExplainedClause:
    """One clause: its text and rule, the numbers it read, the arithmetic, and where each number opens.

    ``points`` is None where there is none yet or where it is closed; then ``hidden`` with ``word`` and its range.
    """

    id: str
    title: str
    text: str
    of: Decimal
    state: ClauseState
    points: Decimal | None
    hidden: bool
    word: str
    low: Decimal
    high: Decimal
    rule: str
    rule_title: str
    arithmetic: str
    lines: tuple[str, ...]
    steps: tuple[Step, ...]
    inputs: tuple[InputUsed, ...]
    drills: tuple[Drill, ...]
    readings: tuple[Reading, ...]
    evidence: str
    verification: str
    source: str

    @property
    def lost(self) -> Decimal | None:
        """Points not earned; None while unknown or closed."""
        return None if self.points is None else self.of - self.points


@dataclass(frozen=True)
class ExplainedGroup:
    """Exact when low equals high."""

    id: str
    title: str
    of: Decimal
    low: Decimal
    high: Decimal
    clauses: tuple[ExplainedClause, ...]


@dataclass(frozen=True)
class LetterScore:
    """A letter's score for one reader. ``tree`` and ``tree_hash`` only for the unit itself; ``total`` None where closed."""

    letter: Letter
    on: date
    period: Period
    fact_version: int
    own: bool
    title: str
    of: Decimal
    total: Decimal | None
    low: Decimal
    high: Decimal
    pending: Decimal | None
    grades: tuple[str, ...]
    grade_note: str
    groups: tuple[ExplainedGroup, ...]
    vetoes: tuple[ExplainedClause, ...]
    lines: tuple[str, ...]
    tree: ScoreTree | None
    tree_hash: str

    def clause(self, clause_id: str) -> ExplainedClause:
        """KeyError if there is none."""
        for clause in (*(clause for group in self.groups for clause in group.clauses), *self.vetoes):
            if clause.id == clause_id:
                return clause
        raise KeyError(clause_id)

    @property
    def clauses(self) -> tuple[ExplainedClause, ...]:
        return tuple(clause for group in self.groups for clause in group.clauses)

    @property
    def losses(self) -> tuple[ExplainedClause, ...]:
        """Scored clauses that lost points, the largest loss first."""
        lossy = [clause for clause in self.clauses if clause.lost is not None and clause.lost > 0]
        return tuple(sorted(lossy, key=lambda clause: (-(clause.lost or Decimal(0)), clause.id)))


def score_letter(letter: Letter, on: date, reader: Actor) -> LetterScore:
    """The explained score; the caller has checked that ``reader`` may view the letter.

    Raises scoring's SchemeNotInForce for a day outside the scheme's year, queries' SchemeChanged.
    """
    return _explained(letter, tree_of(letter, on), on, reader)


def scores_of_city(city_id: int, year: int, on: date, reader: Actor) -> list[LetterScore]:
    """All letters of a year that ``reader`` may view, in their order; the matrices are asked once for all of them."""
    letters = list(letters_visible(reader, on).live().filter(city_id=city_id, year=year))
    trees = trees_of(letters, on)
    return [_explained(letter, trees[letter.pk], on, reader) for letter in letters]


def _explained(letter: Letter, tree: ScoreTree, on: date, reader: Actor) -> LetterScore:
    scheme = scheme_of(letter.scheme)
    if sees_own_score(reader, letter, on):
        return _for_the_unit(letter, scheme, tree)
    return _for_others(letter, scheme, tree, shown_to_others(scheme, tree))


def _for_the_unit(letter: Letter, scheme: Scheme, tree: ScoreTree) -> LetterScore:
    groups = tuple(
        ExplainedGroup(
            group.id,
            group.title,
            group.of,
            group.points,
            group.points,
            tuple(_open(letter, scheme, clause, tree.on) for clause in group.clauses),
        )
        for group in tree.groups
    )
    return LetterScore(
        letter=letter,
        on=tree.on,
        period=scored_period(tree.on),
        fact_version=store.version(),
        own=True,
        title=tree.title,
        of=tree.of,
        total=tree.total,
        low=tree.low,
        high=tree.high,
        pending=tree.pending,
        grades=(tree.grade,) if tree.grade else (),
        grade_note=tree.grade_note,
        groups=groups,
        vetoes=tuple(_open(letter, scheme, clause, tree.on) for clause in tree.vetoes),
        lines=tree.lines,
        tree=tree,
        tree_hash=tree_hash(tree),
    )


def _for_others(letter: Letter, scheme: Scheme, tree: ScoreTree, shown: ShownTree) -> LetterScore:
    """Built from the shown tree alone; the real one lends only what is not about few people."""
    groups = tuple(
        ExplainedGroup(
            group.id,
            group.title,
            group.of,
            group.low,
            group.high,
            tuple(_shown(letter, scheme, tree, clause) for clause in group.clauses),
        )
        for group in shown.groups
    )
    return LetterScore(
        letter=letter,
        on=tree.on,
        period=scored_period(tree.on),
        fact_version=store.version(),
        own=False,
        title=shown.title,
        of=shown.of,
        total=shown.total,
        low=shown.low,
        high=shown.high,
        pending=None,
        grades=shown.grades,
        grade_note="",
        groups=groups,
        vetoes=tuple(_shown(letter, scheme, tree, clause) for clause in shown.vetoes),
        lines=(),
        tree=None,
        tree_hash="",
    )


def _shown(letter: Letter, scheme: Scheme, tree: ScoreTree, clause: ShownClause) -> ExplainedClause:
    scored = tree.clause(clause.id)
    if not clause.hidden:
        return _open(letter, scheme, scored, tree.on)
    written = scheme.clause(clause.id, tree.on, scored.variant)
    return ExplainedClause(
        id=clause.id,
        title=clause.title,
        text=written.text,
        of=clause.of,
        state=clause.state,
        points=None,
        hidden=True,
        word=clause.word,
        low=clause.low,
        high=clause.high,
        rule=clause.rule,
        rule_title=scored.rule_title,
        arithmetic="",
        lines=(),
        steps=(),
        inputs=(),
        drills=tuple(_drill(letter, written, item, tree.on, closed=True) for item in scored.inputs),
        readings=(),
        evidence=written.evidence,
        verification=written.verification,
        source=written.source,
    )


def _open(letter: Letter, scheme: Scheme, clause: ClauseScore, on: date) -> ExplainedClause:
    written = scheme.clause(clause.id, on, clause.variant)
    points = clause.points or Decimal(0)
    return ExplainedClause(
        id=clause.id,
        title=clause.title,
        text=written.text,
        of=clause.of,
        state=clause.state,
        points=clause.points,
        hidden=False,
        word="",
        low=points,
        high=points,
        rule=clause.rule,
        rule_title=clause.rule_title,
        arithmetic=clause.arithmetic,
        lines=clause.lines,
        steps=clause.steps,
        inputs=clause.inputs,
        drills=tuple(_drill(letter, written, item, on, closed=False) for item in clause.inputs),
        readings=clause.readings,
        evidence=written.evidence,
        verification=written.verification,
        source=written.source,
    )


def _drill(letter: Letter, clause: Clause, item: InputUsed, on: date, *, closed: bool) -> Drill:
    # What an assessment decided is no input of the sheet: its name is its own.
    ref = parse_ref(clause.inputs.get(item.name, item.ref), clause=clause.id, name=item.name)
    return Drill(
        source=ref.source,
        code=ref.code,
        part=ref.part,
        label=item.label,
        period=scored_period(on),
        division_id=letter.division_id,
        as_of=on,
        count=None if closed else _count(item),
        unit=item.amount_unit,
        kind=item.kind,
        unit_id=letter.unit_id if letter.is_of_unit else None,
    )


def _count(item: InputUsed) -> Decimal | None:
    """How many stand behind the number: of a rate, its base."""
    return item.denominator if item.part == "value" and item.denominator is not None else item.amount

"""What a reader outside the unit may see of its score.

A clause that turns on fewer than five people shows a grade word instead of points; group and total show the range that
follows from the words alone. The display is a function of what is shown openly and of the words, never of the hidden
points, so nothing in it, nor any sum or difference of it, tells two scores behind the same word apart.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from qingyuan.governance.scoring.clauses import DECIDED
from qingyuan.governance.scoring.numbers import ZERO
from qingyuan.governance.scoring.rule import VetoFired
from qingyuan.governance.scoring.scheme import Clause, GroupRole, Scheme
from qingyuan.governance.scoring.totals import Points, earned, grades_after, grades_between, least, most, settle
from qingyuan.governance.scoring.tree import ClauseScore, ClauseState, GroupScore, ScoreTree
from qingyuan.governance.scoring.words_for_few import WordBand, is_few, key_of, whole, word_bands


@dataclass(frozen=True, slots=True)
class ShownClause:
    """`points` where they may be seen; otherwise `word`, which stands for low ≤ points ≤ high."""

    id: str
    title: str
    of: Decimal
    state: ClauseState
    rule: str
    points: Decimal | None
    hidden: bool = False
    word: str = ""
    low: Decimal = ZERO
    high: Decimal = ZERO
    arithmetic: str = ""
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ShownGroup:
    """Exact when low equals high."""

    id: str
    title: str
    of: Decimal
    low: Decimal
    high: Decimal
    clauses: tuple[ShownClause, ...]


@dataclass(frozen=True, slots=True)
class ShownTree:
    """The score as others see it. `grades` holds every grade the shown range (and missing data) allows, lowest first."""

    title: str
    of: Decimal
    low: Decimal
    high: Decimal
    grades: tuple[str, ...]
    groups: tuple[ShownGroup, ...]
    vetoes: tuple[ShownClause, ...]

    @property
    def total(self) -> Decimal | None:
        """The total where it may be seen."""
        return self.low if self.low == self.high else None


def shown_to_others(scheme: Scheme, tree: ScoreTree) -> ShownTree:
    """The display for readers outside the unit. `scheme` is the one the tree was scored by."""
    bands = _bands(scheme, tree)
    lowest, highest = _at(tree, bands, worst=True), _at(tree, bands, worst=False)
    fired = tree.fired()
    worst, best = settle(scheme, lowest, earned, fired), settle(scheme, highest, earned, fired)
    groups = tuple(_group(group, worst.groups[group.id], best.groups[group.id], bands) for group in tree.groups)
    least_total, most_total = _total(scheme, lowest, least, fired), _total(scheme, highest, most, fired)
    grades = grades_between(scheme, least_total, most_total + tree.held_out)
    vetoes = tuple(_open(clause) for clause in tree.vetoes)
    left = grades_after(scheme, grades, fired)
    return ShownTree(tree.title, tree.of, worst.total, best.total, left, groups, vetoes)


def total_with_closed(scheme: Scheme, tree: ScoreTree, closed: Collection[str]) -> tuple[Decimal, Decimal]:
    """Where the total lies for who may know nothing of these clauses but their points, not even a word."""
    bands = {clause.id: whole(clause) for group in tree.groups for clause in group.clauses if clause.id in closed}
    fired = tree.fired()
    ends = [settle(scheme, _at(tree, bands, worst=worst), earned, fired).total for worst in (True, False)]
    return min(ends), max(ends)


def _bands(scheme: Scheme, tree: ScoreTree) -> dict[str, WordBand]:
    """The word of each clause that must not show its points, by clause id."""
    hidden = [clause for group in tree.groups for clause in group.clauses if _must_hide(clause)]
    # Two words over one number narrow each other down: such clauses show none.
    uses = Counter(key for clause in hidden for key in {key_of(item) for item in clause.inputs if is_few(item.people)})
    bands = {}
    for scored in hidden:
        clause = _plain_clause(scheme, scored, tree)
        alone = all(uses[key_of(item)] <= 1 for item in scored.inputs)
        # Points that an assessment decided need not be any the rule gives: no band of the rule holds for them.
        ruled = all(item.name != DECIDED for item in scored.inputs)
        safe = clause is not None and alone and ruled and scored.state is ClauseState.SCORED
        options = word_bands(clause, scored, scheme.rounding) if safe and clause else [whole(scored)]
        bands[scored.id] = next(band for band in reversed(options) if band.low <= (scored.points or ZERO))
    return bands


def _plain_clause(scheme: Scheme, scored: ClauseScore, tree: ScoreTree) -> Clause | None:
    """The clause as it was applied; None where its text can be read in several ways."""
    written = scheme.clause(scored.id, tree.on, scored.variant)
    return None if written.is_open else written.as_read()[0][1]


def _must_hide(clause: ClauseScore) -> bool:
    """A veto that fired is public, and with it that its clause gives nothing."""
    states = {ClauseState.SCORED, ClauseState.UNDECIDED}
    return clause.state in states and is_few(clause.people) and clause.veto is None


def _at(tree: ScoreTree, bands: Mapping[str, WordBand], *, worst: bool) -> list[GroupScore]:
    """The groups with each hidden clause at the worst (or best) end of its word for the total."""
    return [
        replace(group, clauses=tuple(_end(clause, bands, group.role, worst) for clause in group.clauses))
        for group in tree.groups
    ]


def _end(clause: ClauseScore, bands: Mapping[str, WordBand], role: GroupRole, worst: bool) -> ClauseScore:
    if clause.id not in bands:
        return clause
    if clause.state is ClauseState.UNDECIDED:
        # What each reading would give tells the hidden number; open at both ends it tells nothing.
        return replace(clause, readings=())
    band = bands[clause.id]
    lower = worst is not (role is GroupRole.PENALTY)
    return replace(clause, points=band.low if lower else band.high)


def _total(scheme: Scheme, groups: Sequence[GroupScore], points: Points, fired: Sequence[VetoFired]) -> Decimal:
    return settle(scheme, groups, points, fired).total


def _group(group: GroupScore, worst: Decimal, best: Decimal, bands: Mapping[str, WordBand]) -> ShownGroup:
    low, high = sorted((worst, best))
    clauses = tuple(_closed(c, bands[c.id]) if c.id in bands else _open(c) for c in group.clauses)
    return ShownGroup(group.id, group.title, group.of, low, high, clauses)


def _open(clause: ClauseScore) -> ShownClause:
    points = clause.points or ZERO
    return ShownClause(
        clause.id,
        clause.title,
        clause.of,
        clause.state,
        clause.rule,
        clause.points,
        low=points,
        high=points,
        arithmetic=clause.arithmetic,
        lines=clause.lines,
    )


def _closed(clause: ClauseScore, band: WordBand) -> ShownClause:
    """Nothing but the rule and the word: arithmetic, numbers and people would give the points back."""
    return ShownClause(
        clause.id,
        clause.title,
        clause.of,
        clause.state,
        clause.rule,
        None,
        hidden=True,
        word=band.word,
        low=band.low,
        high=band.high,
    )

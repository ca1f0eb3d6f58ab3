"""What a reader outside the unit may see of its score.

A clause that turns on fewer than five people shows a grade word instead of points; group and total show the range that
follows from the words alone. The display is a function of what is shown openly and of the words, never of the hidden
points, so nothing in it, nor any sum or difference of it, tells two scores behind the same word apart.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from qingyuan.governance.scoring.numbers import ZERO
from qingyuan.governance.scoring.rule import VetoEffect
from qingyuan.governance.scoring.scheme import GroupRole, Scheme
from qingyuan.governance.scoring.totals import Points, earned, grades_between, group_points, least, most, total_points
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
    groups = tuple(_group(*pair, bands) for pair in zip(lowest, highest, strict=True))
    low, high = _total(scheme, lowest, earned), _total(scheme, highest, earned)
    fired = tree.fired()
    grades = grades_between(scheme, _total(scheme, lowest, least), _total(scheme, highest, most))
    if any(veto.effect is VetoEffect.SHEET_ZERO for veto in fired):
        low, high, grades = ZERO, ZERO, grades_between(scheme, ZERO, ZERO)
    named = tuple(veto.grade for veto in fired if veto.effect is VetoEffect.GRADE)
    vetoes = tuple(_open(clause) for clause in tree.vetoes)
    return ShownTree(tree.title, tree.of, low, high, named[:1] or grades, groups, vetoes)


def _bands(scheme: Scheme, tree: ScoreTree) -> dict[str, WordBand]:
    """The word of each clause that must not show its points, by clause id."""
    hidden = [clause for group in tree.groups for clause in group.clauses if _must_hide(clause)]
    # Two words over one number narrow each other down: such clauses show none.
    uses = Counter(key for clause in hidden for key in {key_of(item) for item in clause.inputs if is_few(item.people)})
    bands = {}
    for scored in hidden:
        clause = scheme.clause(scored.id, tree.on)
        alone = all(uses[key_of(item)] <= 1 for item in scored.inputs)
        options = word_bands(clause, scored, scheme.rounding) if alone else [whole(clause)]
        bands[scored.id] = next(band for band in reversed(options) if band.low <= (scored.points or ZERO))
    return bands


def _must_hide(clause: ClauseScore) -> bool:
    """A veto that fired is public, and with it that its clause gives nothing."""
    return clause.state is ClauseState.SCORED and is_few(clause.people) and clause.veto is None


def _at(tree: ScoreTree, bands: Mapping[str, WordBand], *, worst: bool) -> list[GroupScore]:
    """The groups with each hidden clause at the worst (or best) end of its word for the total."""
    return [
        replace(group, clauses=tuple(_end(clause, bands, group.role, worst) for clause in group.clauses))
        for group in tree.groups
    ]


def _end(clause: ClauseScore, bands: Mapping[str, WordBand], role: GroupRole, worst: bool) -> ClauseScore:
    if clause.id not in bands:
        return clause
    band = bands[clause.id]
    lower = worst is not (role is GroupRole.PENALTY)
    return replace(clause, points=band.low if lower else band.high)


def _total(scheme: Scheme, groups: Sequence[GroupScore], points: Points) -> Decimal:
    return total_points(scheme, groups, {group.id: group_points(group, group.clauses, points) for group in groups})


def _group(worst: GroupScore, best: GroupScore, bands: Mapping[str, WordBand]) -> ShownGroup:
    low, high = sorted(group_points(group, group.clauses, earned) for group in (worst, best))
    clauses = tuple(_closed(c, bands[c.id]) if c.id in bands else _open(c) for c in worst.clauses)
    return ShownGroup(worst.id, worst.title, worst.of, low, high, clauses)


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

"""What the rules propose of one published result: each rule by itself, so that taking one away takes exactly its entries away."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

from qingyuan.governance.rewards.published import PublishedScore
from qingyuan.governance.rewards.table import ANY, COMPARED, HIGHEST, HUNDRED, LOWEST, RewardTable, Rule


class Verdict(StrEnum):
    """Why a condition could not be judged."""

    STRADDLES = "straddles"  # the published range lies on both sides of the line
    CLOSED = "closed"  # the clause turns on few people and was published as a word
    NO_CLAUSE = "no_clause"  # the sheet has no such clause, or it does not apply to the unit
    NO_PLACE = "no_place"  # a member unit, nothing of its like to stand beside
    NOT_COMPARABLE = "not_comparable"  # the fair table cannot carry the comparison
    REFUSED = "refused"  # the rule is kept and never applied


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a place stands in a fair table: the one group it is in, or, of a figure few people close, every group it could be
    in; empty where even that would say too much."""

    indicator: str
    groups: frozenset[str]


@dataclass(frozen=True, slots=True)
class Met:
    """One condition that was met, by what: ``code`` is grade, total, veto, clause or fair; ``values`` are plain words and numbers."""

    code: str
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Proposal:
    """``points``: of a rule that maps into another system, reckoned from the published total (its upper end where it is a range)."""

    rule: Rule
    met: tuple[Met, ...]
    points: Decimal | None = None


@dataclass(frozen=True, slots=True)
class NotJudged:
    """A rule that proposes nothing because a condition of it cannot be judged, and which."""

    rule: Rule
    why: Verdict
    about: str = ""


class _Unmet(Exception):
    """The condition is plainly not met."""


class _Unjudged(Exception):
    def __init__(self, why: Verdict, about: str = "") -> None:
        super().__init__(why)
        self.why, self.about = why, about


Standings = Mapping[str, Standing]


def propose(table: RewardTable, score: PublishedScore, standings: Standings | None = None) -> tuple[list[Proposal], list[NotJudged]]:
    """What every rule of the table says of one result, in the table's order. ``standings``: indicator → where the place stands."""
    made: list[Proposal] = []
    left: list[NotJudged] = []
    for rule in table.rules:
        judged = judge(rule, score, standings or {})
        if isinstance(judged, Proposal):
            made.append(judged)
        elif judged is not None:
            left.append(judged)
    return made, left


def judge(rule: Rule, score: PublishedScore, standings: Standings) -> Proposal | NotJudged | None:
    """What one rule says of one result; None where it is plainly not met."""
    try:
        met = _met(rule, score, standings)
    except _Unmet:
        return None
    except _Unjudged as reason:
        return NotJudged(rule, reason.why, reason.about)
    return Proposal(rule, met, _points(rule, score))


def _points(rule: Rule, score: PublishedScore) -> Decimal | None:
    return None if rule.points is None else rule.points.points(score.high_share)


def _met(rule: Rule, score: PublishedScore, standings: Standings) -> tuple[Met, ...]:
    """Every condition, what is plainly not met first: a rule is not «unjudged» where it could not be met anyway."""
    if rule.refused:
        raise _Unjudged(Verdict.REFUSED)
    found: list[Met] = []
    waiting: list[_Unjudged] = []
    for judge in _JUDGES:
        try:
            found += judge(rule, score, standings)
        except _Unjudged as reason:
            waiting.append(reason)
    if waiting:
        raise waiting[0]
    if rule.when.is_empty:
        # A rule for everybody rests on the result itself.
        found += _total(score)
    return tuple(found)


def _grade(rule: Rule, score: PublishedScore, standings: Standings) -> list[Met]:
    if not rule.when.grades:
        return []
    ends = {HIGHEST: score.grades[-1], LOWEST: score.grades[0]} if score.grades else {}
    wanted = {ends.get(name, name) for name in rule.when.grades}
    if not score.grade or score.grade not in wanted:
        raise _Unmet
    return [Met("grade", {"grade": score.grade})]


def _share(rule: Rule, score: PublishedScore, standings: Standings) -> list[Met]:
    low, high = rule.when.low, rule.when.high
    if low is None and high is None:
        return []
    inside = [(low is None or low <= share) and (high is None or share < high) for share in (score.low_share, score.high_share)]
    if all(inside):
        return _total(score)
    # The published range and the rule's band share a number: nobody outside can say on which side the score lies.
    if (high is None or score.low_share < high) and (low is None or score.high_share >= low):
        raise _Unjudged(Verdict.STRADDLES)
    raise _Unmet


def _total(score: PublishedScore) -> list[Met]:
    values = {"low": _text(score.low), "high": _text(score.high), "of": _text(score.of), "grade": score.grade}
    return [Met("total", values)]


def _veto(rule: Rule, score: PublishedScore, standings: Standings) -> list[Met]:
    if not rule.when.vetoes:
        return []
    fired = [one for one in score.vetoes if ANY in rule.when.vetoes or one in rule.when.vetoes]
    if not fired:
        raise _Unmet
    return [Met("veto", {"clause": one, "reason": score.vetoes[one]}) for one in fired]


def _clause(rule: Rule, score: PublishedScore, standings: Standings) -> list[Met]:
    wanted = rule.when.clause
    if wanted is None:
        return []
    clause = score.clauses.get(wanted.clause)
    if clause is not None and clause.closed:
        raise _Unjudged(Verdict.CLOSED, wanted.clause)
    if clause is None or clause.points is None or not clause.of:
        raise _Unjudged(Verdict.NO_CLAUSE, wanted.clause)
    if not wanted.holds(clause.points * HUNDRED / clause.of):
        raise _Unmet
    values = {"clause": wanted.clause, "title": clause.title, "points": _text(clause.points), "of": _text(clause.of)}
    return [Met("clause", values)]


def _fair(rule: Rule, score: PublishedScore, standings: Standings) -> list[Met]:
    wanted = rule.when.fair
    if wanted is None:
        return []
    if not score.place:
        raise _Unjudged(Verdict.NO_PLACE, wanted.indicator)
    standing = standings.get(wanted.indicator)
    groups = standing.groups if standing is not None else frozenset()
    if not groups or groups - set(COMPARED):
        raise _Unjudged(Verdict.NOT_COMPARABLE, wanted.indicator)
    if wanted.group not in groups:
        raise _Unmet
    if len(groups) > 1:
        raise _Unjudged(Verdict.NOT_COMPARABLE, wanted.indicator)
    return [Met("fair", {"indicator": wanted.indicator, "group": wanted.group})]


_JUDGES: Final[tuple[Callable[[Rule, PublishedScore, Standings], list[Met]], ...]] = (_grade, _veto, _share, _clause, _fair)


def _text(value: Decimal) -> str:
    return format(value.normalize(), "f") if value else "0"

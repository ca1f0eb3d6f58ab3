"""A rule's worked examples: a published result in a few words, and what the rule says of it. They run wherever the rule is shown."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from qingyuan.governance.rewards.proposing import Proposal, Standing, Verdict, judge
from qingyuan.governance.rewards.published import PublishedClause, PublishedScore
from qingyuan.governance.rewards.table import ANY, HIGHEST, HUNDRED, LOWEST, Example, Rule

#: How a verdict that is neither reads in a table of rules; Chinese as the table itself.
_WHY: Final = {
    Verdict.NO_CLAUSE: "没有写该条的得分率",
    Verdict.NOT_COMPARABLE: "没有写公平比较的组别",
    Verdict.REFUSED: "这条规则不执行",
}


@dataclass(frozen=True, slots=True)
class Ran:
    """``meets``: whether the rule proposes; ``points``: of a rule that maps; ``wrong``: not as written; ``why`` it could not be judged."""

    example: Example
    meets: bool
    points: Decimal | None
    wrong: bool
    why: str = ""

    @property
    def answer(self) -> str:
        return answer_words(self.meets, self.points)


def answer_words(meets: bool, points: Decimal | None) -> str:
    if not meets:
        return "不提出"
    return "提出" if points is None else f"{format(points.normalize(), 'f') if points else '0'} 分"


def run(rule: Rule) -> list[Ran]:
    """Every example of the rule, judged by the rule itself."""
    return [_run(rule, one) for one in rule.examples]


def _run(rule: Rule, example: Example) -> Ran:
    judged = judge(rule, score_of(rule, example), standings_of(rule, example))
    points = judged.points if isinstance(judged, Proposal) else None
    meets = isinstance(judged, Proposal)
    why = "" if judged is None or isinstance(judged, Proposal) else _WHY.get(judged.why, "判不了")
    wrong = meets != example.meets or (example.points is not None and example.points != points)
    return Ran(example, meets, points, wrong, why)


def score_of(rule: Rule, example: Example) -> PublishedScore:
    """The published result an example tells of: what it does not say does not speak for the rule."""
    share = example.share if example.share is not None else Decimal(0)
    named = tuple(one for one in rule.when.grades if one not in (HIGHEST, LOWEST))
    others = () if example.grade in (*named, HIGHEST, LOWEST, "") else (example.grade,)
    fired = next((one for one in rule.when.vetoes if one != ANY), ANY) if example.veto else ""
    wanted = rule.when.clause
    clauses = {}
    if wanted is not None and example.clause is not None:
        clauses[wanted.clause] = PublishedClause(HUNDRED, example.clause)
    return PublishedScore(
        grade=example.grade,
        grades=(LOWEST, *named, *others, HIGHEST),
        low=share,
        high=share,
        of=HUNDRED,
        vetoes={fired: fired} if fired else {},
        clauses=clauses,
    )


def standings_of(rule: Rule, example: Example) -> dict[str, Standing]:
    if rule.when.fair is None or not example.group:
        return {}
    return {rule.when.fair.indicator: Standing(rule.when.fair.indicator, frozenset({example.group}))}

"""A table of rules on the desk as its writers see it: what is wrong with it, its examples run, what it would have proposed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from qingyuan.governance.models import AssessmentRound, PublishedRewardTable, RewardDraft
from qingyuan.governance.permissions import rounds_visible
from qingyuan.governance.queries import rewards as reads
from qingyuan.governance.rewards import drafting
from qingyuan.governance.rewards.drafting import Content
from qingyuan.governance.rewards.examples import Ran, run
from qingyuan.governance.rewards.reading import looked_at
from qingyuan.governance.rewards.shipped import table_for
from qingyuan.governance.rewards.table import RewardTable, Rule
from qingyuan.organisation.actor import Actor
from qingyuan.reference.statutes import UnknownArticle, cite


@dataclass(frozen=True)
class RuleChecked:
    """One rule of a draft. ``rule`` None: it cannot be read yet, and ``problems`` say why."""

    key: str
    data: Mapping[str, Any]
    rule: Rule | None
    problems: tuple[str, ...]
    examples: tuple[Ran, ...]


@dataclass(frozen=True)
class Checked:
    """``problems``: of the table as a whole; each rule has its own."""

    table: RewardTable
    problems: tuple[str, ...]
    rules: tuple[RuleChecked, ...]

    @property
    def left(self) -> int:
        """How many places are still to be put right."""
        return len(self.problems) + sum(len(one.problems) for one in self.rules)


def content_of(draft: RewardDraft) -> Content:
    return drafting.from_text(draft.content)


def checked(content: Content) -> Checked:
    """The table looked at as it would be at publishing."""
    table, found = looked_at(drafting.table_data(content), reads.why_not_compared)
    by_id = {rule.id: rule for rule in table.rules}
    rows, placed = [], set()
    for number, one in enumerate(content["rules"], start=1):
        rule_id = str(one["data"].get("id") or "").strip()
        marks = (f"规则 {rule_id}", f"第 {number} 条") if rule_id else (f"第 {number} 条",)
        mine = [words for words in found if words.startswith(tuple(f"{mark}{end}" for mark in marks for end in (":", " ")))]
        placed.update(mine)
        rule = by_id.get(rule_id)
        said = [words.split(":", 1)[-1] if words.startswith(tuple(f"{mark}:" for mark in marks)) else words for words in mine]
        if rule is not None and not rule.refused and not rule.examples:
            said.append(_("还没有算例:写一个会提出的情形,当场试算。"))
        if rule is not None and rule.article and not _on_file(rule.article):
            said.append(_("没有登记法条“%(code)s”,写成 NL5、DR19 这样,或者不填。") % {"code": rule.article})
        rows.append(RuleChecked(one["key"], one["data"], rule, tuple(said), tuple(run(rule)) if rule is not None else ()))
    rest = [words for words in found if words not in placed]
    return Checked(table, (*rest, *_taken(table)), tuple(rows))


def _on_file(article: str) -> bool:
    try:
        cite(article)
    except UnknownArticle:
        return False
    return True


def _taken(table: RewardTable) -> list[str]:
    """Why this version or day is not free."""
    others = PublishedRewardTable.objects.filter(code=table.code)
    found = []
    if others.filter(version=table.version).exists():
        found.append(_("第 %(version)s 版已经发布,请改版次。") % {"version": table.version})
    same = others.filter(valid_from=table.valid_from).first()
    if same is not None:
        words = _("%(day)s 已有第 %(version)s 版生效,请改生效日期。")
        found.append(words % {"day": table.valid_from.isoformat(), "version": same.version})
    return found


@dataclass(frozen=True)
class Trial:
    """What a draft would have proposed of the last published round, beside the table that was in force: rule → units."""

    year: int
    units: int
    rows: Sequence[tuple[str, int, int]] = field(default=())


def trial(actor: Actor, table: RewardTable, on: date) -> Trial | None:
    """None where nothing was published yet that this reader may see."""
    rounds = rounds_visible(actor, on).filter(state="published").select_related("division").order_by("-year")
    round: AssessmentRound | None = rounds.first()
    if round is None:
        return None
    kinds = frozenset(table.unit_kinds)
    new = reads.consider(round, actor, lambda kind: table if not kinds or kind in kinds else None)
    now = reads.consider(round, actor, lambda kind: table_for(reads.tables(), kind, round.scored_on))
    counts = [Counter(one.rule.id for row in found for one in row.proposals if row.result.unit.kind in kinds or not kinds) for found in (now, new)]
    ids = list(dict.fromkeys([rule.id for rule in table.rules] + sorted(counts[0])))
    return Trial(round.year, sum(1 for one in new if one.table is not None), [(one, counts[0][one], counts[1][one]) for one in ids])

"""What followed from last year's results, planted for the walk: what a town said, what was decided of it, and a file of what it put right."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from qingyuan.documents.qr import qr_png
from qingyuan.foundation import clock
from qingyuan.governance.actions import assessment_rounds, reward_drafts, rewards
from qingyuan.governance.actions.kept_files import Evidence
from qingyuan.governance.models import Assessment, AssessmentRound, Consequence
from qingyuan.governance.queries.trees import tree_of
from tests.cast import TODAY

OFFICE = ("clerk", "leader", "auditor")
TOWNS = (
    ("longdong", "supervisor", "龙", ("caseworker", "colleague", "supervisor", "town_leader")),
    ("shiqiao", "stranger", "石", ("stranger", "far_caseworker")),
)


def plant_consequences(planted: Any) -> None:
    """A yellow card of each town: its word, the leader's decision, a report of what was put right with a file."""
    city = planted.city
    _plant_table(planted)
    round = _published(planted)
    rewards.propose(round=round, by=city.actor("clerk"))
    for town, who, mark, own in TOWNS:
        case = Consequence.objects.get(round=round, rule="Y1", unit=city.units[town])
        steps = (
            ("notify", "clerk", {}),
            ("reply", who, {"reply": f"暗陈{mark}"}),
            ("submit", "clerk", {"opinion": f"暗拟{mark}"}),
            ("depart" if mark == "石" else "decide", "leader", {"instead": "remind", "reason": f"暗由{mark}"}),
            ("receive", who, {}),
        )
        for step, by, given in steps:
            case = rewards.take(case=case, step=step, by=city.actor(by), given=given)
        if case.stands_for:
            given = {"repair": f"暗整{mark}", "evidence": [Evidence(f"暗件{mark}.png", "image/png", qr_png(f"repair {mark}"))]}
            case = rewards.take(case=case, step="report_repair", by=city.actor(who), given=given)
        planted.consequences.append(case)
        for word in ("暗陈", "暗拟", "暗由", "暗整"):
            planted.hide(f"{word}{mark}", "what is said of a consequence", *own, *OFFICE, "security")
        planted.hide(f"暗件{mark}", "the name of a file", *own, *OFFICE)


def _plant_table(planted: Any) -> None:
    """A table of rules nobody published yet."""
    by = planted.city.actor("clerk")
    draft = reward_drafts.begin(by=by, valid_from=TODAY, code="dark", title="暗规则表")
    rule = {"id": "D1", "kind": "remind", "text": "暗规则条文", "source": "暗规则出处", "when": {"grades": ["lowest"]}}
    reward_drafts.set_rule(draft=draft, seen=1, key="", data=rule, by=by)
    for word in ("暗规则表", "暗规则条文", "暗规则出处"):
        planted.hide(word, "a table of rules nobody published", *OFFICE, "security")


def _published(planted: Any) -> AssessmentRound:
    """A round of the year before, published with 70 points for each town; how a round gets there the year-end plants."""
    office = planted.city.units["office"]
    round = AssessmentRound.objects.create(
        year=2021, division=office.division, issuer=office, state="published", scored_on=TODAY, self_by=TODAY, review_by=TODAY,
        object_days=5, answer_days=10, published_on=TODAY, commitment="0" * 64, drafted_by_name="周文",
    )  # fmt: skip
    for letter in planted.letters:
        if letter.unit.code not in {town for town, *_rest in TOWNS}:
            continue
        case = Assessment.objects.create(
            round=round, letter=letter, division_id=letter.division_id, unit=letter.unit, issuer=office, state="published",
            self_by=TODAY, noticed_on=TODAY, object_by=TODAY + timedelta(days=1),
        )  # fmt: skip
        result = assessment_rounds._result(case, tree_of(letter, TODAY), clock.now())
        result.grade, result.points = "基本合格", 70
        result.shown |= {"low": "70", "high": "70"}
        result.save(force_insert=True)
    return round

"""What followed from last year's results, through the actions people use, each step on its own day.

The grades and points are decided as the rules say; of 落别乡 a yellow card was decided as ruled and left on its day, and it was listed for
rectification and says in November that it is done, which nobody has accepted yet; of 大寨乡 the leader departed from the rule with a
reason. Both had said their word before.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Final

from qingyuan.demo.loading import keeper
from qingyuan.demo.pictures import as_taken
from qingyuan.foundation import clock
from qingyuan.governance.actions import rewards
from qingyuan.governance.actions.kept_files import Evidence
from qingyuan.governance.models import AssessmentRound, Consequence

PROPOSED_ON, NOTICED_ON, REPLIED_ON = date(2022, 2, 18), date(2022, 2, 21), date(2022, 2, 24)
SUBMITTED_ON, DECIDED_ON, RECEIVED_ON = date(2022, 3, 2), date(2022, 3, 4), date(2022, 3, 7)
# Ten working days after the decision nobody may object any more; the yellow card stands six months.
CLOSED_ON, LEFT_ON = date(2022, 3, 21), date(2022, 9, 5)
# The town that was listed reports what was put right; it waits for somebody else to look on the spot.
REPAIRED_ON = date(2022, 11, 16)
REPAIR: Final = (
    "专干已配齐2名;4月至10月逐村入户宣传,各村(社区)的六进点位全部做到,台账有登记;9月自行委托调查,知晓率84.6%。"
    "请按摘牌条件到现场验收,第三方调查以市里组织的为准。"
)
AS_RULED, DEPARTED = "落别乡", "大寨乡"
REPLIES: Final = {
    AS_RULED: "得分情况属实。上半年专干空缺,检测和约谈都有缺漏,七月已经补齐人员,请给整改时间。",
    DEPARTED: "知晓率属实。调查的两个村在调查前一周遭遇洪涝,大部分村民在外安置,十二月已经补课,请考虑。",
}
OPINIONS: Final = {
    AS_RULED: "单位对得分没有异议,建议按规则办。",
    DEPARTED: "灾情属实,有市应急部门记录;建议由领导考虑从轻。",
}
REASON: Final = "调查时正值洪涝安置,当年十二月已经补课,不属于不重视,改为书面提醒。"


def decide_last_year() -> None:
    """Propose for the published round, hear the units, decide, and let what has its day leave."""
    round = AssessmentRound.objects.get(year=2021, state="published")
    office, leader = keeper("office"), keeper("leader")
    rewards.propose(round=round, by=office, at=_at(PROPOSED_ON, 9))
    for step, by, on in (("submit", office, SUBMITTED_ON), ("decide", leader, DECIDED_ON), ("close", office, CLOSED_ON)):
        rewards.take_together(round=round, step=step, by=by, at=_at(on, 9))
    for case in _cases(round):
        _decide(case)


def _cases(round: AssessmentRound) -> list[Consequence]:
    rows = Consequence.objects.filter(round=round, state="proposed").select_related("unit", "round", "issuer__division")
    return list(rows.order_by("result__number", "rule"))


def _decide(case: Consequence) -> None:
    """One entry that has a paper, to the end its rule gives it."""
    town, adverse = case.unit.short_name, case.kind != "commend"
    case = _told(case) if adverse else case
    opinion = OPINIONS.get(town, "公布的结果符合规则,建议表扬。")
    case = _take(case, "submit", "office", SUBMITTED_ON, opinion=opinion)
    if town == DEPARTED and case.kind == "talk":
        case = _take(case, "depart", "leader", DECIDED_ON, instead="remind", reason=REASON)
    else:
        case = _take(case, "decide", "leader", DECIDED_ON)
    case = _take(case, "receive", case.unit.code, RECEIVED_ON)
    if not case.stands_for:
        _take(case, "close", "office", CLOSED_ON)
    elif case.ending == "date":
        _take(case, "expire", "office", LEFT_ON)
    else:
        proof = Evidence("入户宣传.jpg", "image/jpeg", as_taken("落别整治"))
        _take(case, "report_repair", case.unit.code, REPAIRED_ON, repair=REPAIR, evidence=[proof])


def _told(case: Consequence) -> Consequence:
    """Told; who has something to say says it, of the others the days go by."""
    case = _take(case, "notify", "office", NOTICED_ON)
    words = REPLIES.get(case.unit.short_name)
    return _take(case, "reply", case.unit.code, REPLIED_ON, reply=words) if words else case


def _take(case: Consequence, step: str, who: str, on: date, **given: Any) -> Consequence:
    return rewards.take(case=case, step=step, by=keeper(who), given=given, at=_at(on, 10))


def _at(day: date, hour: int) -> datetime:
    return datetime(day.year, day.month, day.day, hour, 40, tzinfo=clock.ZONE)

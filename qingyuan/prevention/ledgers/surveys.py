"""Surveys of the public: a row is a stratum of a wave."""

from __future__ import annotations

from qingyuan.foundation.enums import Compartment
from qingyuan.ledgers import registry
from qingyuan.ledgers.columns import Column, Publish
from qingyuan.ledgers.declaration import Ledger
from qingyuan.prevention import facts
from qingyuan.prevention.actions import surveys
from qingyuan.prevention.ledgers.columns import STATISTICS, count, day, division
from qingyuan.prevention.models import AwarenessSurvey, SafetySurvey
from qingyuan.prevention.rules import surveys as rules


def _answer(name: str, header: str, *aliases: str, required: bool = True) -> Column:
    """A count that reaches the facts only summed and weighted."""
    return count(name, header, *aliases, required=required, publish=Publish.WITHHELD)


STRATUM = (
    Column("wave", "调查编号", required=True, aliases=("调查批次", "批次"), searchable=True, max_length=40),
    Column(
        "organiser",
        "调查机构",
        required=True,
        aliases=("实施单位", "第三方机构", "组织单位"),
        max_length=80,
        listed=False,
    ),
    day("began_on", "调查开始", "开始日期", "访问开始", required=True, publish=Publish.WITHHELD, listed=False),
    day("ended_on", "调查结束", "结束日期", "访问结束", required=True, publish=Publish.WITHHELD),
    division("区划", "乡镇(街道)", "地区"),
    Column("stratum", "层", required=True, aliases=("分层", "抽样层", "层名"), max_length=40, example="18—59 岁"),
    count("stratum_size", "层内人口", "层总人口", "推断总体", "权数"),
    count("sampled", "样本量", "抽样人数", "访问人数"),
    count("valid", "有效样本", "有效问卷", "有效人数"),
)

registry.register(
    Ledger(
        code="awareness_surveys",
        title="知晓率调查台账",
        room="prevention",
        model=AwarenessSurvey,
        columns=(*STRATUM, count("passed", "合格", "合格人数", "知晓人数")),
        natural_key=("wave", "division", "stratum"),
        compartment=Compartment.INTERNAL,
        purpose="第三方抽样调查的分层汇总数,加权算知晓率;没有被访者的任何信息",
        legal_basis="NL11;STAT28",
        retention=STATISTICS,
        dated_by="ended_on",
        create=surveys.awareness.record,
        change=surveys.awareness.change,
        void=surveys.awareness.void,
        facts=facts.AWARENESS,
        prepare=surveys.prepare,
        check=rules.check_awareness,
        unit_label="层",
    )
)

registry.register(
    Ledger(
        code="safety_surveys",
        title="满意度安全感调查台账",
        room="prevention",
        model=SafetySurvey,
        columns=(
            *STRATUM,
            _answer("very_content", "满意", "很满意"),
            _answer("content", "较满意", "比较满意", "基本满意"),
            _answer("neutral", "一般"),
            _answer("discontent", "不太满意"),
            _answer("very_discontent", "不满意", "很不满意"),
            _answer("safe", "觉得安全", "安全", "有安全感", required=False),
        ),
        natural_key=("wave", "division", "stratum"),
        compartment=Compartment.INTERNAL,
        purpose="群众对禁毒工作的满意度和安全感,分层汇总数;没有被访者的任何信息",
        legal_basis="NL3;STAT28",
        retention=STATISTICS,
        dated_by="ended_on",
        create=surveys.safety.record,
        change=surveys.safety.change,
        void=surveys.safety.void,
        facts=facts.SAFETY,
        prepare=surveys.prepare,
        check=rules.check_safety,
        unit_label="层",
    )
)

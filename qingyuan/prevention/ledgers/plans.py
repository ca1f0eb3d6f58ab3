"""What should be done, as lists one can filter, open and export. They follow from the directories; nobody types them."""

from __future__ import annotations

from qingyuan.foundation.enums import Compartment
from qingyuan.ledgers import registry
from qingyuan.ledgers.columns import Column, Publish
from qingyuan.ledgers.declaration import Ledger
from qingyuan.ledgers.kinds import Kind
from qingyuan.prevention import facts
from qingyuan.prevention.actions import plans
from qingyuan.prevention.ledgers.columns import STATISTICS, code, count, day, division
from qingyuan.prevention.models import LessonPlan, ReachPlan, SurveyPlan

WINDOW = (
    Column("label", "哪一次", editable=False, max_length=40),
    day("opens_on", "开始", editable=False),
    day("last_day", "截至", editable=False, publish=Publish.WITHHELD),
    code("outcome", "结果", "plan_outcomes", editable=False),
    day("done_on", "完成日期", editable=False),
)

registry.register(
    Ledger(
        code="reach_plan",
        title="六进应进清单",
        room="prevention",
        model=ReachPlan,
        columns=(
            Column("place_name", "点位名称", path="place.name", searchable=True, editable=False),
            code("kind", "六进类别", "place_kinds", editable=False),
            division("村(社区)", editable=False),
            *WINDOW,
        ),
        natural_key=("place_id", "position"),
        compartment=Compartment.INTERNAL,
        purpose="名录里的点位每年至少进一次:哪些进过,哪些还没有",
        legal_basis="NL11;NL17",
        retention=STATISTICS,
        dated_by="opens_on",
        create=plans.reach_plan.record,
        change=plans.reach_plan.change,
        void=plans.reach_plan.void,
        facts=facts.REACH_PLAN,
        select_related=("place",),
        ordering=("last_day", "division__code", "position"),
        importable=False,
        unit_label="个",
    )
)

registry.register(
    Ledger(
        code="lesson_plan",
        title="专题课应上清单",
        room="prevention",
        model=LessonPlan,
        columns=(
            Column("school_name", "学校名称", path="school.name", searchable=True, editable=False),
            code("stage", "学段", "school_stages", editable=False),
            division("村(社区)", editable=False),
            *WINDOW,
            Column("hours", "已上课时", Kind.DECIMAL, editable=False, publish=Publish.PUBLISHED),
            count("required", "应上课时", required=False, editable=False, publish=Publish.WITHHELD),
        ),
        natural_key=("school_id", "position"),
        compartment=Compartment.INTERNAL,
        purpose="每所学校每学年应上的禁毒专题课时:上够了没有,还差多少",
        legal_basis="NL13",
        retention=STATISTICS,
        dated_by="last_day",
        create=plans.lesson_plan.record,
        change=plans.lesson_plan.change,
        void=plans.lesson_plan.void,
        facts=facts.LESSON_PLAN,
        select_related=("school",),
        ordering=("last_day", "division__code", "position"),
        importable=False,
        unit_label="所次",
    )
)

registry.register(
    Ledger(
        code="survey_plan",
        title="应踏查清单",
        room="prevention",
        model=SurveyPlan,
        columns=(
            Column("patch_code", "地块编号", path="patch.code", searchable=True, editable=False),
            division("村(社区)", editable=False),
            Column("responsible", "责任人(岗位)", path="patch.responsible", editable=False),
            *WINDOW,
        ),
        natural_key=("patch_id", "position"),
        compartment=Compartment.INTERNAL,
        purpose="每块地每一轮应踏查:哪些走了,哪些还没有走,责任人是谁",
        legal_basis="NL19",
        retention=STATISTICS,
        dated_by="last_day",
        create=plans.survey_plan.record,
        change=plans.survey_plan.change,
        void=plans.survey_plan.void,
        facts=facts.SURVEY_PLAN,
        select_related=("patch",),
        ordering=("last_day", "patch__code"),
        importable=False,
        unit_label="块次",
    )
)

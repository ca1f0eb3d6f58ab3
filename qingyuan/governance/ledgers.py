"""The ledgers of this room."""

from __future__ import annotations

from qingyuan.foundation.enums import Compartment
from qingyuan.governance import facts
from qingyuan.governance.actions import duty_plans, meetings, orders
from qingyuan.governance.models import Instruction, Meeting, SupervisionOrder, UnitPlan, UnitTask
from qingyuan.governance.rules import duty_plans as duty_rules
from qingyuan.governance.rules import meetings as rules
from qingyuan.ledgers import registry
from qingyuan.ledgers.columns import Column, Publish
from qingyuan.ledgers.declaration import Ledger, Retention
from qingyuan.ledgers.kinds import Kind

KEEP = Retention("文书档案按保管期限表", article="档案法")

registry.register(
    Ledger(
        code="meetings",
        title="会议台账",
        room="governance",
        model=Meeting,
        columns=(
            Column(
                "held_on", "会议日期", Kind.DATE, required=True, aliases=("时间", "召开日期"), publish=Publish.PUBLISHED
            ),
            Column(
                "kind",
                "会议类别",
                Kind.CODE,
                required=True,
                aliases=("类别", "会议类型"),
                code_list="meeting_kinds",
                publish=Publish.PUBLISHED,
                filterable=True,
            ),
            Column("title", "会议名称", required=True, aliases=("名称", "议题"), searchable=True, max_length=120),
            Column("special_topic", "专题研究禁毒", Kind.BOOLEAN, aliases=("是否专题",), publish=Publish.PUBLISHED),
            Column(
                "chaired_by_first",
                "主要负责同志主持",
                Kind.BOOLEAN,
                aliases=("主要领导主持", "一把手主持"),
                publish=Publish.PUBLISHED,
            ),
            Column("chair", "主持人职务", aliases=("主持人",), max_length=60),
            Column(
                "decisions", "议定事项", Kind.LONG_TEXT, aliases=("会议内容", "研究事项"), listed=False, max_length=2000
            ),
            Column("document_number", "纪要文号", aliases=("文号",), max_length=60, listed=False),
        ),
        natural_key=("unit_id", "held_on", "title"),
        compartment=Compartment.INTERNAL,
        purpose="党委政府研究禁毒工作的会议，作为履职依据",
        legal_basis="NL4;NL5",
        retention=KEEP,
        dated_by="held_on",
        create=meetings.record_meetings,
        change=meetings.change_meetings,
        void=meetings.void_meetings,
        facts=facts.MEETINGS,
        prepare=meetings.prepare,
        check=rules.check_meeting,
        unit_label="次",
    )
)

registry.register(
    Ledger(
        code="instructions",
        title="批示台账",
        room="governance",
        model=Instruction,
        columns=(
            Column(
                "document_number", "文号", required=True, aliases=("批示文号", "来文号"), searchable=True, max_length=60
            ),
            Column(
                "level",
                "批示层级",
                Kind.CODE,
                required=True,
                aliases=("层级", "来源"),
                code_list="instruction_levels",
                publish=Publish.PUBLISHED,
                filterable=True,
            ),
            Column("given_on", "批示日期", Kind.DATE, required=True, aliases=("日期",), publish=Publish.PUBLISHED),
            Column("content", "批示要求", Kind.LONG_TEXT, required=True, aliases=("内容", "要求"), max_length=300),
            Column(
                "due_on", "办结期限", Kind.DATE, required=True, aliases=("期限", "办理期限"), publish=Publish.PUBLISHED
            ),
            Column("answered_on", "反馈日期", Kind.DATE, aliases=("办结日期",), publish=Publish.PUBLISHED),
            Column("answer", "办理情况", Kind.LONG_TEXT, aliases=("落实情况",), listed=False, max_length=300),
        ),
        natural_key=("unit_id", "document_number"),
        compartment=Compartment.INTERNAL,
        purpose="上级批示的办理与反馈",
        legal_basis="NL4",
        retention=KEEP,
        dated_by="given_on",
        create=meetings.record_instructions,
        change=meetings.change_instructions,
        void=meetings.void_instructions,
        facts=facts.INSTRUCTIONS,
        prepare=meetings.prepare,
        check=rules.check_instruction,
        unit_label="件",
    )
)



def _order_day(name: str, header: str, *, listed: bool = True) -> Column:
    return Column(name, header, Kind.DATE, publish=Publish.PUBLISHED, listed=listed, editable=False)


registry.register(
    Ledger(
        code="supervision_orders",
        title="督办单台账",
        room="governance",
        model=SupervisionOrder,
        columns=(
            Column("number", "文号", searchable=True, max_length=40, editable=False),
            Column("receiver", "承办单位", path="unit.name", editable=False),
            Column("giver", "发出单位", path="issuer.name", listed=False, editable=False),
            Column("subject", "督办事项", searchable=True, max_length=80, editable=False),
            Column(
                "state",
                "状态",
                Kind.CODE,
                code_list="order_states",
                publish=Publish.PUBLISHED,
                filterable=True,
                editable=False,
            ),
            Column("asked", "办理要求", Kind.LONG_TEXT, listed=False, max_length=1500, editable=False),
            Column("basis", "督办依据", Kind.LONG_TEXT, listed=False, max_length=600, editable=False),
            _order_day("issued_on", "下达日期"),
            _order_day("due_on", "办理期限"),
            _order_day("counted_due_on", "应办结期限", listed=False),
            _order_day("received_on", "签收日期", listed=False),
            _order_day("answered_on", "反馈日期"),
            _order_day("closed_on", "办结日期"),
            Column("done", "办理情况", Kind.LONG_TEXT, listed=False, max_length=2000, editable=False),
            Column(
                "extended", "批准延期", Kind.BOOLEAN, publish=Publish.PUBLISHED, filterable=True, listed=False, editable=False
            ),
            Column(
                "raised", "提级", Kind.BOOLEAN, path="escalated", publish=Publish.PUBLISHED, filterable=True, listed=False, editable=False
            ),
            Column("sent_back", "退回次数", Kind.INTEGER, publish=Publish.PUBLISHED, listed=False, editable=False),
        ),
        natural_key=("number",),
        compartment=Compartment.INTERNAL,
        purpose="一事一单的督办:谁交给谁、依据什么、要做什么、何时办结,下达以后在这里",
        legal_basis="NL4;NL5",
        retention=KEEP,
        dated_by="due_on",
        create=orders.refused_by_form,
        change=orders.refused_by_form,
        void=orders.refused_by_form,
        facts=facts.SUPERVISION_ORDERS,
        prepare=orders.prepare,
        select_related=("issuer",),
        ordering=("-due_on", "number"),
        importable=False,
        unit_label="件",
    )
)

registry.register_fact(facts.RETURNS)
registry.register_fact(facts.RETURN_DUES)
registry.register_fact(facts.LETTERS)
registry.register_fact(facts.TARGETS)
registry.register_fact(facts.UNIT_NEEDS)


def _progress(name: str, header: str, *aliases: str) -> Column:
    return Column(name, header, aliases=aliases, max_length=300, listed=False)


registry.register(
    Ledger(
        code="unit_plans",
        title="成员单位工作计划台账",
        room="governance",
        model=UnitPlan,
        columns=(
            Column("year", "年度", Kind.INTEGER, required=True, aliases=("年份", "计划年度"), publish=Publish.PUBLISHED),
            Column("title", "计划名称", required=True, aliases=("名称", "标题"), max_length=120, searchable=True),
            Column("document", "文号", aliases=("发文字号",), max_length=60),
            Column(
                "adopted_on",
                "印发日期",
                Kind.DATE,
                required=True,
                aliases=("印发时间", "制定日期"),
                publish=Publish.PUBLISHED,
            ),
            Column(
                "filed_on",
                "报禁毒办日期",
                Kind.DATE,
                aliases=("报送日期", "报备日期", "报送时间"),
                publish=Publish.PUBLISHED,
            ),
            Column("last_year", "上年总结", Kind.LONG_TEXT, aliases=("上年工作总结", "去年总结"), listed=False),
            Column(
                "arrangement", "本年安排", Kind.LONG_TEXT, required=True, aliases=("今年安排", "工作安排"), listed=False
            ),
            Column(
                "budget_yuan",
                "经费安排",
                Kind.DECIMAL,
                unit="元",
                aliases=("经费安排(元)", "经费", "经费(元)", "预算"),
                publish=Publish.PUBLISHED,
                help="以元为单位",
            ),
        ),
        natural_key=("unit_id", "year"),
        compartment=Compartment.INTERNAL,
        purpose="成员单位按职责制定的年度禁毒工作计划:去年总结、今年安排",
        legal_basis="NL4;DR4",
        retention=KEEP,
        dated_by="year",
        create=duty_plans.record_plans,
        change=duty_plans.change_plans,
        void=duty_plans.void_plans,
        facts=facts.UNIT_PLANS,
        prepare=duty_plans.prepare_plans,
        check=duty_rules.check_plan,
        ordering=("-year", "unit__code"),
        unit_label="份",
    )
)

registry.register(
    Ledger(
        code="unit_tasks",
        title="成员单位任务清单",
        room="governance",
        model=UnitTask,
        columns=(
            Column(
                "year",
                "年度",
                Kind.INTEGER,
                required=True,
                aliases=("年份", "计划年度"),
                path="plan.year",
                editable=False,
            ),
            Column("item", "任务序号", Kind.INTEGER, required=True, aliases=("任务编号", "编号", "项次")),
            Column(
                "duty",
                "职责依据",
                required=True,
                aliases=("依据", "职责来源", "法律依据"),
                max_length=120,
                help="写明哪部法律法规或者责任分工的哪一条",
            ),
            Column(
                "task", "任务", required=True, aliases=("工作任务", "任务内容", "重点工作"), max_length=300, searchable=True
            ),
            Column(
                "done_when",
                "完成标准",
                required=True,
                aliases=("标准", "目标要求", "怎样算完成", "验收标准"),
                max_length=300,
                listed=False,
            ),
            Column(
                "due_on",
                "完成时限",
                Kind.DATE,
                required=True,
                aliases=("时限", "完成期限", "期限"),
                publish=Publish.PUBLISHED,
            ),
            _progress("first_quarter", "一季度进展", "一季度", "第一季度进展"),
            _progress("second_quarter", "二季度进展", "二季度", "第二季度进展"),
            _progress("third_quarter", "三季度进展", "三季度", "第三季度进展"),
            _progress("fourth_quarter", "四季度进展", "四季度", "第四季度进展"),
            Column("done_on", "完成日期", Kind.DATE, aliases=("完成时间", "办结日期"), publish=Publish.PUBLISHED),
            Column("evidence", "完成依据", aliases=("佐证材料", "佐证", "成果", "证明材料"), max_length=300, listed=False),
        ),
        natural_key=("plan_id", "item"),
        compartment=Compartment.INTERNAL,
        purpose="计划分成任务:依据哪条职责、做什么、怎样算完成、何时完成、每季度到哪一步",
        legal_basis="NL4;DR4",
        retention=KEEP,
        dated_by="due_on",
        create=duty_plans.record_tasks,
        change=duty_plans.change_tasks,
        void=duty_plans.void_tasks,
        facts=facts.UNIT_TASKS,
        prepare=duty_plans.prepare_tasks,
        check=duty_rules.check_task,
        select_related=("plan",),
        ordering=("due_on", "unit__code", "item"),
        unit_label="项",
    )
)

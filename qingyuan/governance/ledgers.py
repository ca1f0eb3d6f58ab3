"""The ledgers of this room."""

from __future__ import annotations

from qingyuan.foundation.enums import Compartment
from qingyuan.governance import facts
from qingyuan.governance.actions import meetings
from qingyuan.governance.models import Instruction, Meeting
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

registry.register_fact(facts.RETURNS)
registry.register_fact(facts.RETURN_DUES)

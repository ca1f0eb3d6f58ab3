"""大普查: the frame of a check-up as a ledger. Excel, list, form and API say how a line ended; none of them adds a line.

It publishes no fact: how many were found in which state feeds no indicator, target or score (mission lines 2 and 3).
"""

from __future__ import annotations

from dataclasses import replace

from qingyuan.foundation.enums import Compartment, Sensitivity
from qingyuan.ledgers import registry
from qingyuan.ledgers.columns import Column
from qingyuan.ledgers.declaration import Ledger, Retention
from qingyuan.ledgers.kinds import Kind
from qingyuan.rehabilitation.actions import campaign_lines as actions
from qingyuan.rehabilitation.campaigns import LINES
from qingyuan.rehabilitation.columns import ID_NUMBER, NAME
from qingyuan.rehabilitation.models import CampaignLine

KEEP = Retention("普查结束满一年,删去依据、去向和凭证编号,只留结果;停止动态管控的随本人封存", article="PIPL19;PIPL47", months=12)

registry.register(
    Ledger(
        code=LINES,
        title="普查名册台账",
        room="rehabilitation",
        model=CampaignLine,
        columns=(
            Column(
                "campaign",
                "普查印发文号",
                required=True,
                aliases=("印发文号", "普查文号"),
                path="campaign.document_number",
                searchable=True,
                editable=False,
                max_length=60,
                help="照普查通知上的文号填",
            ),
            NAME,
            replace(ID_NUMBER, required=False, help="18 位,按文本填写;本单位没有同名的人时可以不填"),
            Column("division", "所在村(社区)", Kind.DIVISION, aliases=("执行地", "村(社区)"), editable=False, help="照名册,不用填"),
            Column("listed_on", "名册基准日", Kind.DATE, editable=False, help="照名册,不用填"),
            Column("state", "核查结果", Kind.CODE, aliases=("结果", "普查结果"), code_list="campaign_ends", filterable=True),
            Column("happened_on", "核查日期", Kind.DATE, aliases=("见面日期", "日期")),
            Column("paper_number", "凭证编号", aliases=("证明编号",), max_length=60, help="只写编号,不写事由"),
            Column(
                "words",
                "依据",
                Kind.LONG_TEXT,
                aliases=("核查经过",),
                sensitivity=Sensitivity.SENSITIVE,
                listed=False,
                help="在哪里见的、怎么联系上的、找过哪里",
            ),
            Column(
                "to_place",
                "外地的地方",
                aliases=("去向",),
                sensitivity=Sensitivity.SENSITIVE,
                listed=False,
                max_length=120,
                help="只在“非本辖区”时填外地;本市的在普查页选单位",
            ),
        ),
        natural_key=("campaign_id", "client_id", "unit_id"),
        compartment=Compartment.COMMUNITY,
        purpose="大普查:名册上的每一个人都见到或者说明在哪里;名册只从台账里取,不从线索、入户走访里加",
        legal_basis="NL33;DR4",
        retention=KEEP,
        dated_by="listed_on",
        create=actions.record,
        change=actions.change,
        void=actions.void,
        prepare=actions.prepare,
        caseload_field="client__caseworker_id",
        select_related=("client", "campaign"),
        unit_label="人",
    )
)

"""The ledgers of this room."""

from __future__ import annotations

from qingyuan.enforcement import actions, facts, rules
from qingyuan.enforcement.models import Case, Seizure
from qingyuan.foundation.enums import Compartment, Sensitivity
from qingyuan.ledgers import registry, stowing
from qingyuan.ledgers.columns import Column, Publish
from qingyuan.ledgers.declaration import Ledger, Retention
from qingyuan.ledgers.kinds import Kind

KEEP = Retention("按公安机关案卷归档期限", article="CPL")

registry.register(
    Ledger(
        code="cases",
        title="毒品案件台账",
        room="enforcement",
        model=Case,
        columns=(
            Column("number", "案件编号", required=True, aliases=("案号", "案件号"), searchable=True, max_length=40),
            Column("title", "案件名称", required=True, aliases=("案名",), searchable=True, max_length=120),
            Column(
                "case_kind",
                "案件类别",
                Kind.CODE,
                required=True,
                aliases=("类别",),
                code_list="case_kinds",
                publish=Publish.PUBLISHED,
                filterable=True,
            ),
            Column(
                "offence",
                "罪名(案由)",
                Kind.CODE,
                required=True,
                aliases=("罪名", "案由", "涉嫌罪名"),
                code_list="offences",
                publish=Publish.PUBLISHED,
                filterable=True,
            ),
            Column(
                "drug_main",
                "主要毒品",
                Kind.CODE,
                aliases=("毒品种类", "涉案毒品"),
                code_list="drugs",
                publish=Publish.PUBLISHED,
                filterable=True,
            ),
            Column(
                "tier",
                "案件等级",
                Kind.CODE,
                aliases=("大要案等级", "等级"),
                code_list="case_tiers",
                publish=Publish.PUBLISHED,
                filterable=True,
                listed=False,
            ),
            Column(
                "division",
                "发案地",
                Kind.DIVISION,
                required=True,
                aliases=("案发地", "发案乡镇", "发案地点"),
                publish=Publish.PUBLISHED,
            ),
            Column("filed_on", "立案日期", Kind.DATE, required=True, aliases=("立案时间",)),
            Column("cracked_on", "破案日期", Kind.DATE, aliases=("破案时间", "侦破日期"), publish=Publish.PUBLISHED),
            # What people type about a case may name somebody.
            Column("note", "备注", Kind.LONG_TEXT, sensitivity=Sensitivity.PERSONAL, listed=False),
        ),
        natural_key=("number",),
        compartment=Compartment.ENFORCEMENT,
        purpose="办案单位登记毒品案件,供形势分析统计",
        legal_basis="CPL112;CL347-357",
        retention=KEEP,
        dated_by="filed_on",
        create=actions.record_cases,
        change=actions.change_cases,
        void=actions.void_cases,
        facts=facts.CASES,
        prepare=actions.prepare_cases,
        stow=stowing.nothing_besides,
        check=rules.check_case,
        unit_label="起",
    )
)

registry.register(
    Ledger(
        code="seizures",
        title="缴获毒品台账",
        room="enforcement",
        model=Seizure,
        columns=(
            Column(
                "case_number",
                "案件编号",
                required=True,
                aliases=("案号", "案件号"),
                path="case.number",
                searchable=True,
                editable=False,
            ),
            Column("item", "批次", Kind.INTEGER, aliases=("次序", "批号"), help="同一案件同日同种毒品分几次缴获时填 1、2……"),
            Column(
                "drug",
                "毒品种类",
                Kind.CODE,
                required=True,
                aliases=("毒品", "毒品名称", "种类"),
                code_list="drugs",
                publish=Publish.PUBLISHED,
                filterable=True,
            ),
            Column(
                "net_g",
                "净重",
                Kind.QUANTITY,
                required=True,
                unit="g",
                aliases=("重量", "缴获数量", "净重(克)", "数量", "缴毒量"),
                publish=Publish.PUBLISHED,
                help="写明单位:克、千克、公斤",
            ),
            Column(
                "seized_on",
                "缴获日期",
                Kind.DATE,
                required=True,
                aliases=("查获日期", "缴获时间"),
                publish=Publish.PUBLISHED,
            ),
            Column(
                "place_kind",
                "查获场所",
                Kind.CODE,
                aliases=("场所", "查获地点类型"),
                code_list="place_kinds",
                publish=Publish.PUBLISHED,
                filterable=True,
            ),
            Column(
                "origin",
                "毒品来路",
                Kind.CODE,
                aliases=("来源方向", "上一站", "来路"),
                code_list="seizure_origins",
                publish=Publish.PUBLISHED,
                filterable=True,
            ),
        ),
        natural_key=("case_id", "drug", "seized_on", "item"),
        compartment=Compartment.ENFORCEMENT,
        purpose="办案单位登记每次缴获,单位统一为克",
        legal_basis="CL357(2);NL28",
        retention=KEEP,
        dated_by="seized_on",
        create=actions.record_seizures,
        change=actions.change_seizures,
        void=actions.void_seizures,
        facts=facts.SEIZURES,
        prepare=actions.prepare_seizures,
        stow=stowing.nothing_besides,
        check=rules.check_seizure,
        select_related=("case",),
        unit_label="批",
    )
)

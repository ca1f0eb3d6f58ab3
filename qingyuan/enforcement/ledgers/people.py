"""Rows about a person that belong to no case: penalties, sealed from entry, and tests in the course of enforcement."""

from __future__ import annotations

from dataclasses import replace

from qingyuan.enforcement import facts, rules
from qingyuan.enforcement.actions import penalties, tests
from qingyuan.enforcement.ledgers.common import ID_NUMBER, KEEP, MINOR, NAME, date_column, is_minor
from qingyuan.enforcement.models import EnforcementTest, Penalty
from qingyuan.enforcement.people import indexes
from qingyuan.foundation.enums import Compartment, Sensitivity
from qingyuan.ledgers import registry
from qingyuan.ledgers.columns import Column, Publish
from qingyuan.ledgers.declaration import Ledger, Retention
from qingyuan.ledgers.kinds import Kind

registry.register(
    Ledger(
        code="penalties",
        title="吸毒行政处罚台账(封存)",
        room="enforcement",
        model=Penalty,
        columns=(
            Column(
                "document_number",
                "决定书文号",
                required=True,
                aliases=("文号", "处罚决定书文号", "决定文书号"),
                max_length=60,
            ),
            replace(NAME, searchable=False),
            replace(ID_NUMBER, searchable=False),
            Column(
                "act",
                "违法行为",
                Kind.CODE,
                required=True,
                aliases=("案由", "违法事实", "处罚事由"),
                code_list="offences",
                publish=Publish.PUBLISHED,
            ),
            Column(
                "kind",
                "处罚种类",
                Kind.CODE,
                required=True,
                aliases=("处罚结果", "处罚", "处罚类别"),
                code_list="penalty_kinds",
                publish=Publish.PUBLISHED,
            ),
            Column(
                "division",
                "查获地",
                Kind.DIVISION,
                required=True,
                aliases=("发案地", "查获地点", "案发地"),
                publish=Publish.PUBLISHED,
            ),
            date_column("decided_on", "决定日期", "处罚日期", "决定时间", required=True),
            Column("days", "拘留天数", Kind.INTEGER, aliases=("拘留日数", "天数")),
            Column("fine_yuan", "罚款(元)", Kind.DECIMAL, aliases=("罚款金额", "罚款")),
            MINOR,
        ),
        natural_key=("unit_id", "document_number"),
        compartment=Compartment.ENFORCEMENT,
        purpose="办案单位登记吸毒行政处罚;登记即封存,依法逐条查阅,其余只用于计数",
        legal_basis="PS25-136;PJD59;NL62",
        retention=Retention("登记即封存;封存不是删除,按公安机关案卷归档期限保存", article="PS25-136"),
        dated_by="decided_on",
        create=penalties.record,
        change=penalties.change,
        void=penalties.void,
        facts=facts.PENALTIES,
        prepare=penalties.prepare,
        check=rules.check_penalty,
        unit_label="人次",
        sealed=True,
        opened_by=("document_number", "id_number"),
        shielded=is_minor,
        indexes=indexes,
    )
)

registry.register(
    Ledger(
        code="enforcement_tests",
        title="执法检测台账",
        room="enforcement",
        model=EnforcementTest,
        columns=(
            NAME,
            ID_NUMBER,
            date_column("tested_on", "检测日期", "检测时间", "采样时间", required=True),
            Column(
                "method",
                "检测类型",
                Kind.CODE,
                required=True,
                aliases=("检测种类", "检测方法"),
                code_list="test_methods",
                publish=Publish.PUBLISHED,
                filterable=True,
            ),
            Column(
                "sample",
                "检测样本",
                Kind.CODE,
                required=True,
                aliases=("样本", "检材", "检测方式"),
                code_list="test_samples",
                publish=Publish.PUBLISHED,
                filterable=True,
            ),
            Column(
                "compliance",
                "配合情况",
                Kind.CODE,
                required=True,
                aliases=("是否配合", "配合检测"),
                code_list="test_compliance",
                publish=Publish.PUBLISHED,
                filterable=True,
            ),
            Column(
                "result",
                "结果",
                Kind.CODE,
                aliases=("检测结果",),
                code_list="test_results",
                publish=Publish.PUBLISHED,
                filterable=True,
            ),
            Column("approval_number", "批准文书号", aliases=("批准文号", "强制检测批准文号"), listed=False, max_length=60),
            Column("institution", "检测机构", aliases=("检测单位", "鉴定机构"), listed=False, max_length=80),
            Column("case_number", "案件编号", aliases=("案号", "案件号"), listed=False, max_length=40),
            Column(
                "division",
                "检测地",
                Kind.DIVISION,
                required=True,
                aliases=("检测地点", "查获地", "查获地点"),
                publish=Publish.PUBLISHED,
            ),
            Column("testers", "检测人", Kind.STAFF, required=True, aliases=("检测人员", "检测民警"), help="两人", listed=False),
            MINOR,
            Column("note", "备注", Kind.LONG_TEXT, sensitivity=Sensitivity.PERSONAL, listed=False),
        ),
        natural_key=("unit_id", "who_index", "tested_on", "method", "sample"),
        compartment=Compartment.ENFORCEMENT,
        purpose="办案中依法检测的现场检测、实验室检测和复检",
        legal_basis="NL32;TEST09-8;TEST09-10",
        retention=KEEP,
        dated_by="tested_on",
        create=tests.record,
        change=tests.change,
        void=tests.void,
        facts=facts.TESTS,
        prepare=tests.prepare,
        check=rules.check_enforcement_test,
        unit_label="人次",
        shielded=is_minor,
        indexes=indexes,
    )
)

"""Special operations, cases, the people in them, and crimes linked with drugs."""

from __future__ import annotations

from dataclasses import replace

from django.db.models import Q

from qingyuan.casework.clocks import wanted
from qingyuan.casework.serving import declared
from qingyuan.enforcement import clocks, facts, papers, rules
from qingyuan.enforcement.actions import cases, linked_crimes, operations, parties
from qingyuan.enforcement.ledgers.common import CASE_NUMBER, ID_NUMBER, KEEP, MINOR, NAME, date_column, is_minor
from qingyuan.enforcement.models import Case, LinkedCrime, Operation, Party
from qingyuan.enforcement.people import indexes
from qingyuan.foundation.enums import Compartment, Sensitivity
from qingyuan.ledgers import registry, stowing
from qingyuan.ledgers.columns import Column, Publish
from qingyuan.ledgers.declaration import Ledger
from qingyuan.ledgers.kinds import Kind

registry.register(
    Ledger(
        code="cases",
        title="毒品案件台账",
        room="enforcement",
        model=Case,
        columns=(
            Column("number", "案件编号", required=True, aliases=("案号", "案件号"), searchable=True, max_length=40),
            # A case is named after its suspect (张某贩卖毒品案).
            Column(
                "title",
                "案件名称",
                required=True,
                aliases=("案名",),
                sensitivity=Sensitivity.PERSONAL,
                searchable=True,
                max_length=120,
            ),
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
            Column(
                "operation_number",
                "所属行动",
                aliases=("行动编号", "专项行动", "专项行动编号"),
                help="专项行动台账里的行动编号",
                searchable=True,
                max_length=40,
                listed=False,
            ),
            # What people type about a case may name somebody.
            Column("note", "备注", Kind.LONG_TEXT, sensitivity=Sensitivity.PERSONAL, listed=False),
        ),
        natural_key=("number",),
        compartment=Compartment.ENFORCEMENT,
        purpose="办案单位登记毒品案件,供形势分析统计",
        legal_basis="CPL112;CL347-357",
        retention=KEEP,
        dated_by="filed_on",
        create=cases.record_cases,
        change=cases.change_cases,
        void=cases.void_cases,
        facts=facts.CASES,
        prepare=cases.prepare_cases,
        stow=stowing.nothing_besides,
        follow=cases.follow_cases,
        followed=Q(case_kind="administrative"),
        check=rules.check_case,
        unit_label="起",
    )
)

registry.register(
    Ledger(
        code="parties",
        title="涉案人员台账",
        room="enforcement",
        model=Party,
        columns=(
            CASE_NUMBER,
            NAME,
            ID_NUMBER,
            Column("sex", "性别", Kind.CODE, code_list="sexes", help="有身份证号的可以不填", listed=False),
            Column(
                "role",
                "身份",
                Kind.CODE,
                required=True,
                aliases=("人员身份", "诉讼身份", "人员类别"),
                code_list="party_roles",
                publish=Publish.PUBLISHED,
                filterable=True,
            ),
            Column(
                "gang_role",
                "团伙作用",
                Kind.CODE,
                aliases=("团伙地位", "团伙中作用", "是否团伙"),
                code_list="gang_roles",
                publish=Publish.PUBLISHED,
                filterable=True,
            ),
            date_column("caught_on", "抓获日期", "抓获时间", "到案日期", "到案时间", help="在逃的不填,到案后补"),
            Column(
                "outcome",
                "处理情况",
                Kind.CODE,
                aliases=("强制措施", "采取措施", "处理结果"),
                code_list="party_outcomes",
                filterable=True,
            ),
            replace(date_column("outcome_on", "处理日期", "措施日期", "处理时间"), publish=Publish.WITHHELD),
            MINOR,
            Column("note", "备注", Kind.LONG_TEXT, sensitivity=Sensitivity.PERSONAL, listed=False),
        ),
        natural_key=("case_id", "who_index"),
        compartment=Compartment.ENFORCEMENT,
        purpose="办案单位登记每案涉案人员、到案和处理情况",
        legal_basis="CPL82;CPL108;MIN103;PJD59",
        retention=KEEP,
        dated_by="caught_on",
        create=parties.record,
        change=parties.change,
        void=parties.void,
        facts=facts.PARTIES,
        prepare=parties.prepare,
        follow=parties.follow,
        check=rules.check_party,
        select_related=("case",),
        unit_label="人次",
        shielded=is_minor,
        indexes=indexes,
    )
)

wanted.register(wanted.Runs(ledger="cases", wanted=clocks.of_case, columns=clocks.CASE_COLUMNS))
wanted.register(wanted.Runs(ledger="parties", wanted=clocks.of_party, columns=clocks.PARTY_COLUMNS))

registry.register(
    Ledger(
        code="operations",
        title="专项行动台账",
        room="enforcement",
        model=Operation,
        columns=(
            Column("number", "行动编号", required=True, aliases=("编号",), searchable=True, editable=False, max_length=40),
            Column("title", "行动名称", required=True, aliases=("名称", "专项行动"), searchable=True, max_length=80),
            Column(
                "level",
                "层级",
                Kind.CODE,
                required=True,
                aliases=("行动层级", "部署层级", "级别"),
                code_list="operation_levels",
                publish=Publish.PUBLISHED,
                filterable=True,
            ),
            Column("organiser", "部署单位", aliases=("组织单位", "主办单位"), listed=False, max_length=80),
            Column("document_number", "部署文号", aliases=("文号", "通知文号"), listed=False, max_length=60),
            Column("lead_unit", "牵头单位", required=True, aliases=("责任单位", "承办单位"), max_length=80),
            date_column("starts_on", "开始日期", "开始时间", "启动日期", required=True),
            replace(date_column("launch_until", "动员部署截止", "动员部署至"), publish=Publish.WITHHELD),
            replace(date_column("strike_until", "集中打击截止", "集中攻坚截止", "集中打击至"), publish=Publish.WITHHELD),
            date_column("ends_on", "结束日期", "结束时间", "总结验收截止"),
        ),
        natural_key=("unit_id", "number"),
        compartment=Compartment.ENFORCEMENT,
        purpose="登记专项行动的部署和阶段;成果由案件自动汇总,不设数量任务",
        legal_basis="NL4;CPL3",
        retention=KEEP,
        dated_by="starts_on",
        create=operations.record,
        change=operations.change,
        void=operations.void,
        facts=facts.OPERATIONS,
        check=rules.check_operation,
        unit_label="个",
    )
)

registry.register(
    Ledger(
        code="linked_crimes",
        title="涉毒关联犯罪台账",
        room="enforcement",
        model=LinkedCrime,
        columns=(
            Column("case_number", "案件编号", required=True, aliases=("案号", "案件号"), searchable=True, max_length=40),
            Column(
                "kind",
                "案件类别",
                Kind.CODE,
                required=True,
                aliases=("案由", "关联犯罪", "类别", "罪名"),
                code_list="linked_crimes",
                publish=Publish.PUBLISHED,
                filterable=True,
            ),
            Column(
                "division",
                "发案地",
                Kind.DIVISION,
                required=True,
                aliases=("案发地", "发案乡镇", "发案地点"),
                publish=Publish.PUBLISHED,
            ),
            date_column("happened_on", "发案日期", "案发时间", "发案时间", required=True),
            Column(
                "basis",
                "关联依据",
                Kind.CODE,
                required=True,
                aliases=("涉毒依据", "认定依据"),
                code_list="link_bases",
                publish=Publish.PUBLISHED,
                filterable=True,
            ),
            replace(date_column("solved_on", "破案日期", "破案时间"), publish=Publish.WITHHELD),
            Column("note", "备注", Kind.LONG_TEXT, sensitivity=Sensitivity.PERSONAL, listed=False),
        ),
        natural_key=("unit_id", "case_number"),
        compartment=Compartment.ENFORCEMENT,
        purpose="登记与毒品有关的盗抢骗等案件,看毒品给社会治安带来的危害",
        legal_basis="CL263-267;NL30",
        retention=KEEP,
        dated_by="happened_on",
        create=linked_crimes.record,
        change=linked_crimes.change,
        void=linked_crimes.void,
        facts=facts.LINKED_CRIMES,
        prepare=linked_crimes.prepare,
        check=rules.check_linked_crime,
        unit_label="起",
    )
)

declared.register(*papers.FORMS)

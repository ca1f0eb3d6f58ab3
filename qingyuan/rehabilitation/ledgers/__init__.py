"""The ledgers of this room."""

from __future__ import annotations

from dataclasses import replace

from django.utils.translation import gettext_lazy

from qingyuan.casework.clocks import wanted
from qingyuan.casework.handovers import owning
from qingyuan.casework.serving import declared
from qingyuan.foundation.enums import Compartment, Sensitivity
from qingyuan.ledgers import registry, reindexing, stowing
from qingyuan.ledgers.columns import Column, Publish
from qingyuan.ledgers.declaration import Ledger, Retention
from qingyuan.ledgers.kinds import Kind
from qingyuan.rehabilitation import besides, clocks, facts, papers, rules
from qingyuan.rehabilitation.actions import clients, handing, inspections, measures, tests
from qingyuan.rehabilitation.columns import DIVISION, ID_NUMBER, KEEP, NAME, day
from qingyuan.rehabilitation.ledgers import campaigns, case
from qingyuan.rehabilitation.models import CommunityTest, Inspection, Isolation, Measure

registry.register(
    Ledger(
        code="measures",
        title="社区戒毒社区康复台账",
        room="rehabilitation",
        model=Measure,
        columns=(
            NAME,
            ID_NUMBER,
            Column(
                "kind",
                "措施",
                Kind.CODE,
                required=True,
                aliases=("戒毒措施", "措施类别", "类别"),
                code_list="measures",
                publish=Publish.PUBLISHED,
                filterable=True,
                may_default=True,
            ),
            DIVISION,
            day("decided_on", "决定日期", "决定书日期", "责令日期", required=True),
            Column(
                "document_number", "决定文书号", aliases=("文书号", "决定书文号", "文号"), max_length=60, listed=False
            ),
            day("served_on", "送达日期", "送达时间", "收到决定书日期"),
            day("reported_on", "报到日期", "报到时间"),
            day("agreement_on", "协议签订日期", "签订协议日期", "协议日期"),
            day("ends_on", "期满日期", "到期日期", "截止日期"),
            day("ended_on", "结束日期", "解除日期", "终止日期", listed=False),
            Column(
                "end_reason",
                "结束原因",
                Kind.CODE,
                aliases=("解除原因", "终止原因"),
                code_list="measure_end_reasons",
                publish=Publish.PUBLISHED,
                filterable=True,
                listed=False,
            ),
        ),
        natural_key=("client_id", "kind", "decided_on"),
        compartment=Compartment.COMMUNITY,
        purpose="乡镇(街道)依法执行社区戒毒、社区康复,掌握报到、协议、检测和期满",
        legal_basis="NL33-35;DR13-24;DR37-40",
        retention=KEEP,
        dated_by="decided_on",
        create=measures.record_measures,
        change=measures.change_measures,
        void=measures.void_measures,
        facts=facts.MEASURES,
        prepare=measures.prepare_measures,
        stow=measures.stow_people,
        follow=measures.follow_measures,
        check=rules.check_measure,
        caseload_field="client__caseworker_id",
        select_related=("client",),
    )
)

registry.register(
    Ledger(
        code="isolation",
        title="强制隔离戒毒状态台账",
        room="rehabilitation",
        model=Isolation,
        columns=(
            NAME,
            ID_NUMBER,
            DIVISION,
            day("decided_on", "决定日期", "强戒决定日期", required=True),
            day("ends_on", "期满日期", "到期日期"),
            day("released_on", "解除日期", "出所日期"),
        ),
        natural_key=("client_id", "decided_on"),
        compartment=Compartment.COMMUNITY,
        purpose="只记状态日期,为出所衔接做准备;不记所内情况",
        legal_basis="NL38-47;DR25-36",
        retention=KEEP,
        dated_by="decided_on",
        create=measures.record_isolation,
        change=measures.change_isolation,
        void=measures.void_isolation,
        facts=facts.ISOLATION,
        prepare=measures.prepare_isolation,
        stow=measures.stow_people,
        follow=measures.follow_isolation,
        check=rules.check_isolation,
        caseload_field="client__caseworker_id",
        select_related=("client",),
    )
)

#: What the rows beside a measure say to its clocks, in the words of their own ledgers.
BESIDE = {
    "stopped_on": gettext_lazy("社区戒毒社区康复中止台账·中止日期"),
    "resumed_on": gettext_lazy("社区戒毒社区康复中止台账·恢复日期"),
    "left_on": gettext_lazy("离开报备台账·离开日期"),
    "moved_on": gettext_lazy("变更执行地台账·变更日期"),
    "credited_on": gettext_lazy("期限折抵台账·决定日期"),
}

for _ledger, _wanted, _columns, _gather in (
    ("measures", clocks.of_measure, clocks.MEASURE_COLUMNS, besides.gather),
    ("isolation", clocks.of_isolation, clocks.ISOLATION_COLUMNS, lambda rows: rows),
):
    wanted.register(
        wanted.Runs(
            ledger=_ledger,
            wanted=_wanted,
            columns=_columns,
            person=lambda row: str(row.client_id),
            caseworker=lambda row: row.client.caseworker_id if row.unit_id == row.client.unit_id else None,
            gather=_gather,
            titles=BESIDE,
        )
    )

declared.register(*papers.FORMS)

registry.register(
    Ledger(
        code="tests",
        title="社区检测台账",
        room="rehabilitation",
        model=CommunityTest,
        columns=(
            replace(NAME, required=False),
            replace(ID_NUMBER, required=False, help="18 位,按文本填写;本单位没有同名的人时可以不填"),
            day("tested_on", "检测日期", "检测时间", "尿检日期", "尿检时间", required=True),
            Column(
                "sample",
                "检测方式",
                Kind.CODE,
                required=True,
                aliases=("检测样本", "样本", "检材", "检测类型"),
                code_list="test_samples",
                publish=Publish.PUBLISHED,
                filterable=True,
                may_default=True,
            ),
            Column(
                "result",
                "结果",
                Kind.CODE,
                required=True,
                aliases=("检测结果", "尿检结果"),
                code_list="test_results",
                sensitivity=Sensitivity.INTERNAL,
                publish=Publish.PUBLISHED,
                filterable=True,
            ),
            Column(
                "purpose",
                "检测性质",
                Kind.CODE,
                aliases=("检测目的", "性质"),
                code_list="test_purposes",
                publish=Publish.PUBLISHED,
                listed=False,
                may_default=True,
            ),
            Column(
                "testers", "检测人", Kind.STAFF, required=True, aliases=("检测人员", "检测员", "工作人员"), help="两人"
            ),
            Column(
                "note", "备注", Kind.LONG_TEXT, aliases=("说明",), sensitivity=Sensitivity.PERSONAL, listed=False
            ),
        ),
        natural_key=("client_id", "tested_on", "sample"),
        compartment=Compartment.COMMUNITY,
        purpose="按检测计划开展定期检测,留存每次结果",
        legal_basis="NL35;DR19",
        retention=KEEP,
        dated_by="tested_on",
        create=tests.record,
        change=tests.change,
        void=tests.void,
        facts=facts.TESTS,
        prepare=tests.prepare,
        follow=tests.follow,
        stow=stowing.nothing_besides,
        gathered_by="measure_id",
        check=rules.check_test,
        caseload_field="client__caseworker_id",
        select_related=("client",),
        unit_label="人次",
    )
)


def _present(name: str, header: str, *aliases: str) -> Column:
    return Column(name, header, Kind.BOOLEAN, aliases=aliases, publish=Publish.PUBLISHED, listed=False)


def _count(name: str, header: str, *aliases: str) -> Column:
    return Column(name, header, Kind.INTEGER, required=True, aliases=aliases, publish=Publish.PUBLISHED)


registry.register(
    Ledger(
        code="inspections",
        title="社区戒毒社区康复联合检查台账",
        room="rehabilitation",
        model=Inspection,
        columns=(
            day("inspected_on", "检查日期", "检查时间", "日期", required=True),
            Column("document", "检查记录编号", required=True, aliases=("记录编号", "检查记录", "编号"), max_length=60),
            replace(
                DIVISION,
                header="受检乡镇(街道)",
                aliases=("受检单位", "乡镇(街道)", "被检查乡镇", "工作站"),
                help="乡镇(街道)全称或代码",
            ),
            _present("police", "公安参加", "公安"),
            _present("politics_law", "政法委参加", "政法委", "综治"),
            _present("justice", "司法参加", "司法", "司法局"),
            _present("civil_affairs", "民政参加", "民政", "民政局"),
            _count("files_drawn", "抽查档案数", "抽查档案", "抽查份数", "抽查卷数"),
            _count("items_checked", "检查项数", "检查项目数", "检查项目"),
            _count("items_failed", "不合格项数", "不合格项", "问题数"),
            Column(
                "problems",
                "存在问题",
                Kind.LONG_TEXT,
                aliases=("问题", "发现问题", "问题描述"),
                sensitivity=Sensitivity.PERSONAL,
                listed=False,
                help="只写事,不写戒毒人员姓名",
            ),
            day("mend_by", "整改期限", "整改时限", "限期"),
            day("rechecked_on", "复查日期", "复查时间"),
            Column(
                "recheck_passed",
                "复查合格",
                Kind.BOOLEAN,
                aliases=("复查结果", "是否合格"),
                publish=Publish.PUBLISHED,
            ),
        ),
        natural_key=("division", "inspected_on", "document"),
        compartment=Compartment.COMMUNITY,
        purpose="公安、政法委、司法、民政联合检查乡镇工作站的记录、整改和复查",
        legal_basis="DR4;DR15-19;DR44",
        retention=Retention("文书档案按保管期限表", article="档案法"),
        dated_by="inspected_on",
        create=inspections.record_inspections,
        change=inspections.change_inspections,
        void=inspections.void_inspections,
        facts=facts.INSPECTIONS,
        prepare=inspections.prepare_inspections,
        check=rules.check_inspection,
        caseload_field="recorded_by_id",
        unit_label="次",
    )
)

owning.register(handing.CLIENTS)
reindexing.register_people(Compartment.COMMUNITY, clients.reindex)

__all__ = ["campaigns", "case"]

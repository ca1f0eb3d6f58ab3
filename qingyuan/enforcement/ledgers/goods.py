"""What was seized: net weights of drugs, and the way of every exhibit through custody."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qingyuan.casework.clocks import wanted
from qingyuan.enforcement import clocks, facts, rules
from qingyuan.enforcement.actions import cases, exhibits
from qingyuan.enforcement.ledgers.common import CASE_NUMBER, KEEP, date_column
from qingyuan.enforcement.models import Movement, Seizure
from qingyuan.foundation.enums import Compartment, Sensitivity
from qingyuan.ledgers import registry, stowing
from qingyuan.ledgers.columns import Column, Publish
from qingyuan.ledgers.declaration import Ledger
from qingyuan.ledgers.kinds import Kind

registry.register(
    Ledger(
        code="seizures",
        title="缴获毒品台账",
        room="enforcement",
        model=Seizure,
        columns=(
            CASE_NUMBER,
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
        create=cases.record_seizures,
        change=cases.change_seizures,
        void=cases.void_seizures,
        facts=facts.SEIZURES,
        prepare=cases.prepare_seizures,
        stow=stowing.nothing_besides,
        check=rules.check_seizure,
        select_related=("case",),
        unit_label="批",
    )
)

registry.register(
    Ledger(
        code="exhibits",
        title="涉案财物流转台账",
        room="enforcement",
        model=Movement,
        columns=(
            CASE_NUMBER,
            Column(
                "exhibit",
                "物品编号",
                required=True,
                aliases=("财物编号", "物证编号", "检材编号"),
                help="同一案件内不重复,同一件物品各环节用同一个编号",
                searchable=True,
                max_length=20,
            ),
            Column(
                "kind",
                "物品类别",
                Kind.CODE,
                required=True,
                aliases=("财物类别", "物品", "物品名称"),
                code_list="exhibit_kinds",
                publish=Publish.PUBLISHED,
                filterable=True,
            ),
            Column(
                "drug",
                "毒品种类",
                Kind.CODE,
                aliases=("毒品", "毒品名称"),
                code_list="drugs",
                publish=Publish.PUBLISHED,
                filterable=True,
            ),
            Column(
                "stage",
                "环节",
                Kind.CODE,
                required=True,
                aliases=("流转环节", "事项", "出入库类别"),
                code_list="custody_stages",
                publish=Publish.PUBLISHED,
                filterable=True,
            ),
            date_column("moved_on", "日期", "办理日期", "出入库日期", "时间", required=True),
            Column("turn", "次序", Kind.INTEGER, aliases=("当日次序",), help="同一天同一环节有几次时填 1、2……", listed=False),
            Column("quantity", "数量", Kind.DECIMAL, required=True, aliases=("净重", "重量", "金额")),
            Column(
                "measure",
                "计量单位",
                Kind.CODE,
                required=True,
                aliases=("单位",),
                code_list="quantity_units",
            ),
            Column("place", "存放(去向)", aliases=("存放地点", "去向", "保管场所"), max_length=80),
            Column("handlers", "经手人", Kind.STAFF, required=True, aliases=("经办人", "交接人"), help="两人", listed=False),
            Column("document_number", "单据号", aliases=("清单编号", "凭证号"), listed=False, max_length=60),
            Column("note", "备注", Kind.LONG_TEXT, sensitivity=Sensitivity.PERSONAL, listed=False),
        ),
        natural_key=("case_id", "exhibit", "stage", "moved_on", "turn"),
        compartment=Compartment.ENFORCEMENT,
        purpose="登记涉案毒品和物品从扣押到销毁的每一次交接,账实可以核对",
        legal_basis="NL28;CPL245",
        retention=KEEP,
        dated_by="moved_on",
        create=exhibits.record,
        change=exhibits.change,
        void=exhibits.void,
        facts=facts.EXHIBITS,
        prepare=exhibits.prepare,
        follow=exhibits.follow,
        followed=Q(kind=clocks.DRUG),
        check=rules.check_movement,
        select_related=("case",),
        unit_label="次",
    )
)

wanted.register(
    wanted.Runs(
        ledger="exhibits",
        wanted=clocks.of_movement,
        columns=clocks.EXHIBIT_COLUMNS,
        gather=exhibits.with_steps,
        titles={"sampled": _("环节“送检取样”的日期"), "stored": _("环节“入库”“移交”“销毁”等的日期")},
    )
)

"""The ledgers of this room."""

from __future__ import annotations

from qingyuan.foundation.enums import Compartment
from qingyuan.ledgers import registry
from qingyuan.ledgers.columns import Column, Publish
from qingyuan.ledgers.declaration import Ledger, Retention
from qingyuan.ledgers.kinds import Kind
from qingyuan.situation import facts, rules
from qingyuan.situation.actions import counts as actions
from qingyuan.situation.models import Population, PublishedFigure, RegistrationCount, WaterSample


def _count(name: str, header: str, *aliases: str, required: bool = False) -> Column:
    return Column(name, header, Kind.INTEGER, required=required, aliases=aliases, publish=Publish.PUBLISHED)


registry.register(
    Ledger(
        code="registrations",
        title="在册吸毒人员计数台账",
        room="situation",
        model=RegistrationCount,
        columns=(
            Column(
                "month",
                "月份",
                Kind.DATE,
                required=True,
                aliases=("统计月份", "年月"),
                publish=Publish.PUBLISHED,
                month_enough=True,
            ),
            Column(
                "division",
                "乡镇(街道)",
                Kind.DIVISION,
                required=True,
                aliases=("乡镇", "辖区", "单位"),
                publish=Publish.PUBLISHED,
            ),
            _count("registered", "登记累计", "登记在册累计", "累计登记", required=True),
            _count("abstinent", "戒断三年未发现复吸", "戒断三年"),
            _count("dead", "死亡"),
            _count("left", "离境"),
            _count("current", "现有", "现有吸毒人员"),
            _count("in_contact", "其中在控", "在控"),
            _count("newly_found", "当月新发现", "新发现", "新发现吸毒人员"),
            _count("newly_found_rural", "其中农村", "新发现农村"),
        ),
        natural_key=("division", "month"),
        compartment=Compartment.INTERNAL,
        purpose="按乡镇按月的人数,供形势研判;只有数,没有人",
        legal_basis="NL4;STAT",
        retention=Retention("统计资料长期保存"),
        dated_by="month",
        create=actions.record_registrations,
        change=actions.change_registrations,
        void=actions.void_registrations,
        facts=facts.REGISTRATIONS,
        prepare=actions.prepare_registrations,
        check=rules.check_registration,
        ordering=("-month", "division__code"),
    )
)

registry.register(
    Ledger(
        code="population",
        title="人口台账",
        room="situation",
        model=Population,
        columns=(
            Column("year", "年份", Kind.INTEGER, required=True, aliases=("年度",), publish=Publish.PUBLISHED),
            Column(
                "division",
                "区划",
                Kind.DIVISION,
                required=True,
                aliases=("乡镇(街道)", "乡镇"),
                publish=Publish.PUBLISHED,
            ),
            Column(
                "resident",
                "常住人口",
                Kind.INTEGER,
                required=True,
                aliases=("人口", "常住人口数"),
                publish=Publish.PUBLISHED,
            ),
            Column("source", "来源", required=True, aliases=("数据来源",), max_length=120, example="统计年鉴"),
        ),
        natural_key=("division", "year"),
        compartment=Compartment.INTERNAL,
        purpose="作为每万人口指标的分母",
        legal_basis="STAT",
        retention=Retention("统计资料长期保存"),
        dated_by="year",
        create=actions.record_population,
        change=actions.change_population,
        void=actions.void_population,
        facts=facts.POPULATION,
        check=rules.check_population,
        ordering=("-year", "division__code"),
    )
)

registry.register(
    Ledger(
        code="published_statistics",
        title="公开毒情数据台账",
        room="situation",
        model=PublishedFigure,
        columns=(
            Column(
                "indicator",
                "指标",
                Kind.CODE,
                required=True,
                aliases=("指标名称", "项目", "公开指标"),
                code_list="published_indicators",
                filterable=True,
            ),
            Column("area", "地区", required=True, aliases=("范围", "区域"), max_length=40, searchable=True, example="全国"),
            Column("year", "年份", Kind.INTEGER, required=True, aliases=("年度",)),
            Column("value", "数值", Kind.DECIMAL, required=True, aliases=("公布数", "数量", "公布数值")),
            Column("measure_unit", "计量单位", required=True, aliases=("单位",), max_length=8, example="万人"),
            Column(
                "printed_change",
                "公布的同比",
                Kind.DECIMAL,
                unit="%",
                aliases=("同比", "同比(%)", "公布同比", "公布的同比(%)", "同比增减"),
                help="照原文填,下降写负数",
            ),
            Column(
                "comparable_base",
                "可比基数",
                Kind.DECIMAL,
                aliases=("上年可比数", "同口径上年数", "基数"),
                help="发布单位算同比时用的上年数;与上年公布数不同的必填",
            ),
            Column("base_note", "基数说明", aliases=("口径说明", "备注"), max_length=200),
            Column("publisher", "发布单位", required=True, aliases=("发布机构", "发布者"), max_length=60),
            Column("source_title", "出处", required=True, aliases=("来源", "资料名称", "文件名称"), max_length=120),
            Column("printed_on", "发布日期", Kind.DATE, aliases=("公布日期",)),
        ),
        natural_key=("indicator", "area", "year"),
        compartment=Compartment.PUBLIC,
        purpose="登记国家和各地公布的毒情数据,写明每个同比用的基数,供对照",
        legal_basis="STAT",
        retention=Retention("统计资料长期保存"),
        dated_by="year",
        create=actions.record_published,
        change=actions.change_published,
        void=actions.void_published,
        prepare=actions.prepare_published,
        check=rules.check_published,
        ordering=("-year", "area", "indicator"),
    )
)

registry.register(
    Ledger(
        code="wastewater",
        title="污水监测台账",
        room="situation",
        model=WaterSample,
        columns=(
            Column("site", "采样点", required=True, aliases=("污水处理厂", "污水处理厂名称", "点位"), max_length=60, searchable=True),
            Column(
                "division",
                "服务区划",
                Kind.DIVISION,
                required=True,
                aliases=("所在地", "乡镇(街道)", "区划"),
                publish=Publish.PUBLISHED,
            ),
            Column(
                "served",
                "服务人口",
                Kind.INTEGER,
                required=True,
                aliases=("服务人口(人)", "污水厂服务人口"),
                unit="人",
                publish=Publish.PUBLISHED,
                help="以人为单位,不是万人",
            ),
            Column(
                "sampled_on",
                "采样日期",
                Kind.DATE,
                required=True,
                aliases=("采样时间", "日期"),
                publish=Publish.PUBLISHED,
            ),
            Column(
                "target",
                "标志物",
                Kind.CODE,
                required=True,
                aliases=("化合物", "检测项目", "毒品或者代谢物"),
                code_list="water_targets",
                publish=Publish.PUBLISHED,
                filterable=True,
            ),
            Column(
                "concentration",
                "浓度",
                Kind.DECIMAL,
                unit="ng/L",
                aliases=("浓度(ng/L)", "检测浓度", "检出浓度"),
                help="以 ng/L 为单位;低于定量限的留空",
            ),
            Column(
                "below_limit",
                "低于定量限",
                Kind.BOOLEAN,
                aliases=("是否低于定量限", "低于LOQ", "<LOQ"),
                publish=Publish.PUBLISHED,
            ),
            Column(
                "flow",
                "流量",
                Kind.DECIMAL,
                required=True,
                unit="m³/d",
                aliases=("流量(m³/d)", "日流量", "进水量", "日处理水量"),
                help="以 m³/d 为单位,不是万立方米",
            ),
            Column(
                "load",
                "千人均日负荷",
                Kind.DECIMAL,
                unit="mg",
                aliases=("千人均日负荷(mg)", "负荷量", "负荷"),
                help="留空由系统计算:浓度×流量÷服务人口",
            ),
            Column("laboratory", "检测机构", required=True, aliases=("检测单位", "实验室"), max_length=60),
        ),
        natural_key=("site", "sampled_on", "target"),
        compartment=Compartment.INTERNAL,
        purpose="按污水处理厂监测毒品标志物,供形势研判;一个点位数千人以上,不指向人和户",
        legal_basis="NL30",
        retention=Retention("统计资料长期保存"),
        dated_by="sampled_on",
        create=actions.record_water,
        change=actions.change_water,
        void=actions.void_water,
        facts=facts.WASTEWATER,
        prepare=actions.prepare_water,
        check=rules.check_water,
        ordering=("-sampled_on", "site", "target"),
        unit_label="样次",
    )
)

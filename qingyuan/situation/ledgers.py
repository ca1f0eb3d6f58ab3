"""The ledgers of this room."""

from __future__ import annotations

from qingyuan.foundation.enums import Compartment
from qingyuan.ledgers import registry
from qingyuan.ledgers.columns import Column, Publish
from qingyuan.ledgers.declaration import Ledger, Retention
from qingyuan.ledgers.kinds import Kind
from qingyuan.situation import actions, facts, rules
from qingyuan.situation.models import Population, RegistrationCount


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
        ordering=("-year", "division__code"),
    )
)

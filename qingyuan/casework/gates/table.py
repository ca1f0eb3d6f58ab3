"""The gates as one table: from which ledgers to whom, on which article, exactly which fields, who may sign.

A gate is used by one person for one row (or one month's counts), each time with a signature; nothing passes by itself, nothing
counts it, and what is not listed does not cross. Where no text confirms a gate it is off and says why.
Source: domain.md §1.9 with its corrections 26 and 27.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from qingyuan.foundation.enums import Compartment
from qingyuan.foundation.words import Decision
from qingyuan.organisation.enums import Role

#: Nobody may ever declare a field for these: no gate carries them (AIDS39; domain.md §1.9 «never crosses»).
NEVER_CROSSES: Final = ("hiv", "diagnosis", "note", "counselling", "family", "medicine", "dose_mg", "result", "reporter")


@dataclass(frozen=True)
class Field:
    """``column``: copied from the row (a column of its ledger), else typed by who signs. ``long``: facts in a few lines."""

    name: str
    header: str | Promise
    column: str = ""
    day: bool = False
    long: bool = False
    choices: tuple[tuple[str, str | Promise], ...] = ()


@dataclass(frozen=True)
class Gate:
    """``ledgers``: from which ledgers a row may be named, each with the attribute that says who it is about; empty where no row
    crosses. ``once``: one row passes it a single time. ``provinces``: rule pack → article, for a gate that only a province's
    text opens. ``two``: a second person of the unit signs before anything leaves. ``off``: why it is closed everywhere, empty
    when it is not."""

    code: str
    title: str | Promise
    source: Compartment
    to: Compartment
    receivers: frozenset[Role]
    articles: str
    fields: tuple[Field, ...]
    ledgers: Mapping[str, str] = field(default_factory=dict)
    provinces: Mapping[str, str] = field(default_factory=dict)
    two: bool = False
    once: bool = False
    off: str | Promise = ""
    remark: str | Promise = ""

    def open_in(self, pack: str) -> Decision:
        """Whether it may be used in a city that goes by this rule pack."""
        if self.off:
            return Decision(False, str(self.off))
        if self.provinces and pack not in self.provinces:
            return Decision(False, str(_("国家法律没有这项报告义务,只有个别省(市)的条例规定;本市适用的规则里没有,默认关闭。")))
        return Decision(True, "")

    def basis_in(self, pack: str) -> str:
        """The articles it rests on there, as keys of ``reference/data/articles.csv``."""
        return self.provinces.get(pack, "") or self.articles

    @property
    def copied(self) -> tuple[Field, ...]:
        return tuple(one for one in self.fields if one.column)

    @property
    def typed(self) -> tuple[Field, ...]:
        return tuple(one for one in self.fields if not one.column)


def wrong_with(gate: Gate, given: Mapping[str, str], *, on: date) -> dict[str, str]:
    """What is wrong with the typed fields, by name. Every field is needed: a form with a gap says something else."""
    wrong: dict[str, str] = {}
    known = {one.name for one in gate.fields}
    for name in set(given) - known:
        wrong[name] = str(_("这一项不在通道列明的内容里,不能移交。"))
    for one in gate.typed:
        text = given.get(one.name, "").strip()
        if not text:
            wrong[one.name] = str(_("请填写:通道列明的每一项都要有。"))
        elif one.choices and text not in dict(one.choices):
            wrong[one.name] = str(_("请从列出的情形里选一种。"))
        elif one.day and (day := _day(text)) is None:
            wrong[one.name] = str(_("请按年-月-日填写日期。"))
        elif one.day and day is not None and day > on:
            wrong[one.name] = str(_("日期在今天之后,请核对。"))
    return wrong


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


_NAME = Field("name", _("姓名"), "name")
_NUMBER = Field("id_number", _("身份证号"), "id_number")
_POLICE = frozenset({Role.POLICE_OFFICER})
_FACTS = Field("facts", _("事实"), long=True)
_FOUND = Field("found_on", _("发现日期"), day=True)
_EVIDENCE = (
    _NAME,
    _NUMBER,
    Field("instrument", _("调取证据文书号")),
    Field("asked_by", _("调取的机关和承办人")),
    Field("answer", _("所问事项的答复"), long=True),
)
_OF_CLINIC = {"treatment_agreements": "patient_id", "maintenance": "patient_id"}

GATES: Final[tuple[Gate, ...]] = (
    Gate(
        code="G1",
        title=_("维持治疗入组备案"),
        source=Compartment.TREATMENT,
        to=Compartment.ENFORCEMENT,
        receivers=_POLICE,
        articles="DR12",
        fields=(_NAME, _NUMBER, Field("enrolled_on", _("入组日期"), "enrolled_on")),
        ledgers={"maintenance": "patient_id"},
        once=True,
        remark=_("条文只说“登记信息及时报公安机关备案”,没有列明内容:本平台只送三项,不送任何治疗内容。"),
    ),
    Gate(
        code="G2",
        title=_("治疗期间吸毒报告"),
        source=Compartment.TREATMENT,
        to=Compartment.ENFORCEMENT,
        receivers=_POLICE,
        articles="NL37;NL67",
        fields=(_NAME, _NUMBER, _FOUND, _FACTS),
        ledgers=_OF_CLINIC,
        remark=_("由医生签字,只写发现吸毒的事实;检测结果、诊断和用药不送。"),
    ),
    Gate(
        code="G3",
        title=_("自愿戒毒协议身份备案"),
        source=Compartment.TREATMENT,
        to=Compartment.ENFORCEMENT,
        receivers=_POLICE,
        articles="DR10",
        fields=(_NAME, _NUMBER, Field("signed_on", _("签订日期"), "signed_on")),
        ledgers={"treatment_agreements": "patient_id"},
        once=True,
        provinces={"zhejiang": "ZJ29", "chongqing": "CQ30", "shandong": "SD38"},
        remark=_("只有浙江、重庆、山东的条例有这项规定。"),
    ),
    Gate(
        code="G4",
        title=_("拒绝、复吸、严重违反协议报告"),
        source=Compartment.COMMUNITY,
        to=Compartment.ENFORCEMENT,
        receivers=_POLICE,
        articles="NL35;DR21",
        fields=(
            _NAME,
            _NUMBER,
            Field(
                "what",
                _("情形"),
                choices=(("refused", _("拒绝接受社区戒毒")), ("used", _("又吸食、注射毒品")), ("violated", _("严重违反社区戒毒协议"))),
            ),
            Field("happened_on", _("发生日期"), day=True),
            _FACTS,
        ),
        ledgers={"measures": "client_id"},
        remark=_("只写违反的事实;谈话、帮扶、家庭和就医情况不送。"),
    ),
    Gate(
        code="G5",
        title=_("决定、解除文书送乡镇"),
        source=Compartment.ENFORCEMENT,
        to=Compartment.COMMUNITY,
        receivers=frozenset({Role.TOWN_SUPERVISOR}),
        articles="NL33;DR13;DR23;DR40",
        fields=(
            _NAME,
            _NUMBER,
            Field(
                "what",
                _("文书"),
                choices=(("detox", _("责令社区戒毒决定")), ("rehab", _("责令社区康复决定")), ("ended", _("解除、终止、转强制隔离戒毒"))),
            ),
            Field("document_number", _("文书号")),
            Field("decided_on", _("文书日期"), day=True),
        ),
        ledgers={"parties": ""},
        remark=_("案件的其他内容不送。乡镇签收时核对是不是自己的服务对象,结果只有乡镇看得到。"),
    ),
    Gate(
        code="G5b",
        title=_("强制隔离戒毒所出所通知乡镇"),
        source=Compartment.ENFORCEMENT,
        to=Compartment.COMMUNITY,
        receivers=frozenset({Role.TOWN_SUPERVISOR}),
        articles="DR34",
        fields=(),
        off=_("戒毒条例第三十四条写的是通知决定机关、家属、单位和派出所,没有写乡镇;只有上海 2015 年文本有此规定,条号未经核对:关闭。"),
    ),
    Gate(
        code="G6",
        title=_("司法机关调取证据(医疗机构)"),
        source=Compartment.TREATMENT,
        to=Compartment.ENFORCEMENT,
        receivers=frozenset({Role.PROSECUTOR, Role.COURT_CLERK, Role.POLICE_OFFICER}),
        articles="CPL54",
        fields=_EVIDENCE,
        ledgers=_OF_CLINIC,
        two=True,
        remark=_("文书号必填,由本单位两人先后签字;只答所问,不附病历。"),
    ),
    Gate(
        code="G6c",
        title=_("司法机关调取证据(乡镇)"),
        source=Compartment.COMMUNITY,
        to=Compartment.ENFORCEMENT,
        receivers=frozenset({Role.PROSECUTOR, Role.COURT_CLERK, Role.POLICE_OFFICER}),
        articles="CPL54",
        fields=_EVIDENCE,
        ledgers={"measures": "client_id"},
        two=True,
        remark=_("文书号必填,由本单位两人先后签字;只答所问,不附档案。"),
    ),
    Gate(
        code="G7",
        title=_("治疗情况汇总数"),
        source=Compartment.TREATMENT,
        to=Compartment.INTERNAL,
        receivers=frozenset({Role.COMMISSION_CLERK}),
        articles="STAT11;STAT28",
        fields=(Field("month", _("月份")), Field("counts", _("汇总数"), long=True)),
        remark=_("只有汇总数;不足 5 人的、能倒推出来的都不显示。"),
    ),
    Gate(
        code="G8",
        title=_("本人查阅、复制、更正"),
        source=Compartment.COMMUNITY,
        to=Compartment.PUBLIC,
        receivers=frozenset(),
        articles="PIPL45;PIPL46",
        fields=(),
        off=_("不在两个单位之间走:由本人向负责单位提出,在“信息请求”里核对身份、逐项答复,直接交给本人。"),
    ),
)
BY_CODE: Final = {gate.code: gate for gate in GATES}


def gate_called(code: str) -> Gate | None:
    return BY_CODE.get(code)


def from_ledger(code: str) -> tuple[Gate, ...]:
    """The gates through which something of a row of this ledger may pass."""
    return tuple(gate for gate in GATES if code in gate.ledgers)

"""What a clause, a group and the sheet itself ask for, in the same words as the kinds do."""

from __future__ import annotations

from typing import Final

from qingyuan.governance.scoring.asked import INPUT, Ask, Asked, choice, number, rows, text

EMPTY: Final = (
    ("full", "给满分"),
    ("zero", "不得分"),
    ("not_applicable", "本条不适用"),
    ("manual", "由人评定"),
    ("ask", "待裁定"),
)
NOT_APPLICABLE: Final = (
    ("redistribute", "分值由全表其余条款分摊"),
    ("within_group", "分值由本组其余条款分摊"),
    ("full", "按满分计"),
    ("omit", "这类单位的表上没有本条"),
)
STATES: Final = (
    ("scored", "得分"),
    ("not_available", "数据未到"),
    ("not_applicable", "不适用"),
    ("undecided", "待裁定"),
)
ROLES: Final = (("base", "得分组(加起来等于总分)"), ("bonus", "加分组(分值是封顶)"), ("penalty", "扣分组(分值是封顶)"))


def _long(name: str, label: str, help: str = "") -> Asked:
    return Asked(name, label, Ask.LONG, False, help)


RULE: Final = Asked("rule", "怎么计分", Ask.RULE, True)
INPUTS: Final = rows(
    "inputs",
    "取数",
    text("name", "在本条里叫", "如 次数、完成率"),
    Asked("source", "取自", Ask.SOURCE, help="打几个字找指标、报表;由人填的写“手工 名称”"),
)
SIZES: Final = rows(
    "sizes",
    "按单位大小",
    Asked("of", "看哪个数", Ask.SOURCE),
    text("words", "这个数叫什么"),
    number("at_least", "不小于"),
    number("below", "小于"),
)
FACE: Final = (
    text("id", "编号", must=True),
    text("title", "考核内容", must=True),
    _long("text", "条文", "印在责任书上的原话"),
    number("points", "分值", must=True),
)
BOUNDS: Final = (
    choice("when_empty", "没有应办事项时", *EMPTY),
    rows("requires", "前提", INPUT, text("words", "什么事"), number("at_least", "至少", "不填就是 1"), help="没有它,整条不得分"),
    rows("derive", "先算出来的数", text("name", "叫什么"), text("words", "算式"), help="如 完成数 * 100 / 任务数"),
    number("over", "可以超出分值几分"),
    number("under", "可以倒扣几分"),
    Asked("uncapped", "上不封顶", Ask.FLAG),
)
WHOM: Final = (
    Asked("unit_kinds", "只对这几类单位", Ask.KINDS, help="不选就是都算"),
    SIZES,
    choice("not_applicable", "对别的单位", *NOT_APPLICABLE),
    Asked("valid_from", "自哪天起", Ask.DATE, help="不填就随全文"),
    Asked("valid_to", "到哪天止(不含)", Ask.DATE),
)
PROOF: Final = (
    _long("evidence", "要什么佐证"),
    _long("verification", "怎么核查"),
    _long("source", "依据哪一条"),
    _long("note", "说明"),
)
READINGS: Final = (
    rows(
        "readings",
        "条文的不同读法",
        text("id", "简称"),
        text("words", "这样读是什么意思"),
        Asked("rule", "这样读怎么计分", Ask.RULE),
        choice("when_empty", "没有应办事项时", *EMPTY),
        help="条文没有写死的,把几种读法都列出来",
    ),
    text("chosen", "选定哪一种", "填简称;还没有定就空着"),
)

SHEET: Final = (
    text("id", "代号", "字母和数字;同一代号的各版算一份办法", must=True),
    text("title", "名称", must=True),
    text("version", "版次", must=True),
    Asked("valid_from", "生效日", Ask.DATE, True),
    Asked("valid_to", "失效日(不含)", Ask.DATE, True),
    number("total", "总分", must=True),
    number("max_total", "加分后最多"),
    rows("grades", "等次", text("name", "名称"), number("from_points", "从(含)"), number("to_points", "到(不含)"), help="从 0 分起,一档接一档"),
    Asked("unit_kinds", "对哪几类单位", Ask.KINDS, help="不选就是都算"),
    choice("not_applicable", "不适用的条款", *NOT_APPLICABLE[:3]),
    choice("mode", "小数怎么进位", ("half_up", "四舍五入"), ("half_even", "四舍六入五成双"), ("down", "舍去")),
    number("decimals", "保留几位小数"),
    choice("at", "在哪里进位", ("clause", "每条"), ("total", "总分")),
    text("received_from", "由谁下发", "上级下发的才填;里面不该计分的条款留字不计分"),
    rows(
        "annexes",
        "附件(表中表)",
        text("id", "编号"),
        text("title", "名称"),
        number("points", "折合几分"),
        number("raw", "附件自己的满分"),
    ),
    rows(
        "shared",
        "几条一起管的",
        text("id", "编号"),
        text("words", "怎么说"),
        text("clauses", "哪几条", "编号用顿号隔开"),
        choice("take", "取", ("all", "全部"), ("highest", "最高一条")),
        number("cap", "合计最多"),
        number("deduct_cap", "合计最多扣"),
    ),
    _long("source", "依据"),
    _long("note", "说明"),
)
GROUP: Final = (
    text("id", "编号", must=True),
    text("title", "名称", must=True),
    number("points", "分值", must=True),
    choice("role", "性质", *ROLES),
    text("annex", "属于哪个附件", "没有附件就不填"),
)

"""What a unit is told before a consequence is decided, and the rules themselves on paper: alone, or attached to what they belong to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.conf import settings

from qingyuan.documents.model import Align, Attachment, Block, DocumentKind, Heading, OfficialDocument, Paragraph, Table
from qingyuan.documents.typesetting import set_wide
from qingyuan.documents.wording import chinese_date, tight, wide
from qingyuan.governance.enums import ConsequenceKind
from qingyuan.governance.models import Consequence
from qingyuan.governance.rewards.table import RewardTable, Rule
from qingyuan.governance.rules.rewards import met_words, reply_days

# A paper is Chinese, whatever language its maker reads pages in; so these words are not of the catalogue.
NOTICE = "演示城市 · 虚构数据"


def notice(*, case: Consequence) -> OfficialDocument:
    """奖惩事项告知书 for the unit itself. It has no number: it decides nothing."""
    assert case.noticed_on is not None, "there is a notice only of what was told"
    measure = ConsequenceKind(case.kind).label
    return OfficialDocument(
        kind=DocumentKind.NOTICE,
        title=wide(tight(f"{case.unit.label}{case.round.year}年考核结果运用告知书\n({measure})")),
        body=set_wide(_body(case)),
        red_head=f"{case.issuer.name}文件",
        signer=case.issuer.name,
        date=case.noticed_on,
        addressee=case.unit.name,
        notice=NOTICE if settings.QINGYUAN_DEMO else "",
        printed_by=case.issuer.name,
        printed_on=case.noticed_on,
    )


def rules_paper(table: RewardTable) -> OfficialDocument:
    """A table of rules as a paper of its own."""
    return OfficialDocument(
        kind=DocumentKind.NOTICE,
        title=wide(tight(table.title)),
        body=set_wide(_rules(table)),
        notice=NOTICE if settings.QINGYUAN_DEMO else "",
    )


def rules_attached(tables: Iterable[RewardTable]) -> tuple[Attachment, ...]:
    """The rules that apply, each table once, to be attached to the sheet or the circular they belong to."""
    return tuple(Attachment(wide(tight(one.title)), tuple(set_wide(_rules(one)))) for one in dict.fromkeys(tables))


def _rules(table: RewardTable) -> Iterator[Block]:
    until = f",{chinese_date(table.valid_to)}前" if table.valid_to else ""
    yield Paragraph.of(
        f"第{table.version}版,自{chinese_date(table.valid_from)}起{until}适用于按公布的考核结果提出奖惩建议。规则只提出建议,由领导逐项决定;"
        f"不利的事项先告知单位、听取陈述。{tight(table.note)}"
    )
    applied = [one for one in table.rules if not one.refused]
    kept = [one for one in table.rules if one.refused]
    yield Table(
        headers=("编号", "建议", "规则", "怎样退出", "出处"),
        rows=tuple((one.id, _kind(one), tight(_text(one)), tight(one.leave.words) or "—", tight(_source(one))) for one in applied),
        widths=(8, 13, 35, 24, 20),
        align=(Align.CENTER, Align.CENTER, Align.LEFT, Align.LEFT, Align.LEFT),
        note=f"规则表校验值{table.digest[:16]}。" if table.digest else "",
    )
    if kept:
        yield Heading(1, "保留原文、不执行的规则")
        yield Table(
            headers=("编号", "规则", "为什么不执行"),
            rows=tuple((one.id, tight(one.text), tight(one.refused)) for one in kept),
            widths=(8, 42, 50),
            align=(Align.CENTER, Align.LEFT, Align.LEFT),
        )


def _kind(rule: Rule) -> str:
    return str(ConsequenceKind(rule.kind.value).label)


def _text(rule: Rule) -> str:
    return rule.text + ("决定对全市公开。" if rule.opens else "")


def _source(rule: Rule) -> str:
    return rule.source if rule.confirmed or "未见本市" in rule.source else f"{rule.source};未见本市正式文件"


def _body(case: Consequence) -> Iterator[Block]:
    measure = ConsequenceKind(case.kind).label
    yield Paragraph.of(
        f"你单位{case.round.year}年禁毒工作责任制考核结果已经公布。对照结果运用规则,拟建议{measure}。现将规则、对照情况和你单位的权利告知如下;"
        "这是建议,不是决定。"
    )
    yield Heading(1, "规则和对照情况")
    rows = [("规则", f"{case.rule}:{case.rule_text}"), ("出处", case.rule_source)]
    if not case.confirmed:
        rows.append(("说明", "这条规则按各地做法拟定,未见本市正式文件,是否适用由领导决定。"))
    rows += [("对照情况", met_words(one)) for one in case.met]
    yield Table(headers=("项目", "内容"), rows=tuple((name, tight(text)) for name, text in rows), widths=(18, 82), align=(Align.LEFT, Align.LEFT))
    yield Heading(1, "陈述意见")
    last = chinese_date(case.reply_by) if case.reply_by else ""
    yield Paragraph.of(
        f"你单位可以在{last}以前({reply_days()}个工作日内)在平台陈述意见,写明事实和理由。陈述以前和期限以内不作决定;"
        "逾期没有陈述的,按现有情况呈报领导决定。期限为平台默认。"
    )
    yield Heading(1, "决定以后")
    yield Paragraph.of("由领导决定采纳、从轻或者不采纳,与规则不同的写明理由。对决定还可以提出异议,由没有作出决定的人答复。")

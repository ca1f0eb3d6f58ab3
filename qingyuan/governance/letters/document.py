"""A letter's contents as an official document: Word and PDF are printed from the same blocks."""

from __future__ import annotations

from collections.abc import Iterator

from qingyuan.documents.model import (
    Align,
    Block,
    DocumentKind,
    Heading,
    KeyValue,
    OfficialDocument,
    Paragraph,
    Party,
    Run,
    SignatureBlock,
    SignLine,
    Table,
)
from qingyuan.documents.wording import chinese_date, tight
from qingyuan.governance.letters.contents import LetterContents, PartyData, PostHolder

_ROLES = (("first", "第一责任人"), ("direct", "直接责任人"), ("liaison", "联络员"))


def build(contents: LetterContents) -> OfficialDocument:
    """The document, without its verification mark. Raises documents' BadDocument for text that cannot be printed."""
    return OfficialDocument(
        kind=DocumentKind.PLEDGE,
        title=contents.title,
        doc_number=contents.number,
        body=tuple(_body(contents)),
        notice=contents.notice,
    )


def _body(contents: LetterContents) -> Iterator[Block]:
    yield Paragraph.of(_opening(contents))
    yield Heading(1, "责任人")
    yield KeyValue(tuple(_in_charge(contents.second)))
    yield Paragraph.of("责任随职务任期：责任人职务变动的，由接任者继续履行，并在十五日内报甲方备案。")
    yield Heading(1, "工作职责")
    for section in contents.duties:
        yield Heading(2, section.title)
        for duty in section.duties:
            yield Paragraph.of(f"{tight(duty.text)}（{duty.article}）")
    yield Heading(1, "年度指标")
    yield from _targets(contents)
    yield Heading(1, "报送责任")
    for line in contents.reporting:
        yield Paragraph.of(line)
    yield Heading(1, "考核办法")
    yield from _assessment(contents)
    yield Heading(1, "责任追究")
    yield Paragraph.of(
        "因不重视、责任不落实、措施不得力造成严重后果的，甲方按照干部管理权限提出问责建议，移送有权机关依纪依规处理；"
        "乙方和责任人有权陈述、申辩。不签协议、不落实措施、不报告的，依照《戒毒条例》第四十四条处理。"
    )
    yield Heading(1, "附则")
    yield Paragraph.of(
        "本责任书一式两份，甲乙双方各执一份，自双方签字盖章之日起生效。签订后内容不得更改，确需变动的另签补充责任书。"
    )
    yield SignatureBlock((_party("甲方", contents.first), _party("乙方", contents.second)))


def _opening(contents: LetterContents) -> str:
    term = f"责任期为{contents.year}年1月1日至{contents.year}年12月31日"
    text = (
        f"为落实禁毒工作责任制，根据《中华人民共和国禁毒法》和《戒毒条例》，{contents.first.unit}（以下简称甲方）"
        f"与{contents.second.unit}（以下简称乙方）签订本责任书。{term}。"
        f"本责任书于{chinese_date(contents.issued_on)}制发。"
    )
    if contents.amends:
        text += f"本责任书补充{contents.amends}，原因：{contents.amends_reason}。与原责任书不一致的，以本责任书为准。"
    return text


def _in_charge(party: PartyData) -> Iterator[tuple[str, str]]:
    for role, label in _ROLES:
        holders = party.of(role)
        yield label, "、".join(f"{post.title}　{post.name}" for post in holders) or "（另行书面通知）"


def _targets(contents: LetterContents) -> Iterator[Block]:
    if contents.targets:
        rows = tuple(
            (str(number), line.title, line.unit, line.baseline, line.target, line.method, line.source, line.due)
            for number, line in enumerate(contents.targets, start=1)
        )
        yield Table(
            headers=("序号", "指标", "单位", "基数", "目标", "分解方法", "数据来源", "完成时限"),
            rows=rows,
            widths=(9, 20, 9, 9, 9, 16, 14, 16),
            align=(
                Align.CENTER, Align.LEFT, Align.CENTER, Align.RIGHT, Align.RIGHT, Align.LEFT, Align.LEFT, Align.CENTER,
            ),
            caption=f"{contents.year}年度指标",
            note=contents.refused_note,
        )  # fmt: skip
    else:
        yield Paragraph.of(f"本年度不另定数量指标，按考核办法执行。{contents.refused_note}")


def _assessment(contents: LetterContents) -> Iterator[Block]:
    yield Paragraph.of(
        f"按照《{contents.scheme_title}》第{contents.scheme_version}版考核，总分{contents.total}分。"
        "得分由台账、报表和有据的评定逐条计算，乙方可以随时查看每一分的规则、数字和来源；对扣分有异议的，可以提出复核。"
    )
    yield Table(
        headers=("条款", "考核内容", "分值", "计分办法", "核查方法"),
        rows=tuple(
            (line.id, line.title, line.points, tight(line.text), line.verification) for line in contents.clauses
        ),
        widths=(9, 18, 9, 42, 22),
        align=(Align.CENTER, Align.LEFT, Align.RIGHT, Align.LEFT, Align.LEFT),
        caption="考核条款",
        note=f"考核办法校验值 {contents.scheme_hash[:16]}",
    )
    for line in contents.extras:
        yield Heading(4, tight(line))
    for line in contents.vetoes:
        yield Heading(3, "否决事项。", follows=(Run(tight(line)),))
    yield Paragraph.of("等次：" + "，".join(tight(line) for line in contents.grades) + "。")


def _party(role: str, data: PartyData) -> Party:
    signers = [post for post in data.posts if post.responsibility in {"first", "direct", "head"}]
    return Party(role, data.unit, tuple(_line(post) for post in signers) or (SignLine("负责人"),))


def _line(post: PostHolder) -> SignLine:
    return SignLine(post.title, "")

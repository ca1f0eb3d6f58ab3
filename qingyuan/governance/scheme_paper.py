"""A scheme on paper, as the annex of the letters: the sheet as one ruled table, then vetoes, grades and rules of the whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.conf import settings

from qingyuan.documents.model import (
    Align,
    Block,
    DocumentKind,
    Heading,
    KeyValue,
    OfficialDocument,
    Paragraph,
    Run,
    Table,
)
from qingyuan.documents.typesetting import set_wide
from qingyuan.documents.wording import chinese_date, tight, wide
from qingyuan.governance.reward_papers import NOTICE, rules_attached
from qingyuan.governance.rewards.table import RewardTable
from qingyuan.governance.scoring.clauses import read_rule
from qingyuan.governance.scoring.numbers import plain
from qingyuan.governance.scoring.scheme import Clause, Grade, Group, GroupRole, NotApplicable, Scheme
from qingyuan.governance.scoring.serialise import scheme_hash

_ROLES = {GroupRole.BASE: "", GroupRole.BONUS: "加分，", GroupRole.PENALTY: "扣分，"}
_APART = {
    NotApplicable.REDISTRIBUTE: "不适用的条款，其分值由其余条款按比例分摊。",
    NotApplicable.WITHIN_GROUP: "不适用的条款，其分值由本组其余条款按比例分摊。",
    NotApplicable.FULL: "不适用的条款按满分计。",
}


def annex(scheme: Scheme, *, draft: bool, rules: Iterable[RewardTable] = ()) -> OfficialDocument:
    """The document; ``rules``: by which consequences are proposed of its results, attached. Raises documents' BadDocument for
    text that cannot be printed."""
    return OfficialDocument(
        kind=DocumentKind.NOTICE,
        title=wide(tight(scheme.title)),
        body=set_wide(_body(scheme)),
        notice="草稿，未发布，不作考核依据" if draft else NOTICE if settings.QINGYUAN_DEMO else "",
        attachments=rules_attached(rules),
    )


def _body(scheme: Scheme) -> Iterator[Block]:
    yield Heading(1, "总则")
    yield KeyValue(
        (
            ("版次", f"第 {scheme.version} 版"),
            ("适用期间", f"{chinese_date(scheme.valid_from)}起，{chinese_date(scheme.valid_to)}前"),
            ("总分", f"{plain(scheme.total)} 分"),
            *((("下发", scheme.received_from),) if scheme.received_from else ()),
            *((("依据", tight(scheme.source)),) if scheme.source else ()),
        )
    )
    yield Heading(1, "考核条款")
    for group in scheme.groups:
        yield Heading(2, f"{tight(group.title)}（{_ROLES[group.role]}{plain(group.points)}分）")
        yield _table(group)
    if scheme.vetoes:
        yield Heading(1, "否决事项")
        for clause in scheme.vetoes:
            yield Paragraph.of(Run(f"{tight(clause.title)}。"), Run(tight(clause.text or sentence(clause))))
    yield Heading(1, "等次和计分")
    if scheme.grades:
        ordered = sorted(scheme.grades, key=lambda grade: -grade.from_points)
        yield Paragraph.of("等次：" + "，".join(_grade(grade) for grade in ordered) + "。")
    yield Paragraph.of(_APART.get(scheme.not_applicable, ""))
    for shared in scheme.shared:
        yield Paragraph.of(tight(shared.words) + f"（条款{'、'.join(shared.clauses)}）。")
    yield Paragraph.of(f"内容校验值：{scheme_hash(scheme)[:16]}。")


def _grade(grade: Grade) -> str:
    return f"{plain(grade.from_points)}分以上为{grade.name}" if grade.from_points else f"其余为{grade.name}"


def _table(group: Group) -> Table:
    rows = tuple(
        (clause.id, tight(clause.title), plain(clause.points), _how(clause), tight(clause.verification or clause.evidence))
        for clause in group.clauses
    )
    return Table(
        headers=("条款", "考核内容", "分值", "计分办法", "佐证和核查"),
        rows=rows,
        widths=(9, 18, 9, 42, 22),
        align=(Align.CENTER, Align.LEFT, Align.RIGHT, Align.LEFT, Align.LEFT),
    )


def _how(clause: Clause) -> str:
    if clause.refused:
        return f"{tight(clause.text)}（不计分：{tight(clause.refused)}）"
    return tight(clause.text or sentence(clause))


def sentence(clause: Clause) -> str:
    """The rule in one sentence, each reading of an open text by its name; empty while it cannot be read."""
    said = []
    for reading, read in clause.as_read():
        found = read_rule(read)
        if found.rule is not None and not found.problems:
            words = found.rule.sentence(clause.points)
            said.append(words if reading is None or clause.chosen else f"{reading.words}:{words}")
    return ";或者 ".join(said)

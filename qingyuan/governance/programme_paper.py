"""The review of a programme as a report: figures by year, what is made of them, what is adjusted and why, who decided."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from django.conf import settings

from qingyuan.documents.model import Align, Block, DocumentKind, Heading, OfficialDocument, Paragraph, Table
from qingyuan.documents.typesetting import set_wide
from qingyuan.documents.wording import chinese_date, tight
from qingyuan.foundation import clock
from qingyuan.governance.enums import ReviewKind
from qingyuan.governance.models import ProgrammeReview
from qingyuan.governance.queries.targets import number_text
from qingyuan.governance.year_papers import NOTICE

# A paper is Chinese, whatever language its maker reads pages in; so these words are not of the catalogue.
KINDS = {ReviewKind.MIDTERM: "中期评估报告", ReviewKind.CLOSING: "终期评估报告"}
REACHED = {True: "达到", False: "没有达到", None: "—"}


def review_report(
    *, review: ProgrammeReview, figures: Sequence[Mapping[str, Any]], issuer: str, on: date
) -> OfficialDocument:
    """``figures`` as ``queries.programmes.figures_until`` gives them."""
    programme = review.programme
    return OfficialDocument(
        kind=DocumentKind.REPORT,
        title=f"{programme.title}{KINDS[ReviewKind(review.kind)]}",
        body=set_wide(_body(review, figures)),
        red_head=f"{issuer}文件",
        signer=issuer,
        date=clock.day_of(review.decided_at) if review.decided_at else on,
        notice=NOTICE if settings.QINGYUAN_DEMO else "",
        printed_by=issuer,
        printed_on=on,
    )


def _body(review: ProgrammeReview, figures: Sequence[Mapping[str, Any]]) -> Iterator[Block]:
    programme = review.programme
    yield Paragraph.of(
        f"《{programme.title}》实施期为{programme.first_year}年至{programme.last_year}年,以{programme.first_year - 1}年为基年。"
        f"现对截至{review.year}年的实施情况评估如下。"
    )
    yield Heading(1, "目标和实际")
    yield Table(
        headers=("指标", "年度", "目标", "实际", "到没到"),
        rows=tuple(
            (f"{one['title']}({one['unit']})" if not number else "", str(at["year"]), at["aim"] or "基年", tight(at["actual"]) or "—", REACHED[at["reached"]])
            for one in figures
            for number, at in enumerate(one["years"])
        ),
        widths=(36, 12, 16, 16, 16),
        align=(Align.LEFT, Align.CENTER, Align.RIGHT, Align.RIGHT, Align.CENTER),
        note="实际数由台账和已锁定的报表计算,不另外填写。",
    )
    yield Heading(1, "评估结论")
    for words in (review.words or "").splitlines() or ["还没有写结论。"]:
        if words.strip():
            yield Paragraph.of(tight(words.strip()))
    yield Heading(1, "目标的调整")
    yield from _changes(review, {str(one["indicator"]): str(one["title"]) for one in figures})
    if review.decided_at is not None:
        yield Paragraph.of(f"本评估由{review.decided_by_name}于{chinese_date(clock.day_of(review.decided_at))}审定,校验值{review.digest[:16]}。")


def _changes(review: ProgrammeReview, titles: Mapping[str, str]) -> Iterator[Block]:
    changes = list(review.changes.select_related("goal").order_by("goal__indicator", "year"))
    if not changes:
        yield Paragraph.of("以后年度的目标不作调整。")
        return
    yield Table(
        headers=("指标", "年度", "原目标", "调整为", "理由"),
        rows=tuple(
            (titles.get(one.goal.indicator, one.goal.indicator), str(one.year), number_text(one.before), number_text(one.after), tight(one.reason))
            for one in changes
        ),
        widths=(28, 10, 13, 13, 36),
        align=(Align.LEFT, Align.CENTER, Align.RIGHT, Align.RIGHT, Align.LEFT),
    )

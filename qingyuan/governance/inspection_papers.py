"""The record of a joint inspection and its circular as official papers, from what the four departments signed.

A paper is Chinese, whatever language its maker reads pages in; it names units and files by their place, never a person of a file.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from django.conf import settings

from qingyuan.documents.model import Align, Block, DocumentKind, Heading, KeyValue, OfficialDocument, Paragraph, Table
from qingyuan.documents.wording import chinese_date, tight
from qingyuan.foundation import clock
from qingyuan.governance.enums import Answer, Department
from qingyuan.governance.models import InspectionPresence, InspectionRound
from qingyuan.governance.queries.inspections import Visited
from qingyuan.governance.rules.inspections import problems_of
from qingyuan.reference.inspection_items import FILE

NOTICE = "演示城市 · 虚构数据"
_WORDS = {Answer.YES: "符合", Answer.NO: "不符合", Answer.NONE: "不适用"}


def record(found: Visited, *, on: date) -> OfficialDocument:
    """检查记录: who came and signed, each item with in how many files it holds, what was found, by when it is mended, the look again."""
    visit = found.visit
    title = f"{visit.unit.name}社区戒毒社区康复联合检查记录"
    return _paper(DocumentKind.REPORT, title, tuple(_record_body(found)), visit.round.unit.name, on)


def _record_body(found: Visited) -> Iterator[Block]:
    visit, counted = found.visit, found.counted
    assert visit.visited_on is not None and visit.final_at is not None
    yield KeyValue(
        pairs=(
            ("受检单位", visit.unit.name),
            ("检查日期", chinese_date(visit.visited_on)),
            ("抽查档案", f"{len(visit.files)}份，按公布的种子抽取"),
            ("检查结果", f"检查{counted.checked}项，不符合{counted.failed}项"),
            ("整改期限", chinese_date(visit.mend_by) if visit.mend_by else "没有需要整改的"),
        )
    )
    yield Heading(1, "检查项目")
    yield Table(
        headers=("检查项目", "依据", "结论"),
        rows=tuple((one.name_zh, one.article, _came_to(found, one.code, one.part)) for one in found.items),
        widths=(54, 14, 32),
        align=(Align.LEFT, Align.CENTER, Align.LEFT),
        note="结论只说受检单位的工作，不评价工作人员和档案里的人。",
    )
    problems = problems_of(found.items, found.seen)
    if problems:
        yield Heading(1, "发现的问题")
        for line in problems:
            yield Paragraph.of(tight(line))
    if visit.rechecked_on:
        yield Heading(1, "复查")
        again = "全部整改到位" if visit.recheck_passed else "仍有没有整改的，另行督办"
        yield Paragraph.of(tight(f"{chinese_date(visit.rechecked_on)}复查，{again}。"))
    yield Heading(1, "签字")
    signed = [(one, found.signed[one]) for one in Department if one in found.signed]
    yield KeyValue(pairs=tuple((_DEPARTMENTS[one], _signature(by)) for one, by in signed))


def _signature(by: InspectionPresence) -> str:
    return f"{by.by_name}　{chinese_date(clock.day_of(by.signed_at))}" if by.signed_at else by.by_name


_DEPARTMENTS = {Department.POLICE: "公安", Department.POLITICS_LAW: "政法委", Department.JUSTICE: "司法", Department.CIVIL_AFFAIRS: "民政"}


def _came_to(found: Visited, code: str, part: str) -> str:
    answers = [one.answer for one in found.seen if one.item == code]
    if part != FILE:
        return _WORDS[Answer(answers[0])] if answers else "—"
    return "，".join(f"{_WORDS[one]}{answers.count(one)}份" for one in Answer if one in answers) or "—"


def circular(made: InspectionRound, visits: Sequence[Visited], *, on: date) -> OfficialDocument:
    """检查通报: how the towns were drawn, what was looked at, what does not hold, by town in the order of their codes; no rank."""
    title = f"关于{made.title}情况的通报"
    return _paper(DocumentKind.CIRCULAR, title, tuple(_circular_body(made, visits)), made.unit.name, on)


def _circular_body(made: InspectionRound, visits: Sequence[Visited]) -> Iterator[Block]:
    files = sum(len(one.visit.files) for one in visits)
    checked, failed = sum(one.counted.checked for one in visits), sum(one.counted.failed for one in visits)
    days = f"{chinese_date(made.starts_on)}至{chinese_date(made.ends_on)}"
    yield Paragraph.of(
        tight(
            f"{days}，公安、政法委、司法、民政部门联合检查社区戒毒社区康复工作。受检乡镇（街道）和档案由事先公布校验值的种子抽取，"
            f"任何人都可以复算。现已定稿{len(visits)}个乡镇（街道），抽查档案{files}份，检查{checked}项，不符合{failed}项。"
        )
    )
    yield Heading(1, "受检单位情况")
    yield Table(
        headers=("受检单位", "抽查档案", "检查项", "不符合项", "整改期限", "复查"),
        rows=tuple(
            (
                one.visit.unit.label,
                str(len(one.visit.files)),
                str(one.counted.checked),
                str(one.counted.failed),
                one.visit.mend_by.isoformat() if one.visit.mend_by else "—",
                "—" if one.visit.recheck_passed is None else "合格" if one.visit.recheck_passed else "不合格",
            )
            for one in visits
        ),
        widths=(30, 12, 12, 14, 18, 14),
        align=(Align.LEFT, Align.RIGHT, Align.RIGHT, Align.RIGHT, Align.CENTER, Align.CENTER),
        note="按区划代码排列，不排名次；抽查的份数不同，项数不能直接比较。",
    )
    if failed:
        yield Heading(1, "发现的主要问题")
        for one in visits:
            problems = problems_of(one.items, one.seen)
            if problems:
                yield Heading(2, one.visit.unit.label)
                for line in problems:
                    yield Paragraph.of(tight(line))
    yield Heading(1, "整改要求")
    yield Paragraph.of("受检单位按督办单逐项整改，到期由检查组复查；复查不合格的提级督办。")


def _paper(kind: DocumentKind, title: str, body: tuple[Block, ...], issuer: str, on: date) -> OfficialDocument:
    return OfficialDocument(
        kind=kind,
        title=title,
        body=body,
        red_head=f"{issuer}文件",
        signer=issuer,
        date=on,
        notice=NOTICE if settings.QINGYUAN_DEMO else "",
        printed_by=issuer,
        printed_on=on,
    )

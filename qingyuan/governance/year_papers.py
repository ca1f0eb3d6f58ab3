"""The city's plan of the year and summary of the year as official papers, from the rows of its year."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime

from django.conf import settings

from qingyuan.documents.model import Align, Block, DocumentKind, Heading, OfficialDocument, Paragraph, Table
from qingyuan.documents.wording import chinese_date, tight
from qingyuan.foundation import clock
from qingyuan.governance.assessment_papers import objection_words, results_apart
from qingyuan.governance.enums import ConsequenceKind, NeedState, ObjectionState, PlanState
from qingyuan.governance.queries.targets import number_text
from qingyuan.governance.queries.year_book import OVER, UnitYear, YearBook
from qingyuan.governance.rules.duty_plans import TaskState

# A paper is Chinese, whatever language its maker reads pages in; so these words are not of the catalogue.
STATES = {
    TaskState.DONE: "按期完成",
    TaskState.DONE_LATE: "逾期完成",
    TaskState.LATE: "到期未完成",
    TaskState.RISK: "有风险",
    TaskState.RUNNING: "推进中",
}
NOTICE = "演示城市 · 虚构数据"


def year_plan(*, book: YearBook, issuer: str, on: date) -> OfficialDocument:
    """年度计划: targets with their split, each unit's tasks and money, what units need of one another."""
    title = f"{book.city.name} {book.year} 年禁毒工作计划"
    return _paper(DocumentKind.NOTICE, title, tuple(_plan_body(book)), issuer, on)


def year_summary(*, book: YearBook, issuer: str, on: date) -> OfficialDocument:
    """年度总结: situation, targets beside what was done, tasks kept and not kept, needs answered and not."""
    title = f"{book.city.name} {book.year} 年禁毒工作总结"
    return _paper(DocumentKind.REPORT, title, tuple(_summary_body(book)), issuer, on)


def plan_body(book: YearBook, *, brief: bool = False) -> tuple[Block, ...]:
    """The body of the plan; ``brief``: the units' tasks as counts, where the whole list is too long to stand in a paper."""
    return tuple(_plan_body(book, brief=brief))


def summary_body(book: YearBook) -> tuple[Block, ...]:
    return tuple(_summary_body(book))


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


def _plan_body(book: YearBook, *, brief: bool = False) -> Iterator[Block]:
    yield Paragraph.of(
        f"为落实禁毒工作责任,按照《中华人民共和国禁毒法》《戒毒条例》,汇总{len(book.units)}个成员单位按职责制定的年度计划,"
        f"制定本计划。全年共安排任务{book.tasks}项,各单位列明经费{_yuan(book)}万元。"
    )
    yield Heading(1, "年度指标")
    if book.targets:
        yield Table(
            headers=("指标", "单位", "上年", "全市目标", "分解方法", "状态"),
            rows=tuple(
                (one.title, one.plan.unit, tight(one.before), one.total, tight(str(one.plan.parameters.get("method_words", ""))),
                 "已下达" if one.plan.state == PlanState.PUBLISHED else "协商中")
                for one in book.targets
            ),
            widths=(26, 9, 13, 13, 24, 12),
            align=(Align.LEFT, Align.CENTER, Align.RIGHT, Align.RIGHT, Align.LEFT, Align.CENTER),
            note="指标只定做了没有、做到什么程度;案件、缴获、查处、阳性和查获人员的数量不作指标。上年数由台账计算。",
        )  # fmt: skip
    else:
        yield Paragraph.of("本年度还没有下达数量指标。")
    yield Heading(1, "成员单位任务")
    if brief:
        yield _units_in_brief(book)
    else:
        for one in book.units:
            yield Heading(2, one.unit.label)
            yield from _unit_plan(one)
    if not book.units:
        yield Paragraph.of("各成员单位还没有登记年度计划。")
    yield Heading(1, "需要配合的事项")
    yield Paragraph.of(_needs_words(book) or "各单位没有提出需要别的单位配合的事项。")


def _units_in_brief(book: YearBook) -> Table:
    return Table(
        headers=("单位", "任务(项)", "经费(万元)"),
        rows=tuple(
            (one.unit.label, str(len(one.tasks)), number_text((one.plan.budget_yuan / 10_000).normalize()) if one.plan and one.plan.budget_yuan else "—")
            for one in book.units
        ),
        widths=(50, 25, 25),
        align=(Align.LEFT, Align.RIGHT, Align.RIGHT),
        note="各单位的任务、完成标准和时限见附件。",
    )


def _unit_plan(one: UnitYear) -> Iterator[Block]:
    if one.plan is None:
        yield Paragraph.of("没有登记年度计划。")
    else:
        money = f"经费安排{number_text(one.plan.budget_yuan / 10_000)}万元。" if one.plan.budget_yuan else ""
        yield Paragraph.of(f"本年安排:{tight(one.plan.arrangement).strip().rstrip('。;')}。{money}")
    if one.tasks:
        yield Table(
            headers=("任务", "职责依据", "完成标准", "时限"),
            rows=tuple(
                (task.row.task, tight(task.row.duty), tight(task.row.done_when), task.row.due_on.isoformat())
                for task in one.tasks
            ),
            widths=(30, 22, 30, 16),
            align=(Align.LEFT, Align.LEFT, Align.LEFT, Align.CENTER),
        )


def _summary_body(book: YearBook) -> Iterator[Block]:
    over, late = book.count(*OVER), book.count(TaskState.LATE)
    yield Paragraph.of(
        f"{book.year}年,各成员单位共安排任务{book.tasks}项,截至{chinese_date(book.on)}完成{over}项"
        f"(其中逾期完成{book.count(TaskState.DONE_LATE)}项),到期未完成{late}项。现将主要情况总结如下。"
    )
    yield Heading(1, "主要情况")
    for sentence in book.sentences:
        yield Paragraph.of(tight(sentence))
    if book.notes:
        yield Paragraph.of("说明:" + "".join(book.notes))
    yield Heading(1, "年度指标完成情况")
    if book.targets:
        yield Table(
            headers=("指标", "单位", "上年", "目标", "实际", "缺口和承担"),
            rows=tuple(
                (one.title, one.plan.unit, tight(one.before), one.total, tight(one.actual), one.gap or "无") for one in book.targets
            ),
            widths=(30, 10, 14, 14, 14, 18),
            align=(Align.LEFT, Align.CENTER, Align.RIGHT, Align.RIGHT, Align.RIGHT, Align.LEFT),
            note="实际数由台账和已锁定的报表计算,不另外填写。",
        )
    else:
        yield Paragraph.of("本年度没有下达数量指标。")
    yield Heading(1, "任务完成情况")
    if book.units:
        yield Table(
            headers=("单位", "任务", "按期", "逾期完成", "未完成", "推进中"),
            rows=tuple(_unit_counts(one) for one in book.units),
            widths=(32, 12, 12, 14, 14, 14),
            align=(Align.LEFT, *(Align.RIGHT,) * 5),
        )
    yield from _not_kept(book)
    yield from _results(book)
    yield Heading(1, "单位之间的配合")
    yield Paragraph.of(_needs_words(book) or "全年没有登记需要别的单位配合的事项。")


def _unit_counts(one: UnitYear) -> tuple[str, ...]:
    counts = (
        len(one.tasks), one.count(TaskState.DONE), one.count(TaskState.DONE_LATE), one.count(TaskState.LATE),
        one.count(TaskState.RISK, TaskState.RUNNING),
    )  # fmt: skip
    return one.unit.label, *map(str, counts)


def _not_kept(book: YearBook) -> Iterator[Block]:
    left = [(one, task) for one in book.units for task in one.tasks if task.standing.state is TaskState.LATE]
    if left:
        yield Paragraph.of("到期没有完成的任务,由各单位转入下一年度并说明原因:")
        yield Table(
            headers=("单位", "任务", "时限", "逾期"),
            rows=tuple(
                (one.unit.label, task.row.task, task.row.due_on.isoformat(), f"{task.standing.days}天") for one, task in left
            ),
            widths=(24, 40, 18, 12),
            align=(Align.LEFT, Align.LEFT, Align.CENTER, Align.RIGHT),
        )


def _results(book: YearBook) -> Iterator[Block]:
    """What the year's assessment came to, as it was published; objections by how they ended, without the points of anybody."""
    if not book.letters and book.results is None:
        return
    yield Heading(1, "责任书考核结果")
    found = book.results
    if found is None:
        yield Paragraph.of(f"本年度制发责任书{book.letters}份,已签订{book.signed}份,考核结果还没有公布。")
        return
    grades = Counter(one.grade or "待定" for one in found.results)
    counted = "、".join(f"{name}{count}份" for name, count in grades.items())
    number = f"({found.number})" if found.number else ""
    yield Paragraph.of(
        f"本年度{len(found.results)}份责任书的考核结果于{chinese_date(found.published_on)}公布{number},计分截至{chinese_date(found.scored_on)}:{counted}。"
    )
    yield from results_apart(found.results)
    objections = [(one, said) for one in found.results for said in one.objections]
    yield Paragraph.of(objection_words(found.results))
    if objections:
        yield Table(
            headers=("单位", "条款", "提出", "答复", "结论"),
            rows=tuple(
                (one.unit if one.of_unit else one.division, said.clause, _day(said.raised_at), _day(said.answered_at),
                 "成立,已经改分" if said.state == ObjectionState.UPHELD else "不成立")
                for one, said in objections
            ),
            widths=(30, 12, 20, 20, 18),
            align=(Align.LEFT, Align.CENTER, Align.CENTER, Align.CENTER, Align.CENTER),
        )  # fmt: skip
    if book.decided:
        told = "、".join(f"{ConsequenceKind(kind).label}{count}项" for kind, count in sorted(book.decided.items()))
        yield Paragraph.of(f"按结果运用规则,由领导决定并对全市公开的事项:{told}。")


def _day(moment: datetime | None) -> str:
    return clock.day_of(moment).isoformat() if moment is not None else "—"


def _needs_words(book: YearBook) -> str:
    total = sum(count for state, count in book.needs.items() if state is not NeedState.WITHDRAWN)
    if not total:
        return ""
    return (
        f"各单位提出需要配合的事项{total}件:已办到{book.needs.get(NeedState.MET, 0)}件,已答应{book.needs.get(NeedState.PROMISED, 0)}件,"
        f"待答复{book.needs.get(NeedState.ASKED, 0)}件,未答应{book.needs.get(NeedState.REFUSED, 0)}件;超过时间还没有答复或者办到的"
        f"{book.late_needs}件。"
    )


def _yuan(book: YearBook) -> str:
    return number_text((book.money / 10_000).normalize()) if book.money else "0"

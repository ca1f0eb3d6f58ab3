"""The papers of a yearly assessment: what one unit is told of its result, and the circular that publishes all of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.conf import settings

from qingyuan.documents.model import Align, Block, DocumentKind, Heading, KeyValue, OfficialDocument, Paragraph, Table
from qingyuan.documents.typesetting import grouped, set_wide
from qingyuan.documents.wording import chinese_date, tight, wide
from qingyuan.governance.enums import ArchiveBasis, ObjectionState
from qingyuan.governance.models import Assessment, AssessmentArchive, AssessmentRound, SampleItem
from qingyuan.governance.queries.assessments import PublishedResult, PublishedRound
from qingyuan.governance.queries.schemes import scheme_of
from qingyuan.governance.queries.trees import tree_of
from qingyuan.governance.reward_papers import NOTICE, rules_attached
from qingyuan.governance.rewards.table import RewardTable
from qingyuan.governance.scoring.numbers import plain
from qingyuan.governance.scoring.tree import ClauseScore, ClauseState

# A paper is Chinese, whatever language its maker reads pages in; so these words are not of the catalogue.
STATES = {
    ClauseState.NOT_APPLICABLE: "不适用",
    ClauseState.REFUSED: "不计入",
    ClauseState.NOT_AVAILABLE: "待定",
    ClauseState.UNDECIDED: "待定",
}


@dataclass(frozen=True)
class Checked:
    """How many rows were drawn and how many stood: sums over all units."""

    drawn: int
    found: Mapping[str, int]


def checked(round: AssessmentRound) -> Checked:
    found: dict[str, int] = {}
    for finding in SampleItem.objects.filter(frame__assessment__round=round).values_list("finding", flat=True):
        found[finding] = found.get(finding, 0) + 1
    return Checked(sum(found.values()), found)


def circular(*, found: PublishedRound, sample: Checked, rules: Iterable[RewardTable] = ()) -> OfficialDocument:
    """考核结果的通报: by letter number and never by points; few people turn a number into its grade or range. ``rules``: by which
    consequences are proposed of these results, attached."""
    title = f"关于{found.division}{found.year}年禁毒工作责任制考核结果的通报"
    paper = _paper(DocumentKind.NOTICE, title, tuple(_circular_body(found, sample)), found.issuer, found.published_on, number=found.number)
    return replace(paper, attachments=rules_attached(rules))


def notice(*, case: Assessment) -> OfficialDocument:
    """考核结果告知书 for the unit itself: every clause with its points, and until when and how to object."""
    day = case.noticed_on or case.round.scored_on
    title = f"{case.unit.label}{case.round.year}年考核结果告知书"
    return _paper(DocumentKind.NOTICE, title, tuple(_notice_body(case)), case.issuer.name, day, to=case.unit.name)


def _paper(kind: DocumentKind, title: str, body: tuple[Block, ...], issuer: str, on: date, to: str = "", number: str = "") -> OfficialDocument:
    return OfficialDocument(
        kind=kind,
        title=wide(tight(title)),
        body=set_wide(body),
        red_head=f"{issuer}文件",
        doc_number=number,
        signer=issuer,
        date=on,
        addressee=to,
        notice=NOTICE if settings.QINGYUAN_DEMO else "",
        printed_by=issuer,
        printed_on=on,
    )


def _circular_body(found: PublishedRound, sample: Checked) -> Iterator[Block]:
    yield Paragraph.of(
        f"按照{found.year}年禁毒工作责任书,经自评、联合评审、现场核查、告知和异议答复,{len(found.results)}份责任书的考核结果已经审定,"
        f"计分截至{chinese_date(found.scored_on)},现予公布。"
    )
    yield Heading(1, "考核结果")
    yield from results_apart(found.results)
    yield Heading(1, "现场核查")
    yield Paragraph.of(_sample_words(sample))
    if sample.drawn:
        yield KeyValue((("种子的校验值", grouped(found.commitment)), ("种子", grouped(found.seed))))
    yield Heading(1, "异议和答复")
    yield Paragraph.of(objection_words(found.results))
    yield Heading(1, "计分依据")
    yield Table(
        headers=("考核办法", "办法校验值", "责任书"),
        rows=tuple(_schemes(found)),
        widths=(22, 30, 48),
        align=(Align.LEFT, Align.LEFT, Align.LEFT),
        note="办法校验值取前16位。",
    )
    root = archive_root(found.division_code, found.year)
    if root:
        yield Paragraph.of("全部得分连同办法、取数和依据的校验值已经归档。取得档案的单位可以自行重算每一分,并与考核档案的根校验值对照。")
        yield KeyValue((("根校验值", grouped(root)),))


def results_apart(results: Sequence[PublishedResult]) -> Iterator[Block]:
    """Towns and member units each in a table of their own, under a heading where both are there: their sheets are not the same."""
    apart = [(title, rows) for title, units in (("乡镇(街道)", False), ("成员单位", True)) if (rows := [one for one in results if one.of_unit is units])]
    for title, rows in apart:
        if len(apart) > 1:
            yield Heading(2, title)
        yield Table(
            headers=("责任单位", "责任书文号", "得分", "等次"),
            rows=tuple((one.unit if one.of_unit else one.division, one.letter_number, _shown_points(one), _grades(one)) for one in rows),
            widths=(24, 30, 20, 26),
            align=(Align.LEFT, Align.LEFT, Align.RIGHT, Align.CENTER),
            note="按文号排列,不排名。得分涉及人数过少的条款只公布等级,总分写成区间。",
        )


def _schemes(found: PublishedRound) -> Iterator[tuple[str, str, str]]:
    """Each version once, with the letters that were scored by it."""
    numbers: dict[tuple[bool, str, str], list[str]] = {}
    for one in found.results:
        numbers.setdefault((one.of_unit, one.scheme_version, one.scheme_hash[:16]), []).append(one.letter_number)
    both = len({of_unit for of_unit, _version, _digest in numbers}) > 1
    for (of_unit, version, digest), letters in numbers.items():
        told = letters[0] if len(letters) == 1 else f"{letters[0]}等{len(letters)}份" if len(numbers) > 1 else f"全部{len(letters)}份"
        whose = ("成员单位" if of_unit else "乡镇(街道)") if both else ""
        yield f"{whose}{found.year}年第{version}版", digest, told


def archive_root(division_code: str, year: int) -> str:
    """The root of the archive in which the published results are kept; empty where there is none."""
    kept = AssessmentArchive.objects.filter(city__code=division_code, year=year, basis=ArchiveBasis.PUBLISHED)
    return kept.order_by("-serial").values_list("root_hash", flat=True).first() or ""


def _sample_words(sample: Checked) -> str:
    if not sample.drawn:
        return "本轮没有抽样核查。"
    told = (("true", "属实"), ("partly", "部分属实"), ("untrue", "不属实"))
    counts = "、".join(f"{words}{sample.found.get(code, 0)}项" for code, words in told)
    return (
        f"随机抽查{sample.drawn}项,{counts}。抽样种子的校验值在冻结名单以前公布,种子在冻结以后公布;抽中的各项可由名单和种子重新算出。"
    )


def objection_words(results: Sequence[PublishedResult]) -> str:
    every = [one for result in results for one in result.objections]
    if not every:
        return "告知以后没有单位提出异议。"
    upheld = sum(1 for one in every if one.state == ObjectionState.UPHELD)
    return f"共收到异议{len(every)}件,由评审人以外的人答复:成立{upheld}件,已经改分;不成立{len(every) - upheld}件,理由已经答复提出的单位。"


def _shown_points(one: PublishedResult) -> str:
    low, high = one.shown["low"], one.shown["high"]
    return str(low) if low == high else f"{low}—{high}"


def _grades(one: PublishedResult) -> str:
    return one.grade or "待定"


def _notice_body(case: Assessment) -> Iterator[Block]:
    tree = tree_of(case.letter, case.round.scored_on)
    reviews = {one.clause: one for one in case.reviews.select_related("unit")}
    yield Paragraph.of(
        f"按照《{scheme_of(case.letter.scheme).title}》和责任书{case.letter.number},你单位{case.round.year}年考核得分{plain(tree.total)}分"
        f"(满分{plain(tree.of)}分){f',等次为{tree.grade}' if tree.grade else ''},计分截至{chinese_date(case.round.scored_on)}。"
    )
    yield Heading(1, "各条得分")
    yield Table(
        headers=("条款", "内容", "分值", "得分", "怎样得出"),
        rows=tuple(
            (one.id, one.title, plain(one.of), _points(one), tight(one.arithmetic or (one.lines[0] if one.lines else "")))
            for group in tree.groups
            for one in group.clauses
        ),
        widths=(8, 30, 8, 10, 44),
        align=(Align.LEFT, Align.LEFT, Align.RIGHT, Align.RIGHT, Align.LEFT),
        note="评审单位:" + "、".join(dict.fromkeys(one.unit.label for one in reviews.values())),
    )
    yield Heading(1, "异议")
    last = chinese_date(case.object_by) if case.object_by else "告知书载明的期限"
    yield Paragraph.of(
        f"有异议的,请于{last}以前在平台逐条提出,写明事实和依据。异议由评审人以外的人在{case.round.answer_days}个工作日内答复;"
        "逾期没有提出的,按本告知书定稿。"
    )


def _points(one: ClauseScore) -> str:
    return STATES.get(one.state, "待定") if one.points is None else plain(one.points)


def shown_total(low: Decimal, high: Decimal) -> str:
    """«86.5», or its two ends where few people close it."""
    return plain(low) if low == high else f"{plain(low)}—{plain(high)}"

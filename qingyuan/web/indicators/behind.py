"""The rows behind a number: those the reader may open, in place; of the others how many, whose and how to ask."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from django.db.models import Count
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from qingyuan.casework import queries as casework
from qingyuan.casework.gates import queries as gates
from qingyuan.casework.rules import State
from qingyuan.foundation import clock
from qingyuan.foundation.words import said
from qingyuan.governance.enums import LetterState, PlanState
from qingyuan.governance.forms.catalogue import get_form
from qingyuan.governance.models import Letter, Return, TargetPlan
from qingyuan.governance.permissions import letters_visible, may_view_target
from qingyuan.governance.queries import returns
from qingyuan.governance.queries.targets import number_text
from qingyuan.indicators import catalogue
from qingyuan.indicators.definition import VALUE
from qingyuan.indicators.disclosure import Shown
from qingyuan.indicators.queries import rows_behind
from qingyuan.ledgers import queries as ledgers
from qingyuan.ledgers import registry
from qingyuan.ledgers.declaration import Ledger
from qingyuan.ledgers.presenting import cells
from qingyuan.organisation.models import Unit
from qingyuan.situation.queries import Asked, Whose, part_state, read, whose
from qingyuan.web import shapes
from qingyuan.web.figures import About, closed_number

PER_PAGE = 50
DUES, RETURNS = "test_dues", frozenset({"returns", "return_dues"})
LETTERS, TARGETS = "letters", "targets"
TOLD = "treatment_months"


@dataclass(frozen=True)
class Chosen:
    """Which number: a part of an indicator (``value`` = the figure), or one slice of a breakdown."""

    code: str
    part: str = VALUE
    breakdown: str = ""
    slice: str = ""

    @property
    def query(self) -> dict[str, str]:
        given = {"part": self.part, "breakdown": self.breakdown, "slice": self.slice}
        return {name: value for name, value in given.items() if value and value != VALUE}


@dataclass(frozen=True)
class Elsewhere:
    """Rows of one unit that are not for this reader."""

    unit: str
    closed: shapes.Closed


@dataclass(frozen=True)
class Block:
    """The rows of one ledger. ``total`` those one may open; ``logged`` whether looking at them leaves a trace."""

    title: str
    ledger: str
    table: shapes.Table
    pages: shapes.Pages
    total: int
    elsewhere: list[Elsewhere]
    row_ids: list[UUID]
    open_href: str
    logged: bool


@dataclass(frozen=True)
class Found:
    """``closed`` where even the number of rows may not be told."""

    title: str
    figure: str
    closed: shapes.Closed | None
    blocks: list[Block]


@dataclass
class _Finder:
    chosen: Chosen
    about: About
    number: int
    held: list[Whose]
    names: dict[int, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.names = dict(Unit.objects.filter(pk__in=[w.unit_id or 0 for w in self.held]).values_list("pk", "name"))

    def block(self, fact: str, ids: Sequence[UUID]) -> Block:
        if fact == DUES:
            return self._dues(ids)
        if fact in RETURNS:
            return self._returns(fact, ids)
        if fact == LETTERS:
            return self._letters(ids)
        if fact == TARGETS:
            return self._targets(ids)
        if fact == TOLD:
            return self._told(ids)
        ledger = registry.of_fact(fact)
        if ledger is None:
            return self._unknown(fact)
        return self._ledger(ledger, fact, ids)

    def _ledger(self, ledger: Ledger, fact: str, ids: Sequence[UUID]) -> Block:
        mine, others = ledgers.behind(ledger, self.about.reader, self.about.on, ids)
        total = mine.count()
        pages = self._pages(total)
        shown = list(self._slice(mine.order_by("division__code", "pk"), pages))
        headers = [shapes.Header(said(column.header), numeric=_is_number(column)) for column in ledger.listed_columns]
        lines = [self._ledger_row(ledger, row) for row in shown]
        table = shapes.Table(headers, lines, shapes.Empty(_("没有您能打开的行")), caption=said(ledger.title))
        href = f"{reverse_or_empty('ledger-list', ledger.code)}"
        return Block(
            title=said(ledger.title),
            ledger=ledger.code,
            table=table,
            pages=pages,
            total=total,
            elsewhere=self._elsewhere(fact, others, said(ledger.unit_label)),
            row_ids=[row.pk for row in shown],
            open_href=f"{href}?{self._opened()}" if href and total and self.about.known is None else "",
            logged=ledger.leaves_trace,
        )

    def _ledger_row(self, ledger: Ledger, row: Any) -> shapes.Row:
        shown = cells(ledger, row, self.about.reader)
        href = reverse_or_empty("ledger-row", ledger.code, row.pk)
        first = shapes.Cell(shown[0].text or _("打开"), href=href, numeric=shown[0].numeric)
        return shapes.Row([first, *(shapes.Cell(one.text, numeric=one.numeric) for one in shown[1:])])

    def _dues(self, ids: Sequence[UUID]) -> Block:
        mine, others = casework.behind(self.about.reader, self.about.on, ids)
        total = mine.count()
        pages = self._pages(total)
        shown = list(self._slice(mine.order_by("-closes_on", "pk"), pages))
        headers = [shapes.Header(text) for text in (_("检测窗口"), _("第几次"), _("地方"), _("单位"), _("结果"))]
        lines = [
            shapes.Row(
                [
                    shapes.Cell(
                        f"{due.opens_on.isoformat()} — {due.last_day.isoformat()}",
                        href=reverse_or_empty("due-detail", due.pk),
                    ),
                    shapes.Cell(str(due.position)),
                    shapes.Cell(due.division.name),
                    shapes.Cell(due.unit.label),
                    _state(due, self.about),
                ]
            )
            for due in shown
        ]
        href = reverse_or_empty("dues")
        return Block(
            title=_("定期检测应做事项"),
            ledger=casework.LEDGER,
            table=shapes.Table(headers, lines, shapes.Empty(_("没有您能打开的行")), caption=_("定期检测应做事项")),
            pages=pages,
            total=total,
            elsewhere=self._elsewhere(DUES, others, _("人次")),
            row_ids=[due.pk for due in shown],
            open_href=f"{href}?{self._opened()}" if href and total and self.about.known is None else "",
            logged=True,
        )

    def _returns(self, fact: str, ids: Sequence[UUID]) -> Block:
        mine, others = returns.behind(self.about.reader, self.about.on, ids)
        pages = self._pages(len(mine))
        shown = mine[max(pages.first - 1, 0) : pages.until]
        headers = [shapes.Header(text) for text in (_("报表"), _("所属期间"), _("填报单位"), _("状态"))]
        lines = [shapes.Row(_return_cells(filed)) for filed in shown]
        by_unit: dict[str, int] = defaultdict(int)
        for other in others:
            by_unit[other.unit_name] += 1
        return Block(
            title=_("签字锁定的报表(上报数)"),
            ledger="returns",
            table=shapes.Table(headers, lines, shapes.Empty(_("没有您能打开的报表")), caption=_("报表")),
            pages=pages,
            total=len(mine),
            elsewhere=[Elsewhere(unit, _ask(unit, _("%(count)d 张") % {"count": n})) for unit, n in by_unit.items()],
            row_ids=[],
            open_href="",
            logged=False,
        )

    def _letters(self, ids: Sequence[UUID]) -> Block:
        mine = letters_visible(self.about.reader, self.about.on).filter(pk__in=list(ids))
        total = mine.count()
        pages = self._pages(total)
        shown = self._slice(mine.order_by("year", "serial"), pages)
        others = Letter.objects.filter(pk__in=list(ids)).exclude(pk__in=mine.values("pk"))
        by_unit = others.values("unit_id").annotate(count=Count("pk")).order_by("unit_id")
        headers = [shapes.Header(text) for text in (_("文号"), _("责任单位"), _("成文日期"), _("签订日期"), _("状态"))]
        return self._own_table(
            LETTERS,
            _("责任书"),
            headers,
            [shapes.Row(_letter_cells(letter)) for letter in shown],
            total,
            self._elsewhere(LETTERS, [{"unit_id": one["unit_id"], "count": one["count"]} for one in by_unit], _("份")),
        )

    def _targets(self, ids: Sequence[UUID]) -> Block:
        plans = list(TargetPlan.objects.select_related("city").filter(pk__in=list(ids)))
        mine = [plan for plan in plans if may_view_target(self.about.reader, plan, self.about.on).allowed]
        pages = self._pages(len(mine))
        shown = mine[max(pages.first - 1, 0) : pages.until]
        headers = [shapes.Header(text) for text in (_("指标"), _("年度"), _("全市目标"), _("状态"))]
        office = _("市禁毒办")
        count = _("%(count)d 项") % {"count": len(plans) - len(mine)}
        elsewhere = [Elsewhere(office, _ask(office, count))] if len(mine) < len(plans) else []
        lines = [shapes.Row(_target_cells(plan)) for plan in shown]
        return self._own_table(TARGETS, _("年度指标分解"), headers, lines, len(mine), elsewhere)

    def _told(self, ids: Sequence[UUID]) -> Block:
        """The signed month counts of clinics, as they lie in the reader's own inbox; never what the clinic has."""
        mine = gates.arrived(self.about.reader, self.about.on, ids)
        pages = self._pages(len(mine))
        shown = self._slice(mine, pages)
        seen = Counter(one.from_unit_id for one in mine)
        told = [one for one in self.held if one.fact == TOLD and one.rows]
        others = [{"unit_id": one.unit_id, "count": (one.rows or 0) - seen[one.unit_id]} for one in told if one.unit_id is not None]
        elsewhere = self._elsewhere(TOLD, [one for one in others if one["count"] > 0], _("份"))
        headers = [shapes.Header(text) for text in (_("所属月份"), _("报出机构"), _("送到日期"), _("签字人"))]
        lines = [shapes.Row(_told_cells(one)) for one in shown]
        made = self._own_table(TOLD, _("医疗机构签字报出的汇总数"), headers, lines, len(mine), elsewhere)
        return replace(made, ledger=gates.INBOX, row_ids=[one.pk for one in shown], logged=True)

    def _own_table(
        self, code: str, title: str, headers: list[shapes.Header], lines: list[shapes.Row], total: int, elsewhere: list[Elsewhere]
    ) -> Block:
        """Rows that are no ledger's and name nobody."""
        table = shapes.Table(headers, lines, shapes.Empty(_("没有您能打开的行")), caption=title)
        return Block(title, code, table, self._pages(total), total, elsewhere, [], "", logged=False)

    def _unknown(self, fact: str) -> Block:
        count = sum(one.rows or 0 for one in self.held if one.fact == fact)
        empty = shapes.Empty(_("这些记录不在本系统的台账里"), _("共 %(count)d 条。") % {"count": count})
        table = shapes.Table([], [], empty)
        return Block(fact, fact, table, self._pages(0), 0, [], [], "", logged=True)

    def _elsewhere(self, fact: str, others: Sequence[dict[str, Any]], label: str) -> list[Elsewhere]:
        """Only units of which the reader misses some rows; their counts as ``situation`` lets them be told."""
        missing: dict[int, int] = defaultdict(int)
        for other in others:
            missing[other["unit_id"]] += other["count"]
        found = []
        for one in self.held:
            if one.fact != fact or one.unit_id not in missing:
                continue
            unit = self.names.get(one.unit_id or 0, _("其他单位"))
            if one.state is not Shown.EXACT:
                text = _("<5 人") if one.state is Shown.FEW else _("不显示")
                why = _("涉及不足 5 人") if one.state is Shown.FEW else _("为防止倒推出不足 5 人的数字")
                found.append(Elsewhere(unit, _ask(unit, text, why)))
                continue
            facts = [] if one.people is None else [_("涉及 %(count)d 人") % {"count": one.people}]
            found.append(Elsewhere(unit, _ask(unit, f"{missing[one.unit_id or 0]} {label}", facts=facts)))
        return found

    def _opened(self) -> str:
        return self.about.query(indicator=self.chosen.code, **self.chosen.query)

    def _pages(self, total: int) -> shapes.Pages:
        path = reverse("web:indicator-rows", args=[self.chosen.code])
        return shapes.pages(self.number, PER_PAGE, total, f"{path}?{self.about.query(**self.chosen.query)}&page=")

    def _slice(self, rows: Any, pages: shapes.Pages) -> Any:
        return rows[max(pages.first - 1, 0) : pages.until]


def rows_of(chosen: Chosen, about: About, *, page: str = "") -> Found:
    """Everything the page of rows shows. Raises UnknownIndicator, UnknownPart, BadQuery."""
    asked = Asked(about.period, about.reader, about.on, about.known)
    indicator = catalogue.get(chosen.code, about.period.last_day)
    title = (
        said(indicator.title)
        if chosen.part == VALUE
        else f"{said(indicator.title)} · {said(indicator.term(chosen.part).title)}"
    )
    place = about.division.pk
    query = asked.query(chosen.code, of=place, breakdown=chosen.breakdown)
    refs = rows_behind(query, part=chosen.part, slice_=chosen.slice or None)
    held = whose(chosen.code, chosen.part, place, asked, breakdown=chosen.breakdown, slice_=chosen.slice)
    state = part_state(chosen.code, chosen.part, place, asked)
    number = int(page) if page.isdigit() and len(page) < 7 else 1
    finder = _Finder(chosen, about, number, held)
    by_fact: dict[str, list[UUID]] = defaultdict(list)
    for ref in refs:
        by_fact[ref.fact].append(UUID(ref.row_id))
    blocks = [finder.block(fact, ids) for fact, ids in by_fact.items()]
    return Found(
        title=title,
        figure=_figure(chosen, about),
        closed=None if state is Shown.EXACT else closed_number(state, _("<5 人"), about.division),
        blocks=blocks,
    )


def _figure(chosen: Chosen, about: About) -> str:
    """The number the page is about, as it stands on the page one came from."""
    if chosen.slice:
        return ""
    reading = read(code=chosen.code, **about.asked)
    if chosen.part == VALUE:
        return "" if reading.closed else f"{reading.text} {said(reading.indicator.unit)}"
    part = reading.part(chosen.part)
    return "" if part is None or part.closed else f"{part.text} {said(part.unit)}".strip()


def reverse_or_empty(name: str, *args: Any) -> str:
    """The address, or "" where that part of the site is not installed."""
    try:
        return reverse(f"web:{name}", args=args)
    except NoReverseMatch:
        return ""


def _ask(unit: str, text: str, why: str = "", facts: Sequence[str] = ()) -> shapes.Closed:
    return shapes.Closed(
        shown=text,
        why=why or _("明细在%(unit)s,不对您开放") % {"unit": unit},
        whose=unit,
        ask=_("向%(unit)s发函或电话核对,由其在本单位页面打开;确需查看的,经审批后由安全管理员授权") % {"unit": unit},
        facts=facts,
    )


def _return_cells(filed: Return) -> list[shapes.Cell]:
    return [
        shapes.Cell(said(get_form(filed.form).title), href=reverse_or_empty("return", filed.pk)),
        shapes.Cell(filed.period),
        shapes.Cell(filed.unit.name),
        shapes.Cell(filed.get_state_display()),
    ]


def _letter_cells(letter: Letter) -> list[shapes.Cell]:
    return [
        shapes.Cell(letter.number, href=reverse_or_empty("letter-score", letter.pk)),
        shapes.Cell(letter.unit.label),
        shapes.Cell(letter.issued_on.isoformat()),
        shapes.Cell(letter.signed_on.isoformat() if letter.signed_on else ""),
        shapes.Cell(str(LetterState(letter.state).label)),
    ]


def _told_cells(delivery: Any) -> list[shapes.Cell]:
    return [
        shapes.Cell(delivery.values.get("month", ""), href=reverse_or_empty("gate-delivery", delivery.pk)),
        shapes.Cell(delivery.from_unit.label),
        shapes.Cell(clock.day_of(delivery.arrived_at).isoformat()),
        shapes.Cell(delivery.signed_by_name),
    ]


def _target_cells(plan: TargetPlan) -> list[shapes.Cell]:
    return [
        shapes.Cell(said(plan.title), href=reverse_or_empty("target-plan", plan.pk)),
        shapes.Cell(str(plan.year)),
        shapes.Cell(f"{number_text(plan.total)} {said(plan.unit)}"),
        shapes.Cell(str(PlanState(plan.state).label)),
    ]


def _state(due: Any, about: About) -> shapes.Cell:
    words = {
        State.LATE: (_("缺检"), "late"),
        State.LOOKED_INTO: (_("缺检,已查明"), "calm"),
        State.DONE: (_("已检"), "good"),
        State.EXCUSED: (_("合法缺席"), "calm"),
        State.CANCELLED: (_("不再需要"), "calm"),
        State.OPEN: (_("窗口还开着"), "soon"),
        State.AHEAD: (_("还没到"), "calm"),
    }
    text, tone = words[due.state_on(about.on)]
    return shapes.Cell(text, tone=tone)


def _is_number(column: Any) -> bool:
    return str(column.kind) in {"integer", "decimal", "quantity"}


__all__ = ["Block", "Chosen", "Elsewhere", "Found", "rows_of"]

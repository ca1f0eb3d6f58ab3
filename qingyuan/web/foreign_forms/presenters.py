"""The form as a page draws it: each cell a way to what it is bound to; fillings with their sources."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote, urlencode
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from qingyuan.documents.blank import BlankForm, FormCell, FormLine, FormTable
from qingyuan.foundation import clock
from qingyuan.foundation.words import said
from qingyuan.indicators import catalogue
from qingyuan.indicators.catalogue import UnknownIndicator
from qingyuan.organisation.models import Division
from qingyuan.reference.period_words import period_label
from qingyuan.situation.enums import Fixed, PeriodRule
from qingyuan.situation.models import ForeignForm, FormFilling, FormLayout
from qingyuan.situation.queries.forms import source_words
from qingyuan.situation.queries.told import Told, parts_of
from qingyuan.situation.rules.forms import Binding, label_of, spoken_place
from qingyuan.web.shapes import Cell, Empty, Header, Row, Table


@dataclass(frozen=True)
class CellView:
    """``mark`` is what stands in a bound cell; ``tone``: bound, words, formula, fixed or "" (blank), label (text)."""

    id: str
    href: str
    text: str
    mark: str
    tone: str
    colspan: int
    rowspan: int
    current: bool
    said: str


@dataclass(frozen=True)
class BlockView:
    """A table (``rows``) or a line (``pieces``: text, or a CellView for a gap)."""

    title: str
    rows: Sequence[Sequence[CellView]]
    pieces: Sequence[str | CellView]

    @property
    def is_table(self) -> bool:
        return bool(self.rows)


@dataclass(frozen=True)
class Chosen:
    """The cell one stands on: where it is, what it holds, what it is bound to."""

    cell: FormCell
    label: str
    place: str
    bound: str
    warning: str
    may_column: bool


def anchor(address: str) -> str:
    return "c-" + address.replace("!", "-")


def blocks(
    blank: BlankForm, bound: Mapping[str, Binding], places: Sequence[Division], current: str, *, path: str
) -> list[BlockView]:
    names = {one.code: one.name for one in places}
    return [_block(block, blank, bound, names, current, path) for block in blank.blocks]


def _block(
    block: FormTable | FormLine,
    blank: BlankForm,
    bound: Mapping[str, Binding],
    names: Mapping[str, str],
    current: str,
    path: str,
) -> BlockView:
    def view(cell: FormCell) -> CellView:
        return _cell(cell, bound.get(cell.address), names, current, path)

    if isinstance(block, FormLine):
        pieces = [view(piece) if isinstance(piece, FormCell) else piece for piece in block.pieces]
        return BlockView("", [], pieces)
    title = block.title if len(blank.tables) > 1 else ""
    return BlockView(title, [[view(cell) for cell in row] for row in block.rows], [])


def _cell(cell: FormCell, binding: Binding | None, names: Mapping[str, str], current: str, path: str) -> CellView:
    if binding is not None:
        mark, tone = mark_of(binding), "words" if binding.fixed else "bound"
        said = _("%(cell)s,已绑定:%(what)s") % {"cell": spoken_place(cell.address), "what": words_of(binding, names)}
    elif cell.fixed or cell.formula:
        mark, tone = "", "formula"
        said = _("%(cell)s,表里原有的公式") % {"cell": spoken_place(cell.address)}
    else:
        mark, tone = "", "label" if cell.text else ""
        said = _("%(cell)s,没有绑定") % {"cell": spoken_place(cell.address)}
    return CellView(
        id=anchor(cell.address),
        href=f"{path}?cell={quote(cell.address)}#panel",
        text=cell.formula if cell.formula and binding is None else cell.text,
        mark=mark,
        tone=tone,
        colspan=cell.colspan,
        rowspan=cell.rowspan,
        current=cell.address == current,
        said=f"{said} {cell.text}".strip(),
    )


def chosen(blank: BlankForm, bound: Mapping[str, Binding], places: Sequence[Division], address: str) -> Chosen | None:
    cell = blank.cells.get(address)
    if cell is None:
        return None
    binding = bound.get(address)
    names = {one.code: one.name for one in places}
    warning = cell.fixed
    if not warning and cell.formula:
        warning = _("这一格是表里原有的公式 %(formula)s;绑定后公式会被数字替换。") % {"formula": cell.formula[:60]}
    return Chosen(
        cell=cell,
        label=label_of(blank, cell),
        place=spoken_place(cell.address),
        bound=words_of(binding, names) if binding else "",
        warning=warning,
        may_column=isinstance(blank.block_of(address), FormTable) and cell.colspan == 1,
    )


def mark_of(binding: Binding) -> str:
    """The few signs that fit into a cell: ``G09 本年累计``."""
    if binding.fixed:
        return binding.words if binding.fixed == Fixed.WORDS else str(Fixed(binding.fixed).label)
    rule = binding.period if binding.rule == PeriodRule.FIXED else str(PeriodRule(binding.rule).label)
    return f"{binding.indicator} {rule}" + ("" if binding.part == "value" else f" {part_words(binding)}")


def words_of(binding: Binding, names: Mapping[str, str]) -> str:
    """The whole binding as a sentence would say it."""
    if binding.fixed:
        return mark_of(binding)
    place = names.get(binding.place, "") or next(iter(names.values()), "")
    rule = binding.period if binding.rule == PeriodRule.FIXED else str(PeriodRule(binding.rule).label)
    return " · ".join((indicator_words(binding.indicator), part_words(binding), place, rule))


def indicator_words(code: str) -> str:
    try:
        return f"{code} {said(catalogue.get(code, clock.today()).title)}"
    except UnknownIndicator:
        return _("%(code)s(已没有这个指标)") % {"code": code}


def part_words(binding: Binding) -> str:
    try:
        return dict(parts_of(catalogue.get(binding.indicator, clock.today()))).get(binding.part, binding.part)
    except UnknownIndicator:
        return binding.part


# --- lists --------------------------------------------------------------------------------------------------------------
def index_table(found: Sequence[ForeignForm], latest: Mapping[UUID, FormFilling], drafts: Mapping[UUID, FormLayout]) -> Table:
    headers = [Header(_("表名")), Header(_("来表单位")), Header(_("模板")), Header(_("最近一次填报")), Header(_("状态"))]
    rows = []
    for form in found:
        filling, draft = latest.get(form.pk), drafts.get(form.pk)
        saved = max((layout.version for layout in form.layouts.all() if not layout.is_draft), default=0)
        state = Cell(_("停用"), tone="calm") if form.retired_on else Cell(_("可以填"), tone="good") if saved else Cell(_("还没绑定好"), tone="soon")
        rows.append(
            Row(
                [
                    Cell(form.title, href=reverse("web:foreign-form", args=[form.pk])),
                    Cell(form.sent_by),
                    Cell(
                        _("第 %(version)d 版") % {"version": saved} if saved else "",
                        note=_("第 %(version)d 版正在绑定") % {"version": draft.version} if draft else "",
                    ),
                    Cell(
                        period_label(filling.period) if filling else "",
                        note=f"{filling.filled_on.isoformat()} {filling.by_name}" if filling else "",
                    ),
                    state,
                ]
            )
        )
    empty = Empty(_("还没有来表"), _("把别的单位发来的空白 Excel 或 Word 表传上来,绑定一次,以后每月点一下就填好。"))
    return Table(headers, rows, empty, caption=_("来表"))


def fillings_table(found: Sequence[FormFilling]) -> Table:
    headers = [
        Header(_("所属月份")), Header(_("填报日期")), Header(_("填报人")), Header(_("模板")),
        Header(_("填了"), numeric=True), Header(_("没填上"), numeric=True), Header(_("文件校验值")),
    ]  # fmt: skip
    rows = [
        Row(
            [
                Cell(period_label(one.period), href=reverse("web:foreign-form-filling", args=[one.pk])),
                Cell(one.filled_on.isoformat(), note=_known(one.known_on)),
                Cell(one.by_name),
                Cell(_("第 %(version)d 版") % {"version": one.layout.version}),
                Cell(str(len(one.cells)), numeric=True),
                Cell(str(len(one.missing)), numeric=True),
                Cell(one.made.digest[:12]),
            ],
            action=(_("下载"), reverse("web:foreign-form-file", args=[one.pk])),
        )
        for one in found
    ]
    empty = Empty(_("还没有填过"), _("上面选一个月份,点一下就填好;每次填的都留在这里,“三月份报的那个数”随时找得到。"))
    return Table(headers, rows, empty, caption=_("填过的"))


def _known(known: date | None) -> str:
    return _("截至 %(day)s 所知") % {"day": known.isoformat()} if known else ""


def cells_table(filling: FormFilling) -> Table:
    """What was written, with where it came from; a number opens on its indicator for that place and period."""
    headers = [
        Header(_("格")), Header(_("位置")), Header(_("填入"), numeric=True), Header(_("指标")),
        Header(_("区划")), Header(_("期间")), Header(_("来源")),
    ]  # fmt: skip
    rows = []
    for one in filling.cells:
        told = Told.from_dict(one["told"]) if "told" in one else None
        if told is None:
            words = [Cell(spoken_place(one["address"])), Cell(one["label"]), Cell(one["text"], numeric=True)]
            rows.append(Row([*words, Cell(_("固定文字")), Cell(""), Cell(""), Cell("")]))
            continue
        rows.append(
            Row(
                [
                    Cell(spoken_place(one["address"])),
                    Cell(one["label"]),
                    Cell(one["text"], numeric=True, note=told.why if told.closed else ""),
                    Cell(
                        f"{told.indicator} {said(told.title)}",
                        note=said(told.part),
                        href=indicator_href(told),
                    ),
                    Cell(told.division),
                    Cell(told.period, note=told.note),
                    Cell(source_words(told), note=_("截至 %(day)s 所知") % {"day": told.known}),
                ]
            )
        )
    return Table(headers, rows, Empty(_("这次没有填上一格")), caption=_("填了的格"))


def indicator_href(told: Told) -> str:
    """The page of the figure for its own place and period, as known on its day."""
    asked = {"division": told.place, "period": told.span, "known": told.known}
    query = urlencode({name: value for name, value in asked.items() if value})
    return f"{reverse('web:indicator', args=[told.indicator])}?{query}"


def missing_table(filling: FormFilling) -> Table:
    headers = [Header(_("格")), Header(_("位置")), Header(_("原因"))]
    rows = [Row([Cell(spoken_place(one["address"])), Cell(one["label"]), Cell(one["why"])]) for one in filling.missing]
    return Table(headers, rows, Empty(_("都填上了")), caption=_("没填上或要核对的"))

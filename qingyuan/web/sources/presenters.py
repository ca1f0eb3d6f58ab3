"""Sources and layouts in the words and shapes of the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from qingyuan.foundation import clock
from qingyuan.foundation.words import said
from qingyuan.ledgers import registry
from qingyuan.ledgers.declaration import Ledger
from qingyuan.ledgers.importing.comparing import next_month
from qingyuan.ledgers.importing.recipe import Recipe, text_of
from qingyuan.ledgers.importing.sources import last_files
from qingyuan.ledgers.kinds import Kind
from qingyuan.ledgers.layouts.layout import DAY_WORDS, Layout, LayoutColumn, bindable
from qingyuan.ledgers.models import ImportBatch, LearntSynonym, Source
from qingyuan.reference import catalogue, periods
from qingyuan.reference.period_words import period_label
from qingyuan.web import shapes

FILES = 12


@dataclass(frozen=True)
class Expected:
    """The month of the next file; ``late`` when that month is over."""

    words: str
    tone: str


def expected(source: Source, last: ImportBatch | None, today: date) -> Expected:
    month = next_month(source, last)
    if month is None:
        return Expected(_("不定期") if not source.every_months else _("还没有入库过"), "")
    words = period_label(periods.month(month))
    behind = (today.year - month.year) * 12 + today.month - month.month
    if behind > 0:
        return Expected(_("%(month)s,还没来") % {"month": words}, "late")
    return Expected(_("%(month)s,本月") % {"month": words}, "soon") if behind == 0 else Expected(words, "")


def sources_table(sources: Sequence[Source], today: date) -> shapes.Table:
    last = last_files(sources)
    headers = [
        shapes.Header(_("来源")),
        shapes.Header(_("上一个文件")),
        shapes.Header(_("新增"), numeric=True),
        shapes.Header(_("更新"), numeric=True),
        shapes.Header(_("不变"), numeric=True),
        shapes.Header(_("有问题"), numeric=True),
        shapes.Header(_("下一个该来的")),
    ]
    empty = shapes.Empty(
        _("还没有记住过哪种表"),
        _("导入一个文件,对好栏目后点“记住这种表”;下个月同样的表一上传就认得。"),
        _("导入表格"),
        reverse("web:import-any"),
    )
    return shapes.Table(headers, [_source_row(one, last.get(one.pk), today) for one in sources], empty, _("数据来源"))


def _source_row(source: Source, last: ImportBatch | None, today: date) -> shapes.Row:
    due = expected(source, last, today)
    counts = ("new_count", "changed_count", "same_count", "bad_count")
    file = (
        shapes.Cell(last.filename, note=str(clock.day_of(last.finished_at)))
        if last and last.finished_at
        else shapes.Cell("")
    )
    title = said(registry.get(source.ledger).title)
    forgotten = "" if hasattr(source, "saved") else _("没有配方")
    return shapes.Row(
        [
            shapes.Cell(source.title, note=f"{title} · {forgotten}" if forgotten else title, href=reverse("web:source", args=(source.pk,))),
            file,
            *(shapes.Cell(str(getattr(last, name)) if last else "", numeric=True) for name in counts),
            shapes.Cell(due.words, tone=due.tone),
        ],
        action=(_("导入"), reverse("web:import-start", args=(source.ledger,))),
    )


@dataclass(frozen=True)
class Word:
    pk: int
    header: str
    text: str
    label: str


def words(source: Source, ledger: Ledger) -> list[Word]:
    headers = {column.code_list: said(column.header) for column in ledger.columns if column.code_list}
    return [
        Word(word.pk, headers.get(word.code_list, ""), word.text, catalogue.get_list(word.code_list).said(word.code))
        for word in LearntSynonym.objects.filter(source=source).order_by("code_list", "text")
    ]


@dataclass(frozen=True)
class Teachable:
    """A column whose words may be taught, with its codes: «column:code» → words."""

    header: str
    choices: list[tuple[str, str]]


def teachable(ledger: Ledger, on: date) -> list[Teachable]:
    return [
        Teachable(
            said(column.header),
            [(f"{column.name}:{code.code}", code.said) for code in catalogue.get_list(column.code_list).valid_on(on)],
        )
        for column in ledger.columns
        if column.code_list
    ]


def labels_and_columns(recipe: Recipe) -> tuple[list[str], dict[int, str]]:
    """A recipe's headers as if they stood in a file, for the form that changes it."""
    labels = [text_of(slot) for slot in recipe.columns]
    return labels, dict(enumerate(recipe.columns.values()))


def files(source: Source) -> list[ImportBatch]:
    return list(ImportBatch.objects.filter(source=source).order_by("-created_at")[:FILES])


# --- layouts -------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class LayoutLine:
    layout: Layout
    ledger: str
    read: int
    href: str
    export: str


def layout_line(layout: Layout) -> LayoutLine:
    return LayoutLine(
        layout,
        said(registry.get(layout.ledger).title),
        sum(bool(column.source) for column in layout.columns),
        reverse("web:layout", args=(layout.key,)) if layout.own else "",
        reverse("web:ledger-layout", args=(layout.ledger, layout.key)),
    )


@dataclass(frozen=True)
class Binding:
    """One header of a layout and how it is filled. ``way`` is one value: how days, codes or masses are written."""

    number: int
    header: str
    source: str
    text: str
    ways: list[tuple[str, str, bool]]


def bindings(layout: Layout, ledger: Ledger) -> list[Binding]:
    return [
        Binding(number, one.header, one.source, one.text, _ways(one, ledger)) for number, one in enumerate(layout.columns)
    ]


def _ways(one: LayoutColumn, ledger: Ledger) -> list[tuple[str, str, bool]]:
    """The ways a bound column can be written: (value, words, chosen); empty when there is only one."""
    if not one.source:
        return []
    kind = ledger.column(one.source).kind
    if kind == Kind.DATE:
        return [(key, str(words), key == one.day) for key, words in DAY_WORDS.items()]
    if kind in {Kind.CODE, Kind.DIVISION}:
        return [("name", _("写名称"), one.code == "name"), ("code", _("写代码"), one.code == "code")]
    if kind == Kind.QUANTITY:
        return [(key, words, key == one.unit) for key, words in (("g", _("克")), ("kg", _("千克")), ("mg", _("毫克")))]
    return []


def sources_of_layout(ledger: Ledger) -> list[tuple[str, str]]:
    return [(column.name, said(column.header)) for column in bindable(ledger)]


def columns_from(typed: Any, layout: Layout, ledger: Ledger) -> list[LayoutColumn]:
    """The columns as the form says them; not yet checked."""
    known = {column.name: column for column in bindable(ledger)}
    made = []
    for number, one in enumerate(layout.columns):
        source = typed.get(f"source-{number}", "")
        text = "" if source else typed.get(f"text-{number}", "").strip()[:60]
        way = typed.get(f"way-{number}", "") if source == one.source else ""
        codes = one.codes if source == one.source else {}
        kind = known[source].kind if source in known else None
        made.append(
            LayoutColumn(
                one.header,
                source,
                text,
                day=way if way and kind == Kind.DATE else "iso",
                code=way if way and kind in {Kind.CODE, Kind.DIVISION} else "name",
                codes=codes,
                unit=way if way and kind == Kind.QUANTITY else "g",
            )
        )
    return made

"""The workbooks a ledger hands out: the empty template, what a list shows, the rows an import would not take."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from io import BytesIO
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from qingyuan.foundation.words import in_chinese
from qingyuan.ledgers.declaration import Ledger
from qingyuan.ledgers.importing import staging
from qingyuan.ledgers.importing.returning import RECORD
from qingyuan.ledgers.kinds import Kind
from qingyuan.ledgers.layouts.layout import Layout, lines
from qingyuan.ledgers.models import ImportBatch
from qingyuan.ledgers.models.imports import RowState
from qingyuan.ledgers.presenting import cells
from qingyuan.ledgers.reading.parts import place_of
from qingyuan.ledgers.sheets.bad_rows import BadRow, write_bad_rows
from qingyuan.ledgers.sheets.export import write_export
from qingyuan.ledgers.sheets.layout import write_layout
from qingyuan.ledgers.sheets.template import write_template
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.models import Division
from qingyuan.reference import catalogue, statutes

MOST_DIVISIONS = 400
"""Longer lists of divisions are typed, not chosen from a drop-down."""


@in_chinese
def rows_workbook(ledger: Ledger, rows: Iterable[Any], *, reader: Actor, about: str = "") -> bytes:
    """The rows with the columns, masks and order of the list. ``about`` says range and filters under the title.

    A hidden last column says which row each line is, so that the workbook comes back by import, masks and all
    (``importing/returning.py``). Raises TooManyRows beyond what one sheet holds.
    """
    target = BytesIO()
    numbered = ledger.comes_back
    write_export(
        target,
        title=ledger.title,
        columns=(*ledger.listed_columns, RECORD) if numbered else ledger.listed_columns,
        rows=_shown(ledger, rows, reader, numbered=numbered),
        notice=_notice(about),
        hidden=(RECORD.name,) if numbered else (),
    )
    return target.getvalue()


@in_chinese
def layout_workbook(ledger: Ledger, layout: Layout, rows: Iterable[Any], *, reader: Actor, in_full: bool) -> bytes:
    """The rows in the columns of another system. ``in_full``: numbers unmasked for a reader of clear names, who has said
    what for; the caller has logged it. Raises TooManyRows.
    """
    target = BytesIO()
    notice = _notice("")
    write_layout(
        target,
        sheet=layout.sheet or layout.title,
        titles=[*([notice] if notice else []), *layout.titles],
        headers=[one.header for one in layout.columns],
        rows=lines(layout, ledger, rows, reader=reader, in_full=in_full),
    )
    return target.getvalue()


@in_chinese
def template_workbook(ledger: Ledger, *, for_actor: Actor, on: date) -> bytes:
    """The empty table with its drop-down lists and how to fill it in."""
    target = BytesIO()
    lines = [_("用途:%(purpose)s") % {"purpose": ledger.purpose}]
    if ledger.legal_basis:
        lines.append(_("依据:%(basis)s") % {"basis": statutes.describe(ledger.legal_basis)})
    write_template(
        target,
        title=ledger.title,
        columns=ledger.columns,
        choices=_choices(ledger, for_actor, on),
        notice=_notice(""),
        instructions=lines,
    )
    return target.getvalue()


@in_chinese
def bad_rows_workbook(ledger: Ledger, batch: ImportBatch) -> bytes:
    """The rows that were not taken, as typed, each bad cell with its reason; it can be mended and imported again."""
    target, parts = BytesIO(), batch.found.get("parts", ())
    write_bad_rows(
        target,
        title=ledger.title,
        labels=batch.found.get("labels", []),
        columns=_columns_of(batch),
        units=batch.found.get("units", {}),
        rows=(
            BadRow(number=_where(parts, row.number), cells=row.raw, problems=row.draft.problems)
            for row in staging.stream(ledger, batch, RowState.BAD)
        ),
        notice=_notice(""),
    )
    return target.getvalue()


def _columns_of(batch: ImportBatch) -> dict[int, str]:
    """Where the columns stood in the file, the record number among them."""
    columns = {int(index): name for index, name in batch.found.get("columns", {}).items()}
    record = batch.found.get("record")
    return columns if record is None else columns | {record: RECORD.name}


def _where(parts: Sequence[Mapping[str, Any]], number: int) -> int | str:
    """The row's number, which is its place unless the list stood in several places."""
    return place_of(parts, number) if parts else number


def _shown(ledger: Ledger, rows: Iterable[Any], reader: Actor, *, numbered: bool) -> Iterator[list[Any]]:
    for row in rows:
        line = [cell.exported for cell in cells(ledger, row, reader)]
        yield [*line, str(row.pk)] if numbered else line


def _choices(ledger: Ledger, actor: Actor, on: date) -> dict[str, list[str]]:
    found = {
        column.name: [code.name_zh for code in catalogue.get_list(column.code_list).valid_on(on)]
        for column in ledger.columns
        if column.kind == Kind.CODE
    }
    names = _division_names(actor, on)
    divisions = [column.name for column in ledger.columns if column.kind == Kind.DIVISION]
    return found | {name: names for name in divisions if 0 < len(names) <= MOST_DIVISIONS}


def _division_names(actor: Actor, on: date) -> list[str]:
    names: dict[str, None] = {}
    for grant in actor.grants:
        for name in Division.objects.under(grant.division_id, on).on(on).values_list("name", flat=True):
            names.setdefault(name)
    return list(names)


def _notice(about: str) -> str:
    fiction = _("演示城市 · 虚构数据") if settings.QINGYUAN_DEMO else ""
    return "  ".join(text for text in (fiction, about) if text)

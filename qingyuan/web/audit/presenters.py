"""Entries of the audit as table rows, and the changes of one entry as far as its reader may see them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from qingyuan.foundation import audit, clock
from qingyuan.foundation.audit.models import Entry, ReadEntry, RowChange, WriteEntry
from qingyuan.foundation.crypto import Undecipherable
from qingyuan.foundation.enums import Compartment
from qingyuan.foundation.words import said
from qingyuan.ledgers import queries, registry
from qingyuan.ledgers.declaration import Ledger
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.enums import Action
from qingyuan.organisation.models import Division, Unit
from qingyuan.organisation.permissions import inspects
from qingyuan.organisation.scope import may, reads_clear
from qingyuan.web import shapes
from qingyuan.web.audit import words
from qingyuan.web.audit.entries import WRITES

TIME = "%Y-%m-%d %H:%M:%S"


@dataclass(frozen=True)
class Line:
    """One entry in words; the page and the export show the same."""

    entry_id: UUID
    at: str
    who: str
    unit: str
    act: str
    subject: str
    about: str
    reason: str
    rows: int
    seq: int | None

    @property
    def sealed(self) -> str:
        return _("已封存 #%(seq)s") % {"seq": self.seq} if self.seq is not None else _("待封存")


def headers(tab: str) -> list[str]:
    about = _("说明") if tab == WRITES else _("网络地址")
    return [_("时间"), _("操作人"), _("操作"), _("台账或事项"), about, _("行数"), _("审计链")]


def export_headers(tab: str) -> list[str]:
    time, who, act, subject, about, rows, chain = headers(tab)
    return [time, who, _("单位"), act, subject, about, _("事由"), rows, chain]


def lines(entries: Sequence[WriteEntry] | Sequence[ReadEntry], reader: Actor) -> list[Line]:
    units = _units(entries)
    return [_line(entry, units, reader) for entry in entries]


def _line(entry: WriteEntry | ReadEntry, units: dict[int, str], reader: Actor) -> Line:
    writing = isinstance(entry, WriteEntry)
    return Line(
        entry_id=entry.pk,
        at=f"{timezone.localtime(entry.at):{TIME}}",
        who=entry.actor_name or _("未登录的人"),
        unit=units.get(entry.actor_unit_id or 0, ""),
        act=words.write_act(entry.act) if writing else words.read_act(entry.act),
        subject=words.subject(entry.ledger),
        about=_about_write(entry) if isinstance(entry, WriteEntry) else _about_read(entry),
        reason=typed(entry, "reason", reader),
        rows=entry.row_count,
        seq=entry.seq,
    )


def typed(entry: Entry, column: str, reader: Actor) -> str:
    """A reason or purpose that somebody typed; said plainly when it no longer opens. It may name someone: whoever leads
    a unit reads it only of ledgers whose rows the leader may read."""
    ledger = _ledger(entry.ledger)
    kept_close = ledger is not None and ledger.leaves_trace or entry.ledger in words.ABOUT_PEOPLE
    if kept_close and not inspects(reader) and not _may_read(reader, ledger):
        return _("事由不对本单位负责人显示") if getattr(entry, f"{column}_stored") else ""
    try:
        # Reasons of the program itself are kept in Chinese; a page says them in its own language where it knows them.
        text = str(getattr(entry, column))
        return _(text) if text else ""
    except Undecipherable:
        return _("无法解密:可能被改动,请校验审计链")


def _may_read(reader: Actor, ledger: Ledger | None) -> bool:
    if ledger is None:
        return may(reader, Action.READ, compartment=Compartment.COMMUNITY, on=clock.today()).allowed
    return may(reader, Action.READ, compartment=ledger.compartment, ledger=ledger.code, on=clock.today()).allowed


def _about_write(entry: WriteEntry) -> str:
    """The summary, unless it only repeats the number of rows."""
    return "" if entry.summary == str(entry.row_count) else entry.summary.replace("manual:", "")


def _about_read(entry: ReadEntry) -> str:
    return entry.address


def _units(entries: Iterable[Any]) -> dict[int, str]:
    ids = {entry.actor_unit_id for entry in entries if entry.actor_unit_id}
    return {unit.pk: unit.label for unit in Unit.objects.filter(pk__in=ids)}


def table(found: Sequence[Line], tab: str, empty: shapes.Empty) -> shapes.Table:
    name = "web:audit-write" if tab == WRITES else "web:audit-read"
    made = [shapes.Header(label, numeric=place == 5) for place, label in enumerate(headers(tab))]
    return shapes.Table(made, [_row(line, name) for line in found], empty, caption=_("审计日志"))


def _row(line: Line, name: str) -> shapes.Row:
    return shapes.Row(
        [
            shapes.Cell(line.at, href=reverse(name, args=(line.entry_id,))),
            shapes.Cell(line.who, note=line.unit),
            shapes.Cell(line.act),
            shapes.Cell(line.subject),
            shapes.Cell(_shorten(line.about), note=line.reason),
            shapes.Cell(str(line.rows) if line.rows else "", numeric=True),
            shapes.Cell(line.sealed, tone="grey" if line.seq is not None else "soon"),
        ]
    )


def _shorten(text: str) -> str:
    """A digest of 64 characters is for the entry's own page."""
    return f"{text[:16]}…" if len(text) > 40 and " " not in text else text


@dataclass(frozen=True)
class Value:
    """One column of a row before and after; ``before`` is empty for a new row."""

    header: str
    before: str
    after: str


@dataclass(frozen=True)
class Change:
    """What an entry did to one row. ``href`` opens the row for a reader who may see it; for others ``closed`` names the
    columns that were filled or changed, and no value."""

    row_id: UUID
    kind: str
    values: list[Value]
    href: str = ""
    closed: str = ""


def changes(entry: WriteEntry, page: Sequence[RowChange], actor: Actor, on: date) -> list[Change]:
    """The row changes of ``entry`` on one page, with values only where ``actor`` may read the row itself."""
    ledger = _ledger(entry.ledger)
    seen = _visible(ledger, actor, on, [change.row_id for change in page])
    clear = ledger is not None and reads_clear(actor, compartment=ledger.compartment, ledger=ledger.code)
    return [_change(entry, change, ledger, change.row_id in seen, clear) for change in page]


def _ledger(code: str) -> Ledger | None:
    try:
        return registry.get(code)
    except registry.UnknownLedger:
        return None


def _visible(ledger: Ledger | None, actor: Actor, on: date, row_ids: list[UUID]) -> frozenset[UUID]:
    if ledger is None:
        return frozenset()
    return frozenset(queries.rows(ledger, actor, on).filter(pk__in=row_ids).values_list("pk", flat=True))


def _change(entry: WriteEntry, change: RowChange, ledger: Ledger | None, seen: bool, clear: bool) -> Change:
    """A row one may not open is not read through its audit either."""
    along = ledger.read_with_the_row if ledger is not None and seen else frozenset()
    items = audit.history(change.row_id, seen and clear, along)
    columns = next((item.changes for item in items if item.entry_id == entry.pk), ())
    moved = [one for one in columns if one.before not in (None, "") or one.after not in (None, "")]
    kind = str(RowChange.Kind(change.kind).label)
    if not (seen or entry.ledger in words.OPEN_SUBJECTS):
        return Change(change.row_id, kind, [], closed="、".join(_header(one, ledger) for one in moved))
    new = change.kind == RowChange.Kind.CREATE
    values = [Value(_header(one, ledger), "" if new else _plain(one.before), _plain(one.after)) for one in moved]
    href = reverse("web:ledger-row", args=(ledger.code, change.row_id)) if ledger is not None and seen else ""
    return Change(change.row_id, kind, values, href)


def _header(one: audit.ColumnChange, ledger: Ledger | None) -> str:
    column = next((c for c in ledger.columns if c.name == one.column), None) if ledger is not None else None
    return said(column.header) if column is not None else one.column


def _plain(value: Any) -> str:
    if value in (None, ""):
        return "—"
    if isinstance(value, dict | list):
        return "、".join(str(one) for one in value) if isinstance(value, list) else _dictionary(value)
    return str(value)


def _dictionary(value: dict[str, Any]) -> str:
    return "、".join(f"{name}:{_plain(one)}" for name, one in value.items())


def place_of(division_id: int | None) -> str:
    found = Division.objects.filter(pk=division_id or 0).first()
    return found.name if found is not None else ""


def rows_of(entry: ReadEntry) -> list[str]:
    """The identifiers of the rows that were shown."""
    return [str(row_id) for row_id in json.loads(entry.row_ids)] if entry.row_ids else []

"""Ledgers in the words and shapes of the page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.foundation import audit
from qingyuan.foundation.names import NameAsked, Way
from qingyuan.foundation.words import said
from qingyuan.ledgers import queries, registry
from qingyuan.ledgers.codec import load_one
from qingyuan.ledgers.columns import Column
from qingyuan.ledgers.declaration import Ledger
from qingyuan.ledgers.kinds import Kind
from qingyuan.ledgers.presenting import Cell, cell, cells
from qingyuan.ledgers.queries import Told
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.enums import Action, Look
from qingyuan.organisation.models import Account, Division
from qingyuan.organisation.scope import may_look, reads_clear
from qingyuan.reference import statutes
from qingyuan.web import shapes
from qingyuan.web.ledgers.access import keepers, may_any
from qingyuan.web.name_words import way_said

HIDDEN_KINDS = frozenset({Kind.ID_NUMBER, Kind.PHONE})
NOTHING = Told(0)
# The order of the speech: prevention, enforcement, treatment and aftercare, the public, the situation, who answers for it.
SHELVES = {
    "prevention": gettext_lazy("宣传预防"),
    "enforcement": gettext_lazy("打击整治"),
    "rehabilitation": gettext_lazy("戒毒康复"),
    "treatment": gettext_lazy("戒毒治疗"),
    "participation": gettext_lazy("社会参与"),
    "situation": gettext_lazy("毒情形势"),
    "governance": gettext_lazy("责任落实"),
}


@dataclass(frozen=True)
class LedgerCard:
    """One ledger on the first page: how much is in it and what this person may do."""

    ledger: Ledger
    basis: str
    told: Told
    may_create: bool
    whose: str = ""


def cards(ledgers: Iterable[Ledger], actor: Actor, on: date) -> tuple[list[LedgerCard], list[LedgerCard]]:
    """The ledgers one may read, and those one may not, each with what to know about it."""
    opened: list[tuple[Ledger, str, bool]] = []
    closed: list[LedgerCard] = []
    for ledger in ledgers:
        basis = statutes.describe(ledger.legal_basis)
        if not may_any(actor, ledger, Action.READ, on):
            closed.append(LedgerCard(ledger, basis, NOTHING, False, keepers(ledger)))
            continue
        opened.append((ledger, basis, may_any(actor, ledger, Action.CREATE, on)))
    told = queries.told([ledger for ledger, _basis, _create in opened], actor, on)
    return [LedgerCard(ledger, basis, much, create) for (ledger, basis, create), much in zip(opened, told, strict=True)], closed


@dataclass(frozen=True)
class Shelf:
    """The ledgers of one field of work."""

    title: str
    cards: list[LedgerCard]


def shelves(cards: Iterable[LedgerCard]) -> list[Shelf]:
    """``cards`` by field of work; a room that nobody gave a title stands last under its own name."""
    by_room: dict[str, list[LedgerCard]] = {}
    for card in cards:
        by_room.setdefault(card.ledger.room, []).append(card)
    order = [room for room in SHELVES if room in by_room] + sorted(set(by_room) - set(SHELVES))
    return [Shelf(str(SHELVES.get(room, room)), by_room[room]) for room in order]


def table(
    ledger: Ledger, rows: Sequence[Any], actor: Actor, *, sort: str, href: str, empty: shapes.Empty, asked: str = ""
) -> shapes.Table:
    """The list's table; ``href`` is the list's own address with its query, where the sort goes at the end.

    ``asked``: what was searched for, so that a name found by a part of it says by which.
    """
    sortable = {column.name for column in queries.sortable(ledger)}
    headers = [_header(column, sort, href, column.name in sortable) for column in ledger.listed_columns]
    return shapes.Table(headers, [_row(ledger, row, actor, NameAsked.of(asked)) for row in rows], empty, caption=said(ledger.title))


def _header(column: Column, sort: str, href: str, sortable: bool) -> shapes.Header:
    numeric = column.kind in {Kind.INTEGER, Kind.DECIMAL, Kind.QUANTITY}
    label = _("%(header)s(克)") % {"header": said(column.header)} if column.unit == "g" else said(column.header)
    if not sortable:
        return shapes.Header(label, numeric=numeric)
    state = "ascending" if sort == column.name else "descending" if sort == f"-{column.name}" else ""
    following = column.name if state == "descending" else f"-{column.name}"
    return shapes.Header(label, numeric=numeric, sort_href=f"{href}sort={following}", sorted=state)


def _row(ledger: Ledger, row: Any, actor: Actor, asked: NameAsked) -> shapes.Row:
    shown = cells(ledger, row, actor)
    href = reverse("web:ledger-row", args=(ledger.code, row.pk))
    made = [shapes.Cell(one.text, note=_why(one, asked), numeric=one.numeric) for one in shown]
    first = shapes.Cell(shown[0].text or _("打开"), note=_why(shown[0], asked), href=href, numeric=shown[0].numeric)
    return shapes.Row([first, *made[1:]])


def _why(shown: Cell, asked: NameAsked) -> str:
    """By which part a name answered to the search; nothing for one that was written whole."""
    if shown.column.kind != Kind.PERSON_NAME or not shown.column.searchable or not asked.may_be_part:
        return ""
    way = asked.way(shown.text)
    return way_said(way) if way is not None and way is not Way.WHOLE else ""


def empty_list(ledger: Ledger, narrowed: bool, may_create: bool, all_href: str) -> shapes.Empty:
    """What to do first where there is nothing."""
    if narrowed:
        return shapes.Empty(_("没有符合条件的行"), _("放宽筛选条件,或换一个范围、时期。"), _("清除筛选"), all_href)
    if ledger.importable and may_create:
        href = reverse("web:import-start", args=(ledger.code,))
        hint = _("换一个时期看看;还没有录过的,先导入单位现有的表,或下载模板来填。")
        return shapes.Empty(_("这一范围和时期还没有记录"), hint, _("导入表格"), href)
    hint = _("换一个范围或时期看看;这本台账由%(keepers)s填报。") % {"keepers": keepers(ledger)}
    return shapes.Empty(_("这一范围和时期还没有记录"), hint)


@dataclass(frozen=True)
class Fact:
    """One column of the detail page; ``reveal`` names the column when its full value may be shown."""

    header: str
    text: str
    masked: bool = False
    reveal: str = ""


def facts(ledger: Ledger, row: Any, actor: Actor) -> list[Fact]:
    return [
        _fact(one, may_be_shown(ledger, row, one.column, actor)) for one in cells(ledger, row, actor, listed_only=False)
    ]


def may_be_hidden(ledger: Ledger, row: Any, column: Column) -> bool:
    """Whether the column's full value is shown by a logged act only: numbers always, all that is personal of a minor."""
    return column.kind in HIDDEN_KINDS or (column.personal and ledger.shields(row))


def may_be_shown(ledger: Ledger, row: Any, column: Column, actor: Actor) -> bool:
    """Whether the table lets ``actor`` have the column's full value by a logged act."""
    if not may_be_hidden(ledger, row, column):
        return False
    kinds = {Kind.ID_NUMBER: Look.ID_NUMBER, Kind.PHONE: Look.PHONE}
    look = Look.MINORS if column.personal and ledger.shields(row) else kinds[column.kind]
    return may_look(actor, look, compartment=ledger.compartment, ledger=ledger.code)


def _fact(one: Cell, may_show: bool) -> Fact:
    text = _("%(grams)s 克") % {"grams": one.text} if one.column.unit == "g" and one.text else one.text
    return Fact(said(one.column.header), text, one.masked, one.column.name if one.masked and may_show else "")


@dataclass(frozen=True)
class Related:
    """Rows of another ledger that hang on the same case, or the case itself."""

    title: str
    href: str
    count: int | None = None


CASES, CASE_NUMBER = "cases", "case.number"


def related(ledger: Ledger, row: Any, actor: Actor, on: date) -> list[Related]:
    """From a case to what hangs on it, from what hangs on a case to the case; only ledgers that ``actor`` may read."""
    if any(column.where == CASE_NUMBER for column in ledger.columns):
        return [
            Related(
                _("案件 %(number)s") % {"number": row.case.number}, reverse("web:ledger-row", args=(CASES, row.case_id))
            )
        ]
    if ledger.code != CASES:
        return []
    found = []
    for other in registry.all_ledgers():
        number = next((column for column in other.columns if column.where == CASE_NUMBER and column.searchable), None)
        if number is None or other.sealed or not may_any(actor, other, Action.READ, on):
            continue
        query = urlencode({"q": row.number, "when": "all"})
        href = f"{reverse('web:ledger-list', args=(other.code,))}?{query}"
        found.append(Related(said(other.title), href, queries.rows(other, actor, on).filter(case_id=row.pk).count()))
    return found


@dataclass(frozen=True)
class Change:
    header: str
    before: str
    after: str


@dataclass(frozen=True)
class Event:
    """Something done to the row, in words."""

    at: datetime
    who: str
    act: str
    reason: str
    sealed: bool
    changes: list[Change]


def history(ledger: Ledger, row: Any, actor: Actor) -> list[Event]:
    """What was done to the row, the newest first; what was entered at first is not repeated, it is the row."""
    clear = reads_clear(actor, compartment=ledger.compartment, ledger=ledger.code) and not ledger.shields(row)
    words = {"create": _("登记"), "change": _("修改"), "void": _("作废")}
    return [
        Event(
            at=item.at,
            who=item.actor_name,
            act=words.get(item.kind, item.act),
            reason=item.reason,
            sealed=item.seq is not None,
            changes=_changes(ledger, item, clear) if item.kind == "change" else [],
        )
        for item in audit.history(row.pk, clear, ledger.read_with_the_row)
    ]


def _changes(ledger: Ledger, item: audit.HistoryItem, clear: bool) -> list[Change]:
    columns = {column.name: column for column in ledger.columns}
    return [
        Change(
            said(columns[one.column].header),
            _words(columns[one.column], one.before, clear),
            _words(columns[one.column], one.after, clear),
        )
        for one in item.changes
        if one.column in columns
    ]


def _words(column: Column, value: Any, clear: bool) -> str:
    """A value out of the audit; what is hidden there comes as a word already."""
    if value in (None, ""):
        return "—"
    if isinstance(value, Promise):
        return str(value)
    if column.kind == Kind.DIVISION:
        place = Division.objects.filter(pk=value).first() if str(value).isdigit() else None
        return place.name if place else str(value)
    try:
        return cell(column, load_one(column.kind, value), clear=clear).text or "—"
    except ValueError:
        return str(value)


def recorder(row: Any) -> str:
    """Who entered the row; empty for one that no account entered."""
    account = Account.objects.filter(pk=row.recorded_by_id or 0).select_related("unit").first()
    return f"{account.name}({account.unit.label})" if account else ""

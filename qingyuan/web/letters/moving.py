"""What moved the score since yesterday, and the next points that cost least, in words and with where each opens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final
from urllib.parse import urlencode

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.casework.queries import dues as dues_visible
from qingyuan.foundation.clock import day_of
from qingyuan.foundation.words import said
from qingyuan.governance.models import Letter
from qingyuan.governance.permissions import sees_own_score
from qingyuan.governance.queries.moved import Moved, MovedClause, MovedNumber, MovedRow, moved_since
from qingyuan.governance.queries.next_points import Duty, next_points
from qingyuan.ledgers import queries as ledger_queries
from qingyuan.ledgers import registry
from qingyuan.organisation.actor import Actor
from qingyuan.web.letters.phrases import phrased
from qingyuan.web.letters.words import points_text

SHOWN: Final = 6
_DUES: Final = "test_dues"
_PLANNED: Final = {
    "survey_plan": gettext_lazy("还没有走的踏查地块"),
    "reach_plan": gettext_lazy("还没有进过的点位"),
    "lesson_plan": gettext_lazy("还没有上够课时的学校"),
}


@dataclass(frozen=True)
class Link:
    label: str
    href: str


@dataclass(frozen=True)
class ClauseMove:
    id: str
    title: str
    delta: str
    down: bool
    why: str
    links: tuple[Link, ...]
    more: str


@dataclass(frozen=True)
class MovedCard:
    """``words``: since when, and the total then; ``moves`` empty: nothing moved."""

    words: str
    moves: tuple[ClauseMove, ...]
    closed: str


@dataclass(frozen=True)
class NextLine:
    title: str
    note: str
    points: str
    href: str


def moved_card(letter: Letter, on: date, reader: Actor) -> MovedCard | None:
    moved = moved_since(letter, on, reader)
    if moved is None:
        return None
    visible = _Visible(reader, on)
    return MovedCard(_since(moved), tuple(_clause(one, visible) for one in moved.clauses), _closed(moved))


def _since(moved: Moved) -> str:
    when = day_of(moved.since).isoformat()
    if moved.before is None:
        return _("自 %(day)s 留存的得分以来") % {"day": when}
    return _("%(day)s 留存时 %(points)s 分") % {"day": when, "points": points_text(moved.before)}


def _closed(moved: Moved) -> str:
    if not moved.closed:
        return ""
    return _("%(count)s 条涉及人数少于 5,变没变只对本单位说") % {"count": moved.closed}


@dataclass(frozen=True)
class _Visible:
    """Opens a row only where this reader may."""

    reader: Actor
    on: date

    def link(self, moved: MovedRow, label: str) -> Link | None:
        words = _("新计入:%(what)s") if moved.came else _("不再计入:%(what)s")
        fact, row_id = moved.row.fact, moved.row.row_id
        if fact == _DUES:
            due = dues_visible(self.reader, self.on).filter(pk=row_id).first()
            if due is None:
                return None
            what = _("窗口到 %(day)s") % {"day": due.last_day.isoformat()}
            return Link(words % {"what": f"{label} · {what}"}, reverse("web:due-detail", args=[row_id]))
        ledger = registry.of_fact(fact)
        if ledger is None or not ledger_queries.rows(ledger, self.reader, self.on).filter(pk=row_id).exists():
            return None
        try:
            return Link(words % {"what": label}, reverse("web:ledger-row", args=[ledger.code, row_id]))
        except NoReverseMatch:
            return None


def _clause(clause: MovedClause, visible: _Visible) -> ClauseMove:
    links: list[Link] = []
    count = 0
    for number in clause.numbers:
        count += len(number.rows) + len(number.returns) + len(number.entries)
        links += _links(number, visible, SHOWN - len(links))
    delta = clause.delta
    sign = "+" if delta > 0 else "−" if delta < 0 else ""
    return ClauseMove(
        id=clause.id,
        title=said(clause.title),
        delta=f"{sign}{points_text(abs(delta))}",
        down=delta < 0,
        why="、".join(map(phrased, clause.why)),
        links=tuple(links),
        more=_("另有 %(count)s 条,在条款明细里打开") % {"count": count - len(links)} if count > len(links) else "",
    )


def _links(number: MovedNumber, visible: _Visible, room: int) -> list[Link]:
    found = [link for row in number.rows[: max(0, room)] if (link := visible.link(row, said(number.label))) is not None]
    for filed in number.returns[: max(0, room - len(found))]:
        found.append(Link(_("锁定的报表 %(period)s") % {"period": filed.period}, reverse("web:return", args=[filed.pk])))
    for entry in number.entries[: max(0, room - len(found))]:
        words = _("人工认定 %(day)s") % {"day": day_of(entry.reviewed_at or entry.entered_at).isoformat()}
        query = urlencode({"open": entry.clause})
        found.append(Link(words, f"{reverse('web:letter-score', args=[entry.letter_id])}?{query}"))
    return found


def next_lines(letter: Letter, on: date, reader: Actor) -> tuple[NextLine, ...] | None:
    """None for readers outside the unit: what waits there is the unit's own."""
    if not sees_own_score(reader, letter, on):
        return None
    return tuple(_line(duty) for duty in next_points(letter, on, reader)[:SHOWN])


def _line(duty: Duty) -> NextLine:
    count = len(duty.rows)
    note = _("%(day)s 截止,每件 %(points)s 分") % {"day": duty.last_day.isoformat(), "points": _rough(duty.each)}
    return NextLine(_title(duty, count), note, f"+{points_text(duty.all)}", _href(duty))


def _title(duty: Duty, count: int) -> str:
    if duty.fact == _DUES:
        return _("检测 %(count)s 人次") % {"count": count}
    if duty.fact == "return_dues":
        return _("按时报《%(form)s》") % {"form": said(duty.title)}
    if duty.fact == "unit_tasks":
        return _("年度计划任务:%(task)s") % {"task": duty.title}
    return f"{duty.title}:{_PLANNED[duty.fact]} {count}"


def _href(duty: Duty) -> str:
    """The form or row where it is done; of several the list of those open."""
    if duty.fact == "return_dues":
        return reverse("web:return", args=[duty.rows[0]])
    if duty.fact == _DUES:
        return reverse("web:due-detail", args=[duty.rows[0]]) if len(duty.rows) == 1 else reverse("web:dues")
    if len(duty.rows) == 1:
        return reverse("web:ledger-row", args=[duty.fact, duty.rows[0]])
    return f"{reverse('web:ledger-list', args=[duty.fact])}?when=all&outcome=open&sort=-last_day"


def _rough(points: Decimal) -> str:
    return points_text(points) if points >= Decimal("0.01") else _("不到 0.01")

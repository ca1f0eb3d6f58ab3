"""Papers to persons in the words of a page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from qingyuan.casework.enums import Receiver, ServedState, ServiceWay
from qingyuan.casework.models import PaperService, ServedPaper
from qingyuan.casework.serving import queries as reads
from qingyuan.casework.serving.declared import UnknownForm, form_called
from qingyuan.casework.serving.rules import LENGTHS
from qingyuan.foundation import clock
from qingyuan.foundation.time_left import time_left_words
from qingyuan.foundation.words import said
from qingyuan.ledgers import registry
from qingyuan.ledgers.kinds import Kind
from qingyuan.ledgers.presenting import cells
from qingyuan.organisation.actor import Actor
from qingyuan.reference.service_ways import WayOfService, ways_on
from qingyuan.web.serving.forms import WORDS
from qingyuan.web.shapes import Cell, Empty, Header, Row, Table

SOON = 2
WAITING, SERVED, DRAFTS, EVERYTHING = "waiting", "served", "drafts", "all"
STATES = (WAITING, SERVED, DRAFTS, EVERYTHING)
TONES = {
    ServedState.DRAFT: "grey",
    ServedState.ISSUED: "soon",
    ServedState.SERVED: "good",
    ServedState.WITHDRAWN: "grey",
}


@dataclass(frozen=True)
class Tab:
    label: str
    href: str
    current: bool
    note: str = ""


@dataclass(frozen=True)
class Line:
    """One statement of the chain of service."""

    title: str
    details: str
    by: str
    gone: bool
    proof: UUID | None


def title_of(paper: ServedPaper, row: Any | None = None) -> str:
    """The name of the paper in the language of the page."""
    try:
        form = form_called(paper.form)
    except UnknownForm:
        return paper.form
    return said(form.title_of(row) if row is not None else form.title)


def name_of(paper: ServedPaper, row: Any, actor: Actor) -> str:
    """Whom the paper is about, as this reader may read the row: masked where its ledger masks."""
    shown = cells(registry.get(paper.ledger), row, actor)
    return next((cell.text for cell in shown if cell.column.kind == Kind.PERSON_NAME), "")


def state_words(paper: ServedPaper, on: date) -> tuple[str, str]:
    """(tone, words): of one that waits, how it was sent and how long its day is."""
    if paper.state == ServedState.SERVED and paper.served_on is not None:
        words = _("%(day)s 留置送达(拒收)") if paper.refused else _("%(day)s 送达")
        return "good", words % {"day": paper.served_on.isoformat()}
    if paper.state != ServedState.ISSUED:
        return TONES[ServedState(paper.state)], str(ServedState(paper.state).label)
    if paper.way == ServiceWay.NOTICE and paper.until is not None:
        if paper.until > on:
            return "calm", _("公告中,%(day)s 满") % {"day": paper.until.isoformat()}
        return "soon", _("公告已满,待归入回证")
    if paper.way and paper.sent_on is not None:
        days = (on - paper.sent_on).days
        return "soon", _("%(way)s第 %(days)d 天,等回证") % {"way": ServiceWay(paper.way).label, "days": days}
    if paper.serve_by is not None:
        left = time_left_words(paper.serve_by, on, SOON)
        return left.tone, _("待送达 · %(left)s") % {"left": left.words}
    return "soon", _("待送达")


def tabs(counts: dict[str, int], state: str) -> list[Tab]:
    here = reverse("web:serving")
    labels = {WAITING: _("待送达"), SERVED: _("已送达"), DRAFTS: _("草稿"), EVERYTHING: _("全部")}
    return [Tab(labels[one], f"{here}?state={one}", one == state, str(counts.get(one) or "")) for one in STATES]


def table(papers: Sequence[ServedPaper], actor: Actor, on: date, state: str) -> Table:
    rows_by = reads.rows_by_paper(papers)
    rows = []
    for paper in papers:
        row = rows_by[paper.subject_id]
        tone, words = state_words(paper, on)
        rows.append(
            Row(
                [
                    Cell(title_of(paper, row), href=reverse("web:served-paper", args=[paper.pk])),
                    Cell(name_of(paper, row, actor)),
                    Cell(paper.number or _("(未编号)")),
                    Cell(paper.issued_on.isoformat() if paper.issued_on else ""),
                    Cell(words, tone=tone),
                ]
            )
        )
    shown = [Header(label) for label in (_("文书"), _("受送达人"), _("文书号"), _("编号日期"), _("送达"))]
    return Table(shown, rows, _nothing(state), caption=_("送达文书"))


def _nothing(state: str) -> Empty:
    hint = _("文书从台账的记录上出:打开一条记录,点“出文书”。编号以后在这里等回证。")
    titles = {WAITING: _("没有等送达的文书"), SERVED: _("还没有送达的文书"), DRAFTS: _("没有草稿")}
    return Empty(titles.get(state, _("还没有文书")), hint, _("打开台账"), reverse("web:ledgers"))


def lines(paper: ServedPaper) -> list[Line]:
    """Every statement of the chain, the newest first; those replaced are struck out."""
    found = []
    said_ = list(paper.services.select_related("proof").order_by("recorded_at", "pk"))
    replaced = {one.corrects_id for one in said_}
    for one in said_:
        found.append(
            Line(
                _("撤销送达记录") if one.withdrawn else _statement(one),
                "" if one.withdrawn else details(one),
                _("%(who)s 登记于 %(at)s") % {"who": one.recorded_by_name, "at": clock.day_of(one.recorded_at).isoformat()},
                one.pk in replaced,
                one.proof_id,
            )
        )
    return found[::-1]


def _statement(one: PaperService) -> str:
    way = ServiceWay(one.way).label
    if one.received_on is not None and one.proof_id is not None:
        return _("%(way)s,%(day)s 送达") % {"way": way, "day": one.received_on.isoformat()}
    if one.until is not None:
        words = _("%(way)s,%(day)s 公告,%(until)s 满")
        return words % {"way": way, "day": one.sent_on.isoformat(), "until": one.until.isoformat()}
    return _("%(way)s,%(day)s 送出,没有回证") % {"way": way, "day": one.sent_on.isoformat()}


def details(one: PaperService) -> str:
    """Everything that was written down about it, in one line."""
    words = one.words
    parts = [str(Receiver(one.receiver).label)] if one.receiver and one.received_on else []
    parts += [f"{WORDS[name]}:{words[name]}" for name in LENGTHS if words.get(name)]
    return " · ".join(parts)


def ways(paper: ServedPaper, on: date, chosen: str, here: str) -> tuple[list[Tab], WayOfService]:
    """The ways the law knows for this paper as links, and the one whose form is open."""
    known = ways_on(paper.regime, on)
    rule = next((one for one in known if one.way == chosen), known[0])
    return [
        Tab(str(ServiceWay(one.way).label), f"{here}?way={one.way}#service", one.way == rule.way) for one in known
    ], rule


def counted(papers: Iterable[dict[str, Any]]) -> dict[str, int]:
    by_state = {one["state"]: one["found"] for one in papers}
    return {
        WAITING: by_state.get(ServedState.ISSUED, 0),
        SERVED: by_state.get(ServedState.SERVED, 0),
        DRAFTS: by_state.get(ServedState.DRAFT, 0),
    }

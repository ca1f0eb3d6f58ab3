"""One paper as its page shows it to one person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from qingyuan.casework.enums import PaperMove, PaperState
from qingyuan.casework.models import Paper, PaperDelivery, PaperFigure, PaperScan, PaperStep, PaperTemplate
from qingyuan.casework.models.paper import OUT
from qingyuan.casework.papers import queries as reads
from qingyuan.casework.papers.document import slips_of
from qingyuan.casework.papers.permissions import may_receive, sees_receipts, signs_as_leader
from qingyuan.casework.papers.queries import PaperCheck
from qingyuan.casework.papers.templates import template_of
from qingyuan.casework.papers.text import Slip
from qingyuan.documents.model import BadDocument, OfficialDocument
from qingyuan.foundation.words import said
from qingyuan.indicators import catalogue
from qingyuan.indicators.definition import VALUE
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.models import Unit
from qingyuan.reference.periods import Period
from qingyuan.situation import citing
from qingyuan.situation.citing import Standing
from qingyuan.web.document_parts import Part, parts_of
from qingyuan.web.papers.words import receipt_words, road, state_text, state_tone, waits_for
from qingyuan.web.shapes import Step


@dataclass(frozen=True)
class Receipt:
    delivery: PaperDelivery
    tone: str
    words: str
    late: bool


@dataclass(frozen=True)
class CitedFigure:
    """A cited figure with the page on which it opens."""

    text: str
    name: str
    href: str


@dataclass(frozen=True)
class PaperPage:
    """``document`` None where the draft cannot be put on paper; ``own`` the reader's own delivery, to sign for."""

    state: str
    tone: str
    waits: str
    road: list[Step]
    document: OfficialDocument | None
    parts: list[Part]
    slips: list[Slip]
    moves: frozenset[str]
    signs_himself: bool
    steps: list[PaperStep]
    own: PaperDelivery | None
    may_receive: bool
    receipts: list[Receipt]
    receivers: dict[str, list[Unit]]
    check: PaperCheck | None
    code: str
    scans: list[PaperScan]
    standing: Standing
    figures: list[CitedFigure]
    inside: bool
    template: PaperTemplate | None

    @property
    def received(self) -> int:
        return sum(1 for one in self.receipts if one.delivery.received_on is not None)

    def can(self, move: str) -> bool:
        return move in self.moves


def page_of(actor: Actor, paper: Paper, on: date) -> PaperPage:
    """``inside``: the reader belongs to the unit that issues the paper; others see what was issued, and their receipt."""
    inside = sees_receipts(actor, paper)
    issued = bool(paper.number)
    document = _document(paper, on)
    own = paper.deliveries.filter(unit_id=actor.unit_id or 0).first()
    moves = reads.moves_open_to(actor, paper, on)
    receipts = _receipts(paper, on) if inside else []
    return PaperPage(
        state=state_text(paper.state),
        tone=state_tone(paper.state),
        waits=waits_for(paper),
        road=road(paper) if inside else [],
        document=document,
        parts=parts_of(document) if document is not None else [],
        slips=slips_of(paper, on) if inside and paper.is_writable else [],
        moves=frozenset(move.name.lower() for move in moves),
        signs_himself=signs_as_leader(actor, paper, on),
        # Receipts stand in their own list, one line a unit.
        steps=list(paper.steps.exclude(move=PaperMove.RECEIVE)) if inside else [],
        own=own,
        may_receive=_waits_for_me(actor, paper, own, on),
        receipts=receipts,
        receivers=reads.receivers(paper, on) if PaperMove.SERVE in moves else {},
        check=reads.verify(paper) if issued else None,
        code=reads.code_of(paper) if issued else "",
        scans=list(paper.scans.all()) if inside else [],
        standing=citing.standing(paper, actor, on)
        if inside and not issued and paper.state != PaperState.VOID
        else Standing(),
        figures=_figures(paper) if inside else [],
        inside=inside,
        template=template_of(paper),
    )


def _document(paper: Paper, on: date) -> OfficialDocument | None:
    try:
        return reads.document_of(paper, on)
    except BadDocument:
        return None


def _waits_for_me(actor: Actor, paper: Paper, own: PaperDelivery | None, on: date) -> bool:
    if own is None or own.received_on is not None or paper.state not in OUT:
        return False
    return may_receive(actor, own, on).allowed


def _receipts(paper: Paper, on: date) -> list[Receipt]:
    """Those who have not signed first, then by code."""
    found = []
    for delivery in paper.deliveries.select_related("unit").order_by("unit__code"):
        tone, words = receipt_words(delivery, on)
        found.append(Receipt(delivery, tone, words, delivery.received_on is None))
    return sorted(found, key=lambda one: not one.late)


def _figures(paper: Paper) -> list[CitedFigure]:
    rows = paper.figures.select_related("division").order_by("position")
    return [CitedFigure(one.text, _named(one), _opens(one)) for one in rows]


def _named(one: PaperFigure) -> str:
    """«破获毒品犯罪案件数 · 云岭市», with the part where it is one."""
    period = Period.parse(one.period)
    indicator = catalogue.get(one.indicator, period.last_day)
    title = (
        said(indicator.title)
        if one.part == VALUE
        else f"{said(indicator.title)} {said(indicator.term(one.part).title)}"
    )
    return f"{title} · {one.division.name}"


def _opens(one: PaperFigure) -> str:
    """The page of the figure as it was known on the day it was cited."""
    query = f"division={one.division.code}&period={one.period}&known={one.known_on.isoformat()}"
    return f"{reverse('web:indicator', args=[one.indicator])}?{query}"

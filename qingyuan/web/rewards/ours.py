"""What concerns one's own unit: each commendation, letter and measure with the rule that gave it and by what that was met."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from qingyuan.foundation import clock
from qingyuan.foundation.words import said
from qingyuan.governance.models import Consequence
from qingyuan.governance.queries import rewards as reads
from qingyuan.governance.rewards.table import ADVERSE, Ending, Kind, RewardTable
from qingyuan.governance.rules.rewards import met_words
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.models import Unit
from qingyuan.web.context import WebRequest
from qingyuan.web.rewards.presenters import TONES, day_words, decided_words, proposed_words, rule_notes


@dataclass(frozen=True)
class Ours:
    """One entry as its unit reads it. ``paper``: where its paper opens, with its number; ``turn``: what the unit may do now."""

    title: str
    good: bool
    state: str
    tone: str
    year: int
    rule: str
    text: str
    notes: list[str]
    met: list[str]
    leave: str
    day: str
    number: str
    paper: str
    turn: str
    href: str


@require_safe
def ours(request: WebRequest) -> HttpResponse:
    """The entries of one's own unit over all years, the newest first; what waits for the unit before the rest."""
    actor, today = request.actor, clock.today()
    unit = Unit.objects.filter(pk=actor.unit_id or 0).first()
    found = ours_of(actor, today)
    context = {
        "unit": unit.label if unit is not None else "",
        "waiting": [one for one in found if one.turn],
        "rest": [one for one in found if not one.turn],
    }
    return render(request, "rewards/ours.html", context)


def ours_of(actor: Actor, on: date) -> list[Ours]:
    rows = list(reads.entries(actor, on).filter(unit_id=actor.unit_id or 0).order_by("-round__year", *reads.ORDER))
    turns = {one.case.pk: said(one.step.label) for one in reads.turns(actor, on)} if rows else {}
    open_papers = reads.papers_readable(actor, [one.paper_id for one in rows if one.paper_id], on)
    known = reads.tables()
    return [_one(one, turns.get(one.pk, ""), one.paper_id in open_papers, known) for one in rows]


def _one(case: Consequence, turn: str, paper_open: bool, known: Sequence[RewardTable]) -> Ours:
    issue = getattr(case.paper, "issue", None) if paper_open else None
    ends = said(reads.leave_words(case, known)) if case.ending != Ending.NONE else ""
    return Ours(
        title=decided_words(case) or _("拟%(what)s") % {"what": proposed_words(case)},
        good=Kind(case.stands_as) not in ADVERSE,
        state=said(reads.procedure().state(case.state).label),
        tone=TONES[case.state],
        year=case.round.year,
        rule=case.rule,
        text=case.rule_text,
        notes=rule_notes(case),
        met=[met_words(one) for one in case.met],
        leave=ends,
        day=day_words(case),
        number=issue.number if issue is not None else "",
        paper=reverse("web:paper", args=[case.paper_id]) if issue is not None else "",
        turn=turn,
        href=reverse("web:reward", args=[case.pk]),
    )

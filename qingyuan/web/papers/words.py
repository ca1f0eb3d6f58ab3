"""Papers in the words of a page: states and their tones, what a step is called, what has been reached."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from qingyuan.casework.enums import PaperMove, PaperState
from qingyuan.casework.models import Paper, PaperDelivery
from qingyuan.foundation.time_left import time_left_words
from qingyuan.web.shapes import Step

TONES: dict[str, str] = {
    PaperState.DRAFT: "grey",
    PaperState.SUBMITTED: "soon",
    PaperState.SENT_BACK: "late",
    PaperState.SIGNED: "soon",
    PaperState.ISSUED: "calm",
    PaperState.SERVED: "calm",
    PaperState.ARCHIVED: "good",
    PaperState.VOID: "grey",
}
SOON = 1


def state_text(state: str) -> str:
    return str(PaperState(state).label)


def state_tone(state: str) -> str:
    return TONES[PaperState(state)]


def road(paper: Paper) -> list[Step]:
    """The five stations of a paper; a void one has only those it passed."""
    stations = [
        (_("起草"), {PaperState.DRAFT, PaperState.SENT_BACK}),
        (_("签发"), {PaperState.SUBMITTED}),
        (_("印发"), {PaperState.SIGNED}),
        (_("送达签收"), {PaperState.ISSUED, PaperState.SERVED}),
        (_("归档"), {PaperState.ARCHIVED}),
    ]
    if paper.state == PaperState.VOID:
        return []
    now = next(place for place, (_label, states) in enumerate(stations) if paper.state in states)
    last = len(stations) - 1
    return [
        Step(label, "done" if place < now or now == last else "now" if place == now else "")
        for place, (label, _states) in enumerate(stations)
    ]


def waits_for(paper: Paper) -> str:
    """Whom a paper under way waits for, in words; empty once it is out."""
    return {
        PaperState.DRAFT: _("拟稿人写好后送签"),
        PaperState.SENT_BACK: _("拟稿人照退回意见修改"),
        PaperState.SUBMITTED: _("等负责同志签发"),
        PaperState.SIGNED: _("等编号印发"),
    }.get(PaperState(paper.state), "")


def receipt_words(delivery: PaperDelivery, on: date) -> tuple[str, str]:
    """(tone, words) of one delivery."""
    if delivery.received_on is not None:
        return "good", _("%(day)s 签收") % {"day": delivery.received_on.isoformat()}
    left = time_left_words(delivery.answer_by, on, SOON)
    return left.tone, _("未签收 · %(left)s") % {"left": left.words}


def move_text(move: str) -> str:
    return str(PaperMove(move).label)

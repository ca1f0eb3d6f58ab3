"""Papers that wait for this person: to sign for, to sign, to number, to mend; and whose receipts are still out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from django.utils.translation import gettext as _

from qingyuan.casework.enums import PaperKind, PaperMove, PaperState
from qingyuan.casework.models import Paper
from qingyuan.casework.papers import queries as reads
from qingyuan.casework.papers.permissions import is_driven
from qingyuan.casework.procedures.loading import all_procedures
from qingyuan.journeys.todo.job import Job, page, until
from qingyuan.journeys.todo.tally import Tally
from qingyuan.organisation.actor import Actor

#: State → the step that takes the paper on, with the words of its line and its button.
_MINE = {
    PaperState.DRAFT: PaperMove.SUBMIT,
    PaperState.SUBMITTED: PaperMove.SIGN,
    PaperState.SIGNED: PaperMove.ISSUE,
    PaperState.SENT_BACK: PaperMove.CHANGE,
    PaperState.ISSUED: PaperMove.SERVE,
}
#: Kinds that go to units of the city; a report goes up, minutes stay.
_SERVED = (PaperKind.NOTICE, PaperKind.CIRCULAR, PaperKind.LETTER)
#: A paper issued longer ago and not served here went out on paper.
_FRESH = timedelta(days=30)


def jobs(actor: Actor, on: date) -> list[Job]:
    """Papers served on one's unit that nobody has signed for."""
    return [
        Job(
            _("公文待签收:%(title)s") % {"title": one.paper.title},
            _("%(number)s · %(unit)s %(day)s 送达")
            % {"number": one.paper.number, "unit": one.paper.unit.label, "day": one.served_on.isoformat()},
            until(one.answer_by, on),
            _("签收"),
            page("paper", one.paper_id),
            one.paper.unit.label,
        )
        for one in reads.to_receive(actor, on)
        if not is_driven(one.paper)
    ]


def pressing(actor: Actor, on: date) -> Iterable[Tally | int]:
    received = reads.to_receive(actor, on).filter(answer_by__lte=on)
    yield Tally(received.exclude(paper__source__in=list(all_procedures())))


def to_move(actor: Actor, on: date) -> list[Job]:
    """Papers of one's own unit that this person can take a step further."""
    found = []
    for paper in reads.own(actor, on).filter(state__in=list(_MINE)).select_related("unit", "issue"):
        move = _MINE[PaperState(paper.state)]
        if not _is_for(actor, paper, on):
            continue
        if move in reads.moves_open_to(actor, paper, on):
            found.append(_job(paper, move))
    return found


def _is_for(actor: Actor, paper: Paper, on: date) -> bool:
    """A draft is its drafter's to finish; an issued paper waits for serving while it is fresh."""
    if paper.state == PaperState.DRAFT:
        return paper.drafter_id == actor.account_id
    if paper.state == PaperState.ISSUED:
        return paper.kind in _SERVED and paper.issue.issued_on > on - _FRESH
    return True


def others(actor: Actor, on: date) -> list[Job]:
    """Receipts that are out of one's own unit's papers, one line a paper."""
    waiting: dict[Paper, list[date]] = {}
    for one in reads.not_received(actor, on):
        if is_driven(one.paper):
            continue  # its case is followed by itself
        waiting.setdefault(one.paper, []).append(one.answer_by)
    return [
        Job(
            _("%(count)d 个单位未签收:%(title)s") % {"count": len(days), "title": paper.title},
            paper.number,
            until(min(days), on),
            _("看是谁"),
            page("paper", paper.pk),
            weight=len(days),
        )
        for paper, days in waiting.items()
    ]


def _job(paper: Paper, move: PaperMove) -> Job:
    titles = {
        PaperMove.SUBMIT: (_("公文草稿:%(title)s"), _("送签")),
        PaperMove.SERVE: (_("公文待送达:%(title)s"), _("送达")),
        PaperMove.SIGN: (_("公文待签发:%(title)s"), _("签发")),
        PaperMove.ISSUE: (_("公文待印发:%(title)s"), _("编号印发")),
        PaperMove.CHANGE: (_("公文被退回:%(title)s"), _("修改")),
    }
    words, act = titles[move]
    note = _("%(kind)s · %(who)s拟稿") % {"kind": paper.get_kind_display(), "who": paper.drafter_name}
    if move == PaperMove.CHANGE:
        back = paper.steps.filter(move=PaperMove.SEND_BACK).last()
        note = _("退回意见:%(why)s") % {"why": back.reason} if back else note
    return Job(words % {"title": paper.title}, note, None, act, page("paper", paper.pk), paper.unit.label)

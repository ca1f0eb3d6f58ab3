"""Papers to persons on «today»: those to serve or whose receipt is to be filed, and those on their way by somebody else's hand.

No name stands here: a line says which paper and its number; its page shows the rest to those it is for.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final

from django.db.models import Q
from django.utils.translation import gettext as _

from qingyuan.casework.enums import ServedState, ServiceWay
from qingyuan.casework.models import ServedPaper
from qingyuan.casework.models.served_paper import ServedPaperQuerySet
from qingyuan.casework.serving import queries as reads
from qingyuan.casework.serving.declared import UnknownForm, form_called
from qingyuan.foundation.words import said
from qingyuan.journeys.todo.job import Job, page, until
from qingyuan.journeys.todo.tally import Tally
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.enums import Action

#: Ways by which somebody else carries the paper.
BY_OTHERS: Final = (ServiceWay.MAIL, ServiceWay.ENTRUSTED, ServiceWay.FORWARDED, ServiceWay.ELECTRONIC)
SHOWN: Final = 20


def jobs(actor: Actor, on: date) -> list[Job]:
    """Drafts of one's own to number, papers to serve, receipts to file; the earliest day first."""
    found = _mine(actor, on).order_by("serve_by", "drafted_at")[:SHOWN]
    return [_job(paper, on) for paper in found]


def pressing(actor: Actor, on: date) -> Iterable[Tally | int]:
    yield Tally(_mine(actor, on).filter(serve_by__lte=on), most=SHOWN)


def others(actor: Actor, on: date) -> list[Job]:
    """Posted, entrusted, forwarded: waits for the slip that comes back; a notice waits for its days."""
    found = reads.served_visible(actor, on, action=Action.CHANGE).waiting().filter(_elsewhere(on))
    return [_under_way(paper, on) for paper in found.order_by("sent_on")[:SHOWN]]


def _mine(actor: Actor, on: date) -> ServedPaperQuerySet:
    draft = Q(state=ServedState.DRAFT, drafted_by_id=actor.account_id or 0)
    to_serve = Q(state=ServedState.ISSUED) & ~_elsewhere(on)
    return reads.served_visible(actor, on, action=Action.CHANGE).filter(draft | to_serve)


def _elsewhere(on: date) -> Q:
    return Q(way__in=BY_OTHERS) | Q(way=ServiceWay.NOTICE, until__isnull=False, until__gt=on)


def _title(paper: ServedPaper) -> str:
    try:
        return said(form_called(paper.form).title)
    except UnknownForm:
        return paper.form


def _job(paper: ServedPaper, on: date) -> Job:
    left = until(paper.serve_by, on) if paper.serve_by is not None else None
    where = page("served-paper", paper.pk)
    if paper.state == ServedState.DRAFT:
        title = _("文书草稿:%(title)s") % {"title": _title(paper)}
        return Job(title, _("核对后编号"), left, _("编号"), where, paper.unit.label)
    if paper.way:
        title = _("回证待归入:%(title)s") % {"title": _title(paper)}
        note = _("%(number)s · %(way)s已登记,有签名的回证才算送达") % {
            "number": paper.number,
            "way": ServiceWay(paper.way).label,
        }
        return Job(title, note, left, _("归入回证"), where, paper.unit.label)
    title = _("文书待送达:%(title)s") % {"title": _title(paper)}
    return Job(title, paper.number, left, _("登记送达"), where, paper.unit.label)


def _under_way(paper: ServedPaper, on: date) -> Job:
    assert paper.sent_on is not None  # the question asked for those that were sent
    title = _("%(way)s没有回证:%(title)s") % {"way": ServiceWay(paper.way).label, "title": _title(paper)}
    note = _("%(number)s · 送出 %(days)d 天") % {"number": paper.number, "days": (on - paper.sent_on).days}
    left = until(paper.until, on) if paper.until is not None else None
    return Job(title, note, left, _("查看"), page("served-paper", paper.pk), paper.unit.label)

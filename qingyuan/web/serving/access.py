"""Which paper to a person a page is about, and what is said to those it is not for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from qingyuan.casework.models import ServedPaper
from qingyuan.casework.papers.permissions import NotAllowed
from qingyuan.casework.serving import queries as reads
from qingyuan.foundation import clock
from qingyuan.organisation.enums import Action
from qingyuan.web.context import WebRequest
from qingyuan.web.errors import Forbidden
from qingyuan.web.reads import log_read


def require_reader(request: WebRequest) -> None:
    """Errors: Forbidden for everyone who reads no row that has papers."""
    if not reads.reads_any(request.actor):
        raise Forbidden(
            what=_("送给具体的人的文书"),
            whose=_("执行地乡镇(街道)的社工、禁毒专干,以及办案单位"),
            how=_("文书号和份数看“文书登记簿”;确需核对的,请执行地或者办案单位代为核对。"),
        )


def paper_named(request: WebRequest, served_id: UUID, action: Action = Action.READ) -> ServedPaper:
    """Errors: Forbidden; Http404, the same for one that is not there and one that is not for this person."""
    require_reader(request)
    found = reads.served_visible(request.actor, clock.today(), action=action).filter(pk=served_id).first()
    if found is None:
        raise Http404
    return found


def log_papers(request: WebRequest, act: str, papers: Iterable[ServedPaper], reason: str = "") -> None:
    """To read a paper is to read the row it is about: the read audit names the row, in its own ledger."""
    rows: dict[str, list[UUID]] = defaultdict(list)
    for one in papers:
        rows[one.ledger].append(one.subject_id)
    for ledger, ids in rows.items():
        log_read(request, act, ledger, list(dict.fromkeys(ids)), reason=reason or gettext_noop("送达文书"))


def refused(what: str, paper: ServedPaper, refusal: NotAllowed) -> Forbidden:
    return Forbidden(what=what, whose=paper.unit.label, how=str(refusal))

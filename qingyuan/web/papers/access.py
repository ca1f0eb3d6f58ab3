"""Which paper a page is about, and what is said to those it is not for."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from qingyuan.casework.models import Paper
from qingyuan.casework.papers.permissions import PAPERS, RECEIPTS, NotAllowed, papers_visible
from qingyuan.foundation import clock
from qingyuan.foundation.enums import Compartment
from qingyuan.foundation.words import Decision
from qingyuan.organisation.enums import Action
from qingyuan.organisation.scope import may
from qingyuan.web.context import WebRequest
from qingyuan.web.errors import Forbidden


def paper_named(request: WebRequest, paper_id: UUID) -> Paper:
    """Errors: Http404, the same for one that is not there and one that is not for this person."""
    paper = papers_visible(request.actor, clock.today()).filter(pk=paper_id).select_related("unit__superior").first()
    if paper is None:
        raise Http404
    return paper


def readers_of_papers(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For the roles that read papers of some unit. Errors: Forbidden for others."""

    @wraps(view)
    def guarded(request: WebRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        require_papers(request)
        return view(request, *args, **kwargs)

    return guarded


def require_papers(request: WebRequest) -> None:
    """Errors: Forbidden for roles that read papers of no unit."""
    decisions = paper_decisions(request)
    if not any(decisions):
        raise Forbidden(what=_("公文"), how=decisions[0].reason)


def paper_decisions(request: WebRequest) -> list[Decision]:
    """Whether the reader's roles read papers of some unit, or receipts of papers."""
    return [
        may(request.actor, Action.READ, compartment=Compartment.INTERNAL, ledger=ledger, on=clock.today()) for ledger in (PAPERS, RECEIPTS)
    ]


def refused(what: str, paper: Paper | None, refusal: NotAllowed) -> Forbidden:
    return Forbidden(what=what, whose=paper.unit.label if paper is not None else "", how=str(refusal))

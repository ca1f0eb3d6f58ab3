"""Papers that belong to a case of a procedure: the step of the case moves them, and who may take it was asked there.

They are numbered, frozen, served and signed for like any other paper; only the buttons stand on the page of the case.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from qingyuan.casework.actions import papers as _papers
from qingyuan.casework.actions.paper_records import moved
from qingyuan.casework.actions.paper_service import receipt_of, serve_held
from qingyuan.casework.actions.papers import Source
from qingyuan.casework.enums import PaperMove, ReceiptWay
from qingyuan.casework.models import Paper
from qingyuan.casework.papers.permissions import NotAllowed, is_driven, signs_as_leader
from qingyuan.casework.papers.rules import PaperRefused, after
from qingyuan.foundation import clock
from qingyuan.organisation.actor import Actor


@transaction.atomic
def hand_up(
    *, paper: Paper | None, kind: str, values: Mapping[str, Any], source: Source, by: Actor, on: date | None = None
) -> Paper:
    """The text of the case as a draft, ready to be signed; ``paper``: the one sent back before, written anew.

    Raises PaperRefused, SlipsLeft, NotAllowed.
    """
    if paper is None:
        made = _papers.draft(kind=kind, values=values, by=by, source=source, on=on)
        held = _held(made, PaperMove.SUBMIT)
    else:
        held = _held(paper, PaperMove.SUBMIT)
        for name, value in _papers.clean_values(values).items():
            setattr(held, name, value)
        held.generated = json.dumps(list(source.lines), ensure_ascii=False)
        held.figures.all().delete()
        _papers.write_figures(held, source.figures, on or clock.today())
    _papers.require_whole(held)
    return moved(held, PaperMove.SUBMIT, by)


@transaction.atomic
def send_back(*, paper: Paper, reason: str, by: Actor) -> Paper:
    """Back to the drafter with the case. Raises PaperRefused."""
    return moved(_held(paper, PaperMove.SEND_BACK), PaperMove.SEND_BACK, by, reason)


@transaction.atomic
def send_out(*, paper: Paper, unit_ids: Collection[int], by: Actor, on: date | None = None) -> Paper:
    """Sign, number and serve in one act of the leader who signs in his own name: between the three nothing is decided.

    Raises PaperRefused, SlipsLeft, NotAllowed.
    """
    today = clock.today()
    day = on or today
    held = _held(paper, PaperMove.SIGN)
    if not signs_as_leader(by, held, today):
        raise NotAllowed(_("签发由本单位负责同志办理。"))
    held.approver_name, held.approved_on, held.approver_id = by.name[:40], day, by.account_id
    held = moved(held, PaperMove.SIGN, by)
    held = _papers.number_and_freeze(held, by, day)
    serve_held(_held(held, PaperMove.SERVE), unit_ids, by, day)
    return Paper.objects.select_related("issue", "unit").get(pk=held.pk)


@transaction.atomic
def receive(*, paper: Paper, unit_id: int, by: Actor, on: date) -> None:
    """The receiving unit signs for the paper together with its case; signed for before, nothing happens."""
    delivery = paper.deliveries.filter(unit_id=unit_id, received_on=None).first()
    if delivery is not None:
        receipt_of(delivery, by.name[:40], ReceiptWay.HERE, on, by)


@transaction.atomic
def take_back(*, paper: Paper, reason: str, by: Actor) -> Paper:
    """Void the paper with its case; a number once given stays with it. Raises PaperRefused."""
    held = _held(paper, PaperMove.VOID)
    held.closed_reason = reason.strip()[:200]
    return moved(held, PaperMove.VOID, by, reason)


def _held(paper: Paper, move: PaperMove) -> Paper:
    """The paper under a lock, with the step checked against its state. Raises PaperRefused."""
    held = Paper.objects.select_for_update(of=("self",)).select_related("unit__division").get(pk=paper.pk)
    if not is_driven(held):
        raise PaperRefused(_("这份公文不属于任何流程,请在公文页面办理。"))
    after(move, held.state)
    return held

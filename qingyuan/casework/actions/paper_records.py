"""What every step of a paper shares: the lock, the state it moves to, the step and the audit entry that say so."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from qingyuan.casework.enums import PaperMove
from qingyuan.casework.models import Paper, PaperStep
from qingyuan.casework.papers.permissions import PAPERS, may_take, require
from qingyuan.casework.papers.rules import after
from qingyuan.foundation import audit, clock
from qingyuan.foundation.enums import Compartment
from qingyuan.foundation.fields import encrypted_names
from qingyuan.organisation.actor import Actor


def held_for(paper: Paper, move: PaperMove, by: Actor) -> Paper:
    """The paper under a lock, with the step checked against its state now. Raises PaperRefused, NotAllowed."""
    held = Paper.objects.select_for_update(of=("self",)).select_related("unit__division").get(pk=paper.pk)
    after(move, held.state)
    require(may_take(by, held, move, clock.today()))
    return held


def moved(
    held: Paper,
    move: PaperMove,
    by: Actor,
    reason: str = "",
    *,
    after_: Mapping[str, Any] | None = None,
    summary: str = "",
) -> Paper:
    before = str(held.state)
    held.state = after(move, held.state)
    held.version += 1
    held.save()
    write_step(held, move, before, by, reason)
    write_audit(held, move, by, {"state": before}, {"state": str(held.state), **(after_ or {})}, reason, summary)
    return held


def write_step(paper: Paper, move: PaperMove, before: str, by: Actor, reason: str = "") -> None:
    PaperStep.objects.create(
        paper=paper,
        move=move,
        from_state=before,
        to_state=paper.state,
        by_id=by.account_id,
        by_name=by.name,
        by_unit=by.unit_name,
        at=clock.now(),
        reason=reason.strip()[:300],
    )


def write_audit(
    paper: Paper,
    move: PaperMove,
    by: Actor,
    before: Mapping[str, Any] | None,
    after_: Mapping[str, Any],
    reason: str = "",
    summary: str = "",
    division_id: int | None = None,
) -> None:
    delta = audit.RowDelta(
        row_id=paper.pk,
        compartment=Compartment.INTERNAL,
        before=before,
        after=after_,
        personal=encrypted_names(Paper) & (set(before or {}) | set(after_)),
    )
    audit.record_write(
        by=by,
        act=f"{PAPERS}.{move.value}",
        ledger=PAPERS,
        rows=[delta],
        division_id=division_id or paper.division_id,
        reason=reason.strip()[:200],
        summary=summary,
    )

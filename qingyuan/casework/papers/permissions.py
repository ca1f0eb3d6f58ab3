"""Questions about papers; ``organisation.scope`` gives every answer."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django.db.models import Q
from django.utils.translation import gettext as _

from qingyuan.casework.enums import PaperMove, PaperState
from qingyuan.casework.models import Paper, PaperDelivery
from qingyuan.casework.models.paper import OUT, PaperDeliveryQuerySet, PaperQuerySet
from qingyuan.casework.procedures.loading import all_procedures
from qingyuan.foundation.enums import Compartment
from qingyuan.foundation.words import Decision, said
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.enums import Action, Rows
from qingyuan.organisation.models import RoleGrant
from qingyuan.organisation.scope import may, roles_with, visible_to

PAPERS, RECEIPTS, TEMPLATES = "papers", "paper-receipts", "paper-templates"
#: No row has this id: asking with it leaves only the rules that reach by the other way.
_NONE: Final = 0
_SEEN_BY_OTHERS: Final = (*OUT, PaperState.VOID)
#: Steps that a paper of a procedure takes only with its case; filing the sealed copy and archiving stay open.
_DRIVEN: Final = frozenset(PaperMove) - {PaperMove.CREATE, PaperMove.FILE_SCAN, PaperMove.ARCHIVE}


class NotAllowed(PermissionError):
    """The actor may not do this; the message is the reason as printed."""


def require(decision: Decision) -> None:
    """Raise NotAllowed unless allowed."""
    if not decision.allowed:
        raise NotAllowed(decision.reason)


def is_driven(paper: Paper) -> bool:
    """Whether the paper belongs to a case of a declared procedure: the steps of the case move it, nothing else does."""
    return paper.source in all_procedures()


def _by_its_case(paper: Paper) -> Decision:
    words = _("这份公文随“%(procedure)s”办理,请到那一件的页面去办。")
    return Decision(False, words % {"procedure": said(all_procedures()[paper.source].title)})


def papers_visible(actor: Actor, on: date) -> PaperQuerySet:
    """One's own unit's papers in every state; those of others in one's range and those served on one's unit once issued."""
    rows: Any = Paper.objects.select_related("unit", "division", "issue")
    ranged = visible_to(actor, Paper.objects.all(), compartment=Compartment.INTERNAL, ledger=PAPERS, on=on)
    served = deliveries_visible(actor, on)
    own = Q(unit_id=actor.unit_id or _NONE)
    # A paper voided before it was issued never left its unit.
    left = Q(state__in=_SEEN_BY_OTHERS, issue__isnull=False)
    found: Any = rows.filter(Q(pk__in=ranged.values("pk")) & (own | left) | Q(pk__in=served.values("paper_id")) & left)
    return found  # type: ignore[no-any-return]


def deliveries_visible(actor: Actor, on: date, *, action: Action = Action.READ) -> PaperDeliveryQuerySet:
    """The deliveries to one's own unit. Rules that read a whole division do not make its every unit's inbox one's own."""
    rows: Any = PaperDelivery.objects.select_related("paper", "unit").filter(unit_id=actor.unit_id or _NONE)
    found: Any = visible_to(actor, rows, compartment=Compartment.INTERNAL, ledger=RECEIPTS, on=on, action=action)
    return found  # type: ignore[no-any-return]


def may_draft(actor: Actor, on: date) -> Decision:
    """Draft a paper for one's own unit."""
    return _may(actor, Action.CREATE, actor.unit_id or _NONE, on)


def may_take(actor: Actor, paper: Paper, move: PaperMove, on: date) -> Decision:
    """Whether ``actor`` is the one who takes this step (the state is the table's matter)."""
    if move in _DRIVEN and is_driven(paper):
        return _by_its_case(paper)
    if move == PaperMove.SIGN:
        return _may_sign(actor, paper, on)
    if move == PaperMove.SEND_BACK:
        signer = _may(actor, Action.APPROVE, paper.unit_id, on, paper.state)
        return signer if signer.allowed else _may(actor, Action.CHANGE, paper.unit_id, on)
    if move == PaperMove.VOID:
        return _may(actor, Action.VOID, paper.unit_id, on)
    return _may(actor, Action.CHANGE, paper.unit_id, on)


def _may_sign(actor: Actor, paper: Paper, on: date) -> Decision:
    """A leader of the unit; where none has an account, whoever keeps the papers enters the signature given on paper."""
    decision = _may(actor, Action.APPROVE, paper.unit_id, on)
    if decision.allowed:
        if actor.account_id is not None and actor.account_id == paper.drafter_id:
            return Decision(False, _("拟稿人不能签发自己拟的稿,请由负责同志签发。"))
        return decision
    if signs_here(paper.unit_id, on):
        return Decision(False, _("签发由本单位负责同志办理;已送到其“今天”。"))
    return _may(actor, Action.CHANGE, paper.unit_id, on)


def signs_as_leader(actor: Actor, paper: Paper, on: date) -> bool:
    """Whether the actor signs in his own name, and does not enter a signature given on paper."""
    return _may(actor, Action.APPROVE, paper.unit_id, on).allowed


def signs_here(unit_id: int, on: date) -> bool:
    """Whether somebody of this unit can sign its papers on this platform."""
    roles = roles_with(Action.APPROVE, PAPERS, compartment=Compartment.INTERNAL, rows=Rows.UNIT)
    grants = RoleGrant.objects.on(on).filter(account__unit_id=unit_id, account__is_active=True, role__in=roles)
    return grants.exists()


def may_receive(actor: Actor, delivery: PaperDelivery, on: date) -> Decision:
    """Sign for a paper: somebody of the receiving unit."""
    if is_driven(delivery.paper):
        return _by_its_case(delivery.paper)
    return may(
        actor,
        Action.CHANGE,
        compartment=Compartment.INTERNAL,
        ledger=RECEIPTS,
        division_id=_NONE,
        unit_id=delivery.unit_id,
        on=on,
    )


def may_enter_receipt(actor: Actor, delivery: PaperDelivery, on: date) -> Decision:
    """Enter a receipt that was signed on paper: the unit that sent it."""
    if is_driven(delivery.paper):
        return _by_its_case(delivery.paper)
    return _may(actor, Action.CHANGE, delivery.paper.unit_id, on)


def may_keep_templates(actor: Actor, on: date, unit_id: int | None = None) -> Decision:
    """Replace the Word form of one's own unit's papers."""
    return may(
        actor,
        Action.CHANGE,
        compartment=Compartment.INTERNAL,
        ledger=TEMPLATES,
        division_id=_NONE,
        unit_id=unit_id if unit_id is not None else actor.unit_id or _NONE,
        on=on,
    )


def sees_receipts(actor: Actor, paper: Paper) -> bool:
    """Whether one sees who has signed for the paper: its own unit. Whom else it went to is not told to receivers."""
    return bool(actor.grants) and actor.unit_id == paper.unit_id


def _may(actor: Actor, action: Action, unit_id: int, on: date, state: str = "") -> Decision:
    return may(
        actor,
        action,
        compartment=Compartment.INTERNAL,
        ledger=PAPERS,
        division_id=_NONE,
        unit_id=unit_id,
        on=on,
        state=state,
    )

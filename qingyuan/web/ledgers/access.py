"""Which ledger a page is about and whether it is for this person; ``organisation.scope`` gives every answer."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import Http404
from django.utils.translation import gettext as _

from qingyuan.foundation import clock
from qingyuan.foundation.enums import Compartment
from qingyuan.foundation.words import said
from qingyuan.ledgers import queries, registry
from qingyuan.ledgers.declaration import Ledger
from qingyuan.ledgers.entering import allowed
from qingyuan.ledgers.importing.batches import open_batch
from qingyuan.ledgers.models import ImportBatch
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.enums import Action
from qingyuan.web.context import WebRequest
from qingyuan.web.errors import Forbidden


def ledger_named(code: str) -> Ledger:
    """Errors: Http404 when there is no such ledger."""
    try:
        return registry.get(code)
    except registry.UnknownLedger:
        raise Http404 from None


def may_any(actor: Actor, ledger: Ledger, action: Action, on: date) -> bool:
    return allowed(ledger, actor, action, on).allowed


def readable(request: WebRequest, code: str) -> Ledger:
    """The ledger, for someone who may read any of it. Errors: Http404, Forbidden saying whose it is and how to ask."""
    return _ledger_for(request, code, Action.READ)


def writable(request: WebRequest, code: str, action: Action = Action.CREATE) -> Ledger:
    return _ledger_for(request, code, action)


def _ledger_for(request: WebRequest, code: str, action: Action) -> Ledger:
    ledger = ledger_named(code)
    if not may_any(request.actor, ledger, action, clock.today()):
        what = _("%(ledger)s的%(act)s") % {"ledger": said(ledger.title), "act": action.label}
        raise Forbidden(what=what, whose=keepers(ledger), how=how_to_ask(ledger))
    return ledger


OPENED = "opened"
"""Key of the session: rows of sealed ledgers this person has opened, each with the moment at which it closes."""


def opened_rows(request: WebRequest) -> frozenset[UUID]:
    """The rows of sealed ledgers that are open to this session now."""
    now = clock.now()
    stored = request.session.get(OPENED, {})
    return frozenset(UUID(key) for key, until in stored.items() if datetime.fromisoformat(until) > now)


def remember_opened(request: WebRequest, row_id: UUID, *, until: datetime) -> None:
    """Open one row to this session; those that have closed are forgotten."""
    still = {str(key) for key in opened_rows(request)}
    kept = {key: end for key, end in request.session.get(OPENED, {}).items() if key in still}
    request.session[OPENED] = kept | {str(row_id): until.isoformat()}


def row_named(request: WebRequest, ledger: Ledger, row_id: UUID, action: Action = Action.READ) -> Any:
    """The row, if it is one this person may take ``action`` on.

    Errors: Http404, the same as for a row that is not there; Forbidden for a row of a sealed ledger that was not opened,
    whether or not it is there.
    """
    opened = opened_rows(request) if ledger.sealed else queries.NOTHING_OPENED
    if ledger.sealed and row_id not in opened:
        raise Forbidden(
            what=_("%(ledger)s里的一条") % {"ledger": said(ledger.title)},
            whose=keepers(ledger),
            how=_("记录登记即封存:办案单位在台账页写明目的和条款,用完整的文号或身份证号逐条打开,15 分钟后自动合上。"),
        )
    row = queries.rows(ledger, request.actor, clock.today(), action=action, opened=opened).filter(pk=row_id).first()
    if row is None:
        raise Http404
    return row


def batch_named(request: WebRequest, batch_id: UUID) -> tuple[ImportBatch, Ledger]:
    """Errors: Http404 for a batch that is not there, or not one's own unit's."""
    batch = open_batch(request.actor, batch_id, clock.today())
    if batch is None:
        raise Http404
    return batch, registry.get(batch.ledger)


def keepers(ledger: Ledger) -> str:
    """Who keeps the rows of a ledger, for someone who may not open them."""
    return {
        Compartment.COMMUNITY: _("执行地乡镇(街道)的禁毒专干、社工"),
        Compartment.ENFORCEMENT: _("办案的公安机关"),
        Compartment.TREATMENT: _("戒毒医疗机构"),
    }.get(ledger.compartment, _("填报单位"))


def how_to_ask(ledger: Ledger) -> str:
    if ledger.compartment == Compartment.COMMUNITY:
        return _("需要数字的,看“指标”“形势”;需要核对个别情况的,请执行地乡镇(街道)代为核对,本页不对禁毒办和公安机关开放。")
    if ledger.compartment == Compartment.ENFORCEMENT:
        return _("需要数字的,看“指标”“形势”;需要核对个案的,向办案单位发函。")
    return _("请本单位向安全管理员申请角色和区划范围,写明事由。")

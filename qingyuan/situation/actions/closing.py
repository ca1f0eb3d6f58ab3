"""The only writers of closed months: declared checked, approved or sent back, opened again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from qingyuan.foundation import audit, clock
from qingyuan.foundation.enums import Compartment
from qingyuan.foundation.fields import encrypted_names
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.enums import Action
from qingyuan.organisation.models import Division
from qingyuan.organisation.scope import in_own_scope, may
from qingyuan.reference.periods import Period
from qingyuan.situation import closing_rules
from qingyuan.situation.enums import CloseState
from qingyuan.situation.models import PeriodClose, ReopenNotice
from qingyuan.situation.queries import closing as reads
from qingyuan.situation.queries.citing import Citing, citing

LEDGER = reads.LEDGER


class CannotClose(ValueError):
    """The month cannot be closed, approved, sent back or opened again now; the message says what to do."""


@transaction.atomic
def ask(*, division: Division, month: Period, note: str, by: Actor) -> PeriodClose:
    """Declare the month of the actor's own place checked, for its leader to approve. Raises CannotClose."""
    on = clock.today()
    _require(by, Action.CREATE, division, on, own=True)
    existing = reads.live([division.pk], [str(month)]).get((division.pk, str(month)))
    waiting = [place.name for place in reads.below_open(division, month, on)]
    why = closing_rules.why_not_ask(
        month, today=on, state=existing.state if existing else "", below_open=waiting, note=note
    )
    if why:
        raise CannotClose(why)
    assert by.unit_id is not None, "somebody without a unit has no place of their own"
    made = PeriodClose.objects.create(
        division=division,
        unit_id=by.unit_id,
        period=str(month),
        note=note.strip()[:200],
        asked_at=clock.now(),
        asked_by_id=by.account_id,
        asked_by_name=by.name,
    )
    _audit(made, "ask", by, None)
    return made


@transaction.atomic
def approve(*, close: PeriodClose, by: Actor) -> PeriodClose:
    """Close the month: what is recorded from now on is a late entry. Raises CannotClose."""
    close, before = _taken(close, CloseState.ASKED, by, Action.APPROVE)
    if close.asked_by_id == by.account_id:
        raise CannotClose(_("核对人和批准人要是两个人,请由本单位领导批准。"))
    now = clock.now()
    close.state, close.decided_at, close.decided_by_id, close.decided_by_name = (
        CloseState.CLOSED,
        now,
        by.account_id,
        by.name,
    )
    close.known_until = now
    close.save()
    _audit(close, "approve", by, before)
    return close


@transaction.atomic
def send_back(*, close: PeriodClose, reason: str, by: Actor) -> PeriodClose:
    """Give the month back to whoever declared it checked. Raises CannotClose without a reason."""
    close, before = _taken(close, CloseState.ASKED, by, Action.APPROVE)
    if len(reason.strip()) < 2:
        raise CannotClose(_("请写明退回原因。"))
    close.state, close.refusal = CloseState.SENT_BACK, reason.strip()[:200]
    close.decided_at, close.decided_by_id, close.decided_by_name = clock.now(), by.account_id, by.name
    close.save()
    _audit(close, "send-back", by, before, close.refusal)
    return close


@transaction.atomic
def reopen(*, close: PeriodClose, reason: str, by: Actor) -> list[ReopenNotice]:
    """Open a closed month again and tell every unit that quoted a figure of it. Raises CannotClose."""
    on = clock.today()
    close = PeriodClose.objects.select_for_update().select_related("division").get(pk=close.pk)
    _require(by, Action.APPROVE, close.division, on)
    above = reads.above_closed(close.division, close.period, on)
    why = closing_rules.why_not_reopen(state=close.state, reason=reason, above_closed=above.name if above else "")
    if why:
        raise CannotClose(why)
    before, now = _snapshot(close), clock.now()
    close.state, close.reopen_reason = CloseState.REOPENED, reason.strip()[:200]
    close.reopened_at, close.reopened_by_id, close.reopened_by_name = now, by.account_id, by.name
    close.save()
    _audit(close, "reopen", by, before, close.reopen_reason)
    return _tell(close, citing(close, on))


@transaction.atomic
def read(*, notice: ReopenNotice, by: Actor) -> None:
    """Somebody of the unit has read the notice. Raises CannotClose for anyone else."""
    if notice.unit_id != by.unit_id:
        raise CannotClose(_("这份通知不是发给本单位的。"))
    if notice.read_at is None:
        notice.read_at, notice.read_by_name = clock.now(), by.name
        notice.save(update_fields=["read_at", "read_by_name"])


def _taken(close: PeriodClose, state: str, by: Actor, action: Action) -> tuple[PeriodClose, dict[str, Any]]:
    """The closing as it stands now, locked, if it is in ``state`` and the actor may."""
    close = PeriodClose.objects.select_for_update().select_related("division").get(pk=close.pk)
    _require(by, action, close.division, clock.today(), own=True)
    if close.state != state:
        raise CannotClose(_("这个月的状态已经变了(%(state)s),请刷新后再办。") % {"state": close.get_state_display()})
    return close, _snapshot(close)


def _require(by: Actor, action: Action, division: Division, on: date, *, own: bool = False) -> None:
    """``own``: nobody checks or approves the figures of another place than their own."""
    allowed = may(by, action, compartment=Compartment.INTERNAL, ledger=LEDGER, division_id=division.pk, on=on)
    if not allowed:
        raise CannotClose(allowed.reason)
    if own and not in_own_scope(by, division.pk, on):
        raise CannotClose(_("%(place)s的关账由%(place)s自己核对、批准。") % {"place": division.name})


def _tell(close: PeriodClose, quoted: Iterable[Citing]) -> list[ReopenNotice]:
    notices = [
        ReopenNotice(close=close, unit_id=one.unit_id, quoted_in=one.where[:200], created_at=clock.now())
        for one in dict.fromkeys(quoted)
    ]
    return ReopenNotice.objects.bulk_create(notices)


def _snapshot(close: PeriodClose) -> dict[str, Any]:
    return {
        "division": close.division_id,
        "period": close.period,
        "state": str(close.state),
        "known_until": close.known_until.isoformat() if close.known_until else None,
    }


def _audit(close: PeriodClose, act: str, by: Actor, before: dict[str, Any] | None, reason: str = "") -> None:
    delta = audit.RowDelta(
        row_id=close.pk,
        compartment=Compartment.INTERNAL,
        before=before,
        after=_snapshot(close),
        personal=encrypted_names(PeriodClose),
    )
    audit.record_write(by=by, act=f"closings.{act}", ledger=LEDGER, rows=[delta], reason=reason)

"""The only writer of substitutions: somebody is away, a colleague on the same side of every wall acts for them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from qingyuan.foundation import audit, clock
from qingyuan.organisation.actions.accounts import locked
from qingyuan.organisation.actions.stays import of_role, refuse_across, stays_of
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.enums import Absence, Role
from qingyuan.organisation.models import Account, Substitution
from qingyuan.organisation.permissions import may_end_substitution, may_substitute
from qingyuan.organisation.policy import SUBSTITUTED
from qingyuan.organisation.rules import unit_side

#: Longer than this nobody is merely away: the cases are handed over.
LONGEST: Final = timedelta(days=92)


class SubstitutionRefused(ValueError):
    """The substitution would break a rule; the message says which and what to do."""


@transaction.atomic
def substitute(*, absent: Account, substitute: Account, kind: Absence, start: date, end: date, by: Actor) -> Substitution:
    """``substitute`` acts for ``absent`` from ``start`` until ``end`` (the first day back). Raises SubstitutionRefused."""
    # Always in the same order, so that two who name each other wait and do not lock each other out.
    first, second = sorted((absent, substitute), key=lambda account: account.pk)
    held = {account.pk: locked(account) for account in (first, second)}
    away, acting = held[absent.pk], held[substitute.pk]
    decision = may_substitute(by, away)
    if not decision.allowed:
        raise SubstitutionRefused(decision.reason)
    _check_days(start, end)
    if away.pk == acting.pk:
        raise SubstitutionRefused(_("不能自己代办自己的事,请选一位同事。"))
    if not acting.is_active or not acting.grants.on(start).exists():
        raise SubstitutionRefused(_("代办的人没有在用的账号和角色,请另选一位。"))
    roles = {Role(one.role): one for one in away.grants.not_ended_by(start) if one.start < end}
    if not roles.keys() & SUBSTITUTED:
        raise SubstitutionRefused(_("这个账号的角色不能由别人代办:审计检查和安全管理要本人办理。"))
    _check_unit(away, acting)
    for role in roles.keys() & SUBSTITUTED:
        refuse_across(of_role(role, start, end), stays_of(acting), SubstitutionRefused)
    if Substitution.objects.meeting(start, end).filter(absent=away).exists():
        raise SubstitutionRefused(_("这些天已经登记过由谁代办,先提前结束那一条。"))
    if Substitution.objects.meeting(start, end).filter(absent=acting).exists():
        raise SubstitutionRefused(_("代办的人这些天自己也离岗,请另选一位。"))
    if Substitution.objects.meeting(start, end).filter(substitute=away).exists():
        raise SubstitutionRefused(_("离岗的人这些天正在替别人代办,请先给那一条另换代办的人。"))
    made = Substitution.objects.create(
        absent=away,
        substitute=acting,
        kind=kind,
        start=start,
        end=end,
        set_by_id=by.account_id,
        set_by_name=by.name,
        set_at=clock.now(),
    )
    _record(made, "substitutions.set", by)
    return made


@transaction.atomic
def end_early(*, substitution: Substitution, by: Actor) -> None:
    """Somebody is back before: from today on nobody acts for them. Twice is once. Raises SubstitutionRefused."""
    held = Substitution.objects.select_for_update(of=("self",)).select_related("absent").get(pk=substitution.pk)
    decision = may_end_substitution(by, held)
    if not decision.allowed:
        raise SubstitutionRefused(decision.reason)
    today = clock.today()
    if held.end <= today:
        return
    held.end, held.ended_by_name = max(today, held.start), by.name
    held.save(update_fields=["end", "ended_by_name"])
    _record(held, "substitutions.end", by)


def _check_days(start: date, end: date) -> None:
    if end <= start:
        raise SubstitutionRefused(_("回岗日要在离岗第一天之后。"))
    if end - start > LONGEST:
        raise SubstitutionRefused(_("代办最多 %(days)d 天;更久的,请把名下的人移交。") % {"days": LONGEST.days})
    if start < clock.today():
        raise SubstitutionRefused(_("离岗第一天不能早于今天:已经过去的日子不能补登代办。"))


def _check_unit(away: Account, acting: Account) -> None:
    """The same unit: what another unit takes over is handed over, not done for somebody."""
    if away.unit_id == acting.unit_id:
        return
    sides = {unit_side(one.unit.kind, one.unit.zone) for one in (away, acting)}
    if len(sides) > 1:
        raise SubstitutionRefused(_("代办的人在墙的另一边,不能代办。"))
    raise SubstitutionRefused(_("代办的人要在同一个单位;要由别的单位接手的,请移交。"))


def _record(made: Substitution, act: str, by: Actor) -> None:
    audit.record_write(
        by=by,
        act=act,
        ledger="accounts",
        row_id=made.pk,
        division_id=made.absent.unit.division_id,
        summary=f"{made.absent.username}>{made.substitute.username} {made.start}~{made.end}",
    )

"""Questions about accounts, roles, posts, the log and emergency looks; ``scope`` and the table give the answers."""

from __future__ import annotations

from django.utils.translation import gettext as _

from qingyuan.foundation import clock
from qingyuan.foundation.enums import Compartment
from qingyuan.foundation.words import Decision
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.enums import Action, Role, Side
from qingyuan.organisation.models import Account, EmergencyLook, Substitution, Unit
from qingyuan.organisation.policy import joins_a_wall
from qingyuan.organisation.rules import unit_side
from qingyuan.organisation.scope import may

ACCOUNTS, AUDIT, POLICY, EMERGENCY = "accounts", "audit", "policy", "emergency"


def may_administer(actor: Actor, action: Action, ledger: str, division_id: int | None = None) -> Decision:
    """Whether ``actor`` may take ``action`` on something that is no ledger of a room, in a division or anywhere at all."""
    return may(
        actor, action, compartment=Compartment.INTERNAL, ledger=ledger, on=clock.today(), division_id=division_id
    )


def may_grant(
    actor: Actor,
    *,
    held: frozenset[Role],
    new: Role,
    unit_side: Side = Side.NEUTRAL,
    division_id: int | None = None,
    to_account: int | None = None,
) -> Decision:
    """Whether ``actor`` may add role ``new`` to an account of a unit on ``unit_side`` that holds ``held`` meanwhile.

    ``division_id``: over which division, which must be in the actor's own range (None = not asked).
    """
    if not may_administer(actor, Action.CHANGE, ACCOUNTS).allowed:
        return Decision(False, _("只有安全管理员可以授权。"))
    if to_account is not None and to_account == actor.account_id:
        return Decision(False, _("不能给自己授权:请另一位安全管理员办理。"))
    if division_id is not None and not may_administer(actor, Action.CHANGE, ACCOUNTS, division_id).allowed:
        return Decision(False, _("这个区划不在您的管理范围内:请上一级安全管理员办理。"))
    if joins_a_wall(held | {new}):
        return Decision(False, _("一个账号不能同时站在墙的两边:请先撤销原角色,或另派他人。"))
    if joins_a_wall(frozenset({new}), unit_side=unit_side):
        return Decision(False, _("这个单位的人在墙的另一边,不能担任这个角色,借调也不行:请另派他人。"))
    return Decision(True, "")


def may_revoke(actor: Actor) -> Decision:
    """Whether ``actor`` may end a grant of somebody."""
    if may_administer(actor, Action.CHANGE, ACCOUNTS).allowed:
        return Decision(True, "")
    return Decision(False, _("只有安全管理员可以撤销授权。"))


def may_keep_accounts(actor: Actor, division_id: int | None = None) -> Decision:
    """Open, disable and post accounts of units in ``division_id`` (None = of any)."""
    if not may_administer(actor, Action.CHANGE, ACCOUNTS).allowed:
        return Decision(False, _("账号和任期只由安全管理员办理。"))
    if division_id is not None and not may_administer(actor, Action.CHANGE, ACCOUNTS, division_id).allowed:
        return Decision(False, _("这个单位不在您的管理范围内:请上一级安全管理员办理。"))
    return Decision(True, "")


def may_reset(actor: Actor, account: Account) -> Decision:
    """Whether ``actor`` may give ``account`` a new beginning: who keeps accounts, in the own range, never the own one."""
    # Whoever founds the city before there is any account has no range.
    decision = may_keep_accounts(actor, account.unit.division_id if actor.account_id is not None else None)
    if decision.allowed and actor.account_id == account.pk:
        return Decision(False, _("自己的口令和第二因素不能自己重置,请另一位安全管理员办理。"))
    return decision


def may_substitute(actor: Actor, absent: Account) -> Decision:
    """Whether ``actor`` may say who acts for ``absent``: the account itself, whoever answers for its unit, or who keeps accounts."""
    if actor.account_id is not None and actor.account_id == absent.pk and actor.grants:
        return Decision(True, "")
    if _answers_for(actor, absent.unit_id) or may_keep_accounts(actor, absent.unit.division_id).allowed:
        return Decision(True, "")
    return Decision(False, _("由本人、本单位禁毒专干或者负责人登记,或者请安全管理员办理。"))


def may_end_substitution(actor: Actor, one: Substitution) -> Decision:
    """Whoever may set it, and the substitute, who may always stop."""
    if actor.account_id is not None and actor.account_id == one.substitute_id:
        return Decision(True, "")
    return may_substitute(actor, one.absent)


def _answers_for(actor: Actor, unit_id: int) -> bool:
    leading = actor.has_role(Role.TOWN_SUPERVISOR, Role.TOWN_LEADER, Role.COMMISSION_LEADER)
    return bool(actor.grants) and actor.unit_id == unit_id and (leading or actor.leads)


def may_read_audit(actor: Actor) -> Decision:
    """Inspectors and the security officer search the log of writes and reads; a unit's leader that of the own unit."""
    if may_administer(actor, Action.READ, AUDIT).allowed or leads_own_unit(actor):
        return Decision(True, "")
    return Decision(False, _("审计日志只对审计检查人员、安全管理员和单位负责人(只看本单位)开放。"))


def inspects(actor: Actor) -> bool:
    """Whether ``actor`` reads the log of more than the own unit."""
    return actor.has_role(Role.AUDITOR, Role.SECURITY_OFFICER) and may_administer(actor, Action.READ, AUDIT).allowed


def leads_own_unit(actor: Actor) -> bool:
    """Whether ``actor`` holds a leading post of the own unit today; roles that lead by themselves stand in the table."""
    return actor.leads if actor.grants else False


def may_review_emergency(actor: Actor, look: EmergencyLook) -> Decision:
    """Whether ``actor`` is the second person of an emergency look: a superior of the own unit, or the security officer."""
    if actor.account_id is None or not actor.grants:
        return Decision(False, _("请先登录。"))
    if actor.account_id == look.account_id:
        return Decision(False, _("不能复核自己的紧急查阅:请本单位负责人或安全管理员复核。"))
    division_id = look.unit.division_id
    if may_administer(actor, Action.APPROVE, EMERGENCY, division_id).allowed or is_superior(actor, look):
        return Decision(True, "")
    return Decision(False, _("紧急查阅由查阅人本单位的负责人或安全管理员复核。"))


def is_superior(actor: Actor, look: EmergencyLook) -> bool:
    """A leader of the unit, its officer over its caseworkers, or whoever holds a leading post of it or of the unit above."""
    if actor.unit_id == look.unit_id:
        if actor.has_role(Role.TOWN_LEADER, Role.COMMISSION_LEADER) or actor.leads:
            return True
        return look.role == Role.CASEWORKER and actor.has_role(Role.TOWN_SUPERVISOR)
    above = look.unit.superior
    if above is None or actor.unit_id != above.pk or not actor.leads:
        return False
    return same_side(above, look.unit)


def same_side(above: Unit, unit: Unit) -> bool:
    """Whether a unit's leader may read why one of ``unit`` opened something: a reason may say whom it was about, so
    nobody across a wall reads it."""
    return unit_side(above.kind, above.zone) in (Side.NEUTRAL, unit_side(unit.kind, unit.zone))

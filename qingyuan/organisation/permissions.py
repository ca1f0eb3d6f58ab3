"""Questions about accounts and roles themselves."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from qingyuan.foundation.words import Decision
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.enums import Role, Side
from qingyuan.organisation.models import Account, DivisionPath
from qingyuan.organisation.policy import joins_a_wall


def may_grant(
    actor: Actor, *, held: frozenset[Role], new: Role, unit_side: Side = Side.NEUTRAL
) -> Decision:
    """Whether ``actor`` may add role ``new`` to an account of a unit on ``unit_side`` that holds ``held`` meanwhile."""
    if not actor.has_role(Role.SECURITY_OFFICER):
        return Decision(False, _("只有安全管理员可以授权。"))
    if joins_a_wall(held | {new}):
        return Decision(False, _("一个账号不能同时站在墙的两边:请先撤销原角色,或另派他人。"))
    if joins_a_wall(frozenset({new}), unit_side=unit_side):
        return Decision(False, _("这个单位的人在墙的另一边,不能担任这个角色,借调也不行:请另派他人。"))
    return Decision(True, "")


def may_revoke(actor: Actor) -> Decision:
    """Whether ``actor`` may end a grant of somebody."""
    if actor.has_role(Role.SECURITY_OFFICER):
        return Decision(True, "")
    return Decision(False, _("只有安全管理员可以撤销授权。"))


def may_read_audit(actor: Actor) -> Decision:
    """Inspectors and the security officer search the log of writes and reads."""
    if actor.has_role(Role.AUDITOR, Role.SECURITY_OFFICER):
        return Decision(True, "")
    return Decision(False, _("审计日志只对审计检查人员和安全管理员开放。"))


def may_keep_accounts(actor: Actor) -> Decision:
    """Whether ``actor`` looks after how others sign in."""
    if actor.has_role(Role.SECURITY_OFFICER):
        return Decision(True, "")
    return Decision(False, _("重置口令和第二因素只由安全管理员办理。"))


def may_reset(actor: Actor, account: Account, on: date) -> Decision:
    """Whether ``actor`` may give ``account`` a new beginning: a security officer, in his range, never his own."""
    decision = may_keep_accounts(actor)
    if not decision.allowed:
        return decision
    if actor.account_id == account.pk:
        return Decision(False, _("自己的口令和第二因素不能自己重置,请另一位安全管理员办理。"))
    roots = [grant.division_id for grant in actor.grants if grant.role == Role.SECURITY_OFFICER]
    reached = DivisionPath.objects.on(on).filter(ancestor_id__in=roots, descendant_id=account.unit.division_id)
    if not reached.exists():
        return Decision(False, _("这个账号的单位不在您的范围内,请联系其所在区划的安全管理员。"))
    return Decision(True, "")

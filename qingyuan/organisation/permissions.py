"""Questions about accounts and roles themselves."""

from __future__ import annotations

from django.utils.translation import gettext as _

from qingyuan.foundation.words import Decision
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.enums import Role, Side
from qingyuan.organisation.policy import joins_a_wall


def may_grant(actor: Actor, *, held: frozenset[Role], new: Role, unit_side: Side = Side.NEUTRAL) -> Decision:
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

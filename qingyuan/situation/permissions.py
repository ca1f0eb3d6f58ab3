"""Who works with figures. Counts are closed when small for everyone else than the place concerned; see ``queries``."""

from __future__ import annotations

from django.utils.translation import gettext as _

from qingyuan.foundation.words import Decision
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.enums import Role

READERS = frozenset(Role) - {Role.DOCTOR, Role.SECURITY_OFFICER}


def may_read_figures(actor: Actor) -> Decision:
    """Doctors and the security officer have no use for them."""
    if actor.has_role(*READERS):
        return Decision(True, "")
    return Decision(False, _("您的角色不使用这些数字;工作需要的,请向安全管理员申请授权。"))

"""The way back of the last security officer who lost everything: a command on the server, never a page.

Whoever may run commands on the machine holds the keys anyway; what this adds is that it is written down, with a reason, and
that nobody who has a colleague to ask can be brought back like this.
"""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils.translation import gettext as _

from qingyuan.foundation import audit, clock
from qingyuan.organisation.actions import accounts
from qingyuan.organisation.actions.accounts import GrantRefused
from qingyuan.organisation.actor import Actor, actor_of
from qingyuan.organisation.enums import Role
from qingyuan.organisation.models import Account
from qingyuan.organisation.permissions import may_reset
from qingyuan.web.account import sessions

SERVER = Actor(account_id=None, username="command-line", name="命令行", unit_id=None)
SHORTEST_REASON = 6


@transaction.atomic
def recover(*, username: str, reason: str) -> str:
    """Take off all factors, end all sessions, and return a one-time code; new factors are asked for at the next sign-in.

    Raises GrantRefused: for nobody, for somebody another security officer can help, without a reason.
    """
    account = Account.objects.filter(username=username, is_active=True).first()
    if account is None:
        raise GrantRefused(_("没有账号“%(name)s”,或已停用。") % {"name": username})
    account = accounts.locked(account)
    if len(reason.strip()) < SHORTEST_REASON:
        raise GrantRefused(_("请写明事由和怎样核实了本人,如“手机丢失,主任持工作证当面确认”。"))
    if not _keeps_accounts(account):
        raise GrantRefused(_("这个账号不是安全管理员:请安全管理员在“账号与授权”里重置。"))
    if (other := _who_could_help(account)) is not None:
        raise GrantRefused(_("还有安全管理员“%(name)s”可以重置:请他在“账号与授权”里办理。") % {"name": other.username})
    Authenticator.objects.filter(user_id=account.pk).delete()
    sessions.end_with_password(account)
    code = accounts.recover_password(account=account, reason=reason, by=SERVER)
    audit.record_write(by=SERVER, act="accounts.factor_clear", ledger="accounts", reason=reason.strip(), summary=account.username)
    return code


def _keeps_accounts(account: Account) -> bool:
    return account.grants.on(clock.today()).filter(role=Role.SECURITY_OFFICER).exists()


def _who_could_help(account: Account) -> Account | None:
    """Another security officer whose range holds the account's unit."""
    today = clock.today()
    held = Account.objects.filter(is_active=True, grants__role=Role.SECURITY_OFFICER).exclude(pk=account.pk).distinct()
    others = (one for one in held.select_related("unit__division") if _keeps_accounts(one))
    return next((one for one in others if may_reset(actor_of(one, today), account).allowed), None)

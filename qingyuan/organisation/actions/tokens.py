"""The only writer of API tokens. The key itself leaves once, in the answer to its maker, and is kept nowhere."""

from __future__ import annotations

import secrets
from datetime import date, timedelta
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from qingyuan.foundation import audit, clock
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.models import Account, ApiToken
from qingyuan.organisation.models.token import digest_of

PREFIX: Final = "qy_"
LONGEST_DAYS: Final = 366
MOST: Final = 10


class TokenRefused(ValueError):
    """The token is not made; the message says what to change."""


@transaction.atomic
def make(*, account: Account, purpose: str, last_day: date, by: Actor) -> tuple[ApiToken, str]:
    """A token of one's own account and its key, which is told only now. Raises TokenRefused."""
    today = clock.today()
    if by.account_id != account.pk:
        raise TokenRefused(_("令牌只能由本人生成。"))
    if not purpose.strip():
        raise TokenRefused(_("请写明用途,如“县局平台每晚取数”。"))
    if not today <= last_day <= today + timedelta(days=LONGEST_DAYS):
        raise TokenRefused(_("有效期最短到今天,最长一年,到期再换。"))
    if ApiToken.objects.valid_on(today).filter(account=account).count() >= MOST:
        raise TokenRefused(_("同时有效的令牌最多 %(most)d 个,请先停用不用的。") % {"most": MOST})
    key = PREFIX + secrets.token_urlsafe(32)
    made = ApiToken.objects.create(
        account=account,
        purpose=purpose.strip()[:60],
        digest=digest_of(key),
        hint=key[:8],
        first_day=today,
        last_day=last_day,
    )
    audit.record_write(by=by, act="tokens.make", ledger="tokens", summary=f"{made.hint}… {made.last_day}")
    return made, key


@transaction.atomic
def withdraw(*, token: ApiToken, by: Actor) -> None:
    """End a token of one's own at once; twice is once. Raises TokenRefused for someone else's."""
    if by.account_id != token.account_id:
        raise TokenRefused(_("令牌只能由本人停用。"))
    if token.withdrawn_at is None:
        token.withdrawn_at = clock.now()
        token.save(update_fields=["withdrawn_at"])
        audit.record_write(by=by, act="tokens.withdraw", ledger="tokens", summary=f"{token.hint}…")

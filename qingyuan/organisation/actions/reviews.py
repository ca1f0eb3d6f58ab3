"""The only writer of reviews of the policy table."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from qingyuan.foundation import audit, clock
from qingyuan.organisation import policy
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.enums import Action
from qingyuan.organisation.models import PolicyReview
from qingyuan.organisation.permissions import POLICY, may_administer

YEAR: Final = timedelta(days=365)
SHORTEST: Final = 4


class ReviewRefused(ValueError):
    """The review is not signed; the message says why and what to do."""


@transaction.atomic
def sign(*, digest: str, remark: str, by: Actor, next_due: date | None = None) -> PolicyReview:
    """Sign the table as it stands. ``digest``: of the table the signer has read, so that nobody signs another one.

    Raises ReviewRefused.
    """
    if not may_administer(by, Action.APPROVE, POLICY).allowed or by.account_id is None:
        raise ReviewRefused(_("权限总表由安全管理员复核签字。"))
    table, today = policy.written(), clock.today()
    if digest != policy.digest(table):
        raise ReviewRefused(_("权限总表在您打开以后变了:请重看一遍再签。"))
    if len(remark.strip()) < SHORTEST:
        raise ReviewRefused(_("请写复核说明:看了什么、改动是否有据。"))
    due = next_due or today + YEAR
    if not today < due <= today + YEAR:
        raise ReviewRefused(_("下次复核要在今天以后、一年以内。"))
    signed = PolicyReview.objects.create(
        table=table,
        digest=digest,
        remark=remark.strip()[:300],
        signed_by_id=by.account_id,
        signed_at=clock.now(),
        next_due=due,
    )
    audit.record_write(by=by, act="policy.review", ledger="policy", rows=[], reason=remark.strip(), summary=digest)
    return signed

"""The only writer of sign-offs of the impact assessment."""

from __future__ import annotations

from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from qingyuan.foundation import audit, clock
from qingyuan.foundation.enums import Compartment
from qingyuan.governance.impact.content import assessment
from qingyuan.governance.models import ImpactSignOff
from qingyuan.governance.permissions import may_sign_impact, require
from qingyuan.organisation.actor import Actor

LEDGER: Final = "impact"
SHORTEST: Final = 8
LONGEST: Final = 300


class SignOffRefused(ValueError):
    """Nothing is signed; the message says what to do."""


@transaction.atomic
def sign_off(*, digest: str, conclusion: str, by: Actor) -> ImpactSignOff:
    """Sign the assessment as it stands, whose ``digest`` the signer has just read. Raises SignOffRefused, NotAllowed."""
    require(may_sign_impact(by))
    now = assessment()
    if digest != now.digest:
        raise SignOffRefused(_("评估内容在您打开之后变了:请刷新,看过新的内容再签认。"))
    conclusion = conclusion.strip()
    if not SHORTEST <= len(conclusion) <= LONGEST:
        raise SignOffRefused(_("请写结论(8 至 300 字):处理是否合法、正当、必要,措施是否与风险相当,还缺什么。"))
    signed = ImpactSignOff.objects.create(
        content=now.as_json(),
        content_hash=now.digest,
        signed_on=clock.today(),
        signed_at=clock.now(),
        conclusion=conclusion,
        signed_by_id=by.account_id,
        signed_by_name=by.name[:40],
    )
    audit.record_write(
        by=by,
        act="impact.sign",
        ledger=LEDGER,
        rows=[
            audit.RowDelta(
                row_id=signed.pk,
                compartment=Compartment.INTERNAL,
                before=None,
                after={"content_hash": signed.content_hash, "signed_on": signed.signed_on.isoformat()},
            )
        ],
        reason=conclusion,
        summary=signed.content_hash,
    )
    return signed

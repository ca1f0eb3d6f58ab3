"""The only writer of emergency looks: opened for a reason by an article, closed by the clock, looked at by a second person."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from qingyuan.foundation import audit, clock
from qingyuan.foundation.enums import Compartment
from qingyuan.organisation.actions.accounts import locked
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.enums import EmergencyVerdict
from qingyuan.organisation.models import Account, EmergencyLook, EmergencyRow
from qingyuan.organisation.permissions import may_review_emergency
from qingyuan.organisation.scope import emergency_role
from qingyuan.reference import holidays, statutes

LASTS: Final = timedelta(hours=4)
REVIEW_DAYS: Final = 2
MOST_OPEN: Final = 3
SHORTEST: Final = 8
#: Articles by which personal rows may be opened at once; each is on file in reference.
ARTICLES: Final = ("NL34", "NL35", "DR5", "DR19", "NL32", "NL38", "PIPL34")
_NUMBER: Final = re.compile(r"\d{15}|\d{17}[\dXx]|1\d{10}")


class EmergencyRefused(ValueError):
    """The look is not opened, closed or reviewed; the message says why and what to do."""


@transaction.atomic
def open_look(
    *,
    compartment: Compartment,
    rows: Sequence[tuple[str, UUID]],
    reason: str,
    article: str,
    by: Actor,
) -> EmergencyLook:
    """Open ``rows`` (ledger, row; the person's own row first) to ``by`` for four hours. Raises EmergencyRefused.

    The caller has found the rows by a whole number or name and birth date; whoever asks names no row.
    """
    account = Account.objects.filter(pk=by.account_id or 0).first()
    roles = {emergency_role(by, compartment, ledger) for ledger, _row in rows}
    role = emergency_role(by, compartment)
    if account is None or role is None or None in roles or not rows:
        raise EmergencyRefused(_("这一类记录任何人都不能紧急查阅。"))
    held, now, today = locked(account), clock.now(), clock.today()
    if not held.is_active:
        raise EmergencyRefused(_("账号已停用。"))
    check_words(reason, article)
    live = EmergencyLook.objects.live_at(now).filter(account=held)
    if EmergencyRow.objects.filter(look__in=live.values("pk"), row_id=rows[0][1]).exists():
        raise EmergencyRefused(_("您已打开这个人的记录,还没有到时。"))
    if live.count() >= MOST_OPEN:
        raise EmergencyRefused(_("同时最多打开 %(most)d 次,请先合上用完的。") % {"most": MOST_OPEN})
    look = EmergencyLook.objects.create(
        account=held,
        unit_id=held.unit_id,
        role=role,
        compartment=compartment,
        reason=reason.strip(),
        article=article,
        opened_at=now,
        until=now + LASTS,
        review_by=holidays.add_working_days(today, REVIEW_DAYS),
    )
    EmergencyRow.objects.bulk_create(
        EmergencyRow(look=look, ledger=ledger, row_id=row_id, subject=place == 0)
        for place, (ledger, row_id) in enumerate(dict.fromkeys(rows))
    )
    audit.record_write(
        by=by,
        act="emergency.open_look",
        ledger="emergency",
        row_id=look.pk,
        division_id=by.division_id,
        reason=reason.strip(),
        summary=f"{compartment} {article} rows:{len(rows)}",
    )
    return look


def check_words(reason: str, article: str) -> None:
    """Raise EmergencyRefused for a reason that says nothing or too much, or an article that is not on the list."""
    if article not in ARTICLES or not statutes.cite(article).in_force(clock.today()):
        raise EmergencyRefused(_("请从列表里选依据的条款。"))
    if len(reason.strip()) < SHORTEST:
        raise EmergencyRefused(
            _("请写明发生了什么、为什么不能等对方单位上班,至少 %(least)d 个字。") % {"least": SHORTEST}
        )
    if _NUMBER.search(reason):
        raise EmergencyRefused(_("事由会给复核人看:不要写证件号、电话。"))


@transaction.atomic
def close(*, look: EmergencyLook, by: Actor) -> None:
    """Done before the time is up. Twice is once; of somebody else's it is refused."""
    held = EmergencyLook.objects.select_for_update().get(pk=look.pk)
    if held.account_id != by.account_id:
        raise EmergencyRefused(_("只能合上自己打开的。"))
    now = clock.now()
    if held.closed_at is not None or held.until <= now:
        return
    held.closed_at = now
    held.save(update_fields=["closed_at"])
    audit.record_write(
        by=by, act="emergency.close_look", ledger="emergency", row_id=held.pk, division_id=by.division_id
    )


@transaction.atomic
def review(*, look: EmergencyLook, verdict: EmergencyVerdict, remark: str, by: Actor) -> EmergencyLook:
    """The second person's word. Raises EmergencyRefused; whoever comes second to the same look is told so."""
    held = EmergencyLook.objects.select_for_update(of=("self",)).select_related("unit__superior").get(pk=look.pk)
    decision = may_review_emergency(by, held)
    if not decision.allowed:
        raise EmergencyRefused(decision.reason)
    if held.reviewed_at is not None:
        raise EmergencyRefused(_("已由别人复核。"))
    if not remark.strip():
        raise EmergencyRefused(_("请写复核说明:看了哪些查阅、是否必要。"))
    held.reviewed_by_id, held.reviewed_at = by.account_id, clock.now()
    held.verdict, held.remark = verdict, remark.strip()[:200]
    held.save(update_fields=["reviewed_by", "reviewed_at", "verdict", "remark"])
    audit.record_write(
        by=by,
        act="emergency.review",
        ledger="emergency",
        row_id=held.pk,
        division_id=held.unit.division_id,
        reason=held.remark,
        summary=str(verdict.value),
    )
    return held

"""Carrying out a plan: the second person has approved it, what is there is still what was planned, one transaction a batch.

A run that was broken off goes on where it stopped: how many lines are done moves in the same transaction as what was done.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from qingyuan.casework.actions import data_requests
from qingyuan.casework.actions import retention as actions
from qingyuan.casework.actions.retention import RetentionRefused
from qingyuan.casework.models import DataRequest, RetentionPlan
from qingyuan.enforcement.actions import parties, penalties
from qingyuan.enforcement.models import Party, Penalty
from qingyuan.foundation import audit, clock
from qingyuan.journeys.retention import finding
from qingyuan.journeys.retention import plan as plans
from qingyuan.journeys.retention.plan import Line
from qingyuan.ledgers.declaration import Writing
from qingyuan.ledgers.importing.promote import discard
from qingyuan.ledgers.models import ImportBatch
from qingyuan.organisation.actor import Actor
from qingyuan.reference import retention
from qingyuan.rehabilitation.actions import campaigns, controls, own_page
from qingyuan.rehabilitation.models import Campaign, Client, OwnCode

BATCH: Final = 50
SHOWN: Final = 5


def propose(*, preview: plans.Preview, by: Actor) -> RetentionPlan:
    """Keep a preview as the plan that a second person approves. Raises RetentionRefused."""
    content = plans.content_of(preview)
    return actions.propose(content=content, digest=plans.digest_of(content), planned_for=preview.on, by=by)


def carry_out(*, plan: RetentionPlan, by: Actor, batch: int = BATCH) -> RetentionPlan:
    """All that is left of an approved plan. Raises RetentionRefused: not approved, not allowed, or no longer what was planned."""
    held = plan
    while True:
        with transaction.atomic():
            held = actions.locked(held, by)
            left = plans.lines_of(held.content)[held.done :]
            _require_the_same(held, left)
            now = left[:batch]
            for (rule, ledger), lines in groupby(now, key=lambda line: (line.rule, line.ledger)):
                effect = BY_LEDGER.get((rule, ledger), EFFECTS[rule])
                effect([line.row_id for line in lines], retention.rule(rule), held, by)
            held = actions.advance(plan=held, lines=len(now), by=by)
        if held.done == held.lines:
            return held


def _require_the_same(held: RetentionPlan, left: Sequence[Line]) -> None:
    if held.content["rules"] != retention.digest():
        raise RetentionRefused(_("规则在方案提出以后改过:请作废这一份,重新预览、提出。"))
    now = finding.preview(held.planned_for)
    if found := plans.differences(left, now.lines, begun=held.done > 0):
        shown = "、".join(found[:SHOWN])
        raise RetentionRefused(
            _("现在的情况与方案不一致(%(count)d 处:%(shown)s),一条也没有办。请作废这一份,重新预览、提出。") % {"count": len(found), "shown": shown}
        )


Effect = Callable[[list[UUID], retention.RetentionRule, RetentionPlan, Actor], None]


def _exits(ids: list[UUID], rule: retention.RetentionRule, plan: RetentionPlan, by: Actor) -> None:
    writing = Writing(by=by, on=clock.today(), reason=rule.articles)
    for client in Client.objects.filter(pk__in=ids):
        _require(controls.seal_ended(client=client, writing=writing))


def _parties(ids: list[UUID], rule: retention.RetentionRule, plan: RetentionPlan, by: Actor) -> None:
    rows = list(Party.objects.filter(pk__in=ids))
    _require(parties.seal(rows=rows, on=clock.today(), by=by, article=rule.articles) == len(ids))


def _penalties(ids: list[UUID], rule: retention.RetentionRule, plan: RetentionPlan, by: Actor) -> None:
    _require(penalties.seal(rows=list(Penalty.objects.filter(pk__in=ids)), by=by, article=rule.articles) == len(ids))


def _codes(ids: list[UUID], rule: retention.RetentionRule, plan: RetentionPlan, by: Actor) -> None:
    for code in OwnCode.objects.filter(pk__in=ids):
        _require(own_page.expire(code=code, by=by))


def _staged(ids: list[UUID], rule: retention.RetentionRule, plan: RetentionPlan, by: Actor) -> None:
    batches: Any = ImportBatch.objects.select_for_update().filter(pk__in=ids)
    for batch in batches:
        discard(batch=batch)
        audit.record_write(by=by, act="imports.expire", ledger=batch.ledger, row_id=batch.pk, division_id=batch.division_id, summary=rule.articles)


def _copies(ids: list[UUID], rule: retention.RetentionRule, plan: RetentionPlan, by: Actor) -> None:
    for request in DataRequest.objects.filter(pk__in=ids):
        _require(data_requests.expire_copy(request=request, by=by))


def _campaigns(ids: list[UUID], rule: retention.RetentionRule, plan: RetentionPlan, by: Actor) -> None:
    for campaign in Campaign.objects.filter(pk__in=ids):
        _require(campaigns.clear(campaign=campaign, by=by) > 0)


def _require(done: bool) -> None:
    """The whole batch or nothing: what somebody changed in this very moment is looked at anew. Raises RetentionRefused."""
    if not done:
        raise RetentionRefused(_("办理中有一条刚刚变了,这一批没有办。请再办一次;仍不一致的会说明是哪一条。"))


EFFECTS: Final[dict[str, Effect]] = {
    "EXIT": _exits,
    "MINOR": _parties,
    "VIOLATION": _parties,
    "CODE": _codes,
    "STAGED": _staged,
    "COPY": _copies,
    "CAMPAIGN": _campaigns,
}
#: What one rule does to rows of another ledger than its first.
BY_LEDGER: Final[dict[tuple[str, str], Effect]] = {("MINOR", "penalties"): _penalties, ("VIOLATION", "penalties"): _penalties}

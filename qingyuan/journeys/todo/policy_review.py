"""The yearly signatures of the security officer on «today»: the policy table, when it is due or has moved on, and the impact
assessment, when it was never signed or a year is over. What has changed in the assessment its own page tells: folding it for
every page would take too long."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from django.utils.translation import gettext as _

from qingyuan.governance.models import ImpactSignOff
from qingyuan.governance.permissions import may_sign_impact
from qingyuan.governance.queries.impact import DAYS_BETWEEN
from qingyuan.journeys.todo.job import Job, page, until
from qingyuan.journeys.todo.tally import Tally
from qingyuan.organisation import policy
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.enums import Action
from qingyuan.organisation.permissions import POLICY, may_administer
from qingyuan.organisation.queries import last_review

AHEAD = timedelta(days=30)


def jobs(actor: Actor, on: date) -> list[Job]:
    return [*_table(actor, on), *_assessment(actor, on)]


def _assessment(actor: Actor, on: date) -> list[Job]:
    if not may_sign_impact(actor).allowed:
        return []
    last = ImpactSignOff.objects.order_by("-signed_at").values_list("signed_on", flat=True).first()
    if last is not None and on - last < timedelta(days=DAYS_BETWEEN):
        return []
    title = _("影响评估还没有签认过") if last is None else _("影响评估满一年,须重新签认")
    note = _("看过处理什么、为什么、谁能看以后签认,以后每年一次")
    return [Job(title, note, None, _("去签认"), page("impact"))]


def _table(actor: Actor, on: date) -> list[Job]:
    if not may_administer(actor, Action.APPROVE, POLICY).allowed:
        return []
    last = last_review()
    if last is None:
        note = _("通看一遍后签字存档,以后每年一次,改动自动标出")
        return [Job(_("权限总表还没有复核过"), note, None, _("去复核"), page("rights"))]
    moved = last.digest != policy.digest(policy.written())
    if not moved and last.next_due > on + AHEAD:
        return []
    note = _("签字以后有改动,看改了什么") if moved else _("与签字的一致")
    return [Job(_("权限总表年度复核"), note, until(last.next_due, on), _("去复核"), page("rights-compare"))]


def pressing(actor: Actor, on: date) -> Iterable[Tally | int]:
    if may_administer(actor, Action.APPROVE, POLICY).allowed:
        yield sum(1 for job in _table(actor, on) if job.is_pressing(on))

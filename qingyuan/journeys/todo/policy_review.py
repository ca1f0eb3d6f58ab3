"""The yearly review of the policy table on «today», for whoever signs it: when it is due, or when the table has moved on."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from django.utils.translation import gettext as _

from qingyuan.journeys.todo.job import Job, page, until
from qingyuan.journeys.todo.tally import Tally
from qingyuan.organisation import policy
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.enums import Action
from qingyuan.organisation.permissions import POLICY, may_administer
from qingyuan.organisation.queries import last_review

AHEAD = timedelta(days=30)


def jobs(actor: Actor, on: date) -> list[Job]:
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
        yield sum(1 for job in jobs(actor, on) if job.is_pressing(on))

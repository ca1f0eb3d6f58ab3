"""Help on «today»: what was referred to one's own unit, whose consent has run out while a referral is open, and whose support is to
be looked at again. No name and no need stands here."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from django.utils.translation import gettext as _

from qingyuan.journeys.todo.job import Job, page, until
from qingyuan.journeys.todo.tally import Tally
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.enums import Action, Role
from qingyuan.rehabilitation import helping as reads
from qingyuan.rehabilitation.enums import ReferralState
from qingyuan.rehabilitation.models import SupportReview

BY_NAME = (Role.CASEWORKER, Role.TOWN_SUPERVISOR)
SHOWN = 20
AHEAD = timedelta(days=14)


def referrals(actor: Actor, on: date) -> list[Job]:
    """Of the receiving unit, and of the helper whose person's consent has run out; no law sets a day, the consent's last day is said."""
    return _received(actor, on) + _lapsed(actor, on)


def _lapsed(actor: Actor, on: date) -> list[Job]:
    if not actor.has_role(*BY_NAME):
        return []
    note = _("%(day)s 到期,%(unit)s看不到了:本人还愿意的,重新签同意书、再转一次;不愿意的,记本人撤回")
    return [
        Job(
            _("转介还没有办结,本人的同意已经到期"),
            note % {"day": one.consent_until.isoformat(), "unit": one.to_unit.label},
            None,
            _("去核对"),
            page("person-help", one.client_id),
        )
        for one in reads.lapsed(actor, on).order_by("consent_until", "pk")[:SHOWN]
    ]


def _received(actor: Actor, on: date) -> list[Job]:
    if not actor.has_role(Role.UNIT_LIAISON):
        return []
    mine = reads.inbox(actor, on, Action.CHANGE)
    waiting = mine.filter(state=ReferralState.WAITING).order_by("consent_until", "pk")[:SHOWN]
    taken = mine.filter(state=ReferralState.ACCEPTED).order_by("consent_until", "pk")[:SHOWN]
    lines = [(one, _("转介来的帮扶待答复"), _("去答复")) for one in waiting]
    lines += [(one, _("接收了的帮扶还没有登记结果"), _("登记结果")) for one in taken]
    note = _("本人同意您单位看到 %(day)s,到期就看不到了")
    return [
        Job(title, note % {"day": one.consent_until.isoformat()}, None, act, page("referral", one.pk)) for one, title, act in lines
    ]


def reviews(actor: Actor, on: date) -> list[Job]:
    if not actor.has_role(*BY_NAME):
        return []
    due = reads.reviews_due(actor, on, on + AHEAD).order_by("set_on", "pk")[:SHOWN]
    note = _("约定的日子:看需要什么帮助,写理由,听本人怎么说")
    found = [Job(_("帮扶评估到期"), note, until(one.set_on, on), _("去评估"), page("person-help", one.pk)) for one in due]
    return found + [_objection(one) for one in reads.objections(actor, on).order_by("objected_on", "pk")[:SHOWN]]


def _objection(review: SupportReview) -> Job:
    note = _("%(day)s 提出;由做评估的人以外的人答复") % {"day": review.objected_on.isoformat() if review.objected_on else ""}
    return Job(_("帮扶评估有本人异议,还没有答复"), note, None, _("去答复"), page("person-help", review.client_id))


def reviews_pressing(actor: Actor, on: date) -> Iterable[Tally | int]:
    if actor.has_role(*BY_NAME):
        yield Tally(reads.reviews_due(actor, on, on), most=SHOWN)

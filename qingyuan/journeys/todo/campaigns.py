"""What a campaign asks of a town on «today»: people not accounted for, people others say are here, people without a plan. No name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from qingyuan.journeys.todo.job import Job, page, until
from qingyuan.journeys.todo.tally import Tally
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.enums import Action, Role
from qingyuan.rehabilitation import campaigns as reads
from qingyuan.rehabilitation.models import Campaign

BY_NAME = (Role.CASEWORKER, Role.TOWN_SUPERVISOR)
#: A campaign that ended longer ago asks nothing any more; it stays on its page.
ASKS_AFTER_ITS_END = timedelta(days=60)
_CAMPAIGNS = Count("campaign_id", distinct=True)


def _running(actor: Actor, on: date) -> QuerySet[Any]:
    mine = reads.lines_visible(actor, on, Action.CHANGE)
    return mine.filter(campaign__starts_on__lte=on, campaign__ends_on__gte=on - ASKS_AFTER_ITS_END)


def jobs(actor: Actor, on: date) -> list[Job]:
    if not actor.has_role(*BY_NAME):
        return []
    mine = _running(actor, on)
    left = Counter(reads.open_only(mine).order_by().values_list("campaign_id", flat=True))
    unplanned = Counter(reads.without_plan(mine).order_by().values_list("campaign_id", flat=True))
    found: dict[Any, Campaign] = {one.pk: one for one in Campaign.objects.filter(pk__in={*left, *unplanned})}
    open_lines = [_left(found[pk], count, on) for pk, count in left.items()]
    return [*_offered(actor, on), *open_lines, *(_unplanned(found[pk], count, on) for pk, count in unplanned.items())]


def pressing(actor: Actor, on: date) -> Iterable[Tally | int]:
    """By campaign one line, whatever it counts: at most as many as there are campaigns whose last day has come."""
    if not actor.has_role(*BY_NAME):
        return
    late = _running(actor, on).filter(campaign__ends_on__lte=on)
    yield Tally(reads.open_only(late), of=_CAMPAIGNS)
    yield Tally(reads.without_plan(late), of=_CAMPAIGNS)


def _left(campaign: Campaign, count: int, on: date) -> Job:
    title = _("普查:还有 %(count)s 人没有核到") % {"count": count}
    note = _("%(title)s;每人记一种结果,找不到的写明找过哪里") % {"title": campaign.title}
    return Job(title, note, until(campaign.ends_on, on), _("去核"), page("campaign", campaign.pk), weight=count)


def _unplanned(campaign: Campaign, count: int, on: date) -> Job:
    title = _("帮教:还有 %(count)s 人没有个案计划") % {"count": count}
    note = _("四类帮助至少写一类打算做什么 · 戒毒条例第十八条")
    return Job(title, note, until(campaign.ends_on, on), _("去写"), page("campaign-plans", campaign.pk), weight=count)


def _offered(actor: Actor, on: date) -> list[Job]:
    count = reads.offered(actor, on).count()
    if not count:
        return []
    title = _("普查:别的乡镇说有 %(count)s 人在本单位,待签收") % {"count": count}
    return [Job(title, _("签收以前由对方负责;不在的写明查过什么"), None, _("去答复"), page("campaigns"), weight=count)]

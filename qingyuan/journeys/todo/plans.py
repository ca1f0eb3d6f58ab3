"""Plans on «today»: what the supervisor is to look at, and what came back to who wrote it. No name stands here."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.utils.translation import gettext as _

from qingyuan.foundation import clock
from qingyuan.journeys.todo.job import Job, page, until
from qingyuan.journeys.todo.tally import Tally
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.enums import Role
from qingyuan.rehabilitation import planning as reads
from qingyuan.rehabilitation.rules.plan import LOOK_WITHIN

BY_NAME = (Role.CASEWORKER, Role.TOWN_SUPERVISOR)
SHOWN = 20
WITHIN = timedelta(days=LOOK_WITHIN)


def jobs(actor: Actor, on: date) -> list[Job]:
    if not actor.has_role(*BY_NAME):
        return []
    return _to_look_at(actor, on) + _sent_back(actor, on)


def _to_look_at(actor: Actor, on: date) -> list[Job]:
    if not actor.has_role(Role.TOWN_SUPERVISOR):
        return []
    note = _("社工写好或改过的:同意,或者写明要改什么退回;同意以后本人看得到目标")
    found = reads.waiting(actor, on).order_by("written", "pk")[:SHOWN]
    return [
        Job(_("个案计划待您看"), note, until(clock.day_of(one.written) + WITHIN, on), _("去看"), page("person-plan", one.client_id)) for one in found
    ]


def _sent_back(actor: Actor, on: date) -> list[Job]:
    """Waits for nobody else and for no day: no law sets one."""
    note = _("专干写了要改什么;改好以后重新请专干看")
    found = reads.sent_back(actor, on).order_by("made_on", "pk")[:SHOWN]
    return [Job(_("个案计划退回来了"), note, None, _("去改"), page("person-plan", one.client_id)) for one in found]


def pressing(actor: Actor, on: date) -> Iterable[Tally | int]:
    if actor.has_role(Role.TOWN_SUPERVISOR):
        after = datetime.combine(on - WITHIN + timedelta(days=1), time.min, tzinfo=clock.ZONE)
        yield Tally(reads.waiting(actor, on).filter(written__lt=after), most=SHOWN)

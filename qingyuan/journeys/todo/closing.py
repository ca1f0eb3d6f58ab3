"""What closing asks of this person: a month to check, one to approve, one quoted and opened again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _

from qingyuan.foundation.enums import Compartment
from qingyuan.journeys.todo.job import Job, page, until
from qingyuan.journeys.todo.tally import Tally
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.enums import Action
from qingyuan.organisation.models import Division
from qingyuan.organisation.scope import in_own_scope, may
from qingyuan.reference import periods
from qingyuan.reference.period_words import period_label
from qingyuan.reference.periods import Period
from qingyuan.situation.enums import CloseState
from qingyuan.situation.queries import closing


def jobs(actor: Actor, on: date) -> list[Job]:
    """Only what stands in one's own place: nobody checks or approves the figures of another."""
    return [*_to_read(actor), *_to_approve(actor, on), *_to_check(actor, on)]


def pressing(actor: Actor, on: date) -> Iterable[Tally | int]:
    """Only the checking of last month has a day; before it nothing is asked."""
    month = periods.month(on).previous()
    if closing.check_by(month) > on:
        return
    yield len(_to_check(actor, on))


def _to_check(actor: Actor, on: date) -> list[Job]:
    """Last month, while nobody has declared it checked, once the places below have closed theirs; older ones are on the page."""
    place = Division.objects.filter(pk=actor.division_id or 0).first()
    if place is None or not _may(actor, Action.CREATE, place.pk, on):
        return []
    month = periods.month(on).previous()
    if closing.live([place.pk], [str(month)]) or closing.below_open(place, month, on):
        return []
    title = _("%(month)s的数字待核对关账") % {"month": period_label(month)}
    note = _("核对后由本级领导批准;以后登记到这个月的显示为补报")
    if back := closing.refusal(place, month):
        note = _("%(who)s 退回:%(why)s") % {"who": back.decided_by_name, "why": back.refusal}
    return [Job(title, note, until(closing.check_by(month), on), _("去核对"), page("closings"), place.name)]


def _to_approve(actor: Actor, on: date) -> list[Job]:
    asked = closing.closings_visible(actor, on).filter(state=CloseState.ASKED, division_id=actor.division_id or 0)
    return [
        Job(
            _("%(place)s %(month)s待批准关账") % {"place": close.division.name, "month": period_label(Period.parse(close.period))},
            _("%(who)s 核对") % {"who": close.asked_by_name},
            None,
            _("去批准"),
            page("closings"),
            close.division.name,
        )
        for close in asked
        if _may(actor, Action.APPROVE, close.division_id, on)
    ]


def _to_read(actor: Actor) -> list[Job]:
    return [
        Job(
            _("引用过的数字重新开账:%(place)s %(month)s")
            % {"place": notice.close.division.name, "month": period_label(Period.parse(notice.close.period))},
            f"{notice.quoted_in}:{notice.close.reopen_reason}",
            None,
            _("去看"),
            page("closings"),
            notice.close.division.name,
        )
        for notice in closing.notices_for(actor)
    ]


def _may(actor: Actor, action: Action, division_id: int, on: date) -> bool:
    compartment = Compartment.INTERNAL
    allowed = may(actor, action, compartment=compartment, ledger=closing.LEDGER, division_id=division_id, on=on)
    return allowed.allowed and in_own_scope(actor, division_id, on)

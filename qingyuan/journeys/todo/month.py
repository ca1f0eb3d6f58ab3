"""What a month asks for besides its closing: the circular, forms of other offices, towns not closed."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from qingyuan.casework.papers.permissions import may_draft
from qingyuan.journeys.todo.job import Job, page, until
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.enums import Role
from qingyuan.organisation.models import Division
from qingyuan.reference import periods
from qingyuan.reference.period_words import period_label
from qingyuan.reference.periods import Period
from qingyuan.situation import citing
from qingyuan.situation.queries import closing, forms

NAMED = 4


def jobs(actor: Actor, on: date) -> list[Job]:
    """What has no day of its own: the circular and the forms of other offices."""
    month = periods.month(on).previous()
    return [*_circular(actor, month, on), *_forms(actor, month, on)]


def others(actor: Actor, on: date) -> list[Job]:
    """Places below one's own that have not closed last month, as one line."""
    month = periods.month(on).previous()
    place = Division.objects.filter(pk=actor.division_id or 0).first()
    open_below = closing.below_open(place, month, on) if place else []
    if not open_below:
        return []
    title = _("%(count)d 个下级没有关账:%(month)s") % {"count": len(open_below), "month": period_label(month)}
    names = "、".join(one.name for one in open_below[:NAMED]) + ("……" if len(open_below) > NAMED else "")
    day = closing.check_by(month)
    return [Job(title, names, until(day, on), _("看是谁"), page("closings"), weight=len(open_below))]


def _circular(actor: Actor, month: Period, on: date) -> list[Job]:
    """Last month is closed and the office has not begun its circular."""
    if not actor.has_role(Role.COMMISSION_CLERK) or not may_draft(actor, on).allowed:
        return []
    place = Division.objects.filter(pk=actor.division_id or 0).first()
    if place is None or closing.closed_at(place.pk, month) is None or citing.drafted(place, month, actor.unit_id or 0):
        return []
    title = _("%(month)s已关账,通报还没有起草") % {"month": period_label(month)}
    note = _("“形势”页上点“起草通报公文”,所引的每个数字都登记在案")
    where = page("situation", query=f"division={place.code}&period={periods.ytd(month)}")
    return [Job(title, note, None, _("去起草"), where, place.name)]


def _forms(actor: Actor, month: Period, on: date) -> list[Job]:
    """Forms of other offices that wait for this person's unit: to bind, and to fill for last month."""
    found = [
        Job(
            _("来表待填:%(title)s %(month)s") % {"title": one.title, "month": period_label(month)},
            _("%(office)s来表 · 已绑定,选月份后一次填好") % {"office": one.sent_by},
            None,
            _("去填"),
            page("foreign-form", one.pk),
        )
        for one in forms.to_fill(actor, month, on)
    ]
    return found + [
        Job(
            _("来表待绑定:%(title)s") % {"title": one.title},
            _("%(office)s来表 · 绑定好存为模板,以后每月一次填好") % {"office": one.sent_by},
            None,
            _("接着绑定"),
            page("foreign-form-bind", one.pk),
        )
        for one in forms.to_bind(actor, on)
    ]

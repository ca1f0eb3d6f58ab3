"""What puts an account on a side of a wall, and when; asked before anything is added to it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import F
from django.utils.translation import gettext as _

from qingyuan.organisation.enums import Role
from qingyuan.organisation.models import Account, Unit
from qingyuan.organisation.policy import SIDE
from qingyuan.organisation.rules import Stay, across, unit_side


def of_role(role: Role, start: date, end: date | None) -> Stay:
    return Stay(SIDE[role], start, end, str(role.label))


def of_unit(unit: Unit, start: date, end: date | None) -> Stay:
    return Stay(unit_side(unit.kind, unit.zone), start, end, unit.label)


def stays_of(account: Account) -> list[Stay]:
    """The own unit for good, every role and every post with its days, those to come included."""
    found = [of_unit(account.unit, date.min, None)]
    found += [of_role(Role(grant.role), grant.start, grant.end) for grant in account.grants.all()]
    terms = account.terms.select_related("post__unit")
    found += [of_unit(term.post.unit, term.start, term.end) for term in terms]
    return found + _stood_in_for(account)


def _stood_in_for(account: Account) -> list[Stay]:
    """The roles of whoever the account acts for, while it does."""
    return [
        of_role(Role(grant.role), max(one.start, grant.start), one.end if grant.end is None else min(one.end, grant.end))
        for one in account.stand_ins.filter(end__gt=F("start")).select_related("absent")
        for grant in one.absent.grants.all()
        if grant.start < one.end and (grant.end is None or grant.end > one.start)
    ]


def refuse_across(new: Stay, others: Iterable[Stay], error: type[ValueError]) -> None:
    """Raise ``error`` when ``new`` would put the account on both sides of a wall on one day; says with what."""
    other = across(new, others)
    if other is None:
        return
    days = _("%(start)s 起") % {"start": new.start.isoformat()}
    if other.start != date.min:
        days = _("%(start)s 起") % {"start": max(new.start, other.start).isoformat()}
    raise error(
        _(
            "“%(new)s”与“%(other)s”在墙的两边(%(days)s同时担任):一个账号不能两边都站,借调也不行,请先结束一边,或另派他人。"
        )
        % {"new": new.what, "other": other.what, "days": days}
    )

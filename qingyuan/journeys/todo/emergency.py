"""Emergency looks on «today»: those one reviews as second person, and for inspectors how many there were."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _

from qingyuan.journeys.todo.job import Job, page, until
from qingyuan.journeys.todo.tally import Tally
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.models import EmergencyLook
from qingyuan.organisation.queries import emergency_digest, to_review


def jobs(actor: Actor, on: date) -> list[Job]:
    found = [
        Job(
            _("紧急查阅待复核:%(who)s") % {"who": look.account.name},
            _("第二人复核,两个工作日内;看事由、看了什么"),
            until(look.review_by, on),
            _("去复核"),
            page("emergency-look", look.pk),
            look.unit.label,
        )
        for look in to_review(actor)
    ]
    told = emergency_digest(actor, on)
    if told is None:
        return found
    note = _("待复核 %(waiting)s 次,其中逾期 %(late)s 次;有异议 %(complaints)s 次") % {
        "waiting": told.unreviewed,
        "late": told.overdue,
        "complaints": told.complaints,
    }
    title = _("近七天紧急查阅 %(count)s 次") % {"count": told.opened}
    return [*found, Job(title, note, None, _("看逐次"), page("emergency"))]


def pressing(actor: Actor, on: date) -> Iterable[Tally | int]:
    """A look past its day is rare: only then is it asked who reviews it."""
    if EmergencyLook.objects.unreviewed().filter(review_by__lte=on).exists():
        yield sum(1 for look in to_review(actor) if look.review_by <= on)

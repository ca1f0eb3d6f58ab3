"""Letters of responsibility (责任书) that wait for the signed page."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from qingyuan.governance.enums import LetterState
from qingyuan.governance.models import Letter
from qingyuan.governance.permissions import letters_visible
from qingyuan.journeys.todo.job import Job, page
from qingyuan.organisation.actor import Actor


def jobs(actor: Actor, on: date) -> list[Job]:
    own = letters_visible(actor, on).filter(state=LetterState.ISSUED, unit_id=actor.unit_id or 0)
    return [_job(letter, _("去签")) for letter in own]


def others(actor: Actor, on: date) -> list[Job]:
    issued = letters_visible(actor, on).filter(state=LetterState.ISSUED).exclude(unit_id=actor.unit_id or 0)
    return [_job(letter, _("查看")) for letter in issued]


def _job(letter: Letter, act: str) -> Job:
    note = _("%(number)s · %(day)s 制发,打印签字后把签字页传上来") % {
        "number": letter.number,
        "day": letter.issued_on.isoformat(),
    }
    title = _("责任书待签:%(title)s") % {"title": letter.title}
    return Job(title, note, None, act, page("letters"), letter.unit.label)

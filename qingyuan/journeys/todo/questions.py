"""Questions about patterns: for the office those to decide on, for a unit those to explain."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.foundation.words import said
from qingyuan.governance.models import PatternQuestion
from qingyuan.governance.permissions import may_answer_questions, may_decide_questions
from qingyuan.governance.queries import questions as reads
from qingyuan.journeys.todo.job import Job, page, until
from qingyuan.journeys.todo.tally import Tally
from qingyuan.organisation.actor import Actor

ACTS: Final = {
    "ask": gettext_lazy("去决定"),
    "answer": gettext_lazy("去说明"),
    "accept": gettext_lazy("看说明"),
    "settle": gettext_lazy("去核实"),
    "look_unanswered": gettext_lazy("催问或转核实"),
}


def jobs(actor: Actor, on: date) -> list[Job]:
    """One line a question on which it is this person's turn."""
    return [_job(one, actor, on) for one in reads.turns(actor, on)]


def pressing(actor: Actor, on: date) -> Iterable[Tally | int]:
    """Those the unit is to explain by today, and for the office those that were not explained by their day."""
    rows = PatternQuestion.objects.filter(state="asked")
    if may_answer_questions(actor, on).allowed:
        yield Tally(rows.filter(unit_id=actor.unit_id or 0, due_on__lte=on))
    if may_decide_questions(actor, on).allowed:
        yield Tally(rows.filter(issuer_id=actor.unit_id, due_on__lt=on))


def _job(one: reads.Turn, actor: Actor, on: date) -> Job:
    question = one.question
    mine = question.unit_id == actor.unit_id
    whose = question.issuer if mine else question.unit
    pattern = question.get_pattern_display()
    if mine:
        title = _("%(office)s请本单位说明:%(pattern)s") % {"office": whose.label, "pattern": pattern}
    else:
        title = _("数据问询 %(unit)s:%(pattern)s") % {"unit": whose.label, "pattern": pattern}
    state = said(reads.procedure().state(question.state).label)
    words = _("%(state)s · 只是问,不是结论") if mine else _("%(state)s · 由您决定,平台不会自己问")
    note = words % {"state": state} if question.state in ("asked", "proposed") else state
    left = until(question.due_on, on) if question.state == "asked" and question.due_on else None
    return Job(title, note, left, str(ACTS.get(one.step.code, said(one.step.label))), page("question", question.pk), whose.label)

"""What follows from a published result: to propose, to tell, to answer, to decide, to put right, to accept."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final
from uuid import UUID

from django.db.models import F, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.foundation.enums import Compartment
from qingyuan.foundation.words import said
from qingyuan.governance.enums import ConsequenceKind
from qingyuan.governance.models import AssessmentRound, Consequence
from qingyuan.governance.models.consequence import ConsequenceQuerySet
from qingyuan.governance.queries import rewards as reads
from qingyuan.governance.queries.rewards import Turn
from qingyuan.governance.rules.rewards import CONSEQUENCES, REPLIES
from qingyuan.journeys.todo.job import Job, page, until
from qingyuan.journeys.todo.tally import Tally
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.enums import Action
from qingyuan.organisation.scope import may

ACTS: Final = {
    "notify": gettext_lazy("去告知"),
    "reply": gettext_lazy("看规则、去陈述"),
    "submit": gettext_lazy("去呈报"),
    "decide": gettext_lazy("去决定"),
    "receive": gettext_lazy("去签收"),
    "report_repair": gettext_lazy("报送整改"),
    "reject": gettext_lazy("去答复"),
    "accept": gettext_lazy("去验收"),
    "expire": gettext_lazy("去办退出"),
    "close": gettext_lazy("去办结"),
}
MANY: Final = 3
"""So many entries of one step are one line."""


def jobs(actor: Actor, on: date) -> list[Job]:
    """One line an entry; of the same step of a round, from ``MANY`` on, one line for all."""
    if not AssessmentRound.objects.filter(state="published").exists():
        return []
    grouped: dict[tuple[UUID, str, date | None], list[Turn]] = {}
    for turn in reads.turns(actor, on):
        grouped.setdefault((turn.case.round_id, turn.step.code, reads.day_of_turn(turn)), []).append(turn)
    found: list[Job] = []
    for (_round, _step, day), turns in grouped.items():
        found += [_many(turns, day, on)] if len(turns) >= MANY and day is None else [_one(turn, day, on) for turn in turns]
    return [*found, *(_unproposed(round) for round in reads.unproposed(actor, on))]


def pressing(actor: Actor, on: date) -> Iterable[Tally | int]:
    """Statements, repairs, answers and endings due today or late; the same entries as ``jobs`` has with such a day."""
    unit = actor.unit_id or 0
    rows = Consequence.objects.all()
    if _may(actor, Action.CHANGE, REPLIES, unit, on):
        yield Tally(rows.filter(unit_id=unit, state="noticed", reply_by__lte=on))
        signed = Q(paper=None) | Q(received_on__isnull=False)
        yield Tally(_lasting(rows).filter(signed, unit_id=unit, ends_on__lte=on))
    changes = _may(actor, Action.CHANGE, CONSEQUENCES, unit, on)
    if changes or _may(actor, Action.APPROVE, CONSEQUENCES, unit, on):
        answering = rows.filter(issuer_id=unit, state="objected", answer_by__lte=on)
        yield Tally(answering.exclude(decided_by_id=actor.account_id))
    if changes:
        yield Tally(_lasting(rows).filter(issuer_id=unit, ending="date", ends_on__lt=on))


def _lasting(rows: ConsequenceQuerySet) -> ConsequenceQuerySet:
    return rows.filter(state="decided", decided_kind=F("kind")).exclude(ending="none")


def _may(actor: Actor, action: Action, subject: str, unit_id: int, on: date) -> bool:
    return may(actor, action, compartment=Compartment.INTERNAL, ledger=subject, unit_id=unit_id, division_id=0, on=on).allowed


def _one(turn: Turn, day: date | None, on: date) -> Job:
    case, step = turn.case, turn.step
    values = {"unit": case.unit.label, "kind": ConsequenceKind(case.stands_as).label, "step": said(step.label)}
    title = _("%(unit)s%(kind)s:%(step)s") % values
    note = _("规则 %(rule)s · %(text)s") % {"rule": case.rule, "text": said(case.rule_text)[:60]}
    left = until(day, on) if day is not None else None
    return Job(title, note, left, str(ACTS.get(step.code, said(step.label))), page("reward", case.pk), case.unit.label)


def _many(turns: list[Turn], day: date | None, on: date) -> Job:
    first = turns[0]
    label = said(first.step.label)
    title = _("%(year)s 年奖惩事项:%(count)d 项可以%(step)s") % {"year": first.case.round.year, "count": len(turns), "step": label}
    kinds = "、".join(dict.fromkeys(str(ConsequenceKind(one.case.kind).label) for one in turns))
    left = until(day, on) if day is not None else None
    act = str(ACTS.get(first.step.code, label))
    return Job(title, kinds, left, act, page("rewards", query=f"year={first.case.round.year}"), "", weight=len(turns))


def _unproposed(round: AssessmentRound) -> Job:
    title = _("%(year)s 年考核结果已经公布,按规则提出奖惩建议") % {"year": round.year}
    note = _("规则逐条对照公布的结果,提出以后由人告知和决定")
    return Job(title, note, None, _("去提出"), page("rewards", query=f"year={round.year}"), "")

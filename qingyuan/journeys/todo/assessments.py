"""The yearly assessment: whose turn it is in each letter, clauses to review, numbers to confirm, drawn rows to check, a round to publish."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.foundation.words import said
from qingyuan.governance.models import Assessment, AssessmentRound, Objection
from qingyuan.governance.queries import assessment_state as reads
from qingyuan.journeys.todo.job import Job, page, until
from qingyuan.journeys.todo.tally import Tally
from qingyuan.organisation.actor import Actor

ACTS: Final = {
    "file": gettext_lazy("去自评"),
    "notice": gettext_lazy("去告知"),
    "accept": gettext_lazy("看结果"),
    "answer": gettext_lazy("去答复"),
    "settle": gettext_lazy("去定稿"),
}
GATHERED: Final = ("notice", "settle", "start_review")
"""Steps of the office that a round with many letters shows as one line."""


def jobs(actor: Actor, on: date) -> list[Job]:
    """One line a letter for its unit, one a letter for its reviewers, one a round for the office."""
    if not _under_way():
        return []
    return [*_turns(actor, on), *_reviews(actor, on), *_numbers(actor, on), *_checks(actor, on), *_rounds(actor, on)]


def pressing(actor: Actor, on: date) -> Iterable[Tally | int]:
    """What is due today or late: the unit's own score, the time to object, answers, reviews past their day."""
    if not _under_way():
        return
    yield sum(1 for case, step in reads.turns(actor, on) if (day := _day(case, step.code)) is not None and day <= on)
    yield len({one.assessment_id for one in reads.to_review(actor, on) if one.assessment.round.review_by <= on})


def _under_way() -> bool:
    """Most days no round is under way, and then nothing more is asked."""
    return AssessmentRound.objects.filter(state="open").exists()


def _day(case: Assessment, step: str) -> date | None:
    if step == "file":
        return case.self_by
    if step == "accept":
        return case.object_by
    if step == "answer":
        days = Objection.objects.waiting().filter(assessment=case).values_list("answer_by", flat=True)
        return min(days, default=None)
    return None


def _turns(actor: Actor, on: date) -> list[Job]:
    found: list[Job] = []
    gathered: dict[tuple[UUID, str], list[Assessment]] = {}
    for case, step in reads.turns(actor, on):
        if step.code in GATHERED:
            gathered.setdefault((case.round_id, step.code), []).append(case)
            continue
        day = _day(case, step.code)
        words = _("%(year)s 年考核结果已告知%(unit)s:认可,或者提出异议") if step.code == "accept" else _("%(year)s 年考核评审:%(unit)s%(step)s")
        title = words % {"year": case.round.year, "unit": case.unit.label, "step": said(step.label)}
        note = f"{case.letter.number} · {said(reads.procedure().state(case.state).label)}"
        left = until(day, on) if day is not None else None
        found.append(Job(title, note, left, str(ACTS.get(step.code, said(step.label))), page("assessment", case.pk), case.unit.label))
    for (round_id, code), cases in gathered.items():
        label = said(reads.procedure().step(code).label)
        title = _("%(year)s 年考核评审:%(count)d 份责任书可以%(step)s") % {"year": cases[0].round.year, "count": len(cases), "step": label}
        names = "、".join(case.unit.label for case in cases[:3])
        found.append(Job(title, names, None, str(ACTS.get(code, label)), page("assessment-round", round_id), "", weight=len(cases)))
    return found


def _reviews(actor: Actor, on: date) -> list[Job]:
    waiting: dict[UUID, list[str]] = {}
    cases: dict[UUID, Assessment] = {}
    for one in reads.to_review(actor, on):
        waiting.setdefault(one.assessment_id, []).append(one.clause)
        cases[one.assessment_id] = one.assessment
    return [
        Job(
            _("%(year)s 年考核评审:评审%(unit)s的 %(count)d 个条款") % {"year": cases[pk].round.year, "unit": cases[pk].unit.label, "count": len(clauses)},
            _("条款 %(clauses)s") % {"clauses": "、".join(sorted(clauses)[:8])},
            until(cases[pk].round.review_by, on),
            _("去评审"),
            page("assessment", pk),
            cases[pk].unit.label,
        )
        for pk, clauses in waiting.items()
    ]


def _numbers(actor: Actor, on: date) -> list[Job]:
    found: dict[UUID, list[str]] = {}
    for entry in reads.to_confirm(actor, on):
        found.setdefault(entry.letter_id, []).append(entry.clause)
    cases = {
        case.letter_id: case
        for case in Assessment.objects.filter(letter__in=list(found), round__state="open").select_related("unit", "round")
    }
    return [
        Job(
            _("复核%(unit)s的 %(count)d 项人工认定") % {"unit": cases[pk].unit.label, "count": len(clauses)},
            _("条款 %(clauses)s;复核以后才计入得分") % {"clauses": "、".join(sorted(clauses)[:8])},
            None,
            _("去复核"),
            page("assessment", cases[pk].pk, query=f"open={sorted(clauses)[0]}"),
            cases[pk].unit.label,
        )
        for pk, clauses in found.items()
        if pk in cases
    ]


def _checks(actor: Actor, on: date) -> list[Job]:
    found: dict[UUID, int] = {}
    cases: dict[UUID, Assessment] = {}
    for item in reads.to_check(actor, on):
        case = item.frame.assessment
        found[case.pk] = found.get(case.pk, 0) + 1
        cases[case.pk] = case
    return [
        Job(
            _("现场核查%(unit)s抽中的 %(count)d 项") % {"unit": cases[pk].unit.label, "count": count},
            _("去看原件和现场,登记看到什么"),
            until(cases[pk].round.review_by, on),
            _("登记核查"),
            page("assessment", pk),
            cases[pk].unit.label,
        )
        for pk, count in found.items()
    ]


def _rounds(actor: Actor, on: date) -> list[Job]:
    """A round that is ready to be published, for its leader."""
    found = []
    for round in reads.rounds(actor, on):
        if round.state != "open":
            continue
        step = next((one for one in reads.round_steps_open_to(actor, round, on) if one.main), None)
        if step is not None:
            title = _("%(year)s 年考核评审%(step)s") % {"year": round.year, "step": said(step.label)}
            found.append(Job(title, _("各份责任书都已定稿"), None, _("去审定"), page("assessment-round", round.pk), ""))
    return found

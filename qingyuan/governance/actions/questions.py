"""The only writers of questions about patterns. A look lists what is unusual; a person decides to ask; nothing is scored by it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from qingyuan.casework.actions import procedures
from qingyuan.casework.actions.procedures import CaseMoved, Taking
from qingyuan.casework.papers.permissions import NotAllowed
from qingyuan.casework.procedures.declaration import Side
from qingyuan.casework.procedures.rules import Standing, StepRefused, clean_text
from qingyuan.foundation import clock
from qingyuan.governance.actions.kept_files import keep_files
from qingyuan.governance.enums import PatternKind
from qingyuan.governance.models import PatternLook, PatternQuestion, PatternRow, PictureSigns
from qingyuan.governance.permissions import question_conditions, question_standing
from qingyuan.governance.queries import patterns
from qingyuan.governance.queries.questions import offices
from qingyuan.governance.rules import copies, gaming
from qingyuan.governance.rules.questions import FILES, PROCEDURE, RANGE, looked_at
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.enums import Action
from qingyuan.organisation.models import Unit

__all__ = ["CaseMoved", "NotAllowed", "StepRefused"]
LOOKER: Final = Actor(account_id=None, username="upkeep", name="每月自动查看", unit_id=None)
"""Who lists what a look found: the machine, which may do nothing else with it."""


class LookedAlready(ValueError):
    """Somebody else is looking, or looked at this month already; the message says so."""


@dataclass(frozen=True)
class Listed:
    """One question as a look found it, before it is a row."""

    unit: int
    pattern: PatternKind
    subject: str
    seen: int
    of: int
    usual: float
    chance: float | None
    rows: tuple[str, ...]
    elsewhere: int = 0
    group: str = ""


class _Questions:
    """What the procedure engine asks of this room."""

    procedure = PROCEDURE
    ledger = RANGE

    def locked(self, case_id: UUID) -> PatternQuestion:
        rows = PatternQuestion.objects.select_for_update(of=("self",))
        return rows.select_related("unit", "issuer").get(pk=case_id)

    def standing(self, by: Actor, case: PatternQuestion, on: date) -> Standing:
        if by is LOOKER:
            return Standing(None, None, {Side.ISSUER: frozenset({Action.CREATE})}, frozenset())
        return question_standing(by, case, on)

    def conditions(self, case: PatternQuestion, on: date) -> frozenset[str]:
        return question_conditions(case, on)

    def before(self, case: PatternQuestion, taking: Taking) -> None:
        part = _PARTS.get(taking.step.code)
        if part is not None:
            part(case, taking)

    def snapshot(self, case: PatternQuestion) -> dict[str, Any]:
        days = {name: str(getattr(case, name) or "") for name in ("asked_on", "due_on", "answered_on", "ended_on")}
        return {"state": case.state, "pattern": case.pattern, "subject": case.subject, **days}

    def after(self, case: PatternQuestion, taking: Taking) -> None:
        """Nothing follows: no fact is published, so no figure and no score can count it."""


ROOM: Final = _Questions()


# --- looking -----------------------------------------------------------------------------------------------------------------
def look(*, on: date, again: bool = False, at: datetime | None = None) -> PatternLook:
    """Look at the twelve months before the month of ``on`` and list what is unusual and was not listed before.

    Once for each month, ``again`` to look once more: the same rows give the same question once. Reading takes a while and locks
    nothing; two that look at once count the same ``turn``, of which there is one. Raises LookedAlready.
    """
    first, last = looked_at(on)
    month = f"{last:%Y-%m}"
    turn = PatternLook.objects.filter(month=month).count() + 1
    if turn > 1 and not again:
        raise LookedAlready(_("%(month)s 已经看过;要再看一遍,加 --again。") % {"month": month})
    seen = patterns.gather(first, last)
    made = PatternLook(
        month=month, turn=turn, first_day=first, last_day=last, looked=seen.looked, at=at or clock.now()
    )
    return _kept(made, _found(seen), seen, on)


@transaction.atomic
def _kept(look: PatternLook, found: Sequence[Listed], seen: patterns.Seen, on: date) -> PatternLook:
    """The look and its questions, each listed for the office above the unit; a unit without one above is not asked."""
    units = {unit.pk: unit for unit in Unit.objects.filter(pk__in={one.unit for one in found}).select_related("division")}
    asking = offices(units.values(), on)
    listed = [one for one in found if one.unit in asking]
    look.found = len(listed)
    try:
        with transaction.atomic():
            look.save()
    except IntegrityError as error:
        raise LookedAlready(_("别处正在查看或刚刚看过,请刷新再看。")) from error
    PictureSigns.objects.bulk_create([PictureSigns(row=row, signs=signs) for row, signs in seen.opened.items()], ignore_conflicts=True)
    for one in listed:
        _list(one, units[one.unit], asking[one.unit], look, seen, look.at)
    return look


def _found(seen: patterns.Seen) -> list[Listed]:
    asked: dict[str, set[str]] = {}
    for pattern, row in PatternRow.objects.values_list("pattern", "row"):
        asked.setdefault(pattern, set()).add(row)
    # One set is enough for all three: a row of windows is never one of the typed.
    before = frozenset().union(*(asked.get(one.value, ()) for one in gaming.Pattern))
    found = [
        Listed(one.unit, PatternKind(one.pattern.value), one.subject, one.seen, one.of, one.usual, one.chance, one.rows)
        for one in gaming.of_subjects(seen.work, before)
        if one.rows
    ]
    found += [
        Listed(one.unit, PatternKind.COPIED, FILES, len(one.rows), max(one.of, len(one.rows)), 0.0, None, one.rows, one.elsewhere, one.group)
        for one in copies.copied(seen.files, asked.get(PatternKind.COPIED, set()))
    ]
    return found


def _list(one: Listed, unit: Unit, office: Unit, look: PatternLook, seen: patterns.Seen, at: datetime) -> None:
    question = PatternQuestion(
        look=look,
        unit=unit,
        division_id=unit.division_id,
        issuer=office,
        pattern=one.pattern,
        subject=one.subject,
        first_day=look.first_day,
        last_day=look.last_day,
        seen=one.seen,
        of=one.of,
        elsewhere=one.elsewhere,
        group=one.group,
        usual=one.usual,
        chance=one.chance,
        found_at=at,
    )
    procedures.begin(room=ROOM, case=question, by=LOOKER, at=at)
    for row in one.rows:
        facts = seen.facts.get(row, patterns.Facts(None, None))
        PatternRow(question=question, pattern=one.pattern, row=row, day=facts.day, at=facts.at).save()


# --- steps -------------------------------------------------------------------------------------------------------------------
def take(
    *,
    question: PatternQuestion,
    step: str,
    by: Actor,
    version: int | None = None,
    given: Mapping[str, Any] | None = None,
    at: datetime | None = None,
) -> PatternQuestion:
    """Take one step of the procedure. Raises CaseMoved, StepRefused, NotAllowed."""
    taken: PatternQuestion = procedures.take(room=ROOM, case=question, step=step, by=by, version=version, given=given, at=at)
    return taken


def _ask(question: PatternQuestion, taking: Taking) -> None:
    question.words = clean_text(str(taking.given.get("words") or ""), 500, _("另外想说的"), "words")


def _extend(question: PatternQuestion, taking: Taking) -> None:
    if question.due_on is not None and taking.given["due_on"] <= question.due_on:
        raise StepRefused(_("新的期限要晚于现在的期限 %(day)s。") % {"day": question.due_on.isoformat()}, "due_on")


def _answer(question: PatternQuestion, taking: Taking) -> None:
    question.answer = clean_text(str(taking.given["answer"]), 2000, _("情况说明"), "answer")
    keep_files(question, PROCEDURE, taking)


_PARTS: Final[Mapping[str, Callable[[PatternQuestion, Taking], None]]] = {
    "ask": _ask,
    "extend": _extend,
    "answer": _answer,
    "add": lambda question, taking: keep_files(question, PROCEDURE, taking),
}

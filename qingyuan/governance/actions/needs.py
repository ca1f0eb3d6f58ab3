"""The only writers of what units need of one another, and of a task's quarters with the rows that show them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from qingyuan.foundation import audit, clock
from qingyuan.foundation.enums import Compartment
from qingyuan.governance.actions.publishing import publish_need
from qingyuan.governance.enums import NeedState
from qingyuan.governance.models import TaskEvidence, UnitNeed, UnitNeedStep, UnitTask
from qingyuan.governance.permissions import NEEDS, NotAllowed, may_answer_need, may_ask_need, require
from qingyuan.governance.queries import needs as reads
from qingyuan.governance.rules.duty_plans import (
    NEED_STEPS,
    PROOFS,
    QUARTERS,
    NeedDays,
    names_a_person,
    quarter_due,
    same_day_of,
)
from qingyuan.ledgers import entering, registry
from qingyuan.ledgers import queries as ledger_queries
from qingyuan.ledgers.declaration import Draft, Writing
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.enums import Action
from qingyuan.organisation.models import Unit

TASKS = reads.TASKS


class NeedRefused(ValueError):
    """The need, its step or the quarter cannot be taken as it is; the message says what to do."""


@dataclass(frozen=True)
class Word:
    """What is said at a step. ``day``: the day promised or delivered."""

    words: str = ""
    day: date | None = None


@transaction.atomic
def ask(*, task: UnitTask, to_unit: Unit, what: str, due_on: date, by: Actor) -> UnitNeed:
    """Write into a task what it needs of another unit. Raises NeedRefused, NotAllowed."""
    today = clock.today()
    require(may_ask_need(by, task.unit_id, today))
    task = UnitTask.objects.select_for_update().select_related("unit", "plan").get(pk=task.pk)
    if task.done_on is not None:
        raise NeedRefused(_("这项任务已经完成。"))
    if to_unit.pk not in {unit.pk for unit in reads.receivers(task.unit, today)}:
        raise NeedRefused(_("这个单位没有人能在平台上答复,请另选,或者发函。"))
    if not today <= due_on <= date(task.plan.year + 1, 12, 31):
        raise NeedRefused(_("什么时候要,应在今天以后、计划年度的下一年以内。"))
    words = _checked(what, _("请写明需要什么。"))
    made = UnitNeed.objects.create(
        task=task,
        unit_id=task.unit_id,
        division_id=task.division_id,
        to_unit=to_unit,
        to_division_id=to_unit.division_id,
        what=words,
        due_on=due_on,
        asked_at=clock.now(),
        owed_on=NeedDays(NeedState.ASKED, today, due_on, None).owed_by,
    )
    _note(made, "ask", Word(words, due_on), by)
    _audit(made, "ask", by, None, words)
    publish_need(made)
    return made


@transaction.atomic
def step(*, need: UnitNeed, step: str, word: Word, by: Actor) -> UnitNeed:
    """One step of a need: promise, refuse, deliver (the unit asked), reopen, withdraw (who asks).

    Raises NeedRefused (also when somebody else was first), NotAllowed.
    """
    need = UnitNeed.objects.select_for_update().select_related("unit", "to_unit").get(pk=need.pk)
    today = clock.today()
    if step not in NEED_STEPS:
        raise NeedRefused(_("没有这一步。"))
    states, leads_to, asked_side = NEED_STEPS[step]
    require(
        may_answer_need(by, need, today) if asked_side else may_ask_need(by, need.unit_id, today, Action.CHANGE)
    )
    if need.state not in states:
        raise NeedRefused(_("这件事现在是“%(state)s”,不能这样办,请刷新再看。") % {"state": NeedState(need.state).label})
    words, day = _said(need, step, word, today)
    before = _snapshot(need)
    need.state = leads_to
    need.answered_at = need.answered_at or (clock.now() if asked_side else None)
    if step in ("promise", "reopen"):
        need.promised_on, need.met_on = day, None
    if step == "deliver":
        need.met_on = day
    need.owed_on = reads.days_of(need).owed_by
    need.save()
    _note(need, step, Word(words, day), by)
    _audit(need, step, by, before, words)
    publish_need(need)
    return need


def _said(need: UnitNeed, step: str, word: Word, today: date) -> tuple[str, date | None]:
    """The words and the day of a step, checked. Raises NeedRefused."""
    missing = {
        "refuse": _("不能配合要写明原因,提出的单位好另想办法。"),
        "deliver": _("请写明办到了什么:文号、份数、在哪里取。"),
        "reopen": _("请写明还缺什么。"),
        "withdraw": _("请写明为什么不需要了。"),
    }
    words = _checked(word.words, missing.get(step, ""))
    if step == "promise" and (word.day is None or word.day < today):
        raise NeedRefused(_("请写明哪一天能办到,不早于今天。"))
    if step == "reopen" and (word.day is None or word.day < today):
        raise NeedRefused(_("请写明希望哪一天补上,不早于今天。"))
    if step == "deliver":
        day = word.day or today
        if not clock.day_of(need.asked_at) <= day <= today:
            raise NeedRefused(_("办到的日期应在提出以后、今天以前。"))
        return words, day
    return words, word.day if step in ("promise", "reopen") else None


def _checked(text: str, missing: str) -> str:
    """Raises NeedRefused for nothing said where something must be, and for numbers of persons."""
    words = text.strip()[:300]
    if missing and not words:
        raise NeedRefused(missing)
    if names_a_person(words):
        raise NeedRefused(_("这里只写工作,不写身份证号、手机号;涉及个人的按移交办理。"))
    return words


@dataclass(frozen=True)
class Progress:
    """What is said of one quarter (1–4). ``rows``: ledger code and key of rows of one's own that show it; ``done_on`` and
    ``evidence`` where the task is finished by it."""

    quarter: int
    words: str
    rows: Sequence[tuple[str, UUID]] = ()
    done_on: date | None = None
    evidence: str = ""


@transaction.atomic
def report(*, task: UnitTask, progress: Progress, by: Actor) -> UnitTask:
    """Say how far a task is in a quarter, with the rows that show it. Raises NeedRefused, NotAllowed, RowChanged."""
    today = clock.today()
    row: Any = reads.task(by, today, task.pk, Action.CHANGE)
    if row is None:
        raise NotAllowed(_("这项任务由制定它的单位填进展。"))
    row.version = task.version  # what its writer read: writing.change refuses where somebody was faster
    last = min(quarter_due(row.plan.year, today) + 1, 4)
    if not 1 <= progress.quarter <= last:
        raise NeedRefused(_("这个季度还没有到。"))
    if not progress.words.strip():
        raise NeedRefused(_("请写一句:做了什么、还差什么。"))
    link(task=row, quarter=progress.quarter, rows=progress.rows, by=by)
    ledger = registry.get(TASKS)
    values = {column.name: column.value_of(row) for column in ledger.columns}
    values[QUARTERS[progress.quarter - 1]] = progress.words.strip()[:300]
    if progress.done_on is not None:
        shown = row.proofs.count()
        words = progress.evidence.strip() or (gettext_noop("关联台账 %(count)s 条") % {"count": shown} if shown else "")
        values |= {"done_on": progress.done_on, "evidence": words[:300]}
    draft = Draft(number=1, values=values, division_id=row.division_id, unit_id=row.unit_id, target_id=row.pk)
    if ledger.prepare is not None:
        ledger.prepare([draft], Writing(by=by, on=today))
    problems = [*draft.problems, *(ledger.check(values) if ledger.check else ())]
    if problems:
        raise NeedRefused(problems[0].message)
    entering.change(ledger, row, draft, Writing(by=by, on=today))
    return row  # type: ignore[no-any-return]


def link(*, task: UnitTask, quarter: int, rows: Collection[tuple[str, UUID]], by: Actor) -> int:
    """Link rows of the task's own unit to a quarter; returns how many were new. Inside the caller's transaction.

    Raises NeedRefused for a row that is not there, not the unit's own, or of a ledger that shows no work.
    """
    today, made = clock.today(), 0
    for code, row_id in rows:
        if code not in PROOFS:
            raise NeedRefused(_("这种台账不能作任务的依据。"))
        own = ledger_queries.rows(registry.get(code), by, today).filter(pk=row_id, unit_id=task.unit_id)
        if not own.exists():
            raise NeedRefused(_("要关联的台账行不在,或者不是本单位登记的。"))
        _link, new = TaskEvidence.objects.get_or_create(
            task=task, ledger=code, row_id=row_id, defaults={"quarter": quarter, "by_name": by.name, "at": clock.now()}
        )
        made += new
    return made


@transaction.atomic
def unlink(*, task: UnitTask, evidence_id: UUID, by: Actor) -> None:
    """Take back a link made by mistake; the row itself stays. Raises NeedRefused, NotAllowed."""
    row = reads.task(by, clock.today(), task.pk, Action.CHANGE)
    if row is None:
        raise NotAllowed(_("这项任务由制定它的单位填进展。"))
    found = TaskEvidence.objects.filter(pk=evidence_id, task=row).first()
    if found is None:
        raise NeedRefused(_("这条关联已经取消。"))
    before = {"ledger": found.ledger, "row": str(found.row_id), "quarter": found.quarter}
    found.delete()
    audit.record_write(
        by=by,
        act="unit_tasks.unlink",
        ledger=TASKS,
        rows=[audit.RowDelta(row_id=row.pk, compartment=Compartment.INTERNAL, before=before, after=None)],
        division_id=row.division_id,
    )


@transaction.atomic
def take_duties(*, year: int, texts: Collection[str], by: Actor) -> int:
    """Make tasks of one's own plan from duties offered to one's kind of unit; those already there are left. Returns how many.

    Raises NeedRefused where no plan of the year is registered or nothing was chosen, NotAllowed.
    """
    today = clock.today()
    require(entering.allowed(registry.get(TASKS), by, Action.CREATE, today))
    chosen = [duty for duty in reads.offered_duties(by, year, today) if duty.task in set(texts)]
    if not chosen:
        raise NeedRefused(_("请先勾选要列入计划的任务。"))
    lines = [
        {"duty": duty.article, "task": duty.task, "done_when": duty.done_when, "due_on": duty.due_on(year)} for duty in chosen
    ]
    return _add(year, lines, by)


@transaction.atomic
def carry(*, year: int, ids: Collection[UUID], by: Actor) -> int:
    """Take tasks that the year before did not finish into the plan of ``year``, due on the same day of it. Returns how many.

    Raises NeedRefused where no plan of the year is registered or nothing was chosen, NotAllowed.
    """
    today = clock.today()
    require(entering.allowed(registry.get(TASKS), by, Action.CREATE, today))
    chosen = [row for row in reads.left_over(by, year, today) if row.pk in ids]
    if not chosen:
        raise NeedRefused(_("请先勾选要转入的任务。"))
    lines = [
        {"duty": row.duty, "task": row.task, "done_when": row.done_when, "due_on": same_day_of(year, row.due_on)} for row in chosen
    ]
    return _add(year, lines, by)


def _add(year: int, lines: Sequence[dict[str, Any]], by: Actor) -> int:
    """New tasks at the end of the plan of one's own unit. Raises NeedRefused for what its ledger does not take."""
    today, ledger = clock.today(), registry.get(TASKS)
    items = [row.item for row in reads.tasks(by, today, year).filter(unit_id=by.unit_id or 0)]
    first = max(items, default=0) + 1
    drafts = [
        Draft(
            number=number,
            values={"year": year, "item": first + number - 1, **line, **dict.fromkeys(QUARTERS, ""), "done_on": None, "evidence": ""},
            division_id=by.division_id,
            unit_id=by.unit_id or 0,
        )
        for number, line in enumerate(lines, start=1)
    ]
    writing = Writing(by=by, on=today)
    if ledger.prepare is not None:
        ledger.prepare(drafts, writing)
    problems = [problem for draft in drafts for problem in (*draft.problems, *(ledger.check(draft.values) if ledger.check else ()))]
    if problems:
        raise NeedRefused(problems[0].message)
    return len(ledger.create(drafts=drafts, writing=writing))


def _note(need: UnitNeed, step: str, word: Word, by: Actor) -> None:
    UnitNeedStep.objects.create(
        need=need, step=step, words=word.words, day=word.day, by_name=by.name, unit_id=by.unit_id, at=clock.now()
    )


def _snapshot(need: UnitNeed) -> dict[str, Any]:
    return {
        "state": str(need.state),
        "due_on": str(need.due_on),
        "promised_on": str(need.promised_on or ""),
        "met_on": str(need.met_on or ""),
    }


def _audit(need: UnitNeed, act: str, by: Actor, before: dict[str, Any] | None, reason: str) -> None:
    delta = audit.RowDelta(row_id=need.pk, compartment=Compartment.INTERNAL, before=before, after=_snapshot(need))
    audit.record_write(
        by=by, act=f"unit_needs.{act}", ledger=NEEDS, rows=[delta], division_id=need.division_id, reason=reason[:200]
    )

"""The only writers of dues."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from qingyuan.casework.enums import DueKind, Outcome
from qingyuan.casework.facts import TEST_DUES
from qingyuan.casework.handovers.queries import passed_on
from qingyuan.casework.handovers.rules import stood_at
from qingyuan.casework.models import Due
from qingyuan.casework.rules import Done, Slot, match, needed
from qingyuan.foundation import audit, clock
from qingyuan.foundation.enums import Compartment
from qingyuan.ledgers import publishing
from qingyuan.organisation.actor import Actor
from qingyuan.reference.catalogue import get_list

CHUNK = 500


FOUND: Final = ("found", "found_at", "found_by_id", "found_by_name")
FINDINGS: Final = "missed_test_findings"


class CannotExcuse(ValueError):
    """The due cannot be closed as a lawful absence; the message says why."""


class CannotSay(ValueError):
    """What came of a window cannot be said: it is not a missed one, or the finding is none of the list. The message says why."""


@transaction.atomic
def generate(*, dues: Sequence[Due], by: Actor) -> list[Due]:
    """Add ``dues`` that are not there yet (same subject, kind, schedule and position) and publish them.

    One that is there with another window or in another place is moved: a corrected report day moves its windows. What closed
    or was answered before its measure was handed over to another unit stays where it was. Returns the added ones.
    """
    at = clock.now()
    subjects = {due.subject_id for due in dues}
    present = {_place(due): due for due in Due.objects.filter(subject_id__in=subjects)}
    _keep_what_is_past(dues, present, subjects)
    fresh = [due for due in dues if _place(due) not in present]
    Due.objects.bulk_create(fresh, batch_size=CHUNK)
    publishing.publish(TEST_DUES, fresh, at=at, known=False)
    if fresh:
        audit.record_write(by=by, act="dues.generate", ledger="test-dues", rows=[], summary=f"+{len(fresh)}")
    _move([(present[_place(due)], due) for due in dues if _place(due) in present], by)
    return fresh


def _keep_what_is_past(
    dues: Sequence[Due], present: Mapping[tuple[UUID, str, str, int], Due], subjects: Collection[UUID]
) -> None:
    """Put wanted dues of the past back to the unit that owned the measure then, and to no caseworker of it."""
    passed = passed_on(subjects)
    for due in dues if passed else ():
        stands = present.get(_place(due))
        then = stood_at(
            passed.get(due.subject_id, ()), closes=due.closes_on, done=stands.done_on if stands else None
        )
        if then is not None:
            due.division_id, due.unit_id, due.caseworker_id = then.division_id, then.unit_id, None


def _move(pairs: Iterable[tuple[Due, Due]], by: Actor) -> None:
    """Bring dues that stand to the window and place of those that are wanted."""
    moved: list[Due] = []
    deltas: list[audit.RowDelta] = []
    for due, wanted in pairs:
        before, after = _window(due), _window(wanted)
        if before == after:
            continue
        if (due.opens_on, due.closes_on) != (wanted.opens_on, wanted.closes_on):
            due.forget_finding()
        due.opens_on, due.closes_on, due.version = wanted.opens_on, wanted.closes_on, due.version + 1
        due.division_id, due.unit_id = wanted.division_id, wanted.unit_id
        moved.append(due)
        deltas.append(_delta(due, before, after))
    if not moved:
        return
    fields = ["opens_on", "closes_on", "division", "unit", "version", *FOUND]
    Due.objects.bulk_update(moved, fields, batch_size=CHUNK)
    publishing.publish(TEST_DUES, moved, at=clock.now())
    audit.record_write(by=by, act="dues.move", ledger="test-dues", rows=deltas, summary=f"{len(deltas)}")


@transaction.atomic
def settle(
    *,
    subjects: Mapping[UUID, date | None],
    events: Mapping[UUID, Iterable[Done]],
    by: Actor,
    scheduled: Mapping[UUID, Collection[int]] | None = None,
    kind: DueKind = DueKind.TEST,
) -> int:
    """Bring the dues of ``subjects`` (measure id → day it ended, or None) in line with ``events``. Returns how many changed.

    Idempotent: the outcome follows from the rows alone, so it can be repeated after any correction.
    A lawful absence stands unless a test answers the window after all. ``scheduled``: the positions each subject's
    schedule still asks for (None = all that stand); the rest is cancelled and takes no test from another window.
    """
    at = clock.now()
    changed: list[Due] = []
    deltas: list[audit.RowDelta] = []
    for subject_id, dues in _dues_by_subject(subjects, kind).items():
        wanted = {due.pk for due in dues if scheduled is None or due.position in scheduled.get(subject_id, ())}
        slots = {due.pk: Slot(due.pk, due.opens_on, due.closes_on) for due in dues}
        answered = match([slot for pk, slot in slots.items() if pk in wanted], events.get(subject_id, ()))
        for due in dues:
            before = _snapshot(due)
            reason = "" if due.pk in wanted else "not-scheduled"
            if not reason and not needed(slots[due.pk], subjects[subject_id]):
                reason = "measure-ended"
            _decide(due, answered.get(due.pk), reason)
            after = _snapshot(due)
            if before != after:
                due.version += 1
                changed.append(due)
                deltas.append(_delta(due, before, after))
    fields = ["outcome", "done_on", "done_by_row_id", "closed_reason", "version", *FOUND]
    Due.objects.bulk_update(changed, fields, batch_size=CHUNK)
    publishing.publish(TEST_DUES, changed, at=at)
    if deltas:
        audit.record_write(by=by, act="dues.settle", ledger="test-dues", rows=deltas, summary=f"{len(deltas)}")
    return len(changed)


@transaction.atomic
def excuse(*, due: Due, paper_seen_by: str, by: Actor) -> None:
    """Close an unanswered window as a lawful absence. Which reason it was stays out of here (issue: help compartment)."""
    if due.outcome not in {Outcome.OPEN, Outcome.EXCUSED}:
        raise CannotExcuse(_("这一次已经有结果,不能再登记合法缺席。"))
    if not paper_seen_by.strip():
        raise CannotExcuse(_("请写明凭证由谁查看。"))
    before = _snapshot(due)
    due.outcome, due.closed_reason, due.paper_seen_by = Outcome.EXCUSED, "lawful-absence", paper_seen_by.strip()[:40]
    due.forget_finding()
    due.version += 1
    due.save(update_fields=["outcome", "closed_reason", "paper_seen_by", "version", *FOUND])
    publishing.publish(TEST_DUES, [due], at=clock.now())
    audit.record_write(
        by=by,
        act="dues.excuse",
        ledger="test-dues",
        rows=[_delta(due, before, _snapshot(due))],
        division_id=due.division_id,
    )


@transaction.atomic
def look_into(*, due: Due, found: str, by: Actor) -> Due:
    """Say what came of a missed window: a code of ``missed_test_findings``; said again it replaces what stood, and the log has both.

    The window stays missed in every figure and score: only the list of what waits for somebody is shorter by it. Why somebody was away
    is none of the codes (it belongs to the help compartment), and that it was a refusal is said on the clock that counts them.
    Raises CannotSay."""
    held = Due.objects.select_for_update(of=("self",)).get(pk=due.pk)
    if held.outcome != Outcome.OPEN or held.closes_on > clock.today():
        raise CannotSay(_("这一次没有缺检:窗口还没有过去,或者已经有结果。"))
    if found not in {code.code for code in get_list(FINDINGS)}:
        raise CannotSay(_("请选查明的情况。"))
    before = _snapshot(held)
    held.found, held.found_at, held.found_by_id, held.found_by_name = found, clock.now(), by.account_id, by.name[:40]
    held.version += 1
    held.save(update_fields=[*FOUND, "version"])
    audit.record_write(
        by=by, act="dues.look_into", ledger="test-dues", rows=[_delta(held, before, _snapshot(held))], division_id=held.division_id
    )
    return held


@transaction.atomic
def withdraw_excuse(*, due: Due, reason: str, by: Actor) -> None:
    """Take a lawful absence back (entered by mistake); the window counts again."""
    if due.outcome != Outcome.EXCUSED:
        raise CannotExcuse(_("这一次没有登记合法缺席。"))
    before = _snapshot(due)
    due.outcome, due.closed_reason, due.paper_seen_by = Outcome.OPEN, "", ""
    due.version += 1
    due.save(update_fields=["outcome", "closed_reason", "paper_seen_by", "version"])
    publishing.publish(TEST_DUES, [due], at=clock.now())
    audit.record_write(
        by=by,
        act="dues.withdraw_excuse",
        ledger="test-dues",
        rows=[_delta(due, before, _snapshot(due))],
        division_id=due.division_id,
        reason=reason,
    )


@transaction.atomic
def reassign(*, subjects: Iterable[UUID], caseworker_id: int | None, unit_id: int) -> int:
    """Dues of a unit follow their person to another caseworker; the caller's audit entry says why. Returns how many moved."""
    ids = list(subjects)
    return sum(
        Due.objects.filter(subject_id__in=ids[start : start + CHUNK], unit_id=unit_id).update(
            caseworker_id=caseworker_id
        )
        for start in range(0, len(ids), CHUNK)
    )


@transaction.atomic
def leave_behind(*, subjects: Iterable[UUID], unit_id: int) -> int:
    """What stayed with a former unit when its person went on to ``unit_id`` is its supervisor's from then on, no caseworker's.
    Returns how many that were."""
    ids = list(subjects)
    return sum(
        Due.objects.filter(subject_id__in=ids[start : start + CHUNK])
        .exclude(unit_id=unit_id)
        .update(caseworker_id=None)
        for start in range(0, len(ids), CHUNK)
    )


def _dues_by_subject(subjects: Mapping[UUID, date | None], kind: DueKind) -> dict[UUID, list[Due]]:
    found: dict[UUID, list[Due]] = {}
    ids = list(subjects)
    for start in range(0, len(ids), CHUNK):
        for due in Due.objects.filter(subject_id__in=ids[start : start + CHUNK], kind=kind):
            found.setdefault(due.subject_id, []).append(due)
    return found


def _decide(due: Due, answer: Done | None, not_needed: str) -> None:
    """``not_needed``: why nobody has to answer the window; empty = it has to be answered."""
    if answer is not None or not_needed:
        due.forget_finding()
    if answer is not None:
        due.outcome, due.done_on, due.done_by_row_id, due.closed_reason = Outcome.DONE, answer.day, answer.row_id, ""
        return
    due.done_on, due.done_by_row_id = None, None
    if not_needed:
        due.outcome, due.closed_reason = Outcome.CANCELLED, not_needed
    elif due.outcome != Outcome.EXCUSED:
        due.outcome, due.closed_reason = Outcome.OPEN, ""


def _place(due: Due) -> tuple[UUID, str, str, int]:
    """What makes a due the same one, whatever its window: subject, kind, schedule and position."""
    return (due.subject_id, str(due.kind), due.schedule, due.position)


def _window(due: Due) -> dict[str, object]:
    return {
        "opens_on": due.opens_on.isoformat(),
        "closes_on": due.closes_on.isoformat(),
        "division_id": due.division_id,
        "unit_id": due.unit_id,
    }


def _snapshot(due: Due) -> dict[str, object]:
    return {
        "outcome": str(due.outcome),
        "done_on": due.done_on.isoformat() if due.done_on else None,
        "done_by_row_id": str(due.done_by_row_id) if due.done_by_row_id else None,
        "closed_reason": due.closed_reason,
        "paper_seen_by": due.paper_seen_by,
        "found": due.found,
    }


def _delta(due: Due, before: dict[str, object], after: dict[str, object]) -> audit.RowDelta:
    return audit.RowDelta(
        row_id=due.pk,
        compartment=Compartment.COMMUNITY,
        before=before,
        after=after,
        personal=frozenset({"paper_seen_by"}),
    )

"""What moves a case along a declared procedure: the lock, the check against the table, the step log, the audit entry.

A room says what its cases are (``Room``); nothing else writes a state. Two people acting at once: the case is locked, the
version each of them had open is compared, and the position in the log is unique; the second is told to look again.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol
from uuid import UUID

from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from qingyuan.casework.models import ProcedureStep
from qingyuan.casework.papers.permissions import NotAllowed
from qingyuan.casework.procedures.declaration import TODAY, FieldKind, Procedure, Step
from qingyuan.casework.procedures.loading import get_procedure
from qingyuan.casework.procedures.rules import Past, Standing, StepRefused, has_right, kept_apart, may_step, read_given
from qingyuan.foundation import audit, clock
from qingyuan.foundation.enums import Compartment
from qingyuan.foundation.fields import encrypted_names
from qingyuan.organisation.actor import Actor


class CaseMoved(StepRefused):
    """Somebody else took the case on since it was read."""

    def __init__(self) -> None:
        super().__init__(_("这件事刚被别人办过,请刷新页面,看过最新状态再办。"))


@dataclass(frozen=True)
class Taking:
    """One step on its way: what the room needs to know to do its part."""

    step: Step
    given: dict[str, Any]
    by: Actor
    at: datetime
    note: Mapping[str, Any]

    @property
    def on(self) -> date:
        return clock.day_of(self.at)


class Room(Protocol):
    """What a room tells about its cases. A case has ``pk``, ``state``, ``version``, ``division_id``, ``issuer_id``, ``unit_id``."""

    procedure: str
    ledger: str

    def locked(self, case_id: UUID) -> Any:
        """The case as the database has it, locked until the transaction ends."""

    def standing(self, by: Actor, case: Any, on: date) -> Standing: ...

    def conditions(self, case: Any, on: date) -> frozenset[str]: ...

    def before(self, case: Any, taking: Taking) -> None:
        """The room's own part, before the state moves: papers, files. May raise StepRefused."""

    def snapshot(self, case: Any) -> dict[str, Any]:
        """The case's values as the audit keeps them."""

    def after(self, case: Any, taking: Taking) -> None:
        """What follows once the case is stored: facts."""


@transaction.atomic
def begin(*, room: Room, case: Any, by: Actor, at: datetime | None = None) -> Any:
    """Store a new case with its first step. Raises StepRefused, NotAllowed."""
    procedure, moment = get_procedure(room.procedure), at or clock.now()
    step = procedure.beginning
    taking = Taking(step, {}, by, moment, {})
    _require(procedure, step, "", room.standing(by, case, taking.on), (), frozenset())
    room.before(case, taking)
    case.state = step.to
    case.save(force_insert=True)
    _log(procedure, case, taking, "")
    _audit(room, case, taking, None, {})
    room.after(case, taking)
    return case


@transaction.atomic
def take(
    *,
    room: Room,
    case: Any,
    step: str,
    by: Actor,
    version: int | None = None,
    given: Mapping[str, Any] | None = None,
    note: Mapping[str, Any] | None = None,
    at: datetime | None = None,
) -> Any:
    """Take one step of a case; the case as it is then. ``version``: the one that was open on the page (None: whatever is there).

    ``note``: what the room's own part is given besides the declared fields. Raises CaseMoved, StepRefused, NotAllowed.
    """
    procedure, moment = get_procedure(room.procedure), at or clock.now()
    declared = procedure.step(step)
    held = room.locked(case.pk)
    if version is not None and held.version != version:
        raise CaseMoved
    on = clock.day_of(moment)
    past = past_of(procedure.code, held.pk)
    _require(procedure, declared, held.state, room.standing(by, held, on), past, room.conditions(held, on))
    taking = Taking(declared, read_given(declared, given or {}, on), by, moment, note or {})
    before, was = room.snapshot(held), str(held.state)
    room.before(held, taking)
    _set_days(held, taking)
    held.state = declared.after(held.state)
    held.version += 1
    held.save()
    _log(procedure, held, taking, was)
    _audit(room, held, taking, before, room.snapshot(held))
    room.after(held, taking)
    return held


def past_of(procedure: str, case_id: UUID) -> tuple[Past, ...]:
    """The steps a case took, the oldest first, as the rules read them."""
    return pasts_of(procedure, [case_id]).get(case_id, ())


def pasts_of(procedure: str, case_ids: Collection[UUID]) -> dict[UUID, tuple[Past, ...]]:
    """The steps of many cases at once."""
    if not case_ids:
        return {}
    rows = ProcedureStep.objects.filter(procedure=procedure, subject_id__in=list(case_ids)).order_by("position")
    found: dict[UUID, list[Past]] = {}
    for subject, step, by_id, unit_id in rows.values_list("subject_id", "step", "by_id", "by_unit_id"):
        found.setdefault(subject, []).append(Past(step, by_id, unit_id))
    return {subject: tuple(steps) for subject, steps in found.items()}


def _require(
    procedure: Procedure,
    step: Step,
    state: str,
    standing: Standing,
    past: Sequence[Past],
    conditions: frozenset[str],
) -> None:
    """A step that is somebody else's is not allowed; one that cannot be taken as things stand is refused."""
    decision = may_step(procedure, step.code, state, standing, past=past, conditions=conditions)
    if decision.allowed:
        return
    for duty in (has_right(procedure, step, standing), kept_apart(procedure, step, standing, past)):
        if not duty.allowed:
            raise NotAllowed(duty.reason)
    raise StepRefused(decision.reason)


def _set_days(case: Any, taking: Taking) -> None:
    for day, origin in taking.step.sets:
        setattr(case, day, taking.on if origin == TODAY else taking.given[origin])


def _log(procedure: Procedure, case: Any, taking: Taking, was: str) -> None:
    taken = ProcedureStep.objects.filter(procedure=procedure.code, subject_id=case.pk).count()
    ProcedureStep.objects.create(
        procedure=procedure.code,
        subject_id=case.pk,
        position=taken + 1,
        step=taking.step.code,
        from_state=was,
        to_state=case.state,
        by_id=taking.by.account_id,
        by_name=taking.by.name[:40],
        by_unit_id=taking.by.unit_id,
        by_unit=taking.by.unit_name[:80],
        at=taking.at,
        given=json.dumps(_plain(taking), ensure_ascii=False) if taking.step.needs else "",
    )


def _plain(taking: Taking) -> dict[str, Any]:
    """What was filled in, for keeping: days as text, files by how many."""
    kept: dict[str, Any] = {}
    for field in taking.step.needs:
        value = taking.given.get(field.name)
        if field.kind is FieldKind.FILES:
            value = len(value or ())
        elif isinstance(value, date):
            value = value.isoformat()
        if value not in (None, "", 0):
            kept[field.name] = value
    return kept


def _audit(room: Room, case: Any, taking: Taking, before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> None:
    model: type[Model] = type(case)
    now = after or room.snapshot(case)
    changed = now if before is None else {name: value for name, value in now.items() if before.get(name) != value}
    delta = audit.RowDelta(
        row_id=case.pk,
        compartment=Compartment.INTERNAL,
        before=None if before is None else {name: before.get(name) for name in changed},
        after=changed,
        personal=encrypted_names(model) & set(changed),
    )
    audit.record_write(
        by=taking.by,
        act=f"{room.ledger}.{taking.step.code}",
        ledger=room.ledger,
        rows=[delta],
        division_id=case.division_id,
        reason=str(taking.given.get("reason") or "")[:200],
        summary=str(case.state),
    )

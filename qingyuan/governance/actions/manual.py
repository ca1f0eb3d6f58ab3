"""The only writers of numbers given by hand: with a reason, and counted only after a second person has confirmed them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from qingyuan.foundation import audit, clock
from qingyuan.foundation.enums import Compartment
from qingyuan.governance.models import Letter, ManualEntry
from qingyuan.governance.permissions import may_confirm_entry, may_decide_points, may_give_number, require
from qingyuan.governance.queries.schemes import scheme_of
from qingyuan.governance.scoring.clauses import by_hand_key, decided_key
from qingyuan.governance.scoring.refs import parse_ref
from qingyuan.governance.scoring.scheme import WhenEmpty
from qingyuan.organisation.actor import Actor

LEDGER = "letters"


class EntryRefused(ValueError):
    """The number cannot be given, confirmed or withdrawn; the message says what to do."""


def manual_keys(letter: Letter, on: date) -> dict[str, str]:
    """The inputs of the letter's scheme that people answer: key → clause id."""
    scheme = scheme_of(letter.scheme)
    refs = (
        (parse_ref(text, clause=clause.id, name=name), clause.id)
        for clause in scheme.clauses()
        if clause.in_force(on)
        for name, text in clause.inputs.items()
    )
    keys = {ref.key: clause_id for ref, clause_id in refs if ref.source == "manual"}
    by_hand = [clause for clause in scheme.clauses() if clause.in_force(on) and clause.when_empty is WhenEmpty.MANUAL]
    return {**keys, **{by_hand_key(clause): clause.id for clause in by_hand}}


def decided_keys(letter: Letter, on: date) -> dict[str, str]:
    """The keys under which an assessment gives clauses other points than were computed: key → clause id. No veto has one."""
    scheme = scheme_of(letter.scheme)
    clauses = [clause for group in scheme.groups for clause in group.clauses if clause.in_force(on) and not clause.refused]
    return {decided_key(clause): clause.id for clause in clauses}


@transaction.atomic
def enter(
    *,
    letter: Letter,
    key: str,
    value: Decimal,
    reason: str,
    by: Actor,
    holds_from: date | None = None,
    at: datetime | None = None,
) -> ManualEntry:
    """Give the number for ``key`` («manual:知晓率调查»; «manual:1.1/points»: points an assessment decided).

    Raises EntryRefused, NotAllowed.
    """
    today = clock.today()
    day = holds_from or today
    clause = manual_keys(letter, day).get(key)
    decided = decided_keys(letter, day).get(key) if clause is None else None
    require(may_give_number(by, letter, clause or decided or "", today))
    _refuse_published(letter)
    if decided is not None:
        require(may_decide_points(letter))
        clause = decided
    if clause is None:
        raise EntryRefused(_("考核办法里没有要人工评定的“%(key)s”。") % {"key": key})
    if not reason.strip():
        raise EntryRefused(_("人工评定要写明理由和依据。"))
    if not value.is_finite() or value < 0:
        raise EntryRefused(_("评定数不能小于 0。"))
    try:
        with transaction.atomic():
            entry = ManualEntry.objects.create(
                letter=letter,
                clause=clause,
                key=key,
                value=value,
                reason=reason.strip()[:300],
                holds_from=day,
                by_id=by.account_id,
                by_name=by.name,
                entered_at=at or clock.now(),
            )
    except IntegrityError as error:
        raise EntryRefused(_("这一项已有评定；要改请先撤回原评定。")) from error
    _audit(entry, "enter", by, None, _snapshot(entry), reason)
    return entry


@transaction.atomic
def review(*, entry: ManualEntry, by: Actor, at: datetime | None = None) -> ManualEntry:
    """Confirm a number as the second person; from now on it counts. Raises EntryRefused, NotAllowed."""
    require(may_confirm_entry(by, entry, clock.today()))
    _refuse_published(entry.letter)
    if by.account_id is None or by.account_id == entry.by_id:
        raise EntryRefused(_("评定人不能复核自己的评定，请换一人复核。"))
    changed = ManualEntry.objects.filter(pk=entry.pk, reviewed_at=None, withdrawn_at=None).update(
        reviewed_by_id=by.account_id, reviewed_by_name=by.name, reviewed_at=at or clock.now()
    )
    if not changed:
        raise EntryRefused(_("这项评定已经复核或撤回。"))
    before = _snapshot(entry)
    entry.refresh_from_db()
    _audit(entry, "review", by, before, _snapshot(entry), "")
    return entry


@transaction.atomic
def withdraw(*, entry: ManualEntry, reason: str, by: Actor, at: datetime | None = None) -> ManualEntry:
    """Take a number back with the reason; it stays readable and no longer counts. Raises EntryRefused, NotAllowed."""
    require(may_give_number(by, entry.letter, entry.clause, clock.today()))
    _refuse_published(entry.letter)
    if not reason.strip():
        raise EntryRefused(_("撤回要写明理由。"))
    before = _snapshot(entry)
    changed = ManualEntry.objects.filter(pk=entry.pk, withdrawn_at=None).update(
        withdrawn_at=at or clock.now(), withdrawn_by_name=by.name, withdrawn_reason=reason.strip()[:200]
    )
    if not changed:
        raise EntryRefused(_("这项评定已经撤回。"))
    entry.refresh_from_db()
    _audit(entry, "withdraw", by, before, _snapshot(entry), reason)
    return entry


def _refuse_published(letter: Letter) -> None:
    """What a published result rests on stays as it was."""
    if letter.assessments.filter(state="published").exists():
        raise EntryRefused(_("这份责任书的考核结果已经公布,人工评定不能再改。"))


def _snapshot(entry: ManualEntry) -> dict[str, Any]:
    return {
        "key": entry.key,
        "value": str(entry.value),
        "reason": entry.reason,
        "reviewed_by": entry.reviewed_by_name,
        "withdrawn": entry.withdrawn_reason,
    }


def _audit(
    entry: ManualEntry, act: str, by: Actor, before: dict[str, Any] | None, after: dict[str, Any], reason: str
) -> None:
    audit.record_write(
        by=by,
        act=f"manual.{act}",
        ledger=LEDGER,
        rows=[
            audit.RowDelta(
                row_id=entry.pk,
                compartment=Compartment.INTERNAL,
                before=before,
                after=after,
                personal=frozenset({"reason", "withdrawn"}),
            )
        ],
        division_id=entry.letter.division_id,
        reason=reason.strip()[:200],
        summary=f"{entry.letter.number} {entry.key}"[:120],
    )

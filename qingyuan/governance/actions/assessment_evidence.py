"""What a unit lays beside its own score: a row of the platform by reference and hash, never a copy, or a file."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from qingyuan.casework.papers.permissions import NotAllowed, papers_visible
from qingyuan.casework.procedures.rules import StepRefused, clean_text
from qingyuan.documents.scans import clean_scan
from qingyuan.foundation import audit, clock
from qingyuan.foundation.enums import Compartment
from qingyuan.governance.actions.assessments import ROOM
from qingyuan.governance.enums import EvidenceKind
from qingyuan.governance.models import Assessment, AssessmentEvidence
from qingyuan.governance.permissions import may_self_score, returns_visible
from qingyuan.governance.queries.fitting_returns import returns_that_fit
from qingyuan.governance.queries.schemes import scheme_of
from qingyuan.governance.rules.assessments import ASSESSMENTS
from qingyuan.governance.scoring.serialise import canonical
from qingyuan.ledgers import queries as ledger_queries
from qingyuan.ledgers import registry, writing
from qingyuan.organisation.actor import Actor

MOST_BYTES: Final = 10 * 1024 * 1024
MOST_WORDS: Final = 200
MOST: Final = 12
"""Pieces of evidence for one clause: whoever has more joins them."""
RETURNS: Final = "returns"
PAPERS: Final = "papers"
SCANS: Final = {b"%PDF-": "application/pdf", b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}


@dataclass(frozen=True)
class Upload:
    """A file as it came in."""

    name: str
    data: bytes


@transaction.atomic
def add_row(
    *, case: Assessment, clause: str, ledger: str, row_id: UUID, note: str, by: Actor, at: datetime | None = None
) -> AssessmentEvidence:
    """Point at a row that its submitter sees: kept are its number, the hash of what it says today, and a note.

    Whoever may not read the row opens nothing by it. Raises StepRefused, NotAllowed.
    """
    moment = at or clock.now()
    held = _may_add(case, clause, by, moment)
    digest = _digest_of(ledger, row_id, by, clock.day_of(moment))
    if digest is None:
        raise StepRefused(_("没有找到这条记录,它可能已经作废,或不在您的范围内。"), "row")
    row = AssessmentEvidence(kind=EvidenceKind.ROW, ledger=ledger, row_id=row_id, digest=digest)
    return _keep(held, clause, row, note, by, moment)


@transaction.atomic
def add_returns(
    *, case: Assessment, clause: str, chosen: Collection[UUID], note: str, by: Actor, at: datetime | None = None
) -> list[AssessmentEvidence]:
    """Point at filed returns of the letter's unit and year, all or none. Raises StepRefused, NotAllowed."""
    moment = at or clock.now()
    _may_add(case, clause, by, moment)
    if not chosen:
        raise StepRefused(_("请至少勾选一张报表。"), "chosen")
    fitting = {one.filed.pk for one in returns_that_fit(by, case, clause, clock.day_of(moment))}
    if not set(chosen) <= fitting:
        raise StepRefused(_("勾选的报表里有本责任书用不上的,或已退回、更正,请重新勾选。"), "chosen")
    try:
        return [add_row(case=case, clause=clause, ledger=RETURNS, row_id=one, note=note, by=by, at=moment) for one in chosen]
    except StepRefused as refusal:
        raise StepRefused(str(refusal), "chosen" if refusal.field == "row" else refusal.field) from refusal


@transaction.atomic
def add_file(
    *, case: Assessment, clause: str, upload: Upload, note: str, by: Actor, at: datetime | None = None
) -> AssessmentEvidence:
    """Keep a scan (PDF, PNG, JPEG), a picture drawn anew, encrypted in its column. Raises StepRefused, NotAllowed."""
    moment = at or clock.now()
    held = _may_add(case, clause, by, moment)
    media = next((kind for head, kind in SCANS.items() if upload.data.startswith(head)), "")
    if not media:
        raise StepRefused(_("佐证文件只收 PDF、PNG、JPEG,请另存后再传。"), "file")
    if len(upload.data) > MOST_BYTES:
        raise StepRefused(_("文件超过 10 MB,请缩小后再传。"), "file")
    try:
        data = clean_scan(upload.data)
    except ValueError as error:
        raise StepRefused(str(error), "file") from error
    row = AssessmentEvidence(
        kind=EvidenceKind.FILE,
        digest=hashlib.sha256(data).hexdigest(),
        content=base64.b64encode(data).decode(),
        file_name=upload.name[-120:],
        media_type=media,
        size=len(data),
    )
    return _keep(held, clause, row, note, by, moment)


@transaction.atomic
def withdraw(*, evidence: AssessmentEvidence, by: Actor, at: datetime | None = None) -> None:
    """Take a piece back before the self-score is filed; that it was there stays in the audit. Raises StepRefused, NotAllowed."""
    moment = at or clock.now()
    held = _may_add(evidence.assessment, evidence.clause, by, moment)
    rows = AssessmentEvidence.objects.filter(pk=evidence.pk, assessment=held, withdrawn_at=None)
    if not rows.update(withdrawn_at=moment, withdrawn_by_name=by.name[:40]):
        raise StepRefused(_("这份佐证已经撤下。"))
    _audit(held, "evidence_withdraw", by, evidence, {"withdrawn": True})


def digest_now(evidence: AssessmentEvidence, reader: Actor, on: date) -> str | None:
    """The hash of the row as it is today, for a reader who sees it; None where it is gone or closed to the reader."""
    return _digest_of(evidence.ledger, evidence.row_id, reader, on) if evidence.row_id is not None else evidence.digest


def _may_add(case: Assessment, clause: str, by: Actor, at: datetime) -> Assessment:
    held = ROOM.locked(case.pk)
    decision = may_self_score(by, held, clock.day_of(at))
    if not decision.allowed:
        raise NotAllowed(decision.reason)
    if held.state != "self_score":
        raise StepRefused(_("自评已经报送,佐证不能再改;要补充的请市禁毒办退回。"))
    if clause not in {one.id for one in scheme_of(held.letter.scheme).clauses()}:
        raise StepRefused(_("考核办法里没有条款 %(clause)s。") % {"clause": clause[:20]}, "clause")
    return held


def _digest_of(ledger: str, row_id: UUID, by: Actor, on: date) -> str | None:
    """SHA-256 of the row's number and its values: its number is random, so that nobody finds a name by trying."""
    if ledger == RETURNS:
        filed = returns_visible(by, on).filter(pk=row_id).first()
        return None if filed is None else _hash({"id": str(filed.pk), "state": str(filed.state), "cells": filed.cells})
    if ledger == PAPERS:
        paper = papers_visible(by, on).filter(pk=row_id).first()
        issued = getattr(paper, "issue", None) if paper is not None else None
        return None if paper is None else _hash({"id": str(paper.pk), "content": issued.content_hash if issued else ""})
    if ledger not in {one.code for one in registry.all_ledgers()}:
        return None
    declared = registry.get(ledger)
    row = ledger_queries.rows(declared, by, on).filter(pk=row_id).first()
    return None if row is None else _hash({"id": str(row.pk), "values": _plain(writing.snapshot(declared, row))})


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value if value is None or isinstance(value, (bool, int, str)) else str(value)


def _hash(values: dict[str, Any]) -> str:
    return hashlib.sha256(canonical(_plain(values)).encode()).hexdigest()


def _keep(case: Assessment, clause: str, row: AssessmentEvidence, note: str, by: Actor, at: datetime) -> AssessmentEvidence:
    words = clean_text(note, MOST_WORDS, _("佐证说明"), "note")
    if not words:
        raise StepRefused(_("请写一句这份佐证说明什么。"), "note")
    if AssessmentEvidence.objects.standing().filter(assessment=case, clause=clause).count() >= MOST:
        raise StepRefused(_("一条最多 %(most)d 份佐证,请合并。") % {"most": MOST}, "note")
    row.assessment, row.clause, row.note = case, clause, words
    row.by_id, row.by_name, row.at = by.account_id, by.name[:40], at
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise StepRefused(_("这份佐证已经附在这一条,不用再附。"), "row") from error
    _audit(case, "evidence", by, row, {"clause": clause, "ledger": row.ledger, "digest": row.digest, "note": words})
    return row


def _audit(case: Assessment, act: str, by: Actor, row: AssessmentEvidence, after: dict[str, Any]) -> None:
    delta = audit.RowDelta(
        row_id=row.pk, compartment=Compartment.INTERNAL, before=None, after=after, personal=frozenset({"note"}) & set(after)
    )
    audit.record_write(
        by=by, act=f"{ASSESSMENTS}.{act}", ledger=ASSESSMENTS, rows=[delta], division_id=case.division_id, summary=row.digest
    )

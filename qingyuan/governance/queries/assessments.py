"""A published round as plain values: what the archive keeps, what the paper prints and what a page lays beside today's score."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from qingyuan.governance.models import Assessment, AssessmentResult, AssessmentRound, Objection
from qingyuan.governance.scoring.serialise import canonical


@dataclass(frozen=True)
class PublishedEntry:
    """A number given by hand, as it stood at publication; ``withdrawn_at`` where it had given way to another by then."""

    id: UUID
    clause: str
    key: str
    value: Decimal
    reason: str
    holds_from: date
    by_name: str
    entered_at: datetime
    reviewed_by_name: str
    reviewed_at: datetime | None
    withdrawn_at: datetime | None
    withdrawn_reason: str


@dataclass(frozen=True)
class PublishedObjection:
    """``state``: upheld or rejected. ``entry_id``: the manual entry that changed the points."""

    id: UUID
    clause: str
    was: Decimal | None
    wanted: Decimal
    reason: str
    raised_at: datetime
    by_name: str
    state: str
    answer: str
    answered_at: datetime | None
    answered_by_name: str
    answered_by_unit: str
    entry_id: UUID | None


@dataclass(frozen=True)
class PublishedEvidence:
    """A reference with the row's hash, or a file's hash: never what stands in it."""

    id: UUID
    clause: str
    kind: str
    ledger: str
    row_id: UUID | None
    digest: str
    note: str


@dataclass(frozen=True)
class PublishedResult:
    """One letter. ``clauses``: id → points (None: not scored, or held out); ``tree``: the score's canonical text.

    ``of_unit``: a member unit's, scored by a sheet of its own and never listed among towns.
    ``shown``: what readers outside the unit see (low, high, grades, and for each closed clause its word).
    """

    assessment_id: UUID
    letter_id: UUID
    letter_number: str
    letter_hash: str
    division: str
    division_code: str
    unit: str
    unit_kind: str
    scheme_code: str
    scheme_version: str
    scheme_hash: str
    scheme_content: str
    total: Decimal
    of: Decimal
    grade: str
    clauses: Mapping[str, Decimal | None]
    shown: Mapping[str, Any]
    tree: str
    tree_hash: str
    fact_version: int
    published_at: datetime
    entries: tuple[PublishedEntry, ...]
    objections: tuple[PublishedObjection, ...]
    evidence: tuple[PublishedEvidence, ...]
    of_unit: bool = False


@dataclass(frozen=True)
class PublishedRound:
    """``scored_on``: the day for which every score was made. ``commitment``, ``seed``: of the check by sample. ``number``: of the circular."""

    id: UUID
    year: int
    division: str
    division_code: str
    issuer: str
    scored_on: date
    published_on: date
    commitment: str
    seed: str
    results: tuple[PublishedResult, ...]
    number: str = ""


class NotPublished(LookupError):
    """The round has no results yet."""


def published(round: AssessmentRound) -> PublishedRound:
    """The frozen results of a round in the order of letter numbers. Raises NotPublished."""
    if round.state != "published" or round.published_on is None:
        raise NotPublished(f"{round.year} {round.state}")
    rows = AssessmentResult.objects.filter(assessment__round=round).select_related(
        "assessment__letter__scheme", "division", "unit"
    )
    return PublishedRound(
        id=round.pk,
        year=round.year,
        division=round.division.name,
        division_code=round.division.code,
        issuer=round.issuer.name,
        scored_on=round.scored_on,
        published_on=round.published_on,
        commitment=round.commitment,
        seed=(round.seed or "") if round.is_revealed else "",
        results=tuple(result_of(row) for row in rows.order_by("assessment__letter__serial")),
        number=round.circular_number,
    )


def result_of(row: AssessmentResult) -> PublishedResult:
    """One frozen row as values; nothing is looked up that could have changed since."""
    letter, said = row.assessment.letter, json.loads(row.particulars)
    return PublishedResult(
        assessment_id=row.assessment_id,
        letter_id=letter.pk,
        letter_number=row.number,
        letter_hash=row.letter_hash,
        division=row.division.name,
        division_code=row.division.code,
        unit=row.unit.name,
        unit_kind=row.unit.kind,
        scheme_code=row.scheme_code,
        scheme_version=row.scheme_version,
        scheme_hash=row.scheme_hash,
        scheme_content=letter.scheme.content,
        total=row.points,
        of=row.of,
        grade=row.grade,
        clauses={key: None if points is None else Decimal(points) for key, points in row.clauses.items()},
        shown=row.shown,
        tree=row.tree,
        tree_hash=row.tree_hash,
        fact_version=row.fact_version,
        published_at=row.published_at,
        entries=tuple(_entry(one) for one in said["entries"]),
        objections=tuple(_objection(one) for one in said["objections"]),
        evidence=tuple(_evidence(one) for one in said["evidence"]),
        of_unit=letter.is_of_unit,
    )


def particulars_of(assessment: Assessment) -> str:
    """Manual entries, objections and evidence of an assessment as canonical text: what a result freezes beside its points."""
    entries = [
        {
            "id": str(one.pk), "clause": one.clause, "key": one.key, "value": _text(one.value), "reason": one.reason,
            "holds_from": one.holds_from.isoformat(), "by_name": one.by_name, "entered_at": one.entered_at.isoformat(),
            "reviewed_by_name": one.reviewed_by_name, "reviewed_at": _moment(one.reviewed_at),
            "withdrawn_at": _moment(one.withdrawn_at), "withdrawn_reason": one.withdrawn_reason or "",
        }
        for one in assessment.letter.manual_entries.order_by("entered_at", "pk")
    ]  # fmt: skip
    objections = [
        {
            "id": str(one.pk), "clause": one.clause, "was": None if one.was is None else _text(one.was),
            "wanted": _text(one.wanted), "reason": one.reason, "raised_at": one.raised_at.isoformat(), "by_name": one.by_name,
            "state": str(one.state), "answer": one.answer or "", "answered_at": _moment(one.answered_at),
            "answered_by_name": one.answered_by_name, "answered_by_unit": one.answered_by_unit,
            "entry_id": str(one.entry_id) if one.entry_id else None,
        }
        for one in Objection.objects.filter(assessment=assessment).order_by("raised_at", "pk")
    ]  # fmt: skip
    evidence = [
        {
            "id": str(one.pk), "clause": one.clause, "kind": str(one.kind), "ledger": one.ledger,
            "row_id": str(one.row_id) if one.row_id else None, "digest": one.digest, "note": one.note,
        }
        for one in assessment.evidence.standing().defer("content").order_by("at", "pk")  # type: ignore[attr-defined]
    ]  # fmt: skip
    return canonical({"entries": entries, "objections": objections, "evidence": evidence})


def _text(value: Decimal) -> str:
    return format(value.normalize(), "f")


def _moment(value: datetime | None) -> str | None:
    return None if value is None else value.isoformat()


def _when(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def _entry(one: Mapping[str, Any]) -> PublishedEntry:
    return PublishedEntry(
        id=UUID(one["id"]), clause=one["clause"], key=one["key"], value=Decimal(one["value"]), reason=one["reason"],
        holds_from=date.fromisoformat(one["holds_from"]), by_name=one["by_name"],
        entered_at=datetime.fromisoformat(one["entered_at"]), reviewed_by_name=one["reviewed_by_name"],
        reviewed_at=_when(one["reviewed_at"]), withdrawn_at=_when(one["withdrawn_at"]), withdrawn_reason=one["withdrawn_reason"],
    )  # fmt: skip


def _objection(one: Mapping[str, Any]) -> PublishedObjection:
    return PublishedObjection(
        id=UUID(one["id"]), clause=one["clause"], was=None if one["was"] is None else Decimal(one["was"]),
        wanted=Decimal(one["wanted"]), reason=one["reason"], raised_at=datetime.fromisoformat(one["raised_at"]),
        by_name=one["by_name"], state=one["state"], answer=one["answer"], answered_at=_when(one["answered_at"]),
        answered_by_name=one["answered_by_name"], answered_by_unit=one["answered_by_unit"],
        entry_id=UUID(one["entry_id"]) if one["entry_id"] else None,
    )  # fmt: skip


def _evidence(one: Mapping[str, Any]) -> PublishedEvidence:
    return PublishedEvidence(
        id=UUID(one["id"]), clause=one["clause"], kind=one["kind"], ledger=one["ledger"],
        row_id=UUID(one["row_id"]) if one["row_id"] else None, digest=one["digest"], note=one["note"],
    )  # fmt: skip

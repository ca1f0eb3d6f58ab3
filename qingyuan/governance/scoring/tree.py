"""A score as a tree of explained numbers. What a page shows, a letter keeps and an archive recomputes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from qingyuan.governance.scoring.numbers import SourceKind
from qingyuan.governance.scoring.rule import Step, VetoFired
from qingyuan.governance.scoring.scheme import GroupRole


class ClauseState(StrEnum):
    """UNDECIDED: the text leaves the case open; `readings` shows what each reading would give."""

    SCORED = "scored"
    NOT_AVAILABLE = "not_available"
    NOT_APPLICABLE = "not_applicable"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class InputUsed:
    """One number a clause read, with the name (`ref`) under which a page finds the rows, dues or return behind it."""

    name: str
    ref: str
    part: str
    label: str
    unit: str
    amount: Decimal | None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    people: int | None = None
    kind: SourceKind = SourceKind.COMPUTED
    not_available: str = ""
    is_empty: bool = False
    amount_label: str = ""
    amount_unit: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read an undecided text, and the points it would give (None: the clause would not apply)."""

    words: str
    points: Decimal | None


@dataclass(frozen=True, slots=True)
class ClauseScore:
    """Points are None unless scored (or granted in full though not applicable); steps add up to the points."""

    id: str
    title: str
    of: Decimal
    state: ClauseState
    points: Decimal | None
    rule: str
    rule_title: str
    arithmetic: str
    steps: tuple[Step, ...] = ()
    inputs: tuple[InputUsed, ...] = ()
    lines: tuple[str, ...] = ()
    people: int | None = None
    readings: tuple[Reading, ...] = ()
    veto: VetoFired | None = None

    @property
    def lost(self) -> Decimal | None:
        return None if self.points is None else self.of - self.points


@dataclass(frozen=True, slots=True)
class GroupScore:
    """`points` counts what is known; `pending` is what clauses still without a number could add."""

    id: str
    title: str
    role: GroupRole
    of: Decimal
    points: Decimal
    pending: Decimal
    clauses: tuple[ClauseScore, ...]


@dataclass(frozen=True, slots=True)
class ScoreTree:
    """The score of one unit on one day.

    total       points earned so far (missing data earns nothing and loses nothing: it is in `pending`)
    low, high   where the total can still end, given what is pending; equal when nothing is
    grade       empty while what is pending could still change it; `grade_note` says so
    before_veto the total without the vetoes that fired
    """

    scheme_id: str
    scheme_version: str
    scheme_hash: str
    title: str
    on: date
    of: Decimal
    total: Decimal
    pending: Decimal
    low: Decimal
    high: Decimal
    before_veto: Decimal
    grade: str
    grade_note: str
    groups: tuple[GroupScore, ...]
    vetoes: tuple[ClauseScore, ...] = ()
    lines: tuple[str, ...] = ()

    def clauses(self) -> Iterator[ClauseScore]:
        for group in self.groups:
            yield from group.clauses
        yield from self.vetoes

    def clause(self, clause_id: str) -> ClauseScore:
        """KeyError if the tree has no such clause."""
        for clause in self.clauses():
            if clause.id == clause_id:
                return clause
        raise KeyError(clause_id)

    def fired(self) -> tuple[VetoFired, ...]:
        """The vetoes in force on this score, in the sheet's order."""
        return tuple(clause.veto for clause in self.clauses() if clause.veto is not None)

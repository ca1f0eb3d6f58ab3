"""A score as a tree of explained numbers. What a page shows, a letter keeps and an archive recomputes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from qingyuan.governance.scoring.numbers import SourceKind
from qingyuan.governance.scoring.rule import Step, VetoFired
from qingyuan.governance.scoring.scheme import GroupRole


class ClauseState(StrEnum):
    """UNDECIDED: the text leaves the case open; `readings` shows what each reading would give. REFUSED: the clause counts
    what may not be scored; its text is kept and its points are held out of the total."""

    SCORED = "scored"
    NOT_AVAILABLE = "not_available"
    NOT_APPLICABLE = "not_applicable"
    UNDECIDED = "undecided"
    REFUSED = "refused"


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
    series: Mapping[str, Decimal] = field(default_factory=dict)
    peers: Mapping[str, Decimal] = field(default_factory=dict)
    choice: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read an undecided text, and the points it would give (None: the clause would not apply)."""

    words: str
    points: Decimal | None


@dataclass(frozen=True, slots=True)
class ClauseScore:
    """Points are None unless scored (or granted in full though not applicable); steps add up to the points.

    over, under   how far points may pass the clause's own, and fall below nothing; uncapped: without an upper end
    within_group  where it does not apply: its points go to its group before they go to the sheet
    refusal       why it is not counted
    variant       which of the clauses of this number in force it is (see Scheme.clause)
    """

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
    over: Decimal = Decimal(0)
    under: Decimal = Decimal(0)
    uncapped: bool = False
    within_group: bool = False
    refusal: str = ""
    variant: int = 0

    @property
    def least(self) -> Decimal:
        """The least it can come to."""
        known = [reading.points for reading in self.readings]
        sure = [points for points in known if points is not None]
        return min(sure) if known and len(sure) == len(known) else -self.under

    @property
    def most(self) -> Decimal:
        """The most it can come to (of a clause without end: its points and what it may pass them by)."""
        known = [reading.points for reading in self.readings]
        sure = [points for points in known if points is not None]
        return max(sure) if known and len(sure) == len(known) else self.of + self.over

    @property
    def lost(self) -> Decimal | None:
        return None if self.points is None else self.of - self.points


@dataclass(frozen=True, slots=True)
class GroupScore:
    """`points` counts what is known; `pending` is what clauses still without a number could add.

    steps  what the sheet does to the sum of the clauses (a shared cap, a scale, a cut); clauses and steps add up to the points
    """

    id: str
    title: str
    role: GroupRole
    of: Decimal
    points: Decimal
    pending: Decimal
    clauses: tuple[ClauseScore, ...]
    annex: str = ""
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class AnnexScore:
    """A sheet within the sheet: `raw` of `raw_of` in its own points, which count as `points` of `of`."""

    id: str
    title: str
    of: Decimal
    points: Decimal
    raw_of: Decimal
    raw: Decimal


@dataclass(frozen=True, slots=True)
class ScoreTree:
    """The score of one unit on one day.

    steps       from the groups to the total: what scales, caps, rounding and vetoes add or take; groups (a penalty group
                with a minus) and steps add up to the total
    held_out    points of clauses that may not be scored; they are neither earned nor lost

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
    annexes: tuple[AnnexScore, ...] = ()
    steps: tuple[Step, ...] = ()
    held_out: Decimal = Decimal(0)

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

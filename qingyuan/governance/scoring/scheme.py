"""An assessment scheme: what a printed score sheet says, as data. Amounts are exact decimals, intervals half-open."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from enum import StrEnum


class RoundingMode(StrEnum):
    HALF_UP = "half_up"
    HALF_EVEN = "half_even"
    DOWN = "down"


_MODES = {
    RoundingMode.HALF_UP: ROUND_HALF_UP,
    RoundingMode.HALF_EVEN: ROUND_HALF_EVEN,
    RoundingMode.DOWN: ROUND_DOWN,
}


@dataclass(frozen=True, slots=True)
class Rounding:
    """Applied once to each clause; sums of rounded points stay exact."""

    mode: RoundingMode = RoundingMode.HALF_UP
    decimals: int = 2

    def apply(self, points: Decimal) -> Decimal:
        return points.quantize(Decimal(1).scaleb(-self.decimals), rounding=_MODES[self.mode])


class WhenEmpty(StrEnum):
    """What a clause gives when there was nothing to measure (a denominator of zero)."""

    FULL = "full"
    ZERO = "zero"
    NOT_APPLICABLE = "not_applicable"
    ASK = "ask"


class NotApplicable(StrEnum):
    """What becomes of the points of a clause that does not apply to the unit."""

    REDISTRIBUTE = "redistribute"
    FULL = "full"


class GroupRole(StrEnum):
    """Base groups add up to the total; a bonus or penalty group has its points as cap beside it."""

    BASE = "base"
    BONUS = "bonus"
    PENALTY = "penalty"


@dataclass(frozen=True, slots=True)
class RuleSpec:
    """A rule kind by name (a module in `kinds`) and its parameters as written."""

    kind: str
    params: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Gate:
    """A condition without which the whole clause earns nothing ("未召开常务会议不得分")."""

    input: str
    words: str
    at_least: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True)
class Expectation:
    """What an example must come to: points, or a state when the text gives none."""

    because: str
    points: Decimal | None = None
    state: str = "scored"
    veto: bool = False


@dataclass(frozen=True, slots=True)
class Example:
    """A case worked by hand. `given` maps an input's name to a number, or to parts {numerator, denominator, …}."""

    given: Mapping[str, object]
    expect: Expectation


@dataclass(frozen=True, slots=True)
class Clause:
    id: str
    title: str
    points: Decimal
    rule: RuleSpec
    text: str = ""
    inputs: Mapping[str, str] = field(default_factory=dict)
    requires: tuple[Gate, ...] = ()
    when_empty: WhenEmpty | None = None
    evidence: str = ""
    verification: str = ""
    source: str = ""
    note: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    examples: tuple[Example, ...] = ()

    def in_force(self, on: date) -> bool:
        after_start = self.valid_from is None or self.valid_from <= on
        return after_start and (self.valid_to is None or on < self.valid_to)


@dataclass(frozen=True, slots=True)
class Group:
    id: str
    title: str
    points: Decimal
    clauses: tuple[Clause, ...]
    role: GroupRole = GroupRole.BASE


@dataclass(frozen=True, slots=True)
class Grade:
    """A grade from `from_points` (included) to `to_points` (excluded; left out: up to the next grade)."""

    name: str
    from_points: Decimal = Decimal(0)
    to_points: Decimal | None = None


@dataclass(frozen=True, slots=True)
class AppliesTo:
    """Whom the sheet is for; empty means every unit of the letter's kind."""

    unit_kinds: tuple[str, ...] = ()
    divisions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Scheme:
    id: str
    title: str
    version: str
    valid_from: date
    valid_to: date
    total: Decimal
    groups: tuple[Group, ...]
    grades: tuple[Grade, ...] = ()
    vetoes: tuple[Clause, ...] = ()
    applies_to: AppliesTo = AppliesTo()
    rounding: Rounding = Rounding()
    not_applicable: NotApplicable = NotApplicable.REDISTRIBUTE
    source: str = ""
    note: str = ""

    def clauses(self) -> Iterator[Clause]:
        """Every clause as printed: groups in order, then the vetoes."""
        for group in self.groups:
            yield from group.clauses
        yield from self.vetoes

    def clause(self, clause_id: str, on: date) -> Clause:
        """The clause of that number in force on the day; KeyError if there is none."""
        for clause in self.clauses():
            if clause.id == clause_id and clause.in_force(on):
                return clause
        raise KeyError(clause_id)

    def bonus_cap(self) -> Decimal:
        """The most that bonus groups can add to the total."""
        return sum((g.points for g in self.groups if g.role is GroupRole.BONUS), Decimal(0))

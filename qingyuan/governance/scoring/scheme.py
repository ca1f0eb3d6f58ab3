"""An assessment scheme: what a printed score sheet says, as data. Amounts are exact decimals, intervals half-open."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal, localcontext
from enum import StrEnum
from typing import Final


class RoundingMode(StrEnum):
    HALF_UP = "half_up"
    HALF_EVEN = "half_even"
    DOWN = "down"


_MODES = {
    RoundingMode.HALF_UP: ROUND_HALF_UP,
    RoundingMode.HALF_EVEN: ROUND_HALF_EVEN,
    RoundingMode.DOWN: ROUND_DOWN,
}


class RoundedAt(StrEnum):
    """Where points are rounded: each clause once (sums of rounded points stay exact), or only the total."""

    CLAUSE = "clause"
    TOTAL = "total"


_GUARD = Decimal(1).scaleb(-16)


@dataclass(frozen=True, slots=True)
class Rounding:
    """How points are rounded, and where."""

    mode: RoundingMode = RoundingMode.HALF_UP
    decimals: int = 2
    at: RoundedAt = RoundedAt.CLAUSE

    def apply(self, points: Decimal) -> Decimal:
        """The points to `decimals` places. A third is no decimal, so what stands beyond sixteen places is set right first:
        else 7.4999…9, which is 7.5, would be cut to 7.49."""
        exponent = points.as_tuple().exponent
        if isinstance(exponent, int) and -self.decimals <= exponent <= 0 and points.adjusted() < 15:
            return points if exponent == -self.decimals else points.quantize(Decimal(1).scaleb(-self.decimals))
        with localcontext(prec=60):
            return points.quantize(_GUARD).quantize(Decimal(1).scaleb(-self.decimals), rounding=_MODES[self.mode])

    def of_clause(self, points: Decimal) -> Decimal:
        """A clause's points where clauses are rounded; where only the total is, to twelve places so that sums stay exact."""
        if self.at is RoundedAt.CLAUSE:
            return self.apply(points)
        return points if as_short(points) else Rounding(RoundingMode.HALF_EVEN, 12).apply(points)


def as_short(points: Decimal) -> bool:
    """Whether it has at most twelve decimals, so that adding many stays exact."""
    exponent = points.as_tuple().exponent
    return isinstance(exponent, int) and exponent >= -12


class WhenEmpty(StrEnum):
    """What a clause gives when there was nothing to measure (a denominator of zero). MANUAL: a person gives the points."""

    FULL = "full"
    ZERO = "zero"
    NOT_APPLICABLE = "not_applicable"
    ASK = "ask"
    MANUAL = "manual"


class NotApplicable(StrEnum):
    """What becomes of the points of a clause that does not apply to the unit.

    REDISTRIBUTE  shared out over the whole sheet (or annex); WITHIN_GROUP: over its group, as long as something of it applies
    OMIT          only of a clause `only_for` other units: it is not on this unit's sheet at all
    """

    REDISTRIBUTE = "redistribute"
    WITHIN_GROUP = "within_group"
    FULL = "full"
    OMIT = "omit"


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
    """What an example must come to: points, or a state when the text gives none. `reading`: under which reading of an
    undecided text; left out, under every one."""

    because: str
    points: Decimal | None = None
    state: str = "scored"
    veto: bool = False
    reading: str = ""


@dataclass(frozen=True, slots=True)
class Example:
    """A case worked by hand. `given` maps an input's name to a number, or to parts {numerator, denominator, …}."""

    given: Mapping[str, object]
    expect: Expectation


@dataclass(frozen=True, slots=True)
class Size:
    """A band of the unit's size: `of` names a number as inputs do ('indicator:R25', 'manual:户数'); at_least ≤ size < below."""

    of: str
    words: str
    at_least: Decimal | None = None
    below: Decimal | None = None


@dataclass(frozen=True, slots=True)
class OnlyFor:
    """Which units a clause or annex is for: kinds of unit, and bands of size that must all hold. Empty means all."""

    unit_kinds: tuple[str, ...] = ()
    sizes: tuple[Size, ...] = ()


@dataclass(frozen=True, slots=True)
class Alternative:
    """One way to read an undecided text. What is left out is as the clause has it."""

    id: str
    words: str
    rule: RuleSpec | None = None
    when_empty: WhenEmpty | None = None


@dataclass(frozen=True, slots=True)
class Clause:
    """One line of the sheet.

    over, under   how far its score may pass its points, and how far it may fall below nothing; uncapped: no upper end
    derive        amounts made of the inputs by an expression, by the name the rule reads ('done * 100 / due')
    readings      ways to read a text that does not decide; `chosen` is the one that holds, empty while it is open
    refused       why the platform does not count it (set when a sheet is received from above); its text is kept
    """

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
    only_for: OnlyFor = OnlyFor()
    not_applicable: NotApplicable | None = None
    derive: Mapping[str, str] = field(default_factory=dict)
    over: Decimal = Decimal(0)
    under: Decimal = Decimal(0)
    uncapped: bool = False
    readings: tuple[Alternative, ...] = ()
    chosen: str = ""
    refused: str = ""

    @property
    def is_open(self) -> bool:
        """Whether its text can be read in several ways and nobody has chosen."""
        return bool(self.readings) and not self.chosen

    def as_read(self) -> tuple[tuple[Alternative | None, Clause], ...]:
        """The clause as it is applied: once, or once for each reading while none is chosen."""
        if not self.readings:
            return ((None, self),)
        picked = [item for item in self.readings if not self.chosen or item.id == self.chosen]
        if not picked:
            return ((None, self),)
        return tuple((item, self._under(item)) for item in picked)

    def _under(self, reading: Alternative) -> Clause:
        rule, empty = reading.rule or self.rule, reading.when_empty or self.when_empty
        return replace(self, rule=rule, when_empty=empty, readings=(), chosen="")

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
    annex: str = ""


@dataclass(frozen=True, slots=True)
class Grade:
    """A grade from `from_points` (included) to `to_points` (excluded; left out: up to the next grade)."""

    name: str
    from_points: Decimal = Decimal(0)
    to_points: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Annex:
    """A sheet within the sheet: its base groups add up to `raw` points, which count as `points` of the whole ("按 50% 折算")."""

    id: str
    title: str
    points: Decimal
    raw: Decimal
    only_for: OnlyFor = OnlyFor()


class Take(StrEnum):
    """What of several clauses counts: all of it together, or the highest alone (the same thing found twice counts once)."""

    ALL = "all"
    HIGHEST = "highest"


@dataclass(frozen=True, slots=True)
class Shared:
    """Clauses of one role bound together. cap: together at most this; deduct_cap: together at most this much is lost."""

    id: str
    words: str
    clauses: tuple[str, ...]
    take: Take = Take.ALL
    cap: Decimal | None = None
    deduct_cap: Decimal | None = None


#: Kinds of unit that answer for a place; every other kind answers for its own work.
TOWN_KINDS: Final = ("town", "subdistrict")


@dataclass(frozen=True, slots=True)
class AppliesTo:
    """Whom the sheet is for; empty means every unit of the letter's kind."""

    unit_kinds: tuple[str, ...] = ()
    divisions: tuple[str, ...] = ()

    @property
    def units_only(self) -> bool:
        """Whether the sheet is for member units: their numbers are their own, not those of a place."""
        return bool(self.unit_kinds) and not set(self.unit_kinds) & set(TOWN_KINDS)

    def takes(self, unit_kind: str) -> bool:
        """Whether a letter of such a unit may be scored by the sheet; one that names no kinds is for towns and for units. A
        sheet for towns is for street offices too: both answer for a place."""
        named = set(self.unit_kinds)
        return not named or unit_kind in named or (unit_kind in TOWN_KINDS and bool(named & set(TOWN_KINDS)))


@dataclass(frozen=True, slots=True)
class Scheme:
    """The sheet. max_total: the most the total can be, bonus included. received_from: who sent it down; then a clause over a
    count that may not be scored keeps its text and its points are held out, instead of stopping the sheet."""

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
    annexes: tuple[Annex, ...] = ()
    shared: tuple[Shared, ...] = ()
    max_total: Decimal | None = None
    received_from: str = ""

    def clauses(self) -> Iterator[Clause]:
        """Every clause as printed: groups in order, then the vetoes."""
        for group in self.groups:
            yield from group.clauses
        yield from self.vetoes

    def clause(self, clause_id: str, on: date, variant: int = 0) -> Clause:
        """The clause of that number in force on the day, of several (for other kinds or sizes of unit) the one at `variant`;
        KeyError if there is none."""
        same = [clause for clause in self.clauses() if clause.id == clause_id and clause.in_force(on)]
        if variant >= len(same):
            raise KeyError(clause_id)
        return same[variant]

    def bonus_cap(self) -> Decimal:
        """The most that bonus groups and clauses that may pass their points can add to the total."""
        groups = sum((g.points for g in self.groups if g.role is GroupRole.BONUS), Decimal(0))
        base = (clause for g in self.groups if g.role is GroupRole.BASE for clause in g.clauses)
        return groups + sum((clause.over for clause in base), Decimal(0))

    @property
    def has_no_end(self) -> bool:
        """Whether some clause has no upper end, so that no total is the most."""
        return self.max_total is None and any(clause.uncapped for clause in self.clauses())

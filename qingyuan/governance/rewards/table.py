"""A table of rules as values: when a rule is met, what it proposes, how that ends. ``reading`` makes it from YAML."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Final

HUNDRED: Final = Decimal(100)
HIGHEST, LOWEST = "highest", "lowest"
"""Stand for the best and the worst grade of whichever sheet was scored."""
ANY: Final = "any"
FAIR_GROUPS: Final = ("higher", "lower")
"""Of a fair table only these two are a difference that numbers carry; «same» is a tie."""
COMPARED: Final = (*FAIR_GROUPS, "same")


class Kind(StrEnum):
    """What a rule proposes of a unit."""

    GRADE = "grade"  # the list of its grade
    COMMEND = "commend"  # commendation in a circular
    POINTS = "points"  # points in another system's assessment
    REMIND = "remind"  # a reminder
    YELLOW = "yellow"  # yellow card
    TALK = "talk"  # the unit's leaders are spoken with (约谈)
    BAR = "bar"  # no honours for a time (取消评先评优资格)
    LISTING = "listing"  # listed for rectification (挂牌整治)


#: What is against a unit: it is heard before anybody decides.
ADVERSE: Final = frozenset({Kind.REMIND, Kind.YELLOW, Kind.TALK, Kind.BAR, Kind.LISTING})
#: What may be decided instead of what the rule says: only something lighter, for it is the heavier one the unit was heard on.
LIGHTER: Final[Mapping[Kind, tuple[Kind, ...]]] = {
    Kind.LISTING: (Kind.TALK, Kind.YELLOW, Kind.REMIND),
    Kind.TALK: (Kind.YELLOW, Kind.REMIND),
    Kind.YELLOW: (Kind.REMIND,),
    Kind.BAR: (Kind.REMIND,),
}


class Ending(StrEnum):
    """How a consequence leaves the list: at once, on a day, or when what was put right is accepted."""

    NONE = "none"
    DATE = "date"
    REPAIR = "repair"


@dataclass(frozen=True, slots=True)
class Leave:
    """``months``: how long it stands (DATE), or the time to put things right (REPAIR)."""

    ending: Ending = Ending.NONE
    months: int = 0
    words: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """``points`` from ``at`` per cent of the sheet's full points (banded), or exactly there (linear)."""

    at: Decimal
    points: Decimal


@dataclass(frozen=True, slots=True)
class PointsMap:
    """A score in points of another system. Banded: the highest step reached; linear: between two steps. Never above ``cap``,
    never below nothing, and never less for a higher score."""

    system: str
    cap: Decimal
    linear: bool
    steps: tuple[Step, ...]
    decimals: int = 2

    def points(self, share: Decimal) -> Decimal:
        """``share``: per cent of the sheet's full points."""
        found = self._linear(share) if self.linear else self._banded(share)
        unit = Decimal(1).scaleb(-self.decimals)
        return min(max(found, Decimal(0)), self.cap).quantize(unit, ROUND_HALF_UP)

    def _banded(self, share: Decimal) -> Decimal:
        return max((step.points for step in self.steps if share >= step.at), default=Decimal(0))

    def _linear(self, share: Decimal) -> Decimal:
        low, high = self.steps[0], self.steps[-1]
        if share <= low.at:
            return low.points
        if share >= high.at:
            return high.points
        return low.points + (share - low.at) * (high.points - low.points) / (high.at - low.at)


@dataclass(frozen=True, slots=True)
class ClauseShare:
    """A clause that gave at least ``at_least`` and less than ``below`` per cent of its points."""

    clause: str
    at_least: Decimal | None = None
    below: Decimal | None = None

    def holds(self, share: Decimal) -> bool:
        return (self.at_least is None or share >= self.at_least) and (self.below is None or share < self.below)


@dataclass(frozen=True, slots=True)
class Fair:
    """The place stands clearly above or below its like by one figure, as the fair table judges it."""

    indicator: str
    group: str


@dataclass(frozen=True, slots=True)
class When:
    """Everything that stands here must hold. ``low``, ``high``: per cent of full points, low ≤ share < high.

    ``rank``: a place among the totals. Kept as it was received, never applied (see ``Rule.refused``).
    """

    grades: tuple[str, ...] = ()
    low: Decimal | None = None
    high: Decimal | None = None
    vetoes: tuple[str, ...] = ()
    clause: ClauseShare | None = None
    fair: Fair | None = None
    rank: str = ""

    @property
    def is_empty(self) -> bool:
        return not (self.grades or self.vetoes or self.clause or self.fair or self.rank) and self.low is None and self.high is None


@dataclass(frozen=True, slots=True)
class Example:
    """A published result in a few words and what the rule says of it. ``share``, ``clause``: per cent of full points; ``grade``: a name,
    or highest, lowest; ``group``: of the fair table; ``meets``: whether the rule proposes; ``points``: how many, of a rule that maps."""

    because: str
    meets: bool
    share: Decimal | None = None
    grade: str = ""
    veto: bool = False
    clause: Decimal | None = None
    group: str = ""
    points: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """``opens``: what is decided is shown to the other units of the city. ``refused``: why the rule is kept but never applied.

    ``confirmed`` False: the text rests on what was seen elsewhere; a city takes it over with its own document.
    """

    id: str
    kind: Kind
    text: str
    source: str
    article: str
    when: When
    leave: Leave = Leave()
    points: PointsMap | None = None
    opens: bool = False
    confirmed: bool = False
    refused: str = ""
    examples: tuple[Example, ...] = ()

    @property
    def adverse(self) -> bool:
        return self.kind in ADVERSE


@dataclass(frozen=True, slots=True)
class RewardTable:
    """The rules in force for results scored on a day: valid_from ≤ day < valid_to (None: until replaced)."""

    code: str
    title: str
    version: str
    valid_from: date
    valid_to: date | None
    unit_kinds: tuple[str, ...]
    source: str
    note: str
    rules: tuple[Rule, ...]
    digest: str = field(default="", compare=False)

    def in_force(self, on: date) -> bool:
        return self.valid_from <= on and (self.valid_to is None or on < self.valid_to)

    def rule(self, rule_id: str) -> Rule:
        """KeyError where there is none."""
        for rule in self.rules:
            if rule.id == rule_id:
                return rule
        raise KeyError(rule_id)

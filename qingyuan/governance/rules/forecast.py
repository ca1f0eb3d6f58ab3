"""Where a score stands at the year's end, and in which interval with four chances in five. Pure.

Every number of the sheet is carried to the year's end many times (see ``outlook``), and each of these years is scored by
the sheet's own rules: there is no second arithmetic of points. What people decide by hand, what another office returns and what
cannot be carried stays as it stands today and is named. The same numbers give the same forecast (own generator, own seed).

The interval is the middle run of tenths of a point whose chance is nearest to four in five (of years as they are, see ``DRAWN``).
Points come in lumps (a tier, half a point a missed window), so its chance can be another one; it is said.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from hashlib import sha256
from typing import Final

from qingyuan.governance.rules.chances import Generator, strata
from qingyuan.governance.rules.outlook import Basis, Moves, Path, Prospect, Untold, basis, needs, untold
from qingyuan.governance.rules.remembering import Remembering, keys_of
from qingyuan.governance.scoring.numbers import ZERO, Inputs, Number
from qingyuan.governance.scoring.scheme import Clause, Scheme
from qingyuan.governance.scoring.score import points_of

DRAWS: Final = 400
AIM: Final = 0.8
#: Years differ more from each other than years drawn from one town's numbers do: an interval that holds so many of the drawn ones holds
#: four in five of made-up years the forecast does not know (benchmarks/forecast.py). Its chance is told as that of the latter.
DRAWN: Final = 0.83
#: An interval whose chance is further from the aim than this is called by its own chance.
NEAR: Final = 0.05
#: A year is foretold once a third of it is over, and when this many windows tell how the town works: earlier the interval did not
#: keep its promise in made-up years.
EARLIEST: Final = (4, 30)
FEWEST: Final = 20
_TENTH: Final = Decimal("0.1")


class NoForecast(StrEnum):
    """Why no forecast is made."""

    TOO_EARLY = "too_early"
    TOO_FEW = "too_few"
    MOSTLY_BY_HAND = "mostly_by_hand"
    OVER = "over"


@dataclass(frozen=True)
class Span:
    """Points: low and high, both inclusive in tenths, the middle, and the chance of ending between them (0 to 1)."""

    low: Decimal
    high: Decimal
    middle: Decimal
    chance: float

    @property
    def as_aimed(self) -> bool:
        return abs(self.chance - AIM) <= NEAR

    def holds(self, points: Decimal) -> bool:
        return self.low <= tenth(points) <= self.high


@dataclass(frozen=True)
class ClauseOutlook:
    """One clause at the year's end: its span and what that rests on; without a span it is counted as it stands, and why."""

    id: str
    title: str
    of: Decimal
    now: Decimal | None
    span: Span | None
    bases: tuple[tuple[str, Basis], ...] = ()
    why_not: str = ""


@dataclass(frozen=True)
class Forecast:
    """``total`` does not hold what waits for a person's decision: ``by_hand`` points can still come to it at most.

    ``looks``: how many month-ends told how late the unit enters its rows; 0: not known, so nothing late is reckoned with.
    """

    on: date
    until: date
    total: Span
    by_hand: Decimal
    held: Decimal
    clauses: tuple[ClauseOutlook, ...]
    looks: int = 0


def forecast(
    scheme: Scheme,
    inputs: Inputs,
    paths: Mapping[str, Path],
    on: date,
    *,
    unit_kind: str = "",
    draws: int = DRAWS,
    seed: str = "",
) -> Forecast | NoForecast:
    """The year's end of one unit's sheet.

    inputs  as ``scoring.score`` takes them, as they are on ``on``
    paths   of the inputs that move by themselves, by key; every other input stays as it is
    seed    told apart units; the numbers themselves are part of the seed
    """
    until = _last_day(scheme)
    if on >= until:
        return NoForecast.OVER
    if (on.month, on.day) < EARLIEST and on.year == until.year:
        return NoForecast.TOO_EARLY
    clauses = [clause for clause in _clauses(scheme) if clause.in_force(on)]
    told = {key: path for key, path in sorted(paths.items()) if untold(path) is None}
    if sum(_weight(path) for path in told.values()) < FEWEST:
        return NoForecast.TOO_FEW
    today = points_of(scheme, inputs, on, unit_kind=unit_kind)
    moving = {clause.id for clause in clauses if _moves(clause, told, inputs)}
    free = sum((c.points for c in clauses if c.id in moving), ZERO)
    counted = sum((c.points for c in clauses if not _waits(c, inputs)), ZERO)
    if not free or free * 2 < counted:
        return NoForecast.MOSTLY_BY_HAND
    totals, points = _many(scheme, inputs, told, until, unit_kind, draws, _seed(seed, on, inputs, told))
    outlooks = tuple(
        _clause(clause, today.clauses.get(clause.id), points[clause.id], clause.id in moving, told, paths, inputs)
        for clause in clauses
        if clause.id in today.clauses
    )
    by_hand = sum((c.points for c in clauses if _waits(c, inputs)), ZERO)
    held = sum((one.of for one in outlooks if one.span is None and one.now is not None), ZERO)
    return Forecast(on, until, _promised(totals), by_hand, held, outlooks, max((path.late.looks for path in told.values()), default=0))


def _promised(drawn: Sequence[Decimal]) -> Span:
    """The interval as it is told."""
    found = span_of(drawn, DRAWN)
    return replace(found, chance=found.chance * AIM / DRAWN)


def tenth(points: Decimal) -> Decimal:
    return points.quantize(_TENTH, rounding=ROUND_HALF_UP)


def span_of(drawn: Sequence[Decimal], aim: float = AIM) -> Span:
    """The middle run of tenths: as much left out below as above; an end is left out too where that comes nearer to ``aim``."""
    counts = Counter(tenth(points) for points in drawn)
    atoms, whole = sorted(counts), len(drawn)
    tail = (1.0 - aim) / 2 * whole
    first, last = 0, len(atoms) - 1
    below, above = counts[atoms[first]], counts[atoms[last]]
    while below <= tail and first < last:
        first += 1
        below += counts[atoms[first]]
    while above <= tail and last > first:
        last -= 1
        above += counts[atoms[last]]
    runs = [(first, last), (first + 1, last), (first, last - 1)]
    masses = {run: _mass(counts, atoms, run) / whole for run in runs if run[0] <= run[1]}
    low, high = min(masses, key=lambda run: (round(abs(masses[run] - aim), 6), run[1] - run[0]))
    return Span(atoms[low], atoms[high], tenth(sorted(drawn)[whole // 2]), masses[low, high])


def _mass(counts: Mapping[Decimal, int], atoms: Sequence[Decimal], run: tuple[int, int]) -> int:
    return sum(counts[atom] for atom in atoms[run[0] : run[1] + 1])


def _many(
    scheme: Scheme,
    inputs: Inputs,
    told: Mapping[str, Path],
    until: date,
    unit_kind: str,
    draws: int,
    seed: int,
) -> tuple[list[Decimal], dict[str, list[Decimal]]]:
    """Totals and each clause's points in ``draws`` years."""
    generator, scorer = Generator(seed), Remembering()
    prospects = {key: Prospect(path) for key, path in told.items()}
    shares = {key: [strata(generator, draws) for _ in range(needs(path))] for key, path in told.items()}
    same: dict[tuple[object, ...], Number] = {}
    totals: list[Decimal] = []
    points: dict[str, list[Decimal]] = {clause.id: [] for clause in _clauses(scheme)}
    for _ in range(draws):
        ends = {key: _one(same, key, prospects[key].end(_next_of(shares[key]))) for key in told}
        found = points_of(scheme, {**inputs, **ends}, until, unit_kind=unit_kind, scorer=scorer)
        totals.append(found.total)
        for clause_id, given in found.clauses.items():
            if given is not None:
                points[clause_id].append(given)
    return totals, points


def _next_of(shares: Sequence[Iterator[float]]) -> Iterator[float]:
    return (next(one) for one in shares)


def _one(same: dict[tuple[object, ...], Number], key: str, number: Number) -> Number:
    """One object for equal numbers, so that a clause is told by it."""
    told = (key, number.value, number.numerator, number.denominator, number.missing, *sorted(number.parts.items()))
    return same.setdefault(told, number)


def _clause(
    clause: Clause,
    now: Decimal | None,
    drawn: Sequence[Decimal],
    moving: bool,
    told: Mapping[str, Path],
    paths: Mapping[str, Path],
    inputs: Inputs,
) -> ClauseOutlook:
    keys = keys_of(clause)
    if not moving or not drawn:
        return ClauseOutlook(clause.id, clause.title, clause.points, now, None, why_not=_why_not(clause, paths, inputs))
    bases = tuple((told[key].now.label, basis(told[key])) for key in keys if key in told)
    return ClauseOutlook(clause.id, clause.title, clause.points, now, _promised(drawn), bases)


def _why_not(clause: Clause, paths: Mapping[str, Path], inputs: Inputs) -> str:
    """'manual' where a person decides, 'return' where an office reports, else why the number is not foretold."""
    for key in keys_of(clause):
        if key.startswith(("manual:", "return:")):
            return key.partition(":")[0]
        why = untold(paths[key]) if key in paths else Untold.NOT_COUNTED
        if why is not None:
            return why.value
    return Untold.NOT_COUNTED.value


def _moves(clause: Clause, told: Mapping[str, Path], inputs: Inputs) -> bool:
    """Whether every number of the clause is foretold, or given by hand and confirmed (then it stays)."""
    keys = keys_of(clause)
    return any(key in told for key in keys) and all(key in told or _given(key, inputs) for key in keys)


def _given(key: str, inputs: Inputs) -> bool:
    number = inputs.get(key)
    return key.startswith("manual:") and number is not None and not number.not_available


def _waits(clause: Clause, inputs: Inputs) -> bool:
    """Whether a person has still to decide about it."""
    keys = [key for key in keys_of(clause) if key.startswith("manual:")]
    return any(not _given(key, inputs) for key in keys)


def _clauses(scheme: Scheme) -> Sequence[Clause]:
    return [clause for group in scheme.groups for clause in group.clauses]


def _weight(path: Path) -> int:
    """How many single outcomes a path tells of."""
    return basis(path).of if path.moves is not Moves.EVENTS else 0


def _last_day(scheme: Scheme) -> date:
    return date.fromordinal(scheme.valid_to.toordinal() - 1)


def _seed(words: str, on: date, inputs: Inputs, told: Mapping[str, Path]) -> int:
    lines = [words, str(on)]
    for key, path in told.items():
        ends = [(n.value, n.numerator, n.denominator, n.missing) for n in (path.now, path.ahead)]
        lines.append(f"{key}|{ends}")
    lines += [f"{key}|{inputs[key].value}" for key in sorted(inputs) if key not in told]
    return int.from_bytes(sha256("\n".join(lines).encode()).digest()[:8], "big")

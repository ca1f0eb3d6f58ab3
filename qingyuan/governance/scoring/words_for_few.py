"""Grade words for a clause that turns on few people: joined until each word stands for several possible scores.

The reader is assumed to know the rule, every number that is not about few people, and each base of five or more. What he
may try is listed in `worlds`: few counted, few missing, any number. In none of them may a word single out one score.
The words depend only on what the reader may know, never on the hidden number.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from qingyuan.governance.scoring.clauses import evaluate, rule_of
from qingyuan.governance.scoring.numbers import ZERO, Number, Part
from qingyuan.governance.scoring.scheme import Clause, Rounding
from qingyuan.governance.scoring.tree import ClauseScore, InputUsed

SMALLEST_SHOWN = 5
WITHHELD = "人数过少,不公开"
_WORDS = (("差", ZERO), ("中", Decimal("0.6")), ("良", Decimal("0.75")), ("优", Decimal("0.9")))
_FEW = range(SMALLEST_SHOWN)
_MANY = range(201)


@dataclass(frozen=True, slots=True)
class WordBand:
    """A word and the points it stands for: low ≤ points ≤ high."""

    words: tuple[str, ...]
    low: Decimal
    high: Decimal

    @property
    def word(self) -> str:
        if len(self.words) == len(_WORDS):
            return WITHHELD
        low, high = self.words[0], self.words[-1]
        return low if low == high else f"{high}{'或' if len(self.words) == 2 else '至'}{low}"

    def count(self, points: frozenset[Decimal]) -> int:
        return sum(1 for item in points if self.low <= item <= self.high)


def is_few(people: int | None) -> bool:
    """Whether a number turns on too few people. Nobody counts as few: else hiding itself would say 'somebody'."""
    return people is not None and people < SMALLEST_SHOWN


def whole(clause: ClauseScore) -> WordBand:
    """The band that says nothing."""
    return WordBand(tuple(word for word, _ in _WORDS), -clause.under, clause.of + clause.over)


def word_bands(clause: Clause, scored: ClauseScore, rounding: Rounding) -> list[WordBand]:
    """The clause's words, lowest first. One band, the whole, where no finer words are safe."""
    if len({key_of(item) for item in scored.inputs if is_few(item.people)}) != 1 or _reads_more(clause):
        return [whole(scored)]
    possible = worlds(clause, scored, rounding)
    bands = _plain_bands(clause.points, rounding)
    while len(bands) > 1:
        bad = next((i for i, band in enumerate(bands) if _tells(band, possible)), None)
        if bad is None:
            return bands
        at = min(bad, len(bands) - 2)
        joined = WordBand(bands[at].words + bands[at + 1].words, bands[at].low, bands[at + 1].high)
        bands[at : at + 2] = [joined]
    return bands


def _reads_more(clause: Clause) -> bool:
    """Whether the points turn on more than amounts (months, other units, a choice), or can leave the clause's own: the
    worlds below do not try those, so no finer word is known to be safe."""
    rule = rule_of(clause)
    return bool(rule.reads() or rule.divides() or clause.over or clause.under or clause.uncapped or clause.derive)


def _tells(band: WordBand, possible: Sequence[frozenset[Decimal]]) -> bool:
    """Whether the word singles out a score in one of the worlds, or stands for fewer than two in the widest.

    A world with a single score tells it by the rule alone, whatever is shown.
    """
    return any(band.count(world) == 1 for world in possible if len(world) > 1) or band.count(possible[-1]) < 2


def _plain_bands(of: Decimal, rounding: Rounding) -> list[WordBand]:
    unit = Decimal(1).scaleb(-rounding.decimals)
    starts = [(word, rounding.apply(of * share)) for word, share in _WORDS]
    ends = [start - unit for _, start in starts[1:]] + [of]
    return [WordBand((word,), start, end) for (word, start), end in zip(starts, ends, strict=True)]


def key_of(item: InputUsed) -> str:
    """The number an input reads, whichever part of it: 'indicator:R05' for 'indicator:R05.missing'."""
    suffix = f".{item.part}"
    return item.ref.removesuffix(suffix) if item.ref.startswith("indicator:") else item.ref


def worlds(clause: Clause, scored: ClauseScore, rounding: Rounding) -> list[frozenset[Decimal]]:
    """Scores possible in each of the reader's guesses, the widest guess last."""
    few = next(item for item in scored.inputs if is_few(item.people))
    return [_points(clause, scored, guesses, rounding) for guesses in _guesses(few)]


def _guesses(few: InputUsed) -> list[list[Number]]:
    base = few.denominator
    if base is None:
        return [[_count(n) for n in _FEW], [*(_count(n) for n in _MANY), *_small_rates(few.unit)]]
    if base < SMALLEST_SHOWN:
        return [[replace(number, value=None) for number in _small_rates(few.unit)]]
    every = [_ratio(Decimal(n), base, few.unit) for n in range(int(base) + 1)]
    return [every[-SMALLEST_SHOWN:], every[:SMALLEST_SHOWN], every]


def _count(n: int) -> Number:
    return Number(value=Decimal(n), numerator=Decimal(n), missing=Decimal(n))


def _ratio(counted: Decimal, base: Decimal, unit: str) -> Number:
    number = Number(numerator=counted, denominator=base, unit=unit)
    return replace(number, value=number.part(Part.VALUE))


def _small_rates(unit: str) -> list[Number]:
    pairs = [(n, base) for base in range(1, SMALLEST_SHOWN) for n in range(base + 1)]
    return [_ratio(Decimal(n), Decimal(base), unit) for n, base in pairs]


def _points(clause: Clause, scored: ClauseScore, guesses: Sequence[Number], rounding: Rounding) -> frozenset[Decimal]:
    """What the clause gives for each guess at the few; other inputs stay as the reader knows them."""
    rule, found = rule_of(clause), set()
    for guess in guesses:
        amounts = {item.name: guess.part(item.part) if is_few(item.people) else item.amount for item in scored.inputs}
        known = {name: amount for name, amount in amounts.items() if amount is not None}
        if len(known) == len(amounts):
            found.add(evaluate(clause, rule, known, rounding).points)
    return frozenset(found)

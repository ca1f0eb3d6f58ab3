"""Counting for every page: the questions of all sources become one statement."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Count, Value
from django.db.models.expressions import Combinable

EVERY_ROW: Final = Count("pk")


@dataclass(frozen=True)
class Tally:
    """How many ``rows`` there are, each being one to-do; ``of`` counts otherwise, ``most`` 1 = all of them are one line."""

    rows: Any
    of: Combinable = EVERY_ROW
    most: int | None = None

    def capped(self, found: int) -> int:
        return found if self.most is None else min(found, self.most)


def total(parts: Iterable[Tally | int]) -> int:
    """The sum of all parts; those that ask the database ask it together, in one query."""
    given = list(parts)
    asked = [part for part in given if isinstance(part, Tally)]
    known = sum(part for part in given if isinstance(part, int))
    # A queryset that can find nothing makes no statement of its own, so the answers are told apart by their number.
    return known + sum(asked[number].capped(found) for number, found in _answers(asked))


def _answers(asked: list[Tally]) -> Iterable[tuple[int, int]]:
    questions = [
        tally.rows.order_by().values(part=Value(number)).annotate(found=tally.of).values_list("part", "found")
        for number, tally in enumerate(asked)
    ]
    if not questions:
        return ()
    first, *others = questions
    return list(first.union(*others, all=True) if others else first)

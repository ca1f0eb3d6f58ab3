"""Which clocks a ledger row runs, said by its room in pure code, and where the rooms say it.

Every figure comes from a column of the row; a room that has no column for something leaves it to a person.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from qingyuan.foundation.words import said
from qingyuan.ledgers import registry


@dataclass(frozen=True)
class Said:
    """What a column says about a clock: a word the clock knows and its day; the rest as in ``clocks.Event``. ``column`` of a row
    beside the clock's own is ``name#row``, so that several rows of one ledger may each say their own."""

    word: str
    column: str
    on: date
    term: str = ""
    option: str = ""
    until: date | None = None
    days: int = 0
    paper: str = ""


@dataclass(frozen=True)
class Wanted:
    """A clock a row runs. ``closed_on``: the row is over in a way the clock has no word for. ``printed_on``: the day a paper
    prints, which holds. ``answered``: whether a column can ever say that it was done; where none can, clocks that ran out
    before the office began to keep them (``QINGYUAN_CLOCKS_FROM``) are not asked for."""

    code: str
    said: tuple[Said, ...] = ()
    closed_on: date | None = None
    printed_on: date | None = None
    answered: bool = True


@dataclass(frozen=True)
class Runs:
    """How a ledger runs clocks. ``wanted``: of a row, under a rule pack. ``columns``: by clock, which word comes from which
    column: nobody records those by hand.
    ``gather``: reads in one question what ``wanted`` needs of other rows of the ledger (the later steps of an exhibit); ``titles``
    names such a column, which the ledger itself does not have. ``which``: says which row it is where its first cell does not."""

    ledger: str
    wanted: Callable[[Any, str], Sequence[Wanted]]
    columns: Mapping[str, Mapping[str, str]]
    person: Callable[[Any], str] = lambda _row: ""
    caseworker: Callable[[Any], int | None] = lambda _row: None
    gather: Callable[[Sequence[Any]], Sequence[Any]] = lambda rows: rows
    titles: Mapping[str, Any] = field(default_factory=dict)
    which: Callable[[Any], str] = lambda _row: ""

    def column_of(self, code: str, word: str) -> str:
        """The column that says this word of a clock; empty where a person records it."""
        return self.columns.get(code, {}).get(word, "")

    def title_of(self, column: str) -> str:
        """What people call a column a word comes from."""
        column = column.partition("#")[0]
        own = next((str(one.header) for one in registry.get(self.ledger).columns if one.name == column), column)
        return str(self.titles.get(column, said(own)))


class SealedLedger(ValueError):
    """A sealed ledger runs no clock: each would say in the open that a row is there."""


_runs: dict[str, Runs] = {}


def register(runs: Runs) -> None:
    """Called once by a room beside its ledger.

    Raises:
        SealedLedger: the rows of the ledger are closed from entry.
    """
    if registry.get(runs.ledger).sealed:
        raise SealedLedger(runs.ledger)
    _runs[runs.ledger] = runs


def runs_of(ledger: str) -> Runs | None:
    return _runs.get(ledger)


def ledgers_with_clocks() -> tuple[str, ...]:
    return tuple(_runs)

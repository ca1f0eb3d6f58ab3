"""The slips that offices leave in their tables: cells no import may take as they are, each with the kind of slip it is.

They are marked where the story makes them, so that the list of what is planted (``examples/ledgers/planted.csv``) is
written by the same command as the workbooks and by nobody's hand.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any


class Slip(StrEnum):
    """What is wrong with a cell; the value is the word in the list of what is planted."""

    ROUNDED = "rounded"  # a number of which Excel kept fifteen digits
    CHECK_DIGIT = "check_digit"  # its last digit does not follow from the others
    MALFORMED = "malformed"  # no such number, telephone or amount can be
    NO_SUCH_DAY = "no_such_day"
    UNKNOWN_WORD = "unknown_word"  # in no code list
    UNKNOWN_PLACE = "unknown_place"  # no division of that name in the keeper's reach
    NOT_ON_FILE = "not_on_file"  # refers to a row that is not in its ledger
    ONE_OF_TWO = "one_of_two"  # one name where the law asks for two
    MISSING = "missing"  # what the other cells make necessary
    CONTRADICTS = "contradicts"  # with another cell of the row, or with what is on file
    DOES_NOT_ADD_UP = "does_not_add_up"
    TOO_MUCH = "too_much"  # more than law or store allows
    WRONG_UNIT = "wrong_unit"


class Slipped(list[Any]):
    """A row as it stands in the table; ``slips`` says which of its cells are wrong, by position from 0."""

    def __init__(self, row: Iterable[Any], slips: Mapping[int, Slip]) -> None:
        super().__init__(row)
        self.slips = dict(slips)

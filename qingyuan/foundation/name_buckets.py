"""Names found by a part of them: which few rows may answer is told by keyed buckets, which do is told by opening them.

A row says of its name, beside the index of the whole, two numbers: a bucket of 32 by the surname's reading and one of 256
by the initials ([ADR 0011]). Several hundred surnames and tens of thousands of initials share them, and a surname that
many people bear is spread over several, so that buckets are about equally full and counting them names no surname.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from django.db.models import Q, QuerySet

from qingyuan.foundation.crypto import blind_index_many, buckets, indexing_as, searched_index_keys
from qingyuan.foundation.enums import Compartment
from qingyuan.foundation.names import NameAsked, Way, family_reading, initials, surname_reading

SURNAME_BUCKETS: Final = 32
INITIALS_BUCKETS: Final = 256
MOST_OPENED: Final = 5000
"""Names that one search opens at most; who has more rows in reach narrows them first."""
SURNAME, STEP, PART, INITIALS = "surname", "surname-step", "surname-part", "initials"
_LONGEST_READING: Final = 10
# Of every hundred people about so many bear a surname so read (公安部 2020 年全国姓名报告 and the 2010 census, rounded): no
# figure of ours rests on it, it only evens the buckets out.
_SPREAD: Final = {
    "li": 8, "wang": 8, "zhang": 7, "liu": 5, "chen": 5, "yang": 3, "huang": 3, "zhao": 2, "wu": 3, "zhou": 2, "xu": 3,
    "sun": 2, "hu": 2, "zhu": 2, "gao": 2, "lin": 2, "he": 2, "guo": 2, "ma": 2,
}  # fmt: skip
_PARTS: Final = 840
"""A number that every spread up to eight divides, so that parts are equally full."""


class TooManyNames(ValueError):
    """More names in reach than one search opens; the search is to be narrowed. Says nothing of how many there are."""


def indexes_of(compartment: Compartment | str, names: Sequence[str]) -> dict[str, list[Any]]:
    """The three columns by which normalised names are found, one value for each name."""
    readings = [surname_reading(name) for name in names]
    which = buckets(compartment, PART, names, _PARTS)
    places = _places(compartment, readings)
    by_surname = [own[part % len(own)] for own, part in zip(places, which, strict=True)]
    return {
        "name_index": blind_index_many(compartment, "name", names),
        "surname_bucket": by_surname,
        "initials_bucket": buckets(compartment, INITIALS, map(initials, names), INITIALS_BUCKETS),
    }


def index_of_name(compartment: Compartment | str, name: str) -> dict[str, Any]:
    """``indexes_of`` for one name; empty values for no name."""
    if not name:
        return {"name_index": "", "surname_bucket": None, "initials_bucket": None}
    return {column: values[0] for column, values in indexes_of(compartment, [name]).items()}


def answering(rows: QuerySet[Any], asked: NameAsked, compartment: Compartment | str, *, whose: str = "") -> list[Any]:
    """The rows of ``rows`` (already narrowed to what the reader may see) among which each that answers to a part is.

    ``whose`` is the path to the model that holds the name ("client__"). The caller opens the names and asks
    ``NameAsked.way``. Raises TooManyNames.
    """
    if not asked.may_be_part:
        return []
    found = list(rows.filter(_may_answer(asked, compartment, whose)).order_by()[: MOST_OPENED + 1])
    if len(found) > MOST_OPENED:
        raise TooManyNames
    return found


def ways(shown: Iterable[tuple[Any, str]], asked: NameAsked) -> dict[Any, Way]:
    """Of (key, name as its reader is shown it) those that answer, with how."""
    return {key: way for key, name in shown if (way := asked.way(name)) is not None}


def _may_answer(asked: NameAsked, compartment: Compartment | str, whose: str) -> Q:
    """By surname, by each beginning that may be a surname's reading, by initials; and the rows that are not filled yet."""
    if asked.surname:
        readings = {family_reading(asked.surname)}
    else:
        readings = {asked.letters[:length] for length in range(1, min(len(asked.letters), _LONGEST_READING) + 1)}
    by_surname: set[int] = set()
    by_initials: set[int] = set()
    for key_id in searched_index_keys(compartment):
        with indexing_as(compartment, key_id):
            by_surname.update(place for own in _places(compartment, sorted(readings)) for place in own)
            by_initials.update(buckets(compartment, INITIALS, [asked.letters], INITIALS_BUCKETS))
    found = Q(**{f"{whose}surname_bucket__in": sorted(by_surname)}) | Q(**{f"{whose}surname_bucket": None})
    if asked.may_be_initials:
        found |= Q(**{f"{whose}initials_bucket__in": sorted(by_initials)})
    return found


def _places(compartment: Compartment | str, readings: Sequence[str]) -> list[list[int]]:
    """The buckets a surname so read is spread over: from a keyed one on by a keyed odd step, so that none comes twice."""
    starts = buckets(compartment, SURNAME, readings, SURNAME_BUCKETS)
    steps = buckets(compartment, STEP, readings, SURNAME_BUCKETS // 2)
    return [
        [(start + (2 * step + 1) * part) % SURNAME_BUCKETS for part in range(_SPREAD.get(reading, 1))]
        for reading, start, step in zip(readings, starts, steps, strict=True)
    ]

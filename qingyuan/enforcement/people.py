"""What a row that names a person derives from the ID number; used by this room's actions only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from qingyuan.enforcement import rules
from qingyuan.foundation import identity
from qingyuan.foundation.crypto import blind_index, blind_indexes
from qingyuan.foundation.enums import Compartment
from qingyuan.foundation.name_buckets import index_of_name
from qingyuan.ledgers.declaration import Draft

HOME = Compartment.ENFORCEMENT


def indexes(values: Mapping[str, Any]) -> dict[str, Any]:
    """What a row is found by, from its clear values; ``who_index`` is the number's, or the name's while there is none."""
    name, number = identity.normalise_name(values.get("name") or ""), values.get("id_number") or ""
    found = index_of_name(HOME, name)
    by_number = blind_index(HOME, "id_number", number) if number else ""
    return found | {"id_index": by_number, "who_index": by_number or found["name_index"]}


def who_indexes(values: Mapping[str, Any]) -> tuple[str, ...]:
    """Every ``who_index`` under which rows of this person may stand."""
    name, number = identity.normalise_name(values.get("name") or ""), values.get("id_number") or ""
    return blind_indexes(HOME, "id_number", number) if number else blind_indexes(HOME, "name", name)


def index_people(drafts: Sequence[Draft], *, dated_by: str) -> None:
    """Indexes and the mark of a minor for each draft; what contradicts the number is a problem.

    ``dated_by``: the column whose day the age is counted on where nobody said whether the person was a minor.
    """
    for draft in drafts:
        name = identity.normalise_name(draft.values.get("name") or "")
        number = draft.values.get("id_number") or ""
        if not name:
            continue  # a required column; the reader has already said so
        draft.values["name"] = name
        draft.extra |= indexes(draft.values)
        born = identity.parse(number, from_original=True) if number else None
        day = draft.values.get(dated_by)
        age = born.age_on(day) if born is not None and isinstance(day, date) else None
        draft.values["minor"] = rules.is_minor(draft.values.get("minor"), age)
        draft.problems += rules.check_identity(draft.values, sex=born.sex if born else "", age=age)
        if born is not None and not draft.values.get("sex"):
            draft.values["sex"] = born.sex

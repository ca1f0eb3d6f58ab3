"""What a row that names a person derives from the ID number; used by this room's actions only."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from qingyuan.enforcement import rules
from qingyuan.foundation import identity
from qingyuan.foundation.crypto import blind_index
from qingyuan.foundation.enums import Compartment
from qingyuan.ledgers.declaration import Draft

HOME = Compartment.ENFORCEMENT


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
        by_name, by_number = blind_index(HOME, "name", name), number and blind_index(HOME, "id_number", number)
        draft.extra |= {"name_index": by_name, "id_index": by_number, "who_index": by_number or by_name}
        born = identity.parse(number, from_original=True) if number else None
        day = draft.values.get(dated_by)
        age = born.age_on(day) if born is not None and isinstance(day, date) else None
        draft.values["minor"] = rules.is_minor(draft.values.get("minor"), age)
        draft.problems += rules.check_identity(draft.values, sex=born.sex if born else "", age=age)
        if born is not None and not draft.values.get("sex"):
            draft.values["sex"] = born.sex

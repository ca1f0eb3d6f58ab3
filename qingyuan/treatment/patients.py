"""Finding and adding patients of one clinic; used by this room's actions only, inside their transaction.

A clinic never learns whether a person is known to another one: its patients are looked for among its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from qingyuan.foundation import identity
from qingyuan.foundation.crypto import blind_index, blind_indexes
from qingyuan.foundation.enums import Compartment
from qingyuan.foundation.name_buckets import indexes_of
from qingyuan.ledgers.declaration import Draft
from qingyuan.treatment.models import Patient

HOME = Compartment.TREATMENT


def patient_id(unit_id: int, number: str) -> UUID:
    """The id that a patient of this clinic gets when first written down."""
    return UUID(hex=blind_index(HOME, "patient", f"{unit_id}:{number}"))


def id_index(number: str) -> str:
    return blind_index(HOME, "id_number", number)


def id_indexes(number: str) -> tuple[str, ...]:
    """Under which a patient of this number may stand: two while index keys are being rotated."""
    return blind_indexes(HOME, "id_number", number)


def known(drafts: Sequence[Draft], unit_id: int) -> dict[str, Patient]:
    """The clinic's patients that the drafts' ID numbers name, by number; one query."""
    numbers = {number for draft in drafts if (number := draft.values.get("id_number"))}
    named = {index: number for number in numbers for index in id_indexes(number)}
    return {named[one.id_index]: one for one in Patient.objects.filter(unit=unit_id, id_index__in=list(named))}


def find(drafts: Sequence[Draft], unit_id: int, *, new: bool) -> dict[int, Patient]:
    """Put the patient into each draft (by its place in ``drafts``). ``new``: somebody not known yet may be added."""
    there, found = known(drafts, unit_id), {}
    for place, draft in enumerate(drafts):
        number, name = draft.values.get("id_number"), draft.values.get("name")
        if not number or not name:
            continue  # both are required columns; the reader has already said so
        patient = there.get(number)
        if patient is None:
            if not new:
                draft.refuse("id_number", _("本机构没有登记这个人:请先登记协议或者入组,或对照原件核对号码。"))
                continue
            draft.extra["patient_id"] = patient_id(unit_id, number)
            continue
        if identity.normalise_name(patient.name) != identity.normalise_name(name):
            draft.refuse("name", _("姓名与这个号码在本机构台账里的姓名不符,请对照原件。"))
        draft.extra["patient_id"] = patient.pk
        found[place] = patient
    return found


def add_missing(drafts: Sequence[Draft], unit_id: int, *, created_at: datetime) -> None:
    there = known(drafts, unit_id)
    wanted = {draft.values["id_number"]: draft for draft in drafts if draft.values["id_number"] not in there}
    for draft in drafts:
        number = draft.values["id_number"]
        draft.extra["patient_id"] = there[number].pk if number in there else patient_id(unit_id, number)
    names = [identity.normalise_name(draft.values["name"]) for draft in wanted.values()]
    indexes = indexes_of(HOME, names)
    Patient.objects.bulk_create(
        Patient(
            id=patient_id(unit_id, number),
            name=names[place],
            **{column: values[place] for column, values in indexes.items()},
            id_number=number,
            id_index=id_index(number),
            unit_id=unit_id,
            created_at=created_at,
        )
        for place, number in enumerate(wanted)
    )

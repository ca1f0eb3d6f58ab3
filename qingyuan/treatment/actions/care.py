"""The only writers of a clinic's rows. A row belongs to the clinic that writes it; nobody is told of it and nothing follows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from qingyuan.foundation import clock
from qingyuan.foundation.name_buckets import index_of_name
from qingyuan.ledgers import registry
from qingyuan.ledgers import writing as _writing
from qingyuan.ledgers.declaration import Draft, Writing
from qingyuan.organisation.models import Unit
from qingyuan.treatment import patients, rules
from qingyuan.treatment.models import Dose, Enrolment, Patient

AGREEMENTS, MAINTENANCE, DOSES, TESTS = "treatment_agreements", "maintenance", "maintenance_doses", "medical_tests"
PAGE = 400


def prepare_agreements(drafts: Sequence[Draft], writing: Writing) -> None:
    """A person not known to the clinic yet is added together with the agreement."""
    for draft in at_home(drafts, writing):
        draft.problems += rules.not_in_future(draft.values, ("signed_on", "ended_on"), writing.on)
        if draft.values.get("confidentiality") is None:
            draft.values["confidentiality"] = False
    patients.find(drafts, writing.by.unit_id or 0, new=True)


def prepare_maintenance(drafts: Sequence[Draft], writing: Writing) -> None:
    for draft in at_home(drafts, writing):
        draft.problems += rules.not_in_future(draft.values, ("enrolled_on", "left_on"), writing.on)
    patients.find(drafts, writing.by.unit_id or 0, new=True)


def prepare_doses(drafts: Sequence[Draft], writing: Writing) -> None:
    """Find the enrolment that holds on the day of each dose."""
    for draft in at_home(drafts, writing):
        draft.problems += rules.not_in_future(draft.values, ("due_on",), writing.on)
    found = patients.find(drafts, writing.by.unit_id or 0, new=False)
    enrolments: dict[UUID, list[Enrolment]] = {}
    for one in Enrolment.objects.filter(patient__in=found.values()):
        enrolments.setdefault(one.patient_id, []).append(one)
    for place, patient in found.items():
        day = drafts[place].values.get("due_on")
        if day is None:
            continue
        held = next((one for one in enrolments.get(patient.pk, []) if _covers(one, day)), None)
        if held is None:
            drafts[place].refuse("due_on", _("这一天没有在组的维持治疗,请核对日期,或先登记入组。"))
        else:
            drafts[place].extra["enrolment_id"] = held.pk


def prepare_tests(drafts: Sequence[Draft], writing: Writing) -> None:
    for draft in at_home(drafts, writing):
        draft.problems += rules.not_in_future(draft.values, ("tested_on",), writing.on)
    patients.find(drafts, writing.by.unit_id or 0, new=False)


@transaction.atomic
def record_agreements(*, drafts: Sequence[Draft], writing: Writing) -> list[Any]:
    patients.add_missing(drafts, writing.by.unit_id or 0, created_at=clock.now())
    return _writing.insert(registry.get(AGREEMENTS), drafts, writing)


@transaction.atomic
def record_maintenance(*, drafts: Sequence[Draft], writing: Writing) -> list[Any]:
    patients.add_missing(drafts, writing.by.unit_id or 0, created_at=clock.now())
    return _writing.insert(registry.get(MAINTENANCE), drafts, writing)


def record_doses(*, drafts: Sequence[Draft], writing: Writing) -> list[Any]:
    return _writing.insert(registry.get(DOSES), drafts, writing)


def record_tests(*, drafts: Sequence[Draft], writing: Writing) -> list[Any]:
    return _writing.insert(registry.get(TESTS), drafts, writing)


def change_agreements(*, changes: Sequence[tuple[Any, Draft]], writing: Writing) -> None:
    _writing.change(registry.get(AGREEMENTS), changes, writing)


def change_maintenance(*, changes: Sequence[tuple[Any, Draft]], writing: Writing) -> None:
    _writing.change(registry.get(MAINTENANCE), changes, writing)


def change_doses(*, changes: Sequence[tuple[Any, Draft]], writing: Writing) -> None:
    _writing.change(registry.get(DOSES), changes, writing)


def change_tests(*, changes: Sequence[tuple[Any, Draft]], writing: Writing) -> None:
    _writing.change(registry.get(TESTS), changes, writing)


def void_agreements(*, rows: Sequence[Any], writing: Writing) -> None:
    _writing.void(registry.get(AGREEMENTS), rows, writing)


@transaction.atomic
def void_maintenance(*, rows: Sequence[Any], writing: Writing) -> None:
    """Raises CannotVoid while doses stand under it."""
    if Dose.objects.filter(enrolment__in=rows).exists():
        raise _writing.CannotVoid(_("这次入组下还有服药记录,请先作废服药记录。"))
    _writing.void(registry.get(MAINTENANCE), rows, writing)


def void_doses(*, rows: Sequence[Any], writing: Writing) -> None:
    _writing.void(registry.get(DOSES), rows, writing)


def void_tests(*, rows: Sequence[Any], writing: Writing) -> None:
    _writing.void(registry.get(TESTS), rows, writing)


def reindex() -> int:
    """Bring every patient under the index key that writes now; returns how many were moved. Safe to repeat and to cut off."""
    moved, last = 0, None
    while True:
        found = Patient.objects.order_by("pk") if last is None else Patient.objects.order_by("pk").filter(pk__gt=last)
        page = list(found[:PAGE])
        if not page:
            return moved
        with transaction.atomic():
            for one in page:
                wanted = {**index_of_name(patients.HOME, one.name), "id_index": patients.id_index(one.id_number)}
                if any(getattr(one, name) != value for name, value in wanted.items()):
                    moved += Patient.objects.filter(pk=one.pk).update(**wanted)
        last = page[-1].pk


def at_home(drafts: Sequence[Draft], writing: Writing) -> Sequence[Draft]:
    """A row of a clinic stands at the clinic's own place; where a patient lives is not asked."""
    home = Unit.objects.filter(pk=writing.by.unit_id or 0).values_list("division_id", flat=True).first()
    for draft in drafts:
        draft.division_id, draft.unit_id = home, writing.by.unit_id
    return drafts


def _covers(enrolment: Enrolment, day: date) -> bool:
    return rules.covers(enrolled_on=enrolment.enrolled_on, left_on=enrolment.left_on, day=day)

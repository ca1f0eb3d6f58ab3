"""The only writers of what a clinic asks when a treatment begins. It stays in the clinic: nothing follows from it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from qingyuan.ledgers import registry
from qingyuan.ledgers import writing as _writing
from qingyuan.ledgers.declaration import Draft, Writing
from qingyuan.treatment import patients, rules
from qingyuan.treatment.actions.care import at_home
from qingyuan.treatment.models import Agreement, Enrolment

ENTRIES = "treatment_entries"


def prepare(drafts: Sequence[Draft], writing: Writing) -> None:
    """An entry is of a treatment that began that day: an agreement was signed, or maintenance treatment begun."""
    for draft in at_home(drafts, writing):
        draft.problems += rules.not_in_future(draft.values, ("entered_on",), writing.on)
    found = patients.find(drafts, writing.by.unit_id or 0, new=False)
    ids = {patient.pk for patient in found.values()}
    began = set(Agreement.objects.filter(patient__in=ids).values_list("patient_id", "signed_on"))
    began |= set(Enrolment.objects.filter(patient__in=ids).values_list("patient_id", "enrolled_on"))
    for place, patient in found.items():
        day = drafts[place].values.get("entered_on")
        if day is not None and (patient.pk, day) not in began:
            drafts[place].refuse("entered_on", _("这一天没有签协议,也没有入组维持治疗:请核对日期,或先登记协议、入组。"))


def record(*, drafts: Sequence[Draft], writing: Writing) -> list[Any]:
    return _writing.insert(registry.get(ENTRIES), drafts, writing)


def change(*, changes: Sequence[tuple[Any, Draft]], writing: Writing) -> None:
    _writing.change(registry.get(ENTRIES), changes, writing)


def void(*, rows: Sequence[Any], writing: Writing) -> None:
    _writing.void(registry.get(ENTRIES), rows, writing)

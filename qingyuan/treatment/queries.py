"""Counts of a clinic's month, for its own page and for the one gate that numbers pass (closed there).

December also says how the people fared who were enrolled the year before: of a month's few nothing could be said."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final
from uuid import UUID

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from qingyuan.reference.periods import Period, add_months
from qingyuan.treatment import rules
from qingyuan.treatment.models import Agreement, Enrolment

LABELS: Final[Mapping[str, str | Promise]] = {
    "agreements": _("本月签订自愿戒毒协议(人)"),
    "outpatient": _("其中门诊治疗"),
    "inpatient": _("其中住院治疗"),
    "in_maintenance": _("月末在组维持治疗(人)"),
}
#: What December says besides: of the people enrolled in the year before, how many were in treatment twelve months on.
COHORT: Final[Mapping[str, str | Promise]] = {
    "cohort": _("上一年入组维持治疗(人)"),
    "kept": _("其中满 12 个月仍在组"),
    "gone": _("其中满 12 个月已不在组"),
}
#: Which numbers add up to which.
SUMS: Final = (("agreements", ("outpatient", "inpatient")),)
COHORT_SUMS: Final = (("cohort", ("kept", "gone")),)
DECEMBER: Final = 12


def labels_of(month: date) -> dict[str, str | Promise]:
    """What a clinic tells of a month, in the order in which it is told."""
    return {**LABELS, **(COHORT if month.month == DECEMBER else {})}


def sums_of(month: date) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return (*SUMS, *(COHORT_SUMS if month.month == DECEMBER else ()))


def month_counts(unit_id: int, month: date) -> dict[str, int]:
    """People, not rows: who signed twice in a month is one person, counted by the later agreement. ``month``: its first day.

    How many came and how many left maintenance treatment is not among them: beside the number of the month before, either
    would tell the other, and few people with it.
    """
    period = Period.parse(f"{month:%Y-%m}")
    signed = Agreement.objects.filter(unit=unit_id, signed_on__gte=period.start, signed_on__lt=period.end)
    ways = dict(signed.order_by("signed_on").values_list("patient_id", "way"))
    held = Enrolment.objects.filter(unit=unit_id, enrolled_on__lt=period.end).filter(Q(left_on=None) | Q(left_on__gte=period.end))
    return {
        "agreements": len(ways),
        "outpatient": sum(way == "outpatient" for way in ways.values()),
        "inpatient": sum(way == "inpatient" for way in ways.values()),
        "in_maintenance": held.values("patient_id").distinct().count(),
        **(_cohort(unit_id, month.year - 1) if month.month == DECEMBER else {}),
    }


def _cohort(unit_id: int, year: int) -> dict[str, int]:
    """People, each by the first enrolment of ``year``; kept is who is in treatment twelve months after that day, in that
    enrolment or in a later one."""
    stays: dict[UUID, list[tuple[date, date | None]]] = {}
    found = Enrolment.objects.filter(unit=unit_id, enrolled_on__gte=date(year, 1, 1))
    for person, enrolled, left in found.order_by("enrolled_on").values_list("patient_id", "enrolled_on", "left_on"):
        stays.setdefault(person, []).append((enrolled, left))
    cohort = {person: of for person, of in stays.items() if of[0][0].year == year}
    kept = 0
    for of in cohort.values():
        day = add_months(of[0][0], 12)
        kept += any(rules.covers(enrolled_on=enrolled, left_on=left, day=day) for enrolled, left in of)
    return {"cohort": len(cohort), "kept": kept, "gone": len(cohort) - kept}

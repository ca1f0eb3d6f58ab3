"""Counts of a clinic's month, for its own page and for the one gate that numbers pass (closed there)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from qingyuan.reference.periods import Period
from qingyuan.treatment.models import Agreement, Enrolment

LABELS: Final[Mapping[str, str | Promise]] = {
    "agreements": _("本月签订自愿戒毒协议(人)"),
    "outpatient": _("其中门诊治疗"),
    "inpatient": _("其中住院治疗"),
    "in_maintenance": _("月末在组维持治疗(人)"),
}
#: Which numbers add up to which.
SUMS: Final = (("agreements", ("outpatient", "inpatient")),)


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
    }

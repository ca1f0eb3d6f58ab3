"""Which filed returns can stand behind a clause of a letter: of the letter's own unit and year, and open to the reader."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from django.db.models import Q

from qingyuan.governance.enums import ReturnState
from qingyuan.governance.forms.catalogue import get_form
from qingyuan.governance.models import Assessment, AssessmentEvidence, Return
from qingyuan.governance.permissions import returns_visible
from qingyuan.organisation.actor import Actor

#: What was filed and stands: a draft, or one sent back to be mended, proves nothing yet.
FILED: Final = (ReturnState.SUBMITTED, ReturnState.APPROVED, ReturnState.LOCKED)


@dataclass(frozen=True)
class Fitting:
    """A return that may be chosen; ``attached``: it stands behind the clause already."""

    filed: Return
    title: str
    attached: bool


def returns_that_fit(actor: Actor, case: Assessment, clause: str, on: date, words: str = "") -> list[Fitting]:
    """Filed by the letter's unit or by one under it in the letter's year, the newest month first.

    ``words``: each must stand in the form's title or code, the unit's name or the month («2022-03», «3月»).
    """
    rows = returns_visible(actor, on).current().filter(state__in=FILED, period__startswith=f"{case.letter.year}-")
    mine = rows.filter(Q(unit_id=case.unit_id) | Q(unit__superior_id=case.unit_id)).order_by("-period", "form", "unit__code")
    held = AssessmentEvidence.objects.standing().filter(assessment=case, clause=clause, ledger="returns")
    attached = set(held.values_list("row_id", flat=True))
    found = [Fitting(filed, get_form(filed.form).title, filed.pk in attached) for filed in mine]
    wanted = words.casefold().split()
    return [one for one in found if all(word in _said(one) for word in wanted)]


def returns_open_to(actor: Actor, ids: Collection[UUID], on: date) -> dict[UUID, Return]:
    """Those of ``ids`` that ``actor`` may open."""
    return {one.pk: one for one in returns_visible(actor, on).filter(pk__in=ids)} if ids else {}


def _said(one: Fitting) -> str:
    year, _dash, month = one.filed.period.partition("-")
    spoken = f"{year}年{int(month)}月" if month.isdigit() else ""
    return f"{one.title} {one.filed.form} {one.filed.unit.label} {one.filed.period} {spoken}".casefold()

"""Reads for the clocks of measures: the rows beside each, in four questions for as many measures as one likes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from qingyuan.rehabilitation.clocks import Beside
from qingyuan.rehabilitation.models import Absence, Credit, Move, Suspension


def gather(measures: Sequence[Any]) -> Sequence[Any]:
    """``measures``, each with ``beside``: its pauses, absences, moves and credited days in the order of time."""
    ids = [row.pk for row in measures]
    suspensions = _by_measure(Suspension.objects.filter(measure_id__in=ids).order_by("stopped_on", "pk"))
    absences = _by_measure(Absence.objects.filter(measure_id__in=ids).order_by("left_on", "pk"))
    moves = _by_measure(Move.objects.filter(measure_id__in=ids).order_by("moved_on", "pk"))
    credits = _by_measure(Credit.objects.filter(measure_id__in=ids).order_by("credited_on", "pk"))
    for row in measures:
        row.beside = Beside(
            suspensions=suspensions.get(row.pk, ()),
            absences=absences.get(row.pk, ()),
            moves=moves.get(row.pk, ()),
            credits=credits.get(row.pk, ()),
        )
    return measures


def _by_measure(rows: Any) -> dict[Any, tuple[Any, ...]]:
    found: dict[Any, list[Any]] = {}
    for row in rows:
        found.setdefault(row.measure_id, []).append(row)
    return {key: tuple(line) for key, line in found.items()}

"""Gate G7: a clinic's counts of one month. Numbers below five, and those that would give them away, never leave the clinic."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from qingyuan.indicators.disclosure import Line, Shown, suppress_lines
from qingyuan.treatment import queries

FEW = "<5"
KEPT = "—"


@dataclass(frozen=True)
class Closed:
    """One number as it leaves: ``text`` is the number, «<5», or a dash where another could be worked out from it."""

    label: str
    text: str


def closed_counts(unit_id: int, month: date) -> list[Closed]:
    """What may leave of a clinic's month (``month``: its first day)."""
    found = queries.month_counts(unit_id, month)
    sums = [Line(total, parts) for total, parts in queries.SUMS]
    shown = suppress_lines(found, sums, own=(), smallest=5)
    return [Closed(str(queries.LABELS[key]), _text(found[key], shown[key])) for key in queries.LABELS]


def said(counts: list[Closed]) -> str:
    return "\n".join(_("%(label)s:%(number)s") % {"label": one.label, "number": one.text} for one in counts)


def _text(number: int, shown: Shown) -> str:
    if shown == Shown.EXACT:
        return str(number)
    return FEW if shown == Shown.FEW else KEPT

"""Gate G7: a clinic's counts of one month. Numbers below five, and those that would give them away, never leave the clinic.

People in maintenance are a stock: less what an earlier month told, it says how many came or left. So it leaves only where it
differs from every earlier number that left by nothing, or by five and more (ADR 0007). People who signed in a month are other
people than those of another month, and no running total leaves: nothing can be subtracted there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from qingyuan.casework.actions import gates
from qingyuan.casework.gates.queries import months_told
from qingyuan.casework.gates.table import BY_CODE
from qingyuan.casework.models import GateAct
from qingyuan.indicators.disclosure import SMALLEST, Line, Shown, suppress_lines
from qingyuan.ledgers import publishing
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.models import Unit
from qingyuan.treatment import facts, queries

FEW = "<5"
KEPT = "—"
STOCK: Final = "in_maintenance"


@dataclass(frozen=True)
class Closed:
    """One number as it leaves: ``text`` is the number, «<5», or a dash where another could be worked out from it; ``number``
    is None where it is closed."""

    key: str
    label: str
    text: str
    number: int | None


def closed_counts(unit_id: int, month: date) -> list[Closed]:
    """What may leave of a clinic's month (``month``: its first day), after what left of earlier ones."""
    found = queries.month_counts(unit_id, month)
    sums = [Line(total, parts) for total, parts in queries.sums_of(month)]
    shown = dict(suppress_lines(found, sums, own=(), smallest=SMALLEST))
    told = _stocks_told(unit_id)
    if shown[STOCK] == Shown.EXACT and any(0 < abs(found[STOCK] - earlier) < SMALLEST for earlier in told):
        shown[STOCK] = Shown.HIDDEN
    labels = queries.labels_of(month)
    return [Closed(key, str(label), _text(found[key], shown[key]), _open(found[key], shown[key])) for key, label in labels.items()]


@transaction.atomic
def sign(*, to_unit: Unit, month: date, by: Actor) -> GateAct:
    """A clinic signs for its counts of a month (its first day): they reach the office through the gate and, as far as they
    are not closed, the observatory. The figure is made of these numbers; that somebody signed is counted nowhere.

    Raises GateRefused, as any gate does."""
    counts = closed_counts(by.unit_id or 0, month)
    act = gates.sign(gate=BY_CODE["G7"], to_unit=to_unit, typed={"month": f"{month:%Y-%m}", "counts": said(counts)}, by=by)
    numbers = {one.key: one.number for one in counts if one.number is not None}
    told = facts.Told(act.reference, act.unit_id, act.division_id, month, numbers)
    publishing.publish(facts.MONTHS, [told], at=act.signed_at, known=False)
    return act


def _stocks_told(unit_id: int) -> list[int]:
    """The numbers of people in maintenance that this clinic has told; each month's text has a line a count, in their order,
    and December's some more below."""
    place = list(queries.LABELS).index(STOCK)
    found = []
    for text in months_told(unit_id, BY_CODE["G7"]).values():
        lines = text.splitlines()
        number = lines[place].rpartition(":")[2].strip() if len(lines) >= len(queries.LABELS) else ""
        if number.isdigit():
            found.append(int(number))
    return found


def said(counts: list[Closed]) -> str:
    return "\n".join(_("%(label)s:%(number)s") % {"label": one.label, "number": one.text} for one in counts)


def _open(number: int, shown: Shown) -> int | None:
    return number if shown == Shown.EXACT else None


def _text(number: int, shown: Shown) -> str:
    if shown == Shown.EXACT:
        return str(number)
    return FEW if shown == Shown.FEW else KEPT

"""Which months of which places are closed, since when, and what came in afterwards."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from qingyuan.foundation.enums import Compartment
from qingyuan.indicators.disclosure import Shown
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.models import Division, DivisionPath
from qingyuan.organisation.scope import visible_to
from qingyuan.reference.periods import Period
from qingyuan.situation import closing_rules
from qingyuan.situation.enums import CloseState
from qingyuan.situation.models import PeriodClose, ReopenNotice
from qingyuan.situation.models.closing import LIVE
from qingyuan.situation.queries.readings import Reading

LEDGER = "closings"
#: The day of the following month by which last month is usually checked; offices report to the level above by then.
CHECK_DAY = 10


@dataclass(frozen=True)
class Late:
    """A closed figure beside what is known now. ``words`` is "" when nothing came in later."""

    closed_at: datetime
    words: str
    now_text: str


def check_by(month: Period) -> date:
    """The day by which ``month`` is to be checked."""
    return month.end + timedelta(days=CHECK_DAY - 1)


def refusal(division: Division, month: Period) -> PeriodClose | None:
    """The closing of the month as it was given back, when that is the last that happened to it."""
    last = PeriodClose.objects.filter(division=division, period=str(month)).order_by("-asked_at").first()
    return last if last is not None and last.state == CloseState.SENT_BACK else None


def closings_visible(actor: Actor, on: date) -> QuerySet[PeriodClose]:
    """The closings ``actor`` may see."""
    rows = PeriodClose.objects.select_related("division", "unit")
    return visible_to(actor, rows, compartment=Compartment.INTERNAL, ledger=LEDGER, on=on)


def live(division_ids: Iterable[int], months: Sequence[str]) -> dict[tuple[int, str], PeriodClose]:
    """The closing that counts (asked or closed) by place and month."""
    found = live_rows(division_ids, months).select_related("division")
    return {(close.division_id, close.period): close for close in found}


def live_rows(division_ids: Iterable[int], months: Sequence[str]) -> QuerySet[PeriodClose]:
    return PeriodClose.objects.filter(division_id__in=list(division_ids), period__in=list(months), state__in=LIVE)


def closed_at(division_id: int, period: Period) -> datetime | None:
    """Since when ``period`` of the place is closed; None while a month of it is open."""
    months = period.months()
    rows = PeriodClose.objects.filter(
        division_id=division_id, period__in=[str(month) for month in months], state=CloseState.CLOSED
    ).values_list("period", "known_until")
    return closing_rules.closed_at(months, {month: moment for month, moment in rows if moment is not None})


def below_open(division: Division, month: Period, on: date) -> list[Division]:
    """The places right under ``division`` that may close and have not closed ``month``; villages do not close."""
    below = _open_paths(division.pk, month, on).values("descendant_id")
    return list(Division.objects.filter(pk__in=below).order_by("code"))


def with_open_below(division_id: int, month: Period, on: date) -> QuerySet[Any]:
    """The id of ``division_id`` while ``below_open`` would find something, as a subquery."""
    return _open_paths(division_id, month, on).values("ancestor_id")


def _open_paths(division_id: int, month: Period, on: date) -> QuerySet[DivisionPath]:
    closed = PeriodClose.objects.filter(period=str(month), state=CloseState.CLOSED).values("division_id")
    paths: QuerySet[DivisionPath] = DivisionPath.objects.on(on).filter(ancestor_id=division_id, depth=1)
    return paths.exclude(descendant__level="village").exclude(descendant_id__in=closed)


def above_closed(division: Division, month: str, on: date) -> Division | None:
    """The nearest place above that has closed ``month``."""
    paths = DivisionPath.objects.on(on).filter(descendant_id=division.pk, depth__gt=0).order_by("depth")
    above = list(paths.values_list("ancestor_id", flat=True))
    closed = {
        close.division_id: close.division
        for close in PeriodClose.objects.filter(
            division_id__in=above, period=month, state=CloseState.CLOSED
        ).select_related("division")
    }
    return next((closed[pk] for pk in above if pk in closed), None)


def late(closed: Reading, now: Reading, moment: datetime, *, own: bool) -> Late:
    """``closed``: the figure as known at ``moment``; ``now``: as known now, both as the same reader may read them."""
    indicator = closed.indicator
    if closed.state is not Shown.EXACT or now.state is not Shown.EXACT:
        return Late(moment, "", "")
    few = not own and closing_rules.tells_few(_moves(closed, now))
    words = closing_rules.late_words(
        closed.amount, now.amount, decimals=indicator.decimals, rate=indicator.unit == "%", few=few
    )
    return Late(moment, words, now.text if words and not few else "")


def _moves(closed: Reading, now: Reading) -> list[Decimal | None]:
    """By how much each number of people behind the figure moved; None where one of the two is unknown."""
    people = [term.key for term in closed.indicator.terms if term.people]
    pairs = [(closed.part(key), now.part(key)) for key in people]
    moves: list[Decimal | None] = []
    for before, after in pairs:
        if before is None or after is None or before.amount == after.amount:
            continue
        moves.append(None if before.amount is None or after.amount is None else after.amount - before.amount)
    return moves


def notices_for(actor: Actor) -> QuerySet[ReopenNotice]:
    """Notices of reopened months that the actor's unit has not read."""
    unread = ReopenNotice.objects.filter(unit_id=actor.unit_id or 0, read_at=None)
    return unread.select_related("close__division").order_by("created_at")


def history(division: Division, month: str) -> list[Any]:
    """Every attempt to close the month of the place, the newest first."""
    return list(PeriodClose.objects.filter(division=division, period=month).order_by("-asked_at"))

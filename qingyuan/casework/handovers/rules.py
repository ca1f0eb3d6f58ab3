"""Pure rules of hand-overs: by when it is answered, what may follow what, whose a window of the past stays, how people are
spread over workers."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final, TypeVar

from django.utils.translation import gettext as _

from qingyuan.casework.enums import HandOverState
from qingyuan.reference import clocks, holidays
from qingyuan.reference.catalogue import get_list
from qingyuan.reference.packs import NATIONAL, get_pack
from qingyuan.reference.statutes import cite

REASONS: Final = "hand_over_reasons"
ANSWER_DAYS: Final = "handover.answer_days"
PER_WORKER: Final = "caseload.per_worker"
Worker = TypeVar("Worker", bound=Hashable)
Case = TypeVar("Case", bound=Hashable)


@dataclass(frozen=True)
class LastDay:
    """The last day to answer and, in words, what it rests on."""

    day: date
    basis: str


def answer_by(reason: str, counted_from: date, pack: str = NATIONAL) -> LastDay:
    """The last day on which the receiver should have answered an offer for ``reason``.

    A declared clock of that reason gives it (change of place: DR22, fifteen days); else the working days that the rule pack
    sets, which no text fixes. Raises UnknownCode for a reason that is not on the list.
    """
    code = get_list(REASONS).require(reason)
    declared = code.extra.get("clock", "")
    if declared:
        answered = clocks.start(declared, counted_from, pack)
        basis = _("%(name)s · %(cite)s") % {"name": answered.clock.name, "cite": answered.basis}
        return LastDay(answered.day, basis)
    value = get_pack(pack).require(ANSWER_DAYS, counted_from)
    day = holidays.add_working_days(counted_from, int(value.value))
    basis = _("%(days)s 个工作日内答复(条文没有写数字,由本地确认)") % {"days": value.value}
    return LastDay(day, basis)


@dataclass(frozen=True)
class Ratio:
    """How many people one worker looks after at most, and where that stands. ``confirmed``: whether a text here fixes it."""

    people: int
    note: str
    cite: str
    confirmed: bool


def ratio_on(day: date, pack: str = NATIONAL) -> Ratio:
    value = get_pack(pack).require(PER_WORKER, day)
    return Ratio(int(value.value), value.note, cite(value.article).said, value.confirmed)


class Move(StrEnum):
    ACCEPT = "accept"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"


AFTER: Final[Mapping[Move, HandOverState]] = {
    Move.ACCEPT: HandOverState.ACCEPTED,
    Move.REFUSE: HandOverState.REFUSED,
    Move.WITHDRAW: HandOverState.WITHDRAWN,
}


class AlreadyAnswered(ValueError):
    """The offer has had its one answer."""


def after(state: str, move: Move) -> HandOverState:
    """The state after ``move``. An offer is answered once, whoever comes first. Raises AlreadyAnswered."""
    if state != HandOverState.OFFERED:
        raise AlreadyAnswered(state)
    return AFTER[move]


@dataclass(frozen=True)
class Passed:
    """An accepted hand-over between units: until when (exclusive) a row stood where."""

    on: date
    division_id: int
    unit_id: int


def stood_at(passed: Sequence[Passed], *, closes: date, done: date | None) -> Passed | None:
    """Where the window that ended on ``closes`` (exclusive) stays: with whoever owned the row when it closed, or when it was
    answered. None: with the present owner. ``passed`` in order of time."""
    return next((one for one in passed if closes <= one.on or (done is not None and done < one.on)), None)


def spread(cases: Sequence[Case], load: Mapping[Worker, int]) -> dict[Case, Worker]:
    """``cases`` given one by one to whoever has fewest, so that nobody ends with two more than another if it can be helped.

    Deterministic: on a tie the worker who comes first in ``load``. Raises ValueError without a worker.
    """
    if not load:
        raise ValueError("nobody to give anything to")
    counted = dict(load)
    found: dict[Case, Worker] = {}
    for case in cases:
        worker = min(counted, key=lambda one: counted[one])
        found[case] = worker
        counted[worker] += 1
    return found


def uneven(load: Iterable[int]) -> int:
    """How far the fullest and the emptiest lie apart."""
    counts = list(load)
    return max(counts) - min(counts) if counts else 0

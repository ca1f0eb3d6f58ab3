"""Pure rules of a general check-up: how one line of the frame stands, what an end rests on, what is counted, which dates were kept.

Nothing here says how many should be found in any state: a frame is accounted for when every line is looked into, whatever it ends in.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final, TypeVar

from django.utils.translation import gettext as _

from qingyuan.foundation.words import Problem
from qingyuan.rehabilitation.enums import EndState

OPEN: Final = "open"
#: Said to be elsewhere in the city, and nobody there has signed for it: not accounted for.
UNSIGNED: Final = "unsigned"
#: Besides the ten ends: what is not accounted for, in two ways.
NOT_YET: Final = (OPEN, UNSIGNED)
STANDINGS: Final[tuple[str, ...]] = (*EndState.values, *NOT_YET)
#: What an official may say. Three years without relapse are said by the end of dynamic control and by nothing else.
SAYABLE: Final = tuple(state for state in EndState if state is not EndState.THREE_YEARS)
_PAPER: Final = frozenset({EndState.CUSTODY, EndState.DECEASED, EndState.ABROAD})
_WORDS: Final = frozenset({EndState.SEEN, EndState.AWAY_IN_TOUCH, EndState.AWAY_LOST})


@dataclass(frozen=True)
class Line:
    """One line as it is counted. ``whose``: an opaque key of the person; ``sealed``: dynamic control has ended for the person;
    ``inside``: another unit of the city was named; ``signed``: that unit has signed, or a paper of a place outside was seen."""

    whose: Hashable
    state: str = ""
    inside: bool = False
    signed: bool = False
    sealed: bool = False


def standing(line: Line) -> str:
    """Exactly one of ``STANDINGS`` for every line there can be."""
    if line.sealed:
        return EndState.THREE_YEARS.value
    if line.state not in EndState.values:
        return OPEN
    if line.state == EndState.ELSEWHERE and line.inside and not line.signed:
        return UNSIGNED
    return line.state


def counts_here(line: Line) -> bool:
    """Whether the line stands for a person of this unit: a duplicate does not, nor one for whom another unit of the city has signed
    (there is a line there). So the units' counts add up to persons."""
    found = standing(line)
    return found != EndState.DUPLICATE and not (found == EndState.ELSEWHERE and line.inside)


@dataclass(frozen=True)
class Tally:
    """``frame`` = ``done`` + ``left``, in persons."""

    frame: int = 0
    done: int = 0

    @property
    def left(self) -> int:
        return self.frame - self.done


def tally(lines: Iterable[Line]) -> Tally:
    here = [line for line in lines if counts_here(line)]
    return Tally(len(here), sum(1 for line in here if standing(line) not in NOT_YET))


def by_standing(lines: Iterable[Line]) -> dict[str, int]:
    """How many lines stand in each way; every line in one."""
    found = dict.fromkeys(STANDINGS, 0)
    for line in lines:
        found[standing(line)] += 1
    return found


K = TypeVar("K", bound=Hashable)


def twice(lines: Mapping[K, Line]) -> frozenset[K]:
    """The lines of persons who would be counted more than once, and of those who would not be counted at all because every line of
    theirs calls itself the duplicate."""
    of: dict[Hashable, list[K]] = {}
    for key, line in lines.items():
        of.setdefault(line.whose, []).append(key)
    wrong: set[K] = set()
    for keys in of.values():
        if len(keys) > 1 and sum(1 for key in keys if counts_here(lines[key])) != 1:
            wrong |= set(keys)
    return frozenset(wrong)


@dataclass(frozen=True)
class Said:
    """What is said of one line. ``inside``: another unit of the city is named; ``isolated``: the register has an isolation that runs on
    that day; ``others``: how many further lines of the same person are there that do not call themselves the duplicate."""

    state: str
    happened_on: date | None = None
    paper_number: str = ""
    words: str = ""
    inside: bool = False
    to_place: str = ""
    isolated: bool = False
    others: int = 0


def problems(said: Said, *, starts_on: date, on: date) -> list[Problem]:
    """What is missing for an end to be one, each with what to do."""
    if said.state not in EndState.values:
        return [_problem("state", _("请选核查结果。"))]
    state = EndState(said.state)
    if state not in SAYABLE:
        return [_problem("state", _("“戒断三年”不在这里填:在“动态管控台账”登记停止动态管控,这一行随之了结并封存。"))]
    found = _day(said, state, starts_on, on)
    if state in _PAPER and not said.paper_number.strip():
        found.append(_problem("paper_number", _("请填凭证编号(通知书、证明的编号),不写事由。")))
    if state in _WORDS and not said.words.strip():
        found.append(_problem("words", _HOW[state]()))
    if state == EndState.ISOLATION and not said.isolated:
        found.append(_problem("state", _("台账里这一天没有正在执行的强制隔离戒毒:请先在“强制隔离戒毒状态台账”登记。")))
    if state == EndState.DUPLICATE and not said.others:
        found.append(_problem("state", _("名册上没有同一人的另一行:号码不同的两条记录,请先在台账更正号码。")))
    if state == EndState.ELSEWHERE:
        found += _elsewhere(said)
    return found


def _day(said: Said, state: EndState, starts_on: date, on: date) -> list[Problem]:
    day = said.happened_on
    if day is None:
        return [_problem("happened_on", _("请填日期,写成 2022-11-23 的样子。"))]
    if day > on:
        return [_problem("happened_on", _("日期在今天之后,请核对。"))]
    if day < starts_on and state in (EndState.SEEN, EndState.AWAY_IN_TOUCH, EndState.AWAY_LOST):
        return [_problem("happened_on", _("普查从 %(day)s 开始:请填普查期间见到、联系或者寻找的日子。") % {"day": starts_on.isoformat()})]
    return []


def _elsewhere(said: Said) -> list[Problem]:
    if said.inside and said.to_place.strip():
        return [_problem("to_place", _("本市的请选单位,外地的请写地方:两样只填一样。"))]
    if said.inside:
        return []
    found = []
    if not said.to_place.strip():
        found.append(_problem("to_unit", _("请选现在由哪个单位负责;在外地的写明地方。")))
    if not said.paper_number.strip():
        found.append(_problem("paper_number", _("外地接收的,请填对方接收文书的编号:没有接收就还由本单位负责。")))
    return found


_HOW: Final = {
    EndState.SEEN: lambda: _("请写在哪里见的、谁见的。"),
    EndState.AWAY_IN_TOUCH: lambda: _("请写怎么联系上的(电话、视频、当地走访)。"),
    EndState.AWAY_LOST: lambda: _("请写找过哪里、问过哪个单位;找不到不等于放下。"),
}


class Kept(StrEnum):
    """A date of a plan: kept, missed, or still ahead."""

    KEPT = "kept"
    MISSED = "missed"
    AHEAD = "ahead"


@dataclass(frozen=True)
class PlanDate:
    day: date
    kept: Kept


def plan_dates(set_days: Iterable[date], done_days: Collection[date], on: date) -> list[PlanDate]:
    """Each day on which a plan was to be looked at again, with what became of it: kept by a review or a new plan after the date before
    it and not later than that day. Each is answered once."""
    found: list[PlanDate] = []
    done, taken = sorted(set(done_days)), 0
    for day in sorted(set(set_days)):
        while taken < len(done) and done[taken] <= day and _is_late(done[taken], found):
            taken += 1
        if taken < len(done) and done[taken] <= day:
            taken += 1
            found.append(PlanDate(day, Kept.KEPT))
        else:
            found.append(PlanDate(day, Kept.MISSED if day < on else Kept.AHEAD))
    return found


def _is_late(done: date, before: Sequence[PlanDate]) -> bool:
    """Whether what was done on ``done`` belongs to a date that has passed already."""
    return bool(before) and done <= before[-1].day


def _problem(column: str, message: str) -> Problem:
    return Problem(column=column, address="", value="", message=message)

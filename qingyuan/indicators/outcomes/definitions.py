"""What counts as an outcome of a community measure, each definition by its name: on the same people they differ. Pure.

One stay is followed from the day its person reported. What ends it otherwise (death, prison, a move to another place) stands beside the
outcome as a competing event and is never taken for «nothing happened».
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from qingyuan.indicators.outcomes.people import HAPPENED, Followed

DEAD: Final = "dead"
CUSTODY: Final = "custody"
MOVED: Final = "moved"
#: Why a measure ended (``reference/data/measure_end_reasons.csv``) → the competing event it is.
COMPETING: Final = {"dead": DEAD, "terminated": CUSTODY, "to_labour": CUSTODY, "moved_out": MOVED}
CONVERTED: Final = "converted"
VOID: Final = "revoked"
"""A decision that was revoked never was a measure: its stay is left out."""
KINDS: Final = {HAPPENED: _("发生"), DEAD: _("死亡"), CUSTODY: _("收监"), MOVED: _("转出")}


class Outcome(StrEnum):
    LEFT = "left"
    CONVERTED = "converted"
    POSITIVE = "positive"
    ISOLATION = "isolation"
    ANY = "any"


@dataclass(frozen=True)
class Definition:
    """``title`` names what happens, ``how`` how it is told, ``share`` what the curve shows; ``relapse``: one of several readings of relapse."""

    code: Outcome
    title: str | Promise
    share: str | Promise
    how: str | Promise
    relapse: bool = True


DEFINITIONS: Final[tuple[Definition, ...]] = (
    Definition(
        Outcome.LEFT, _("措施中断"), _("仍在执行或已期满"),
        _("措施以转强制隔离戒毒或者收监结束,算中断;期满解除和仍在执行的观察到那天为止"), relapse=False,
    ),
    Definition(Outcome.CONVERTED, _("转强制隔离戒毒"), _("没有转强制隔离戒毒"), _("措施的结束原因是转强制隔离戒毒;观察到措施结束那天为止")),
    Definition(Outcome.POSITIVE, _("检测阳性"), _("没有检测阳性"), _("措施期间社区检测第一次阳性;观察到措施结束那天为止")),
    Definition(
        Outcome.ISOLATION, _("强制隔离戒毒决定"), _("没有强制隔离戒毒决定"),
        _("报到以后第一次强制隔离戒毒决定,解除以后的也算;死亡、收监、转出以后不再观察"),
    ),
    Definition(Outcome.ANY, _("任一种复吸迹象"), _("三种都没有"), _("转强制隔离戒毒、检测阳性、强制隔离戒毒决定,哪个在先算哪个")),
)  # fmt: skip
BY_CODE: Final = {one.code.value: one for one in DEFINITIONS}


@dataclass(frozen=True, slots=True)
class Stay:
    """One community measure as nameless days. ``place`` is the place right below the one asked about; ``positive`` and ``isolated`` the
    first such day since it began."""

    kind: str
    started: date
    ended: date | None
    reason: str
    place: int | None = None
    positive: date | None = None
    isolated: date | None = None

    @property
    def year(self) -> str:
        return str(self.started.year)


def followed(stay: Stay, outcome: Outcome, until: date, group: str = "") -> Followed | None:
    """The stay under one definition, followed to ``until`` at most; None where it began later or its decision was revoked."""
    if stay.started > until or stay.reason == VOID:
        return None
    ended = stay.ended if stay.ended is not None and stay.ended <= until else None
    reason = stay.reason if ended is not None else ""
    last = ended or until
    rival = COMPETING.get(reason, "")
    if outcome is Outcome.LEFT and reason in (CONVERTED, "terminated", "to_labour"):
        return _at(stay, last, HAPPENED, group)
    seen = until if not rival and outcome in (Outcome.ISOLATION, Outcome.ANY) else last
    days = [day for day in _days(stay, outcome, last, seen, converted=reason == CONVERTED) if day is not None and stay.started <= day]
    if days:
        return _at(stay, min(days), HAPPENED, group)
    return _at(stay, last if rival else seen, rival, group)


def _days(stay: Stay, outcome: Outcome, last: date, seen: date, *, converted: bool) -> Iterable[date | None]:
    if outcome in (Outcome.CONVERTED, Outcome.ANY) and converted:
        yield last
    if outcome in (Outcome.POSITIVE, Outcome.ANY) and stay.positive is not None and stay.positive <= last:
        yield stay.positive
    if outcome in (Outcome.ISOLATION, Outcome.ANY) and stay.isolated is not None and stay.isolated <= seen:
        yield stay.isolated


def _at(stay: Stay, day: date, event: str, group: str) -> Followed:
    return Followed(float((day - stay.started).days), event, group, (stay.kind, stay.year))


def follow(stays: Sequence[Stay], outcome: Outcome, until: date) -> list[Followed]:
    """Every stay that can be followed, under one definition."""
    return [one for stay in stays if (one := followed(stay, outcome, until)) is not None]

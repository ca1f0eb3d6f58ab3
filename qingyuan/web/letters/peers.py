"""Beside the other towns of its city: a difference that chance alone makes is never shown as a place in a list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils.translation import gettext as _

from qingyuan.governance.models import Letter
from qingyuan.governance.queries.inputs import scored_period
from qingyuan.indicators.fair import Group
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.models import Division
from qingyuan.situation.queries import fair
from qingyuan.web.fair_words import group_text

TESTING: Final = "R05"


@dataclass(frozen=True)
class Beside:
    """A word for the tile and the line below it."""

    word: str
    note: str


def testing_of(city: Division, on: date, reader: Actor) -> fair.Beside | None:
    """How the towns' testing compares, all judged together, as ``reader`` may see it."""
    return fair.beside(code=TESTING, division=city, period=scored_period(on), reader=reader, on=on)


def beside(letter: Letter, on: date, reader: Actor) -> Beside:
    """How the town's testing compares with all towns together, or why it is not compared."""
    if letter.is_of_unit:
        return Beside(_("不排名"), _("各单位职责不同,不作比较"))
    found = testing_of(letter.city, on, reader)
    return said_of(found.of(letter.division_id) if found is not None else None)


def said_of(line: fair.PlaceBeside | None) -> Beside:
    """The groups a reader may know, and what follows from them."""
    if line is None:
        return Beside(_("不排名"), _("没有同类的地方可比"))
    notes = {
        Group.INCOMPARABLE: _("应检人次不足,一两次就能改变高低"),
        Group.SAME: _("应检尽检率与全市的差别可能只是偶然,算并列"),
        Group.LOWER: _("应检尽检率低于全市,差别不像偶然"),
        Group.HIGHER: _("应检尽检率高于全市,差别不像偶然"),
    }
    if line.group is not None:
        return Beside(group_text(line.groups), notes[line.group])
    words = _("涉及人数少于 5,只说可能的组别") if line.groups else _("涉及人数少于 5 的数字不作比较")
    return Beside(group_text(line.groups), words)

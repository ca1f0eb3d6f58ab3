"""A town beside its city: all towns are judged together, and only what is no accident is called different."""

from __future__ import annotations

import pytest

from qingyuan.indicators.fair import Group
from qingyuan.organisation.models import Division
from qingyuan.situation.queries.fair import PlaceBeside
from qingyuan.situation.queries.figures import TownFigure
from qingyuan.web.letters.peers import beside, said_of
from tests.cast import TODAY
from tests.governance.conftest import Desk
from tests.web.letters.conftest import settle


def line(*groups: Group) -> PlaceBeside:
    return PlaceBeside(TownFigure(Division(name="龙洞镇"), "—", None, few=False, hidden=False), frozenset(groups), "", None)


@pytest.mark.parametrize(
    ("groups", "word", "note"),
    [
        ((Group.LOWER,), "明显低于", "不像偶然"),
        ((Group.HIGHER,), "明显高于", "不像偶然"),
        ((Group.SAME,), "无明显差别", "并列"),
        ((Group.INCOMPARABLE,), "不可比", "应检人次不足"),
        ((Group.LOWER, Group.SAME), "明显低于或无明显差别", "可能的组别"),
        ((), "不公开", "不作比较"),
    ],
)
def test_every_group_is_said_in_words_and_never_as_a_place(groups: tuple[Group, ...], word: str, note: str) -> None:
    said = said_of(line(*groups))
    assert said.word == word and note in said.note


def test_without_towns_there_is_no_comparison() -> None:
    assert said_of(None).word == "不排名"


@pytest.mark.django_db
def test_a_town_of_few_is_not_compared_and_no_number_of_it_is_told(desk: Desk) -> None:
    settle(desk, people=6, tested=16)
    letter = desk.letter()
    for who in ("supervisor", "clerk"):
        said = beside(letter, TODAY, desk.actor(who))
        assert said.word == "不可比" and "16" not in said.note and "18" not in said.note

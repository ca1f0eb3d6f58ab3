"""Towns' numbers of a campaign: small ones are closed for others, and no exact sum gives them away."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from qingyuan.rehabilitation.campaigns import TownCount
from qingyuan.rehabilitation.rules.campaign import Tally
from qingyuan.web.campaigns import presenters

TOWNS = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=1, max_size=12)


def counts(pairs: list[tuple[int, int]]) -> list[TownCount]:
    made: list[Any] = [SimpleNamespace(pk=number, label=f"镇{number}") for number, _pair in enumerate(pairs)]
    return [TownCount(unit, Tally(done + left, done)) for unit, (done, left) in zip(made, pairs, strict=True)]


@given(TOWNS)
def test_a_small_number_is_closed_for_everybody_else_and_cannot_be_subtracted(pairs: list[tuple[int, int]]) -> None:
    shown = presenters.closed(counts(pairs), None)
    for number, (done, left) in enumerate(pairs):
        texts = {name: shown[(number, name)] for name in ("frame", "done", "left")}
        for name, value in (("frame", done + left), ("done", done), ("left", left)):
            assert texts[name] in (str(value), "<5", "—")
            assert not (0 < value < 5 and texts[name] == str(value)), "a few people stay closed"
        closed = [name for name, text in texts.items() if text in ("<5", "—")]
        assert len(closed) != 1, "one closed number of three is the other two's sum or difference"


@given(TOWNS)
def test_ones_own_town_stands_open(pairs: list[tuple[int, int]]) -> None:
    shown = presenters.closed(counts(pairs), 0)
    done, left = pairs[0]
    assert [shown[(0, name)] for name in ("frame", "done", "left")] == [str(done + left), str(done), str(left)]


@given(TOWNS)
def test_the_whole_is_said_in_tens_or_not_at_all(pairs: list[tuple[int, int]]) -> None:
    frame = sum(done + left for done, left in pairs)
    said = presenters.whole(counts(pairs))
    assert (said == "") == (frame < presenters.FEWEST_TOLD)
    if said:
        assert f"约 {round(frame, -1)} 人" in said


def test_towns_stand_in_the_order_they_are_given_in() -> None:
    table = presenters.progress(counts([(1, 9), (9, 1), (5, 5)]), None)
    assert [row.cells[0].text for row in table.rows] == ["镇0", "镇1", "镇2"]

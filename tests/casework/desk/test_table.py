"""The pure rules of the desk: papers, steps and grounds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingyuan.casework.desk import table
from qingyuan.casework.enums import Asked, Asker, DeskState
from qingyuan.reference import statutes

PAPERS = st.sets(st.sampled_from(sorted(table.PAPERS)))
ASKERS = st.sampled_from(list(Asker))
STATES = st.sampled_from(list(DeskState))


@given(ASKERS, PAPERS, PAPERS)
def test_a_further_paper_never_makes_more_missing(asker: Asker, seen: set[str], more: set[str]) -> None:
    assert set(table.still_needed(asker, seen | more)) <= set(table.still_needed(asker, seen))


@given(ASKERS, PAPERS)
def test_nobody_is_identified_without_a_paper_with_a_picture(asker: Asker, seen: set[str]) -> None:
    proved = table.still_needed(asker, seen) == []
    assert not proved or seen & {"id_card", "household", "passport"}
    if proved and asker == Asker.GUARDIAN:
        assert "guardianship" in seen
    if proved and asker == Asker.AGENT:
        assert "authorisation" in seen
    if proved and asker == Asker.KIN:
        assert {"kinship", "death"} <= seen


@given(st.lists(STATES, max_size=12))
def test_whatever_is_tried_nothing_is_decided_before_the_identity_was_seen_and_everything_ends(wanted: list[DeskState]) -> None:
    state, passed = DeskState.RECEIVED, [DeskState.RECEIVED]
    for one in wanted:
        if table.leads_to(state, one):
            state = one
            passed.append(one)
    if DeskState.COLLECTED in passed:
        assert passed.index(DeskState.IDENTIFIED) < passed.index(DeskState.COLLECTED)
    if DeskState.ANSWERED in passed:
        assert passed[-1] == DeskState.ANSWERED and DeskState.DECIDED in passed
    ended = {DeskState.ANSWERED, DeskState.UNPROVED, DeskState.WITHDRAWN}
    assert (state in table.OPEN) != (state in ended)


@pytest.mark.parametrize("kind", list(Asked))
def test_every_ground_stands_on_articles_that_are_on_file(kind: Asked) -> None:
    assert statutes.cite(table.ARTICLES[kind])
    grounds = table.grounds_for(kind)
    assert grounds
    for ground in grounds:
        assert all(statutes.cite(key) for key in table.basis_of(kind, ground.code).split(";"))


@pytest.mark.parametrize(
    ("kind", "asker", "may"),
    [("copy", "self", True), ("copy", "kin", False), ("deceased", "kin", True), ("deceased", "self", False), ("delete", "agent", True)],
)
def test_kin_ask_about_who_has_died_and_nobody_else_does(kind: str, asker: str, may: bool) -> None:
    assert table.may_ask(kind, asker) is may

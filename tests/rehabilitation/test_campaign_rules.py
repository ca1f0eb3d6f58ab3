"""A frame line ends in exactly one way; towns add up to persons; a plan's date is kept once or missed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingyuan.rehabilitation.enums import ConsentField, EndState, HelpKind, ReferralState
from qingyuan.rehabilitation.rules import campaign, help
from qingyuan.rehabilitation.rules.campaign import Kept, Line, Said

TODAY = date(2022, 11, 23)
BEGAN = date(2022, 11, 1)
DAYS = st.dates(date(2022, 1, 1), date(2023, 12, 31))
LINES = st.builds(
    Line,
    whose=st.integers(0, 4),
    state=st.sampled_from(["", *EndState.values, "nonsense"]),
    inside=st.booleans(),
    signed=st.booleans(),
    sealed=st.booleans(),
)
FULL = Said("seen", TODAY, paper_number="云公〔2022〕1号", words="在村委会见到,李秀、王平", isolated=True, others=1)


@given(LINES)
def test_every_line_stands_in_exactly_one_way(line: Line) -> None:
    assert [one for one in campaign.STANDINGS if campaign.by_standing([line])[one]] == [campaign.standing(line)]


@given(st.lists(LINES, max_size=30))
def test_every_line_of_a_frame_is_counted_once_and_what_is_left_is_what_nobody_accounted_for(lines: list[Line]) -> None:
    counted = campaign.by_standing(lines)
    assert sum(counted.values()) == len(lines)
    tally = campaign.tally(lines)
    assert tally.left == counted[campaign.OPEN] + sum(1 for one in lines if campaign.standing(one) == campaign.UNSIGNED)
    assert 0 <= tally.done <= tally.frame <= len(lines)


@given(LINES)
def test_three_years_are_said_by_the_end_of_control_alone(line: Line) -> None:
    assert campaign.problems(Said("three_years", TODAY), starts_on=BEGAN, on=TODAY)
    sealed = Line(line.whose, line.state, line.inside, line.signed, sealed=True)
    assert campaign.standing(sealed) == EndState.THREE_YEARS


def test_there_are_ten_ends() -> None:
    assert len(EndState.values) == 10 and set(campaign.STANDINGS) == set(EndState.values) | {"open", "unsigned"}


def test_a_person_who_moved_is_not_accounted_for_before_the_other_unit_signs() -> None:
    moved = Line("a", "elsewhere", inside=True)
    assert campaign.standing(moved) == "unsigned" and campaign.tally([moved]).left == 1
    assert campaign.tally([Line("a", "elsewhere", inside=True, signed=True)]) == campaign.Tally(0, 0), "counted where they are now"
    assert campaign.tally([Line("a", "elsewhere")]) == campaign.Tally(1, 1), "outside the city: accounted for here"


@given(st.lists(LINES, max_size=20))
def test_towns_add_up_to_persons_when_nobody_is_counted_twice(lines: list[Line]) -> None:
    keyed = dict(enumerate(lines))
    if campaign.twice(keyed):
        return
    of = {line.whose: [one for one in lines if one.whose == line.whose] for line in lines}
    several = [mine for mine in of.values() if len(mine) > 1]
    assert all(campaign.tally(mine).frame == 1 for mine in several)


def test_who_stands_on_two_registers_is_found_and_so_is_who_would_be_counted_nowhere() -> None:
    two = {"here": Line("a", "seen"), "there": Line("a", "seen"), "else": Line("b", "seen")}
    assert campaign.twice(two) == {"here", "there"}
    assert campaign.twice(two | {"there": Line("a", "duplicate")}) == frozenset()
    assert campaign.twice({"here": Line("a", "duplicate"), "there": Line("a", "duplicate")}) == {"here", "there"}


@pytest.mark.parametrize(
    ("state", "changes", "column"),
    [
        ("", {}, "state"),
        ("seen", {"words": " "}, "words"),
        ("seen", {"happened_on": date(2022, 10, 31)}, "happened_on"),
        ("seen", {"happened_on": None}, "happened_on"),
        ("seen", {"happened_on": date(2022, 11, 24)}, "happened_on"),
        ("custody", {"paper_number": ""}, "paper_number"),
        ("deceased", {"paper_number": ""}, "paper_number"),
        ("abroad", {"paper_number": ""}, "paper_number"),
        ("isolation", {"isolated": False}, "state"),
        ("lost", {"words": ""}, "words"),
        ("away", {"words": ""}, "words"),
        ("duplicate", {"others": 0}, "state"),
        ("elsewhere", {}, "to_unit"),
        ("elsewhere", {"inside": True, "to_place": "邻市"}, "to_place"),
        ("elsewhere", {"to_place": "邻市", "paper_number": ""}, "paper_number"),
    ],
)
def test_an_end_without_its_evidence_is_none(state: str, changes: dict[str, object], column: str) -> None:
    said = Said(**(vars(FULL) | {"state": state} | changes))  # type: ignore[arg-type]
    found = campaign.problems(said, starts_on=BEGAN, on=TODAY)
    assert [one.column for one in found] == [column] and found[0].message.endswith("。")


@pytest.mark.parametrize("state", [one for one in campaign.SAYABLE if one is not EndState.ELSEWHERE])
def test_an_end_with_its_evidence_stands(state: EndState) -> None:
    assert campaign.problems(Said(**(vars(FULL) | {"state": state.value})), starts_on=BEGAN, on=TODAY) == []


def test_a_death_or_an_arrest_may_be_older_than_the_campaign() -> None:
    old = Said(**(vars(FULL) | {"state": "deceased", "happened_on": date(2021, 3, 1)}))
    assert campaign.problems(old, starts_on=BEGAN, on=TODAY) == []


@given(st.lists(DAYS, max_size=8), st.lists(DAYS, max_size=8))
def test_a_plans_date_is_kept_by_one_review_missed_or_ahead(set_days: list[date], done: list[date]) -> None:
    found = campaign.plan_dates(set_days, done, TODAY)
    assert [one.day for one in found] == sorted(set(set_days))
    kept = [one for one in found if one.kept is Kept.KEPT]
    assert len(kept) <= len(set(done))
    before = date.min
    for one in found:
        answered = any(before < day <= one.day for day in done)
        assert (one.kept is Kept.KEPT) == answered, "by a review after the date before it and not later than itself"
        if not answered:
            assert one.kept is (Kept.MISSED if one.day < TODAY else Kept.AHEAD)
        before = one.day


# --- consent -----------------------------------------------------------------------------------------------------------
CONSENTS = st.builds(
    help.Consent,
    fields=st.frozensets(st.sampled_from([*ConsentField.values, "id_number", "result", "kind"])),
    until=DAYS,
    state=st.sampled_from(ReferralState.values),
)


@given(CONSENTS, DAYS)
def test_a_consent_shows_what_was_ticked_while_it_holds_and_nothing_after(consent: help.Consent, on: date) -> None:
    seen = help.shown(consent, on)
    assert seen <= consent.fields & set(ConsentField.values), "never a number, a result or a measure"
    if consent.state in ("withdrawn", "declined") or on > consent.until:
        assert seen == frozenset() and not help.holds(consent, on)
    else:
        assert seen == consent.fields & set(ConsentField.values)


def test_nobody_behind_a_wall_is_asked_for_help() -> None:
    closed = {"police", "police_narcotics", "police_station", "court", "procuratorate", "commission_office", "commission", "clinic", "isolation_centre"}
    assert not help.EVERY_RECEIVER & closed and set(help.RECEIVERS) == set(HelpKind)


@pytest.mark.parametrize(
    ("changes", "column"),
    [
        ({"kind": "none"}, "kind"),
        ({"unit_kind": "police"}, "to_unit"),
        ({"need": " "}, "need"),
        ({"fields": []}, "fields"),
        ({"fields": ["id_number"]}, "fields"),
        ({"paper": ""}, "consent_paper_number"),
        ({"consent_on": TODAY + timedelta(days=1)}, "consent_on"),
        ({"until": TODAY - timedelta(days=1)}, "consent_until"),
        ({"until": TODAY + timedelta(days=400)}, "consent_until"),
    ],
)
def test_a_referral_without_a_consent_of_a_scope_and_a_time_is_refused(changes: dict[str, object], column: str) -> None:
    whole = {
        "kind": "jobs", "unit_kind": "human_resources", "need": "想学电工", "fields": ["name", "need"],
        "consent_on": TODAY, "until": TODAY + timedelta(days=90), "paper": "同意书2022-7", "on": TODAY,
    }  # fmt: skip
    assert help.check_referral(**whole) == []  # type: ignore[arg-type]
    assert [one.column for one in help.check_referral(**(whole | changes))] == [column]  # type: ignore[arg-type]


def test_a_review_has_reasons_and_a_next_day() -> None:
    whole = {"held_on": TODAY, "next_on": TODAY + timedelta(days=90), "needs": ["jobs"], "reasons": "失业三个月", "on": TODAY}
    assert help.check_review(**whole) == []  # type: ignore[arg-type]
    for changes, column in (({"reasons": ""}, "reasons"), ({"next_on": TODAY}, "next_on"), ({"needs": ["C2"]}, "needs"), ({"held_on": None}, "held_on")):
        assert [one.column for one in help.check_review(**(whole | changes))] == [column]  # type: ignore[arg-type]

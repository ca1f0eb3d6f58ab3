"""Days counted as the law counts them, against an independent walk; the worked cases of the report window."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingyuan.reference import measure_terms, schedules, statutes
from qingyuan.reference.daycount import NoTerm, TermUnit, count
from qingyuan.reference.holidays import is_working_day
from qingyuan.reference.measure_terms import BadTerm, measure_term, report_due
from qingyuan.reference.packs import NoValue, get_pack, pack_codes

days = st.dates(date(2012, 1, 1), date(2025, 12, 31))


@given(days, st.integers(1, 90), st.booleans())
def test_counting_days_agrees_with_walking_day_by_day(trigger: date, amount: int, roll: bool) -> None:
    walked = trigger
    for _ in range(amount):
        walked += timedelta(days=1)
    assert count(trigger, amount, roll=roll).nominal == walked
    while roll and not is_working_day(walked):
        walked += timedelta(days=1)
    counted = count(trigger, amount, roll=roll)
    assert counted.due == walked
    assert counted.rolled == (counted.due != counted.nominal)


def test_a_month_ends_on_the_corresponding_day_or_the_last_of_the_month() -> None:
    assert count(date(2022, 1, 31), 1, TermUnit.MONTH, roll=False).due == date(2022, 2, 28)
    assert count(date(2017, 5, 2), 6, TermUnit.MONTH, roll=False).due == date(2017, 11, 2)
    assert count(date(2020, 2, 29), 3, TermUnit.YEAR, roll=False).due == date(2023, 2, 28)


def test_working_days_jump_the_holiday_and_count_the_weekend_that_is_worked() -> None:
    assert count(date(2022, 9, 30), 3, TermUnit.WORKING_DAY, roll=False).due == date(2022, 10, 10)


def test_a_term_of_nothing_cannot_be_counted() -> None:
    with pytest.raises(NoTerm):
        count(date(2022, 1, 1), 0, roll=False)


def test_a_count_without_the_years_holidays_says_so() -> None:
    counted = count(date(2039, 12, 1), 15, roll=True)
    assert not counted.certain
    assert "请核对" in counted.explanation
    assert count(date(2039, 12, 1), 15, roll=False).certain


class TestReportWindow:
    def test_a_decision_received_on_the_first_of_march_is_reported_by_the_sixteenth(self) -> None:
        found = report_due("CD", date(2022, 3, 1))
        assert found.day == found.latest == date(2022, 3, 16)
        assert found.confirmed
        assert found.notes == ()
        assert schedules.report_by(date(2022, 3, 1)) == date(2022, 3, 16)

    def test_a_last_day_inside_the_labour_day_holiday_moves_to_the_fifth_of_may(self) -> None:
        found = report_due("CD", date(2022, 4, 16))
        assert found.nominal == date(2022, 5, 1)
        assert found.day == date(2022, 5, 5)
        assert any("是劳动节,顺延至 2022-05-05" in reason.text for reason in found.reasons)

    def test_the_roll_over_is_a_rule_pack_value_and_is_shown_as_unconfirmed(self) -> None:
        found = report_due("CD", date(2022, 4, 16))
        assert not found.confirmed
        assert any("由本地确认" in note for note in found.notes)
        assert not get_pack().require("report.rolls", date(2022, 4, 16)).confirmed

    def test_without_roll_over_the_day_stays_on_the_holiday(self) -> None:
        assert count(date(2022, 4, 16), 15, roll=False).due == date(2022, 5, 1)

    def test_a_province_with_a_shorter_window_keeps_the_outer_day_before_anything_is_concluded(self) -> None:
        found = report_due("CD", date(2022, 3, 1), "zhejiang")
        assert found.day == date(2022, 3, 3)
        assert found.latest == date(2022, 3, 16)
        assert not found.confirmed

    def test_a_provincial_text_that_has_ended_gives_way_to_the_national_rule(self) -> None:
        assert report_due("CD", date(2023, 3, 1), "zhejiang").day == date(2023, 3, 16)

    def test_rehabilitation_has_the_same_fifteen_days_by_its_own_article(self) -> None:
        found = report_due("CR", date(2022, 3, 1))
        assert found.day == date(2022, 3, 16)
        assert found.basis == "《戒毒条例》第三十八条"

    def test_a_measure_without_report_window_is_refused(self) -> None:
        with pytest.raises(BadTerm):
            report_due("CID", date(2022, 3, 1))

    @given(days)
    def test_the_window_is_never_shorter_than_fifteen_days(self, received: date) -> None:
        found = report_due("CD", received)
        assert found.day >= received + timedelta(days=15)
        assert is_working_day(found.day)


class TestTerms:
    def test_detoxification_lasts_three_years_from_the_report_day(self) -> None:
        term = measure_term("CD", date(2022, 3, 16))
        assert (term.start, term.last_day, term.end) == (date(2022, 3, 16), date(2025, 3, 15), date(2025, 3, 16))
        assert term.citation.label == "《戒毒条例》第十四条第二款"

    def test_isolation_lasts_two_years_from_the_decision(self) -> None:
        assert measure_term("CID", date(2022, 3, 15)).last_day == date(2024, 3, 14)

    def test_rehabilitation_lasts_what_the_decision_says_and_three_years_at_most(self) -> None:
        assert measure_term("CR", date(2022, 3, 16), 18).last_day == date(2023, 9, 15)
        with pytest.raises(BadTerm, match="决定书"):
            measure_term("CR", date(2022, 3, 16))
        with pytest.raises(BadTerm, match="不超过三年"):
            measure_term("CR", date(2022, 3, 16), 37)
        assert schedules.term_end("CR", date(2022, 3, 16)) is None

    def test_a_length_fixed_by_law_cannot_be_changed_and_other_measures_have_none(self) -> None:
        with pytest.raises(BadTerm):
            measure_term("CD", date(2022, 3, 16), 24)
        with pytest.raises(BadTerm):
            measure_term("MMT", date(2022, 3, 16))

    def test_the_day_before_the_anniversary_is_printed_as_unconfirmed(self) -> None:
        term = measure_term("CD", date(2022, 3, 16))
        assert not term.confirmed
        assert "以决定书、通知书所载日期为准" in term.note

    def test_a_printed_day_is_warned_about_only_when_it_is_more_than_a_day_off(self) -> None:
        term = measure_term("CD", date(2022, 3, 16))
        assert not term.differs_from(date(2025, 3, 16))
        assert term.differs_from(date(2025, 3, 17))

    @given(days)
    def test_the_windows_of_a_term_end_with_it(self, start: date) -> None:
        assert schedules.windows("A", start)[-1].closes == measure_term("CD", start).end
        assert schedules.term_end("CD", start) == measure_term("CD", start).last_day


class TestPacks:
    def test_what_no_text_gives_is_asked_of_the_office_and_never_assumed(self) -> None:
        with pytest.raises(NoValue, match="请由禁毒办按本地规定补充"):
            get_pack().require("abstinence.starts", date(2022, 1, 1))
        assert get_pack("shandong").require("abstinence.starts", date(2022, 1, 1)).article == "SD36"

    def test_a_pack_falls_back_to_its_parent(self) -> None:
        assert get_pack("chongqing").number("breach.refusals", date(2022, 1, 1)) == 3
        assert get_pack("chongqing").require("voluntary.notice", date(2022, 1, 1)).value == "3 日"
        assert get_pack().require("voluntary.notice", date(2022, 1, 1)).value == "off"

    def test_every_unconfirmed_value_carries_a_note(self) -> None:
        for code in pack_codes():
            for value in get_pack(code).values:
                assert value.confirmed or value.note, value
                statutes.cite(value.article)

    def test_a_provincial_value_holds_no_longer_than_its_text(self) -> None:
        for code in pack_codes():
            for value in get_pack(code).values:
                if code == "national":
                    continue
                law = statutes.cite(value.article).law
                assert value.valid_from is not None
                assert law.valid_from is not None
                assert law.valid_from <= value.valid_from
                assert law.valid_to is None or (value.valid_to is not None and value.valid_to <= law.valid_to)


def test_measure_codes_of_the_terms_are_codes_of_the_list() -> None:
    assert measure_terms.CD_MONTHS == measure_terms.CR_MONTHS_MAX == 36
    assert measure_terms.CID_MONTHS == 24

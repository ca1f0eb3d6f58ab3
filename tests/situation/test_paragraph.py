"""The paragraph, towns, months and slices a second, obvious way; and what they never say about few people."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from qingyuan.documents.model import OfficialDocument, Table
from qingyuan.enforcement.models import Case, Seizure
from qingyuan.indicators.disclosure import Shown
from qingyuan.indicators.refresh import refresh
from qingyuan.indicators.value import Change
from qingyuan.organisation.models import Division
from qingyuan.reference.periods import Period
from qingyuan.rehabilitation.models import Measure
from qingyuan.situation import document
from qingyuan.situation.models import Population, RegistrationCount
from qingyuan.situation.queries import Asked, read, results, series, slices, town_table, towns, whose
from qingyuan.situation.queries.figures import compared
from tests.cast import TODAY, City, city, measure_values
from tests.situation.planted_figures import CITY_USERS, REST_USERS, TELLING, plant_figures

__all__ = ["city"]
pytestmark = pytest.mark.django_db
TEN_MONTHS = Period.parse("2022-01..2022-10")


@pytest.fixture
def told(city: City) -> City:
    plant_figures(city)
    return city


def asked(city: City, who: str, place: str = "云岭市", period: Period = TEN_MONTHS) -> dict[str, Any]:
    return {"division": city.divisions[place], "period": period, "reader": city.actor(who), "on": TODAY}


def below(city: City, place: str) -> set[int]:
    """The places of a town, or of the whole city, by their codes alone."""
    digits = {"云岭市": 6, "龙洞镇": 9, "石桥镇": 9}[place]
    code = city.divisions[place].code[:digits]
    return {division.pk for division in Division.objects.all() if division.code.startswith(code)}


def figure_of(city: City, who: str, code: str, part: str = "value", place: str = "云岭市") -> Any:
    report = results(**asked(city, who, place))
    return next(one for one in report.figures() if (one.indicator, one.part) == (code, part) and not one.slice)


# --- the numbers, by loops --------------------------------------------------------------------------------------------
def test_cases_in_the_paragraph_are_those_cracked_in_the_period(told: City) -> None:
    count = 0
    for case in Case.objects.all():
        if case.cracked_on is not None and TEN_MONTHS.start <= case.cracked_on < TEN_MONTHS.end:
            count += 1
    assert figure_of(told, "clerk", "E01").text == str(count) == "3"


def test_kilograms_are_the_grams_of_the_rows(told: City) -> None:
    grams = Decimal(0)
    for seizure in Seizure.objects.all():
        if date(2022, 1, 1) <= seizure.seized_on <= date(2022, 10, 31):
            grams += seizure.net_g
    assert figure_of(told, "clerk", "E04").text == f"{grams / 1000:.2f}" == "1.57"


def test_current_users_are_the_newest_cells_of_all_towns(told: City) -> None:
    newest: dict[int, RegistrationCount] = {}
    for cell in RegistrationCount.objects.filter(month__lt=TEN_MONTHS.end):
        if cell.division_id not in newest or newest[cell.division_id].month < cell.month:
            newest[cell.division_id] = cell
    total = sum(cell.current for cell in newest.values())
    assert total == CITY_USERS
    assert figure_of(told, "clerk", "G09").text == f"{total:,}"
    assert figure_of(told, "clerk", "G13", "numerator").text == str(sum(1 for c in newest.values() if c.current))


def test_people_in_measures_are_those_reported_and_not_ended(told: City) -> None:
    inside = below(told, "石桥镇")
    count = 0
    for measure in Measure.objects.all():
        if measure.division_id in inside and measure.reported_on and not measure.ended_on:
            count += 1
    assert figure_of(told, "stranger", "R25", place="石桥镇").text == str(count) == "7"


def test_the_rate_per_ten_thousand_is_current_users_over_the_newest_population(told: City) -> None:
    people = sum(row.resident for row in Population.objects.filter(year=2022))
    found = read(code="G10", **asked(told, "clerk"))
    assert found.text == f"{Decimal(CITY_USERS) / people * 10_000:.1f}"


def test_months_of_cases_are_the_cases_of_each_month_in_both_years(told: City) -> None:
    found = series(code="E01", **asked(told, "clerk"))
    for month, now, before in zip(found.months, found.now, found.before, strict=True):
        year_ago = month.same_last_year()
        assert now == sum(1 for case in Case.objects.all() if month.start <= case.cracked_on < month.end)
        # The first case of all is of May 2021: before that nothing is known, which is not nought.
        expected = sum(1 for case in Case.objects.all() if year_ago.start <= case.cracked_on < year_ago.end)
        assert before == (None if year_ago.end <= date(2021, 5, 1) else expected)


def test_slices_by_drug_add_up_to_the_whole_and_carry_last_year(told: City) -> None:
    found = slices(code="E04", column="drug", **asked(told, "clerk"))
    by_hand: dict[str, Decimal] = {}
    for seizure in Seizure.objects.filter(seized_on__gte="2022-01-01", seized_on__lt="2022-11-01"):
        by_hand[seizure.drug] = by_hand.get(seizure.drug, Decimal(0)) + seizure.net_g / 1000
    assert {one.code: one.value for one in found} == by_hand
    assert [one.value for one in found] == sorted(by_hand.values(), reverse=True)
    assert found[0].share == 1.0


def test_every_figure_of_the_paragraph_has_what_its_address_needs(told: City) -> None:
    for figure in results(**asked(told, "clerk")).figures():
        assert figure.indicator and figure.part and figure.period == TEN_MONTHS
        assert bool(figure.slice) == bool(figure.breakdown)


# --- what is closed ---------------------------------------------------------------------------------------------------
def test_a_town_of_two_is_few_and_its_neighbour_hidden_for_the_clerk(told: City) -> None:
    by_name = {one.division.name: one for one in towns(code="G09", **asked(told, "clerk"))}
    assert by_name["龙洞镇"].few and by_name["龙洞镇"].text == "<5"
    assert by_name["石桥镇"].hidden and by_name["石桥镇"].text == "—"
    for one in by_name.values():
        assert (one.value, one.numerator, one.denominator, one.shade, one.change) == (None, None, None, None, "")


@pytest.mark.parametrize("place", ["龙洞镇", "石桥镇"])
@pytest.mark.parametrize("code", ["G09", "G10", "R25"])
def test_choosing_a_town_in_the_bar_opens_nothing_that_the_table_closes(told: City, place: str, code: str) -> None:
    found = read(code=code, **asked(told, "clerk", place))
    assert found.closed and found.amount is None and found.change == "" and found.before_text == "—"
    assert all(part.amount is None for part in found.parts if part.key == "numerator")
    assert all(value is None for value in series(code=code, **asked(told, "clerk", place)).now if value != 0)


def test_the_paragraph_of_a_closed_town_says_so_in_words(told: City) -> None:
    figure = figure_of(told, "clerk", "G09", place="龙洞镇")
    assert figure.closed and figure.text == "<5" and figure.change == ""
    for place in ("龙洞镇", "石桥镇"):
        text = results(**asked(told, "clerk", place)).text()
        assert not any(number in text for number in TELLING)


def test_the_town_itself_reads_its_own_two(told: City) -> None:
    assert figure_of(told, "supervisor", "G09", place="龙洞镇").text == "2"
    assert read(code="R25", **asked(told, "supervisor", "龙洞镇")).text == "2"


def test_people_are_split_by_measure_only_on_the_page_of_the_place_concerned(told: City) -> None:
    assert slices(code="R25", column="kind", **asked(told, "clerk", "石桥镇")) == []
    assert [one.text for one in slices(code="R25", column="kind", **asked(told, "stranger", "石桥镇"))] == ["7"]


def test_whose_rows_are_told_by_unit_and_not_how_many_where_few(told: City) -> None:
    held = whose("R25", "value", told.divisions["云岭市"].pk, Asked(TEN_MONTHS, told.actor("clerk"), TODAY))
    by_unit = {one.unit_id: one for one in held}
    few, rest = by_unit[told.units["longdong"].pk], by_unit[told.units["shiqiao"].pk]
    assert (few.state, few.rows, few.people) == (Shown.FEW, None, None)
    assert (rest.state, rest.rows, rest.people) == (Shown.HIDDEN, None, None)


def test_a_city_of_fewer_than_five_tells_no_town(city: City) -> None:
    for number in (1, 2):
        city.enter("measures", "supervisor", measure_values(city, number))
    refresh()
    found = {one.division.name: one for one in towns(code="R25", **asked(city, "clerk"))}
    assert all(one.closed for one in found.values())


# --- the circular -----------------------------------------------------------------------------------------------------
def paper(city: City, who: str, place: str = "云岭市") -> OfficialDocument:
    report = results(**asked(city, who, place))
    return document.circular(
        report=report, towns=town_table(**asked(city, who, place)), issuer="市禁毒办", on=TODAY, doc_number="〔2022〕号"
    )


def test_the_table_of_the_circular_says_what_the_page_says(told: City) -> None:
    table = next(block for block in paper(told, "clerk").body if isinstance(block, Table))
    shown = town_table(**asked(told, "clerk"))
    for row in table.rows:
        assert list(row[1:]) == [
            next(one.text for one in column if one.division.name == row[0]) for column in shown.values()
        ]
    words = " ".join(text for row in table.rows for text in row)
    assert not any(number in words for number in TELLING)
    assert "<5" in words


def test_a_column_of_which_nothing_is_known_is_left_out(told: City) -> None:
    titles = list(town_table(**asked(told, "supervisor", "龙洞镇")))
    assert not any("现有吸毒人员" in title for title in titles)
    assert any("破获" in title for title in titles)


@pytest.mark.parametrize(
    ("percent", "said"),
    [("4.06", "+4.1%"), ("-8.1", "−8.1%"), ("899", "+899.0%"), ("900", "10 倍"), ("2463", "26 倍")],
)
def test_a_percentage_of_almost_nothing_is_told_in_times(percent: str, said: str) -> None:
    assert compared(Change(absolute=Decimal(1), percent=Decimal(percent))) == said


def test_rest_users_is_what_would_give_the_two_away() -> None:
    assert CITY_USERS - REST_USERS == 2

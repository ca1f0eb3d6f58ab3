"""What a reader of another place sees of a table of figures."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from qingyuan.indicators.closing import closed, closed_series
from qingyuan.indicators.disclosure import Shown
from qingyuan.indicators.matrix import Matrix
from qingyuan.indicators.queries import evaluate
from qingyuan.indicators.query import IndicatorQuery
from qingyuan.reference.periods import Period
from tests.indicators.city import TODAY, City

EXACT, FEW, HIDDEN = Shown.EXACT, Shown.FEW, Shown.HIDDEN


def ask(code: str, period: str, *, months: bool = False) -> Matrix:
    return evaluate(IndicatorQuery(code, Period.parse(period), children_of=1, as_of=TODAY, months=months))


def _cells(city: City, day: str, **current: int) -> None:
    for town, people in current.items():
        city.add(
            "registrations",
            date.fromisoformat(day),
            int(town[1:]),
            current=people,
            newly_found=people,
            newly_found_rural=0,
        )


def test_a_small_town_closes_itself_and_the_next_smallest_but_not_to_itself(folder: Path, city: City) -> None:
    _cells(city, "2022-10-31", t2=40, t3=3, t4=12)
    city.write(folder)
    matrix = ask("G09", "2022-10")
    assert closed(matrix) == {1: EXACT, 2: EXACT, 3: FEW, 4: HIDDEN}
    assert closed(matrix, own={3}) == {1: EXACT, 2: EXACT, 3: EXACT, 4: EXACT}
    assert closed(matrix, own={2}) == {1: EXACT, 2: EXACT, 3: FEW, 4: HIDDEN}
    assert closed(matrix, own={1}) == {1: EXACT, 2: EXACT, 3: EXACT, 4: EXACT}


def test_last_year_stands_beside_as_a_change_so_it_closes_too(folder: Path, city: City) -> None:
    _cells(city, "2021-10-31", t2=40, t3=3, t4=12)
    _cells(city, "2022-10-31", t2=40, t3=30, t4=12)
    city.write(folder)
    assert closed(ask("G09", "2022-10"))[3] is FEW


def test_figures_that_do_not_count_people_are_open(folder: Path, city: City) -> None:
    city.add("cases", date(2022, 10, 5), 3, solved=1)
    city.write(folder)
    assert set(closed(ask("E01", "2022-10")).values()) == {EXACT}


def test_a_rate_that_turns_on_few_people_is_closed_whatever_its_tests(folder: Path, city: City) -> None:
    """Town 3 missed ten tests, all of two people: the ten are not shown to others."""
    for number in range(10):
        city.add("test_dues", date(2022, 10, 9), 3, person=f"p{number % 2}", outcome="open")
    for number in range(30):
        city.add("test_dues", date(2022, 10, 9), 3, person=f"q{number}", outcome="done")
        city.add("test_dues", date(2022, 10, 9), 2, person=f"r{number}", outcome="open")
    city.write(folder)
    states = closed(ask("R05", "2022-10"))
    assert states[3] is FEW and states[2] is EXACT


def test_those_left_over_from_a_share_are_protected_like_those_in_it(folder: Path, city: City) -> None:
    """All but two of town 3 reported: the two are told by the share, so the share is closed."""
    due = date(2022, 10, 20)
    for town, reported, missing in ((2, 20, 10), (3, 20, 2), (4, 20, 10)):
        for number in range(reported + missing):
            on = date(2022, 10, 12) if number < reported else None
            city.add(
                "measures",
                date(2022, 10, 5),
                town,
                person=f"{town}-{number}",
                report_due=due,
                reported_on=on,
                kind="CD",
            )
    city.write(folder)
    states = closed(ask("R01", "2022-10"))
    assert states[3] is FEW and HIDDEN in states.values()


def test_months_beside_the_running_total_are_closed_together(folder: Path, city: City) -> None:
    for month, counts in (("2022-01-31", (9, 8, 20)), ("2022-02-28", (7, 2, 20)), ("2022-03-31", (6, 9, 20))):
        _cells(city, month, t2=counts[0], t3=counts[1], t4=counts[2])
    city.write(folder)
    period = Period.parse("2022-01..2022-03")
    matrix = ask("G11", "2022-01..2022-03", months=True)
    states = closed_series(matrix)
    january, february, march = period.months()
    assert states[3, february] is FEW
    assert states[3, period] is EXACT or {states[3, january], states[3, march]} == {EXACT}
    beside = [states[3, january], states[3, march], states[3, period]]
    assert any(state is not EXACT for state in beside), "19 − 8 − 9 would tell"
    assert any(states[place, february] is not EXACT for place in (1, 2, 4)), "the town list of February would tell"
    assert set(closed_series(matrix, own={1}).values()) == {EXACT}

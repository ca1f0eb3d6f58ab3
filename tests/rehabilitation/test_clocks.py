"""Which clocks a measure and an isolation period run, from their columns alone; no database."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from qingyuan.casework.clocks.wanted import Wanted
from qingyuan.reference import clocks as engine
from qingyuan.reference.clocks import Event, Term
from qingyuan.rehabilitation import clocks

DAY = date(2022, 3, 1)


def measure(**changes: Any) -> Any:
    values = {"kind": "CD", "decided_on": DAY, "served_on": date(2022, 3, 3), "reported_on": None, "agreement_on": None}
    values |= {"ends_on": None, "ended_on": None, "end_reason": ""}
    return SimpleNamespace(**(values | changes))


def isolation(**changes: Any) -> Any:
    return SimpleNamespace(**({"decided_on": DAY, "ends_on": None, "released_on": None} | changes))


def codes(found: list[Wanted]) -> list[str]:
    return [one.code for one in found]


def answer(want: Wanted, on: date = date(2022, 3, 4)) -> engine.Answer:
    events = [
        Event(one.word, one.on, number, term=Term.parse(one.term) if one.term else None, option=one.option)
        for number, one in enumerate(want.said, start=1)
    ]
    return engine.answer(want.code, events, on=on)


def test_a_measure_served_and_not_reported_runs_only_its_report() -> None:
    (want,) = clocks.of_measure(measure())
    said = answer(want)
    assert (want.code, said.last_day) == ("D20", date(2022, 3, 18))
    assert "2022-03-03 收到责令社区戒毒决定书,当日不计,次日起算 15 日(《戒毒条例》第十四条)" in str(said.reasons[0])


def test_while_no_receipt_is_on_file_one_counts_from_the_decision_and_the_column_says_so() -> None:
    (want,) = clocks.of_measure(measure(served_on=None))
    assert (want.said[0].column, want.said[0].on) == ("decided_on", DAY)


def test_a_reported_measure_runs_agreement_term_and_both_counters() -> None:
    found = clocks.of_measure(measure(reported_on=date(2022, 3, 10), agreement_on=date(2022, 3, 14)))
    assert codes(found) == ["D20", "D21", "D22", "D24", "D25"]
    by_code = {one.code: one for one in found}
    assert answer(by_code["D20"], date(2022, 3, 20)).state == "done"
    assert answer(by_code["D22"], date(2022, 3, 20)).last_day == date(2025, 3, 9)


@pytest.mark.parametrize(
    ("reason", "state"),
    [
        ("discharged", "done"),
        ("terminated", "stopped"),
        ("to_labour", "stopped"),
        ("converted", "stopped"),
        ("moved_out", "running"),
        ("revoked", "running"),
        ("dead", "running"),
    ],
)
def test_the_reason_of_the_end_is_said_in_the_clocks_own_word_or_the_row_closes_it(reason: str, state: str) -> None:
    row = measure(reported_on=date(2022, 3, 10), ended_on=date(2023, 1, 1), end_reason=reason)
    term = next(one for one in clocks.of_measure(row) if one.code == "D22")
    assert answer(term, date(2023, 1, 2)).state == state
    assert term.closed_on == date(2023, 1, 1)


def test_a_decision_revoked_before_the_report_stops_the_report() -> None:
    (want,) = clocks.of_measure(measure(ended_on=date(2022, 3, 9), end_reason="revoked"))
    assert answer(want, date(2022, 3, 9)).state == "stopped"


def test_a_discharge_asks_for_the_notice_to_the_town_and_no_column_answers_it() -> None:
    row = measure(reported_on=DAY, ended_on=date(2025, 2, 28), end_reason="discharged")
    notice = next(one for one in clocks.of_measure(row) if one.code == "D30")
    assert not notice.answered and answer(notice, date(2025, 3, 1)).last_day == date(2025, 3, 7)


@pytest.mark.parametrize(
    ("reported", "ends", "length"),
    [
        (date(2022, 3, 1), date(2025, 2, 28), "36 month"),
        (date(2022, 3, 1), date(2023, 2, 28), "12 month"),
        (date(2022, 1, 31), date(2022, 7, 30), "6 month"),
        (date(2022, 3, 1), date(2022, 3, 20), "20 day"),
        (date(2022, 3, 1), date(2026, 3, 1), ""),
        (date(2022, 3, 1), date(2022, 2, 1), ""),
    ],
)
def test_the_length_of_rehabilitation_is_what_makes_it_end_on_its_printed_day(reported: date, ends: date, length: str) -> None:
    found = clocks.of_measure(measure(kind="CR", reported_on=reported, ends_on=ends))
    terms = [one for one in found if one.code == "D51"]
    assert [one.said[0].term for one in terms] == ([length] if length else [])
    for one in terms:
        assert answer(one, reported).last_day == ends


def test_isolation_runs_its_term_and_the_notice_before_the_release() -> None:
    row = isolation(ends_on=date(2024, 2, 28))
    assert codes(clocks.of_isolation(row)) == ["D40", "D46"]
    term, notice = clocks.of_isolation(row)
    assert (answer(term).last_day, term.printed_on) == (date(2024, 2, 29), date(2024, 2, 28))
    assert answer(notice).last_day == date(2024, 2, 25)
    released = clocks.of_isolation(isolation(ends_on=date(2024, 2, 28), released_on=date(2024, 2, 28)))
    assert codes(released) == ["D40", "D46"] and released[1].closed_on == date(2024, 2, 28)


@pytest.mark.parametrize(("kind", "columns"), [("measure", clocks.MEASURE_COLUMNS), ("isolation", clocks.ISOLATION_COLUMNS)])
def test_every_word_a_column_says_is_known_to_its_clock(kind: str, columns: dict[str, dict[str, str]]) -> None:
    for code, words in columns.items():
        for word in words:
            assert engine.get_clock(code).effect(word) is not None, f"{code} {word}"


def test_what_the_rows_say_is_declared_as_coming_from_their_columns() -> None:
    rows = [
        measure(kind=kind, reported_on=DAY, agreement_on=DAY, ends_on=date(2023, 2, 28), ended_on=DAY, end_reason=reason)
        for kind in ("CD", "CR")
        for reason in ("discharged", "terminated", "converted", "dead", "revoked")
    ]
    said = {(one.code, each.word) for row in rows for one in clocks.of_measure(row) for each in one.said}
    declared = {(code, word) for code, words in clocks.MEASURE_COLUMNS.items() for word in words}
    assert said <= declared

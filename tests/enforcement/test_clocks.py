"""Which clocks a case and a person in a case run, from their columns alone; no database."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from qingyuan.casework.clocks import wanted
from qingyuan.casework.clocks.wanted import Runs, SealedLedger
from qingyuan.enforcement import clocks
from qingyuan.reference import clocks as engine

DAY = date(2022, 11, 1)


def party(outcome: str, on: date | None = DAY) -> Any:
    return SimpleNamespace(outcome=outcome, outcome_on=on)


@pytest.mark.parametrize(
    ("outcome", "codes"),
    [
        ("detained", ["D70", "D170"]),
        ("arrested", ["D72", "D171"]),
        ("bail", ["D173"]),
        ("residential", ["D173"]),
        ("sent", []),
        ("released", []),
        ("at_large", []),
        ("", []),
    ],
)
def test_what_was_done_with_a_person_starts_the_clocks_of_that(outcome: str, codes: list[str]) -> None:
    assert [one.code for one in clocks.of_party(party(outcome))] == codes


def test_without_a_day_nothing_runs() -> None:
    assert clocks.of_party(party("detained", None)) == []


@pytest.mark.parametrize(("outcome", "last"), [("bail", date(2023, 11, 1)), ("residential", date(2023, 5, 1))])
def test_bail_and_residence_have_their_own_lengths(outcome: str, last: date) -> None:
    (want,) = clocks.of_party(party(outcome))
    (said,) = want.said
    events = [engine.Event(said.word, said.on, 1, option=said.option)]
    assert engine.answer(want.code, events, on=DAY).last_day == last


@pytest.mark.parametrize(("filed", "code"), [(date(2025, 12, 31), "D60"), (date(2026, 1, 1), "D60b")])
def test_a_public_order_case_runs_by_the_law_of_its_day(filed: date, code: str) -> None:
    (want,) = clocks.of_case(SimpleNamespace(case_kind="administrative", filed_on=filed))
    said = engine.answer(want.code, [engine.Event(want.said[0].word, filed, 1)], on=filed)
    assert (want.code, want.answered) == (code, False) and said.last_day is not None


def test_a_criminal_case_has_no_term_of_its_own() -> None:
    assert clocks.of_case(SimpleNamespace(case_kind="criminal", filed_on=DAY)) == []


def test_every_word_a_column_says_is_known_to_its_clock() -> None:
    for code, words in (clocks.CASE_COLUMNS | clocks.PARTY_COLUMNS).items():
        for word in words:
            assert engine.get_clock(code).effect(word) is not None, f"{code} {word}"


def test_a_sealed_ledger_runs_no_clock() -> None:
    with pytest.raises(SealedLedger):
        wanted.register(Runs(ledger="penalties", wanted=lambda _row: [], columns={}))

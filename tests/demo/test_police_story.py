"""The police's part of the fictional city agrees with itself: cases with their titles, people, weights, returns and stores."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date
from decimal import Decimal
from functools import cache

import pytest

from qingyuan.demo.books import books
from qingyuan.demo.story import cases as story_of_cases
from qingyuan.demo.story import police as story_of_police
from qingyuan.demo.story.handled import chance_of, detained_of, handled_in
from qingyuan.demo.story.police import Police
from qingyuan.demo.story.telling import SEED, tell
from qingyuan.enforcement.rules.custody import Stage, Step, balance
from qingyuan.reference.periods import month as month_of


@cache
def police() -> Police:
    return Police(tell())


def test_a_case_is_called_after_its_offence() -> None:
    words = {"CL347": ("贩卖", "贩毒", "运输"), "CL348": ("非法持有",), "CL354": ("容留",), "CL353a": ("引诱",)}
    for case in tell().cases:
        assert any(word in case.title for word in words[case.offence]), case
        others = [word for offence, own in words.items() if offence != case.offence for word in own]
        assert not any(word in case.title for word in others), case


@pytest.mark.parametrize(("year", "cracked", "kilos"), [(2020, 81, "5.6"), (2021, 76, "5.1"), (2022, 62, "4.3")])
def test_the_years_keep_their_cases_and_kilograms(year: int, cracked: int, kilos: str) -> None:
    story = tell()
    assert sum(1 for case in story.cases if case.cracked and case.cracked.year == year) == cracked
    weight = sum((one.grams for one in story.seizures if one.seized.year == year), Decimal(0))
    assert abs(weight / 1000 - Decimal(kilos)) < Decimal("0.01")


def test_possession_is_of_a_criminal_amount_and_a_room_lent_for_use_yields_little() -> None:
    offence = {case.number: case.offence for case in tell().cases}
    for seizure in tell().seizures:
        if offence[seizure.case] == story_of_cases.POSSESSION and seizure.item == 1:
            assert seizure.drug in story_of_cases.POSSESSED and seizure.grams >= story_of_cases.POSSESSED_FROM, seizure
        if offence[seizure.case] in {"CL354", "CL353a"}:
            assert seizure.grams <= story_of_cases.LITTLE, seizure


def test_the_first_of_a_case_bears_the_surname_of_its_title_and_gangs_have_one_organiser() -> None:
    title = {case.number: case.title for case in tell().cases}
    by_case = defaultdict(list)
    for party in police().parties():
        by_case[party.case].append(party)
    assert set(by_case) == set(title), "nobody is a case of nobody"
    for number, parties in by_case.items():
        assert parties[0].person.name[0] == title[number][0]
        roles = Counter(party.gang_role for party in parties)
        assert roles["organiser"] == (1 if len(parties) > 3 else 0)
        assert len({party.person.id_number for party in parties}) == len(parties)


def test_as_many_detentions_are_written_as_the_monthly_return_says() -> None:
    written = Counter(
        (one.decided.year, one.decided.month)
        for one in police().penalties()
        if one.kind in {"detention", "detention_fine", "not_executed"}
    )
    for (year, number), count in written.items():
        month = month_of(date(year, number, 1))
        assert count == detained_of(handled_in(month, chance_of(month, SEED))), month
    assert len(written) == 34


def test_every_exhibit_comes_out_but_the_planted_one() -> None:
    steps = defaultdict(list)
    for one in police().movements():
        steps[one.case, one.exhibit].append(Step(Stage(one.stage), one.on, one.quantity))
        assert one.handlers[0] != one.handlers[1] and one.on <= story_of_police.LAST_ENTERED
    broken = {key: balance(taken) for key, taken in steps.items() if balance(taken).loose or balance(taken).overdrawn}
    [(key, found)] = broken.items()
    assert key == (story_of_police.LOST_CASE, f"W{story_of_police.LOST_ITEM}")
    assert (found.loose, found.overdrawn) == (story_of_police.LOST_GRAMS, 0)
    seized = sum((balance(taken).seized for key, taken in steps.items() if key[1] != "S1"), Decimal(0))
    assert seized == sum((one.grams for one in tell().seizures), Decimal(0)), "custody and seizures speak of the same drugs"


def test_the_same_seed_tells_the_same() -> None:
    one, two = Police(tell()), Police(tell())
    assert one.parties() == two.parties() and one.penalties() == two.penalties()
    assert one.linked_crimes() == two.linked_crimes() and one.officers == two.officers


def test_an_operation_is_imported_before_its_cases_and_a_case_before_what_hangs_on_it() -> None:
    order = [book.ledger for book in books(tell())]
    first = {ledger: order.index(ledger) for ledger in set(order)}
    last_case = max(place for place, ledger in enumerate(order) if ledger == "cases")
    assert first["operations"] < first["cases"]
    assert min(first["parties"], first["exhibits"]) > last_case

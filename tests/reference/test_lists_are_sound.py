"""Every code list loads, is dated by its laws, names its source, and no wording means two things on one day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import combinations

import pytest

from qingyuan.reference import statutes
from qingyuan.reference.catalogue import Code, CodeList, UnknownCode, UnknownList, get_list, list_names
from qingyuan.reference.matching import normalise
from qingyuan.reference.tables import read_table

NAMES = list_names()
FAR_PAST, FAR_FUTURE = date(1900, 1, 1), date(2300, 1, 1)
PROMISED = {
    "measures", "drugs", "drug_groups", "offences", "case_kinds", "place_kinds", "test_samples", "test_methods",
    "test_results", "test_purposes", "measure_end_reasons", "sexes", "unit_kinds", "meeting_kinds",
    "instruction_levels", "registration_states", "seizure_sources", "seizure_origins",
}  # fmt: skip


def every_code() -> Iterator[Code]:
    for name in NAMES:
        yield from get_list(name)


def validity(code: Code) -> tuple[date, date]:
    return code.valid_from or FAR_PAST, code.valid_to or FAR_FUTURE


def overlap(one: Code, other: Code) -> bool:
    return validity(one)[0] < validity(other)[1] and validity(other)[0] < validity(one)[1]


def test_the_promised_lists_are_there() -> None:
    assert set(NAMES) >= PROMISED


def test_asking_for_a_list_that_does_not_exist_names_those_that_do() -> None:
    with pytest.raises(UnknownList, match="drugs"):
        get_list("potions")


@pytest.mark.parametrize("name", NAMES)
def test_every_list_loads_with_titles_and_rows(name: str) -> None:
    codes = get_list(name)
    assert codes.title_zh
    assert codes.title_en
    assert len(codes.codes) >= 2


@pytest.mark.parametrize("name", NAMES)
def test_every_row_has_a_code_both_names_and_a_source(name: str) -> None:
    for code in get_list(name):
        assert code.code == code.code.strip() != ""
        assert code.name_zh
        assert code.name_en.isascii()
        assert code.source, code
        assert len(code.code) <= 20


@pytest.mark.parametrize("name", NAMES)
def test_validity_runs_forward(name: str) -> None:
    for code in get_list(name):
        start, end = validity(code)
        assert start < end, code


def test_no_code_is_valid_on_a_day_its_law_was_not_in_force() -> None:
    checked = 0
    for code in every_code():
        keys = [key for key in code.extra["law"].split(";") if key]
        if not keys:
            continue
        spans = sorted(
            (statutes.law(key).valid_from or FAR_PAST, statutes.law(key).valid_to or FAR_FUTURE) for key in keys
        )
        reach = spans[0][0]
        for start, end in spans:
            assert start <= reach, f"gap between the laws of {code}"
            reach = max(reach, end)
        start, end = validity(code)
        assert spans[0][0] <= start, code
        assert end <= reach, code
        checked += 1
    assert checked > 100


def test_the_law_check_would_catch_a_code_that_outlives_its_law() -> None:
    labour = get_list("measures").require("LJ")
    assert labour.valid_to == statutes.law("LJ57").valid_to == date(2013, 12, 28)


def test_a_replacement_exists_in_the_same_list_and_is_in_force_when_the_old_term_ends() -> None:
    replaced = [code for code in every_code() if code.replaced_by]
    assert replaced
    for code in replaced:
        assert code.valid_to is not None, code
        successor = get_list(code.list_name).require(code.replaced_by, code.valid_to)
        assert successor.valid_on(code.valid_to), code


@pytest.mark.parametrize("name", NAMES)
def test_versions_of_one_code_never_overlap(name: str) -> None:
    codes = get_list(name).codes
    for one, other in combinations(codes, 2):
        if one.code == other.code:
            assert not overlap(one, other), one


@pytest.mark.parametrize("name", NAMES)
def test_no_wording_means_two_codes_on_any_day(name: str) -> None:
    wordings: dict[str, list[Code]] = {}
    for code in get_list(name):
        for term in {normalise(term) for term in code.terms}:
            wordings.setdefault(term, []).append(code)
    for term, codes in wordings.items():
        for one, other in combinations(codes, 2):
            assert not overlap(one, other), f"{term}: {one.code}, {other.code}"


@pytest.mark.parametrize("name", NAMES)
def test_every_name_and_alias_finds_its_own_code_on_a_day_it_holds(name: str) -> None:
    codes = get_list(name)
    for code in codes:
        day = code.valid_from or date(2022, 10, 1)
        if code.valid_to is not None and code.valid_to <= day:
            day = code.valid_to - timedelta(days=1)
        for term in code.terms:
            assert codes.match(term, day).code == code, term


def test_the_twenty_five_offences_are_there_with_both_versions_of_the_public_order_law() -> None:
    offences = get_list("offences")
    assert len({code.code for code in offences if not code.code.endswith("H")}) == 25
    old = offences.require("AD-PS84c", date(2022, 10, 1))
    new = offences.require("AD-PS84c", date(2026, 1, 1))
    assert "二千元" in old.extra["penalty"]
    assert "三千元" in new.extra["penalty"]
    assert old.extra["article"] == "PS12-72"
    assert new.extra["article"] == "PS25-84"


def test_every_article_a_list_names_can_be_cited() -> None:
    for code in every_code():
        for column in ("article", "threshold_article"):
            if code.extra.get(column):
                assert statutes.cite(code.extra[column]).text_short


def test_the_ten_end_states_of_the_register_check_are_there() -> None:
    assert [code.name_zh for code in get_list("registration_states")] == [
        "见面已核", "在押", "在强制隔离戒毒所", "外出有联系", "外出失联", "死亡", "出境", "戒断三年未发现复吸", "重复登记", "非本辖区",
    ]  # fmt: skip


def test_the_six_entries_of_prevention_are_six_places() -> None:
    assert [code.code for code in get_list("place_kinds") if code.extra["six_entries"] == "yes"] == [
        "community", "school", "village", "workplace", "home", "venue",
    ]  # fmt: skip


def test_a_code_without_a_day_is_its_newest_version_and_an_unknown_one_is_none() -> None:
    offences: CodeList = get_list("offences")
    newest = offences.code("AD-PS84c")
    assert newest is not None
    assert newest.valid_from == date(2026, 1, 1)
    assert offences.code("nonsense") is None
    assert offences.label("nonsense") == "nonsense"
    with pytest.raises(UnknownCode, match="涉毒违法犯罪行为"):
        offences.require("nonsense")


def test_a_form_of_today_offers_no_repealed_term() -> None:
    offered = dict(get_list("measures").choices(date(2022, 11, 23)))
    assert "LJ" not in offered
    assert "QJ" not in offered
    assert offered["CID"] == "强制隔离戒毒"
    assert dict(get_list("measures").choices(date(2022, 11, 23), "en"))["CD"] == "Community detoxification"


@pytest.mark.parametrize("table", ["lists", "laws", "articles", "packs", "pack_values", "holidays"])
def test_every_other_table_names_its_source_on_every_row(table: str) -> None:
    rows = read_table(table)
    assert rows
    for row in rows:
        assert row["source"], row


def test_no_list_holds_a_word_about_ethnic_group_religion_or_grade_of_a_person() -> None:
    forbidden = ("民族", "宗教", "籍贯", "红色", "黄色预警", "高危人员", "风险等级")
    for code in every_code():
        assert not any(word in "".join(code.terms) for word in forbidden), code

"""Characters written otherwise, and words by their sound: read for words and places, only ever asked back, never merged."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingyuan.reference.catalogue import get_list, list_names
from qingyuan.reference.matching import closest, initials, normalise, pinyin, sounding, spellings, standard
from qingyuan.reference.tables import read_table

DAY = date(2022, 10, 1)
ROWS = read_table("variants")
PLACES = ("龙洞镇", "龙洞", "石桥镇", "永宁镇", "东山街道")


def test_every_variant_is_one_character_with_one_standard_a_kind_and_a_source() -> None:
    assert len({row["variant"] for row in ROWS}) == len(ROWS) > 500
    for row in ROWS:
        assert len(row["variant"]) == len(row["standard"]) == 1 and row["variant"] != row["standard"], row
        assert row["kind"] in {"variant", "traditional"} and row["source"], row


def test_no_standard_character_is_itself_a_variant() -> None:
    assert not {row["standard"] for row in ROWS} & {row["variant"] for row in ROWS}


def test_the_official_words_of_the_code_lists_are_written_in_standard_characters() -> None:
    for name in list_names():
        for code in get_list(name):
            assert standard(code.name_zh) == code.name_zh, code.name_zh


@given(st.text(max_size=20))
def test_standard_characters_stay_as_they_are(text: str) -> None:
    assert standard(standard(text)) == standard(text) and len(standard(text)) == len(text)


@pytest.mark.parametrize(
    ("name", "typed", "code"),
    [("measures", "強制隔離戒毒", "CID"), ("measures", "社區戒毒", "CD"), ("test_results", "陰性", "negative"), ("drugs", "海洛因", "OP01")],
)
def test_a_term_in_other_characters_is_the_same_term(name: str, typed: str, code: str) -> None:
    found = get_list(name).match(typed, DAY).code
    assert found is not None and found.code == code


def test_a_term_of_repealed_law_in_other_characters_is_refused_as_well() -> None:
    found = get_list("measures").match("勞教戒毒", DAY)
    assert found.code is None and [code.code for code in found.suggestions] == ["CID"]


@pytest.mark.parametrize(
    ("name", "typed", "code"),
    [("test_samples", "niaoye", "urine"), ("drugs", "bingdu", "ST01"), ("measures", "强治隔离戒毒", "CID"), ("test_samples", "毛法", "hair")],
)
def test_what_sounds_alike_is_asked_back_and_not_taken(name: str, typed: str, code: str) -> None:
    found = get_list(name).match(typed, DAY)
    assert found.code is None and found.suggestions[0].code == code and "是不是" in found.reason


@pytest.mark.parametrize("typed", ["龙硐镇", "longdongzhen", "LDZ", "隆洞镇", "龍硐鎮"])
def test_a_place_is_found_by_its_sound_whole(typed: str) -> None:
    assert sounding(typed, PLACES) == ["龙洞镇"]
    assert closest(normalise(typed), PLACES)[0] == "龙洞镇"


@pytest.mark.parametrize("typed", ["", "l", "龙", "longd", "long2dong", "镇"])
def test_parts_of_a_sound_are_not_a_sound(typed: str) -> None:
    assert sounding(typed, PLACES) == []


def test_readings() -> None:
    assert (pinyin("龙洞镇"), initials("龙洞镇")) == ("longdongzhen", "ldz")
    assert pinyin("重庆") == "chongqing" and pinyin("abc") == ""


def test_a_name_is_looked_for_as_typed_first_and_by_each_variant() -> None:
    assert spellings("张升")[0] == "张升" and {"张昇", "张陞", "張升"} <= set(spellings("张升"))
    assert spellings("张昇")[:2] == ("张昇", "张升")
    assert spellings("何立新") == ("何立新",) or spellings("何立新")[0] == "何立新"


@given(st.text("张升昇哲喆峰峯龍龙何立新", min_size=1, max_size=4))
def test_spellings_are_few_distinct_whole_names_of_the_same_standard_form(name: str) -> None:
    found = spellings(name)
    assert found[0] == name and len(set(found)) == len(found) <= 24
    assert all(standard(other) == standard(name) and len(other) == len(name) for other in found)

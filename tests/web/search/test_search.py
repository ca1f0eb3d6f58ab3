from __future__ import annotations

from datetime import date

import pytest
from bs4 import BeautifulSoup

from qingyuan.foundation.audit.models import ReadEntry
from qingyuan.governance.actions.returns import generate_due
from qingyuan.ledgers import queries
from qingyuan.reference.periods import Period
from tests.cast import City, id_number, measure_values
from tests.governance.conftest import Desk, desk
from tests.web.pages import browser_of, text_of

pytestmark = pytest.mark.django_db
__all__ = ["desk"]  # the fixture


def found(city: City, who: str, text: str) -> str:
    return text_of(browser_of(city, who).get("/search/", {"q": text}))


@pytest.mark.parametrize("text", ["测试乙", id_number(101)])
def test_only_the_two_who_work_with_people_find_them_and_only_by_the_whole_name(town: City, text: str) -> None:
    assert "人员 测试乙" in found(town, "supervisor", text)
    for who in ("stranger", "caseworker", "clerk", "officer", "town_leader", "doctor"):
        assert "没有找到" in found(town, who, text)
    assert "没有找到" in found(town, "supervisor", "测试")


def test_a_document_number_is_found_by_those_who_may_open_its_row(city: City) -> None:
    given = {
        "document_number": "云政批〔2022〕5号", "level": "county", "given_on": date(2022, 11, 1),
        "content": "请加强社区戒毒工作", "due_on": date(2022, 11, 20),
    }  # fmt: skip
    city.enter("instructions", "supervisor", given)
    assert "批示台账 云政批〔2022〕5号" in found(city, "supervisor", "〔2022〕5号")
    assert "没有找到" in found(city, "stranger", "〔2022〕5号")


def test_a_search_is_logged_without_its_words(town: City) -> None:
    found(town, "supervisor", "测试乙")
    entry = ReadEntry.objects.using("audit").get(act="search")
    assert entry.query_digest and entry.row_count == 1
    assert "测试乙" not in str(entry.__dict__)


@pytest.mark.parametrize("text", ["石桥", "shiqiao", "sqz", "999981102000"])
def test_a_place_is_found_by_name_pinyin_and_code_and_opens_its_situation(city: City, text: str) -> None:
    page = browser_of(city, "clerk").get("/search/", {"q": text})
    assert "地方 石桥镇" in text_of(page) and "/situation/?division=999981102000" in page.content.decode()


def test_a_place_outside_ones_range_is_not_found(city: City) -> None:
    assert "没有找到" in found(city, "supervisor", "石桥镇")
    assert "没有找到" in found(city, "doctor", "龙洞镇")


def test_a_village_opens_the_situation_of_its_town(city: City) -> None:
    assert "属于龙洞镇" in found(city, "supervisor", "大坪村")


def test_a_ledger_is_found_by_title_and_by_a_heading_of_its_columns_by_its_readers_only(city: City) -> None:
    assert "社区检测台账" in found(city, "supervisor", "检测") and "名称里有“检测”" in found(city, "supervisor", "检测")
    assert "有一栏叫" in found(city, "supervisor", "检测日期")
    assert "社区检测台账" not in found(city, "clerk", "检测")


def test_an_indicator_is_found_by_code_and_by_title_by_those_who_read_figures(city: City) -> None:
    assert "编号就是“r05”" in found(city, "clerk", "r05")
    assert "没有找到" in found(city, "doctor", "R05")


def test_letters_are_found_by_number_and_by_whose_they_are_within_ones_range(desk: Desk) -> None:
    letter = desk.letter("longdong")
    assert letter.number in found(desk.city, "clerk", letter.number[2:6])
    assert "责任单位里有“龙洞”" in found(desk.city, "town_leader", "龙洞")
    assert "没有找到" in found(desk.city, "stranger", letter.number)


def test_returns_are_found_by_form_month_and_unit_within_ones_range(desk: Desk) -> None:
    generate_due(city=desk.city.divisions["云岭市"], month=Period.parse("2022-10"), by=desk.actor("clerk"))
    said = found(desk.city, "clerk", "XZ-01 2022-10 龙洞")
    assert "编号就是“XZ-01”" in said and "龙洞镇人民政府 · 2022-10" in said and "石桥镇人民政府" not in said
    assert "龙洞镇人民政府 · 2022-10" in found(desk.city, "supervisor", "XZ-01")
    assert "石桥镇人民政府" not in found(desk.city, "supervisor", "XZ-01")
    assert "没有找到" in found(desk.city, "doctor", "XZ-01")


@pytest.mark.parametrize(
    "text", ["\x00%", "' OR 1=1 --", "一二三四五六七八九十一二三四五六七八", "x" * 500, "((", "２０２２"]
)
def test_nonsense_finds_nothing_and_breaks_nothing(town: City, text: str) -> None:
    for who in ("supervisor", "clerk", "officer"):
        assert browser_of(town, who).get("/search/", {"q": text}).status_code == 200


@pytest.mark.parametrize(
    ("text", "why"), [("龍洞鎮", "规范写法"), ("龙硐", "同音"), ("longdong", "拼音是"), ("ldz", "拼音是")]
)
def test_a_place_is_found_written_otherwise_or_by_its_sound_and_says_so(city: City, text: str, why: str) -> None:
    said = found(city, "clerk", text).split("只找得到您有权打开的")[1]
    assert "龙洞镇" in said and why in said and "石桥镇" not in said


def test_a_place_that_only_sounds_alike_is_still_not_found_outside_ones_range(city: City) -> None:
    assert "没有找到" in found(city, "supervisor", "石乔") and "没有找到" in found(city, "supervisor", "石橋鎮")


def test_a_unit_of_a_letter_is_found_by_pinyin_and_in_other_characters(desk: Desk) -> None:
    letter = desk.letter("longdong")
    for text in ("longdong", "龍洞", "龙硐"):
        assert letter.number in found(desk.city, "clerk", text)
    assert "没有找到" in found(desk.city, "stranger", "longdong")


def test_a_word_of_a_code_list_opens_the_rows_that_carry_it_for_those_who_may_read_them(city: City) -> None:
    page = browser_of(city, "supervisor").get("/search/", {"q": "社區康復"})
    assert "台账里的词 社区康复" in text_of(page) and "/ledgers/measures/?kind=CR&amp;when=all" in page.content.decode()
    assert "又叫“社康”" in found(city, "supervisor", "shekang")
    assert "台账里的词 社区康复" not in found(city, "clerk", "社区康复"), "the measures are not the office's to open"


def test_a_name_written_with_a_variant_character_finds_both_people_the_exact_one_first(city: City) -> None:
    for serial, name in ((1, "张升"), (2, "张昇")):
        city.enter("measures", "supervisor", measure_values(city, serial) | {"name": name})
    said = found(city, "supervisor", "张昇")
    assert said.index("人员 张昇") < said.index("张升") and "姓名完全一致" in said and "请核对是不是同一个人" in said
    for part, why in (("zhangsheng", "姓名的拼音一致"), ("zs", "首字母一致"), ("张", "同姓"), ("zhang", "姓氏的拼音一致")):
        said = found(city, "supervisor", part).split("只找得到您有权打开的")[1]
        assert "张升" in said and "张昇" in said and why in said, part
    for part in ("张生", "章升", "章", "升", "zhangs", "sheng"):
        said = found(city, "supervisor", part).split("只找得到您有权打开的")[1]
        assert "张升" not in said and "张昇" not in said and "姓名" not in said, part
    assert "没有找到" in found(city, "stranger", "张昇")


def test_a_long_ledger_says_how_far_back_it_was_looked_through(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "MOST_LOOKED", 5)
    for number in range(12):
        case = {"number": f"A5399{number:06d}", "title": "某某制造毒品案" if number == 1 else "某某贩卖毒品案", "case_kind": "criminal"}
        case |= {"offence": "CL347", "division": city.divisions["龙洞镇"].pk, "filed_on": date(2022, 1, 1 + number)}
        city.enter("cases", "officer", case | {"operation_number": ""})
    page = found(city, "officer", "贩卖")
    assert "毒品案件台账很长,只找了 2022-01-08 以来的行。" in page and "A5399000011" in page and "A5399000002" not in page
    nothing = browser_of(city, "officer").get("/search/", {"q": "制造毒品案"})
    assert "只找了 2022-01-08 以来的行" in text_of(nothing) and "A5399000001" not in text_of(nothing)
    further = BeautifulSoup(nothing.content.decode(), "html.parser").find("a", string="再往前找")
    assert further is not None
    assert "在 2022-01-03 到 2022-01-08 前一天的 5 条里找过" in text_of(browser_of(city, "officer").get(str(further["href"])))
    assert "只找了" not in found(city, "officer", "A5399000001"), "a whole number is looked up"
    assert "只找了" not in found(city, "stranger", "贩卖")

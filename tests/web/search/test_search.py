from __future__ import annotations

from datetime import date

import pytest

from qingyuan.foundation.audit.models import ReadEntry
from tests.cast import City, id_number
from tests.web.pages import browser_of, text_of

pytestmark = pytest.mark.django_db


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

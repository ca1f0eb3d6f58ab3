"""Terms of repealed law: refused after their end with the reason and the term of today, read as they were before it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingyuan.ledgers.kinds import Kind
from qingyuan.ledgers.reading.cells import Reading
from qingyuan.ledgers.reading.open import open_workbook
from qingyuan.ledgers.reading.reader import read_table
from qingyuan.reference.catalogue import Code, get_list, list_names
from tests.ledgers.reading.books import book
from tests.ledgers.reading.columns import Spec

LABOUR_ENDS, DETOX_ENDS, OFFICES_END = date(2013, 12, 28), date(2008, 6, 1), date(2019, 4, 1)
EXPIRED = [
    ("measures", "劳教戒毒", LABOUR_ENDS, "LJ", "强制隔离戒毒"),
    ("measures", "劳动教养", LABOUR_ENDS, "LJ", "强制隔离戒毒"),
    ("measures", "劳教", LABOUR_ENDS, "LJ", "强制隔离戒毒"),
    ("measures", "强制戒毒", DETOX_ENDS, "QJ", "强制隔离戒毒"),
    ("measures", "强制戒除", DETOX_ENDS, "QJ", "强制隔离戒毒"),
    ("measure_end_reasons", "被劳动教养", LABOUR_ENDS, "to_labour", "终止(收监执行刑罚或者强制性教育措施)"),
    ("unit_kinds", "综治办", date(2018, 3, 21), "comprehensive_office", "政法委员会"),
    ("unit_kinds", "劳教所", LABOUR_ENDS, "labour_camp", "强制隔离戒毒所"),
    ("unit_kinds", "强制戒毒所", DETOX_ENDS, "compulsory_centre", "强制隔离戒毒所"),
    ("unit_kinds", "卫计局", OFFICES_END, "health_former", "卫生健康局"),
    ("unit_kinds", "工商局", OFFICES_END, "commerce_admin", "市场监督管理局"),
    ("unit_kinds", "安监局", OFFICES_END, "safety_former", "应急管理局"),
    ("unit_kinds", "文广新局", OFFICES_END, "culture_former", "文化和旅游局"),
    ("offences", "走私制毒物品罪", date(2015, 11, 1), "CL350H", "非法生产、买卖、运输制毒物品、走私制毒物品罪"),
]


@pytest.mark.parametrize(("name", "term", "ends", "code", "today"), EXPIRED)
def test_an_expired_term_holds_to_its_last_day_and_then_names_the_term_of_today(
    name: str, term: str, ends: date, code: str, today: str
) -> None:
    codes = get_list(name)
    before = codes.match(term, ends - timedelta(days=1))
    assert before.code is not None and before.code.code == code
    after = codes.match(term, ends)
    assert after.code is None and ends.isoformat() in after.reason and "不再使用" in after.reason
    assert [found.name_zh.replace("（", "(").replace("）", ")") for found in after.suggestions] == [today]
    assert after.suggestions[0].name_zh in after.reason
    assert codes.label(code, date(2022, 11, 23))  # a stored row of those years still has its name


@pytest.mark.parametrize(
    ("name", "term", "then", "now"),
    [("measures", "强戒", "QJ", "CID"), ("unit_kinds", "戒毒所", "compulsory_centre", "isolation_centre"),
     ("measures", "拘留", "AD", "AD")],
)
def test_one_wording_means_what_the_law_of_its_day_meant(name: str, term: str, then: str, now: str) -> None:
    codes = get_list(name)
    old, new = codes.match(term, date(2005, 1, 1)).code, codes.match(term, date(2022, 1, 1)).code
    assert old is not None and new is not None and (old.code, new.code) == (then, now)


ENDED: list[Code] = [code for name in list_names() for code in get_list(name) if code.valid_to is not None]


@given(st.sampled_from(ENDED), st.integers(0, 20_000), st.data())
def test_no_ended_term_is_ever_taken_after_its_end(code: Code, later: int, data: st.DataObject) -> None:
    assert code.valid_to is not None
    term = data.draw(st.sampled_from(code.terms))
    found = get_list(code.list_name).match(term, code.valid_to + timedelta(days=later))
    assert found.code != code
    assert found.code is not None or found.reason


def test_no_ended_term_is_offered_in_a_form_of_today() -> None:
    today = date(2022, 11, 23)
    gone = [code for code in ENDED if code.valid_to is not None and code.valid_to <= today]
    assert len(gone) >= 15
    assert not [code for code in gone if code in get_list(code.list_name).valid_on(today)]


def test_rows_of_a_workbook_are_read_by_the_law_of_their_own_day() -> None:
    columns = (
        Spec("name", "姓名", Kind.PERSON_NAME, required=True),
        Spec("kind", "措施", Kind.CODE, required=True, code_list="measures"),
        Spec("decided_on", "决定日期", Kind.DATE, required=True),
    )
    rows = [["姓名", "措施", "决定日期"], ["何立新", "劳教戒毒", "2012-05-04"], ["吴海", "强戒", "2007年3月5日"]]
    rows += [["郑国英", "劳教戒毒", "2015-05-04"], ["周明华", "强戒", "2015-05-04"]]
    read = list(read_table(open_workbook(book(rows), "a.xlsx"), columns, Reading(day=date(2022, 11, 23)), dated_by="decided_on"))
    assert [row.values["kind"] for row in read] == ["LJ", "QJ", None, "CID"]
    [problem] = read[2].problems
    assert problem.address == "B4" and "强制隔离戒毒" in problem.message and problem.hint == "强制隔离戒毒"

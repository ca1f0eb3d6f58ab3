"""A block of a column is read as its cells would be one by one, whatever was remembered before."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from qingyuan.ledgers.columns import Column
from qingyuan.ledgers.kinds import Kind
from qingyuan.ledgers.reading.cells import Reading, parser_for
from qingyuan.ledgers.reading.dates import parse_date
from qingyuan.ledgers.reading.outcomes import EMPTY, Fault, Outcome
from qingyuan.ledgers.reading.people import parse_phone

DAY = date(2022, 11, 23)
COLUMNS = (
    Column("text", "案件名称", max_length=6),
    Column("long", "备注", Kind.LONG_TEXT),
    Column("count", "人数", Kind.INTEGER),
    Column("money", "金额", Kind.DECIMAL),
    Column("mass", "净重", Kind.QUANTITY, unit="g"),
    Column("day", "日期", Kind.DATE),
    Column("month", "月份", Kind.DATE, month_enough=True),
    Column("code", "毒品", Kind.CODE, code_list="drugs"),
    Column("yes", "是否", Kind.BOOLEAN),
    Column("name", "姓名", Kind.PERSON_NAME, max_length=4),
    Column("number", "身份证号", Kind.ID_NUMBER),
    Column("phone", "电话", Kind.PHONE),
    Column("staff", "检测人", Kind.STAFF),
)
CELLS = st.one_of(
    st.sampled_from(
        [
            "", " ", "是", "否", "海洛因", "冰毒", "四号", "不知何物", "2022-09-03", "2022.9.3", "2022年9月3日", "2022-02-30",
            "2022-W01-1", "9月3日", "44843", "1.2公斤", "350克", "三", "约5", "13812345678", "１３８12345678", "138-1234-5678",
            "李秀、王平", "张\u3000三", "很长很长很长的名称", "无", "a\u200bb", "第一行\r\n第二行", "202210",
        ]
    ),
    st.sampled_from([1, 1.0, True, False, 0.0, -0.0, 44843.0, 44843.5, 202210.0, 1e15, 12.5]),
    st.sampled_from([date(2022, 9, 3), datetime(2022, 9, 3), datetime(2022, 9, 3, 8, 30), time(8, 30), date(1850, 1, 1)]),  # noqa: DTZ001
    st.text(max_size=8),
)  # fmt: skip
DAYS = st.sampled_from([DAY, date(2009, 5, 1), date(2015, 7, 1), date(2021, 7, 1)])


def as_one(outcome: Outcome) -> Any:
    return (
        repr(None if isinstance(outcome, Fault) else outcome.value),
        outcome if isinstance(outcome, Fault) else outcome.note,
    )


@settings(deadline=None, max_examples=150)
@given(blocks=st.lists(st.lists(st.tuples(CELLS, DAYS), min_size=1, max_size=12), min_size=1, max_size=3))
def test_a_block_says_what_its_cells_say_one_by_one(blocks: list[list[tuple[Any, date]]]) -> None:
    for column in COLUMNS:
        at_once, alone = (
            parser_for(column, Reading(day=DAY, year_hint=2022)),
            parser_for(column, Reading(day=DAY, year_hint=2022)),
        )
        for block in blocks:
            cells, days = [cell for cell, _day in block], [day for _cell, day in block]
            values, told = at_once.column(cells, days)
            said = dict(told)
            for n, (cell, day) in enumerate(block):
                wanted = EMPTY if cell == "" else alone(cell, day)
                value, note = as_one(wanted)
                if isinstance(wanted, Fault) or note:
                    assert said[n] == wanted, (column.name, cell)
                else:
                    assert n not in said, (column.name, cell)
                # -0.0 is remembered as 0.0, and is the same number.
                assert repr(values[n]).replace("-0'", "0'") == value.replace("-0'", "0'"), (column.name, cell)


@given(st.text(alphabet="0123456789-.W年月日 ", max_size=11))
def test_the_quick_look_at_a_day_never_says_anything_else(text: str) -> None:
    # A blank at the end leaves the quick look out.
    assert parse_date(text) == parse_date(text + " ")


@given(st.text(alphabet="0123456789１３+- '", max_size=13))
def test_the_quick_look_at_a_phone_never_says_anything_else(text: str) -> None:
    assert parse_phone(text) == parse_phone(text + " ")

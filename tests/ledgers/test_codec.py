"""A column dumped and loaded at once is what its values would be one by one."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from qingyuan.ledgers.codec import dump_many, dump_one, load_many, load_one, loader_of
from qingyuan.ledgers.kinds import Kind

ONE_KIND = st.one_of(
    st.lists(st.none() | st.text(max_size=4)),
    st.lists(st.none() | st.dates()),
    st.lists(st.none() | st.decimals(allow_nan=False, allow_infinity=False, places=2)),
    st.lists(st.none() | st.lists(st.text(max_size=3), max_size=3) | st.tuples(st.text(max_size=3))),
    st.lists(
        st.one_of(
            st.none(), st.text(max_size=3), st.integers(), st.booleans(), st.dates(), st.decimals(allow_nan=False)
        )
    ),
    st.lists(st.builds(UUID, int=st.integers(0, 2**128 - 1))),
)


@given(ONE_KIND)
def test_a_column_is_dumped_as_its_values_are(values: list[Any]) -> None:
    assert [repr(value) for value in dump_many(values)] == [repr(dump_one(value)) for value in values]


def test_rows_with_the_same_people_have_lists_of_their_own() -> None:
    one, other = dump_many([("李秀", "王平"), ("李秀", "王平")])
    one.append("张三")
    assert other == ["李秀", "王平"]


@given(
    st.lists(st.none() | st.dates()),
    st.lists(st.none() | st.decimals(allow_nan=False, places=3, max_value=10**9, min_value=0)),
)
def test_a_column_is_loaded_as_its_values_are(days: list[date | None], numbers: list[Decimal | None]) -> None:
    for kind, values in ((Kind.DATE, days), (Kind.DECIMAL, numbers)):
        dumped = dump_many(values)
        assert [repr(v) for v in load_many(loader_of(kind), dumped)] == [repr(load_one(kind, v)) for v in dumped]

"""Rows that never become drafts are the rows that drafts would have been; what is read and written by column is what was
there row by row."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingyuan.enforcement.models import Case
from qingyuan.foundation import bulk, clock
from qingyuan.foundation.ids import new_id, text_of, uuid_of
from qingyuan.ledgers import publishing, registry
from qingyuan.ledgers.codec import dump_one
from qingyuan.ledgers.declaration import Draft
from qingyuan.ledgers.facts import Fact, FactColumn, FactKind, FactTable
from qingyuan.ledgers.importing import staging
from qingyuan.ledgers.importing.staging import Staged
from qingyuan.ledgers.keys import keys_of, keys_of_columns
from qingyuan.ledgers.models import ImportBatch
from qingyuan.ledgers.models.imports import RowState
from qingyuan.ledgers.stowing import UNSAID
from tests.cast import City

FEW_OR_MANY = st.one_of(
    st.lists(st.sampled_from(["是", "", None, "𠮷\"\\"]), max_size=40),
    st.lists(st.none() | st.text(max_size=3), max_size=40),
    st.lists(st.none() | st.dates(date(2022, 1, 1), date(2022, 1, 4)), max_size=40),
    st.lists(st.sampled_from([None, Decimal("1.5"), Decimal("1.50")]), max_size=40),
    st.lists(st.sampled_from([True, False, None]), max_size=40),
    st.lists(st.sampled_from([1, True, 1.0, "1", None]), max_size=40),
    st.lists(st.sampled_from([None, [], ["李秀"], ["李秀", "王平"]]), max_size=40),
    st.lists(st.sampled_from([[1], [True], ["1"]]), max_size=40),
)  # fmt: skip


@given(FEW_OR_MANY)
def test_a_column_written_by_marks_comes_back_as_it_was_dumped(values: list[Any]) -> None:
    coded = json.loads(json.dumps(staging._coded(values), ensure_ascii=False))
    back = staging._decoded(None, coded)
    assert [(type(one), repr(one)) for one in back] == [(type(one), repr(one)) for one in map(dump_one, values)]
    lists = [one for one in back if isinstance(one, list)]
    assert len({id(one) for one in lists}) == len(lists), "each row has a list of its own"


def test_a_column_staged_by_an_earlier_version_is_read_as_ever() -> None:
    assert staging._decoded(date.fromisoformat, ["2022-01-03", "2022-01-03"]) == [date(2022, 1, 3)] * 2


@given(st.uuids())
def test_ids_made_and_told_the_short_way_are_the_same(value: UUID) -> None:
    assert uuid_of(value.int) == value and hash(uuid_of(value.int)) == hash(value)
    assert text_of(value) == str(uuid_of(value.int)) == str(value)


@pytest.mark.django_db
def test_a_block_opened_by_column_says_what_its_drafts_say(city: City) -> None:
    ledger = registry.get("cases")
    drafts = [
        Draft(n, {"number": f"A{n}", "title": "某案", "filed_on": date(2022, 1, n + 1), "tier": None if n else "major"}, {}, 7, 3)
        for n in range(5)
    ]
    drafts[2].extra["case_id"] = new_id()
    drafts[3].values["note"] = "只有这一行"
    batch = ImportBatch(ledger="cases")
    [block] = staging.close(ledger, batch, [Staged(draft.number, RowState.NEW, draft) for draft in drafts])
    lines = staging.lines_of(ledger, block.payload)
    for n, draft in enumerate(drafts):
        said = {name: values[n] for name, values in lines.values.items() if values[n] is not UNSAID}
        extra = {name: values[n] for name, values in lines.extra.items() if values[n] is not UNSAID}
        assert (said, extra) == (draft.values, draft.extra)
        assert (lines.division_ids[n], lines.unit_ids[n]) == (draft.division_id, draft.unit_id)
    own = {"unit_id": lines.unit_ids, "division_id": lines.division_ids}
    assert keys_of_columns(ledger, own | dict(lines.values)) == keys_of(ledger, drafts)
    part = lines.between(3, 99)
    assert part.count == 2 and part.values["number"] == ["A3", "A4"]


@pytest.mark.django_db
def test_rows_read_by_column_are_those_that_django_reads(city: City) -> None:
    for n in range(3):
        city.enter("cases", "officer", {
            "number": f"A{n}", "title": "某案", "case_kind": "criminal", "offence": "CL347", "filed_on": date(2022, 3, 1 + n),
            "cracked_on": None if n else date(2022, 3, 9), "division": city.divisions["龙洞社区"].pk,
        })  # fmt: skip
    names = [field.attname for field in Case._meta.concrete_fields]
    rows = Case.objects.order_by("pk")
    assert list(bulk.read(rows, names)) == list(rows.values_list(*names))
    assert list(bulk.read(rows.none(), names)) == []


class Row:
    def __init__(self, data: dict[str, Any]) -> None:
        self.id, self.division_id, self.unit_id, self.data = uuid4(), 7, None, data


VALUES = st.none() | st.sampled_from(["毒", "\"\\", 1, True, Decimal("1.50"), Decimal("1.5"), date(2022, 1, 3)])


@given(st.lists(st.fixed_dictionaries({}, optional={"a": VALUES, "b": VALUES, "c": st.sampled_from(["x", None])}), max_size=9))
def test_facts_put_together_by_column_are_those_made_one_by_one(data: list[dict[str, Any]]) -> None:
    table = FactTable(
        "t", FactKind.EVENT, tuple(FactColumn(name, "text", name) for name in "abc"),
        build=lambda row: Fact(date(2022, 1, 1 + len(row.data)), row.data) if row.data.get("c") else None,
    )  # fmt: skip
    rows, at = [Row(one) for one in data], clock.now()
    made = publishing.first_versions(table, rows, at)
    versions = [version for row in rows if (version := publishing.version_of(table, row)) is not None]
    slow = publishing.lot_of(table, versions, at)
    assert made.lot.columns == slow.columns
    at_data = slow.columns.index("data") if versions else 0
    for fast, one in zip(made.lot.rows, slow.rows, strict=True):
        assert fast[:at_data] + fast[at_data + 1 :] == one[:at_data] + one[at_data + 1 :]
        assert fast[at_data] == (one[at_data] if isinstance(one[at_data], str) else json.dumps(one[at_data].obj))
    assert made.row_ids == [row.id for row in rows]
    assert made.partitions == {version.partition for version in versions}

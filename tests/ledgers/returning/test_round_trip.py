"""What a ledger exports it takes back: nothing is new, nothing changed, nothing bad; one edited cell changes one cell."""

from __future__ import annotations

import os
from functools import partial
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qingyuan.ledgers import exports, queries, registry
from qingyuan.ledgers.declaration import Ledger
from qingyuan.ledgers.exports import rows_workbook
from qingyuan.ledgers.importing import staging
from qingyuan.ledgers.importing.check import check
from qingyuan.ledgers.importing.promote import promote
from qingyuan.ledgers.importing.receive import receive
from qingyuan.ledgers.importing.returning import RECORD
from qingyuan.ledgers.models import ImportBatch
from qingyuan.ledgers.presenting import cells
from qingyuan.ledgers.writing import snapshot
from qingyuan.organisation.enums import Action
from tests.cast import TODAY, City
from tests.ledgers.returning.typist import Typist, texts_for, typed_rows

pytestmark = pytest.mark.django_db
LEDGERS = [ledger for ledger in registry.all_ledgers() if ledger.comes_back]
OTHERS = [ledger for ledger in registry.all_ledgers() if not ledger.comes_back]
every_ledger = pytest.mark.parametrize("ledger", LEDGERS, ids=[ledger.code for ledger in LEDGERS])
few = settings(
    max_examples=12 if os.environ.get("CI") else 3,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def exported(typist: Typist) -> bytes:
    ledger, by = typist.ledger, typist.actor
    return rows_workbook(ledger, queries.rows(ledger, by, TODAY, action=Action.EXPORT), reader=by)


def brought_back(typist: Typist, content: bytes) -> ImportBatch:
    batch = receive(ledger=typist.ledger, filename="导出.xlsx", content=content, by=typist.actor)
    return check(batch_id=batch.id, by=typist.actor)


def told(ledger: Ledger, batch: ImportBatch) -> Any:
    bad = [(row.number, [(p.column, p.address, p.message) for p in row.draft.problems]) for row in staging.stream(ledger, batch, "bad")]
    changed = [(row.number, row.differences) for row in staging.stream(ledger, batch, "changed")]
    return batch.message, bad, changed


def standing(ledger: Ledger) -> dict[Any, Any]:
    rows = ledger.with_related(ledger.model.objects.all())
    return {row.pk: (row.version, row.key, row.changed_at, snapshot(ledger, row)) for row in rows}


class TakenBack(Exception):
    """Ends an example, and takes back what it wrote."""


@every_ledger
def test_what_is_exported_comes_back_and_nothing_changes(city: City, ledger: Ledger) -> None:
    typist = Typist(city, ledger)

    @few
    @given(typed_rows(ledger, typist.actor, 3))
    def each(rows: Any) -> None:
        try:
            with transaction.atomic():
                for texts in rows:
                    typist.row(texts)
                before = standing(ledger)
                batch = brought_back(typist, exported(typist))
                counts = (batch.new_count, batch.changed_count, batch.same_count, batch.bad_count)
                assert counts == (0, 0, len(before), 0), told(ledger, batch)
                promote(batch_id=batch.id, by=typist.actor)
                assert standing(ledger) == before
                raise TakenBack
        except TakenBack:
            pass

    each()


@every_ledger
def test_one_edited_cell_changes_exactly_this_cell(city: City, ledger: Ledger) -> None:
    typist = Typist(city, ledger)
    typist.any_row()
    editable = [column for column in ledger.listed_columns if column.editable and column.stored]
    taken: list[str] = []

    @settings(few, max_examples=6)
    @given(st.data())
    def each(data: Any) -> None:
        column = data.draw(st.sampled_from(editable))
        text = data.draw(texts_for(column, typist.actor))
        try:
            with transaction.atomic():
                taken.extend(_edit(typist, column.name, text))
                raise TakenBack
        except TakenBack:
            pass

    for _again in range(5):
        each()
        if taken:
            return
    raise AssertionError("of all edits not one was taken")


def _edit(typist: Typist, name: str, text: str) -> list[str]:
    """Edit one cell of the first row and import; the column's name when the edit was taken."""
    ledger = typist.ledger
    before = standing(ledger)
    book = openpyxl.load_workbook(BytesIO(exported(typist)))
    sheet = book.worksheets[0]
    header, places = header_of(ledger, sheet)
    cell = sheet.cell(header + 1, places[name])
    row_id = str(sheet.cell(header + 1, places[RECORD.name]).value)
    masked = "*" in str(cell.value)
    cell.value = text
    batch = brought_back(typist, saved(book))
    assert batch.new_count == 0 and (batch.bad_count or not masked)
    if batch.bad_count:
        [bad] = staging.stream(ledger, batch, "bad")
        assert [problem for problem in bad.draft.problems if problem.message]
        assert standing(ledger) == before
        return []
    promote(batch_id=batch.id, by=typist.actor)
    after = standing(ledger)
    changed = {pk for pk in before if before[pk] != after[pk]}
    assert set(after) == set(before) and {str(pk) for pk in changed} <= {row_id}
    [differs] = [
        {key for key in after[pk][3] if after[pk][3][key] != before[pk][3][key]} for pk in changed
    ] or [set()]
    assert differs <= {name}, (name, text, differs)
    assert batch.changed_count == len(changed)
    return [name] if changed else []


def header_of(ledger: Ledger, sheet: Any) -> tuple[int, dict[str, int]]:
    """The header's row and where each column stands, both from 1."""
    names = [column.name for column in ledger.listed_columns] + [RECORD.name]
    for number in range(1, 6):
        texts = [cell.value for cell in sheet[number]]
        if RECORD.header in texts:
            return number, {name: index for index, name in enumerate(names, start=1)}
    raise AssertionError("no header")


def saved(book: Any) -> bytes:
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_large_export_comes_back_like_a_small_one(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "write_export", partial(exports.write_export, bulk_from=1))
    for code in ("parties", "volunteers", "seizures"):
        typist = Typist(city, registry.get(code))
        typist.any_row()
        content = exported(typist)
        sheet = openpyxl.load_workbook(BytesIO(content)).worksheets[0]
        last = sheet.column_dimensions[openpyxl.utils.get_column_letter(sheet.max_column)]
        assert last.hidden or last.width == 0
        batch = brought_back(typist, content)
        assert (batch.same_count, batch.changed_count + batch.new_count + batch.bad_count) == (1, 0), told(typist.ledger, batch)


@pytest.mark.parametrize("ledger", OTHERS, ids=[ledger.code for ledger in OTHERS])
def test_what_nobody_types_and_what_is_sealed_is_exported_without_numbers(city: City, ledger: Ledger) -> None:
    content = rows_workbook(ledger, ledger.model.objects.none(), reader=city.actor("clerk"))
    texts = [cell.value for row in openpyxl.load_workbook(BytesIO(content)).worksheets[0] for cell in row]
    assert texts and RECORD.header not in texts
    assert not ledger.importable or ledger.sealed


def test_the_number_is_written_last_hidden_and_sorted_along(city: City) -> None:
    typist = Typist(city, registry.get("meetings"))
    row = typist.any_row()
    sheet = openpyxl.load_workbook(BytesIO(exported(typist))).worksheets[0]
    header, places = header_of(typist.ledger, sheet)
    at = places[RECORD.name]
    assert at == sheet.max_column and sheet.cell(header + 1, at).value == str(row.pk)
    letter = openpyxl.utils.get_column_letter(at)
    assert sheet.column_dimensions[letter].hidden
    assert sheet.auto_filter.ref.split(":")[1].startswith(letter), "sorting by the filter takes the number along"
    shown = [cell.column.name for cell in cells(typist.ledger, row, typist.actor)]
    assert RECORD.name not in shown

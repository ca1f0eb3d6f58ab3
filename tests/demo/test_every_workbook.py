"""Every workbook of ``examples/ledgers`` is read as its keeper would import it: what is refused is exactly what was planted.

All are checked by the import's own code. Promoted are only those that others refer to; which these are follows from the
declarations, and three from what rooms look up by a text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from qingyuan.demo import books as workbooks
from qingyuan.demo.books import Book
from qingyuan.demo.founding import found
from qingyuan.demo.loading import EXAMPLES, keeper
from qingyuan.demo.story.slips import Slip
from qingyuan.demo.story.telling import tell
from qingyuan.ledgers import registry
from qingyuan.ledgers.importing import staging
from qingyuan.ledgers.importing.check import check
from qingyuan.ledgers.importing.promote import promote
from qingyuan.ledgers.importing.receive import receive
from qingyuan.ledgers.models import ImportBatch
from qingyuan.ledgers.models.imports import BatchState, RowState

LOOKED_UP = frozenset({"measures", "operations", "places"})
"""Found by a person's number, by the number of an operation, by the name of a place: no column points there."""
SAID = {
    Slip.ROUNDED: "Excel 只留 15 位",
    Slip.CHECK_DIGIT: "校验位不符|最后一位与前 17 位不符",
    Slip.MALFORMED: "身份号码应为 17 位数字|不是电话号码|请改成阿拉伯数字",
    Slip.NO_SUCH_DAY: r"\d 月没有 \d+ 日",
    Slip.UNKNOWN_WORD: "中没有“|请填社区、学校、农村、单位、家庭、场所之一",
    Slip.UNKNOWN_PLACE: "本辖区没有这个区划",
    Slip.NOT_ON_FILE: "里没有这",
    Slip.ONE_OF_TWO: "须两名",
    Slip.MISSING: "请填批准文书号|请填完成依据|株数",
    Slip.CONTRADICTS: "不能是“在逃”|没有这个年级段|早于",
    Slip.DOES_NOT_ADD_UP: "算得|应等于",
    Slip.TOO_MUCH: "最长 20 日|不能多于|不够发出|多于",
    Slip.WRONG_UNIT: "公布时用的单位是|填成“立方米”",
}


@cache
def books() -> list[Book]:
    """Written only where a test asks: collecting the tests must not wait for it."""
    return [*workbooks.books(tell()), workbooks.month_to_import(tell())]


def referred_to() -> frozenset[str]:
    """The ledgers whose rows other ledgers' columns point at."""
    of_model = {ledger.model: ledger.code for ledger in registry.all_ledgers()}
    found_codes = set()
    for ledger in registry.all_ledgers():
        for column in ledger.columns:
            model: Any = ledger.model
            for step in column.where.split(".")[:-1]:
                model = model._meta.get_field(step).related_model
                found_codes.add(of_model.get(model, ""))
    return frozenset(found_codes - {""}) | LOOKED_UP


def refused(book: Book, batch: ImportBatch) -> Iterator[tuple[str, str, str, str, str]]:
    """Path, sheet, address, header and message of every bad cell."""
    ledger = registry.get(book.ledger)
    labels = {name: batch.found["labels"][int(index)] for index, name in batch.found["columns"].items()}
    sheet = "" if book.path.endswith(".csv") else batch.sheet
    for row in staging.stream(ledger, batch, RowState.BAD):
        for problem in row.draft.problems:
            yield book.path, sheet, problem.address, labels.get(problem.column, ""), problem.message


@pytest.mark.long
@pytest.mark.django_db
def test_every_workbook_is_read_and_only_the_planted_cells_are_refused(facts_home: Path) -> None:
    found(tell().staff)
    needed, told = referred_to(), {}
    for book in books():
        by, path = keeper(book.keeper), EXAMPLES / book.path
        batch = receive(ledger=registry.get(book.ledger), filename=path.name, content=path.read_bytes(), by=by)
        batch = check(batch_id=batch.id, by=by)
        assert batch.state == BatchState.CHECKED, f"{book.path}: {batch.message}"
        assert batch.new_count + batch.bad_count == len(book.rows), book.path
        for path_of, sheet, address, header, message in refused(book, batch):
            told.setdefault((path_of, sheet, address, header), []).append(message)
        if book.ledger in needed:
            promote(batch_id=batch.id, by=by)
    planted = {(cell.path, cell.sheet, cell.address, cell.header): cell.slip for cell in workbooks.read_planted(EXAMPLES)}
    assert {where: told[where] for where in told.keys() - planted.keys()} == {}, "refused, and not planted"
    assert planted.keys() - told.keys() == set(), "planted, and taken"
    for where, slip in planted.items():
        assert len(told[where]) == 1 and re.search(SAID[slip], told[where][0]), (where, slip, told[where])


def test_the_workbooks_and_the_list_are_as_the_story_tells_them_now(tmp_path: Path) -> None:
    for book in books():
        assert workbooks.write(book, tmp_path).read_bytes() == (EXAMPLES / book.path).read_bytes(), book.path
    assert workbooks.write_planted(books(), tmp_path).read_bytes() == (EXAMPLES / "planted.csv").read_bytes()
    files = {path.relative_to(EXAMPLES) for path in EXAMPLES.rglob("*") if path.is_file()}
    assert files == {Path(book.path) for book in books()} | {Path("planted.csv")} and len(books()) == 238


def test_every_kind_of_slip_is_planted_and_each_cell_once() -> None:
    cells = workbooks.read_planted(EXAMPLES)
    assert {cell.slip for cell in cells} == set(Slip) == set(SAID)
    assert len({(cell.path, cell.address) for cell in cells}) == len(cells)

"""What a second process reads and prepares is what this one would have: same rows, same errors, same order; and its end
is told, leaves nothing behind, and can be made good by trying again."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.utils.translation import override

from qingyuan.enforcement.models import Case
from qingyuan.foundation import audit
from qingyuan.ledgers import registry
from qingyuan.ledgers.importing import beside, landing, promote, staging
from qingyuan.ledgers.importing.check import Checker, check
from qingyuan.ledgers.importing.receive import receive
from qingyuan.ledgers.models import FactRow, ImportBatch, InFlight, StagedBlock
from qingyuan.ledgers.models.imports import BatchState, RowState
from tests.cast import City

pytestmark = pytest.mark.django_db
HEADERS = ("案号", "案件名称", "案件类别", "罪名", "涉案毒品", "发案地", "立案时间", "破案时间")
SECRET = "绝不外传的案由"


def case(number: int, **changed: object) -> list[object]:
    row = dict(zip(HEADERS, (
        f"B{number:06d}", f"{SECRET}{number}", "刑事案件", "贩卖毒品", "海洛因", "龙洞社区",
        (date(2022, 1, 3) + timedelta(days=number % 300)).isoformat(), "2022年11月2日",
    ), strict=True))  # fmt: skip
    return list((row | changed).values())


def saved(book: openpyxl.Workbook) -> bytes:
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def sheet_of(*rows: list[object], title: str = "一月") -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    book.active.title = title
    for row in (list(HEADERS), *rows):
        book.active.append(row)
    return book


def plain() -> bytes:
    return saved(sheet_of(*(case(n) for n in range(2300))))


def every_cell_wrong() -> bytes:
    odd: list[object] = [
        "", "=1+1", "x" * 5000, "2022年13月45日", 44843, 4.4843e15, True, "‮反写", "​", "𠮷\n\t\"'\\,{}", "不知道", -1, "/", "NaN",
        date(2031, 1, 1),
    ]  # fmt: skip
    rows = [case(n, **{HEADERS[(n + m) % 8]: value}) for m in range(8) for n, value in enumerate(odd, start=20 * m)]
    return saved(sheet_of(*rows, case(1), case(1), ["合计", len(rows)], ["注:以上为示例"], list(HEADERS), case(999)))


def sheets_titles_and_merged_cells() -> bytes:
    book = sheet_of(case(1), case(2, 发案地=""), case(3, 发案地=""))
    book["一月"].merge_cells("F3:F4")
    book["一月"].insert_rows(1, 2)
    book["一月"]["A1"] = "清源市案件登记表"
    for month in ("二月", "三月"):
        sheet = book.create_sheet(month)
        sheet.append(list(HEADERS))
        for number in range(3):
            sheet.append(case(number + (100 if month == "二月" else 1)))
    book.create_sheet("说明").append(["填表说明:不要改动"])
    return saved(book)


def on_its_side() -> bytes:
    book = openpyxl.Workbook()
    for header, *values in zip(HEADERS, *(case(n) for n in range(4)), strict=True):
        book.active.append([header, *values])
    return saved(book)


def text_in_an_old_encoding() -> bytes:
    lines = [",".join(HEADERS), *(",".join(map(str, case(n))) for n in range(40)), "B1,缺栏", ",,,,,,,", '"没有关的引号,']
    return "\r\n".join(lines).encode("gb18030")


def a_column_short() -> bytes:
    book = sheet_of(case(1))
    book.active.delete_cols(6)
    return saved(book)


def no_table() -> bytes:
    book = openpyxl.Workbook()
    book.active.append(["会议纪要", "地点"])
    return saved(book)


def cut_off() -> bytes:
    return plain()[:-900]


BOOKS: list[tuple[str, Callable[[], bytes]]] = [
    ("a.xlsx", plain), ("b.xlsx", every_cell_wrong), ("c.xlsx", sheets_titles_and_merged_cells), ("d.xlsx", on_its_side),
    ("e.csv", text_in_an_old_encoding), ("f.xlsx", a_column_short), ("g.xlsx", no_table), ("h.xlsx", cut_off),
]  # fmt: skip


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> list[beside.Beside]:
    """Every file counts as large; gives the second processes that were started. They have our home and our keys, but the
    settings of the program: those of the tests would make a home of their own."""
    monkeypatch.setattr(beside, "LEAST_BYTES", 0)
    monkeypatch.setattr(beside, "LEAST_ROWS", 0)
    monkeypatch.setattr(beside, "_cores", lambda: 2)
    monkeypatch.setattr(os, "getloadavg", lambda: (1.0, 1.0, 1.0))
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "qingyuan.config.settings")
    started: list[beside.Beside] = []
    begin = beside.Beside.__init__

    def noted(self: beside.Beside, process: Any) -> None:
        begin(self, process)
        started.append(self)

    monkeypatch.setattr(beside.Beside, "__init__", noted)
    return started


def bring(city: City, content: bytes, name: str = "a.xlsx") -> ImportBatch:
    return receive(ledger=registry.get("cases"), filename=name, content=content, by=city.actor("officer"))


def checked(city: City, content: bytes, name: str = "a.xlsx") -> ImportBatch:
    return check(batch_id=bring(city, content, name).id, by=city.actor("officer"))


def told(batch: ImportBatch) -> Any:
    """All that a check leaves: what the page shows, and every staged row."""
    rows = list(staging.stream(registry.get("cases"), batch, *RowState.values))
    counts = (batch.rows_done, batch.new_count, batch.changed_count, batch.same_count, batch.bad_count)
    return batch.state, str(batch.message), batch.sheet, batch.found, counts, rows


@pytest.mark.parametrize(("name", "book"), BOOKS, ids=[book.__name__ for _name, book in BOOKS])
def test_a_file_read_beside_is_the_file_read_here(
    city: City, large: list[beside.Beside], monkeypatch: pytest.MonkeyPatch, name: str, book: Callable[[], bytes]
) -> None:
    content = book()
    there = told(checked(city, content, name))
    assert len(large) == 1 and large[0].process.poll() is not None, "it was read beside, and nothing of it goes on"
    monkeypatch.setattr(beside, "LEAST_BYTES", len(content) + 1)
    assert told(checked(city, content, name)) == there
    assert len(large) == 1


def test_what_is_wrong_is_told_in_the_language_of_the_page(city: City, large: list[beside.Beside]) -> None:
    with override("en"):
        batch = checked(city, every_cell_wrong())
    messages = [p.message for row in staging.stream(registry.get("cases"), batch, RowState.BAD) for p in row.draft.problems]
    assert large and messages and any(message.isascii() for message in messages)


def test_a_reader_that_is_killed_is_told_and_the_batch_is_taken_up_again(
    city: City, large: list[beside.Beside], monkeypatch: pytest.MonkeyPatch
) -> None:
    batch, judge = bring(city, plain()), Checker.judge

    def killing(self: Checker, readings: Any) -> Any:
        large[-1].process.kill()
        return judge(self, readings)

    monkeypatch.setattr(Checker, "judge", killing)
    with pytest.raises(beside.Interrupted, match="重新来一次"):
        check(batch_id=batch.id, by=city.actor("officer"))
    batch.refresh_from_db()
    assert (batch.state, "重新来一次" in batch.message) == (BatchState.WAITING, True)
    monkeypatch.setattr(Checker, "judge", judge)
    again = check(batch_id=batch.id, by=city.actor("officer"))
    assert (again.state, again.new_count, again.message) == (BatchState.CHECKED, 2300, "")
    assert sum(StagedBlock.objects.filter(batch=batch).values_list("count", flat=True)) == 2300


def stored(batch: ImportBatch) -> list[dict[str, Any]]:
    own = {"id", "batch_id", "recorded_at"}
    names = [field.attname for field in Case._meta.concrete_fields if field.attname not in own]
    return [{name: getattr(row, name) for name in names} for row in Case.everything.filter(batch_id=batch.id).order_by("pk")]


def test_rows_prepared_beside_are_the_rows_prepared_here(
    city: City, large: list[beside.Beside], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(promote, "ONE_TRANSACTION", 3)
    monkeypatch.setattr(landing, "CHUNK", 400)
    batch = checked(city, plain())
    ledger, writing = registry.get("cases"), replace(city.writing("officer"), batch_id=batch.id)
    monkeypatch.setattr(beside, "LEAST_ROWS", 10_000)
    landing.approach(ledger, batch, writing)
    here = stored(batch)
    landing.turn_back(ledger, batch)
    assert not Case.everything.exists()
    monkeypatch.setattr(beside, "LEAST_ROWS", 0)
    promote.promote(batch_id=batch.id, by=city.actor("officer"))
    assert len(large) == 2 and large[1].process.poll() is not None
    assert stored(batch) == here and len(here) == 2300
    assert FactRow.objects.filter(fact="cases", superseded_at=None).count() == 2300
    audit.seal("default")
    assert audit.verify("default").ok


def test_a_preparer_that_is_killed_leaves_nothing_and_the_batch_goes_in_the_next_time(
    city: City, large: list[beside.Beside], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(promote, "ONE_TRANSACTION", 3)
    batch, store = checked(city, plain()), landing._store

    def killing(*args: Any) -> None:
        large[-1].process.kill()
        store(*args)

    monkeypatch.setattr(landing, "_store", killing)
    with pytest.raises(beside.Interrupted):
        promote.promote(batch_id=batch.id, by=city.actor("officer"))
    batch.refresh_from_db()
    assert (batch.state, "重新来一次" in batch.message) == (BatchState.CHECKED, True)
    assert not Case.everything.exists() and not InFlight.objects.exists()
    monkeypatch.setattr(landing, "_store", store)
    assert promote.promote(batch_id=batch.id, by=city.actor("officer")).state == BatchState.DONE
    assert Case.objects.count() == 2300


def test_whoever_breaks_off_ends_the_second_process(large: list[beside.Beside]) -> None:
    opened = beside.opened(plain(), "a.xlsx")
    assert isinstance(opened.__enter__(), beside.There) and large[0].process.poll() is None
    assert not opened.__exit__(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert large[0].process.poll() is not None


def test_an_error_there_is_told_by_its_kind_without_its_words(large: list[beside.Beside]) -> None:
    other = beside.start()
    assert other is not None
    try:
        with pytest.raises(beside.WorkFailed) as failed:
            other.ask("prepare_for", SECRET, None, 1)  # «no such ledger», says the error, and names it
        assert SECRET not in str(failed.value)
        assert other.ask("begin", "zh-hans"), "and it goes on answering"
    finally:
        other.end()


def test_nothing_of_a_file_stands_where_other_programs_look(large: list[beside.Beside]) -> None:
    with beside.opened(plain(), "a.xlsx") as book:
        assert isinstance(book, beside.There) and book.workbook.sheets[0].row_count == 2301
        process = large[0].process
        said = repr(process.args) + repr(os.environ)
        for name in ("cmdline", "environ"):
            path = f"/proc/{process.pid}/{name}"
            if os.path.exists(path):
                with open(path, "rb") as file:
                    said += file.read().decode(errors="replace")
        assert SECRET not in said and "a.xlsx" not in said


def refused(*_args: Any, **_more: Any) -> Any:
    raise OSError("no more processes")


@pytest.mark.parametrize("why", ["refused", "ends at once", "another city", "one core", "busy"])
def test_where_no_second_process_may_start_everything_is_done_in_this_one(
    city: City, large: list[beside.Beside], monkeypatch: pytest.MonkeyPatch, why: str
) -> None:
    if why == "refused":
        monkeypatch.setattr(subprocess, "Popen", refused)
    elif why == "ends at once":
        monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "no.such.settings")
    elif why == "another city":
        monkeypatch.setenv("QINGYUAN_CITY", "elsewhere")
    elif why == "busy":
        monkeypatch.setattr(os, "getloadavg", lambda: (2.5, 1.0, 1.0))
    else:
        monkeypatch.setattr(beside, "_cores", lambda: 1)
    monkeypatch.setattr(promote, "ONE_TRANSACTION", 3)
    batch = checked(city, saved(sheet_of(*(case(n) for n in range(8)))))
    promote.promote(batch_id=batch.id, by=city.actor("officer"))
    assert Case.objects.count() == 8
    assert all(one.process.poll() is not None for one in large)


def test_the_second_process_keeps_its_answers_apart_from_whatever_is_printed_there() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "qingyuan.ledgers.importing.beside_main"],
        input=b"", capture_output=True, check=False, timeout=60,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "qingyuan.config.settings"},
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (0, b""), "nobody asks: it ends by itself"

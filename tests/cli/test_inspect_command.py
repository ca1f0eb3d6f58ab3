"""`qingyuan inspect`: any workbook described, no ledger and no account needed, nothing stored."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import pytest

from qingyuan.cli.commands import inspect
from qingyuan.cli.output import Refused
from tests.ledgers.reading.books import books

ROWS = [["走访登记表"], ["序号", "姓名", "走访", ""], ["", "", "日期", "结果"], [1, "何立新", "2022-10-08", "在家"]]


def call(*words: str) -> int:
    parser = argparse.ArgumentParser()
    inspect.add_arguments(parser)
    return inspect.run(parser.parse_args(list(words)))


def saved(folder: Path, sheets: dict[str, list[list[object]]], **extra: list[str]) -> str:
    path = folder / "表.xlsx"
    path.write_bytes(books(sheets, **extra))  # type: ignore[arg-type]
    return str(path)


def test_json_says_sheet_header_columns_and_data(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = saved(tmp_path, {"十月": ROWS, "空": [[]]}, merges=["A1:D1", "C2:D2"])  # type: ignore[dict-item]
    assert call(path, "--json") == 0
    first, second = json.loads(capsys.readouterr().out)["sheets"]
    assert first["name"] == "十月" and first["header_rows"] == [2, 3]
    assert [column["header"] for column in first["columns"]] == [["序号"], ["姓名"], ["走访", "日期"], ["走访", "结果"]]
    assert first["data_rows"] == {"first": 4, "last": 4, "count": 1} and first["titles"] == ["走访登记表"]
    assert second["not_a_list"] == "表是空的" and second["columns"] == []


def test_without_json_a_person_can_read_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = saved(tmp_path, {"十月": ROWS}, merges=["C2:D2"])  # type: ignore[dict-item]
    assert call(path) == 0
    said = capsys.readouterr().out
    assert "【十月】表头在第 2—3 行,数据 1 行" in said and "走访 / 结果" in said


def test_a_workbook_without_any_list_ends_with_one_and_says_why(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = saved(tmp_path, {"表": [["姓名", "何立新", "性别", "男"], ["住址", "龙洞村", "电话", "12345"]]})
    assert call(path) == 1
    assert "不是名单" in capsys.readouterr().out


def test_what_is_no_workbook_is_refused_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(b"PK\x03\x04 broken")
    with pytest.raises(Refused, match="另存"):
        call(str(tmp_path / "a.xlsx"))
    with pytest.raises(Refused, match="没有文件"):
        call(str(tmp_path / "b.xlsx"))

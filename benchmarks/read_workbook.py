"""Our full read (open, find the header, check and normalise every cell) beside openpyxl merely reading the same file.

Run: python benchmarks/read_workbook.py [--rows 200000] [--file big.xlsx]
Both run in processes of their own, one after the other, in one run; the ratio printed is ours / openpyxl's.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import openpyxl
from django.conf import settings
from rustpy_xlsxwriter import write_worksheet

from qingyuan.foundation.identity import check_digit
from qingyuan.ledgers.kinds import Kind
from qingyuan.ledgers.reading.cells import Reading
from qingyuan.ledgers.reading.open import open_workbook
from qingyuan.ledgers.reading.reader import read_table

try:
    import resource
except ImportError:  # Windows has no such count; the times are still printed
    resource = None  # type: ignore[assignment]

DAY = date(2022, 11, 23)


@dataclass(frozen=True)
class Column:
    name: str
    header: str
    kind: Kind
    required: bool = False
    aliases: tuple[str, ...] = ()
    code_list: str = ""
    unit: str = ""
    max_length: int = 200
    month_enough: bool = False


COLUMNS = (
    Column("name", "姓名", Kind.PERSON_NAME, required=True),
    Column("id_number", "身份证号", Kind.ID_NUMBER, required=True),
    Column("town", "乡镇(街道)", Kind.DIVISION, required=True),
    Column("tested_on", "检测日期", Kind.DATE, required=True, aliases=("日期",)),
    Column("sample", "检测方式", Kind.CODE, code_list="test_samples"),
    Column("result", "检测结果", Kind.CODE, required=True, code_list="test_results"),
    Column("staff", "检测人", Kind.STAFF),
    Column("phone", "联系电话", Kind.PHONE),
    Column("times", "次数", Kind.INTEGER),
    Column("net", "重量(克)", Kind.QUANTITY, unit="g"),
    Column("present", "是否到场", Kind.BOOLEAN),
    Column("remark", "备注", Kind.LONG_TEXT, max_length=0),
)


def messy_rows(count: int) -> Iterator[dict[str, object]]:
    """Rows as offices write them: several date notations, units in cells, full-width digits, names with blanks."""
    chance = random.Random(20221123)
    surnames, given = "李王张刘陈杨赵黄周吴", "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红"
    towns = ("东山街道", "西门街道", "永宁镇", "石桥镇", "龙洞镇", "青岩乡")
    headers = [column.header for column in COLUMNS]
    for number in range(count):
        day = date(2020, 1, 1) + timedelta(days=chance.randrange(1000))
        born = date(1960, 1, 1) + timedelta(days=chance.randrange(15000))
        first = f"999999{born:%Y%m%d}{chance.randrange(1, 1000):03d}"
        dates = (day.isoformat(), f"{day.year}.{day.month}.{day.day}", f"{day.year}年{day.month}月{day.day}日", day)
        cells = (
            chance.choice(surnames) + chance.choice(given) + chance.choice(given),
            first + check_digit(first),
            chance.choice(towns),
            chance.choice(dates),
            "尿液",
            chance.choice(("阴性", "阴性", "阳性")),
            "李秀、王平",
            f"138{chance.randrange(10**8):08d}",
            chance.choice((1, 2, "3次")),
            chance.choice((Decimal("12.5"), "1.2公斤", "350克")),
            chance.choice(("是", "√", "否")),
            f"第{number}次登记",
        )
        yield dict(zip(headers, cells, strict=True))


def read_ours(path: str) -> dict[str, object]:
    settings.configure(USE_I18N=False)
    rows = problems = 0
    for row in read_table(open_workbook(Path(path)), COLUMNS, Reading(day=DAY), dated_by="tested_on"):
        rows += 1
        problems += len(row.problems)
    return {"rows": rows, "problems": problems}


def read_openpyxl(path: str) -> dict[str, object]:
    book = openpyxl.load_workbook(path, read_only=True)
    rows = sum(1 for _row in book.worksheets[0].iter_rows(values_only=True))
    return {"rows": rows - 1}


READERS = {"ours": read_ours, "openpyxl": read_openpyxl}


def measure(reader: str, path: str) -> dict[str, object]:
    """Runs one reader in a fresh process and returns its counts, seconds and peak memory."""
    command = [sys.executable, __file__, "--only", reader, "--file", path]
    return dict(json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout))


def run_one(reader: str, path: str) -> None:
    start = time.perf_counter()
    result = READERS[reader](path)
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024 if resource else None
    print(json.dumps(result | {"seconds": round(seconds, 2), "peak_mb": peak}))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--file", default="")
    parser.add_argument("--only", choices=sorted(READERS), default="")
    asked = parser.parse_args()
    if asked.only:
        run_one(asked.only, asked.file)
        return
    with tempfile.TemporaryDirectory() as folder:
        path = asked.file or str(Path(folder) / "big.xlsx")
        if not asked.file:
            write_worksheet(messy_rows(asked.rows), path)
        print(f"{Path(path).name}: {Path(path).stat().st_size / 1e6:.1f} MB, {asked.rows} rows x {len(COLUMNS)} columns")
        ours, theirs = measure("ours", path), measure("openpyxl", path)
    for name, result in (("ours, checked", ours), ("openpyxl, read", theirs)):
        print(f"{name:16} {result}")
    ratio = float(str(ours["seconds"])) / float(str(theirs["seconds"]))
    print(f"ratio {ratio:.2f} (below 1.00: we check and normalise faster than openpyxl reads)")


if __name__ == "__main__":
    main()

"""Workbooks as a town and as another system write them."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import openpyxl

from qingyuan.ledgers import registry
from qingyuan.ledgers.importing.check import check
from qingyuan.ledgers.importing.promote import promote
from qingyuan.ledgers.importing.receive import receive
from qingyuan.ledgers.models import ImportBatch
from tests.cast import City, id_number

ODD = ("编号", "对象", "证件", "哪天查的", "情况", "经办", "民族")
"""Headers of which the ledger knows none: a person has to say what they are."""


def workbook(
    header: tuple[str, ...], *rows: tuple[Any, ...], titles: tuple[str, ...] = (), sheet: str = "Sheet1"
) -> bytes:
    book = openpyxl.Workbook()
    book.active.title = sheet
    for line in (*((title,) for title in titles), header, *rows):
        book.active.append(list(line))
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def odd_row(number: int, day: str = "2022-10-08", result: str = "阴性") -> tuple[Any, ...]:
    name = f"测试{'甲乙丙丁戊己庚辛'[number % 8]}"
    return (number, name, id_number(100 + number), day, result, "李秀、王平", "汉")


def odd_book(*rows: tuple[Any, ...]) -> bytes:
    return workbook(ODD, *rows, titles=("登记簿",))


def bring(
    city: City, content: bytes, who: str = "supervisor", ledger: str = "tests", name: str = "10月.xlsx"
) -> ImportBatch:
    batch = receive(ledger=registry.get(ledger), filename=name, content=content, by=city.actor(who))
    return check(batch_id=batch.id, by=city.actor(who))


def again(city: City, batch: ImportBatch, who: str = "supervisor") -> ImportBatch:
    ImportBatch.objects.filter(pk=batch.pk).update(state="waiting", message="")
    return check(batch_id=batch.pk, by=city.actor(who))


def enter(city: City, batch: ImportBatch, who: str = "supervisor") -> ImportBatch:
    return promote(batch_id=batch.pk, by=city.actor(who))

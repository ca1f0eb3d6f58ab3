"""Filling another office's workbook: our cells are written, everything else is theirs and stays."""

from __future__ import annotations

import io
import zipfile
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from lxml import etree

from qingyuan.documents.blank import Annex, AnnexTable, Entry
from qingyuan.foundation.office_package import OFFICE, PackageRefused
from qingyuan.ledgers.reading.blank import MAIN, NS, read_blank_workbook
from qingyuan.ledgers.sheets.filling import fill_workbook
from tests.foundation.test_office_package import repacked, with_part
from tests.situation.blanks import workbook

ANNEX = Annex("数据来源", ("填报说明",), (AnnexTable("", ("格", "填入"), (("B5", "=HYPERLINK(1)"),)), AnnexTable("口径", ("指标",), (("E01",),))))
ENTRIES = {
    "1!B5": Entry("<5"),
    "1!B6": Entry("3,571", Decimal(3571)),
    "1!D5": Entry("91.7", Decimal("91.7"), percent=True),
    "1!B2": Entry("=cmd|' /C calc'!A0"),
}


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def cells(data: bytes, part: str = "xl/worksheets/sheet1.xml") -> dict[str, Any]:
    root = etree.fromstring(parts(data)[part])
    return {cell.get("r"): cell for cell in root.iter(f"{NS}c")}


def test_only_the_sheet_written_to_and_the_lists_of_parts_change() -> None:
    before, after = parts(workbook()), parts(fill_workbook(workbook(), ENTRIES, ANNEX))
    changed = {name for name in before if before[name] != after.get(name)}
    lists = {"[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"}
    assert changed <= lists | {"xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml"}
    assert set(after) - set(before) == {"xl/worksheets/sheet3.xml"}
    assert before["xl/styles.xml"] == after["xl/styles.xml"]
    assert [name for name in before if "media" in name], "the picture is in the form"


def test_everything_of_the_sheet_but_the_written_cells_is_as_it_was() -> None:
    """Element by element: widths, merges, styles, panes, drawings, the other cells and the other sheet."""
    data = workbook()
    filled = fill_workbook(data, ENTRIES, ANNEX)
    for part in ("xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml"):
        before, after = etree.fromstring(parts(data)[part]), etree.fromstring(parts(filled)[part])
        written = {address.split("!")[1] for address in ENTRIES} if part.endswith("1.xml") else set()
        for root in (before, after):
            for cell in list(root.iter(f"{NS}c")):
                if cell.get("r") in written or cell.find(f"{NS}f") is not None:
                    assert cell.get("s") == cells(data, part).get(cell.get("r"), cell).get("s")
                    cell.getparent().remove(cell)
            for row in root.iter(f"{NS}row"):
                row.attrib.pop("spans", None)
        assert etree.tostring(before, method="c14n") == etree.tostring(after, method="c14n")


def test_numbers_words_and_percentages_are_written_and_nothing_becomes_a_formula() -> None:
    book = openpyxl.load_workbook(io.BytesIO(fill_workbook(workbook(), ENTRIES, ANNEX)))
    sheet = book["月报"]
    assert (sheet["B5"].value, sheet["B6"].value, sheet["D5"].value) == ("<5", 3571, 0.917)
    assert sheet["B2"].data_type != "f" and sheet["B2"].value == ENTRIES["1!B2"].text
    assert book["数据来源"]["A4"].value == "格" and book["数据来源"]["B5"].data_type != "f"
    assert book.sheetnames == ["月报", "填表说明", "数据来源"]


def test_formulas_stay_without_their_old_results_and_are_computed_on_opening() -> None:
    filled = fill_workbook(workbook(), ENTRIES, ANNEX)
    found = cells(filled)
    assert found["B8"].findtext(f"{NS}f") == "SUM(B5:B7)" and found["B8"].find(f"{NS}v") is None
    assert b'fullCalcOnLoad="1"' in parts(filled)["xl/workbook.xml"]


def test_a_bound_formula_goes_and_takes_the_calculation_chain_with_it() -> None:
    def chained(files: dict[str, bytes]) -> None:
        files["xl/calcChain.xml"] = f'<calcChain xmlns="{MAIN}"><c r="B8" i="1"/></calcChain>'.encode()
        link = f'<Relationship Id="rIdC" Type="{OFFICE}/calcChain" Target="calcChain.xml"/></Relationships>'.encode()
        files["xl/_rels/workbook.xml.rels"] = files["xl/_rels/workbook.xml.rels"].replace(b"</Relationships>", link)
        kind = b'<Override PartName="/xl/calcChain.xml" ContentType="application/x-calcChain+xml"/></Types>'
        files["[Content_Types].xml"] = files["[Content_Types].xml"].replace(b"</Types>", kind)

    data = repacked(workbook(), chained)
    kept = parts(fill_workbook(data, ENTRIES, ANNEX))
    assert "xl/calcChain.xml" in kept
    gone = parts(fill_workbook(data, {"1!B8": Entry("9", Decimal(9))}, ANNEX))
    assert "xl/calcChain.xml" not in gone and b"calcChain" not in gone["[Content_Types].xml"] + gone["xl/_rels/workbook.xml.rels"]


def test_a_second_sheet_of_sources_gets_a_name_of_its_own() -> None:
    once = fill_workbook(workbook(), ENTRIES, ANNEX)
    assert openpyxl.load_workbook(io.BytesIO(fill_workbook(once, {}, ANNEX))).sheetnames[-2:] == ["数据来源", "数据来源 2"]


def test_equal_input_gives_equal_bytes() -> None:
    data = workbook()
    assert fill_workbook(data, ENTRIES, ANNEX) == fill_workbook(data, ENTRIES, ANNEX)


def test_a_cell_the_sheet_does_not_have_yet_is_put_in_its_place() -> None:
    filled = fill_workbook(workbook(picture=False), {"1!C40": Entry("1", Decimal(1)), "1!C39": Entry("2", Decimal(2))}, ANNEX)
    sheet = openpyxl.load_workbook(io.BytesIO(filled))["月报"]
    assert (sheet["C39"].value, sheet["C40"].value) == (2, 1)


# --- reading ------------------------------------------------------------------------------------------------------------
def test_the_form_is_read_as_it_looks() -> None:
    table = read_blank_workbook(workbook(), "来表.xlsx").tables[0]
    head = table.at(2, 3)
    assert head is not None and (head.text, head.colspan) == ("本期", 3) and table.at(2, 1) is head
    rate, total = table.at(4, 3), table.at(7, 1)
    assert rate is not None and rate.percent and rate.text == ""
    assert total is not None and total.formula == "=SUM(B5:B7)" and total.text == ""


def test_a_shared_formula_is_told_as_it_holds_in_each_cell_and_its_first_one_is_fixed() -> None:
    def shared(files: dict[str, bytes]) -> None:
        text = files["xl/worksheets/sheet1.xml"].decode()
        for row in (5, 6):
            own = '<f t="shared" ref="E5:E6" si="0">B5+$C$5</f>' if row == 5 else '<f t="shared" si="0"/>'
            text = text.replace(f"<f>B{row}+C{row}</f>", own)
        files["xl/worksheets/sheet1.xml"] = text.encode()

    table = read_blank_workbook(repacked(workbook(), shared)).tables[0]
    first, second = table.at(4, 4), table.at(5, 4)
    assert first is not None and first.fixed and first.formula == "=B5+$C$5"
    assert second is not None and not second.fixed and second.formula == "=B6+$C$5"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda text: text.replace(b'<mergeCell ref="A1:E1"', b'<mergeCell ref="A1:XFD1048576"'), "合并了太多"),
        (lambda text: text.replace(b'r="B5"', b'r="B1048577"'), "超出 Excel 范围"),
        (lambda text: text.replace(b'r="A1"', b'r="!!"'), "读不懂"),
        (lambda text: text.replace(b'<c r="B5" s="', b'<c r="B5" s="x'), "损坏"),
        (lambda text: text[: len(text) // 2], "损坏"),
    ],
)
def test_a_hostile_sheet_is_refused(change: Any, words: str) -> None:
    def spoil(files: dict[str, bytes]) -> None:
        files["xl/worksheets/sheet1.xml"] = change(files["xl/worksheets/sheet1.xml"])

    with pytest.raises(PackageRefused, match=words):
        read_blank_workbook(repacked(workbook(), spoil), "来表.xlsx")


def test_a_form_as_large_as_a_ledger_is_refused() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in range(500):
        sheet.append([f"第 {row} 行", row])
    target = io.BytesIO()
    book.save(target)
    with pytest.raises(PackageRefused, match="不像一张报表"):
        read_blank_workbook(target.getvalue(), "台账.xlsx")


def test_an_external_entity_in_a_sheet_is_refused() -> None:
    hostile = (
        f'<!DOCTYPE worksheet [<!ENTITY x SYSTEM "file:///etc/passwd">]><worksheet xmlns="{MAIN}"><sheetData><row r="1">'
        '<c r="A1" t="inlineStr"><is><t>&x;</t></is></c></row></sheetData></worksheet>'
    ).encode()
    with pytest.raises(PackageRefused):
        read_blank_workbook(repacked(workbook(), with_part("xl/worksheets/sheet1.xml", hostile)))

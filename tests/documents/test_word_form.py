"""Another office's Word form: gaps and cells found, filled in their own face, everything else byte for byte."""

from __future__ import annotations

import io
import zipfile
from decimal import Decimal

import docx
import pytest

from qingyuan.documents.blank import Annex, AnnexTable, Entry, FormLine
from qingyuan.documents.word_form import fill_document, read_blank_document
from qingyuan.foundation.office_package import PackageRefused
from tests.foundation.test_office_package import repacked, with_part
from tests.situation.blanks import document, workbook

ANNEX = Annex("数据来源", ("说明",), (AnnexTable("", ("格", "填入"), (("R3C2", "<5"),)),))
ENTRIES = {
    "p1!1": Entry("云岭市禁毒办"),
    "p1!2": Entry("2022"),
    "t1!R3C2": Entry("3,571", Decimal(3571)),
    "t1!R3C3": Entry("+4.1%"),
}


def test_gaps_and_cells_are_found_where_people_left_them() -> None:
    form = read_blank_document(document(), "来表.docx")
    line = form.blocks[0]
    assert isinstance(line, FormLine)
    assert [cell.address for cell in line.cells] == ["p1!1", "p1!2"]
    table = form.tables[0]
    head = table.at(0, 2)
    assert head is not None and (head.text, head.colspan) == ("一、毒情", 3)
    assert form.cells["t1!R3C2"].text == "" and form.cells["t1!R2C3"].text == "同比"


def test_it_is_filled_in_its_own_face_and_only_the_body_changes() -> None:
    data = document()
    filled = fill_document(data, ENTRIES, ANNEX)
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(io.BytesIO(filled)) as new:
        assert [name for name in old.namelist() if old.read(name) != new.read(name)] == ["word/document.xml"]
        assert old.namelist() == new.namelist()
    paper = docx.Document(io.BytesIO(filled))
    assert paper.paragraphs[0].text == "填报单位:云岭市禁毒办  日期:2022年"
    unit = next(run for run in paper.paragraphs[0].runs if "云岭" in run.text)
    assert unit.underline
    cell = paper.tables[0].rows[2].cells[1]
    assert cell.text == "3,571" and cell.paragraphs[0].runs[0].bold
    assert paper.tables[0].rows[2].cells[2].text == "+4.1%"
    assert paper.tables[1].rows[1].cells[1].text == "<5"
    assert "数据来源" in [paragraph.text for paragraph in paper.paragraphs]


def test_what_is_not_bound_is_not_touched() -> None:
    paper = docx.Document(io.BytesIO(fill_document(document(), {"p1!2": Entry("2022")}, ANNEX)))
    assert paper.paragraphs[0].text == "填报单位:          日期:2022年"
    assert paper.tables[0].rows[2].cells[1].text == ""


def test_equal_input_gives_equal_bytes() -> None:
    assert fill_document(document(), ENTRIES, ANNEX) == fill_document(document(), ENTRIES, ANNEX)


def test_a_cell_merged_downwards_is_one_cell() -> None:
    paper = docx.Document()
    table = paper.add_table(rows=3, cols=2)
    table.cell(0, 0).merge(table.cell(2, 0)).text = "戒治"
    table.cell(1, 1).text = "报到率"
    target = io.BytesIO()
    paper.save(target)
    form = read_blank_document(target.getvalue()).tables[0]
    tall = form.at(2, 0)
    assert tall is not None and (tall.text, tall.rowspan) == ("戒治", 3)


def test_signs_that_are_markup_or_no_text_do_no_harm() -> None:
    filled = fill_document(document(), {"t1!R3C2": Entry("<w:p>&\x00")}, ANNEX)
    assert docx.Document(io.BytesIO(filled)).tables[0].rows[2].cells[1].text == "<w:p>&"


def test_a_letter_without_anything_to_fill_in_is_refused() -> None:
    paper = docx.Document()
    paper.add_paragraph("请按时报送。")
    target = io.BytesIO()
    paper.save(target)
    with pytest.raises(PackageRefused, match="没有可填的地方"):
        read_blank_document(target.getvalue(), "函.docx")


def test_hostile_files_are_refused() -> None:
    for data, words in (
        (workbook(), "与扩展名 .docx 不符"),
        (repacked(document(), with_part("word/vbaProject.bin", b"x")), "有宏"),
        (repacked(document(), with_part("word/document.xml", b"<!DOCTYPE a><a/>")), "不正常"),
        (repacked(document(), with_part("word/document.xml", b"<a")), "损坏"),
    ):
        with pytest.raises(PackageRefused, match=words):
            read_blank_document(data, "来表.docx")

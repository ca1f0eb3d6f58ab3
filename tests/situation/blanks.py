"""Blank forms as other offices send them: a two-level heading, two towns and a stranger, a total, a second sheet, a picture."""

from __future__ import annotations

import io

import docx
import openpyxl
from openpyxl.drawing.image import Image
from openpyxl.styles import Border, Font, PatternFill, Side
from PIL import Image as Picture

BOX = Border(*(Side(style="thin") for _side in range(4)))
ROWS = ("龙洞镇", "石 桥 镇", "高新区", "合  计")
FIRST, TOTAL = 5, 8


def workbook(*, picture: bool = True) -> bytes:
    """Sheet 月报: A label, B users, C cases, D rate (a percentage format), E the office's own =SUM of B and C."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "月报"
    sheet.merge_cells("A1:E1")
    sheet["A1"], sheet["A2"] = "禁毒工作情况月报表", "填报单位:"
    sheet.merge_cells("A3:A4")
    sheet.merge_cells("B3:D3")
    sheet["A3"], sheet["B3"], sheet["E3"] = "乡镇", "本期", "两项之和"
    sheet["B4"], sheet["C4"], sheet["D4"] = "现有人员", "破案", "应检尽检率"
    for number, label in enumerate(ROWS):
        row = FIRST + number
        sheet.cell(row, 1, label)
        for column in range(1, 6):
            sheet.cell(row, column).border = BOX
            sheet.cell(row, column).font = Font(name="仿宋", size=12)
        sheet.cell(row, 4).number_format = "0.0%"
        sheet.cell(row, 5, f"=B{row}+C{row}")
    sheet[f"B{TOTAL}"] = f"=SUM(B{FIRST}:B{TOTAL - 1})"
    sheet["A3"].fill = PatternFill("solid", fgColor="DDEBF7")
    sheet.column_dimensions["A"].width = 22
    sheet.freeze_panes = "B5"
    if picture:
        drawn = io.BytesIO()
        Picture.new("RGB", (4, 4), "red").save(drawn, "PNG")
        sheet.add_image(Image(drawn), "G1")
    notes = book.create_sheet("填表说明")
    notes["A1"], notes["B1"] = "没有发生的填 0", "=1+1"
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def document() -> bytes:
    """A line with two gaps (underscores, underlined blanks) and a table whose first row is merged."""
    paper = docx.Document()
    line = paper.add_paragraph("填报单位:")
    line.add_run("        ").underline = True
    line.add_run("  日期:____年")
    table = paper.add_table(rows=3, cols=3)
    table.style = "Table Grid"
    table.rows[0].cells[0].merge(table.rows[0].cells[2]).text = "一、毒情"
    for row, texts in ((1, ("项目", "本期", "同比")), (2, ("现有人员", "", ""))):
        for cell, text in zip(table.rows[row].cells, texts, strict=True):
            cell.text = text
    table.rows[2].cells[1].paragraphs[0].add_run("").bold = True
    target = io.BytesIO()
    paper.save(target)
    return target.getvalue()

from __future__ import annotations

import io
import shutil
import subprocess
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import docx
import pypdfium2
import pytest
from docx.enum.text import WD_LINE_SPACING
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from qingyuan.documents import sheet
from qingyuan.documents.hashing import with_verification
from qingyuan.documents.model import DocumentKind, OfficialDocument, Paragraph, Table
from qingyuan.documents.qr import read_qr
from qingyuan.documents.word import render_docx
from tests.documents import samples
from tests.documents.test_pdf import HOSTILE

ALL = [samples.circular, samples.pledge, samples.letter, samples.minutes, samples.report]


def opened(document: OfficialDocument) -> Any:
    return docx.Document(io.BytesIO(render_docx(document)))


def all_text(document: Any) -> str:
    return "".join(text.text or "" for text in document.element.body.iter(qn("w:t")))


def parts(document: OfficialDocument) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(render_docx(document))) as package:
        return {name: package.read(name) for name in package.namelist()}


def east_asian_face(style: Any) -> str:
    return str(style.element.rPr.rFonts.get(qn("w:eastAsia")))


def test_page_and_margins_are_those_of_the_standard() -> None:
    section = opened(samples.circular()).sections[0]
    near = Mm(0.1)
    for value, expected in (
        (section.page_width, 210), (section.page_height, 297), (section.top_margin, 37), (section.bottom_margin, 35),
        (section.left_margin, 28), (section.right_margin, 26),
    ):  # fmt: skip
        assert abs(value - Mm(expected)) < near


def test_body_is_fangsong_sixteen_on_a_fixed_pitch_of_22_lines() -> None:
    document = opened(samples.circular())
    body = document.styles["公文正文"]
    assert east_asian_face(document.styles["Normal"]) == "仿宋_GB2312"
    assert document.styles["Normal"].font.size == Pt(16)
    assert body.paragraph_format.line_spacing_rule == WD_LINE_SPACING.EXACTLY
    assert body.paragraph_format.line_spacing == Pt(28.95)
    indent = body.element.pPr.find(qn("w:ind"))
    assert indent.get(qn("w:firstLineChars")) == "200"
    grid = document.sections[0]._sectPr.find(qn("w:docGrid"))
    assert grid.get(qn("w:linePitch")) == "579"
    # 28 characters and their spacing fit the width of 156 mm.
    spacing = int(body.element.rPr.find(qn("w:spacing")).get(qn("w:val"))) / 20
    assert 27.9 * (16 + spacing) < 442.2 < 28.5 * (16 + spacing)


def test_headings_and_title_have_their_faces() -> None:
    styles = opened(samples.circular()).styles
    faces = [east_asian_face(styles[name]) for name in ("Heading 1", "Heading 2", "Heading 3", "公文标题")]
    assert faces == ["黑体", "楷体_GB2312", "仿宋_GB2312", "方正小标宋简体"]
    assert styles["公文标题"].font.size == Pt(22)
    for level in (1, 2, 3, 4):
        fonts = styles[f"Heading {level}"].element.rPr.rFonts
        assert not [name for name in fonts.attrib if "Theme" in name]


def test_the_red_head_is_red_and_sized_to_its_length() -> None:
    sizes = {}
    for head in ("云岭市禁毒委员会", "云岭市人民政府禁毒委员会办公室文件"):
        document = opened(replace(samples.circular(), red_head=head))
        run = next(one for paragraph in document.paragraphs for one in paragraph.runs if one.text == head)
        sizes[len(head)] = run.font.size.pt
    assert str(document.styles["发文机关标志"].font.color.rgb) == "E60012"
    assert sizes[8] > sizes[17] and sizes[17] * 17 < 442.2


def test_the_number_stands_over_a_red_rule() -> None:
    document = opened(samples.circular())
    number = next(paragraph for paragraph in document.paragraphs if paragraph.text == "云禁毒委〔2022〕18号")
    rule = number._p.pPr.find(qn("w:pBdr")).find(qn("w:bottom"))
    assert rule.get(qn("w:color")) == "E60012"


def test_odd_pages_number_right_and_even_pages_left() -> None:
    document = opened(samples.circular())
    section = document.sections[0]
    assert document.settings.odd_and_even_pages_header_footer
    for footer, before in ((section.footer, True), (section.even_page_footer, False)):
        xml = footer._element.xml
        assert " PAGE " in xml
        text = footer.paragraphs[0].text
        # The last tab stop is the right edge: on odd pages the number comes after it.
        assert (text.rfind("\t") < text.index("— ")) is before
        assert text.startswith("\t")
    odd, even = section.footer.paragraphs[0].text, section.even_page_footer.paragraphs[0].text
    assert odd.count("\t") == 3 and odd.index("核验码") < odd.index("— ")
    assert even.index("— ") < even.index("核验码")


def test_the_notice_stands_in_the_head_of_odd_even_and_first_pages() -> None:
    for make in (samples.circular, samples.letter):
        section = opened(make()).sections[0]
        heads = [section.header, section.even_page_header]
        heads += [section.first_page_header] if section.different_first_page_header_footer else []
        assert all(head.paragraphs[0].text == samples.NOTICE for head in heads)


def test_a_long_table_repeats_its_head_and_splits_no_row() -> None:
    rows = tuple((str(number), "情况") for number in range(80))
    document = opened(OfficialDocument(kind=DocumentKind.REPORT, title="题", body=(Table(("序号", "情况"), rows),)))
    table = document.tables[0]
    assert len(table.rows) == 81
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows)
    assert sum(column.width for column in table.columns) == pytest.approx(Mm(156), abs=Mm(0.2))


def test_hostile_text_is_text() -> None:
    hostile = HOSTILE + " {{ x }} {% if %} ]]>"
    document = opened(OfficialDocument(kind=DocumentKind.NOTICE, title="题", body=(Paragraph.of(hostile),)))
    assert hostile in all_text(document)


def test_equal_documents_give_equal_bytes() -> None:
    for make in ALL:
        assert render_docx(make()) == render_docx(make())


def test_no_moment_of_printing_is_inside() -> None:
    core = parts(samples.circular())["docProps/core.xml"].decode()
    assert core.count("2022-11-23T00:00:00Z") == 2


def test_the_square_code_in_the_file_reads_back() -> None:
    document = samples.pledge()
    pictures = [data for name, data in parts(document).items() if name.startswith("word/media/")]
    assert [read_qr(data) for data in pictures] == [[document.verification.qr]]


def test_nothing_but_paper_without_a_mark() -> None:
    assert not [name for name in parts(samples.minutes()) if name.startswith("word/media/")]


@pytest.mark.parametrize("make", ALL, ids=lambda one: one.__name__)
def test_children_stand_in_the_order_word_insists_on(make: Any) -> None:
    from_schema = {
        "tblPr": "tblStyle tblpPr tblOverlap tblW jc tblInd tblBorders shd tblLayout tblCellMar tblLook",
        "pPr": "pStyle keepNext keepLines pageBreakBefore framePr widowControl pBdr shd tabs kinsoku overflowPunct "
        "autoSpaceDE autoSpaceDN snapToGrid spacing ind jc outlineLvl rPr sectPr",
        "rPr": "rStyle rFonts b bCs i iCs strike color spacing w kern position sz szCs highlight u lang",
        "sectPr": "pgSz pgMar cols titlePg docGrid",
    }
    for name, data in parts(make()).items():
        if not name.startswith("word/") or not name.endswith(".xml") or "theme" in name:
            continue
        root = docx.oxml.parse_xml(data)
        for tag, order in from_schema.items():
            known = order.split()
            for one in root.iter(qn(f"w:{tag}")):
                places = [known.index(child.tag.split("}")[1]) for child in one if child.tag.split("}")[1] in known]
                assert places == sorted(places), (name, tag, [child.tag.split("}")[1] for child in one])


@pytest.mark.skipif(
    shutil.which("soffice") is None, reason="LibreOffice is not installed: apt install libreoffice-writer"
)
def test_an_office_program_opens_every_sample(tmp_path: Path) -> None:
    for make in ALL:
        (tmp_path / f"{make.__name__}.docx").write_bytes(render_docx(make()))
    files = [str(path) for path in sorted(tmp_path.glob("*.docx"))]
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    subprocess.run(
        ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), *files],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    for make in ALL:
        document = pypdfium2.PdfDocument(tmp_path / f"{make.__name__}.pdf")
        text = "".join("".join(page.get_textpage().get_text_range().split()) for page in document)
        document.close()
        assert "".join(make().title.split()) in text
    assert read_qr((tmp_path / "pledge.pdf").read_bytes()) == [samples.pledge().verification.qr]
    assert _height_of(tmp_path / "circular.pdf", "日印发") < Mm(sheet.MARGIN_BOTTOM_MM + 12).pt, "版记 at the foot of the page"


def _height_of(file: Path, words: str) -> float:
    """How far above the edge of the last page the words stand, in points."""
    document = pypdfium2.PdfDocument(file)
    text = document[len(document) - 1].get_textpage()
    at = text.search(words).get_next()
    assert at is not None, "on the last page"
    _left, bottom, _right, _top = text.get_charbox(at[0])
    document.close()
    return float(bottom)


def test_the_imprint_hangs_at_the_foot_of_the_text_and_follows_nothing() -> None:
    document = opened(samples.circular())
    (box,) = document.element.body.iter(qn("w:txbxContent"))
    said = ["".join(piece.text or "" for piece in row.iter(qn("w:t"))) for row in box.iter(qn("w:tr"))]
    assert said[0].startswith("抄送：") and said[1].endswith("印发")
    anchor = next(one for one in box.iterancestors() if one.tag == qn("wp:anchor"))
    place = anchor.find(qn("wp:positionV"))
    assert place.get("relativeFrom") == "margin" and place.find(qn("wp:align")).text == "bottom"
    assert int(anchor.find(qn("wp:extent")).get("cx")) == Mm(sheet.TEXT_WIDTH_MM)
    assert list(opened(samples.minutes()).element.body.iter(qn("w:txbxContent"))) == []


def test_a_letter_bears_its_code_above_the_lower_rule_of_its_first_page() -> None:
    marked = with_verification(samples.letter(), qr="QY1/{code}", hint="扫码核验。")
    section = opened(marked).sections[0]
    texts = [paragraph.text for paragraph in section.first_page_footer.paragraphs]
    assert texts == [f"核验码　{marked.verification.code}", "扫码核验。", ""]
    rule = section.first_page_footer.paragraphs[-1]._p.pPr.find(qn("w:pBdr")).find(qn("w:bottom"))
    assert rule.get(qn("w:color")) == "E60012"
    pictures = [data for name, data in parts(marked).items() if name.startswith("word/media/")]
    assert [read_qr(data) for data in pictures] == [[marked.verification.qr]]

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from qingyuan.documents.fonts import FontChoice, FontsMissing, MissingGlyphs, check_glyphs, families, missing_glyphs
from qingyuan.documents.model import (
    Attachment,
    DocumentKind,
    Heading,
    KeyValue,
    OfficialDocument,
    PageBreak,
    Paragraph,
    Run,
    RunStyle,
    Table,
)
from qingyuan.documents.pdf import render_pdf
from tests.documents import samples

MM = 72 / 25.4
HOSTILE = (
    '#let x = 1 #panic("x") *粗* _斜_ `码` $x^2$ \\ <标签> @引用 = 题 - 项 + 项 // 注 /* 注 */ [括] {花} "引" ~ -- --- … '
    '#sys.inputs #read("/etc/passwd") <script>&amp;</script>'
)


def squeezed(text: str) -> str:
    return "".join(text.split())


def texts_of(document: OfficialDocument) -> list[str]:
    found = [document.title, document.doc_number, document.signer, document.notice, document.verification.hint]
    for block in document.body:
        match block:
            case Paragraph():
                found.append(block.text)
            case Heading():
                found += [block.text, *(run.text for run in block.follows)]
            case KeyValue():
                found += [text for pair in block.pairs for text in pair]
    return [squeezed(text) for text in found if text]


@pytest.mark.parametrize(
    "make",
    [samples.circular, samples.pledge, samples.letter, samples.minutes, samples.report],
    ids=lambda one: one.__name__,
)
def test_every_text_of_a_document_is_on_its_pages(pdf_of: Callable, make: Any) -> None:
    paper = pdf_of(make())
    # A page ends with its own number and code: text that runs over the page is looked for without them.
    pages = paper.pages()
    whole = "".join(pages)
    for text in texts_of(make()):
        assert text in whole or any(text[:cut] in one and text[cut:] in other
                                    for one, other in zip(pages, pages[1:], strict=False)
                                    for cut in range(1, len(text))), text  # fmt: skip


def test_equal_documents_give_equal_bytes(pdf_of: Callable) -> None:
    assert pdf_of(samples.pledge()).data == pdf_of(samples.pledge()).data
    assert pdf_of(samples.pledge()).data != pdf_of(replace(samples.pledge(), notice="")).data


def test_another_process_gives_the_same_bytes(pdf_of: Callable) -> None:
    program = (
        "import hashlib; from tests.documents import samples; from qingyuan.documents.pdf import render_pdf;"
        "print(hashlib.sha256(render_pdf(samples.circular())).hexdigest())"
    )
    program_two = program.replace("import hashlib;", "import hashlib; from tests.documents import samples as s;"
                                  "from qingyuan.documents.pdf import render_pdf as r; r(s.letter());")  # fmt: skip
    root = Path(__file__).parents[2]
    runs = [
        subprocess.run([sys.executable, "-c", one], cwd=root, capture_output=True, text=True, check=True).stdout
        for one in (program, program_two)
    ]
    assert runs[0] == runs[1] and len(runs[0].strip()) == 64


def test_threads_may_print_at_the_same_time(pdf_of: Callable) -> None:
    expected = {make.__name__: pdf_of(make()).data for make in (samples.letter, samples.minutes)}
    found: list[tuple[str, bytes]] = []

    def work(make: Any) -> None:
        found.append((make.__name__, render_pdf(make())))

    threads = [threading.Thread(target=work, args=(make,)) for make in (samples.letter, samples.minutes) * 4]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8 and all(expected[name] == data for name, data in found)


def test_markup_in_a_text_is_printed_as_it_stands(pdf_of: Callable) -> None:
    everywhere = OfficialDocument(
        kind=DocumentKind.REPORT,
        title=HOSTILE,
        red_head="#panic()",
        doc_number="*1*",
        approver="$x$",
        addressee="@甲",
        body=(
            Paragraph((Run(HOSTILE), Run(HOSTILE, RunStyle.HEI), Run(HOSTILE, RunStyle.UNDERLINE))),
            Heading(1, "#let 一"),
            Heading(3, "`二`", follows=(Run("<三>"),)),
            KeyValue((("#键", "\\值"),)),
            Table(("#头", "*头*"), ((HOSTILE, "_格_"),), caption="= 题", note="// 注"),
        ),
        attachments=(Attachment("#附", (Paragraph.of("@附"),)),),
        signer="#signer",
        date=date(2022, 11, 23),
        remark="<注>",
        copies_to="*抄*",
        printed_by="_印_",
        notice="#notice",
    )
    text = pdf_of(everywhere).text()
    hostile = squeezed(HOSTILE)
    assert text.count(hostile[:20]) >= 5
    for literal in ("#panic()", "*1*", "$x$", "@甲", "#let一", "1.`二`<三>", "#键", "\\值", "*头*", "_格_", "=题",
                    "注：//注", "#附", "@附", "#signer", "（<注>）", "抄送：*抄*。", "_印_", "#notice",
                    "//注/*注*/", '#read("/etc/passwd")', "<script>&amp;</script>"):  # fmt: skip
        assert literal in text, literal


@pytest.mark.parametrize("name", samples.RARE_NAMES)
def test_rare_characters_of_names_are_printed(pdf_of: Callable, name: str) -> None:
    document = replace(samples.minutes(), signer=name, title=f"关于{name}的通知")
    assert name in pdf_of(document).text()
    assert missing_glyphs(name) == ()


def test_a_character_no_face_holds_stops_the_document_and_says_what_to_do(pdf_of: Callable) -> None:
    document = replace(samples.minutes(), signer="李\U00030edd", title="关于\ue123的通知")
    with pytest.raises(MissingGlyphs, match="改用标准字") as caught:
        pdf_of(document)
    assert set(caught.value.characters) == {"\ue123", "\U00030edd"}
    assert "U+30EDD" in str(caught.value)


def test_the_check_reaches_table_cells_and_lists_each_character_once(pdf_of: Callable) -> None:
    table = Table(("名",), (("\ue001\ue001",), ("\ue002",)), note="\ue001")
    with pytest.raises(MissingGlyphs) as caught:
        pdf_of(OfficialDocument(kind=DocumentKind.NOTICE, title="题", body=(table,)))
    assert caught.value.characters == ("\ue001", "\ue002")


def test_many_missing_characters_are_counted_not_all_shown() -> None:
    error = MissingGlyphs([chr(0xE000 + place) for place in range(25)])
    assert "等 25 个字" in str(error)


def test_without_fonts_the_error_names_the_command(tmp_path: Path) -> None:
    with pytest.raises(FontsMissing, match="run.py setup"):
        render_pdf(samples.letter(), fonts=FontChoice(folder=tmp_path))
    with pytest.raises(FontsMissing):
        check_glyphs(["禁"], FontChoice(folder=tmp_path / "absent"))


def test_every_face_falls_back_to_the_one_that_is_always_there(pdf_of: Callable) -> None:
    assert {role: names[-1] for role, names in families().items()} == dict.fromkeys(
        ("fang", "hei", "kai", "song", "title"), "Noto Serif SC"
    )
    with_system = families(FontChoice(use_system=True))
    assert all(names[-1] == "Noto Serif SC" for names in with_system.values())


def test_a_long_table_breaks_across_pages_and_repeats_its_head(pdf_of: Callable) -> None:
    rows = tuple((str(number), f"第{number}行", "正常") for number in range(1, 121))
    paper = pdf_of(
        OfficialDocument(
            kind=DocumentKind.REPORT, title="长表", body=(Table(("序号", "名称", "情况"), rows, note="完。"),)
        )
    )
    pages = paper.pages()
    assert len(pages) >= 4
    assert all("序号名称情况" in page for page in pages)
    assert all(f"第{number}行" in "".join(pages) for number in range(1, 121))
    assert "第120行" in pages[-1] and "注：完。" in pages[-1]


def test_the_notice_stands_on_every_page(pdf_of: Callable) -> None:
    assert all(squeezed(samples.NOTICE) in page for page in pdf_of(samples.circular()).pages())


def test_page_numbers_stand_outside(pdf_of: Callable) -> None:
    paper = pdf_of(samples.pledge())
    middle = 210 * MM / 2
    sides = [paper.find(number, f"— {number + 1} —")[0] > middle for number in range(3)]
    assert sides == [True, False, True]


def test_body_text_keeps_to_the_sheet_of_the_standard(pdf_of: Callable) -> None:
    line = "禁" * 28
    document = OfficialDocument(kind=DocumentKind.NOTICE, title="题", body=(Paragraph.of(line * 60, indent=False),))
    pages = pdf_of(document).pages()
    # 22 lines of 28 characters on a page that holds nothing but text.
    assert pages[1].count("禁") == 22 * 28
    left, bottom, right, top = pdf_of(document).find(1, line)
    assert left == pytest.approx(28 * MM, abs=2) and right == pytest.approx((28 + 156) * MM, abs=2)
    assert top == pytest.approx((297 - 37) * MM, abs=4)


def test_a_paragraph_begins_two_characters_in(pdf_of: Callable) -> None:
    document = OfficialDocument(kind=DocumentKind.NOTICE, title="题", body=(Paragraph.of("首段文字。"),))
    assert pdf_of(document).find(0, "首段")[0] == pytest.approx(28 * MM + 2 * 156 / 28 * MM, abs=2)


def test_the_date_ends_four_characters_from_the_right_under_the_name(pdf_of: Callable) -> None:
    paper = pdf_of(replace(samples.letter(), signer="市禁毒办", remark=""))
    date_box, name_box = paper.find(0, "2022年11月23日"), paper.find(0, "市禁毒办")
    assert date_box[2] == pytest.approx((28 + 156 - 4 * 156 / 28) * MM, abs=3)
    assert (name_box[0] + name_box[2]) / 2 == pytest.approx((date_box[0] + date_box[2]) / 2, abs=3)


def test_no_line_begins_with_a_closing_mark(pdf_of: Callable) -> None:
    text = "市、县、乡、村，各级；各类：（甲）《乙》“丙”。" * 30
    paper = pdf_of(OfficialDocument(kind=DocumentKind.NOTICE, title="题", body=(Paragraph.of(text),)))
    left = 28 * MM
    for mark in "，、；：。）》”":
        for number in range(len(paper.pages())):
            assert paper.leftmost(number, mark) > left + 8, mark


def test_a_signature_never_stands_on_a_page_without_text(pdf_of: Callable) -> None:
    for lines in range(8, 26):
        body = (*(Paragraph.of("正文一行。") for _ in range(lines)), Paragraph.of("最后一段。"))
        pages = pdf_of(
            OfficialDocument(kind=DocumentKind.NOTICE, title="题", body=body, signer="署名机关", date=date(2022, 1, 1))
        ).pages()
        assert any("最后一段。" in page and "署名机关" in page for page in pages), lines


def test_signatures_of_a_pledge_stay_with_its_last_paragraph(pdf_of: Callable) -> None:
    pledge = samples.pledge()
    for lines in range(12):
        longer = replace(pledge, body=(*(Paragraph.of("加一行。") for _ in range(lines)), *pledge.body))
        pages = pdf_of(longer).pages()
        assert any("自签订之日起生效。" in page and page.count("（盖章）") == 2 for page in pages), lines


def test_a_page_break_starts_a_new_page(pdf_of: Callable) -> None:
    document = OfficialDocument(
        kind=DocumentKind.NOTICE, title="题", body=(Paragraph.of("前。"), PageBreak(), Paragraph.of("后。"))
    )
    first, second = pdf_of(document).pages()
    assert "前。" in first and "后。" in second


def test_the_code_is_on_every_page_and_the_square_code_on_the_last(pdf_of: Callable) -> None:
    document = samples.circular()
    pages = pdf_of(document).pages()
    assert all(document.verification.code in page for page in pages)
    assert [squeezed(document.verification.hint) in page for page in pages] == [False] * (len(pages) - 1) + [True]


def test_the_first_page_of_a_letter_has_no_number(pdf_of: Callable) -> None:
    assert "—1—" not in pdf_of(samples.letter()).pages()[0]
    assert "—1—" in pdf_of(samples.report()).pages()[0]


def test_the_file_is_archivable_and_names_its_title(pdf_of: Callable) -> None:
    data = pdf_of(samples.letter()).data
    assert b"pdfaid" in data
    assert "关于商请提供寄递物流企业名录的函".encode() in data


@pytest.mark.parametrize("kind", [DocumentKind.NOTICE, DocumentKind.LETTER, DocumentKind.MINUTES])
def test_the_urgency_stands_at_the_left_edge_of_the_first_page_and_moves_nothing(kind: DocumentKind, pdf_of: Any) -> None:
    plain = replace(samples.letter(), kind=kind)
    marked, unmarked = pdf_of(replace(plain, urgency="特急")), pdf_of(plain)
    left, _bottom, _right, top = marked.find(0, "特急")
    assert abs(left - 28 * MM) < 2
    assert top > (297 - 75) * MM
    title = plain.title[:4]
    assert marked.find(0, title) == pytest.approx(unmarked.find(0, title), abs=0.6)
    assert "特急" not in "".join(marked.pages()[1:])


def test_a_hash_longer_than_a_line_breaks_inside_the_margins_and_is_copied_whole(pdf_of: Callable) -> None:
    hashed = "f0dc92910c486cac7b4fc0201849fb97cec52a53f24f11cf2c3d1524329c4c3e"
    paper = pdf_of(replace(samples.report(), body=(Paragraph.of(f"考核档案的根校验值:{hashed}。取得档案的单位可以自行重算。"),)))
    assert hashed in squeezed(paper.text())
    for eight in (hashed[place : place + 8] for place in range(0, 64, 8)):
        assert paper.find(1, eight)[2] <= (210 - 26) * MM + 1

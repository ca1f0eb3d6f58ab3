"""An office's own Word file: what is refused and why, and that what is put in keeps its place, face and wording."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import replace

import docx
import pytest
from docx.shared import Pt, RGBColor
from hypothesis import given
from hypothesis import strategies as st

from qingyuan.documents.model import (
    Attachment,
    DocumentKind,
    Heading,
    KeyValue,
    OfficialDocument,
    Paragraph,
    Run,
    Table,
)
from qingyuan.documents.office_fill import fill_template, sample, starter
from qingyuan.documents.office_template import (
    KNOWN,
    LARGEST,
    BadTemplate,
    paragraphs,
    read_template,
    required,
    text_of,
    unplaced,
)

NOTICE = DocumentKind.NOTICE
UNIT, HEAD = "云岭市教育局", "云岭市教育局文件"
SQUARE_CODE = "QYP1/0190a0b0c0d0e0f000000000000000ab/0000-0000-0000-0000"


def own(*lines: str, change: Callable[[docx.document.Document], None] | None = None) -> bytes:
    """A plain Word file with these lines, as an office might type them."""
    word = docx.Document()
    for line in lines:
        word.add_paragraph(line)
    if change is not None:
        change(word)
    target = io.BytesIO()
    word.save(target)
    return target.getvalue()


WHOLE = (
    "云岭市教育局文件",
    "«文号»",
    "«标题»",
    "«主送»：",
    "«正文»",
    "«附件»",
    "云岭市教育局",
    "«日期»",
    "抄送：«抄送»。",
)


def document(**changes: object) -> OfficialDocument:
    return replace(sample(NOTICE, UNIT, HEAD), **changes)  # type: ignore[arg-type]


def lines_of(data: bytes) -> list[str]:
    return [text for _place, one in paragraphs(docx.Document(io.BytesIO(data))) if (text := text_of(one).strip())]


def repacked(data: bytes, **changes: bytes | None) -> bytes:
    """The same package with entries changed, added, or (None) left out; «__» in a name stands for «/»."""
    target = io.BytesIO()
    named = {name.replace("__", "/"): value for name, value in changes.items()}
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for name in source.namelist():
            if name not in named:
                made.writestr(name, source.read(name))
        for name, value in named.items():
            if value is not None:
                made.writestr(name, value)
    return target.getvalue()


# --- what is refused ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("missing", required(NOTICE))
def test_a_missing_placeholder_is_named(missing: str) -> None:
    with pytest.raises(BadTemplate, match=f"缺少占位符«{missing}»"):
        read_template(own(*(line.replace(f"«{missing}»", "") for line in WHOLE)), NOTICE)


def test_everything_wrong_is_told_at_once() -> None:
    with pytest.raises(BadTemplate) as refused:
        read_template(own("«标题»", "«正文» 后面还有字", "«大标题»", "«没写完"), NOTICE)
    said = refused.value.problems
    assert any("«大标题»" in one and "可以用的有" in one for one in said)
    assert any("单独成一段" in one for one in said)
    assert any("没有写完整" in one for one in said)
    assert sum("缺少占位符" in one for one in said) == 5


@pytest.mark.parametrize(("kind", "needs"), [(DocumentKind.REPORT, "签发人"), (DocumentKind.LETTER, "主送")])
def test_each_kind_needs_its_own(kind: DocumentKind, needs: str) -> None:
    assert needs in required(kind) and needs not in required(DocumentKind.MINUTES)


def test_the_body_stands_once_and_not_in_a_header() -> None:
    with pytest.raises(BadTemplate, match="只能出现一次"):
        read_template(own(*WHOLE, "«正文»"), NOTICE)

    def in_header(word: docx.document.Document) -> None:
        word.sections[0].header.paragraphs[0].text = "«正文»"

    with pytest.raises(BadTemplate, match="不能放在页眉"):
        read_template(own(*(line for line in WHOLE if line != "«正文»"), change=in_header), NOTICE)


@pytest.mark.parametrize("data", [b"", b"not a file", b"PK\x03\x04broken", b"%PDF-1.7", "文字".encode(), b"\x00" * 500])
def test_what_is_no_word_file_is_refused_with_what_to_do(data: bytes) -> None:
    with pytest.raises(BadTemplate, match="另存为"):
        read_template(data, NOTICE)


def test_an_old_or_locked_file_is_refused() -> None:
    with pytest.raises(BadTemplate, match=r"旧版 \.doc 或加了密码"):
        read_template(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, NOTICE)


@pytest.mark.parametrize("cut", [0.2, 0.5, 0.9, 0.99])
def test_a_file_cut_short_is_refused(cut: float) -> None:
    whole = own(*WHOLE)
    with pytest.raises(BadTemplate):
        read_template(whole[: int(len(whole) * cut)], NOTICE)


@pytest.mark.parametrize("name", ["word__vbaProject.bin", "word__activeX__activeX1.xml", "word__x.js"])
def test_macros_and_controls_are_refused(name: str) -> None:
    with pytest.raises(BadTemplate, match="宏、控件"):
        read_template(repacked(own(*WHOLE), **{name: b"x"}), NOTICE)


def test_a_macro_enabled_file_without_its_macro_is_refused_too() -> None:
    data = own(*WHOLE)
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        types = package.read("[Content_Types].xml")
    macro = types.replace(
        b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
        b"application/vnd.ms-word.document.macroEnabled.main+xml",
    )
    with pytest.raises(BadTemplate, match=r"\.docm"):
        read_template(repacked(data, **{"[Content_Types].xml": macro}), NOTICE)


def test_a_bomb_is_not_unpacked() -> None:
    bomb = repacked(own(*WHOLE), word__big=b"\x00" * 30_000_000)
    assert len(bomb) < LARGEST
    with pytest.raises(BadTemplate, match="展开后过大"):
        read_template(bomb, NOTICE)
    many = repacked(own(*WHOLE), **{f"word__p{number}.txt": b"x" for number in range(400)})
    with pytest.raises(BadTemplate, match="零件过多"):
        read_template(many, NOTICE)
    with pytest.raises(BadTemplate, match="2 MB"):
        read_template(b"PK" + b"\x00" * LARGEST, NOTICE)


def test_what_reaches_outside_is_refused() -> None:
    data = own(*WHOLE)
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        rels = package.read("word/_rels/document.xml.rels")
        body = package.read("word/document.xml")
    kinds = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    image = f'<Relationship Id="rIdX" Type="{kinds}/image" Target="http://a.example/x.png" TargetMode="External"/>'
    outside = rels.replace(b"</Relationships>", image.encode() + b"</Relationships>")
    with pytest.raises(BadTemplate, match="指向别处"):
        read_template(
            repacked(data, word___rels__document_xml_rels=None, **{"word/_rels/document.xml.rels": outside}), NOTICE
        )
    field = b'<w:r><w:instrText>INCLUDETEXT "c:/secret.docx"</w:instrText></w:r></w:p>'
    with pytest.raises(BadTemplate, match="INCLUDETEXT"):
        read_template(repacked(data, **{"word/document.xml": body.replace(b"</w:p>", field, 1)}), NOTICE)
    entity = body.replace(b"?>", b'?><!DOCTYPE w [<!ENTITY a "aaaa">]>', 1)
    with pytest.raises(BadTemplate, match="外部定义"):
        read_template(repacked(data, **{"word/document.xml": entity}), NOTICE)
    with pytest.raises(BadTemplate, match="嵌入了别的文件"):
        read_template(repacked(data, word__embeddings__a=b"x"), NOTICE)


def test_a_link_for_readers_is_no_harm() -> None:
    data = own(*WHOLE)
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        rels = package.read("word/_rels/document.xml.rels")
    kinds = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    link = f'<Relationship Id="rIdX" Type="{kinds}/hyperlink" Target="http://a.example/" TargetMode="External"/>'
    linked = rels.replace(b"</Relationships>", link.encode() + b"</Relationships>")
    assert read_template(repacked(data, **{"word/_rels/document.xml.rels": linked}), NOTICE)


# --- what is put in ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("kind", [one for one in DocumentKind if one is not DocumentKind.PLEDGE])
def test_the_starter_passes_its_own_check_and_prints_everything(kind: DocumentKind) -> None:
    template = read_template(starter(kind, UNIT, HEAD), kind)
    full = sample(kind, UNIT, HEAD)
    if kind is not DocumentKind.REPORT:
        full = replace(full, approver="")
    if kind is DocumentKind.MINUTES:
        full = replace(full, addressee="")
    assert unplaced(template, full) == ()
    said = "\n".join(lines_of(fill_template(template, full)))
    for text in (
        full.title,
        full.doc_number,
        "附件：1.示例附件一",
        "2.示例附件二",
        "2022年11月23日",
        "一、一级标题",
        "示例抄送单位",
        "0000-0000-0000-0000",
        "示例，不作公文使用",
    ):
        assert text in said, text
    assert "«" not in said


def test_the_placeholders_own_formatting_is_kept_even_split_over_runs() -> None:
    def dress(word: docx.document.Document) -> None:
        paragraph = next(one for one in word.paragraphs if one.text == "«标题»")
        paragraph.clear()
        for piece in ("关于“«标", "题", "»”的说明"):
            run = paragraph.add_run(piece)
            run.font.size, run.font.bold = Pt(30), True
            run.font.color.rgb = RGBColor(0, 0, 255)

    template = read_template(own(*WHOLE, change=dress), NOTICE)
    word = docx.Document(io.BytesIO(fill_template(template, document())))
    title = next(one for one in word.paragraphs if "关于检查公文模板版式的示例" in one.text)
    assert title.text == "关于“关于检查公文模板版式的示例”的说明"
    assert all(run.font.size == Pt(30) and run.font.color.rgb == RGBColor(0, 0, 255) for run in title.runs if run.text)


def test_the_body_takes_the_face_of_its_placeholder_and_tables_are_tables() -> None:
    def dress(word: docx.document.Document) -> None:
        run = next(one for one in word.paragraphs if one.text == "«正文»").runs[0]
        run.font.size, run.font.name = Pt(15), "方正仿宋"

    body = (
        Paragraph.of("第一段。"),
        Heading(1, "标题"),
        Table(headers=("甲", "乙"), rows=(("1", "2"),)),
        KeyValue((("出席", "各单位"),), boxed=False),
    )
    template = read_template(own(*WHOLE, change=dress), NOTICE)
    word = docx.Document(io.BytesIO(fill_template(template, document(body=body))))
    first = next(one for one in word.paragraphs if one.text == "第一段。")
    assert (first.runs[0].font.size, first.runs[0].font.name) == (Pt(15), "方正仿宋")
    assert [[cell.text for cell in row.cells] for row in word.tables[0].rows] == [["甲", "乙"], ["1", "2"]]
    texts = [one.text for one in word.paragraphs]
    assert texts.index("第一段。") < texts.index("一、标题") < texts.index("出席：各单位")


def test_lines_for_what_a_paper_does_not_have_go_away() -> None:
    template = read_template(own(*WHOLE), NOTICE)
    said = lines_of(fill_template(template, document(attachments=(), copies_to="", addressee="")))
    assert not [line for line in said if "附件" in line or "抄送" in line or line == "："]


def test_an_empty_row_of_the_imprint_goes_with_its_line() -> None:
    def imprint(word: docx.document.Document) -> None:
        table = word.add_table(rows=2, cols=1)
        table.rows[0].cells[0].text, table.rows[1].cells[0].text = "抄送：«抄送»。", "印发"

    data = own(*(line for line in WHOLE if "抄送" not in line), change=imprint)
    word = docx.Document(io.BytesIO(fill_template(read_template(data, NOTICE), document(copies_to=""))))
    assert [row.cells[0].text for row in word.tables[-1].rows] == ["印发"]


def test_what_has_no_place_is_told_before_it_is_lost() -> None:
    template = read_template(own(*WHOLE), NOTICE)
    assert unplaced(template, document(approver="", remark="", urgency="")) == ()
    assert set(unplaced(template, document())) == {"签发人", "附注", "紧急程度"}


def test_code_and_notice_are_printed_though_nobody_asked() -> None:
    full = document(verification=replace(document().verification, qr=SQUARE_CODE))
    made = fill_template(read_template(own(*WHOLE), NOTICE), full)
    said = " ".join(lines_of(made))
    assert "核验码" in said and "示例，不作公文使用" in said
    assert len(docx.Document(io.BytesIO(made)).inline_shapes) == 1


def test_who_made_the_template_is_not_told_to_readers_of_papers() -> None:
    def sign(word: docx.document.Document) -> None:
        word.core_properties.author = word.core_properties.last_modified_by = "张三"
        word.core_properties.comments = "内部备注"

    made = fill_template(read_template(own(*WHOLE, change=sign), NOTICE), document())
    properties = docx.Document(io.BytesIO(made)).core_properties
    assert "张三" not in (properties.author, properties.last_modified_by) and properties.comments == ""


def test_equal_input_gives_equal_bytes() -> None:
    template = read_template(own(*WHOLE), NOTICE)
    assert fill_template(template, document()) == fill_template(template, document())


@given(st.text(alphabet="«»标题正文甲乙<>&\"'", min_size=1, max_size=30).filter(str.strip))
def test_marks_inside_a_text_are_printed_and_never_filled(text: str) -> None:
    """A title that speaks of «正文» is a title, whatever is put in after it."""
    template = read_template(own(*WHOLE), NOTICE)
    body = (Paragraph.of("正文在此", Run(text)),)
    said = lines_of(fill_template(template, document(title=text, body=body)))
    assert text.strip() in said
    assert any(line == f"正文在此{text}".strip() for line in said)


def test_every_known_placeholder_is_put_in_somewhere() -> None:
    """No name on the list is dead: a template with all of them is left without a mark."""
    alone = ("正文", "附件", "二维码")
    lines = [f"«{name}»" if name in alone else f"{name}：«{name}»" for name in KNOWN]
    full = document(verification=replace(document().verification, qr=SQUARE_CODE), attachments=(Attachment("一份"),))
    said = lines_of(fill_template(read_template(own(*lines), NOTICE), full))
    assert not [line for line in said if "«" in line]
    assert "附件：一份" in said and "署名：云岭市教育局" in said

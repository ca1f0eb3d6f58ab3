"""Every character of a document must be printable, and the one that is not is found with its place."""

from __future__ import annotations

from dataclasses import replace

import pytest

from qingyuan.documents.fonts import FontChoice, FontsMissing, font_files
from qingyuan.documents.glyphs import places, unprintable
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

pytestmark = pytest.mark.skipif(
    not font_files(), reason="no fonts in qingyuan/documents/fonts: run python3 run.py setup"
)
LOST = "\U00030729"  # a character of extension G that the bundled face does not hold


def document(**changes: object) -> OfficialDocument:
    plain = OfficialDocument(
        kind=DocumentKind.NOTICE,
        title="关于开展检查的通知",
        body=(
            Heading(1, "总体要求"),
            Paragraph.of("请认真落实。"),
            Table(headers=("单位", "负责人"), rows=(("龙洞镇", "陈堃"), ("石桥镇", "周喆"))),
        ),
        red_head="云岭市禁毒委员会办公室文件",
        addressee="各乡镇",
        attachments=(Attachment("任务分工"),),
        signer="云岭市禁毒委员会办公室",
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def test_rare_characters_of_names_are_printed() -> None:
    names = "堃喆赟犇玥彧昇旻淏镕䶮"
    assert unprintable(document(approver=names)) == ()


@pytest.mark.parametrize(
    ("changed", "place"),
    [
        ({"title": f"关于{LOST}的通知"}, "标题"),
        ({"addressee": f"{LOST}镇"}, "主送"),
        ({"approver": f"陈{LOST}"}, "签发人"),
        ({"copies_to": f"{LOST}局"}, "抄送"),
        ({"remark": LOST}, "附注"),
        ({"attachments": (Attachment("一"), Attachment(LOST))}, "附件2的名称"),
        ({"body": (Paragraph.of("甲"), Paragraph.of(f"负责人陈{LOST}负责"))}, "正文第 2 段“负责人陈"),
        ({"body": (Heading(3, "甲。", follows=(Run(LOST),)),)}, "正文第 1 段"),
        ({"body": (Table(headers=("甲", "乙"), rows=(("1", "2"), ("3", LOST))),)}, "正文第 1 个表第 2 行第 2 列"),
        ({"body": (KeyValue((("出席", LOST),)),)}, "正文“出席”一栏"),
    ],
)
def test_a_character_no_face_holds_is_named_with_its_place(changed: dict[str, object], place: str) -> None:
    (found,) = unprintable(document(**changed))
    assert found.character == LOST
    assert found.place.startswith(place)
    assert "U+30729" in found.words


def test_each_character_is_told_once_where_it_stands_first() -> None:
    found = unprintable(document(title=f"{LOST}{LOST}", addressee=LOST))
    assert [one.place for one in found] == ["标题"]


def test_no_text_of_a_document_is_without_a_place() -> None:
    """Whatever the PDF prints of a document is looked at: the places hold every character of its fields."""
    full = document(
        doc_number="云禁毒办〔2022〕1号", remark="附注", copies_to="市委", printed_by="印发", notice="提示", urgency="特急",
        approver="签发",
    )  # fmt: skip
    seen = "".join(text for _place, text in places(full))
    for text in ("云禁毒办〔2022〕1号", "附注", "市委", "印发", "提示", "特急", "签发", "陈堃", "总体要求", "任务分工"):
        assert text in seen


def test_without_faces_it_says_how_to_get_them(tmp_path: object) -> None:
    with pytest.raises(FontsMissing, match="setup"):
        unprintable(document(), FontChoice(folder=tmp_path))  # type: ignore[arg-type]

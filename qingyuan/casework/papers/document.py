"""A paper as an official document: the same value for the preview, for Word and for PDF."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.utils.translation import gettext as _

from qingyuan.casework.enums import PaperKind, Urgency
from qingyuan.casework.models import Paper
from qingyuan.casework.papers.rules import ADDRESSED
from qingyuan.casework.papers.text import Body, Slip, read_body, secret_mark
from qingyuan.documents.fonts import FontsMissing
from qingyuan.documents.glyphs import unprintable
from qingyuan.documents.model import Attachment, BadDocument, DocumentKind, OfficialDocument, Paragraph, check_text
from qingyuan.documents.wording import tight

KINDS: dict[str, DocumentKind] = {
    PaperKind.LETTER: DocumentKind.LETTER,
    PaperKind.NOTICE: DocumentKind.NOTICE,
    PaperKind.CIRCULAR: DocumentKind.CIRCULAR,
    PaperKind.REPORT: DocumentKind.REPORT,
    PaperKind.MINUTES: DocumentKind.MINUTES,
}
# Words on a paper are Chinese and hashed, whatever language its maker reads pages in.
_URGENCY: dict[str, str] = {Urgency.PLAIN: "", Urgency.URGENT: "加急", Urgency.PRESSING: "特急"}
FICTION = "演示城市 · 虚构数据"


def body_of(paper: Paper) -> Body:
    return read_body(paper.body or "", minutes=paper.kind == PaperKind.MINUTES)


def red_head(kind: str, unit_name: str) -> str:
    """发文机关标志: 文件 after the name on files, the bare name on letters, 会议纪要 on minutes (GB/T 9704 7.2.4, 10)."""
    if kind == PaperKind.LETTER:
        return unit_name
    return f"{unit_name}会议纪要" if kind == PaperKind.MINUTES else f"{unit_name}文件"


def build(paper: Paper, *, number: str = "", on: date | None = None, body: Body | None = None) -> OfficialDocument:
    """The document without its verification mark; ``on`` is printed where the paper has no day of its own.

    Raises BadDocument for text that cannot be put on paper.
    """
    read = body or body_of(paper)
    minutes = paper.kind == PaperKind.MINUTES
    day = paper.dated or on
    return OfficialDocument(
        kind=KINDS[paper.kind],
        title=tight(paper.title),
        body=read.blocks or (Paragraph.of(""),),
        red_head=red_head(paper.kind, paper.unit.name),
        doc_number=number,
        approver=paper.approver_name if paper.kind == PaperKind.REPORT else "",
        addressee="" if minutes else paper.addressee,
        attachments=tuple(Attachment(tight(title)) for title in paper.attachment_titles),
        # Minutes are not signed or sealed (GB/T 9704 10.3); their day stands alone.
        signer="" if minutes else paper.unit.name,
        date=day,
        remark=paper.remark,
        copies_to=paper.copies_to,
        printed_by=paper.unit.name,
        printed_on=on or day,
        notice=FICTION if settings.QINGYUAN_DEMO else "",
        urgency=_URGENCY.get(paper.urgency, ""),
    )


def slips_of(paper: Paper, on: date) -> list[Slip]:
    """Everything to mend before the paper can be handed up, in the order of the form."""
    slips: list[Slip] = []
    if not paper.title.strip():
        slips.append(Slip(0, _("标题没有填。")))
    if paper.kind in ADDRESSED and not paper.addressee.strip():
        slips.append(Slip(0, _("%(kind)s要写主送单位。") % {"kind": PaperKind(paper.kind).label}))
    if not (paper.body or "").strip():
        slips.append(Slip(0, _("正文没有写。")))
    if not paper.title.strip():
        return slips
    mark = secret_mark(paper.title, paper.body or "", paper.addressee, paper.remark, paper.attachments)
    if mark:
        slips.append(Slip(0, secret_words(mark)))
    try:
        check_text(paper.body or "")
        read = body_of(paper)
        slips += read.slips
        document = build(paper, on=on, body=read)
    except BadDocument as wrong:
        return [*slips, Slip(0, str(wrong))]
    return [*slips, *glyph_slips(document)]


def glyph_slips(document: OfficialDocument) -> list[Slip]:
    """Characters that no face of the PDF holds, each with its place. Without faces nothing can be printed at all."""
    try:
        found = unprintable(document)
    except FontsMissing as missing:
        return [Slip(0, str(missing))]
    words = _("字体印不出%(what)s。请核对是否用了造字或罕用符号,改用标准字;确为人名用字的,请管理员补字体。")
    return [Slip(0, words % {"what": one.words}) for one in found]


def secret_words(mark: str) -> str:
    """Why nothing secret is drafted here, and what to do instead."""
    words = _(
        "涉密公文不上网:带“%(mark)s”的内容不得在本平台起草、存放或传送(保守国家秘密法)。"
        "请在涉密专用计算机上起草,经机要渠道办理;本次内容没有保存。"
    )
    return words % {"mark": mark}

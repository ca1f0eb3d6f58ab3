"""What an official document is made of, whatever it is printed with.

Values only: frozen, comparable, and turned to JSON and back by `codec`. A document that cannot be printed
cannot be made: every rule is checked here, once, before Word or Typst see the text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date as Day
from enum import StrEnum

# Characters that XML 1.0 cannot hold; a Word file with one of them does not open.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


class BadDocument(ValueError):
    """A document that could not be printed; the message says in Chinese what to change."""


def check_text(*texts: str) -> None:
    """Refuse what cannot be put on paper.

    Raises BadDocument for control characters and broken surrogates.
    """
    for text in texts:
        found = _UNPRINTABLE.search(text)
        if found:
            raise BadDocument(
                f"文字中有不能打印的控制字符（U+{ord(found.group()):04X}，第 {found.start() + 1} 个字符）。"
                "请删去后重新输入，不要从其他软件直接粘贴。"
            )


class DocumentKind(StrEnum):
    """Kinds of document the platform issues (文种)."""

    CIRCULAR = "通报"
    REPORT = "报告"
    LETTER = "函"
    NOTICE = "通知"
    MINUTES = "纪要"
    PLEDGE = "责任书"
    SERVED = "送达文书"


class Align(StrEnum):
    LEFT = "left"
    CENTER = "center"
    RIGHT = "right"
    JUSTIFY = "justify"


class RunStyle(StrEnum):
    """How a stretch of text inside a paragraph is set."""

    PLAIN = "plain"
    HEI = "hei"
    KAI = "kai"
    UNDERLINE = "underline"


@dataclass(frozen=True, slots=True)
class Run:
    text: str
    style: RunStyle = RunStyle.PLAIN

    def __post_init__(self) -> None:
        check_text(self.text)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of body text; `indent` is the two characters at its head."""

    runs: tuple[Run, ...]
    align: Align = Align.JUSTIFY
    indent: bool = True

    @classmethod
    def of(cls, *parts: str | Run, align: Align = Align.JUSTIFY, indent: bool = True) -> Paragraph:
        """Paragraph from plain strings and runs."""
        runs = tuple(part if isinstance(part, Run) else Run(part) for part in parts)
        return cls(runs, align=align, indent=indent)

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True, slots=True)
class Heading:
    """A numbered heading: level 1 is 一、, level 2 （一）, level 3 1., level 4 （1）.

    `follows` is body text that goes on in the same line, as levels 3 and 4 usually do.
    """

    level: int
    text: str
    numbered: bool = True
    follows: tuple[Run, ...] = ()

    def __post_init__(self) -> None:
        check_text(self.text)
        if self.level not in (1, 2, 3, 4):
            raise BadDocument(f"标题层次只有 1 至 4 级，收到第 {self.level} 级。请把更深的内容写成正文。")


@dataclass(frozen=True, slots=True)
class Table:
    """A ruled table. `widths` are relative; empty means equal. `align` is one per column; empty means centred."""

    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...] = ()
    align: tuple[Align, ...] = ()
    caption: str = ""
    note: str = ""

    def __post_init__(self) -> None:
        columns = len(self.headers)
        if not columns:
            raise BadDocument("表格至少要有一列。请给出表头。")
        for number, row in enumerate(self.rows, start=1):
            if len(row) != columns:
                raise BadDocument(f"表格第 {number} 行有 {len(row)} 格，表头有 {columns} 列。请补齐或删去多余的格。")
        if self.widths and (len(self.widths) != columns or min(self.widths) <= 0):
            raise BadDocument(f"表格列宽要与 {columns} 列一一对应，且都大于 0。")
        if self.align and len(self.align) != columns:
            raise BadDocument(f"表格对齐方式要与 {columns} 列一一对应。")
        check_text(*self.headers, *(cell for row in self.rows for cell in row), self.caption, self.note)

    def shares(self) -> tuple[float, ...]:
        """Width of each column as a share of the text width; they add to 1."""
        widths = self.widths or (1.0,) * len(self.headers)
        return tuple(width / sum(widths) for width in widths)

    def alignments(self) -> tuple[Align, ...]:
        return self.align or (Align.CENTER,) * len(self.headers)


@dataclass(frozen=True, slots=True)
class KeyValue:
    """Pairs of label and value: a boxed form, or (boxed=False) lines such as 出席：…… in minutes."""

    pairs: tuple[tuple[str, str], ...]
    boxed: bool = True

    def __post_init__(self) -> None:
        check_text(*(text for pair in self.pairs for text in pair))


@dataclass(frozen=True, slots=True)
class SignLine:
    """One line to sign on: the post, and the name where it is already printed."""

    post: str
    name: str = ""

    def __post_init__(self) -> None:
        check_text(self.post, self.name)


@dataclass(frozen=True, slots=True)
class Party:
    """One side of a signature block; `role` is e.g. 甲方, `signed_on` is left blank to be filled by hand."""

    role: str
    unit: str
    lines: tuple[SignLine, ...]
    signed_on: Day | None = None

    def __post_init__(self) -> None:
        check_text(self.role, self.unit)


@dataclass(frozen=True, slots=True)
class SignatureBlock:
    """Two parties side by side, with room for their seals."""

    parties: tuple[Party, Party]
    lead: str = ""

    def __post_init__(self) -> None:
        check_text(self.lead)
        if len(self.parties) != 2:
            raise BadDocument("签署栏要有且只有两方。")


@dataclass(frozen=True, slots=True)
class PageBreak:
    """What follows starts on a new page."""


Block = Paragraph | Heading | Table | KeyValue | SignatureBlock | PageBreak


@dataclass(frozen=True, slots=True)
class Attachment:
    """Something attached: always named below the body; printed on its own pages when it has a body."""

    title: str
    body: tuple[Block, ...] = ()

    def __post_init__(self) -> None:
        check_text(self.title)


@dataclass(frozen=True, slots=True)
class Verification:
    """How a reader of the paper gets back to the record. It is no part of the content: `content_hash` leaves it out."""

    code: str = ""
    qr: str = ""
    hint: str = ""

    def __post_init__(self) -> None:
        check_text(self.code, self.qr, self.hint)


@dataclass(frozen=True, slots=True)
class OfficialDocument:
    """One official document.

    title       may hold line breaks to force where it wraps; otherwise it is balanced.
    red_head    发文机关标志; empty prints none (a letter of responsibility).
    doc_number  发文字号, complete, e.g. 云禁毒委〔2022〕8号.
    approver    签发人, printed on upward documents (报告).
    signer      发文机关署名 above the date.
    remark      附注, printed in brackets.
    urgency     紧急程度 (特急, 加急), printed at the head of the first page; empty for an ordinary paper.
    notice      printed in the head of every page, e.g. that the city is fictional.
    """

    kind: DocumentKind
    title: str
    body: tuple[Block, ...]
    red_head: str = ""
    doc_number: str = ""
    approver: str = ""
    addressee: str = ""
    attachments: tuple[Attachment, ...] = ()
    signer: str = ""
    date: Day | None = None
    remark: str = ""
    copies_to: str = ""
    printed_by: str = ""
    printed_on: Day | None = None
    notice: str = ""
    verification: Verification = Verification()
    urgency: str = ""

    def __post_init__(self) -> None:
        if not self.title.strip():
            raise BadDocument("公文没有标题。请填写标题后再生成。")
        check_text(
            self.title, self.red_head, self.doc_number, self.approver, self.addressee, self.signer,
            self.remark, self.copies_to, self.printed_by, self.notice, self.urgency,
        )  # fmt: skip

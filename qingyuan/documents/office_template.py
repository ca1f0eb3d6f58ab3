"""An office's own Word file as a template: placeholders such as «标题» in it are filled from an official document.

The file is somebody else's: it is looked at as a package first (size, entries, macros, links that leave it), then as a
document (every placeholder it needs, none it misspells). What it does not ask for is not printed, so ``unplaced`` says
what of a document would be lost.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, Final

import docx
from docx.document import Document
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn

from qingyuan.documents.model import DocumentKind, OfficialDocument

LARGEST: Final = 2 * 1024 * 1024
LARGEST_OPENED: Final = 24 * 1024 * 1024
MOST_ENTRIES: Final = 300
_MAIN_TYPE: Final = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_OLE: Final = b"\xd0\xcf\x11\xe0"
_MARK: Final = re.compile(r"«\s*([^«»\n]{1,12}?)\s*»")
_EXTERNAL: Final = re.compile(rb'<Relationship\b[^>]*TargetMode\s*=\s*["\']External["\'][^>]*>', re.I)
_REACHES_OUT: Final = re.compile(r"\b(DDE|DDEAUTO|INCLUDETEXT|INCLUDEPICTURE|IMPORT|LINK)\b", re.I)

TITLE, TO, BODY, NUMBER, SIGNER, DAY = "标题", "主送", "正文", "文号", "签发人", "日期"
ATTACHED, COPIES, OFFICE, REMARK, URGENCY = "附件", "抄送", "署名", "附注", "紧急程度"
PRINTER, PRINTED, CODE, SQUARE, NOTICE = "印发机关", "印发日期", "核验码", "二维码", "提示"
KNOWN: Final = (
    TITLE, TO, BODY, NUMBER, SIGNER, DAY, ATTACHED, COPIES, OFFICE, REMARK, URGENCY, PRINTER, PRINTED, CODE, SQUARE, NOTICE,
)  # fmt: skip
#: They become several paragraphs or a picture, so they stand alone in theirs.
ALONE: Final = (BODY, ATTACHED, SQUARE)


class BadTemplate(ValueError):
    """The file cannot be a template; ``problems`` say in Chinese what to change, each by itself."""

    def __init__(self, *problems: str) -> None:
        self.problems = problems
        super().__init__("".join(problems))


@dataclass(frozen=True, slots=True)
class Template:
    """A file that passed: its bytes and the placeholders in it."""

    data: bytes
    placeholders: frozenset[str]


def required(kind: DocumentKind) -> tuple[str, ...]:
    """Placeholders a template of this kind cannot do without."""
    always = (TITLE, BODY, NUMBER, DAY, ATTACHED, COPIES)
    if kind is DocumentKind.MINUTES:
        return always
    return (*always, TO, SIGNER) if kind is DocumentKind.REPORT else (*always, TO)


def read_template(data: bytes, kind: DocumentKind) -> Template:
    """Check an uploaded file.

    Raises BadTemplate with everything that is wrong with it.
    """
    _check_package(data)
    document = _open(data)
    problems: list[str] = []
    found: list[str] = []
    for place, paragraph in paragraphs(document):
        text = text_of(paragraph)
        marks = _MARK.findall(text)
        found += marks
        for mark in marks:
            if mark not in KNOWN:
                problems.append(f"不认识占位符«{mark}»。可以用的有：{'、'.join(f'«{name}»' for name in KNOWN)}。")
            elif mark in ALONE and _MARK.sub("", text).strip():
                problems.append(f"«{mark}»要单独成一段，同一段里还有“{_MARK.sub('', text).strip()[:12]}”。")
            elif mark in (BODY, ATTACHED) and place != "body":
                problems.append(f"«{mark}»要放在正文里，不能放在页眉、页脚或文本框里。")
        if "«" in _MARK.sub("", text) or "»" in _MARK.sub("", text):
            problems.append(f"占位符没有写完整：“{text.strip()[:20]}”。一个占位符要写成«标题»这样，两边的书名号成对。")
    problems += [
        f"缺少占位符«{name}»。请在模板里它该出现的地方写上«{name}»。" for name in required(kind) if name not in found
    ]
    if found.count(BODY) > 1:
        problems.append("«正文»只能出现一次。")
    if problems:
        raise BadTemplate(*dict.fromkeys(problems))
    return Template(data, frozenset(found))


def unplaced(template: Template, document: OfficialDocument) -> tuple[str, ...]:
    """What of a document the template has no place for: it would not be printed."""
    held = {
        TO: document.addressee,
        SIGNER: document.approver,
        ATTACHED: document.attachments,
        COPIES: document.copies_to,
        REMARK: document.remark,
        URGENCY: document.urgency,
    }
    return tuple(name for name, value in held.items() if value and name not in template.placeholders)


def paragraphs(document: Document) -> Iterator[tuple[str, Any]]:
    """Every w:p of body, headers and footers with its place: body, cell, box, head."""
    for part in document.part.package.iter_parts():
        element = getattr(part, "element", None)
        if element is None or not part.content_type.endswith(("document.main+xml", "header+xml", "footer+xml")):
            continue
        main = part.content_type.endswith("document.main+xml")
        for paragraph in list(element.iter(qn("w:p"))):
            yield _place(paragraph) if main else "head", paragraph


def text_of(paragraph: Any) -> str:
    """The text of one w:p, not of text boxes that hang in it."""
    return "".join(piece.text or "" for piece in pieces(paragraph))


def pieces(paragraph: Any) -> list[Any]:
    """The w:t elements of one w:p in order; those of text boxes belong to their own paragraphs."""
    return [piece for piece in paragraph.iter(qn("w:t")) if next(piece.iterancestors(qn("w:p"))) is paragraph]


def replace_in(paragraph: Any, values: dict[str, str]) -> None:
    """Put texts in place of placeholders, each in the formatting of the run in which its «begins."""
    while True:
        texts = pieces(paragraph)
        whole = "".join(piece.text or "" for piece in texts)
        found = next((match for match in _MARK.finditer(whole) if match[1] in values), None)
        if found is None:
            return
        # A value may itself hold such marks: it is put in last, and never read again.
        value = values[found[1]].replace("«", "\ue000").replace("»", "\ue001")
        at = 0
        for piece in texts:
            text = piece.text or ""
            start, end = found.start() - at, found.end() - at
            at += len(text)
            if end <= 0 or start >= len(text):
                continue
            kept = text[: max(start, 0)] + (value if start >= 0 else "") + text[max(end, 0) :]
            piece.text = kept
            piece.set(qn("xml:space"), "preserve")


def unhide(paragraph: Any) -> None:
    """Give marks that stood in values their own form again, once nothing more is put in."""
    for piece in pieces(paragraph):
        if piece.text:
            piece.text = piece.text.replace("\ue000", "«").replace("\ue001", "»")


def copy_with(paragraph: Any, text: str) -> Any:
    """A copy of a placeholder's paragraph with one text, in the formatting of the placeholder's run."""
    made = deepcopy(paragraph)
    texts = list(made.iter(qn("w:t")))
    for piece in texts[1:]:
        piece.text = ""
    texts[0].text = text
    texts[0].set(qn("xml:space"), "preserve")
    return made


def _place(paragraph: Any) -> str:
    for above in paragraph.iterancestors():
        if above.tag == qn("w:txbxContent"):
            return "box"
        if above.tag == qn("w:tc"):
            return "cell"
    return "body"


def _open(data: bytes) -> Document:
    try:
        return docx.Document(io.BytesIO(data))
    except (PackageNotFoundError, KeyError, ValueError, zipfile.BadZipFile, SyntaxError) as error:
        raise BadTemplate(
            "Word 打不开这个文件：内容不完整。请在 Word 或 WPS 里打开、另存为 .docx 后再上传。"
        ) from error


def _check_package(data: bytes) -> None:
    """The file as a package, before anything in it is believed. Raises BadTemplate."""
    if len(data) > LARGEST:
        raise BadTemplate("模板超过 2 MB。请压缩其中的图片，只保留红头、表格和占位符。")
    if data.startswith(_OLE):
        raise BadTemplate("这是旧版 .doc 或加了密码的文件。请去掉密码，另存为 .docx 后再上传。")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            _check_entries(package)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise BadTemplate(
            "这不是 .docx 文件，或文件已损坏。请在 Word 或 WPS 里打开、另存为 .docx 后再上传。"
        ) from error


def _check_entries(package: zipfile.ZipFile) -> None:
    entries = package.infolist()
    if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > LARGEST_OPENED:
        raise BadTemplate("文件展开后过大或零件过多，不像公文模板，没有打开。请新建一个只含版式和占位符的文档。")
    names = [entry.filename.lower() for entry in entries]
    if any(name.startswith("/") or ".." in name.split("/") for name in names):
        raise BadTemplate("文件内部路径不正常，没有打开。请在 Word 里另存为 .docx 后再上传。")
    if any(
        "vbaproject" in name or "/activex/" in name or name.endswith((".bin", ".exe", ".js", ".vbs")) for name in names
    ):
        raise BadTemplate("文件里有宏、控件或嵌入程序，不能作模板。请另存为“Word 文档(.docx)”，不要选“启用宏的文档”。")
    if any("/embeddings/" in name for name in names):
        raise BadTemplate("文件里嵌入了别的文件（如表格对象），不能作模板。请把它改成普通表格或删去。")
    parts = {
        entry.filename: _read(package, entry) for entry in entries if entry.filename.lower().endswith((".xml", ".rels"))
    }
    types = parts.get("[Content_Types].xml", b"")
    if _MAIN_TYPE not in types:
        raise BadTemplate("这不是普通的 Word 文档（可能是 .dotx、.docm 或别的格式）。请另存为“Word 文档(.docx)”。")
    _check_parts(parts)


def _read(package: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """At most what the directory said: a lying entry is cut off, not unpacked."""
    with package.open(entry) as opened:
        data = opened.read(entry.file_size + 1)
    if len(data) > entry.file_size:
        raise BadTemplate("文件内部大小与目录不符，没有打开。请在 Word 里另存为 .docx 后再上传。")
    return data


def _check_parts(parts: dict[str, bytes]) -> None:
    for name, data in parts.items():
        if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
            raise BadTemplate("文件里有外部定义，不能作模板。请在 Word 里新建文档，把内容粘贴过去再存。")
        if name.endswith(".rels"):
            outside = [link for link in _EXTERNAL.findall(data) if b"/hyperlink" not in link]
            if outside or b"aFChunk" in data or b"attachedTemplate" in data:
                raise BadTemplate(
                    "文件里有指向别处的链接（外部图片、挂接的模板或合并的文件），打开时会去取别的内容，不能作模板。"
                    "请断开链接：图片改为嵌入，“加载项”里改用 Normal 模板。"
                )
        elif b"instrText" in data:
            codes = re.findall(rb"<w:instrText[^>]*>([^<]*)<", data)
            if _REACHES_OUT.search(b"".join(codes).decode("utf-8", "ignore")):
                raise BadTemplate("文件里有会取外部内容的域（DDE、INCLUDETEXT 等），不能作模板。请删去这些域。")

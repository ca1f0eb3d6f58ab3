"""Square codes: made for print, and read back from a scan or a photograph."""

from __future__ import annotations

import io
import threading
import time
from collections.abc import Iterator
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium
import segno
import zxingcpp
from PIL import Image, ImageOps, ImageSequence

MAX_PAGES = 60
MAX_PIXELS = 60_000_000  # an A3 page at 600 dpi; more is a mistake or an attack
# A page of a scan is one picture, with the words of a reader of texts perhaps some thousand objects more. Hundreds of thousands of
# lines fit into a file of one kilobyte and keep the machine busy for minutes.
MOST_OBJECTS = 10_000
#: Seconds of the processor that all pages of one PDF may take together.
LONGEST = 20.0
_DEEPEST = 4
_SCALES = (200 / 72, 300 / 72)  # a scan's usual resolution, then a closer look
_QR_ONLY = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
# PDFium may not be entered by two threads at once.
PDFIUM = threading.Lock()
BROKEN = "无法打开这个 PDF。请确认文件没有损坏、没有设置密码，或改传图片。"
HUGE = "扫描件太大。请用 200 至 300 dpi 重新扫描，纸张不大于 A3；手机拍的，请调低照片分辨率再拍。"


class UnreadableScan(ValueError):
    """The file is no image or PDF that can be opened; the message says in Chinese what to do."""


def qr_png(payload: str, *, scale: int = 8) -> bytes:
    """PNG of a square code with error correction M (15 %) and the quiet zone of four modules."""
    target = io.BytesIO()
    _make(payload).save(target, kind="png", scale=scale, border=4)
    return target.getvalue()


def qr_svg(payload: str) -> str:
    """SVG of the same code, sharp at any size; standalone, one path."""
    target = io.BytesIO()
    _make(payload).save(target, kind="svg", border=4, xmldecl=False, nl=False, light="#fff")
    return target.getvalue().decode()


def read_qr(data: bytes) -> list[str]:
    """Texts of all square codes on an image (PNG, JPEG, TIFF …) or a PDF, in page order, each once.

    An empty list means that there is none. Raises UnreadableScan when the file cannot be opened or is too large.
    """
    if data[:1024].lstrip().startswith(b"%PDF"):
        return _read_pdf(data)
    return _unique(text for image in _frames(data) for text in _read_image(image))


def _make(payload: str) -> segno.QRCode:
    return segno.make_qr(payload, error="m", boost_error=False)


def _unique(texts: Iterator[str]) -> list[str]:
    return list(dict.fromkeys(texts))


def _read_image(image: Image.Image) -> list[str]:
    grey = ImageOps.exif_transpose(image).convert("L")
    found = zxingcpp.read_barcodes(grey, formats=_QR_ONLY)
    if not found:
        found = zxingcpp.read_barcodes(ImageOps.autocontrast(grey, cutoff=2), formats=_QR_ONLY)
    return [code.text for code in found if code.valid]


def _frames(data: bytes) -> Iterator[Image.Image]:
    try:
        with Image.open(io.BytesIO(data)) as image:
            for number, frame in enumerate(ImageSequence.Iterator(image)):
                if number >= MAX_PAGES:
                    return
                _refuse_huge(frame.width * frame.height)
                yield frame.copy()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise UnreadableScan(HUGE) from error
    except (OSError, ValueError, SyntaxError) as error:
        if isinstance(error, UnreadableScan):
            raise
        raise UnreadableScan("无法打开这个文件。请上传 PDF、JPG、PNG 或 TIFF 格式的扫描件或照片。") from error


def _read_pdf(data: bytes) -> list[str]:
    with PDFIUM:
        try:
            document = pypdfium2.PdfDocument(data)
        except pypdfium2.PdfiumError as error:
            raise UnreadableScan(BROKEN) from error
        try:
            pages, until = min(len(document), MAX_PAGES), time.thread_time() + LONGEST
            return _unique(text for number in range(pages) for text in _read_page(document, number, until))
        finally:
            document.close()


def refuse_unfit_page(page: pypdfium2.PdfPage) -> None:
    """Raises UnreadableScan for a page that is drawn from more than a scan is. Under the lock."""
    if _crowd(page.raw, pdfium.FPDFPage_CountObjects, pdfium.FPDFPage_GetObject, MOST_OBJECTS, 0) > MOST_OBJECTS:
        raise UnreadableScan("这个 PDF 不是扫描件:一页里有上万个图形。请打印出来扫描，或把这一页另存为图片再传。")


def _crowd(holder: Any, count: Any, get: Any, left: int, depth: int) -> int:
    """How many objects a page or a form on it holds, those of forms inside with it; stops counting beyond ``left``."""
    found = int(count(holder))
    if found > left or depth > _DEEPEST:
        return left + 1
    for place in range(found):
        one = get(holder, place)
        if pdfium.FPDFPageObj_GetType(one) == pdfium.FPDF_PAGEOBJ_FORM:
            found += _crowd(one, pdfium.FPDFFormObj_CountObjects, pdfium.FPDFFormObj_GetObject, left - found, depth + 1)
            if found > left:
                break
    return found


def page_of(document: pypdfium2.PdfDocument, number: int) -> pypdfium2.PdfPage:
    """A page that can be drawn. Raises UnreadableScan. Under the lock."""
    try:
        page = document[number]
    except pypdfium2.PdfiumError as error:
        raise UnreadableScan(BROKEN) from error
    try:
        refuse_unfit_page(page)
    except UnreadableScan:
        page.close()
        raise
    return page


def _read_page(document: pypdfium2.PdfDocument, number: int, until: float) -> list[str]:
    page = page_of(document, number)
    try:
        width, height = page.get_size()
        for scale in _SCALES:
            if time.thread_time() > until:
                raise UnreadableScan("这个 PDF 要读太久。请只留要核对的那几页，或者扫描成图片再传。")
            _refuse_huge(int(width * height * scale * scale))
            found = _read_image(page.render(scale=scale, grayscale=True).to_pil())
            if found:
                return found
        return []
    finally:
        page.close()


def _refuse_huge(pixels: int) -> None:
    if pixels > MAX_PIXELS:
        raise UnreadableScan(HUGE)

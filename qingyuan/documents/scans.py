"""Scans on their way in: a picture is drawn anew from its pixels, so that nothing else it carried comes along.

Where a photograph was taken, with which telephone, its thumbnail, whatever hides behind its last row: all of that is no
part of the page. A PDF is kept as it came, unless it carries programs or other files.
"""

from __future__ import annotations

import io
from typing import Final

import pypdfium2
import pypdfium2.raw as pdfium
from PIL import Image, ImageOps

from qingyuan.documents.qr import BROKEN, HUGE, MAX_PIXELS, PDFIUM, UnreadableScan, page_of

QUALITY: Final = 92  # a signature and a seal at 200 dpi look the same
_PLAIN_MODES: Final = frozenset({"1", "L", "RGB"})


def clean_scan(data: bytes) -> bytes:
    """A PDF as it is, a PNG or JPEG written anew without EXIF, text and colour profile. Raises UnreadableScan."""
    if data.startswith(b"%PDF"):
        _refuse_active(data)
        return data
    return _redrawn(data)


def _redrawn(data: bytes) -> bytes:
    try:
        with Image.open(io.BytesIO(data), formats=("PNG", "JPEG")) as image:
            # Nothing is unpacked yet: the size stands in the head of the file.
            if image.width * image.height > MAX_PIXELS:
                raise UnreadableScan(HUGE)
            kind = image.format
            image.load()
            page = ImageOps.exif_transpose(image)
            page = page if page.mode in _PLAIN_MODES else _on_white(page)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise UnreadableScan(HUGE) from error
    except (OSError, ValueError, SyntaxError) as error:
        if isinstance(error, UnreadableScan):
            raise
        raise UnreadableScan("无法打开这个文件。请上传 PDF、JPG 或 PNG 格式的扫描件或照片。") from error
    # Pixels only: a fresh picture has no «info» that could be written along.
    fresh = Image.frombytes(page.mode, page.size, page.tobytes())
    target = io.BytesIO()
    if kind == "PNG":
        fresh.save(target, "PNG")
    else:
        fresh.convert("RGB" if fresh.mode != "L" else "L").save(target, "JPEG", quality=QUALITY, subsampling=0)
    return target.getvalue()


def _on_white(image: Image.Image) -> Image.Image:
    """Paper is white where a picture is transparent."""
    layered = image.convert("RGBA")
    paper = Image.new("RGBA", layered.size, (255, 255, 255, 255))
    return Image.alpha_composite(paper, layered).convert("RGB")


def _refuse_active(data: bytes) -> None:
    with PDFIUM:
        try:
            document = pypdfium2.PdfDocument(data)
        except pypdfium2.PdfiumError as error:
            raise UnreadableScan(BROKEN) from error
        try:
            page_of(document, 0).close()
            active = pdfium.FPDFDoc_GetJavaScriptActionCount(document) > 0
            carries = pdfium.FPDFDoc_GetAttachmentCount(document) > 0
        finally:
            document.close()
    if active or carries:
        raise UnreadableScan(
            "这个 PDF 里带有程序或附件，不是单纯的扫描件。请用扫描仪重新扫描，或打印成不带附件的 PDF。"
        )

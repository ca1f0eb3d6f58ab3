"""A scan is kept as a picture and as nothing else."""

from __future__ import annotations

import io
import struct
import zlib

import pypdfium2
import pytest
from PIL import Image, ImageDraw
from PIL.PngImagePlugin import PngInfo

from qingyuan.documents.qr import MAX_PIXELS, UnreadableScan, qr_png, read_qr
from qingyuan.documents.scans import clean_scan

SECRET = b"SECRET-CAMERA-0123456789"


def page(mode: str = "RGB") -> Image.Image:
    image = Image.new(mode, (400, 300), "white" if mode != "RGBA" else (255, 255, 255, 0))
    ImageDraw.Draw(image).rectangle((40, 40, 200, 160), fill="black" if mode != "RGBA" else (0, 0, 0, 255))
    return image


def photograph() -> bytes:
    exif = Image.Exif()
    exif[0x010F] = SECRET.decode()  # maker
    exif[0x0112] = 6  # turned
    gps = exif.get_ifd(0x8825)
    gps[2] = (25.0, 5.0, 30.0)
    target = io.BytesIO()
    page().save(target, "JPEG", exif=exif, comment=SECRET, icc_profile=SECRET * 8)
    return target.getvalue() + SECRET


def test_a_photograph_loses_where_and_with_what_it_was_taken() -> None:
    taken = photograph()
    assert SECRET in taken
    kept = clean_scan(taken)
    assert SECRET not in kept
    with Image.open(io.BytesIO(kept)) as image:
        assert not image.getexif() and "icc_profile" not in image.info and "comment" not in image.info
        assert image.size == (300, 400), "it is turned as it was meant to be seen"


def test_a_png_loses_its_texts_and_what_hangs_behind_it() -> None:
    info = PngInfo()
    info.add_text("Author", SECRET.decode())
    target = io.BytesIO()
    page().save(target, "PNG", pnginfo=info)
    kept = clean_scan(target.getvalue() + SECRET)
    assert SECRET not in kept and kept.startswith(b"\x89PNG")
    with Image.open(io.BytesIO(kept)) as image:
        assert image.convert("RGB").getpixel((100, 100)) == (0, 0, 0), "the page itself is the same"


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_kind_of_png_comes_out_readable(mode: str) -> None:
    target = io.BytesIO()
    page("L").convert(mode).save(target, "PNG") if mode != "I;16" else Image.new(mode, (40, 30)).save(target, "PNG")
    with Image.open(io.BytesIO(clean_scan(target.getvalue()))) as image:
        image.load()


def test_a_square_code_is_still_read_and_the_same_scan_gives_the_same_bytes() -> None:
    scan = qr_png("QY1:abc")
    assert read_qr(clean_scan(scan)) == ["QY1:abc"] and clean_scan(scan) == clean_scan(scan)


def bomb(width: int, height: int) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")


@pytest.mark.parametrize("side", [8000, 12_000, 60_000])
def test_a_bomb_is_refused_by_its_head_before_it_is_unpacked(side: int) -> None:
    assert side * side > MAX_PIXELS
    with pytest.raises(UnreadableScan, match=r"太大|无法打开"):
        clean_scan(bomb(side, side))


@pytest.mark.parametrize("data", [b"", b"\xff\xd8\xffbroken", b"\x89PNG\r\n\x1a\nbroken", b"GIF89a", b"%PDF-1.7 broken", photograph()[:400]])
def test_a_broken_or_other_file_is_refused_with_what_to_send(data: bytes) -> None:
    with pytest.raises(UnreadableScan, match="请"):
        clean_scan(data)


def pdf(extra: bytes = b"") -> bytes:
    body = (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R" + extra + b">>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 100 100]>>endobj\n"
        b"4 0 obj<</S/JavaScript/JS(app.alert\\(1\\))>>endobj\ntrailer<</Root 1 0 R>>\n"
    )
    return body


def test_a_plain_pdf_is_kept_as_it_came() -> None:
    document = pypdfium2.PdfDocument.new()
    document.new_page(100, 100)
    target = io.BytesIO()
    document.save(target)
    document.close()
    assert clean_scan(target.getvalue()) == target.getvalue()


def test_a_pdf_with_a_program_or_another_file_in_it_is_refused() -> None:
    with pytest.raises(UnreadableScan, match="程序或附件"):
        clean_scan(pdf(b"/Names<</JavaScript<</Names[(a) 4 0 R]>>>>"))
    document = pypdfium2.PdfDocument.new()
    document.new_page(100, 100)
    document.new_attachment("virus.exe").set_data(b"MZ")
    target = io.BytesIO()
    document.save(target)
    document.close()
    with pytest.raises(UnreadableScan, match="程序或附件"):
        clean_scan(target.getvalue())

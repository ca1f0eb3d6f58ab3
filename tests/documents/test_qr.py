from __future__ import annotations

import io
import random
import struct
import zlib
from collections.abc import Callable

import pytest
from PIL import Image, ImageFilter

from qingyuan.documents import qr
from qingyuan.documents.qr import UnreadableScan, qr_png, qr_svg, read_qr
from qingyuan.documents.scans import clean_scan
from tests.documents import samples


def as_bytes(image: Image.Image, kind: str) -> bytes:
    target = io.BytesIO()
    image.convert("RGB").save(target, kind, **({"quality": 70} if kind == "JPEG" else {}))
    return target.getvalue()


def scanned(page: Image.Image, degrees: float, seed: int = 7) -> Image.Image:
    """The page as a tired office scanner gives it: askew, soft, speckled, greyish."""
    askew = page.convert("L").rotate(degrees, expand=True, fillcolor=240).filter(ImageFilter.GaussianBlur(0.8))
    noise = Image.frombytes("L", askew.size, random.Random(seed).randbytes(askew.width * askew.height))
    return Image.blend(askew, noise, 0.12)


@pytest.mark.parametrize("payload", ["QY1/7Q2M-0XK4-9TBC-1F8A", "云禁毒责〔2023〕5号", "a" * 200])
def test_a_square_code_reads_back(payload: str) -> None:
    assert read_qr(qr_png(payload)) == [payload]


def test_an_svg_of_a_code_holds_no_text_of_the_payload() -> None:
    svg = qr_svg("<script>alert(1)</script>")
    assert svg.startswith("<svg") and "script" not in svg


@pytest.mark.parametrize(("degrees", "kind"), [(0, "PNG"), (2.5, "JPEG"), (-4, "JPEG"), (90, "PNG"), (180, "TIFF")])
def test_the_code_is_read_from_a_scanned_page(pdf_of: Callable, degrees: float, kind: str) -> None:
    document = samples.pledge()
    page = scanned(pdf_of(document).picture(2), degrees)
    assert read_qr(as_bytes(page, kind)) == [document.verification.qr]


def test_the_code_is_read_from_a_scan_kept_as_pdf(pdf_of: Callable) -> None:
    document = samples.pledge()
    paper = pdf_of(document)
    pages = [scanned(paper.picture(number, 150), 1.5).convert("RGB") for number in range(3)]
    target = io.BytesIO()
    pages[0].save(target, "PDF", save_all=True, append_images=pages[1:], resolution=150)
    assert read_qr(target.getvalue()) == [document.verification.qr]


def test_the_code_is_read_from_our_own_pdf(pdf_of: Callable) -> None:
    assert read_qr(pdf_of(samples.circular()).data) == [samples.circular().verification.qr]


def test_several_codes_come_once_each_in_order_of_pages() -> None:
    frames = [Image.open(io.BytesIO(qr_png(text))).convert("RGB") for text in ("乙", "甲", "乙")]
    target = io.BytesIO()
    frames[0].save(target, "TIFF", save_all=True, append_images=frames[1:])
    assert read_qr(target.getvalue()) == ["乙", "甲"]


def test_a_page_without_a_code_gives_none() -> None:
    assert read_qr(as_bytes(Image.new("RGB", (600, 800), "white"), "PNG")) == []


@pytest.mark.parametrize("data", [b"", b"not a picture", b"%PDF-1.7 broken", b"PK\x03\x04docx"])
def test_what_is_no_scan_is_refused_with_advice(data: bytes) -> None:
    with pytest.raises(UnreadableScan, match="无法打开"):
        read_qr(data)


def test_a_picture_of_monstrous_size_is_refused_before_it_is_unpacked() -> None:
    target = io.BytesIO()
    Image.new("1", (9000, 9000)).save(target, "PNG")
    with pytest.raises(UnreadableScan, match="太大"):
        read_qr(target.getvalue())


# --- the worst files ------------------------------------------------------------------------------------------------------
def pdf_file(*objects: bytes) -> bytes:
    """A PDF of numbered objects, the first of which is its catalogue."""
    out, places = io.BytesIO(b"%PDF-1.4\n"), []
    out.seek(0, io.SEEK_END)
    for number, one in enumerate(objects, start=1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, one))
    start = out.tell()
    lines = b"".join(b"%010d 00000 n \n" % place for place in places)
    out.write(b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, lines))
    out.write(b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, start))
    return out.getvalue()


CATALOGUE, LEAF = b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>"


def stream(data: bytes, head: bytes = b"") -> bytes:
    packed = zlib.compress(data, 9)
    return b"<<%s/Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (head, len(packed), packed)


def crowded(lines: int) -> bytes:
    """One page of so many lines across it; a million of them fit into 44 kB and took ten minutes to draw."""
    sheet = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R>>"
    return pdf_file(CATALOGUE, LEAF, sheet, stream(b"0 0 m 595 842 l S\n" * lines))


def crowded_inside(lines: int) -> bytes:
    """The same lines in a form, which counts as one object of the page."""
    sheet = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</XObject<</F 5 0 R>>>>>>"
    form = stream(b"0 0 m 595 842 l S\n" * lines, b"/Type/XObject/Subtype/Form/BBox[0 0 595 842]")
    return pdf_file(CATALOGUE, LEAF, sheet, stream(b"q /F Do Q"), form)


@pytest.mark.parametrize("read", [read_qr, clean_scan])
@pytest.mark.parametrize("bomb", [crowded(200_000), crowded_inside(20_000)])
def test_a_pdf_that_would_be_drawn_for_minutes_is_refused_at_once(bomb: bytes, read: Callable[[bytes], object]) -> None:
    with pytest.raises(UnreadableScan, match="不是扫描件"):
        read(bomb)


def test_a_page_with_the_words_of_a_text_reader_is_a_scan_still() -> None:
    assert read_qr(crowded(800)) == []


@pytest.mark.parametrize("read", [read_qr, clean_scan])
@pytest.mark.parametrize(
    "pages", [b"<</Type/Pages/Kids[]/Count 100000>>", b"<</Type/Pages/Kids[9 0 R]/Count 1>>", b"<</Type/Pages/Kids[2 0 R]/Count 1>>"]
)
def test_a_pdf_whose_pages_are_not_there_is_refused_and_no_crash(pages: bytes, read: Callable[[bytes], object]) -> None:
    with pytest.raises(UnreadableScan, match="无法打开这个 PDF"):
        read(pdf_file(CATALOGUE, pages))


def test_all_pages_together_have_their_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(qr, "LONGEST", -1.0)
    with pytest.raises(UnreadableScan, match="读太久"):
        read_qr(crowded(10))


def claimed(width: int, height: int) -> bytes:
    """A small picture whose head says that it is as large as this."""
    out = io.BytesIO()
    Image.new("L", (60, 40)).save(out, "PNG")
    data = bytearray(out.getvalue())
    struct.pack_into(">II", data, 16, width, height)
    data[29:33] = struct.pack(">I", zlib.crc32(bytes(data[12:29])))
    return bytes(data)


@pytest.mark.parametrize("read", [read_qr, clean_scan])
@pytest.mark.parametrize("side", [12_000, 60_000])
def test_a_photograph_that_is_too_large_says_so_and_not_that_it_is_broken(side: int, read: Callable[[bytes], object]) -> None:
    with pytest.raises(UnreadableScan, match="太大.*手机拍的"):
        read(claimed(side, side * 3 // 4))

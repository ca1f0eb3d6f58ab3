from __future__ import annotations

import io
import random
from collections.abc import Callable

import pytest
from PIL import Image, ImageFilter

from qingyuan.documents.qr import UnreadableScan, qr_png, qr_svg, read_qr
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

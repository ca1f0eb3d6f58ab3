from __future__ import annotations

from collections.abc import Callable

import pypdfium2
import pytest
from PIL import Image

from qingyuan.documents.fonts import font_files
from qingyuan.documents.model import OfficialDocument
from qingyuan.documents.pdf import render_pdf


class Pdf:
    """A PDF as a reader sees it."""

    def __init__(self, data: bytes) -> None:
        self.data = data

    def pages(self) -> list[str]:
        """Text of each page, without white space: where lines break is no matter here."""
        document = pypdfium2.PdfDocument(self.data)
        try:
            return ["".join(page.get_textpage().get_text_range().split()) for page in document]
        finally:
            document.close()

    def text(self) -> str:
        return "".join(self.pages())

    def picture(self, number: int, dpi: int = 200) -> Image.Image:
        document = pypdfium2.PdfDocument(self.data)
        try:
            return document[number].render(scale=dpi / 72).to_pil()
        finally:
            document.close()

    def find(self, number: int, text: str) -> tuple[float, float, float, float]:
        """Left, bottom, right, top of a text on a page, in points from the lower left corner."""
        document = pypdfium2.PdfDocument(self.data)
        try:
            page = document[number].get_textpage()
            index, count = page.search(text).get_next()
            boxes = [page.get_charbox(place) for place in range(index, index + count)]
            return (
                min(box[0] for box in boxes),
                min(box[1] for box in boxes),
                max(box[2] for box in boxes),
                max(box[3] for box in boxes),
            )
        finally:
            document.close()

    def leftmost(self, number: int, mark: str) -> float:
        """Left edge of the mark that stands furthest left on a page; infinite when there is none."""
        document = pypdfium2.PdfDocument(self.data)
        try:
            page = document[number].get_textpage()
            places = [index for index in range(page.count_chars()) if page.get_text_range(index, 1) == mark]
            return min((page.get_charbox(index)[0] for index in places), default=float("inf"))
        finally:
            document.close()


@pytest.fixture
def pdf_of() -> Callable[[OfficialDocument], Pdf]:
    """Renders a PDF; skips, and says so, where the set-up has not fetched the fonts."""
    if not font_files():
        pytest.skip("no fonts in qingyuan/documents/fonts: run python3 run.py setup")
    return lambda document: Pdf(render_pdf(document))

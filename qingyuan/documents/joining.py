"""Several PDF files as one, in order: a stack of letters that goes to the printer at once."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO

import pypdfium2


def joined(files: Iterable[bytes]) -> bytes:
    """One PDF of all pages. Raises pypdfium2's PdfiumError for what is no PDF."""
    whole = pypdfium2.PdfDocument.new()
    try:
        for data in files:
            part = pypdfium2.PdfDocument(data)
            try:
                whole.import_pages(part)
            finally:
                part.close()
        out = BytesIO()
        whole.save(out)
        return out.getvalue()
    finally:
        whole.close()

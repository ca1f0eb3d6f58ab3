"""The text of a letter, block by block, for the screen: as every document is shown."""

from __future__ import annotations

from qingyuan.web.document_parts import Part, parts_of

__all__ = ["Part", "parts_of"]

"""Whether two pictures are the same one, saved anew: 256 signs of a small grey copy, each whether a point is darker than the next.

The signs say nothing that could be seen; no picture can be made from them. Method: the difference hash of Krawetz 2013 at
16 × 16. A page of text is mostly white and many look alike at this size, so only pictures with something in them are told.
"""

from __future__ import annotations

import io
from typing import Final

from PIL import Image, ImageOps

from qingyuan.documents.qr import MAX_PIXELS

SIDE: Final = 16
#: Grey levels (0–255) by which the small copy must spread, and neighbouring points that must differ, to be told from others.
_SPREAD: Final = 24
_MARKED: Final = 96


def signs_of(data: bytes) -> int | None:
    """256 signs of a PNG or JPEG; None for anything else and for what is too plain to be told from other pictures."""
    try:
        with Image.open(io.BytesIO(data), formats=("PNG", "JPEG")) as image:
            if image.width * image.height > MAX_PIXELS:
                return None
            grey = ImageOps.exif_transpose(image).convert("L").resize((SIDE + 1, SIDE), Image.Resampling.BOX)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        return None
    points = grey.tobytes()
    low, high = min(points), max(points)
    pairs = [(points[at], points[at + 1]) for row in range(SIDE) for at in range(row * (SIDE + 1), row * (SIDE + 1) + SIDE)]
    if high - low < _SPREAD or sum(left != right for left, right in pairs) < _MARKED:
        return None
    return sum(1 << place for place, (left, right) in enumerate(pairs) if left > right)

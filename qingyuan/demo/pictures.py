"""Pictures that units of the fictional city lay down as evidence: drawn, of nobody and nowhere, and labelled as fictional."""

from __future__ import annotations

import io
import random

from PIL import Image, ImageDraw, ImageFilter

SIZE = (640, 480)


def photograph(seed: str) -> Image.Image:
    """A notice board in a yard, as shapes: the same seed gives the same picture."""
    chance = random.Random(f"picture {seed}")
    picture = Image.new("RGB", SIZE, (chance.randrange(150, 215), chance.randrange(170, 220), chance.randrange(180, 230)))
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, chance.randrange(300, 360), *SIZE), fill=(chance.randrange(90, 140), chance.randrange(100, 150), 90))
    for _house in range(chance.randrange(3, 6)):
        left, top = chance.randrange(-40, 600), chance.randrange(60, 260)
        fill = tuple(chance.randrange(70, 200) for _ in range(3))
        pen.rectangle((left, top, left + chance.randrange(60, 200), 340), fill=fill)
    for _leaf in range(260):
        left, top, wide = chance.randrange(-10, 630), chance.randrange(-10, 470), chance.randrange(8, 40)
        fill = (chance.randrange(40, 150), chance.randrange(90, 190), chance.randrange(40, 110))
        pen.ellipse((left, top, left + wide, top + wide * 2 // 3), fill=fill)
    board = (chance.randrange(60, 220), chance.randrange(120, 200))
    pen.rectangle((*board, board[0] + 320, board[1] + 180), fill=(150, 40, 40))
    pen.rectangle((board[0] + 14, board[1] + 14, board[0] + 306, board[1] + 166), fill=(240, 236, 220))
    for _note in range(chance.randrange(7, 12)):
        left, top = board[0] + chance.randrange(20, 260), board[1] + chance.randrange(20, 130)
        fill = tuple(chance.randrange(30, 230) for _ in range(3))
        pen.rectangle((left, top, left + chance.randrange(20, 70), top + chance.randrange(14, 50)), fill=fill)
    return picture.filter(ImageFilter.GaussianBlur(1))


def as_taken(seed: str) -> bytes:
    return _saved(photograph(seed), 92)


def handed_on(seed: str) -> bytes:
    """The same picture as a chat program hands it on: smaller and coarser."""
    return _saved(photograph(seed).resize((400, 300)), 70)


def _saved(picture: Image.Image, quality: int) -> bytes:
    target = io.BytesIO()
    picture.save(target, "JPEG", quality=quality)
    return target.getvalue()

"""Made-up files that units lay down: their own photographs, papers handed round, and planted copies, for tests and the benchmark."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping
from random import Random
from typing import Final

from PIL import Image, ImageDraw, ImageEnhance, ImageFilter

from qingyuan.documents.likeness import signs_of
from qingyuan.governance.rules.copies import Copied, Laid, copied

UNITS: Final = 22
SIZE: Final = (320, 240)


def photograph(random: Random, room: Random | None = None) -> Image.Image:
    """Something like a photograph: a background and things before it. ``room``: the same place as another, with other things."""
    place = room or random
    picture = Image.new("RGB", SIZE, tuple(place.randrange(60, 220) for _ in range(3)))
    pen = ImageDraw.Draw(picture)
    for _thing in range(place.randrange(4, 9)):
        _thing_at(pen, place, SIZE[0] // 2)
    for _thing in range(random.randrange(8, 18)):
        _thing_at(pen, random, SIZE[0] // 4)
    return picture.filter(ImageFilter.GaussianBlur(1.5))


def _thing_at(pen: ImageDraw.ImageDraw, random: Random, most: int) -> None:
    left, top = random.randrange(-20, SIZE[0] - 10), random.randrange(-20, SIZE[1] - 10)
    box = (left, top, left + random.randrange(12, most), top + random.randrange(12, most))
    colour = tuple(random.randrange(256) for _ in range(3))
    (pen.ellipse if random.random() < 0.5 else pen.rectangle)(box, fill=colour)


def page_of_text(random: Random) -> Image.Image:
    """A scanned page: dark lines of uneven length on white, which at a small size all look alike."""
    picture = Image.new("RGB", SIZE, (252, 252, 250))
    pen = ImageDraw.Draw(picture)
    for line in range(16, SIZE[1] - 16, 9):
        pen.rectangle((24, line, 24 + random.randrange(120, 272), line + 3), fill=(60, 60, 60))
    return picture


def saved(picture: Image.Image, kind: str = "JPEG", quality: int = 92) -> bytes:
    target = io.BytesIO()
    picture.save(target, kind, **({"quality": quality} if kind == "JPEG" else {}))
    return target.getvalue()


def saved_anew(random: Random, picture: Image.Image) -> bytes:
    """The same picture as a telephone or a chat program would hand it on: smaller, coarser, a little brighter."""
    scale = random.uniform(0.5, 1.0)
    other = picture.resize((int(SIZE[0] * scale), int(SIZE[1] * scale)))
    other = ImageEnhance.Brightness(other).enhance(random.uniform(0.93, 1.07))
    return saved(other, random.choice(("JPEG", "PNG")), random.randrange(55, 95))


def city(seed: int, cheats: Mapping[int, str]) -> list[Laid]:
    """Files of one year. ``cheats``: unit → «copy» (the same bytes for two orders) or «anew» (saved anew for another order)."""
    random = Random(f"copied {seed}")
    handed_round = saved(page_of_text(random), "PNG")
    files: list[Laid] = []
    for unit in range(UNITS):
        room = random.random()
        for matter in range(random.randrange(2, 6)):
            one = saved(photograph(random, Random(room)) if random.random() < 0.4 else photograph(random))
            files.append(_laid(unit, len(files), "order", f"{unit}-{matter}", one))
            if random.random() < 0.5:
                files.append(_laid(unit, len(files), "order", f"{unit}-{matter}", saved(page_of_text(random), "PNG")))
        files.append(_laid(unit, len(files), "order", f"{unit}-round", handed_round))
        # What answered an order is laid down again for the assessment, and once more for another clause of it.
        again = saved(photograph(random))
        for kind, matter in (("order", f"{unit}-last"), ("assessment", str(unit)), ("assessment", str(unit))):
            files.append(_laid(unit, len(files), kind, matter, again))
        if unit in cheats:
            shown = photograph(random)
            first = saved(shown)
            second = first if cheats[unit] == "copy" else saved_anew(random, shown)
            files.append(_laid(unit, len(files), "order", f"{unit}-a", first))
            files.append(_laid(unit, len(files), "order", f"{unit}-b", second))
    return files


def _laid(unit: int, number: int, kind: str, matter: str, data: bytes) -> Laid:
    return Laid(f"{kind}/{unit}-{number}", unit, kind, matter, hashlib.sha256(data).hexdigest(), signs_of(data))


def tally(cities: int, cheats: int = 4) -> tuple[int, int, int, int]:
    """(planted, found, honest, wrongly asked) units over ``cities`` made-up cities."""
    planted = found = honest = wrong = 0
    for seed in range(cities):
        cheating = {unit * 5: ("copy", "anew")[(seed + unit) % 2] for unit in range(cheats)}
        asked: list[Copied] = copied(city(seed, cheating))
        units = {one.unit for one in asked}
        planted += len(cheating)
        found += len(units & set(cheating))
        honest += UNITS - len(cheating)
        wrong += len(units - set(cheating))
    return planted, found, honest, wrong

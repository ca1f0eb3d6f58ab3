"""A recipe (导入配方): which header of a table is which column, what its numbers are in, what it never says. Pure values.

Headers are named by *slots*: the comparable text of the header, with a blank and a count behind the second of the same
text (a comparable text holds no blank). Slots do not depend on where a column stands, so a table whose columns were moved
is still the same table.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from django.utils.translation import gettext as _

from qingyuan.ledgers.columns import Column
from qingyuan.ledgers.kinds import Kind
from qingyuan.ledgers.reading.header import RETURNED_HEADERS, HeaderMatch
from qingyuan.ledgers.reading.levels import shown
from qingyuan.ledgers.reading.numbers import GRAMS
from qingyuan.ledgers.reading.text import key
from qingyuan.ledgers.reading.unreadable import UnreadableFile

IGNORED: Final = ""
"""What stands beside a header that is not to be read."""

_NEVER_COLLECTED: Final = re.compile(r"民族|宗教|信仰|籍贯|风险|评级|人脸|指纹|定位|经度|纬度|坐标")
_OUR_OWN: Final = frozenset(key(text) for text in RETURNED_HEADERS)


class BadRecipe(UnreadableFile):
    """A mapping that cannot be read by; the message says what to change."""


@dataclass(frozen=True)
class Recipe:
    """``columns``: slot → name of the ledger's column, ``IGNORED`` for what is not read; a slot that is not named is
    recognised as ever. ``units``: column → unit of mass of plain numbers. ``defaults``: column → what holds in every
    row, typed as people type it. ``words``: code list → text → code, for tables in another system's own words.
    ``rows``: first and last row of the header where a person pointed at it (1-based), else it is found.
    """

    sheet: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    defaults: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    rows: tuple[int, int] | None = None

    def as_json(self) -> dict[str, Any]:
        """What is stored; the inverse of ``from_json``."""
        return {
            "sheet": self.sheet,
            "columns": dict(self.columns),
            "units": dict(self.units),
            "defaults": dict(self.defaults),
            "words": {name: dict(words) for name, words in self.words.items()},
            "rows": list(self.rows) if self.rows else None,
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Recipe:
        rows = stored.get("rows")
        return cls(
            sheet=stored.get("sheet", ""),
            columns=stored.get("columns", {}),
            units=stored.get("units", {}),
            defaults=stored.get("defaults", {}),
            words=stored.get("words", {}),
            rows=(rows[0], rows[1]) if rows else None,
        )

    @property
    def digest(self) -> str:
        """Equal for tables whose headers are the same, in whatever order."""
        return digest_of(self.columns)


def slots_of(labels: Sequence[str]) -> list[str]:
    """The slot of each header text, in order; empty for a column without one and for the columns our own return adds."""
    seen: Counter[str] = Counter()
    slots = []
    for label in labels:
        text = key(label)
        if not text or text in _OUR_OWN:
            slots.append("")
            continue
        seen[text] += 1
        slots.append(text if seen[text] == 1 else f"{text} {seen[text]}")
    return slots


def text_of(slot: str) -> str:
    """The header text of a slot, without its count."""
    return slot.partition(" ")[0]


def labels_of(header: HeaderMatch) -> list[str]:
    return [shown(path) for path in header.labels]


def digest_of(slots: Iterable[str]) -> str:
    """A digest of a header by its slots; where they stand does not matter."""
    return hashlib.sha256("\x1f".join(sorted(slot for slot in slots if slot)).encode()).hexdigest()


def vocabulary(columns: Sequence[Column], recipe: Recipe) -> tuple[Column, ...]:
    """``columns`` as the reader shall look for them: the texts a recipe gives a column are further aliases of it, and a
    column that a recipe says by default need not be there."""
    texts: dict[str, list[str]] = {}
    for slot, name in recipe.columns.items():
        texts.setdefault(name, []).append(text_of(slot))
    return tuple(
        replace(
            column,
            aliases=(*column.aliases, *texts.get(column.name, ())),
            required=column.required and column.name not in recipe.defaults,
        )
        for column in columns
    )


def applied(recipe: Recipe, header: HeaderMatch, columns: Sequence[Column]) -> HeaderMatch:
    """``header`` with the recipe's word on every column it names."""
    slots = slots_of(labels_of(header))
    claimed = {name for slot in slots if (name := recipe.columns.get(slot))}
    found: dict[int, str] = {}
    for index, slot in enumerate(slots):
        if slot in recipe.columns:
            name = recipe.columns[slot]
        else:
            name = header.columns.get(index, IGNORED)
            name = IGNORED if name in claimed else name
        if name:
            found[index] = name
    known = {column.name for column in columns}
    found = {index: name for index, name in found.items() if name in known}
    named = set(found.values())
    texts = labels_of(header)
    serial = tuple(index for index in header.serial_columns if index not in found)
    return replace(
        header,
        columns=found,
        units={name: unit for name, unit in {**header.units, **recipe.units}.items() if name in named},
        unknown=tuple(
            texts[index]
            for index, slot in enumerate(slots)
            if slot and slot not in recipe.columns and index not in found and index not in serial
            and texts[index] not in header.repeated
        ),
        repeated=tuple(
            text for text in header.repeated if not any(slot in recipe.columns for slot in _slots_with(text, texts, slots))
        ),
        missing_required=tuple(
            column.name
            for column in columns
            if column.required and column.name not in named and column.name not in recipe.defaults
        ),
        serial_columns=serial,
    )


def _slots_with(text: str, texts: Sequence[str], slots: Sequence[str]) -> list[str]:
    return [slot for label, slot in zip(texts, slots, strict=True) if label == text]


def taken_from(
    header_labels: Sequence[str], found: Mapping[int, str], *, sheet: str, units: Mapping[str, str], base: Recipe
) -> Recipe:
    """The recipe of a table as it was read: every header has its column or is not read. ``base`` says the defaults."""
    columns = {
        slot: found.get(index, IGNORED) for index, slot in enumerate(slots_of(header_labels)) if slot
    }
    return Recipe(
        sheet=sheet, columns=columns, units=dict(units), defaults=base.defaults, words=base.words, rows=None
    )


def checked(recipe: Recipe, columns: Sequence[Column]) -> Recipe:
    """The recipe, if it can be read by. Raises BadRecipe: a column chosen twice, a default nobody may give, a header of
    what is not collected, a unit that is none."""
    by_name = {column.name: column for column in columns}
    for slot, name in recipe.columns.items():
        if not name:
            continue
        if name not in by_name:
            raise BadRecipe(_("台账里没有“%(name)s”这一栏,请重新选择。") % {"name": name})
        if never_collected(slot):
            raise BadRecipe(_("“%(header)s”按规定不收集,只能选“不要”。") % {"header": text_of(slot)})
    for name, times in Counter(name for name in recipe.columns.values() if name).items():
        if times > 1:
            header = by_name[name].header
            raise BadRecipe(_("“%(header)s”选了 %(times)s 次,一栏只能对一处。") % {"header": header, "times": times})
    for name, unit in recipe.units.items():
        if name not in by_name or by_name[name].kind != Kind.QUANTITY or unit not in GRAMS:
            raise BadRecipe(_("“%(unit)s”不是能换算的重量单位。") % {"unit": unit})
    for name in recipe.defaults:
        if name not in by_name or not by_name[name].may_default:
            header = by_name[name].header if name in by_name else name
            raise BadRecipe(_("“%(header)s”不能用同一个默认值,要逐行填写。") % {"header": header})
    return recipe


def never_collected(text: str) -> bool:
    """Whether a header asks for what this platform does not keep of anybody (mission line 2)."""
    return bool(_NEVER_COLLECTED.search(text))


def looks_like_data(texts: Sequence[str]) -> bool:
    """Whether a row that shall be a header looks like somebody's data: a date, a number, an ID number, a telephone.

    A header is kept in clear, so a row of names must never be taken for one."""
    return any(re.search(r"\d{5,}|\d+[.\-/年]\d+|^\d+([.,]\d+)?$", "".join(text.split())) for text in texts)


def where_is_the_header(*, most: int, levels: int) -> str:
    return _("表头要在第 1—%(most)s 行里,最多占 %(levels)s 行。") % {"most": most, "levels": levels}


def not_a_header(row: int) -> str:
    return _("第 %(row)s 行不像表头:表头是各栏的名称,没有日期、号码和数据。请看准是第几行。") % {"row": row}

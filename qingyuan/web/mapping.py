"""Which header of a file is which column: the form of it, for a batch that is put right and for a recipe that is changed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from qingyuan.foundation.words import said
from qingyuan.ledgers.declaration import Ledger
from qingyuan.ledgers.importing.recipe import IGNORED, Recipe, never_collected, slots_of
from qingyuan.ledgers.kinds import Kind
from qingyuan.ledgers.presenting import mask_id_number, mask_phone
from qingyuan.reference import catalogue

UNITS = (("g", "克"), ("kg", "千克(公斤)"), ("mg", "毫克"))
_LONG_NUMBER = re.compile(r"\d{11,}[\dXx]?")
_LONGEST_SAMPLE = 24


@dataclass(frozen=True)
class Line:
    """One header of the file. ``closed``: it asks for what is not collected and can only be left out."""

    field: str
    label: str
    chosen: str
    samples: list[str]
    closed: bool


@dataclass(frozen=True)
class Choice:
    value: str
    label: str


@dataclass(frozen=True)
class Given:
    """A column with a value for the whole table: a default, or the unit of its plain numbers. No choices = typed."""

    field: str
    label: str
    value: str
    choices: list[Choice]
    required: bool = False


@dataclass(frozen=True)
class Table:
    lines: list[Line]
    columns: list[Choice]
    units: list[Given]
    defaults: list[Given]

    @property
    def sampled(self) -> bool:
        return any(line.samples for line in self.lines)


def mapping_of(
    ledger: Ledger,
    labels: Sequence[str],
    columns: Mapping[int, str],
    recipe: Recipe,
    on: date,
    samples: Mapping[int, list[str]] | None = None,
) -> Table:
    """The form's contents. ``columns``: index of a header → column it is read as now."""
    slots = slots_of(labels)
    lines = [
        Line(
            field=f"column-{index}",
            label=label,
            chosen=columns.get(index, IGNORED),
            samples=[hidden(text) for text in (samples or {}).get(index, [])],
            closed=never_collected(label),
        )
        for index, (label, slot) in enumerate(zip(labels, slots, strict=True))
        if slot
    ]
    must = _("%(header)s(必填)")
    choices = [
        Choice(column.name, must % {"header": said(column.header)} if column.required else said(column.header))
        for column in ledger.columns
    ]
    return Table(lines, choices, _units(ledger, recipe), _defaults(ledger, recipe, on))


def _units(ledger: Ledger, recipe: Recipe) -> list[Given]:
    words = [Choice("", _("按表头或格子里写的")), *(Choice(value, _("都是%(unit)s") % {"unit": word}) for value, word in UNITS)]
    return [
        Given(f"unit-{column.name}", said(column.header), _known_unit(recipe.units.get(column.name, "")), words)
        for column in ledger.columns
        if column.kind == Kind.QUANTITY
    ]


def _known_unit(unit: str) -> str:
    """A unit as one of the choices: headers say 克, 公斤 or kg for the same."""
    return {"克": "g", "公克": "g", "千克": "kg", "公斤": "kg", "毫克": "mg"}.get(unit, unit)


def _defaults(ledger: Ledger, recipe: Recipe, on: date) -> list[Given]:
    return [
        Given(
            f"default-{column.name}",
            said(column.header),
            recipe.defaults.get(column.name, ""),
            [Choice(code.name_zh, code.said) for code in catalogue.get_list(column.code_list).valid_on(on)]
            if column.code_list
            else [],
            column.required,
        )
        for column in ledger.columns
        if column.may_default
    ]


def recipe_from(
    typed: Mapping[str, str], ledger: Ledger, labels: Sequence[str], base: Recipe, *, rows: tuple[int, int] | None = None
) -> Recipe:
    """The recipe that the form says; not yet checked. ``base`` gives sheet and words. Headers that the form left out
    stay out."""
    columns = {
        slot: typed.get(f"column-{index}", IGNORED).strip() for index, slot in enumerate(slots_of(labels)) if slot
    }
    taken = set(columns.values())
    units = {column.name: typed.get(f"unit-{column.name}", "").strip() for column in ledger.columns}
    defaults = {
        column.name: typed.get(f"default-{column.name}", "").strip()[:60]
        for column in ledger.columns
        if column.may_default and column.name not in taken
    }
    return Recipe(
        sheet=base.sheet,
        columns=columns,
        units={name: unit for name, unit in units.items() if unit and name in taken},
        defaults={name: text for name, text in defaults.items() if text},
        words=base.words,
        rows=rows,
    )


def hidden(text: str) -> str:
    """A sample cell: short, and no whole ID number or telephone in it."""
    text = _LONG_NUMBER.sub(
        lambda found: mask_phone(found.group()) if len(found.group()) == 11 else mask_id_number(found.group()), text
    )
    return text if len(text) <= _LONGEST_SAMPLE else text[:_LONGEST_SAMPLE] + "…"

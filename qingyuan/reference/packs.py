"""Rule packs: values that differ by province or that no national text confirms.

A pack falls back to its parent. A value that is not confirmed stays usable but says so, with its note, wherever it
is shown: the program concludes nothing from it that the law does not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property

from qingyuan.reference.tables import BrokenTable, holds_on, optional_day, read_table

NATIONAL = "national"
_YES_NO = {"yes": True, "no": False}


class UnknownPack(LookupError):
    """No rule pack has this code; the message names those there are."""


class NoValue(LookupError):
    """Neither the pack nor its parents give this value on this day; the message says what the office has to supply."""


@dataclass(frozen=True)
class PackValue:
    pack: str
    key: str
    value: str
    confirmed: bool
    valid_from: date | None
    valid_to: date | None
    article: str
    note: str
    source: str


@dataclass(frozen=True)
class RulePack:
    """``province``: the first two digits of the division codes it is made for; empty for the national one."""

    code: str
    name_zh: str
    parent: str
    province: str
    source: str
    note: str
    values: tuple[PackValue, ...]

    @cached_property
    def _by_key(self) -> Mapping[str, tuple[PackValue, ...]]:
        """The values that say something, by key; a clock asks for many keys that no pack has."""
        found: dict[str, tuple[PackValue, ...]] = {}
        for value in self.values:
            if value.value:
                found[value.key] = (*found.get(value.key, ()), value)
        return found

    def find(self, key: str, on: date) -> PackValue | None:
        """The value in force on the day, from this pack or its nearest parent that has one; blank values count as
        absent."""
        for value in self._by_key.get(key, ()):
            if holds_on(on, value.valid_from, value.valid_to):
                return value
        return get_pack(self.parent).find(key, on) if self.parent else None

    def require(self, key: str, on: date) -> PackValue:
        """Like ``find``.

        Raises:
            NoValue: no pack in the chain gives the value.
        """
        found = self.find(key, on)
        if found is None:
            raise NoValue(f"“{self.name_zh}”没有 {on} 可用的“{key}”，请由禁毒办按本地规定补充并注明依据。")
        return found

    def number(self, key: str, on: date) -> int:
        """A whole number. Raises NoValue; BrokenTable when the cell is not a number."""
        text = self.require(key, on).value
        if not text.isdecimal():
            raise BrokenTable(f"规则“{key}”应为整数，现为“{text}”。")
        return int(text)

    def flag(self, key: str, on: date) -> bool:
        """A yes or no. Raises NoValue; BrokenTable when the cell is neither."""
        text = self.require(key, on).value
        if text not in _YES_NO:
            raise BrokenTable(f"规则“{key}”应为 yes 或者 no，现为“{text}”。")
        return _YES_NO[text]


@cache
def get_pack(code: str = NATIONAL) -> RulePack:
    """The rule pack of this code.

    Raises:
        UnknownPack: there is none.
    """
    for row in read_table("packs"):
        if row["code"] == code:
            return RulePack(
                code, row["name_zh"], row["parent"], row["province"], row["source"], row["note"], _values(code)
            )
    raise UnknownPack(f"没有代码为 {code} 的规则包；现有：{'、'.join(pack_codes())}。")


def pack_of_division(code: str) -> str:
    """The pack of the province a division lies in, the national one where none is shipped for it."""
    return next((row["code"] for row in read_table("packs") if row["province"] and code.startswith(row["province"])), NATIONAL)


def pack_codes() -> tuple[str, ...]:
    return tuple(row["code"] for row in read_table("packs"))


def _values(pack: str) -> tuple[PackValue, ...]:
    return tuple(
        PackValue(
            pack=pack,
            key=row["key"],
            value=row["value"],
            confirmed=_YES_NO[row["confirmed"]],
            valid_from=optional_day(row["valid_from"]),
            valid_to=optional_day(row["valid_to"]),
            article=row["article"],
            note=row["note"],
            source=row["source"],
        )
        for row in read_table("pack_values")
        if row["pack"] == pack
    )

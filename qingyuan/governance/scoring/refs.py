"""Names of inputs: 'indicator:R05.missing', 'return:禁毒3表.到会人数', 'manual', 'manual:瞒报认定'."""

from __future__ import annotations

import re
from dataclasses import dataclass

from qingyuan.governance.scoring.numbers import Part

_INDICATOR = re.compile(r"indicator:(?P<code>\w+)(?:\.(?P<part>\w+))?")
_RETURN = re.compile(r"return:(?P<form>[^.\s]+)\.(?P<cell>[^.\s]+)")
_MANUAL = re.compile(r"manual(?::(?P<name>\S+))?")


class BadInputRef(ValueError):
    """A name that is none of the three forms; says which are."""


@dataclass(frozen=True, slots=True)
class InputRef:
    """`key` is what the caller's Inputs are keyed by ('indicator:R05'); `part` what the clause reads of it
    (a Part, or a part the indicator names itself)."""

    text: str
    key: str
    part: str

    @property
    def source(self) -> str:
        """'indicator', 'return' or 'manual'."""
        return self.key.partition(":")[0]

    @property
    def code(self) -> str:
        return self.key.partition(":")[2]


def parse_ref(text: str, *, clause: str = "", name: str = "") -> InputRef:
    """Read an input's name. A bare 'manual' belongs to its own clause and input: key 'manual:3.1/reason'.

    Raises BadInputRef.
    """
    if match := _INDICATOR.fullmatch(text):
        part = match["part"] or Part.VALUE
        return InputRef(text, f"indicator:{match['code']}", part)
    if match := _RETURN.fullmatch(text):
        return InputRef(text, text, Part.VALUE)
    if match := _MANUAL.fullmatch(text):
        return InputRef(text, f"manual:{match['name'] or f'{clause}/{name}'}", Part.VALUE)
    raise BadInputRef(f"“{text}”不是取数名,请写 indicator:代码.部分、return:表号.单元格 或 manual")

"""Whether a clause or annex is for a unit: by its kind and by its size."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from qingyuan.governance.scoring.numbers import Inputs, plain
from qingyuan.governance.scoring.refs import parse_ref
from qingyuan.governance.scoring.scheme import OnlyFor, Size


@dataclass(frozen=True, slots=True)
class Applies:
    """`yes` is None where it cannot be told; `why` says what is not known, or why not."""

    yes: bool | None
    why: str = ""


_TO_ALL: Final = Applies(True)


def applies_to(only_for: OnlyFor, unit_kind: str, inputs: Inputs) -> Applies:
    """Kinds first, then each size. A size nobody gave leaves it open."""
    if not only_for.unit_kinds and not only_for.sizes:
        return _TO_ALL
    if only_for.unit_kinds:
        if not unit_kind:
            return Applies(None, "不知道单位类别")
        if unit_kind not in only_for.unit_kinds:
            return Applies(False, f"只对{'、'.join(only_for.unit_kinds)}")
    found = [_in_band(size, inputs) for size in only_for.sizes]
    for verdict in (False, None):
        for one in found:
            if one.yes is verdict:
                return one
    return Applies(True)


def _in_band(size: Size, inputs: Inputs) -> Applies:
    ref = parse_ref(size.of)
    number = inputs.get(ref.key)
    amount = None if number is None else number.part(ref.part)
    if amount is None:
        return Applies(None, f"不知道{size.words}")
    low = "" if size.at_least is None else f"{plain(size.at_least)} 以上"
    high = "" if size.below is None else f"不足 {plain(size.below)}"
    inside = (size.at_least is None or amount >= size.at_least) and (size.below is None or amount < size.below)
    return Applies(inside, "" if inside else f"只对{size.words} {'、'.join(filter(None, (low, high)))}的单位")

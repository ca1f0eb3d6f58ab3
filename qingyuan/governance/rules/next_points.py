"""How many points one duty brings that is due anyway: the sheet scored with it done, less the sheet with it missed. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from qingyuan.governance.scoring.numbers import ZERO, Inputs, Number
from qingyuan.governance.scoring.scheme import Scheme
from qingyuan.governance.scoring.score import points_of


def worth(scheme: Scheme, inputs: Inputs, keys: Sequence[str], acts: int, on: date, *, unit_kind: str = "") -> Decimal:
    """What ``acts`` duties counted by the numbers ``keys`` bring together: done, against missed. Never below nothing."""
    if acts < 1:
        return ZERO
    known = [key for key in keys if (number := inputs.get(key)) is not None and _counts(number)]
    done = {**inputs, **{key: _with(inputs[key], acts, acts) for key in known}}
    missed = {**inputs, **{key: _with(inputs[key], 0, acts) for key in known}}
    better = points_of(scheme, done, on, unit_kind=unit_kind).total
    return max(ZERO, better - points_of(scheme, missed, on, unit_kind=unit_kind).total)


def _counts(number: Number) -> bool:
    return number.numerator is not None and number.denominator is not None


def _with(number: Number, done: int, of: int) -> Number:
    """The number with ``of`` more due, ``done`` of them done."""
    missing = None if number.missing is None else number.missing + of - done
    return replace(
        number,
        value=None,
        numerator=(number.numerator or ZERO) + done,
        denominator=(number.denominator or ZERO) + of,
        missing=missing,
        not_available="",
    )

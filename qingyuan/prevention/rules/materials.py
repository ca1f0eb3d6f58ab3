"""Pure rules of the store of publicity materials: a balance never falls below nought."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from qingyuan.foundation.words import Problem
from qingyuan.prevention.enums import Direction
from qingyuan.prevention.rules.common import problem


@dataclass(frozen=True)
class Move:
    """``mark`` tells the caller which slip it is."""

    day: date
    direction: str
    quantity: int
    mark: object = None


@dataclass(frozen=True)
class Shortage:
    """The first slip that takes more than there is: what was there before it."""

    move: Move
    balance: int


def check_move(values: Mapping[str, Any]) -> list[Problem]:
    quantity = values.get("quantity")
    if quantity is not None and quantity <= 0:
        return [problem("quantity", values, _("数量应大于 0;退回的请按相反方向登记一张。"))]
    return []


def balance(moves: Iterable[Move]) -> int:
    """What is in store after all moves."""
    return sum(move.quantity if move.direction == Direction.IN else -move.quantity for move in moves)


def shortage(moves: Iterable[Move]) -> Shortage | None:
    """The first move that the store could not bear, in order of days; what came in on a day was there on that day."""
    stock = 0
    for move in sorted(moves, key=lambda move: (move.day, move.direction != Direction.IN)):
        if move.direction == Direction.IN:
            stock += move.quantity
        elif move.quantity > stock:
            return Shortage(move, stock)
        else:
            stock -= move.quantity
    return None

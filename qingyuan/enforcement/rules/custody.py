"""What became of an exhibit: everything seized was sampled, stored, handed over or destroyed, or it is missing.

Pure arithmetic over the movements of one exhibit in the order in which they happened; no database, no clock.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from django.utils.translation import gettext as _

ZERO = Decimal(0)


class Stage(StrEnum):
    """Codes of reference list ``custody_stages`` that the arithmetic branches on, in the order of one day."""

    SEIZED = "seized"
    SAMPLED = "sampled"
    STORED = "stored"
    COUNTED = "counted"
    TRANSFERRED = "transferred"
    RELEASED = "released"
    DESTROYED = "destroyed"


@dataclass(frozen=True)
class Step:
    """``turn`` orders the steps of one day."""

    stage: Stage
    on: date
    quantity: Decimal
    turn: int = 1


@dataclass(frozen=True)
class Balance:
    """``loose``: seized and not yet in the store. ``stored``: what the store should hold, or held at its last count.

    ``seized + overdrawn`` is always ``sampled + transferred + released + destroyed + stored + loose + missing``. ``missing``
    is what counts found to be gone (found to be too much when negative); ``overdrawn`` what left without having been there.
    """

    seized: Decimal
    sampled: Decimal
    transferred: Decimal
    released: Decimal
    destroyed: Decimal
    stored: Decimal
    loose: Decimal
    missing: Decimal
    overdrawn: Decimal

    @property
    def unaccounted(self) -> Decimal:
        """Seized − sampled − handed over − returned − destroyed − in the store; nought when everything is somewhere."""
        return self.seized - self.sampled - self.transferred - self.released - self.destroyed - self.stored

    @property
    def is_whole(self) -> bool:
        return self.unaccounted == ZERO and self.overdrawn == ZERO and self.missing == ZERO


def in_order(steps: Iterable[Step]) -> list[Step]:
    """As they happened: by day, within a day by turn and stage."""
    return sorted(steps, key=lambda step: (step.on, step.turn, list(Stage).index(step.stage)))


def balance(steps: Iterable[Step]) -> Balance:
    """Follow one exhibit through its steps.

    A sample is taken from what is still loose first, then from the store; whatever else leaves, the other way about.
    """
    seized = loose = stored = missing = overdrawn = ZERO
    out = dict.fromkeys((Stage.SAMPLED, Stage.TRANSFERRED, Stage.RELEASED, Stage.DESTROYED), ZERO)
    for step in in_order(steps):
        quantity = step.quantity
        if step.stage is Stage.SEIZED:
            seized += quantity
            loose += quantity
        elif step.stage is Stage.STORED:
            stored += quantity
            loose -= quantity
            if loose < ZERO:
                overdrawn, loose = overdrawn - loose, ZERO
        elif step.stage is Stage.COUNTED:
            missing += stored - quantity
            stored = quantity
        else:
            out[step.stage] += quantity
            from_store = min(stored, max(quantity - loose, ZERO) if step.stage is Stage.SAMPLED else quantity)
            stored -= from_store
            loose -= quantity - from_store
            if loose < ZERO:
                overdrawn, loose = overdrawn - loose, ZERO
    return Balance(
        seized=seized,
        sampled=out[Stage.SAMPLED],
        transferred=out[Stage.TRANSFERRED],
        released=out[Stage.RELEASED],
        destroyed=out[Stage.DESTROYED],
        stored=stored,
        loose=loose,
        missing=missing,
        overdrawn=overdrawn,
    )


def problem_of(found: Balance, *, on: date, last_step: date, days_to_store: int) -> str:
    """What is wrong with an exhibit, in words that say what to do; "" when nothing is.

    ``days_to_store``: how long something may stay with the officers before it has to be in the store.
    """
    if found.seized == ZERO:
        return _("没有扣押记录:请补登扣押,再登后面的环节。")
    if found.overdrawn > ZERO:
        return _("去向合计比扣押多 %(quantity)s:请核对各环节的数量。") % {"quantity": _text(found.overdrawn)}
    if found.missing > ZERO:
        return _("盘点比账面少 %(quantity)s:请查明去向,报批后补登。") % {"quantity": _text(found.missing)}
    if found.missing < ZERO:
        return _("盘点比账面多 %(quantity)s:请核对入库和取样。") % {"quantity": _text(-found.missing)}
    if found.loose > ZERO and (on - last_step).days > days_to_store:
        return _("还有 %(quantity)s 没有去向:既没有入库,也没有送检、移交或销毁,请核对后补登。") % {
            "quantity": _text(found.loose)
        }
    return ""


def _text(quantity: Decimal) -> str:
    return f"{quantity.normalize():f}"

"""The assessment beside its last sign-off: what has changed since, and whether the year is over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from qingyuan.governance.impact.content import Assessment, assessment, difference, from_json
from qingyuan.governance.models import ImpactSignOff

DAYS_BETWEEN: Final = 366


@dataclass(frozen=True)
class Standing:
    """``changes`` since the last sign-off, a line each; ``due`` = never signed, or more than a year ago, or changed."""

    now: Assessment
    last: ImpactSignOff | None
    changes: tuple[str, ...]
    due: bool
    earlier: tuple[ImpactSignOff, ...]


def standing(on: date) -> Standing:
    signed = list(ImpactSignOff.objects.order_by("-signed_at"))
    now, last = assessment(), signed[0] if signed else None
    changes = tuple(difference(from_json(last.content), now)) if last and last.content_hash != now.digest else ()
    due = last is None or bool(changes) or on - last.signed_on >= timedelta(days=DAYS_BETWEEN)
    return Standing(now, last, changes, due, tuple(signed))


def is_intact(signed: ImpactSignOff) -> bool:
    """Whether what was signed is what stands there."""
    return from_json(signed.content).digest == signed.content_hash

"""A plan as a value: its lines, its digest, what differs from what is there now. Pure but for the signature's key."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from qingyuan.foundation.crypto import blind_index, blind_indexes
from qingyuan.foundation.enums import Compartment

FORMAT: Final = "qingyuan-retention/1"
_PURPOSE: Final = "retention_plan"


class BadPlan(ValueError):
    """The file is no plan, or was changed after it was signed."""


@dataclass(frozen=True, order=True)
class Line:
    """One thing that would happen to one row. ``state``: a digest of what the row is now; ``since``: the day its end was reached."""

    rule: str
    effect: str
    ledger: str
    row_id: UUID
    since: date
    state: str

    def as_json(self) -> dict[str, str]:
        return {
            "rule": self.rule, "effect": self.effect, "ledger": self.ledger, "id": str(self.row_id),
            "since": self.since.isoformat(), "state": self.state,
        }  # fmt: skip


@dataclass(frozen=True, order=True)
class Held:
    """A row whose end was reached and that something holds back."""

    rule: str
    ledger: str
    row_id: UUID
    hold: str


@dataclass(frozen=True)
class Preview:
    """What would happen if it were carried out now, with what is held back and why."""

    on: date
    rules: str
    lines: tuple[Line, ...]
    held: tuple[Held, ...]

    @property
    def counts(self) -> dict[str, int]:
        """By rule."""
        return dict(sorted(Counter(line.rule for line in self.lines).items()))

    @property
    def holds(self) -> dict[tuple[str, str], int]:
        """By rule and hold."""
        return dict(sorted(Counter((one.rule, one.hold) for one in self.held).items()))


def state_of(*parts: object) -> str:
    """A digest of what a row is, short enough to stand in a line."""
    return hashlib.sha256("|".join(str(part) for part in parts).encode()).hexdigest()[:16]


def content_of(preview: Preview) -> dict[str, Any]:
    """The plan as it is kept and signed: ids and counts, no name and no number of anybody."""
    return {
        "format": FORMAT,
        "on": preview.on.isoformat(),
        "rules": preview.rules,
        "counts": preview.counts,
        "held": [{"rule": rule, "hold": hold, "count": count} for (rule, hold), count in preview.holds.items()],
        "lines": [line.as_json() for line in preview.lines],
    }


def digest_of(content: Mapping[str, Any]) -> str:
    """SHA-256 over the content in one form, in hex."""
    return hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def signed(content: Mapping[str, Any]) -> dict[str, Any]:
    """The file: the content with its digest and the city's signature over it."""
    digest = digest_of(content)
    return {"plan": dict(content), "digest": digest, "signature": blind_index(Compartment.INTERNAL, _PURPOSE, digest)}


def read(text: str) -> tuple[dict[str, Any], str]:
    """The content of a plan's file and its digest. Raises BadPlan when it is none, or not as it was signed in this city."""
    try:
        file = json.loads(text)
        content, digest, signature = file["plan"], file["digest"], file["signature"]
        lines_of(content)
    except (ValueError, KeyError, TypeError) as error:
        raise BadPlan("这个文件不是到期处理方案:请用 qingyuan retention preview --out 生成。") from error
    if digest_of(content) != digest or signature not in blind_indexes(Compartment.INTERNAL, _PURPOSE, digest):
        raise BadPlan("这份方案在签出以后被改动过,或者不是本市平台签出的:请重新预览。")
    return content, digest


def lines_of(content: Mapping[str, Any]) -> list[Line]:
    """The lines of a plan in their order. Raises ValueError, KeyError, TypeError for what is none."""
    if content["format"] != FORMAT:
        raise ValueError(content["format"])
    return [
        Line(one["rule"], one["effect"], one["ledger"], UUID(one["id"]), date.fromisoformat(one["since"]), one["state"])
        for one in content["lines"]
    ]


def differences(planned: Sequence[Line], now: Sequence[Line], *, begun: bool) -> list[str]:
    """What of the plan is no longer so, as ``rule id``: lines that are gone or changed and, before anything was carried out, new ones."""
    there = set(now)
    gone = [line for line in planned if line not in there]
    new = [] if begun else [line for line in now if line not in set(planned)]
    return sorted({f"{line.rule} {line.row_id}" for line in (*gone, *new)})

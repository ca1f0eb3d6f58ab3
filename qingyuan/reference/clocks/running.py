"""One clock while its events are replayed: what has happened so far and what has been said about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from qingyuan.reference.clocks.answer import Reason
from qingyuan.reference.clocks.declaration import Clock, DatedTerm
from qingyuan.reference.clocks.events import Event
from qingyuan.reference.clocks.terms import Term, Unit
from qingyuan.reference.packs import PackValue, RulePack

_PACK_PREFIX = "pack:"


@dataclass(slots=True)
class Run:
    """What has been replayed so far."""

    clock: Clock
    pack: RulePack
    started: Event | None = None
    chosen: DatedTerm | None = None
    terms: list[Term] = field(default_factory=list)
    pauses: list[tuple[datetime, datetime | None]] = field(default_factory=list)
    credit: int = 0
    stopped: Event | None = None
    done: Event | None = None
    counts: dict[str, int] = field(default_factory=dict)
    restarts: int = 0
    reasons: list[Reason] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    used: list[PackValue] = field(default_factory=list)
    unconfirmed: bool = False

    def say(self, pattern: str, articles: str = "", **params: Any) -> None:
        self.reasons.append(Reason(pattern, articles, params))

    def value(self, text: str, on: date) -> str:
        """A plain word of the declaration, or the rule-pack value it points to (remembered as used)."""
        if not text.startswith(_PACK_PREFIX):
            return text
        found = self.pack.require(text.removeprefix(_PACK_PREFIX), on)
        self.used.append(found)
        return found.value

    @property
    def by_hour(self) -> bool:
        return bool(self.terms) and self.terms[0].unit is Unit.HOUR

    @property
    def articles(self) -> str:
        """The articles of the chosen length, or of the clock."""
        return (self.chosen.articles if self.chosen else "") or self.clock.articles


def midnight(day: date) -> datetime:
    return datetime.combine(day, time())


def day_of(event: Event) -> str:
    return f"{event.at:%Y-%m-%d %H:%M}" if event.at else event.on.isoformat()

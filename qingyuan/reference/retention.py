"""When what is kept ends: ``data/retention_rules.csv``, one rule a line with its days, its articles and what holds it back. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Final

from qingyuan.foundation.words import in_english, said
from qingyuan.reference import statutes
from qingyuan.reference.daycount import TermUnit, count
from qingyuan.reference.tables import BrokenTable, optional_day, read_table

TABLE: Final = "retention_rules"
SMALLEST: Final = 5
HOLDS: Final = frozenset({"open_measure", "open_case", "open_request"})


class Effect(StrEnum):
    """What happens to what has reached its end."""

    SEAL = "seal"
    DELETE = "delete"
    REVOKE = "revoke"


@dataclass(frozen=True)
class RetentionRule:
    """``after``: how long after its event (None: not known, so the rule never acts). ``valid_from``, ``valid_to``: the days of the
    event on which the rule holds, the last one out. ``confirmed``: the length stands in an official text; else it is the
    platform's own. ``active``: carried out at all. ``people``: it counts people, so that a few of
    them are told to nobody by their number."""

    code: str
    title_zh: str
    title_en: str
    what_zh: str
    effect: Effect
    after: int | None
    unit: TermUnit
    valid_from: date | None
    valid_to: date | None
    articles: str
    holds: frozenset[str]
    people: bool
    confirmed: bool
    active: bool
    note: str
    source: str

    @property
    def said(self) -> str:
        return self.title_en if in_english() else self.title_zh

    @property
    def what(self) -> str:
        return said(self.what_zh)

    def counted(self, count: int) -> str:
        """How many, as a page may say it: one to four people are «<5»."""
        return f"<{SMALLEST}" if self.people and 0 < count < SMALLEST else str(count)

    @property
    def remark(self) -> str:
        return said(self.note)

    @property
    def basis(self) -> str:
        return statutes.describe(self.articles)

    def ends_on(self, event: date) -> date | None:
        """The first day on which the rule acts on what happened on ``event``; None where it never does."""
        outside = (self.valid_from and event < self.valid_from) or (self.valid_to and event >= self.valid_to)
        if not self.active or self.after is None or outside:
            return None
        return event if self.after == 0 else count(event, self.after, self.unit, roll=False).due

    def acts_on(self, event: date, on: date) -> bool:
        """Whether what happened on ``event`` has reached its end by ``on``."""
        ends = self.ends_on(event)
        return ends is not None and ends <= on


@cache
def rules() -> tuple[RetentionRule, ...]:
    """Every rule in the order of the file. Raises BrokenTable."""
    found = tuple(_rule(row) for row in read_table(TABLE))
    if len({one.code for one in found}) != len(found):
        raise BrokenTable(f"{TABLE}.csv 有重复的代码。")
    return found


def rule(code: str) -> RetentionRule:
    return next(one for one in rules() if one.code == code)


def digest(of: Sequence[RetentionRule] | None = None) -> str:
    """SHA-256 of the rules: a plan made under others is not carried out."""
    text = "\n".join(_stable(one) for one in (rules() if of is None else of))
    return hashlib.sha256(text.encode()).hexdigest()


def _stable(one: RetentionRule) -> str:
    """What decides, in an order that is the same in every process (that of a set is not)."""
    return "|".join(str(part) for part in (one.code, one.effect, one.after, one.unit, one.valid_from, one.valid_to, sorted(one.holds), one.active))


def _rule(cells: Mapping[str, str]) -> RetentionRule:
    holds = frozenset(one for one in cells["holds"].split("|") if one)
    if not holds <= HOLDS:
        raise BrokenTable(f"{TABLE}.csv 中 {cells['code']}:不认识的暂缓情形 {'、'.join(sorted(holds - HOLDS))}。")
    statutes.cite_all(cells["articles"])
    made = RetentionRule(
        code=cells["code"],
        title_zh=cells["title_zh"],
        title_en=cells["title_en"],
        what_zh=cells["what_zh"],
        effect=Effect(cells["effect"]),
        after=int(cells["after"]) if cells["after"] else None,
        unit=TermUnit(cells["unit"]),
        valid_from=optional_day(cells["valid_from"]),
        valid_to=optional_day(cells["valid_to"]),
        articles=cells["articles"],
        holds=holds,
        people=cells["people"] == "yes",
        confirmed=cells["confirmed"] == "yes",
        active=cells["active"] == "yes",
        note=cells["note"],
        source=cells["source"],
    )
    if made.active and (made.after is None or not made.source):
        raise BrokenTable(f"{TABLE}.csv 中 {made.code}:启用的规则要有期限和来源。")
    return made

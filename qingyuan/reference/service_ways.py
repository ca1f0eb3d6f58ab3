"""Ways of serving a paper that the law knows, by whose paper it is and on which day: ``data/service_ways.csv``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

from qingyuan.foundation.words import said
from qingyuan.reference import statutes
from qingyuan.reference.tables import BrokenTable, holds_on, optional_day, read_table

#: What a way asks for besides its days; a row of the table that names another is refused.
NEEDS = frozenset({"refusal", "witness", "through", "tracking", "consent", "why", "place"})


class UnknownRegime(LookupError):
    """No papers are served by that set of rules; the message names those there are."""


@dataclass(frozen=True)
class WayOfService:
    """``days``: how long a notice hangs before it counts as service, 0 for other ways. ``confirmed``: the article was read in
    its official text; otherwise the page says that it is still to be checked."""

    way: str
    valid_from: date | None
    valid_to: date | None
    articles: str
    days: int
    needs: frozenset[str]
    confirmed: bool
    rule_zh: str
    source: str

    @property
    def said(self) -> str:
        return said(self.rule_zh)

    @property
    def basis(self) -> str:
        """The articles in the language of the page."""
        return "、".join(statutes.cite(key).said for key in self.articles.split(";"))


def ways_on(regime: str, day: date) -> tuple[WayOfService, ...]:
    """The ways there are on a day, the first to be tried first. Raises UnknownRegime."""
    known = _regimes()
    if regime not in known:
        raise UnknownRegime(f"没有“{regime}”这一类送达规定,已有:{'、'.join(sorted(known))}。")
    return tuple(one for one in known[regime] if holds_on(day, one.valid_from, one.valid_to))


def way_on(regime: str, way: str, day: date) -> WayOfService | None:
    """One way on a day; None where the law does not know it for these papers. Raises UnknownRegime."""
    return next((one for one in ways_on(regime, day) if one.way == way), None)


@cache
def _regimes() -> dict[str, tuple[WayOfService, ...]]:
    found: dict[str, list[WayOfService]] = {}
    for row in read_table("service_ways"):
        needs = frozenset(filter(None, row["needs"].split("|")))
        if not needs <= NEEDS:
            raise BrokenTable(f"service_ways.csv 中“{row['way']}”的 needs 有没见过的词:{'、'.join(sorted(needs - NEEDS))}。")
        if row["days"] and not row["days"].isdigit():
            raise BrokenTable(f"service_ways.csv 中“{row['days']}”应为天数。")
        for key in row["articles"].split(";"):
            statutes.cite(key)
        found.setdefault(row["regime"], []).append(
            WayOfService(
                way=row["way"],
                valid_from=optional_day(row["valid_from"]),
                valid_to=optional_day(row["valid_to"]),
                articles=row["articles"],
                days=int(row["days"] or 0),
                needs=needs,
                confirmed=row["confirmed"] == "yes",
                rule_zh=row["rule_zh"],
                source=row["source"],
            )
        )
    return {regime: tuple(ways) for regime, ways in found.items()}

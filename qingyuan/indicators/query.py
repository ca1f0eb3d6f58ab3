"""A question to the observatory as a frozen value: it can be an address, a cache key and a saved report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any, Final

from django.utils.translation import gettext as _

from qingyuan.foundation.clock import ZONE
from qingyuan.reference.periods import BadPeriod, Period

_NONE: Final = ""


class BadQuery(ValueError):
    """The question cannot be asked; the message says what to change."""


@dataclass(frozen=True)
class IndicatorQuery:
    """Which figure, for which places, for which period, as known when.

    Places are ``division_ids`` themselves, and with ``children_of`` also that division with everything right below it,
    or with ``level`` everything of that level under it (``level="town"``: all towns of a prefecture). Boundaries are those
    of the last day of ``period``, for the comparison periods too, so that like is compared with like.

    ``unit_ids`` instead of places: what these units themselves keep, wherever it happened; only of an indicator that is known
    by unit (``RollUp.units``). The places of the answer are then the units.

    ``as_of``: the day the question is asked; windows that close later are not yet judged. None = today, filled in by
    ``evaluate``. ``as_known_on``: only what was recorded by the end of that day (a datetime: by that moment).
    ``months``: also each month of the period and the same month a year before.
    """

    indicator: str
    period: Period
    division_ids: tuple[int, ...] = ()
    children_of: int | None = None
    level: str = _NONE
    as_of: date | None = None
    as_known_on: date | None = None
    breakdown: str | None = None
    months: bool = False
    unit_ids: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        placed = bool(self.division_ids) or self.children_of is not None
        if self.unit_ids and placed:
            raise BadQuery(_("看单位就不看地方,请只选一种"))
        if not placed and not self.unit_ids:
            raise BadQuery(_("要说明看哪个地方"))
        if self.level and self.children_of is None:
            raise BadQuery(_("按级别列出时要说明在哪个地方之下"))

    def settled(self, today: date) -> IndicatorQuery:
        """The same question with its day filled in, so that it is a complete cache key."""
        if self.as_of is not None:
            return self
        known = self.as_known_on
        return replace(self, as_of=today if known is None else known_day(known))

    @property
    def known_until(self) -> datetime | None:
        """The moment up to which records count, UTC without zone; None = everything recorded."""
        known = self.as_known_on
        if known is None:
            return None
        if not isinstance(known, datetime):
            following = datetime.combine(known + timedelta(days=1), time(), tzinfo=ZONE)
            known = following - timedelta(microseconds=1)
        return known.astimezone(UTC).replace(tzinfo=None)

    @property
    def periods(self) -> tuple[Period, ...]:
        """The asked period first, then the same one last year, then the months of both; each once.

        A period whose last year lies before the calendar of ``Period`` has no comparison.
        """
        return _periods(self.period, self.months)

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON and addresses; defaults are left out."""
        known = self.as_known_on
        full = {
            "indicator": self.indicator,
            "period": str(self.period),
            "division_ids": list(self.division_ids),
            "children_of": self.children_of,
            "level": self.level,
            "as_of": self.as_of.isoformat() if self.as_of else None,
            "as_known_on": known.isoformat() if known else None,
            "breakdown": self.breakdown,
            "months": self.months,
            "unit_ids": list(self.unit_ids),
        }
        return {key: value for key, value in full.items() if value not in (None, _NONE, [], False)}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> IndicatorQuery:
        """The inverse of ``to_dict``.

        Raises:
            BadQuery: a value that cannot be read.
        """
        try:
            return cls(
                indicator=str(data["indicator"]),
                period=Period.parse(str(data["period"])),
                division_ids=tuple(int(item) for item in data.get("division_ids", ())),
                children_of=_optional_int(data.get("children_of")),
                level=str(data.get("level", _NONE)),
                as_of=date.fromisoformat(data["as_of"]) if data.get("as_of") else None,
                as_known_on=_moment(data["as_known_on"]) if data.get("as_known_on") else None,
                breakdown=data.get("breakdown"),
                months=data.get("months") in (True, "1", "true"),
                unit_ids=tuple(int(item) for item in data.get("unit_ids", ())),
            )
        except BadQuery:
            raise
        except (KeyError, TypeError, ValueError) as error:
            raise BadQuery(_("读不懂这个查询：%(reason)s") % {"reason": error}) from None


def known_day(known: date) -> date:
    """The day, in the office's time zone, of an ``as_known_on``."""
    return known.astimezone(ZONE).date() if isinstance(known, datetime) else known


@lru_cache(maxsize=256)
def _periods(period: Period, months: bool) -> tuple[Period, ...]:
    wanted = [period, *_last_year(period)]
    if months:
        each = period.months()
        wanted += [*each, *(before for month in each for before in _last_year(month))]
    return tuple(dict.fromkeys(wanted))


def _last_year(period: Period) -> list[Period]:
    try:
        return [period.same_last_year()]
    except BadPeriod:
        return []


def _optional_int(value: object) -> int | None:
    return None if value is None else int(str(value))


def _moment(text: str) -> date:
    if "T" not in text:
        return date.fromisoformat(text)
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(text)
    return moment

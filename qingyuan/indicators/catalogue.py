"""The indicators there are, and the inputs that a scheme of assessment may name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Final

from django.utils.translation import gettext as _

from qingyuan.indicators.definition import DENOMINATOR, VALUE, Indicator
from qingyuan.indicators.loader import FactNotHere, load_folder
from qingyuan.ledgers import registry
from qingyuan.ledgers.facts import FactTable

DEFINITIONS: Final = Path(__file__).parent / "definitions"
PREFIX: Final = "indicator:"


class UnknownIndicator(LookupError):
    """No indicator file has that code, or its facts are not published in this installation."""


@dataclass(frozen=True)
class InputInfo:
    """One figure a scheme may name as ``indicator:R05`` or ``indicator:R05.missing``.

    ``refusal`` is the sentence to print when a clause, target or bonus names it; empty = it may be scored.
    ``by_unit``: it may be asked of a single unit, so that a member unit's sheet may name it.
    """

    name: str
    indicator: str
    part: str
    label: str
    unit: str
    coercive: bool
    monitor_only: bool
    people: bool
    smallest_count: int
    refusal: str
    by_unit: bool


class Catalogue:
    """Indicator files by code, each with its dated versions, oldest first."""

    def __init__(self, indicators: list[Indicator], unavailable: list[FactNotHere]) -> None:
        versions: dict[str, list[Indicator]] = {}
        for indicator in sorted(indicators, key=lambda item: (item.code, item.valid_from)):
            versions.setdefault(indicator.code, []).append(indicator)
        self._versions = {code: tuple(items) for code, items in versions.items()}
        self.unavailable = {absent.code: str(absent) for absent in unavailable}

    def get(self, code: str, on: date | None = None) -> Indicator:
        """The version of ``code`` in force on ``on`` (the newest without a day, the oldest for days before it).

        Raises:
            UnknownIndicator: with the codes there are.
        """
        versions = self._versions.get(code)
        if versions is None:
            codes = "、".join(self._versions)
            raise UnknownIndicator(_("没有指标 %(code)s。现有：%(codes)s") % {"code": code, "codes": codes})
        begun = [item for item in versions if on is None or item.valid_from <= on]
        return begun[-1] if begun else versions[0]

    def all(self, on: date | None = None) -> list[Indicator]:
        return [self.get(code, on) for code in self._versions]

    def versions(self) -> list[Indicator]:
        """Every dated version of every indicator."""
        return [item for items in self._versions.values() for item in items]

    def inputs(self) -> dict[str, InputInfo]:
        """Every figure by the name a scheme writes."""
        return {info.name: info for indicator in self.all() for info in inputs_of(indicator)}


def catalogue() -> Catalogue:
    """The catalogue over the facts that the rooms of this installation publish."""
    return _loaded(MappingProxyType(registry.facts()), frozenset(registry.facts()))


def get(code: str, on: date | None = None) -> Indicator:
    """The indicator ``code``; raises UnknownIndicator."""
    return catalogue().get(code, on)


def known_inputs() -> dict[str, InputInfo]:
    """``indicator:R05`` (its value) and ``indicator:R05.missing`` (a part), each with unit, label and refusal."""
    return catalogue().inputs()


class _Once:
    """Loads again only when the set of published facts changes (start-up, tests)."""

    def __init__(self) -> None:
        self.key: frozenset[str] | None = None
        self.value: Catalogue | None = None


_once = _Once()


def _loaded(facts: Mapping[str, FactTable], key: frozenset[str]) -> Catalogue:
    if _once.value is None or _once.key != key:
        _once.value, _once.key = Catalogue(*load_folder(DEFINITIONS, facts)), key
    return _once.value


def _refusals() -> tuple[str, str]:
    return (
        _(
            "该数字计的是案件、人员、缴获、决定、阳性或被发现的人，只作态势展示，不得设为目标、得分、奖励或任务，作分母除外。"
        ),
        _("该数字在少查少报时会下降，只作监测，不评好坏，不得计分。"),
    )


def inputs_of(indicator: Indicator) -> list[InputInfo]:
    """Its value and each of its parts, as a scheme may name them."""
    return [_input(indicator, part) for part in (VALUE, *(term.key for term in indicator.terms))]


def _input(indicator: Indicator, part: str) -> InputInfo:
    """``value`` is judged by what it counts; each term, the denominator too, is judged as if it were counted itself."""
    term = indicator.numerator if part == VALUE else indicator.term(part)
    coercive = indicator.coercive if part == VALUE else term.coercive
    monitor_only = indicator.monitor_only and part != DENOMINATOR
    by_count, by_monitoring = _refusals()
    name = PREFIX + indicator.code + ("" if part == VALUE else f".{part}")
    return InputInfo(
        name=name,
        indicator=indicator.code,
        part=part,
        label=indicator.title if part == VALUE else f"{indicator.title}·{term.title}",
        unit=indicator.unit if part == VALUE else term.unit,
        coercive=coercive,
        monitor_only=monitor_only,
        people=indicator.people if part == VALUE else term.people,
        smallest_count=indicator.smallest_count,
        by_unit=indicator.by_unit,
        refusal=by_count if coercive else by_monitoring if monitor_only else "",
    )

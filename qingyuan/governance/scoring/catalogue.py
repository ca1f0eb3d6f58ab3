"""The inputs a scheme may name, and those it may not score."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from qingyuan.governance.scoring.numbers import Part

_JUDGED_BY_FLAGS = frozenset({Part.VALUE, Part.NUMERATOR, Part.DENOMINATOR})


class PartInfo(Protocol):
    """What the observatory says about one part of one indicator; its `part` is 'value' for the figure itself."""

    @property
    def indicator(self) -> str: ...
    @property
    def part(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def unit(self) -> str: ...
    @property
    def coercive(self) -> bool: ...
    @property
    def monitor_only(self) -> bool: ...
    @property
    def people(self) -> bool: ...
    @property
    def refusal(self) -> str: ...
    @property
    def by_unit(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class KnownInput:
    """What the caller knows about one input, keyed like Inputs ('indicator:R05').

    ratio            it has a numerator and a denominator
    coercive         its counted part is a count of cases, seizures, decisions, admissions, positives or people found
    coercive_base    its denominator is such a count (free as a denominator, refused when read as an amount)
    parts            further parts it has, by name, with their titles
    coercive_parts   names of those that are such counts
    refusals         by part, the owner's own sentence for why it may not be scored
    monitor_only     a figure that falls when people look away: shown, never judged
    by_unit          it is known of a single unit and not only of a place
    filed_by         of a cell of a return: the kinds of unit that file it
    """

    key: str
    label: str
    unit: str = ""
    ratio: bool = False
    coercive: bool = False
    coercive_base: bool = False
    monitor_only: bool = False
    people: bool = False
    parts: Mapping[str, str] = field(default_factory=dict)
    coercive_parts: frozenset[str] = frozenset()
    refusals: Mapping[str, str] = field(default_factory=dict)
    by_unit: bool = False
    filed_by: tuple[str, ...] = ()

    def has(self, part: str) -> bool:
        """Whether it has this part: the value always, the parts of a ratio where it is one, and what it names itself."""
        return part == Part.VALUE or part in self.parts or (self.ratio and part in list(Part))

    def part_names(self) -> list[str]:
        """Every part it has, for a writer who named one it has not."""
        return list(dict.fromkeys([*(list(Part) if self.ratio else [Part.VALUE]), *self.parts]))


def known_from(infos: Iterable[PartInfo]) -> dict[str, KnownInput]:
    """The catalogue by key from the observatory's list of parts."""
    by_code: dict[str, dict[str, PartInfo]] = {}
    for info in infos:
        by_code.setdefault(info.indicator, {})[info.part] = info
    return {f"indicator:{code}": _known(f"indicator:{code}", parts) for code, parts in by_code.items()}


def _known(key: str, parts: Mapping[str, PartInfo]) -> KnownInput:
    value = parts[Part.VALUE]
    own = {name: info for name, info in parts.items() if name not in _JUDGED_BY_FLAGS}
    base = parts.get(Part.DENOMINATOR)
    return KnownInput(
        key=key,
        label=value.label,
        unit=value.unit,
        ratio=base is not None,
        coercive=value.coercive,
        coercive_base=base is not None and base.coercive,
        monitor_only=value.monitor_only,
        people=any(info.people for info in parts.values()),
        parts={name: info.label for name, info in own.items()},
        coercive_parts=frozenset(name for name, info in own.items() if info.coercive),
        refusals={name: info.refusal for name, info in parts.items() if info.refusal},
        by_unit=value.by_unit,
    )


def refusal(label: str) -> str:
    """The reason printed wherever a coercive count is refused: as a clause, a target, a bonus or a task."""
    return (
        f"“{label}”数的是案件、缴获、处置、收治、阳性或查获的人。这类数量一旦计分、定指标,就成了对人的摊派,"
        "而且不去查就会变好看,本平台不予采用。请改用过程类指标(如报到率、应检尽检率);它只可以作分母"
    )


def not_of_units(known: KnownInput, kinds: Collection[str]) -> str:
    """Why a member unit's sheet may not read the input; empty where it may. ``kinds``: of the units the clause is for."""
    if known.filed_by:
        if set(kinds) <= set(known.filed_by):
            return ""
        return f"“{known.label}”不是这些单位填的报表,单位没有这个数;请改用本单位填的报表、按单位有数的指标,或者由考核组评定"
    if known.by_unit:
        return ""
    return f"“{known.label}”只按地方有数,单位自己没有这个数,成员单位的考核办法不能用;请改用按单位有数的指标、本单位填的报表,或者由考核组评定"


def refused(known: KnownInput, part: str) -> str:
    """Why this part of the input may not earn or lose points; empty when it may."""
    if part in known.refusals:
        return known.refusals[part]
    if part in known.parts:
        return refusal(known.parts[part]) if part in known.coercive_parts else ""
    if known.coercive_base if part == Part.DENOMINATOR else known.coercive:
        return refusal(known.label)
    if known.monitor_only:
        return f"“{known.label}”只供监测:少看就会变好,不能据以判断好坏,请不要计分"
    return ""

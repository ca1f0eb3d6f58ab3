"""The inputs a scheme may name, and those it may not score."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from qingyuan.governance.scoring.numbers import Part


@dataclass(frozen=True, slots=True)
class KnownInput:
    """What the caller knows about one input, keyed like Inputs ('indicator:R05').

    ratio            it has a numerator and a denominator
    coercive         its counted part is a count of cases, seizures, decisions, admissions, positives or people found
    coercive_base    its denominator is such a count (free as a denominator, refused when read as an amount)
    parts            further parts it has, by name, with their titles
    coercive_parts   names of those that are such counts
    monitor_only     a figure that falls when people look away: shown, never judged
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

    def has(self, part: str) -> bool:
        """Whether it has this part: the value always, the parts of a ratio where it is one, and what it names itself."""
        return part == Part.VALUE or part in self.parts or (self.ratio and part in list(Part))

    def part_names(self) -> list[str]:
        """Every part it has, for a writer who named one it has not."""
        return list(dict.fromkeys([*(list(Part) if self.ratio else [Part.VALUE]), *self.parts]))


def refusal(label: str) -> str:
    """The reason printed wherever a coercive count is refused: as a clause, a target, a bonus or a task."""
    return (
        f"“{label}”数的是案件、缴获、处置、收治、阳性或查获的人。这类数量一旦计分、定指标,就成了对人的摊派,"
        "而且不去查就会变好看,本平台不予采用。请改用过程类指标(如报到率、应检尽检率);它只可以作分母"
    )


def refused(known: KnownInput, part: str) -> str:
    """Why this part of the input may not earn or lose points; empty when it may."""
    if part in known.parts:
        return refusal(known.parts[part]) if part in known.coercive_parts else ""
    if known.coercive_base if part == Part.DENOMINATOR else known.coercive:
        return refusal(known.label)
    if known.monitor_only:
        return f"“{known.label}”只供监测:少看就会变好,不能据以判断好坏,请不要计分"
    return ""

"""One letter's parts as values again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from qingyuan.governance.archive import layout
from qingyuan.governance.archive.findings import Code, Finding
from qingyuan.governance.scoring.numbers import Number
from qingyuan.governance.scoring.problems import SchemeUnreadable
from qingyuan.governance.scoring.structure import from_data
from qingyuan.governance.scoring.tree import ScoreTree

Read = Callable[[str], Any]


@dataclass(frozen=True)
class Letter:
    """What an archive holds of one letter. ``tree`` None and ``few_here`` False: not in this extract."""

    folder: str
    title: str
    scheme: str
    unit_kind: str
    on: date
    numbers: Mapping[str, Number]
    few: frozenset[str]
    tree: ScoreTree | None
    shown: Mapping[str, Any] | None
    evidence: Mapping[str, Mapping[str, Any]]
    facts: Mapping[str, Mapping[str, Sequence[str]]]
    manual: Sequence[Mapping[str, Any]] = field(default_factory=tuple)

    def part(self, name: str) -> str:
        return f"{self.folder}/{name}"


def letter_of(folder: str, title: str, read: Read) -> Letter | Finding:
    """The letter in ``folder``, or the part that keeps it from being read. ``read`` gives a part's data, None without one."""

    def got(name: str) -> Mapping[str, Any]:
        data = read(f"{folder}/{name}")
        return data if isinstance(data, Mapping) else {}

    name = layout.TERMS
    try:
        terms = got(layout.TERMS)
        name = layout.INPUTS
        numbers = _numbers(got(layout.INPUTS))
        if not isinstance(got(layout.INPUTS).get("numbers"), Mapping):
            return Finding(Code.UNREADABLE, f"{folder}/{layout.INPUTS}", "读不出取用的数", title)
        name = layout.INPUTS_FEW
        few = _numbers(got(layout.INPUTS_FEW))
        name = layout.RESULT
        result = got(layout.RESULT).get("tree")
        tree = from_data(ScoreTree, result) if isinstance(result, Mapping) else None
        name = layout.SHOWN
        shown = got(layout.SHOWN).get("tree")
        name = layout.TERMS
        return Letter(
            folder=folder,
            title=title,
            scheme=str(terms["scheme"]),
            unit_kind=str(terms.get("unit_kind", "")),
            on=date.fromisoformat(str(terms["on"])),
            numbers={**numbers, **few},
            few=frozenset(few),
            tree=tree,
            shown=shown if isinstance(shown, Mapping) else None,
            evidence={
                **_table(got(layout.EVIDENCE).get("evidence")),
                **_table(got(layout.EVIDENCE_FEW).get("evidence")),
            },
            facts=_table(got(layout.FACTS).get("facts")),
            manual=[one for one in got(layout.MANUAL).get("entries", []) if isinstance(one, Mapping)],
        )
    except (SchemeUnreadable, ValueError, KeyError, TypeError, ArithmeticError, RecursionError, AttributeError) as error:
        return Finding(Code.UNREADABLE, f"{folder}/{name}", f"读不出来:{str(error)[:120]}", title)


def _numbers(data: Mapping[str, Any]) -> dict[str, Number]:
    numbers = data.get("numbers")
    if not isinstance(numbers, Mapping):
        return {}
    return {str(key): from_data(Number, value) for key, value in numbers.items()}


def _table(value: object) -> Mapping[str, Mapping[str, Any]]:
    if not isinstance(value, Mapping):
        return {}
    return {str(key): item for key, item in value.items() if isinstance(item, Mapping)}

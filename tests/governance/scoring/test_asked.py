"""A kind's declaration asks for exactly what the kind reads: nothing a form cannot say, nothing it asks in vain."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

import pytest

from qingyuan.governance.scoring.asked import Ask, Asked
from qingyuan.governance.scoring.kinds import KINDS
from qingyuan.governance.scoring.rule import Params
from qingyuan.governance.scoring.shipped import published_example, published_examples, shipped, shipped_names

OF = Decimal(10)
SHEETS = [*(("", name) for name in shipped_names()), *(("published", name) for name in published_examples())]


def filled(asks: tuple[Asked, ...], option: int = 0) -> dict[str, object]:
    """Something in every field asked for; of choices the one of that number, or the last."""
    return {key: value for one in asks for key, value in in_one(one, option).items()}


def in_one(one: Asked, option: int) -> dict[str, object]:
    nested = {"kind": "manual", "params": {}}
    values: dict[Ask, object] = {
        Ask.NUMBER: Decimal(1), Ask.TEXT: "x", Ask.LONG: "x", Ask.FLAG: True, Ask.MARK: Decimal(1), Ask.INPUT: "a", Ask.INPUTS: ["a"],
        Ask.RULE: nested, Ask.CHOICE: one.options[min(option, len(one.options) - 1)][0] if one.options else "",
    }  # fmt: skip
    if one.ask is Ask.PART:
        return nested
    if one.ask is Ask.ROWS:
        return {one.name: [filled(one.inside)]}
    if one.ask is Ask.TABLE:
        return {one.name: filled(one.inside)}
    return {one.name: values[one.ask]}


def unknown(kind: str, params: Mapping[str, object]) -> list[str]:
    """Complaints that a parameter is not known to the kind."""
    read = Params(params, ["a"])
    KINDS[kind].read(read, OF)
    return [problem for problem in read.problems if "不认识" in problem and "规则" not in problem]


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_kind_says_in_plain_words_what_it_is_with_an_example(kind: str) -> None:
    assert KINDS[kind].says and KINDS[kind].such_as and KINDS[kind].asks


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_field_asked_for_is_one_the_kind_reads(kind: str) -> None:
    asks = KINDS[kind].asks
    several = [one.name for one in asks if one.ask is Ask.ROWS]
    ways = []
    for option in range(6):
        known = filled(asks, option)
        # A kind that takes one thing or a list of them reads one of the two; some fields belong to one choice.
        alone = {name: value for name, value in known.items() if name not in several}
        ways += [set(unknown(kind, known)), set(unknown(kind, alone))]
    assert set.intersection(*ways) == set()
    assert unknown(kind, {**known, "misspelt": Decimal(1)}), "the kind does not notice what it does not read"


def used_params(asks: tuple[Asked, ...], params: Mapping[str, object], kind: str) -> Iterator[str]:
    """Parameters as written that the declaration does not ask for."""
    by_name = {one.name: one for one in asks}
    part = any(one.ask is Ask.PART for one in asks)
    for name, value in params.items():
        one = by_name.get(name)
        if one is None:
            if not (part and name in {"kind", "params"}):
                yield f"{kind}.{name}"
            continue
        inner = {Ask.ROWS: value if isinstance(value, (list, tuple)) else (), Ask.TABLE: [value]}.get(one.ask, ())
        for row in inner:
            yield from used_params(one.inside, row, f"{kind}.{name}")


@pytest.mark.parametrize(("folder", "name"), SHEETS)
def test_every_parameter_of_a_real_sheet_is_asked_for(folder: str, name: str) -> None:
    scheme = published_example(name) if folder else shipped(name)
    rules = [rule for clause in scheme.clauses() for rule in (clause.rule, *(r.rule for r in clause.readings)) if rule]
    assert rules
    assert [found for rule in rules for found in used_params(KINDS[rule.kind].asks, rule.params, rule.kind)] == []

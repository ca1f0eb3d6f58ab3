"""A rule within a rule: read with its own complaints, evaluated on what the outer rule hands it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

# As a module: the kinds are still being found while the kinds that nest are imported.
import qingyuan.governance.scoring.kinds as kinds
from qingyuan.governance.scoring.rule import Params, Rule

MEASURED = "measured"
"""The name under which a rule that measures something hands it to the rule inside it."""


def read_rule_inside(params: Params, name: str, of: Decimal) -> Rule | None:
    """The rule written as parameter `name`, over what the outer rule measures; None where it cannot be read."""
    kind, data = params.spec(name)
    return _read(kind, params.within(data, "其中", (MEASURED,)), of) if kind else None


def read_part(row: Params, of: Decimal) -> Rule | None:
    """The rule of one part of a composite, over the clause's own inputs: {kind, params} among the part's fields."""
    kind = row.text("kind")
    data = row.optional_table("params")
    return _read(kind, row.within(data, kind), of) if kind else None


def _read(kind: str, own: Params, of: Decimal) -> Rule | None:
    found = kinds.KINDS.get(kind)
    if found is None:
        own.complain(f"规则“{kind}”不认识,现有:{'、'.join(kinds.KINDS)}")
        return None
    if kind == "veto":
        own.complain("否决不能写在别的规则里,请另列一条")
        return None
    return found.read(own, of)


def units_inside(rule: Rule | None) -> str:
    """The unit of the thresholds over what was measured."""
    return "" if rule is None else dict(rule.units()).get(MEASURED, "")


def all_reads(rules: list[Rule]) -> Mapping[str, str]:
    """What several rules read besides amounts."""
    return {name: what for rule in rules for name, what in rule.reads().items()}

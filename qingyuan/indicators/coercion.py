"""Which figures are coercive: counts of cases, suspects, seizures, decisions, positives and people found.

They are shown as situation and may never become a target, a point or a bonus, by whatever formula (mission line 3). A
fact column may be declared coercive by its ledger; a figure that reads such a column in what it counts inherits the mark.
Some facts need no column for that: counting their *rows* is already counting cases or decisions.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from qingyuan.indicators.formula import Formula
from qingyuan.ledgers.facts import FactTable

#: Counting or summing rows of these facts is coercive, unless the term looks at one of the named columns: those are about
#: what the office owes the person (a report taken, an agreement signed), not about how many were decided upon.
COERCIVE_ROWS: Final[Mapping[str, frozenset[str]]] = {
    "cases": frozenset(),
    "seizures": frozenset(),
    "isolation": frozenset(),
    "measures": frozenset({"reported_on", "agreement_on"}),
    "reports_received": frozenset(),
    "parties": frozenset(),
    "penalties": frozenset(),
    "exhibits": frozenset(),
    "linked_crimes": frozenset(),
    "enforcement_tests": frozenset(),
    "operations": frozenset(),
}
#: How a measure ended is a decision about a person: a term that looks at it is coercive whatever else it looks at.
NEVER_FREE: Final[Mapping[str, frozenset[str]]] = {"measures": frozenset({"end_reason"})}
#: Facts whose rows are duties, meetings, returns or count cells; only their coercive columns matter.
FREE_ROWS: Final = frozenset(
    {"tests", "test_dues", "registrations", "population", "meetings", "instructions", "returns", "return_dues"}
    | {"volunteers", "associations", "service_contracts", "staff", "inspections", "wastewater"}
    | {"letters", "targets", "unit_plans", "unit_tasks", "unit_needs", "supervision_orders"}
    # what clinics told of a month: every cell of people is coercive, that they told is not
    | {"treatment_months"}
    # prevention: what was done for the public; what was found on a patch stands in coercive columns
    | {"places", "activities", "schools", "lessons", "materials", "reach_plan", "lesson_plan"}
    | {"patches", "survey_rounds", "survey_plan", "eradications", "awareness_surveys", "safety_surveys"}
)


def counts_coercively(table: FactTable, expression: Formula, where: Formula | None) -> bool:
    """Whether the term counts something coercive. A fact nobody classified is taken to be the stricter kind."""
    read = expression.columns | (where.columns if where is not None else frozenset())
    if any(column.coercive and column.name in read for column in table.columns):
        return True
    if not expression.counts_or_sums or table.name in FREE_ROWS:
        return False
    if table.name in COERCIVE_ROWS:
        return not read & COERCIVE_ROWS[table.name] or bool(read & NEVER_FREE.get(table.name, frozenset()))
    return any(column.coercive for column in table.columns)

"""Values the code branches on."""

from __future__ import annotations

from enum import StrEnum


class PlanOutcome(StrEnum):
    """Codes of reference list ``plan_outcomes``; «missed» is never stored: it is an open window whose last day is past."""

    OPEN = "open"
    DONE = "done"
    CANCELLED = "cancelled"


class Direction(StrEnum):
    """Codes of reference list ``stock_directions``."""

    IN = "in"
    OUT = "out"


SCHOOL = "school"
"""The class of place kinds that a school of the school directory is."""

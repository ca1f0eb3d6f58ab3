"""Values the observatory branches on."""

from __future__ import annotations

from enum import StrEnum


class IndicatorKind(StrEnum):
    """How a figure behaves in time; it decides how facts are chosen for a period and whether figures may be added."""

    FLOW = "flow"  # what happened in the period; adds up over places and months
    STOCK = "stock"  # what stood on the last day; adds up over places, never over months
    DISTINCT = "distinct"  # people or things counted once; adds up over neither
    RATIO = "ratio"  # sum over sum; rolled up by its parts, never by averaging
    MEAN = "mean"
    COHORT = "cohort"
    EXTERNAL = "external"  # from signed returns (上报数), never mixed with computed figures


class Select(StrEnum):
    """Which facts a term reads for a period."""

    IN_PERIOD = "in_period"  # dated inside the period
    IN_FORCE = "in_force"  # intervals open at the end of the period's last day
    DURING = "during"  # intervals open when the period began, or begun in it
    LATEST_IN_PERIOD = "latest_in_period"  # each place's newest count cell of the period
    LATEST_KNOWN = "latest_known"  # each place's newest count cell up to the last day, however old


class Better(StrEnum):
    """Which way is good; NONE is never coloured."""

    UP = "up"
    DOWN = "down"
    NONE = "none"

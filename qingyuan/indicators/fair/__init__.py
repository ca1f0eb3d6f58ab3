"""Which differences between places the numbers can carry; everything else is a tie, or not comparable. Pure."""

from qingyuan.indicators.fair.table import FairTable, Group, Place, Standing, compare, possible_groups

__all__ = ["FairTable", "Group", "Place", "Standing", "compare", "possible_groups"]

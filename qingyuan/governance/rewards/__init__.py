"""Rewards and consequences as data: a table of rules, and what they propose of a published result. Pure."""

from qingyuan.governance.rewards.proposing import Met, NotJudged, Proposal, Standing, Verdict, propose
from qingyuan.governance.rewards.published import PublishedScore
from qingyuan.governance.rewards.table import Kind, Leave, PointsMap, RewardTable, Rule, When

__all__ = [
    "Kind", "Leave", "Met", "NotJudged", "PointsMap", "Proposal", "PublishedScore", "RewardTable", "Rule", "Standing",
    "Verdict", "When", "propose",
]  # fmt: skip

from __future__ import annotations

from enum import StrEnum


class MeasureKind(StrEnum):
    """The two measures carried out in the community (codes of reference list ``measures``)."""

    COMMUNITY_DETOX = "CD"
    COMMUNITY_REHABILITATION = "CR"

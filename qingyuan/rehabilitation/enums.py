from __future__ import annotations

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class MeasureKind(StrEnum):
    """The two measures carried out in the community (codes of reference list ``measures``)."""

    COMMUNITY_DETOX = "CD"
    COMMUNITY_REHABILITATION = "CR"


class AskedFor(models.TextChoices):
    """What a person asks for on their own page."""

    LEAVE = "leave", _("请假外出")
    CORRECTION = "correction", _("更正")


class AskedState(models.TextChoices):
    WAITING = "waiting", _("待答复")
    AGREED = "agreed", _("已同意")
    REFUSED = "refused", _("未同意")

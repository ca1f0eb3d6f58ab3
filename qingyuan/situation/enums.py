"""Values the code branches on."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class CloseState(models.TextChoices):
    """Where the closing of one month of one place stands."""

    ASKED = "asked", _("待批准")
    SENT_BACK = "sent_back", _("已退回")
    CLOSED = "closed", _("已关账")
    REOPENED = "reopened", _("已重开")

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class DueKind(models.TextChoices):
    TEST = "test", _("定期检测")


class Outcome(models.TextChoices):
    """One outcome a due; «missed» is never stored: it is an open due whose window has closed."""

    OPEN = "open", _("待办")
    DONE = "done", _("已完成")
    EXCUSED = "excused", _("合法缺席")
    CANCELLED = "cancelled", _("不再需要")

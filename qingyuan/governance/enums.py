"""Values the code branches on."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class ReturnState(models.TextChoices):
    """A return travels up: draft → submitted → (sent back → draft) → approved by each level → locked."""

    DRAFT = "draft", _("填报中")
    SUBMITTED = "submitted", _("待审核")
    SENT_BACK = "sent_back", _("已退回")
    LOCKED = "locked", _("已锁定")


class ReturnStep(models.TextChoices):
    SUBMIT = "submit", _("报送")
    SEND_BACK = "send_back", _("退回")
    APPROVE = "approve", _("审核通过")
    LOCK = "lock", _("锁定")
    REOPEN = "reopen", _("重新打开")

"""When the office last asked for a return, in words."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _

from qingyuan.governance.enums import ReturnState
from qingyuan.governance.models import Return


def reminder_words(filed: Return) -> str:
    """Empty when it did not, or when what it asked for has come."""
    at = filed.reminded_at
    if at is None or filed.state not in (ReturnState.DRAFT, ReturnState.SENT_BACK):
        return ""
    return _("禁毒办 %(day)s 催报") % {"day": timezone.localtime(at).strftime("%m-%d")}

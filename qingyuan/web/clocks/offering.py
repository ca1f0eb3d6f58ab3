"""The way from a ledger's row to its clocks."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from qingyuan.casework.models import RunningClock
from qingyuan.organisation.actor import Actor
from qingyuan.web.row_acts import RowAct


def acts(_actor: Actor, row: Any) -> list[RowAct]:
    """The row is open to the reader, and its clocks are as open as the row."""
    if not RunningClock.objects.filter(subject_id=row.pk).exists():
        return []
    return [RowAct(_("期限"), f"{reverse('web:clocks')}?row={row.pk}")]

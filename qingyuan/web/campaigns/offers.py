"""A button on the page of a party: the check of ground and exemption before isolation treatment, for who may sign it."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from qingyuan.enforcement.admissions import PARTIES, party_for
from qingyuan.foundation import clock
from qingyuan.organisation.actor import Actor
from qingyuan.web import row_acts


def register() -> None:
    row_acts.offer(PARTIES, _acts)


def _acts(actor: Actor, row: Any) -> list[row_acts.RowAct]:
    if party_for(actor, clock.today(), row.pk) is None:
        return []
    return [row_acts.RowAct(_("收戒核对"), reverse("web:admission-sign", args=(row.pk,)))]

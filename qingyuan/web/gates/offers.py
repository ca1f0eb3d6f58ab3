"""Buttons on the page of a row: the gates through which something of it may pass, for who may sign."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from qingyuan.casework.gates import queries
from qingyuan.casework.gates.table import GATES
from qingyuan.foundation import clock
from qingyuan.organisation.actor import Actor
from qingyuan.web import row_acts


def register() -> None:
    for code in sorted({ledger for gate in GATES for ledger in gate.ledgers}):
        row_acts.offer(code, _acts_of(code))


def _acts_of(code: str) -> Callable[[Actor, Any], list[row_acts.RowAct]]:
    def acts(actor: Actor, row: Any) -> list[row_acts.RowAct]:
        return [
            row_acts.RowAct(
                _("依法移交:%(title)s") % {"title": gate.title},
                f"{reverse('web:gate-new', args=(gate.code,))}?ledger={code}&row={row.pk}",
            )
            for gate in queries.offered_for(actor, code, row, clock.today())
        ]

    return acts

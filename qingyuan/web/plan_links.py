"""From a planned window that is open to the form that answers it: the place, school or patch is filled in already."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext_lazy

from qingyuan.foundation import clock
from qingyuan.ledgers import registry
from qingyuan.ledgers.entering import allowed
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.enums import Action
from qingyuan.web.row_acts import RowAct, offer

#: Plan → the words of its button, the ledger that answers it, which column, and the path to what stands in it.
ANSWERED_BY: Final = {
    "reach_plan": (gettext_lazy("登记活动"), "activities", "place_name", ("place", "name")),
    "lesson_plan": (gettext_lazy("登记专题课"), "lessons", "school_name", ("school", "name")),
    "survey_plan": (gettext_lazy("登记踏查"), "survey_rounds", "patch_code", ("patch", "code")),
}


def offer_all() -> None:
    """Called once, when the pages of the ledgers are loaded."""
    for plan in ANSWERED_BY:
        offer(plan, _acts_of(plan))


def _acts_of(plan: str) -> Callable[[Actor, Any], list[RowAct]]:
    label, ledger, column, (thing, name) = ANSWERED_BY[plan]

    def acts(actor: Actor, row: Any) -> list[RowAct]:
        if row.outcome != "open" or not allowed(registry.get(ledger), actor, Action.CREATE, clock.today()).allowed:
            return []
        known = urlencode({column: getattr(getattr(row, thing), name)})
        return [RowAct(str(label), f"{reverse('web:ledger-new', args=[ledger])}?{known}")]

    return acts

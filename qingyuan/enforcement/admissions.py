"""Reads of signed checks before isolation treatment: the unit that signed them, through the rows of its parties."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django.db.models import QuerySet

from qingyuan.enforcement.models import AdmissionCheck, Party
from qingyuan.foundation import identity
from qingyuan.foundation.enums import Compartment
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.enums import Action
from qingyuan.organisation.scope import visible_to

CODE: Final = "admission-checks"
PARTIES: Final = "parties"


def checks_visible(actor: Actor, on: date, action: Action = Action.READ) -> QuerySet[AdmissionCheck]:
    found = AdmissionCheck.objects.filter(party__voided_at=None).select_related("party__case", "party__unit")
    return visible_to(actor, found, compartment=Compartment.ENFORCEMENT, on=on, ledger=CODE, action=action, sealed=True)


def party_for(actor: Actor, on: date, party_id: Any) -> Party | None:
    """A party of the officer's own unit, to be checked; None for everybody else's."""
    mine = visible_to(actor, Party.objects.select_related("case"), compartment=Compartment.ENFORCEMENT, on=on, ledger=PARTIES, action=Action.CHANGE)
    return mine.filter(pk=party_id).first()


def age_on(party: Party, day: date | None) -> int | None:
    if not party.id_number or day is None:
        return None
    return identity.parse(party.id_number, from_original=True).age_on(day)

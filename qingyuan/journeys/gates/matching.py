"""Whether something that arrived at a town is about one of its own people. The answer goes to the helper and to nobody else.

The sender's number is looked for in the community compartment by this side alone, when a person of this side opens or signs
for the paper; the look is written down, and nothing about it is kept where the sender reads.
"""

from __future__ import annotations

from datetime import date

from qingyuan.casework.gates.queries import INBOX
from qingyuan.casework.models import GateDelivery
from qingyuan.foundation import audit
from qingyuan.foundation.enums import Compartment
from qingyuan.organisation.actor import Actor
from qingyuan.rehabilitation import people, queries
from qingyuan.rehabilitation.models import Client


def own_client(delivery: GateDelivery, by: Actor, on: date, *, path: str) -> Client | None:
    """The client of ``by``'s own whom a delivery is about; None when there is none, or when it is no paper to a town."""
    number = delivery.values.get("id_number", "")
    if delivery.compartment != Compartment.COMMUNITY or not number:
        return None
    found = queries.clients(by, on).filter(id_index__in=people.id_indexes(number)).first()
    audit.record_read(by=by, act="match", ledger=INBOX, row_ids=[delivery.pk], path=path, reason=delivery.gate)
    return found

"""Requests about one's own information, planted for the walk: each side's desk is for that side alone; a plan of what ends names nobody."""

from __future__ import annotations

from datetime import date
from typing import Any

from qingyuan.casework.actions import data_requests as desk
from qingyuan.casework.actions import retention as retention_actions
from qingyuan.casework.actions.data_requests import About
from qingyuan.casework.enums import Asked, AskedBy, Asker
from qingyuan.foundation.enums import Compartment
from qingyuan.journeys.desk import collecting
from qingyuan.rehabilitation.actions import own_page
from qingyuan.rehabilitation.enums import AskedFor
from tests.cast import TODAY, id_number

#: Of each desk: whom a request is about, the serial of the number, and who reads it.
ASKING = {
    "supervisor": ("亍问龙", 551, ("supervisor",)),
    "stranger": ("厍问石", 552, ("stranger",)),
    "officer": ("佴问警", 553, ("officer",)),
    "doctor": ("妫问医", 554, ("doctor",)),
    "clerk": ("笪问办", 555, ("clerk",)),
}


def plant_desk(planted: Any) -> None:
    """A request at each desk, one of them collected, one passed on to the police; what somebody asked on the own page; a plan."""
    city = planted.city
    for who, (name, serial, readers) in ASKING.items():
        by, number = city.actor(who), id_number(serial)
        about = About(name, number, contact=f"暗址{name[0]}", words=f"暗求{name[0]}")
        made = desk.receive(kind=Asked.COPY, asker=Asker.SELF, came_by=AskedBy.LETTER, received_on=date(2022, 11, 1), about=about, by=by)
        made = desk.identify(request=made, seen=["id_card"], words=f"暗证{name[0]}", by=by)
        planted.data_requests.append(collecting.collect(request=made, by=by, path="/requests/"))
        for text in (name[0], number, f"暗址{name[0]}", f"暗求{name[0]}", f"暗证{name[0]}"):
            planted.hide(text, "somebody who asks about the own information", *readers)
    client = next(one for one in planted.clients.values() if one.caseworker_id == city.accounts["caseworker"].pk)
    own_page.ask(client=client, asked_for=AskedFor.CORRECTION, words="暗更正")
    planted.hide("暗更正", "what somebody asked on the own page", "caseworker", "supervisor")
    line = {"rule": "COPY", "effect": "delete", "ledger": "data-requests", "id": str(made.pk), "since": TODAY.isoformat(), "state": "x"}
    content = {"format": "qingyuan-retention/1", "on": TODAY.isoformat(), "rules": "x", "counts": {"COPY": 1}, "held": [], "lines": [line]}
    planted.retention_plans.append(retention_actions.propose(content=content, digest="d" * 64, planned_for=TODAY, by=city.actor("security")))
    assert made.compartment == Compartment.INTERNAL

"""People of the fictional city who ask what is kept about them: one request of each kind, each at another step, by the doors offices use."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final

from qingyuan.casework.actions import data_requests as desk
from qingyuan.casework.actions.data_requests import About, Decided
from qingyuan.casework.enums import Asked, AskedBy, Asker, HandedOver, Verdict
from qingyuan.casework.models import DataRequest
from qingyuan.demo.loading import keeper
from qingyuan.foundation import clock
from qingyuan.foundation.enums import Compartment
from qingyuan.journeys.desk import answering, collecting, copying
from qingyuan.ledgers import registry
from qingyuan.ledgers.queries import rows
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.models import Unit
from qingyuan.rehabilitation.actions import own_page
from qingyuan.rehabilitation.enums import AskedFor

TOWN, OFFICE = "longdong", "office"
PATH: Final = "/requests/"


def ask() -> list[DataRequest]:
    """Copy (handed over), correction (from the own page, to be identified), deletion (collected, to be decided), explanation (decided,
    to be handed over), of somebody who has died (identified), and a copy asked at the office, passed on to a town and the clinics."""
    town = keeper(TOWN)
    measures = _measures(town)
    one, two, three, four, five, six = (next(measures) for _ in range(6))
    copied = _answered(_collected(_asked(Asked.COPY, one, town, 9), town), town)
    own = own_page.ask(client=two.client, asked_for=AskedFor.CORRECTION, words="联系电话换了,原来的停机。")
    corrected = collecting.from_own_page(asked=own, by=town)
    deleted = _collected(_asked(Asked.DELETE, three, town, 6, words="已经解除,请删除检测记录。"), town)
    explained = _decided(_collected(_asked(Asked.EXPLAIN, four, town, 4), town), town)
    kin = _asked(Asked.DECEASED, five, town, 2, asker=Asker.KIN, asker_name="家属")
    kin = desk.identify(request=kin, seen=["id_card", "kinship", "death"], words="", by=town)
    return [copied, corrected, deleted, explained, kin, _passed_on(six)]


def _measures(town: Actor) -> Iterator[Any]:
    ledger, seen = registry.get("measures"), set[Any]()
    for row in ledger.with_related(rows(ledger, town, clock.today())).filter(unit_id=town.unit_id).order_by("decided_on", "pk"):
        if row.client_id not in seen:
            seen.add(row.client_id)
            yield row


def _asked(
    kind: Asked, row: Any, by: Actor, days_ago: int, *, words: str = "", asker: Asker = Asker.SELF, asker_name: str = ""
) -> DataRequest:
    about = About(row.client.name, row.client.id_number, asker_name=asker_name, words=words)
    day = clock.today() - timedelta(days=days_ago)
    return desk.receive(kind=kind, asker=asker, came_by=AskedBy.IN_PERSON, received_on=day, about=about, by=by)


def _collected(request: DataRequest, by: Actor) -> DataRequest:
    held = desk.identify(request=request, seen=["id_card"], words="", by=by)
    return collecting.collect(request=held, by=by, path=PATH)


def _decided(request: DataRequest, by: Actor) -> DataRequest:
    given = {item.pk: Decided(Verdict.GIVEN) for item in desk.items_of(request)}
    return copying.make(request=desk.decide(request=request, decided=given, by=by), by=by)


def _answered(request: DataRequest, by: Actor) -> DataRequest:
    made, way, on = _decided(request, by), HandedOver.IN_PERSON, clock.today()
    done = desk.hand_over(request=made, way=way, on=on, seen=["id_card"], words="", by=by)
    answering.served(done, way=way, on=on, words="", by=by)
    return done


def _passed_on(row: Any) -> DataRequest:
    """Asked at the office, which keeps nothing of it and passes it on as the person wishes."""
    office = keeper(OFFICE)
    held = desk.identify(request=_asked(Asked.COPY, row, office, 3), seen=["id_card"], words="", by=office)
    towns = [Unit.objects.get(code=TOWN).pk]
    desk.pass_on(request=held, sides=[Compartment.TREATMENT], units=towns, wished=True, by=office)
    return held

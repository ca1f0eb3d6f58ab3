"""What everybody is asked about somebody whose control has ended: lists and files with questions meant to bring the person out.

Cheaper than the whole walk: of the addresses with gaps only those are asked that name the person or a row of theirs, and a list is
questioned only by who may open it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from qingyuan.casework.models import ClockEvent, Due, RunningClock, ServedPaper
from qingyuan.ledgers import registry
from qingyuan.rehabilitation.actions.controls import OF_PERSON
from qingyuan.rehabilitation.models import Client, OwnRequest
from tests.cast import id_number
from tests.census.urls import Address, addresses
from tests.security.planted import FUDONG, SERIALS
from tests.security.walker import Visitor, url_of

OPENED = 200
#: Routes whose lists, files or figures hold rows of people under measures, or could; forms to be filled in hold none.
OF_PEOPLE = ("people/", "search/", "dues/", "clocks/", "serving/", "handovers/", "audit/", "rights/", "draws/", "gates/", "emergency/", "imports/",
             "ledgers/", "indicators/", "today/")  # fmt: skip
OF_PROGRAMS = "api/v1/ledgers/"
#: Ledgers of others' rows: one stands for all.
OTHERS = ("cases",)
#: What costs most and says the same as another address: for those who read the person alone.
DEAR = ("today/all", "indicators/")
#: For those who never read the person, two ledgers stand for all: one policy line speaks for the whole compartment.
STAND_FOR_ALL = ("measures", "controls")


def asked_about(client: Client, rows: list[UUID], *, thoroughly: bool) -> list[dict[str, str]]:
    """Questions as a reader types them, as a page makes them, and as a program sends them; ``thoroughly``: one by one too, since
    one filter may empty what another would have shown."""
    number = id_number(SERIALS[FUDONG])
    named = {"q": FUDONG, "when": "all", "show": "all", "state": "all", "voided": "true"}
    keys = {"ids": ",".join(map(str, rows[:40])), "person": str(client.pk), "client": str(client.pk), "row": str(rows[0]), "when": "all"}
    behind = {"indicator": "R05", "part": "done", "period": "2022-01..2022-11", "division": "999981101000", "sort": "-name", "ledger": "measures"}
    if not thoroughly:
        return [{"q": number, **keys}]
    return [named, {"q": number, "when": "all"}, {"q": FUDONG[0], "show": "all"}, keys | behind]


def rows_of(client: Client) -> dict[str, list[UUID]]:
    """Every row of the person by ledger, whatever the managers leave out."""
    found = {code: registry.get(code).model._base_manager.filter(client_id=client.pk) for code in OF_PERSON}
    return {code: list(rows.values_list("pk", flat=True)) for code, rows in found.items() if rows.exists()}


def walk_after_exit(visitor: Visitor, client: Client, *, thoroughly: bool) -> None:
    rows = rows_of(client)
    flat = [row for some in rows.values() for row in some]
    questions = asked_about(client, flat, thoroughly=thoroughly)
    if not thoroughly:
        rows = {code: some[:1] for code, some in rows.items() if code in STAND_FOR_ALL}
        flat = flat[:1]
    for address in addresses():
        if not _of_people(address, [*rows, *OTHERS]) or (not thoroughly and address.route.startswith(DEAR)):
            continue
        for kwargs in _ways(address, client, rows, flat):
            url = url_of(address, kwargs)
            answer = visitor.ask(url)
            visitor.judge(url, answer)
            if answer.status_code == OPENED and _is_list(address, kwargs):
                for question in questions:
                    visitor.read(url_of(address, kwargs, question))


def _of_people(address: Address, ledgers: list[str]) -> bool:
    if address.route.startswith(OF_PROGRAMS):
        return address.route[len(OF_PROGRAMS) :].split("/")[0] in ledgers
    return address.route.startswith(OF_PEOPLE) and "/new/" not in address.route


def _is_list(address: Address, kwargs: dict[str, Any]) -> bool:
    """Whether an address takes questions; «today» has none about a person, its files least of all."""
    return not address.route.startswith("today/") and (not address.gaps or ("code" in kwargs and "row_id" not in kwargs))


def _ways(address: Address, client: Client, rows: dict[str, list[UUID]], flat: list[UUID]) -> Iterator[dict[str, Any]]:
    """The gaps of an address filled with the person's own objects; nothing for those that are about something else."""
    gaps = address.gaps
    if not gaps:
        yield {}
        return
    own: dict[str, list[Any]] = {
        "client_id": [client.pk],
        "person_id": [client.pk],
        "row_id": flat[:3],
        "due_id": list(Due.objects.filter(person=str(client.pk)).values_list("pk", flat=True)[:1]),
        "clock_id": list(RunningClock.objects.filter(subject_id__in=flat).values_list("pk", flat=True)[:2]),
        "event_id": list(ClockEvent.objects.filter(clock__subject_id__in=flat).values_list("pk", flat=True)[:1]),
        "served_id": list(ServedPaper.objects.filter(subject_id__in=flat).values_list("pk", flat=True)[:2]),
        "asked_id": list(OwnRequest.objects.filter(client=client).values_list("pk", flat=True)[:1]),
        "code": [*rows, *OTHERS] if "ledger" in address.route else ["R05"],
        "ledger": list(rows)[:2],
        "name": ["name", "id_number"],
        "suffix": ["pdf"],
        "kind": ["xlsx"],
    }
    if any(gap not in own for gap in gaps):
        return
    if gaps[:2] == ("code", "row_id"):
        for code, some in rows.items():
            yield {"code": code, "row_id": some[0]} | ({"name": "name"} if "name" in gaps else {})
        return
    if len(gaps) == 1:
        yield from ({gaps[0]: value} for value in own[gaps[0]])
    elif all(own[gap] for gap in gaps):
        yield {gap: own[gap][0] for gap in gaps}

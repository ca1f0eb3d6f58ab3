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
#: Routes whose lists, files or figures hold rows of people under measures, or could.
OF_PEOPLE = ("people", "ledgers", "search", "dues", "clocks", "serving", "indicators", "figures", "today", "handovers", "audit", "rights", "draws",
             "situation", "api/v1", "gates", "emergency", "export", "imports", "orders", "papers")  # fmt: skip
#: Ledgers of others' rows: one stands for all.
OTHERS = ("cases",)


def asked_about(client: Client, rows: list[UUID]) -> list[dict[str, str]]:
    """Questions as a reader types them, as a page makes them, and as a program sends them."""
    number = id_number(SERIALS[FUDONG])
    return [
        {"q": FUDONG},
        {"q": number, "when": "all"},
        {"q": FUDONG[0], "show": "all", "when": "all", "state": "all"},
        {"when": "all", "show": "all", "sort": "-name", "period": "2022", "format": "json"},
        {"ids": ",".join(map(str, rows[:40])), "when": "all"},
        {"person": str(client.pk), "client": str(client.pk), "row": str(rows[0]), "ledger": "measures", "since": "2000-01-01"},
        {"indicator": "R05", "part": "done", "period": "2022-01..2022-11", "division": "999981101000", "voided": "true"},
    ]


def rows_of(client: Client) -> dict[str, list[UUID]]:
    """Every row of the person by ledger, whatever the managers leave out."""
    found = {code: registry.get(code).model._base_manager.filter(client_id=client.pk) for code in OF_PERSON}
    return {code: list(rows.values_list("pk", flat=True)) for code, rows in found.items() if rows.exists()}


def walk_after_exit(visitor: Visitor, client: Client) -> None:
    rows = rows_of(client)
    flat = [row for some in rows.values() for row in some]
    questions = asked_about(client, flat)
    for address in addresses():
        for number, kwargs in enumerate(_ways(address, client, rows, flat)):
            url = url_of(address, kwargs)
            answer = visitor.ask(url)
            visitor.judge(url, answer)
            if answer.status_code != OPENED or not _is_list(address, kwargs, number):
                continue
            for question in questions:
                visitor.read(url_of(address, kwargs, question))


def _is_list(address: Address, kwargs: dict[str, Any], number: int) -> bool:
    return address.route.startswith(OF_PEOPLE) and (not address.gaps or "code" in kwargs and "row_id" not in kwargs)


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

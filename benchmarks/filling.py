"""Fills ledgers past the importer, through the same bulk path (``foundation/bulk.py``); after ``standing.use``."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.db import connection, transaction

from qingyuan.enforcement.models import Case
from qingyuan.foundation import bulk, clock
from qingyuan.foundation.crypto import blind_index_many
from qingyuan.foundation.enums import Compartment
from qingyuan.foundation.ids import new_ids
from qingyuan.foundation.planning import refresh_statistics
from qingyuan.ledgers import queries, registry
from qingyuan.organisation.actor import actor_of
from qingyuan.organisation.models import Account, Division
from qingyuan.rehabilitation.models import Client, CommunityTest, Measure

CHUNK = 5_000
TODAY = date(2022, 11, 23)
CHANCE = random.Random(50_000)


def store(*lots: bulk.Lot) -> None:
    with transaction.atomic():
        bulk.store(*lots)


def ledger_rows(model: type[Any], code: str, compartment: Compartment, columns: dict[str, Sequence[Any]]) -> list[Any]:
    """Stores rows of a ledger, with keys of their own; returns their ids."""
    count = len(next(iter(columns.values())))
    ids = new_ids(count)
    row: dict[str, Sequence[Any] | bulk.Each] = {
        **columns,
        "id": ids,
        "key": blind_index_many(compartment, f"key:{code}", [str(one) for one in ids]),
        "recorded_at": bulk.Each(clock.now()),
    }
    store(bulk.prepare(model, count, row))
    return ids


def quickly() -> None:
    """Only while a city is filled: the page times are taken with the city's settings."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous=OFF")
            cursor.execute("PRAGMA cache_size=-400000")


def a_day(years: int = 10) -> date:
    return TODAY - timedelta(days=CHANCE.randrange(1, 365 * years))


def cases(first: int, count: int, unit_id: int, places: Sequence[Any]) -> None:
    """``count`` cases of one police unit, numbered from ``first``."""
    filed = [a_day() for _one in range(count)]
    columns: dict[str, Sequence[Any]] = {
        "number": [f"A5399{first + n:09d}" for n in range(count)],
        "title": ["某某贩卖毒品案"] * count,
        "case_kind": [CHANCE.choice(("criminal", "administrative")) for _one in range(count)],
        "offence": [CHANCE.choice(("CL347", "CL348")) for _one in range(count)],
        "drug_main": [CHANCE.choice(("", "OP01")) for _one in range(count)],
        "filed_on": filed,
        "cracked_on": filed,
        "division_id": [CHANCE.choice(places).pk for _one in range(count)],
        "unit_id": [unit_id] * count,
    }
    ledger_rows(Case, "cases", Compartment.ENFORCEMENT, columns)


def tests(count: int, measures: Sequence[Any]) -> None:
    """``count`` tests of the people under ``measures``."""
    chosen = [CHANCE.choice(measures) for _one in range(count)]
    columns: dict[str, Any] = {
        **_where(chosen),
        "measure_id": [measure.pk for measure in chosen],
        "tested_on": [a_day() for _one in range(count)],
        "sample": bulk.Each("urine"),
        "result": [CHANCE.choice(("negative",) * 30 + ("positive",)) for _one in range(count)],
        "purpose": bulk.Each("scheduled"),
        "testers": [["李秀", "王平"]] * count,
    }
    ledger_rows(CommunityTest, "tests", Compartment.COMMUNITY, columns)


def measures(count: int, others: Sequence[Any]) -> None:
    """``count`` measures, long ended, of the people of ``others``."""
    begins = [TODAY - timedelta(days=CHANCE.randrange(1100, 3650)) for _one in range(count)]
    ends = [day + timedelta(days=1095) for day in begins]
    columns: dict[str, Any] = {
        **_where([CHANCE.choice(others) for _one in range(count)]),
        "kind": [CHANCE.choice(("CD", "CR")) for _one in range(count)],
        **dict.fromkeys(("decided_on", "served_on", "reported_on"), begins),
        "ends_on": ends,
        "ended_on": ends,
        "end_reason": bulk.Each("expired"),
    }
    ledger_rows(Measure, "measures", Compartment.COMMUNITY, columns)


def _where(rows: Sequence[Any]) -> dict[str, list[Any]]:
    return {
        "division_id": [row.division_id for row in rows],
        "unit_id": [row.unit_id for row in rows],
        "client_id": [row.client_id for row in rows],
    }


def fill_up(code: str, username: str, rows: int) -> None:
    """Add rows of the account's unit to the ledger ``code`` until there are ``rows`` of them."""
    unit_id = Account.objects.get(username=username).unit_id
    held = registry.get(code).model.objects.filter(unit_id=unit_id).count()
    people = list(Measure.objects.filter(unit_id=unit_id)[:5_000])
    places = list(Division.objects.filter(level="town"))
    quickly()
    while held < rows:
        count = min(CHUNK, rows - held)
        if code == "cases":
            cases(held, count, unit_id, places)
        elif code == "tests":
            tests(count, people)
        else:
            measures(count, people)
        held += count
    refresh_statistics()  # as the worker beside the web server does every hour
    connection.close()
    print(f"{code}: {held} rows of {username}", flush=True)


def a_row(code: str, username: str) -> Any:
    ledger, actor = registry.get(code), actor_of(Account.objects.get(username=username), TODAY)
    return queries.rows(ledger, actor, TODAY).order_by("pk").values_list("pk", flat=True).first()


def a_search(code: str, username: str) -> str:
    """What is looked for by the blind index, or a number of a case."""
    if code == "cases":
        return "A5399000000777"
    unit_id = Account.objects.get(username=username).unit_id
    return str(Client.objects.filter(unit_id=unit_id).order_by("pk")[7].id_number)


def a_place(code: str) -> str:
    level, name = ("town", "") if code == "cases" else ("village", "999981101")
    place = Division.objects.filter(level=level, code__startswith=name).order_by("code").first()
    return place.code if place else ""

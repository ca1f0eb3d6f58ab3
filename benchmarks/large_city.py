"""A city of 50 000 clients over ten years and a ledger of a million rows: how long its pages take.

    python benchmarks/large_city.py [--persons 50000] [--years 10] [--cases 1000000] [--times 20] [--home FOLDER] [--keep]

Builds the demo city (letters, returns, papers, closings and all) in an empty folder, then fills it past the importer,
through the same bulk path (``foundation/bulk.py``): clients with encrypted names, two measures each in ten years, a test
and a due for each half-year, and a million cases of one police unit. No audit of these writes is made: no list reads it; their facts and
the fact files only with ``--facts`` (three million, some ten minutes). ``--home`` takes up a folder that an earlier run kept.

Then each page is asked through the whole stack in this process (sign-in, scope, masks, the read entry committed to the
audit database, templates), and printed are the middle and the 95th percentile in milliseconds, by the clock and, for
machines that others use meanwhile, of this process's processor time; SQLite works inside it. The bar for a list of a
million rows is 200 ms.

Figures of November 2026 stand in docs/adr/0011-long-lists-are-read-from-their-index.md; ``pages.py`` walks all pages.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import standing

CHUNK = 5_000
TODAY = date(2022, 11, 23)
TOWN_KINDS = frozenset({"town", "subdistrict"})


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--persons", type=int, default=50_000)
    parser.add_argument("--years", type=int, default=10)
    parser.add_argument("--cases", type=int, default=1_000_000)
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--facts", action="store_true", help="also what the rows tell the observatory")
    parser.add_argument("--home", type=Path, default=None)
    parser.add_argument("--keep", action="store_true", help="leave the city where it is and print where")
    return parser.parse_args()


# Django reads its settings once, so the city's folder stands before anything of the project is imported.
ARGUMENTS = arguments()
HOME = ARGUMENTS.home or Path(
    tempfile.mkdtemp(prefix="qingyuan-large-", dir=os.environ.get("QINGYUAN_BENCHMARK_FOLDER"))
)
standing.use(HOME)

import filling  # noqa: E402
import inside  # noqa: E402
import page_times  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from qingyuan.casework.facts import TEST_DUES  # noqa: E402
from qingyuan.casework.models import Due  # noqa: E402
from qingyuan.demo import building  # noqa: E402
from qingyuan.demo.people import Crowd  # noqa: E402
from qingyuan.enforcement.facts import CASES  # noqa: E402
from qingyuan.enforcement.models import Case  # noqa: E402
from qingyuan.foundation import bulk, clock  # noqa: E402
from qingyuan.foundation.enums import Compartment  # noqa: E402
from qingyuan.foundation.ids import new_ids  # noqa: E402
from qingyuan.foundation.planning import refresh_statistics  # noqa: E402
from qingyuan.indicators.refresh import refresh  # noqa: E402
from qingyuan.ledgers import publishing  # noqa: E402
from qingyuan.ledgers.declaration import Draft  # noqa: E402
from qingyuan.ledgers.models import FactRow  # noqa: E402
from qingyuan.organisation.models import Account, Division, Unit  # noqa: E402
from qingyuan.rehabilitation import people  # noqa: E402
from qingyuan.rehabilitation.facts import MEASURES, TESTS  # noqa: E402
from qingyuan.rehabilitation.models import Client, CommunityTest, Measure  # noqa: E402

CHANCE = random.Random(50_000)


def fill_people(persons: int, years: int) -> None:
    """Clients town by town, the earlier measure ended after three years, the later one going on."""
    crowd = Crowd(50_000)
    towns = {
        unit.division.code[:9]: unit.pk for unit in Unit.objects.select_related("division") if unit.kind in TOWN_KINDS
    }
    villages = [place for place in Division.objects.filter(level="village") if place.code[:9] in towns]
    workers = {account.unit_id: account.pk for account in Account.objects.filter(username__endswith=".sg")}
    for start in range(0, persons, CHUNK):
        count = min(CHUNK, persons - start)
        places = [CHANCE.choice(villages) for _one in range(count)]
        units = [towns[place.code[:9]] for place in places]
        drafts = []
        for place, unit in zip(places, units, strict=True):
            one = crowd.person()
            drafts.append(
                Draft(
                    0, {"name": one.name, "id_number": one.id_number}, {}, place.pk, unit, caseworker_id=workers[unit]
                )
            )
        filling.store(people.missing(drafts, created_at=clock.now()))
        clients = [people.person_key(draft.values["id_number"]).client_id for draft in drafts]
        where = {"division_id": [place.pk for place in places], "unit_id": units, "client_id": clients}
        fill_course(where, years, [workers[unit] for unit in units])
        print(f"  {start + count} clients", flush=True)


def fill_course(where: dict[str, list[Any]], years: int, workers: list[int]) -> None:
    count = len(where["client_id"])
    first = [TODAY - timedelta(days=365 * years - CHANCE.randrange(300)) for _one in range(count)]
    later = [TODAY - timedelta(days=CHANCE.randrange(60, 1000)) for _one in range(count)]
    measures = []
    for kind, begins, ended in (("CD", first, True), ("CR", later, False)):
        ends = [day + timedelta(days=1095) for day in begins]
        columns: dict[str, Any] = {
            **where,
            "kind": bulk.Each(kind),
            "decided_on": begins,
            "served_on": begins,
            "reported_on": begins,
            "ends_on": ends,
            "ended_on": ends if ended else bulk.Each(None),
            "end_reason": bulk.Each("expired" if ended else ""),
        }
        measures.append(filling.ledger_rows(Measure, "measures", Compartment.COMMUNITY, columns))
    for half in range(2 * years):
        fill_half_year(half, years, where, measures, workers)


def fill_half_year(
    half: int, years: int, where: dict[str, list[Any]], measures: list[list[Any]], workers: list[int]
) -> None:
    """A test and the due it answered; of the last half-year every third due is still open."""
    count, turn = len(where["client_id"]), half // years
    days = [TODAY - timedelta(days=182 * (2 * years - half) - CHANCE.randrange(150)) for _one in range(count)]
    tests = filling.ledger_rows(
        CommunityTest,
        "tests",
        Compartment.COMMUNITY,
        {
            **where,
            "measure_id": measures[turn],
            "tested_on": days,
            "sample": bulk.Each("urine"),
            "result": [CHANCE.choice(("negative",) * 30 + ("positive",)) for _one in range(count)],
            "purpose": bulk.Each("scheduled"),
            "testers": [["李秀", "王平"]] * count,
        },
    )
    done = [half < 2 * years - 1 or n % 3 > 0 for n in range(count)]
    due: dict[str, Sequence[Any] | bulk.Each] = {
        "id": new_ids(count),
        "kind": bulk.Each("test"),
        "subject_id": measures[turn],
        "person": [str(one) for one in where["client_id"]],
        "division_id": where["division_id"],
        "unit_id": where["unit_id"],
        "caseworker_id": workers,
        "schedule": bulk.Each("A"),
        "position": bulk.Each(half),
        "opens_on": [day - timedelta(days=10) for day in days],
        "closes_on": [day + timedelta(days=10) for day in days],
        "outcome": ["done" if one else "open" for one in done],
        "done_on": [day if one else None for day, one in zip(days, done, strict=True)],
        "done_by_row_id": [row if one else None for row, one in zip(tests, done, strict=True)],
    }
    filling.store(bulk.prepare(Due, count, due))


def fill_cases(cases: int) -> None:
    police = Unit.objects.get(code="police")
    towns = list(Division.objects.filter(level="town"))
    for start in range(0, cases, CHUNK):
        filling.cases(start, min(CHUNK, cases - start), police.pk, towns)
        if (start + CHUNK) % 100_000 == 0:
            print(f"  {start + CHUNK} cases", flush=True)


def fill_facts() -> None:
    """What the rows tell the observatory, and its files."""
    for table, model in ((MEASURES, Measure), (TESTS, CommunityTest), (TEST_DUES, Due), (CASES, Case)):
        told = FactRow.objects.filter(fact=table.name).values("row_id")
        rows: Iterator[Any] = model._default_manager.exclude(pk__in=told).order_by("pk").iterator(chunk_size=CHUNK)
        partitions: set[str] = set()
        while some := list(islice(rows, CHUNK)):
            made = [version for row in some if (version := publishing.version_of(table, row)) is not None]
            partitions |= {version.partition for version in made}
            filling.store(publishing.lot_of(table, made, clock.now()))
        publishing.announce(table.name, partitions, at=clock.now())
        print(f"  facts {table.name}", flush=True)
    refresh()


def build() -> None:
    building.prepare_databases()
    building.build(lambda name, done, of: print(f"  {name}", flush=True) if done == of else None)
    filling.quickly()
    fill_people(ARGUMENTS.persons, ARGUMENTS.years)
    fill_cases(ARGUMENTS.cases)
    if ARGUMENTS.facts:
        fill_facts()
    refresh_statistics()  # as the worker beside the web server does every hour
    connection.close()
    (HOME / "large" / "filled").touch()


def pages(username: str, visitor: inside.Inside) -> Iterator[str]:
    """The account's road as its own page shows it, and what people ask of the large lists."""
    yield from page_times.addresses(visitor)  # type: ignore[arg-type]
    if username == "police":
        division = Division.objects.filter(level="town").order_by("pk").first()
        last = ARGUMENTS.cases // 50
        yield "/ledgers/cases/"
        yield from (f"/ledgers/cases/?page={page}" for page in (2, max(last // 2, 3), max(last, 4)))
        yield f"/ledgers/cases/?division={division.code if division else ''}"
        yield "/ledgers/cases/?start=2022-10-01&end=2022-11-01"
        yield "/ledgers/cases/?case_kind=criminal&sort=filed_on"
        yield "/ledgers/cases/?q=A5399000000777"
    elif username != "office":
        yield from (
            "/ledgers/tests/?page=2",
            "/ledgers/tests/?sort=tested_on",
            "/ledgers/measures/",
            "/people/?show=all",
            "/dues/",
        )


def measure(username: str) -> None:
    visitor = inside.Inside(username)
    for address in dict.fromkeys(pages(username, visitor)):
        print(inside.measured(visitor, address, ARGUMENTS.times, page_times.shown(address)).line, flush=True)


def main() -> None:
    try:
        if not (HOME / "large" / "filled").is_file():
            began = time.perf_counter()
            build()
            print(f"built in {time.perf_counter() - began:.0f} s")
        call_command("collectstatic", interactive=False, verbosity=0)
        counts = {model.__name__: model.objects.count() for model in (Client, Measure, CommunityTest, Due, Case)}
        print(", ".join(f"{name} {count}" for name, count in counts.items()))
        print(inside.HEADING)
        for username in ("police", "longdong", "longdong.sg", "office"):
            measure(username)
        if ARGUMENTS.keep:
            print(f"kept in {HOME}")
    finally:
        if ARGUMENTS.home is None and not ARGUMENTS.keep:
            shutil.rmtree(HOME, ignore_errors=True)


if __name__ == "__main__":
    main()

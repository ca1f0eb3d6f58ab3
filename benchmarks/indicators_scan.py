"""How much the observatory costs over a bare DuckDB scan: ten million seizures, 180 towns, three years, by drug.

    python benchmarks/indicators_scan.py [ROWS]

The same question twice: seizures of all towns and the whole for ten months and for the same months last year, by drug. Once
through ``evaluate`` (whitelisted formula, versions, boundaries, previous year, slices and totals), once as the shortest SQL
that adds up the same rows. Prints the medians of five and their ratio.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django
import duckdb

django.setup()

from django.conf import settings  # noqa: E402

from qingyuan.indicators import store  # noqa: E402
from qingyuan.indicators.fact_files import (  # noqa: E402
    CURRENT,
    DIVISION_NAMES,
    DIVISIONS,
    FIXED_COLUMNS,
    NAMES,
    PATHS,
    column_type,
)
from qingyuan.indicators.parquet_writer import put_in_place, write_table  # noqa: E402
from qingyuan.indicators.queries import _data_from, _evaluated, evaluate  # noqa: E402
from qingyuan.indicators.query import IndicatorQuery  # noqa: E402
from qingyuan.ledgers import registry  # noqa: E402
from qingyuan.reference.periods import Period, month  # noqa: E402

TOWNS: Final = 180
MONTHS: Final = 36
DRUGS: Final = 10
QUERY: Final = IndicatorQuery(
    "E04", Period.parse("2022-01..2022-10"), children_of=1, as_of=date(2022, 11, 23), breakdown="drug"
)
BARE: Final = """
    select division_id, drug, happened_on >= date '2022-01-01' as this_year, sum(net_g), count(*),
           count(*) filter (where net_g is null)
    from fact_seizures
    where superseded_at is null and (happened_on between date '2022-01-01' and date '2022-10-31'
          or happened_on between date '2021-01-01' and date '2021-10-31')
    group by all
"""


def write_city(folder: Path, rows: int) -> None:
    """Facts of equal size in every month, and one county with its towns."""
    (folder / "seizures").mkdir(parents=True)
    maker = duckdb.connect()
    maker.execute("select setseed(0.7)")
    columns = {**FIXED_COLUMNS, **{item.name: column_type(item.type) for item in registry.facts()["seizures"].columns}}
    first = month(date(2020, 1, 1))
    for number in range(MONTHS):
        period = first.shift(number)
        values = {
            "row_id": f"'{number}-' || i",
            "happened_on": f"date '{period.start}' + (random() * {(period.end - period.start).days - 1})::integer",
            "division_id": f"2 + floor(random() * {TOWNS})",
            "recorded_at": f"timestamp '{period.end}'",
            "drug": f"'ST0' || (random() * {DRUGS - 1})::integer",
            "net_g": "round(random() * 500, 4)",
        }
        listed = ", ".join(f'cast({values.get(name, "null")} as {kind}) as "{name}"' for name, kind in columns.items())
        target = folder / "seizures" / f"{period}.parquet"
        maker.execute(f"copy (select {listed} from range({rows // MONTHS}) r(i)) to '{target}' (compression zstd)")
    maker.close()
    born = date(2000, 1, 1)
    paths = [(1, 1, 0, born, None)] + [(top, town, depth, born, None) for town in range(2, TOWNS + 2)
                                       for top, depth in ((town, 0), (1, 1))]  # fmt: skip
    names = [(n, f"{n:012}", f"镇{n}", "county" if n == 1 else "town", None, born, None) for n in range(1, TOWNS + 2)]
    for name, columns_of, table in ((DIVISIONS, PATHS, paths), (DIVISION_NAMES, NAMES, names)):
        write_table(folder / name / CURRENT, columns_of, table)
        put_in_place(folder / name / CURRENT)
    (folder / "_version.json").write_text('{"version": 1}')


def median_seconds(work: Callable[[], object], times: int = 5) -> float:
    work()
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def observatory() -> None:
    _evaluated.cache_clear()
    _data_from.cache_clear()
    evaluate(QUERY)


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000_000
    with tempfile.TemporaryDirectory() as home:
        settings.QINGYUAN_FACTS = Path(home)
        write_city(Path(home), rows)
        bare = median_seconds(lambda: store.query(BARE))
        ours = median_seconds(observatory)
        total = evaluate(QUERY).terms(1)["numerator"]
        check = sum(row[3] for row in store.query(BARE) if row[2])
        if total != check:
            raise SystemExit(f"the two ways differ: {total} and {check}")
        print(f"{rows:,} rows, {TOWNS} towns, {DRUGS} drugs: bare scan {bare:.3f} s, observatory {ours:.3f} s, "
              f"ratio {ours / bare:.2f}; kept answers are free")  # fmt: skip


if __name__ == "__main__":
    main()

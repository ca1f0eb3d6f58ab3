"""The one door: nothing but single SELECTs, nothing outside the folder, new files at once, several threads."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from qingyuan.indicators import store
from qingyuan.indicators.fact_files import partition_file
from qingyuan.indicators.parquet_writer import BadFact, put_in_place, write_facts
from qingyuan.indicators.refresh import _raise_version
from qingyuan.indicators.store import StatementRefused, Store
from tests.indicators.city import FACTS, City

DAY = date(2022, 10, 5)


def test_without_files_every_table_is_there_typed_and_empty(folder: Path) -> None:
    opened = Store(folder, FACTS)
    for name in FACTS:
        assert opened.query(f"select * from fact_{name}") == []
    schema = opened.arrow("select net_g, happened_on, superseded_at from fact_seizures").schema
    assert [str(item.type) for item in schema] == ["decimal128(18, 4)", "date32[day]", "timestamp[us]"]
    assert opened.query("select count(*) from divisions") == [(0,)]
    assert opened.version() == 0


def test_a_table_is_opened_when_a_question_first_names_it(folder: Path, city: City) -> None:
    city.add("cases", DAY, solved=1)
    city.write(folder)
    opened, views = Store(folder, FACTS), "select view_name from duckdb_views() where not internal order by 1"
    assert opened.query(views) == []
    assert opened.query("select count(*) > 0 from FACT_CASES join divisions on true") == [(True,)]
    assert opened.query(views) == [("divisions",), ("fact_cases",)]


def test_values_come_back_exact(folder: Path, city: City) -> None:
    city.add("seizures", DAY, net_g="12.3456", drug="OP01")
    city.add("seizures", DAY, net_g=Decimal("0.1"))
    city.add("measures", DAY, until=date(2022, 10, 9), report_due="2022-10-20", person="p")
    city.write(folder)
    assert store.query("select net_g from fact_seizures order by 1") == [(Decimal("0.1000"),), (Decimal("12.3456"),)]
    assert store.query("select until, report_due, reported_on from fact_measures") == [
        (date(2022, 10, 9), date(2022, 10, 20), None)
    ]


def test_a_value_that_does_not_fit_its_declared_type_is_named_and_leaves_nothing_behind(folder: Path) -> None:
    for fact, data in (
        ("seizures", {"net_g": "heavy"}),
        ("cases", {"solved": 1.5}),
        ("cases", {"major": "yes"}),
        ("measures", {"report_due": "soon"}),
        ("tests", {"person": 7}),
    ):
        target = partition_file(folder, fact, "2022-10")
        with pytest.raises(BadFact, match=f"{fact} {fact}-0 {next(iter(data))}"):
            write_facts(target, FACTS[fact], [City().add(fact, DAY, **data)])
        assert list(target.parent.iterdir()) == []


@pytest.mark.parametrize(
    "sql",
    [
        "select 1; select 2",
        "create table x as select 1",
        "copy fact_cases to '/tmp/stolen.csv'",
        "drop view fact_cases",
        "set threads = 1",
        "attach '/tmp/x.db'",
        "install httpfs",
        "pragma database_list",
        "",
    ],
)
def test_only_one_select_is_run(folder: Path, sql: str) -> None:
    with pytest.raises(StatementRefused):
        Store(folder, FACTS).query(sql)


@pytest.mark.parametrize(
    "sql",
    [
        "select * from read_csv('/etc/passwd')",
        "select * from read_text('/etc/hostname')",
        "select * from '/etc/passwd'",
        "select * from glob('/*')",
        "select * from read_parquet('{beside}/other.parquet')",
        "select getenv('HOME')",
    ],
)
def test_nothing_outside_the_folder_can_be_read(folder: Path, sql: str) -> None:
    (folder.parent / "other.parquet").write_bytes(b"")
    with pytest.raises(duckdb.Error):
        Store(folder, FACTS).query(sql.format(beside=folder.parent))


def test_a_refresh_is_seen_by_the_next_question(folder: Path, city: City) -> None:
    city.add("cases", DAY, solved=1)
    city.write(folder)
    opened = Store(folder, FACTS)
    for expected in (1, 2, 3):
        assert opened.query("select sum(solved) from fact_cases") == [(expected,)]
        assert opened.version() == expected
        city.add("cases", DAY, solved=1)
        city.write(folder)
    for path in (folder / "cases").iterdir():
        path.unlink()
    _raise_version(folder, "")
    assert opened.query("select count(*) from fact_cases") == [(0,)]


def test_readers_in_several_threads_see_whole_files_while_they_are_replaced(folder: Path, city: City) -> None:
    """Each version of the file holds n rows that all say n; a reader that saw half of one would find two numbers."""
    target = partition_file(folder, "cases", "2022-10")

    def replace_with(size: int) -> None:
        versions = [City().add("cases", DAY, row=f"r{n}", solved=size) for n in range(size)]
        write_facts(target, FACTS["cases"], versions)
        put_in_place(target)
        _raise_version(folder, "")

    replace_with(1)
    opened = Store(folder, FACTS)
    ended = threading.Event()
    seen: list[tuple[int, int, int]] = []

    def read() -> None:
        while not ended.is_set():
            seen.extend(opened.query("select count(*), min(solved), max(solved) from fact_cases"))

    with ThreadPoolExecutor(4) as pool:
        readers = [pool.submit(read) for _ in range(4)]
        until = time.monotonic() + 1.5
        size = 1
        while time.monotonic() < until:
            size += 1
            replace_with(size)
        ended.set()
        for reader in readers:
            reader.result()
    assert len(seen) > 20
    assert all(count == low == high for count, low, high in seen)
    assert opened.query("select count(*) from fact_cases") == [(size,)]


def test_a_folder_whose_name_looks_like_a_pattern_is_read_as_it_is(tmp_path: Path, city: City) -> None:
    folder = tmp_path / "city [1]* 'x'"
    city.add("cases", DAY, solved=1)
    city.write(folder)
    assert Store(folder, FACTS).query("select count(*) from fact_cases") == [(1,)]


def test_the_city_s_store_is_opened_once(folder: Path) -> None:
    assert store.current() is store.current()
    assert store.version() == 0


def test_a_closing_store_lets_a_question_just_being_answered_finish(folder: Path) -> None:
    closing = Store(folder, FACTS)
    answers: list[object] = []
    asked = threading.Event()

    def ask() -> None:
        closing.query("select 1")  # the thread's cursor is open
        asked.set()
        answers.extend(closing.query("select sum(a.range * b.range) from range(15000) a, range(15000) b"))

    asking = threading.Thread(target=ask)
    asking.start()
    asked.wait()
    time.sleep(0.2)  # the long question is on its way
    closing.close()
    asking.join()
    assert answers == [(sum(range(15000)) ** 2,)]

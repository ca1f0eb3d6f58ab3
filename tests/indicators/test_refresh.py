"""From outbox to file: changed partitions only, new version last, nothing half, nothing lost when it dies."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from qingyuan.foundation.clock import ZONE
from qingyuan.foundation.ids import new_id
from qingyuan.indicators import refresh as refreshing
from qingyuan.indicators import store
from qingyuan.indicators.parquet_writer import has_schema
from qingyuan.indicators.queries import evaluate
from qingyuan.indicators.query import IndicatorQuery
from qingyuan.indicators.refresh import rebuild_all, refresh
from qingyuan.ledgers import registry
from qingyuan.ledgers.facts import FactColumn, FactTable
from qingyuan.ledgers.models import FactRow, OutboxEntry
from qingyuan.organisation.actions.divisions import merge
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.models import Division, DivisionPath
from qingyuan.reference.periods import Period
from tests.indicators.city import FACTS, NAME_ROWS, PATH_ROWS, TODAY

pytestmark = pytest.mark.django_db
AT = datetime(2022, 10, 6, 9, tzinfo=ZONE)


@pytest.fixture(autouse=True)
def _divisions(folder: Path) -> None:
    fields = ("id", "code", "name", "level", "urban", "valid_from", "valid_to")
    Division.objects.bulk_create(Division(**dict(zip(fields, row, strict=True))) for row in NAME_ROWS)
    paths = ("ancestor_id", "descendant_id", "depth", "valid_from", "valid_to")
    DivisionPath.objects.bulk_create(DivisionPath(**dict(zip(paths, row, strict=True))) for row in PATH_ROWS)


def _publish(day: date, fact: str = "cases", *, row: UUID | None = None, **data: Any) -> FactRow:
    partition = f"{day:%Y-%m}"
    OutboxEntry.objects.create(fact=fact, partition=partition, created_at=AT)
    return FactRow.objects.create(
        fact=fact, partition=partition, row_id=row or new_id(), happened_on=day, division_id=2, unit_id=1,
        recorded_at=AT, data=data or {"solved": 1, "major": False},
    )  # fmt: skip


def _cases(period: str = "2022-10") -> Any:
    return evaluate(IndicatorQuery("E01", Period.parse(period), children_of=1, as_of=TODAY)).value(1).value


def test_what_was_recorded_is_counted_after_the_refresh() -> None:
    published = _publish(date(2022, 10, 5))
    assert _cases() is None
    assert refresh() == 1
    assert _cases() == 1
    assert OutboxEntry.objects.count() == 0
    rows = store.query("select row_id, recorded_at, division_id from fact_cases")
    assert rows == [(str(published.row_id), datetime.fromisoformat("2022-10-06T01:00:00"), 2)]
    assert store.query("select name from division_names where id = 2") == [("东山街道",)]


def test_only_changed_months_are_rewritten_and_nothing_to_do_changes_no_version(folder: Path) -> None:
    _publish(date(2022, 9, 5))
    _publish(date(2022, 10, 5))
    seen: list[tuple[int, int]] = []
    assert refresh(lambda done, of: seen.append((done, of))) == 2 and seen == [(1, 2), (2, 2)]
    september = (folder / "cases" / "2022-09.parquet").stat().st_ino
    version = store.version()
    assert refresh() == 0 and store.version() == version
    _publish(date(2022, 10, 6))
    assert refresh() == 1 and store.version() == version + 1
    assert (folder / "cases" / "2022-09.parquet").stat().st_ino == september
    assert _cases("2022-09") == 1 and _cases() == 2


def test_a_correction_and_a_void_leave_their_old_versions_in_the_file() -> None:
    moved = _publish(date(2022, 10, 5))
    refresh()
    later = datetime(2022, 11, 2, 9, tzinfo=ZONE)
    FactRow.objects.filter(pk=moved.pk).update(superseded_at=later)
    OutboxEntry.objects.create(fact="cases", partition="2022-10", created_at=later)
    newer = _publish(date(2022, 9, 30), row=moved.row_id)
    FactRow.objects.filter(pk=newer.pk).update(recorded_at=later)
    refresh()
    assert _cases() == 0 and _cases("2022-09") == 1
    then = IndicatorQuery("E01", Period.parse("2022-10"), children_of=1, as_known_on=date(2022, 11, 1))
    assert evaluate(then).value(1).value == 1


def test_a_partition_without_rows_loses_its_file(folder: Path) -> None:
    published = _publish(date(2022, 10, 5))
    refresh()
    published.delete()
    OutboxEntry.objects.create(fact="cases", partition="2022-10", created_at=AT)
    refresh()
    assert list((folder / "cases").iterdir()) == []
    assert _cases() is None


def test_dying_on_the_way_leaves_the_old_files_and_the_work_to_be_done(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _publish(date(2022, 9, 5))
    _publish(date(2022, 10, 5))
    refresh()
    before, version = (folder / "cases" / "2022-10.parquet").read_bytes(), store.version()
    _publish(date(2022, 9, 6))
    _publish(date(2022, 10, 6))
    whole = refreshing.write_facts

    def dies_at_the_second(target: Path, table: FactTable, versions: Any) -> int:
        if target.stem == "2022-10":
            raise KeyboardInterrupt
        return whole(target, table, versions)

    monkeypatch.setattr(refreshing, "write_facts", dies_at_the_second)
    with pytest.raises(KeyboardInterrupt):
        refresh()
    assert (folder / "cases" / "2022-10.parquet").read_bytes() == before and store.version() == version
    assert (_cases("2022-09"), _cases()) == (1, 1), "the built month is not in place before all are built"
    monkeypatch.setattr(refreshing, "write_facts", whole)
    assert refresh() == 2 and (_cases("2022-09"), _cases()) == (2, 2)


def test_an_entry_made_while_files_are_written_is_kept_for_the_next_time(monkeypatch: pytest.MonkeyPatch) -> None:
    _publish(date(2022, 10, 5))
    whole = refreshing.write_facts

    def someone_else_writes(target: Path, table: FactTable, versions: Any) -> int:
        count = whole(target, table, versions)
        _publish(date(2022, 10, 7))
        return count

    monkeypatch.setattr(refreshing, "write_facts", someone_else_writes)
    refresh()
    assert _cases() == 1 and OutboxEntry.objects.count() == 1
    monkeypatch.setattr(refreshing, "write_facts", whole)
    refresh()
    assert _cases() == 2


def test_a_table_that_declares_a_new_column_has_all_its_months_rewritten(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _publish(date(2022, 9, 5))
    _publish(date(2022, 10, 5))
    refresh()
    old = FACTS["cases"]
    wider = FactTable(old.name, old.kind, (*old.columns, FactColumn("gang", "boolean", "团伙")), old.build)
    monkeypatch.setattr(registry, "facts", lambda: {**FACTS, "cases": wider})
    assert not has_schema(folder / "cases" / "2022-09.parquet", wider)
    assert refresh() == 2
    assert has_schema(folder / "cases" / "2022-09.parquet", wider) and has_schema(
        folder / "cases" / "2022-10.parquet", wider
    )


def test_files_are_looked_into_once_and_again_when_others_stand_in_their_place(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[Path] = []

    def looking(path: Path, table: FactTable) -> bool:
        looked.append(path)
        return has_schema(path, table)

    monkeypatch.setattr(refreshing, "has_schema", looking)
    _publish(date(2022, 9, 5))
    refresh()
    refresh()
    assert looked, "the version the first refresh wrote is looked into"
    looked.clear()
    assert (refresh(), refresh(), looked) == (0, 0, [])
    _publish(date(2022, 10, 5))
    refresh()
    refresh()
    assert {path.name for path in looked} == {"2022-09.parquet", "2022-10.parquet"}
    old = FACTS["cases"]
    wider = FactTable(old.name, old.kind, (*old.columns, FactColumn("gang", "boolean", "团伙")), old.build)
    monkeypatch.setattr(registry, "facts", lambda: {**FACTS, "cases": wider})
    rebuild_all()
    monkeypatch.setattr(registry, "facts", lambda: FACTS)
    assert refresh() == 2, "another program has written them with its own columns meanwhile"


def test_boundaries_follow_when_they_change(folder: Path) -> None:
    _publish(date(2022, 10, 5))
    refresh()
    version = store.version()
    Division.objects.filter(pk=2).update(name="东山镇")
    assert refresh() == 0 and store.version() == version + 1
    assert store.query("select name from division_names where id = 2") == [("东山镇",)]


def test_a_merger_in_the_middle_of_a_year_moves_the_past_to_the_successor() -> None:
    _publish(date(2022, 3, 5))
    FactRow.objects.update(division_id=4)
    merge(
        division=Division.objects.get(pk=4),
        into=Division.objects.get(pk=3),
        on=date(2022, 10, 20),
        by=Actor(account_id=None, username="setter", name="建库", unit_id=None),
    )
    refresh()
    for given in ({}, {"level": "town"}):
        query = IndicatorQuery("E01", Period.parse("2022"), children_of=1, as_of=TODAY, **given)  # type: ignore[arg-type]
        matrix = evaluate(query)
        assert 4 not in matrix.places and matrix.value(3).value == 1 and matrix.value(1).value == 1
    assert evaluate(IndicatorQuery("E01", Period.parse("2022-03"), children_of=1, as_of=TODAY)).value(4).value == 1


def test_everything_can_be_built_anew_and_strangers_are_cleared(folder: Path) -> None:
    _publish(date(2022, 10, 5))
    refresh()
    FactRow.objects.all().delete()
    _publish(date(2022, 8, 5))
    OutboxEntry.objects.create(fact="unheard_of", partition="2022-08", created_at=AT)
    assert refresh() == 1 and list(OutboxEntry.objects.values_list("fact", flat=True)) == ["unheard_of"]
    assert rebuild_all() == 2
    assert OutboxEntry.objects.count() == 0
    assert [path.name for path in sorted((folder / "cases").iterdir())] == ["2022-08.parquet"]
    assert json.loads((folder / "_version.json").read_text())["version"] == store.version()


def test_the_versions_published_by_the_ledgers_are_those_in_the_file() -> None:
    """The same numbers whichever way one asks: database or files."""
    for day in (1, 2, 3, 4, 5):
        _publish(date(2022, 10, day), "seizures", net_g=f"{day}.5", drug="OP01")
    refresh()
    expected: Sequence[Any] = list(
        FactRow.objects.filter(fact="seizures").order_by("happened_on").values_list("data", flat=True)
    )
    found = store.query("select cast(round(net_g, 1) as varchar), drug from fact_seizures order by happened_on")
    assert [row[1] for row in found] == [data["drug"] for data in expected]
    assert [float(row[0]) for row in found] == [float(data["net_g"]) for data in expected]

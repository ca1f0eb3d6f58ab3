"""The two ways in are one: rows stored by column equal rows entered one by one, with their keys, audit and facts."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qingyuan.foundation import audit, bulk, clock
from qingyuan.foundation.audit.models import RecordKey, RowChange
from qingyuan.foundation.fields import EncryptedTextField
from qingyuan.foundation.ids import new_id
from qingyuan.ledgers import registry, stowing
from qingyuan.ledgers.declaration import Draft
from qingyuan.ledgers.importing import landing
from qingyuan.ledgers.models import FactRow, InFlight, LedgerRow, OutboxEntry
from qingyuan.ledgers.writing import DuplicateRow, snapshot
from qingyuan.rehabilitation.models import Client
from tests.cast import City, id_number

pytestmark = pytest.mark.django_db
OWN = {"id", "recorded_at", "batch_id", "changed_at"}
FAST = [ledger.code for ledger in registry.all_ledgers() if ledger.stow is not None]
TEXT = st.text(alphabet="张三李四冰毒abc \"'\\\n,:{}é𠮷", max_size=12)

CASE = st.fixed_dictionaries(
    {
        "number": st.uuids().map(lambda value: f"A{value.hex[:20]}"),
        "title": TEXT.map(lambda text: text.strip() or "某案"),
        "case_kind": st.sampled_from(["criminal", "administrative"]),
        "offence": st.sampled_from(["CL347", "CL348"]),
        "drug_main": st.sampled_from(["", None, "OP01"]),
        "tier": st.sampled_from(["", "major"]),
        "filed_on": st.dates(date(2020, 1, 1), date(2022, 11, 1)),
        "cracked_on": st.none(),
        "note": TEXT,
    }
)


def attributes(row: Any) -> dict[str, Any]:
    return {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields if f.attname not in OWN}


def both_ways(city: City, code: str, who: str, values: list[dict[str, Any]]) -> tuple[list[Any], list[Any], audit.StagedChanges]:
    """The rows by hand (undone afterwards) and the same rows stowed."""
    ledger, writing = registry.get(code), city.writing(who)

    def drafts() -> list[Draft]:
        made = [
            Draft(n, dict(row), division_id=row.get("division") or writing.by.division_id, unit_id=writing.by.unit_id)
            for n, row in enumerate(values)
        ]
        if ledger.prepare is not None:
            ledger.prepare(made, writing)
        assert [draft.problems for draft in made] == [[] for _draft in made]
        return made

    point = transaction.savepoint()
    slow = [(attributes(row), snapshot(ledger, row)) for row in ledger.create(drafts=drafts(), writing=writing)]
    slow = sorted(slow, key=lambda pair: pair[0]["key"])
    transaction.savepoint_rollback(point)
    batch_id = new_id()
    staged = audit.StagedChanges(entry_id=batch_id)
    InFlight.objects.create(batch_id=batch_id, since="2022-11-23T00:00:00+08:00")
    arriving = replace(writing, batch_id=batch_id, staged=staged)
    stowing.store(ledger, stowing.prepare(ledger, drafts(), arriving), arriving)
    rows = list(ledger.model.everything.filter(batch_id=batch_id).order_by("key"))
    return slow, rows, staged


def changes_of(row: LedgerRow) -> dict[str, Any]:
    change = RowChange.objects.get(row_id=row.pk)
    assert change.before == ""
    return json.loads(change.after)  # type: ignore[no-any-return]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=25)
@given(values=st.lists(CASE, min_size=1, max_size=8, unique_by=lambda row: row["number"]))
def test_random_cases_are_the_same_rows_with_the_same_audit_either_way(city: City, values: list[dict[str, Any]]) -> None:
    point = transaction.savepoint()
    for row in values:
        row["division"] = city.divisions["龙洞社区"].pk
    slow, rows, staged = both_ways(city, "cases", "officer", values)
    ledger = registry.get("cases")
    assert [attributes(row) for row in rows] == [pair[0] for pair in slow]
    for row, (_attributes, said) in zip(rows, slow, strict=True):
        told = changes_of(row)
        assert set(told) == set(said) == set(snapshot(ledger, row))
        open_columns = set(said) - ledger.personal_columns
        assert {name: told[name] for name in open_columns} == {name: said[name] for name in open_columns}
        assert (told["note"] in (None, "")) == (said["note"] in (None, ""))
        if said["note"]:
            assert said["note"] not in json.dumps(told, ensure_ascii=False) or len(said["note"]) < 3
            assert RecordKey.objects.filter(row_id=row.pk).exists(), "each row's personal values have their own key"
    assert staged.count == len(values) and staged.root
    transaction.savepoint_rollback(point)


def test_people_of_a_measure_come_in_the_same_either_way(city: City) -> None:
    base = date(2022, 1, 3)
    values = [
        {
            "name": f"测试{'甲乙丙丁'[n]}",
            "id_number": id_number(300 + n),
            "kind": "CD",
            "division": city.divisions["大坪村"].pk,
            "decided_on": base,
            "served_on": base + timedelta(days=2),
            "reported_on": base + timedelta(days=7),
        }
        for n in range(4)
    ]
    slow, rows, _staged = both_ways(city, "measures", "supervisor", values)
    assert [attributes(row) for row in rows] == [pair[0] for pair in slow]
    assert {client.name for client in Client.objects.all()} == {row["name"] for row in values}
    assert all(row["name"] not in RowChange.objects.get(row_id=one.pk).after for one, row in zip(rows, values, strict=True))


def test_what_is_stowed_and_not_landed_is_seen_by_nobody(city: City) -> None:
    value = {
        "number": "A1", "title": "某案", "case_kind": "criminal", "offence": "CL347", "filed_on": date(2022, 3, 1),
        "division": city.divisions["龙洞社区"].pk,
    }  # fmt: skip
    _slow, rows, staged = both_ways(city, "cases", "officer", [value])
    ledger = registry.get("cases")
    assert len(rows) == 1 and not ledger.model.objects.exists() and not OutboxEntry.objects.exists()
    audit.discard_staged(staged)
    assert not RowChange.objects.filter(row_id=rows[0].pk).exists()


def test_a_row_that_is_there_stops_the_chunk_and_leaves_nothing_of_it(city: City) -> None:
    value = {
        "number": "A1", "title": "某案", "case_kind": "criminal", "offence": "CL347", "filed_on": date(2022, 3, 1),
        "division": city.divisions["龙洞社区"].pk,
    }  # fmt: skip
    city.enter("cases", "officer", value)
    ledger, writing = registry.get("cases"), city.writing("officer")
    staged = audit.StagedChanges(entry_id=new_id())
    arriving = replace(writing, batch_id=staged.entry_id, staged=staged)
    drafts = [
        Draft(n, value | {"number": number}, division_id=value["division"], unit_id=writing.by.unit_id)
        for n, number in enumerate(("A0", "A1"))
    ]
    with pytest.raises(DuplicateRow):
        stowing.store(ledger, stowing.prepare(ledger, drafts, arriving), arriving)
    assert ledger.model.everything.count() == 1 and staged.count == 0


def test_a_name_that_is_no_field_is_never_lost_in_silence() -> None:
    with pytest.raises(KeyError, match="no_such"):
        bulk.prepare(Client, 1, {"no_such": [1]})


@pytest.mark.django_db(transaction=True)
def test_nothing_is_stored_in_bulk_outside_a_transaction() -> None:
    lot = bulk.prepare(OutboxEntry, 1, {"fact": bulk.Each("x"), "partition": bulk.Each("2022-01"), "created_at": bulk.Each(None)})
    with pytest.raises(bulk.BulkOutsideTransaction):
        bulk.store(lot)


def test_the_everyday_ledgers_with_many_rows_take_the_fast_way() -> None:
    assert {"cases", "measures"} <= set(FAST)


def test_no_sealed_ledger_takes_the_fast_way() -> None:
    sealed = [ledger.code for ledger in registry.all_ledgers() if ledger.sealed]
    assert sealed and not set(sealed) & set(FAST)


@pytest.mark.parametrize("code", FAST)
def test_a_fast_ledger_makes_its_facts_of_its_own_plain_columns(code: str) -> None:
    ledger = registry.get(code)
    plain = set(landing.plain_names(ledger))
    encrypted = {field.name for field in ledger.model._meta.concrete_fields if isinstance(field, EncryptedTextField)}
    assert not plain & encrypted

    class Row:
        def __getattr__(self, name: str) -> Any:
            assert name in plain, f"the fact of {code} asks for {name}, which is not the row's own"
            return date(2022, 1, 1)

    assert ledger.facts is not None
    ledger.facts.build(Row())


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_on_postgresql_a_lot_is_copied_in_one_statement_and_reads_back_the_same() -> None:
    at = clock.now()
    odd = ["tab\there", "line\nbreak", "back\\slash", "\\N", "'quote\"", "清源 𠮷", ""]
    lot = bulk.prepare(
        FactRow,
        len(odd),
        {
            "fact": odd, "partition": bulk.Each("2022-01"), "row_id": [new_id() for _text in odd],
            "happened_on": bulk.Each(date(2022, 1, 3)), "until": [None] * len(odd), "division_id": range(len(odd)),
            "unit_id": [None, *range(1, len(odd))], "recorded_at": bulk.Each(at), "data": [{"text": text, "n": 1} for text in odd],
        },
    )  # fmt: skip
    with CaptureQueriesContext(connection) as asked, transaction.atomic():
        bulk.store(lot)
    assert not any("INSERT" in query["sql"].upper() for query in asked), "rows went in one by one"
    rows = list(FactRow.objects.order_by("division_id"))
    assert [row.fact for row in rows] == odd
    assert [row.data for row in rows] == [{"text": text, "n": 1} for text in odd]
    assert [row.unit_id for row in rows] == [None, *range(1, len(odd))]
    assert {row.recorded_at for row in rows} == {at}


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_on_postgresql_a_copy_that_breaks_a_rule_leaves_nothing() -> None:
    row_id, rows = new_id(), 3
    lot = bulk.prepare(
        FactRow,
        rows,
        {
            "fact": bulk.Each("x"), "partition": bulk.Each("2022-01"), "row_id": [row_id] * rows,
            "happened_on": bulk.Each(date(2022, 1, 3)), "division_id": bulk.Each(1), "recorded_at": bulk.Each(clock.now()),
            "data": [{}] * rows,
        },
    )  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        bulk.store(lot)
    assert not FactRow.objects.exists()

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, connections, transaction
from pytest_django import DjangoAssertNumQueries, Settings

from qingyuan.foundation import audit, crypto
from qingyuan.foundation.audit.keys import cipher_of
from qingyuan.foundation.audit.models import Immutable, ReadEntry, RecordKey, RowChange, WriteEntry
from qingyuan.foundation.audit.writing import StagedMismatch
from qingyuan.foundation.crypto import KeyMissing, Undecipherable
from qingyuan.foundation.ids import new_id
from tests.foundation.acting import BY, NAME, NUMBER, PERSONAL, created, record

pytestmark = pytest.mark.django_db(databases=["default", "audit"])


def database_image() -> bytes:
    """Every stored byte of the main database (SQLite), or every row as text (PostgreSQL)."""
    if connection.vendor == "sqlite":
        image: bytes = connections["default"].connection.serialize()
        return image
    rows: list[str] = []
    with connection.cursor() as cursor:
        for table in ("foundation_writeentry", "foundation_rowchange", "foundation_recordkey"):
            cursor.execute(f"SELECT t::text FROM {table} t")
            rows += [row[0] for row in cursor.fetchall()]
    return "\n".join(rows).encode()


def test_an_entry_says_who_did_what_to_which_row() -> None:
    row_id = new_id()
    entry = record(created(row_id), division_id=5, reason="首次登记", summary="新增 1 名服务对象")
    kept = WriteEntry.objects.get()
    assert kept.pk == entry.pk and kept.row_id == row_id and kept.row_count == 1
    assert (kept.actor_id, kept.actor_name, kept.actor_unit_id) == (7, "周敏", 3)
    assert (kept.act, kept.ledger, kept.division_id) == ("clients.create", "clients", 5)
    assert (kept.reason, kept.summary, kept.seq, kept.hash) == ("首次登记", "新增 1 名服务对象", None, "")
    assert str(kept).endswith("周敏 clients.create")


def test_personal_values_are_nowhere_in_the_stored_bytes() -> None:
    row_id = new_id()
    record(created(row_id))
    delta = audit.RowDelta(
        row_id, "community", {"name": NAME, "town": "a"}, {"name": NAME + "乙", "town": "b"}, PERSONAL
    )
    record(delta, reason=f"{NAME}本人申请更正")
    image = database_image()
    assert b"r1.1." in image and "东山街道".encode() in image, "the changes must really be in there"
    for planted in (NAME, NUMBER):
        assert planted.encode() not in image
        assert json.dumps(planted).encode() not in image


def test_one_row_costs_few_queries(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with transaction.atomic(), django_assert_num_queries(4):  # look for its key, key, change, entry
        audit.record_write(by=BY, act="clients.create", ledger="clients", rows=[created(new_id())])


def test_history_tells_each_change_and_only_what_changed() -> None:
    row_id = new_id()
    record(created(row_id, born=date(1991, 1, 1), grams=Decimal("0.50"), note=None))
    before = {"name": NAME, "town": "东山街道", "visits": 3}
    record(
        audit.RowDelta(row_id, "community", before, {**before, "name": "何立", "visits": 4}, PERSONAL), reason="更正"
    )
    record(audit.RowDelta(row_id, "community", {"name": "何立"}, None, PERSONAL), reason="重复登记")
    voided, changed, first = audit.history(row_id, reader_may_see_personal=True)
    assert [item.kind for item in (voided, changed, first)] == ["void", "change", "create"]
    assert {(c.column, c.before, c.after, c.personal) for c in changed.changes} == {
        ("name", NAME, "何立", True),
        ("visits", 3, 4, False),
    }
    assert {c.column: c.after for c in first.changes} == {
        "name": NAME, "id_number": NUMBER, "town": "东山街道", "born": "1991-01-01", "grams": "0.50", "note": None,
    }  # fmt: skip
    assert (changed.actor_name, changed.reason, changed.seq) == ("周敏", "更正", None)
    assert NAME not in repr(first.changes)


def test_a_reader_without_the_right_sees_that_a_value_changed_and_not_the_value() -> None:
    row_id = new_id()
    record(created(row_id))
    (item,) = audit.history(row_id, reader_may_see_personal=False)
    assert {c.column: str(c.after) for c in item.changes} == {
        "name": "已遮盖", "id_number": "已遮盖", "town": "东山街道",
    }  # fmt: skip
    (item,) = audit.history(row_id, False, of_no_person=frozenset({"name"}))
    assert {c.column: str(c.after) for c in item.changes} == {
        "name": NAME, "id_number": "已遮盖", "town": "东山街道",
    }, "only what stands open on the row itself"  # fmt: skip


def test_an_act_without_changed_columns_stands_in_the_history_too() -> None:
    row_id = new_id()
    record(row_id=row_id, reason="打印决定书")
    (item,) = audit.history(row_id, reader_may_see_personal=True)
    assert (item.kind, item.changes, item.reason) == ("", (), "打印决定书")


def test_outside_a_transaction_nothing_is_recorded(transactional_db: None) -> None:
    with pytest.raises(audit.AuditOutsideTransaction, match="事务"):
        audit.record_write(by=BY, act="clients.create", ledger="clients", rows=[created(new_id())])
    assert not WriteEntry.objects.exists() and not RowChange.objects.exists()


def test_a_broken_audit_write_leaves_nothing_of_the_action(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: Any, **_options: Any) -> None:
        raise IntegrityError("audit table is gone")

    monkeypatch.setattr(WriteEntry, "save", broken)
    own_row = new_id()

    def action() -> None:
        with transaction.atomic():
            RecordKey.objects.create(row_id=own_row, compartment="community", wrapped="the action's own row")
            audit.record_write(by=BY, act="clients.create", ledger="clients", rows=[created(new_id())])

    with pytest.raises(IntegrityError):
        action()
    assert not RecordKey.objects.exists(), "neither the action's row nor the record key may stay"
    assert not RowChange.objects.exists()


def test_an_action_that_fails_after_its_audit_leaves_no_audit() -> None:
    def action() -> None:
        with transaction.atomic():
            audit.record_write(by=BY, act="clients.create", ledger="clients", rows=[created(new_id())])
            raise DatabaseError

    with pytest.raises(DatabaseError):
        action()
    assert not WriteEntry.objects.exists() and not RowChange.objects.exists() and not RecordKey.objects.exists()


@pytest.mark.parametrize("model", [WriteEntry, RowChange, ReadEntry])
def test_audit_rows_refuse_to_be_changed_or_removed(model: Any) -> None:
    record(created(new_id()))
    audit.record_read(by=BY, act="list", ledger="clients", path="/ledgers/clients/")
    row = model.objects.get()
    for attempt in (
        row.save,
        row.delete,
        lambda: row.save(update_fields=["hash"]),
        lambda: model.objects.update(hash=""),
        lambda: model.objects.all().delete(),
        lambda: model.objects.bulk_update([row], ["hash"]),
    ):
        with pytest.raises(Immutable, match="不得修改"):
            attempt()
    assert model.objects.count() == 1


def test_an_entry_cannot_take_the_place_of_another() -> None:
    entry = record(created(new_id()))
    with pytest.raises(IntegrityError), transaction.atomic():
        WriteEntry(id=entry.id, at=entry.at, act="x", digest="", changes_root="").save()


def test_too_long_a_reason_is_refused_alike_by_every_database() -> None:
    with pytest.raises(ValueError, match="reason"):
        record(reason="长" * 301)


def test_a_large_batch_is_one_entry(django_assert_max_num_queries: Any) -> None:
    rows = [created(new_id(), line=n) for n in range(600)]
    entry = record(*rows, batch_digest="1:ab", summary="导入 600 行")
    assert (entry.row_count, entry.row_id, entry.batch_digest) == (600, None, "1:ab")
    assert RowChange.objects.filter(entry_id=entry.id).count() == RecordKey.objects.count() == 600
    assert audit.history(rows[599].row_id, True)[0].changes[1].after == 599


def test_staged_changes_are_no_history_until_their_entry_is_written() -> None:
    first, second = new_id(), new_id()
    staged = audit.StagedChanges()
    audit.stage_changes(staged, [created(first)])
    audit.stage_changes(staged, [created(second)])
    assert audit.history(first, True) == []
    kept = audit.StagedChanges(staged.entry_id, staged.count, staged.root)
    entry = record(staged=kept)
    assert (entry.id, entry.row_count, entry.changes_root) == (staged.entry_id, 2, staged.root)
    assert len(audit.history(first, True)) == len(audit.history(second, True)) == 1
    audit.seal("default")
    assert audit.verify("default").ok


def test_staged_changes_that_were_tampered_with_are_not_taken() -> None:
    staged = audit.StagedChanges()
    audit.stage_changes(staged, [created(new_id()), created(new_id())])
    RowChange.objects.filter(position=1)._raw_delete("default")  # type: ignore[attr-defined]
    with pytest.raises(StagedMismatch, match="重新上传"):
        record(staged=staged)


def test_an_import_given_up_leaves_no_changes_and_a_written_one_cannot_be_given_up() -> None:
    staged = audit.StagedChanges()
    audit.stage_changes(staged, [created(new_id())])
    audit.discard_staged(staged)
    assert not RowChange.objects.exists() and staged.count == 0
    audit.stage_changes(staged, [created(new_id())])
    record(staged=staged)
    with pytest.raises(Immutable):
        audit.discard_staged(staged)
    with pytest.raises(StagedMismatch):
        audit.stage_changes(staged, [created(new_id())])


def test_destroying_a_record_key_ends_the_values_and_the_chain_still_holds() -> None:
    gone, kept = new_id(), new_id()
    record(created(gone), created(kept))
    audit.seal("default")
    assert audit.destroy_record_key(gone)
    (item,) = audit.history(gone, reader_may_see_personal=True)
    assert {c.column: str(c.after) for c in item.changes} == {
        "name": "已销毁", "id_number": "已销毁", "town": "东山街道",
    }  # fmt: skip
    assert {c.column: c.after for c in audit.history(kept, True)[0].changes}["name"] == NAME
    assert audit.verify("default").ok
    stored = RecordKey.objects.get(row_id=gone)
    assert stored.wrapped == "" and stored.destroyed_at is not None
    with pytest.raises(audit.RecordKeyUnavailable, match="销毁"):
        cipher_of(stored)


def test_the_wrapped_key_itself_is_gone_from_the_stored_bytes(transactional_db: None) -> None:
    row_id = new_id()
    record(created(row_id))
    wrapped = RecordKey.objects.get().wrapped.encode()
    assert wrapped in database_image()
    audit.destroy_record_key(row_id)
    assert wrapped not in database_image()


def test_a_destroyed_row_takes_no_new_personal_values_and_others_do() -> None:
    row_id = new_id()
    record(created(row_id))
    audit.destroy_record_key(row_id)
    with pytest.raises(audit.RecordKeyUnavailable, match="销毁"):
        record(audit.RowDelta(row_id, "community", {"name": NAME}, {"name": "何立"}, PERSONAL))
    record(audit.RowDelta(row_id, "community", {"town": "a"}, {"town": "b"}, PERSONAL))
    assert audit.destroy_record_key(row_id), "destroying twice is no fault"
    assert not audit.destroy_record_key(new_id())


def test_sealing_takes_the_values_from_every_reader_and_unsealing_gives_them_back() -> None:
    row_id = new_id()
    record(created(row_id))
    assert audit.seal_record_key(row_id) and not audit.seal_record_key(row_id)
    shown = {c.column: str(c.after) for c in audit.history(row_id, reader_may_see_personal=True)[0].changes}
    assert shown["name"] == "已封存" and shown["town"] == "东山街道"
    with pytest.raises(audit.RecordKeyUnavailable, match="封存"):
        record(audit.RowDelta(row_id, "community", {"name": NAME}, {"name": "何立"}, PERSONAL))
    # Clearing the mark alone opens nothing: the key itself was wrapped anew.
    RecordKey.objects.update(sealed_at=None)
    with pytest.raises(Undecipherable):
        audit.history(row_id, reader_may_see_personal=True)
    RecordKey.objects.update(sealed_at="2022-11-23T00:00:00Z")
    assert audit.unseal_record_key(row_id) and not audit.unseal_record_key(row_id)
    assert audit.history(row_id, True)[0].changes[1].after == NAME
    assert not audit.seal_record_key(new_id())


def test_record_keys_are_wrapped_anew_after_a_rotation_and_destroyed_ones_stay_destroyed() -> None:
    living, sealed, gone = new_id(), new_id(), new_id()
    record(created(living), created(sealed), created(gone))
    audit.seal_record_key(sealed)
    audit.destroy_record_key(gone)
    before = dict(RecordKey.objects.values_list("row_id", "wrapped"))
    crypto.rotate("community")
    assert audit.rewrap_record_keys("community") == 2
    assert audit.rewrap_record_keys("community") == 0
    after = dict(RecordKey.objects.values_list("row_id", "wrapped"))
    assert after[gone] == "" and after[living] != before[living]
    assert audit.history(living, True)[0].changes[1].after == NAME
    assert audit.unseal_record_key(sealed)
    assert audit.history(sealed, True)[0].changes[1].after == NAME


def test_a_value_moved_to_another_row_or_column_does_not_open() -> None:
    row_id = new_id()
    record(created(row_id))
    cipher = cipher_of(RecordKey.objects.get())
    sealed = cipher.encrypt("name", NAME)
    assert cipher.decrypt("name", sealed) == NAME
    with pytest.raises(Undecipherable):
        cipher.decrypt("phone", sealed)
    for broken in ("", "r1.1", "x1" + sealed[2:], "r1.9" + sealed[4:]):
        with pytest.raises(Undecipherable):
            cipher.decrypt("name", broken)
    RecordKey.objects.update(row_id=new_id())
    with pytest.raises(Undecipherable):
        cipher_of(RecordKey.objects.get())


def test_history_without_the_key_ring_s_key_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    row_id = new_id()
    record(created(row_id))

    def missing(_stored: RecordKey) -> None:
        raise KeyMissing("deadbeef")

    monkeypatch.setattr("qingyuan.foundation.audit.histories.cipher_of", missing)
    assert {str(c.after) for c in audit.history(row_id, True)[0].changes} == {"密钥缺失", "东山街道"}


def test_values_written_under_the_other_suite_stay_readable(settings: Settings) -> None:
    row_id = new_id()
    record(created(row_id))
    settings.QINGYUAN_CRYPTO_SUITE = 2
    other = new_id()
    record(created(other))
    assert RowChange.objects.get(row_id=other).after.count('"r1.2.') == 2
    for one in (row_id, other):
        assert audit.history(one, True)[0].changes[1].after == NAME
    audit.seal("default")
    assert audit.verify("default").ok


def test_a_read_says_which_rows_were_seen_and_hides_what_was_searched() -> None:
    seen = [new_id(), new_id()]
    audit.record_read(
        by=BY, act="search", ledger="clients", row_ids=seen, path="/ledgers/clients/?q=x", query=f"q={NAME}",
        purpose="走访", address="10.0.0.9",
    )  # fmt: skip
    entry = ReadEntry.objects.get()
    assert (entry.act, entry.path, entry.row_count, entry.purpose) == ("search", "/ledgers/clients/", 2, "走访")
    assert "走访" not in entry.purpose_stored
    assert json.loads(entry.row_ids) == [str(one) for one in seen]
    assert NAME not in " ".join(str(value) for value in vars(entry).values()) and entry.query_digest
    assert [one.pk for one in audit.reads_of(seen[1])] == [entry.pk]
    assert not audit.reads_of(new_id()).exists()


def test_a_read_is_in_the_audit_database_at_once_and_touches_nothing_in_the_main_one(
    transactional_db: None, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0, using="default"):
        audit.record_read(by=BY, act="detail", ledger="clients", row_ids=[new_id()], path="/ledgers/clients/1/")
        assert not connections["audit"].in_atomic_block, "committed at once"
    assert ReadEntry.objects.using("audit").count() == 1


def test_a_failed_page_keeps_its_read_entry(transactional_db: None) -> None:
    def page() -> None:
        with transaction.atomic():
            audit.record_read(by=BY, act="detail", ledger="clients", path="/ledgers/clients/1/")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        page()
    assert ReadEntry.objects.count() == 1


def test_each_database_holds_its_own_tables_only() -> None:
    main = set(connections["default"].introspection.table_names())
    audited = set(connections["audit"].introspection.table_names())
    ours = {"foundation_readentry", "foundation_readrow", "foundation_readanchor", "foundation_readseallock"}
    assert audited - {"django_migrations"} == ours
    assert not ours & main
    assert {"foundation_writeentry", "foundation_rowchange", "foundation_recordkey"} <= main

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations, pairwise
from typing import Any
from uuid import UUID

import pytest
from django.db import connections, models
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from qingyuan.foundation import audit
from qingyuan.foundation.audit import Tampering
from qingyuan.foundation.audit.anchors import BadAnchor
from qingyuan.foundation.audit.chains import UnknownChain, chain_of
from qingyuan.foundation.audit.models import RowChange, WriteEntry
from qingyuan.foundation.audit.segments import Segments, _heaviest_rising
from qingyuan.foundation.audit.tags import GENESIS, audit_key, link_content, tag
from qingyuan.foundation.ids import new_id
from tests.foundation.acting import BY, created, record

pytestmark = pytest.mark.django_db(databases=["default", "audit"])


@dataclass(frozen=True)
class Case:
    """One of the two chains, and how to write to it."""

    database: str
    write: Callable[[], UUID]

    def rows(self) -> Any:
        """The entries as someone with the database, but without the keys, can reach them."""
        return chain_of(self.database).entries()

    def filled(self, count: int = 10) -> list[UUID]:
        ids = [self.write() for _ in range(count)]
        audit.seal(self.database)
        return ids

    def findings(self, **options: Any) -> list[tuple[Tampering, UUID | None]]:
        return [(found.kind, found.entry_id) for found in audit.verify(self.database, **options).findings]

    def move(self, entry_id: UUID, seq: int | None) -> None:
        self.rows().filter(pk=entry_id).update(seq=seq)


def write_one() -> UUID:
    return record(created(new_id())).id


def read_one() -> UUID:
    row_ids = [new_id()]
    return audit.record_read(by=BY, act="detail", ledger="clients", row_ids=row_ids, path="/ledgers/clients/1/").id


@pytest.fixture(params=[("default", write_one), ("audit", read_one)], ids=["writes", "reads"])
def case(request: pytest.FixtureRequest) -> Case:
    return Case(*request.param)


def forged(case: Case, **values: Any) -> UUID:
    """A row inserted past the program: everything as good as it can be made without the audit key."""
    like = case.rows().exclude(seq=None).order_by("seq").last()
    like.id = new_id()
    like.actor_name = "冒名者"
    like._state.adding = True
    for name, value in {"seq": None, **values}.items():
        setattr(like, name, value)
    models.Model.save(like, force_insert=True, using=case.database)
    made: UUID = like.id
    return made


def test_an_untouched_chain_holds(case: Case) -> None:
    ids = case.filled()
    case.write()
    report = audit.verify(case.database)
    assert report.ok, report.findings
    assert (report.sealed, report.unsealed, report.head_seq, report.anchors) == (10, 1, 10, 1)
    assert list(case.rows().exclude(seq=None).order_by("seq").values_list("id", flat=True)) == ids


def test_sealing_goes_on_from_where_it_stopped_and_an_empty_run_changes_nothing(case: Case) -> None:
    assert audit.seal(case.database).head_seq == 0
    case.filled(3)
    case.filled(2)
    case.write()
    assert audit.unsealed_count(case.database) == 1
    sealed = audit.seal(case.database)
    assert (sealed.count, sealed.head_seq) == (1, 6)
    assert audit.seal(case.database) == audit.Sealed(0, 6, sealed.head_hash)
    assert audit.verify(case.database).ok


def test_many_entries_are_sealed_in_short_transactions(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qingyuan.foundation.audit.sealing.ENTRIES_PER_TRANSACTION", 4)
    monkeypatch.setattr("qingyuan.foundation.audit.verifying.ENTRIES_PER_READ", 3)
    case.filled(11)
    report = audit.verify(case.database)
    assert report.ok and report.sealed == 11


@pytest.mark.parametrize("column", ["actor_name", "act", "ledger", "reason_stored", "at", "actor_id"])
def test_a_changed_entry_is_named(case: Case, column: str) -> None:
    ids = case.filled()
    value: Any = {"at": models.F("at") + timedelta(days=1), "actor_id": 8}.get(column, "改")
    case.rows().filter(pk=ids[4]).update(**{column: value})
    assert case.findings() == [(Tampering.CHANGED, ids[4])]


def test_a_changed_entry_with_forged_seals_is_named_and_no_other(case: Case) -> None:
    ids = case.filled()
    forged_tag = case.rows().get(pk=ids[3]).digest
    case.rows().filter(pk=ids[4]).update(actor_name="改", digest=forged_tag, hash=forged_tag)
    assert case.findings() == [(Tampering.CHANGED, ids[4])]


def test_two_changed_entries_side_by_side_are_both_named(case: Case) -> None:
    ids = case.filled()
    case.rows().filter(pk__in=ids[4:6]).update(actor_name="改", hash="x")
    assert case.findings() == [(Tampering.CHANGED, ids[4]), (Tampering.CHANGED, ids[5])]


def test_a_changed_first_and_last_entry_are_named(case: Case) -> None:
    ids = case.filled()
    case.rows().filter(pk__in=[ids[0], ids[-1]]).update(actor_name="改", hash="x")
    assert case.findings() == [(Tampering.CHANGED, ids[0]), (Tampering.CHANGED, ids[-1])]


def test_a_changed_entry_that_was_not_yet_sealed_is_named(case: Case) -> None:
    case.filled(3)
    waiting = case.write()
    case.rows().filter(pk=waiting).update(actor_name="改")
    assert case.findings() == [(Tampering.CHANGED, waiting)]
    audit.seal(case.database)
    assert case.findings() == [(Tampering.CHANGED, waiting)], "sealing does not heal it"


@pytest.mark.parametrize("place", [0, 4, 9])
def test_a_removed_entry_is_told_with_its_place(case: Case, place: int) -> None:
    ids = case.filled()
    case.rows().filter(pk=ids[place]).delete()
    (found,) = audit.verify(case.database).findings
    assert (found.kind, found.entry_id, found.seq) == (Tampering.REMOVED, None, place + 1)


def test_a_removed_entry_is_told_even_when_the_rest_was_renumbered(case: Case) -> None:
    ids = case.filled()
    case.rows().filter(pk=ids[4]).delete()
    for entry_id in ids[5:]:
        case.rows().filter(pk=entry_id).update(seq=models.F("seq") - 1)
    kinds = [kind for kind, _entry in case.findings()]
    assert set(kinds) == {Tampering.REMOVED}
    assert audit.verify(case.database).findings[0].message.find(str(ids[5])) > 0, "names the entry after the hole"


def test_a_finding_reads_as_a_sentence(case: Case) -> None:
    ids = case.filled()
    case.rows().filter(pk=ids[4]).update(actor_name="改")
    assert str(audit.verify(case.database).findings[0]) == f"#5 被改动：条目 {ids[4]} 的内容与写入时不符"


def test_a_removed_stretch_is_counted(case: Case) -> None:
    ids = case.filled()
    case.rows().filter(pk__in=ids[3:7]).delete()
    (found,) = audit.verify(case.database).findings
    assert (found.kind, found.seq) == (Tampering.REMOVED, 4) and "缺少 4 条" in found.message


def test_a_cut_tail_is_told_even_after_sealing_went_on(case: Case) -> None:
    ids = case.filled()
    case.rows().filter(pk__in=ids[8:]).delete()
    (found,) = audit.verify(case.database).findings
    assert (found.kind, found.seq) == (Tampering.REMOVED, 9)
    case.write()
    audit.seal(case.database)
    (found,) = audit.verify(case.database).findings
    assert (found.kind, found.seq) == (Tampering.REMOVED, 9) and "缺少 2 条" in found.message


def test_an_inserted_entry_is_named(case: Case) -> None:
    ids = case.filled()
    for place in range(9, 4, -1):
        case.move(ids[place], place + 2)
    before = case.rows().get(pk=ids[4])
    false_id = forged(case, seq=6, prev_hash=before.hash)
    assert (Tampering.INSERTED, false_id) in case.findings()
    assert {entry for _kind, entry in case.findings()} == {false_id}


def test_an_entry_inserted_at_the_end_is_named(case: Case) -> None:
    case.filled()
    false_id = forged(case, seq=11)
    assert case.findings() == [(Tampering.INSERTED, false_id)]


def test_an_entry_smuggled_in_before_sealing_is_named(case: Case) -> None:
    case.filled()
    false_id = forged(case)
    assert case.findings() == [(Tampering.CHANGED, false_id)]
    audit.seal(case.database)
    case.filled(2)
    assert case.findings() == [(Tampering.CHANGED, false_id)]


def test_a_changed_entry_behind_a_removed_one_does_not_cover_the_hole(case: Case) -> None:
    ids = case.filled()
    case.rows().filter(pk=ids[3]).delete()
    case.rows().filter(pk=ids[4]).update(actor_name="改")
    assert set(case.findings()) == {(Tampering.REMOVED, None), (Tampering.CHANGED, ids[4])}


def test_two_neighbours_in_the_wrong_order_are_told(case: Case) -> None:
    ids = case.filled()
    case.move(ids[4], None)
    case.move(ids[5], 5)
    case.move(ids[4], 6)
    ((kind, entry),) = case.findings()
    assert kind is Tampering.REORDERED and entry in (ids[4], ids[5])


def test_two_distant_entries_that_changed_places_are_both_named(case: Case) -> None:
    ids = case.filled()
    case.move(ids[2], None)
    case.move(ids[7], 3)
    case.move(ids[2], 8)
    assert case.findings() == [(Tampering.REORDERED, ids[7]), (Tampering.REORDERED, ids[2])]


def test_the_last_two_in_the_wrong_order_are_told(case: Case) -> None:
    ids = case.filled()
    case.move(ids[8], None)
    case.move(ids[9], 9)
    case.move(ids[8], 10)
    ((kind, entry),) = case.findings()
    assert kind is Tampering.REORDERED and entry in (ids[8], ids[9])


def test_one_entry_moved_far_is_the_only_one_named(case: Case) -> None:
    ids = case.filled()
    case.move(ids[2], None)
    for place in range(3, 8):
        case.move(ids[place], place)
    case.move(ids[2], 8)
    assert case.findings() == [(Tampering.REORDERED, ids[2])]


def test_all_four_at_once_are_each_named(case: Case) -> None:
    ids = case.filled(40)
    case.rows().filter(pk=ids[5]).update(actor_name="改")
    case.rows().filter(pk=ids[12]).delete()
    for place in range(39, 19, -1):
        case.move(ids[place], place + 2)
    false_id = forged(case, seq=21, prev_hash=case.rows().get(pk=ids[19]).hash)
    case.move(ids[28], None)
    case.move(ids[33], 30)
    case.move(ids[28], 35)
    found = case.findings()
    assert found == [
        (Tampering.CHANGED, ids[5]),
        (Tampering.REMOVED, None),
        (Tampering.INSERTED, false_id),
        (Tampering.REORDERED, ids[33]),
        (Tampering.REORDERED, ids[28]),
    ]


def test_numbers_that_jump_over_an_intact_chain_are_told(case: Case) -> None:
    ids = case.filled()
    case.move(ids[9], 15)
    assert (Tampering.REORDERED, ids[9]) in case.findings()


def test_a_changed_row_of_a_batch_is_named_with_its_line() -> None:
    rows = [created(new_id(), line=n) for n in range(5)]
    entry = record(*rows)
    audit.seal("default")
    changes = models.QuerySet(RowChange).filter(row_id=rows[2].row_id)
    changes.update(after='{"town":"改"}')
    (found,) = audit.verify("default").findings
    assert (found.kind, found.entry_id) == (Tampering.CHANGED, entry.id)
    assert "第 3 行" in found.message and str(rows[2].row_id) in found.message


@pytest.mark.parametrize("how", ["first", "last", "swapped", "added"])
def test_rows_removed_swapped_or_added_are_told(how: str) -> None:
    rows = [created(new_id(), line=n) for n in range(3)]
    entry = record(*rows)
    audit.seal("default")
    changes = models.QuerySet(RowChange).filter(entry_id=entry.id)
    if how == "swapped":
        changes.filter(position=0).update(position=9)
        changes.filter(position=1).update(position=0)
        changes.filter(position=9).update(position=1)
    elif how == "added":
        RowChange(entry_id=entry.id, position=3, row_id=new_id(), kind="void", hash="x").save()
    else:
        changes.filter(position=0 if how == "first" else 2).delete()
    (found,) = audit.verify("default").findings
    assert (found.kind, found.entry_id) == (Tampering.CHANGED, entry.id) and "行" in found.message


def test_a_root_made_unreadable_is_told() -> None:
    entry = record(created(new_id()))
    models.QuerySet(WriteEntry).filter(pk=entry.id).update(changes_root="?")
    assert [found.entry_id for found in audit.verify("default").findings] == [entry.id]


def test_a_chain_rewritten_with_the_keys_is_caught_by_an_anchor_kept_outside(case: Case) -> None:
    ids = case.filled()
    kept = audit.export_anchor(case.database)
    assert kept is not None and audit.parse_anchor(kept.as_text()) == kept
    assert audit.verify(case.database, outside=[kept]).ok
    case.rows().filter(pk=ids[4]).delete()
    chain_of(case.database).anchors().delete()
    for entry_id in ids:
        case.move(entry_id, None)
    audit.seal(case.database)
    assert audit.verify(case.database).ok, "whoever has the keys can do this unseen from inside"
    (found,) = audit.verify(case.database, outside=[kept]).findings
    assert found.kind is Tampering.ANCHOR and "外部" in found.message


def test_an_outside_anchor_of_the_other_chain_is_left_alone(case: Case) -> None:
    case.filled(2)
    foreign = audit.OutsideAnchor("other", date(2022, 11, 23), 2, "x")
    assert audit.verify(case.database, outside=[foreign]).ok


def test_each_day_has_its_anchor_and_a_missing_or_changed_one_is_told(case: Case, settings: Settings) -> None:
    for day in (21, 22, 23):
        settings.QINGYUAN_TODAY = date(2022, 11, day)
        case.filled(2)
        case.filled(1)
    anchors = chain_of(case.database).anchors()
    assert list(anchors.values_list("day", "head_seq", "count")) == [
        (date(2022, 11, 21), 3, 3), (date(2022, 11, 22), 6, 3), (date(2022, 11, 23), 9, 3),
    ]  # fmt: skip
    first = audit.export_anchor(case.database, date(2022, 11, 21))
    assert first is not None and first.head_seq == 3 and audit.verify(case.database, outside=[first]).ok
    anchors.filter(day=date(2022, 11, 22)).update(head_hash="x")
    assert case.findings() == [(Tampering.ANCHOR, None)]
    anchors.filter(day=date(2022, 11, 22)).delete()
    assert case.findings() == [(Tampering.ANCHOR, None)]
    anchors.delete()
    assert case.findings() == [(Tampering.ANCHOR, None)]
    assert audit.export_anchor(case.database) is None


def test_sealing_refuses_to_go_on_from_an_anchor_it_did_not_make(case: Case) -> None:
    case.filled(3)
    chain_of(case.database).anchors().update(head_seq=2)
    case.write()
    with pytest.raises(audit.AnchorBroken, match="审计人员"):
        audit.seal(case.database)
    assert audit.unsealed_count(case.database) == 1


def test_a_clock_set_back_opens_no_anchor_behind_the_last_one(case: Case, settings: Settings) -> None:
    case.filled(2)
    settings.QINGYUAN_TODAY = date(2020, 1, 1)
    case.filled(2)
    assert chain_of(case.database).anchors().count() == 1
    assert audit.verify(case.database).ok


def test_the_chain_goes_on_under_a_new_suite(case: Case, settings: Settings) -> None:
    case.filled(3)
    settings.QINGYUAN_CRYPTO_SUITE = 2
    case.filled(3)
    settings.QINGYUAN_CRYPTO_SUITE = 1
    assert audit.verify(case.database).ok


@pytest.mark.postgres
@pytest.mark.django_db(databases=["default", "audit"], transaction=True)
def test_sealers_that_run_at_once_make_one_chain(case: Case) -> None:
    for _ in range(40):
        case.write()

    def run(_number: int) -> int:
        try:
            return audit.seal(case.database).count
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(run, range(4))) == 40
    report = audit.verify(case.database)
    assert report.ok and report.sealed == 40


def test_what_is_sealed_during_a_check_is_no_finding(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    case.filled(3)
    seen = Segments.add

    def sealer_comes_by(self: Segments, *args: Any, **options: Any) -> bool:
        monkeypatch.setattr(Segments, "add", seen)
        case.filled(2)
        return seen(self, *args, **options)

    monkeypatch.setattr(Segments, "add", sealer_comes_by)
    assert audit.verify(case.database).ok


def test_there_are_two_chains_only() -> None:
    with pytest.raises(UnknownChain, match="default"):
        audit.seal("other")
    with pytest.raises(BadAnchor, match="完整"):
        audit.parse_anchor("{}")


def chain_links(length: int) -> list[tuple[UUID, str, str]]:
    """Id, predecessor's hash and own hash of each entry of a sound chain."""
    links, head = [], GENESIS
    for _ in range(length):
        entry_id = new_id()
        prev, head = head, tag(link_content(head, str(entry_id)), audit_key())
        links.append((entry_id, prev, head))
    return links


def shape(links: list[tuple[UUID, str, str]]) -> Segments:
    segments = Segments()
    for seq, (entry_id, prev, own) in enumerate(links, start=1):
        segments.add(entry_id, seq, prev, own, sound=True)
    return segments


@given(st.permutations(range(8)))
def test_exactly_the_fewest_entries_are_called_moved(order: list[int]) -> None:
    links = chain_links(8)
    segments = shape([links[place] for place in order])
    moved = sum(segment.length for segment in segments.moved)
    assert moved == 8 - _longest_rising(order)
    assert not segments.holes and not segments.bypassed and not segments.stand_ins


def _longest_rising(order: list[int]) -> int:
    """The obvious way: best length ending at each place."""
    best: list[int] = []
    for place, value in enumerate(order):
        best.append(1 + max((best[earlier] for earlier in range(place) if order[earlier] < value), default=0))
    return max(best)


@given(st.sets(st.integers(0, 11), max_size=11))
def test_every_removed_entry_is_counted_once(removed: set[int]) -> None:
    links = chain_links(12)
    segments = Segments()
    for place, (entry_id, prev, own) in enumerate(links):
        if place not in removed:
            segments.add(entry_id, place + 1, prev, own, sound=True)
    last = segments.last.last_seq if segments.last else 0
    assert sum(missing for _segment, missing in segments.holes) == len({p for p in removed if p < last})
    assert not segments.moved


@given(st.permutations(range(7)), st.lists(st.integers(1, 9), min_size=7, max_size=7))
def test_the_heaviest_rising_part_is_as_heavy_as_the_heaviest_of_all_parts(
    order: list[int], weights: list[int]
) -> None:
    kept = sorted(_heaviest_rising(order, weights))
    assert all(order[one] < order[other] for one, other in pairwise(kept))
    parts = (part for size in range(8) for part in combinations(range(7), size))
    rising = (part for part in parts if all(order[a] < order[b] for a, b in pairwise(part)))
    assert sum(weights[place] for place in kept) == max(sum(weights[place] for place in part) for part in rising)


def test_a_chain_shuffled_whole_is_judged_in_reasonable_time() -> None:
    count = 20_000
    assert len(_heaviest_rising(list(range(count - 1, -1, -1)), [1] * count)) == 1


def test_no_ranks_no_result() -> None:
    assert _heaviest_rising([], []) == set()

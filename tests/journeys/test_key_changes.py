"""Keys changed while the city works: found before, during and after; cut off anywhere and begun again; nobody entered twice."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from qingyuan.cli import main as command_line
from qingyuan.foundation import audit
from qingyuan.foundation.audit.models import WriteEntry
from qingyuan.foundation.crypto import FileKeyProvider, KeyFolderUnsafe, Keyring, KeyringBusy, indexing_as, keyring
from qingyuan.foundation.crypto.ring import Purpose
from qingyuan.foundation.enums import Compartment
from qingyuan.journeys import key_changes
from qingyuan.ledgers import queries, registry, reindexing, writing
from qingyuan.ledgers.declaration import Draft
from qingyuan.ledgers.queries import RowFilter
from qingyuan.ledgers.writing import DuplicateRow
from qingyuan.rehabilitation import queries as people
from qingyuan.rehabilitation.models import Client
from qingyuan.rehabilitation.people import person_key
from tests.cast import TODAY, City, found_city, id_number, measure_values
from tests.enforcement.rows import CASE, PARTY, PENALTY, penalty

COMMUNITY, ENFORCEMENT = Compartment.COMMUNITY, Compartment.ENFORCEMENT
REASON = "年度例行更换"


@pytest.fixture
def city(db: None, facts_home: Any, tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> City:
    """A city with a ring of its own, three clients, a party, a sealed penalty and two volunteers' worth of other ledgers."""
    settings.QINGYUAN_KEYS = tmp_path / "city" / "keys"
    monkeypatch.setattr(key_changes, "NOTICED_AFTER", 0.0)
    made = found_city()
    for serial in (1, 2, 3):
        made.enter("measures", "supervisor", measure_values(made, serial))
    place = {"division": made.divisions["石桥镇"].pk}
    made.enter("cases", "officer", place | CASE)
    made.enter("parties", "officer", PARTY)
    penalty(made)
    return made


def found(city: City) -> set[str]:
    """Whoever is found by each way of searching; the ways that find nothing are missing."""
    ways = set()
    mine = people.clients(city.actor("supervisor"), TODAY)
    for what, text, count in (
        ("client by name", "测试乙", 1),
        ("client by number", id_number(101), 1),
        ("client by surname", "测", 3),
        ("client by reading", "ceshiyi", 1),
        ("client by initials", "csy", 1),
    ):
        if people.search_clients(mine, text).count() == count:
            ways.add(what)
    for code, who, text in (
        ("measures", "supervisor", "测试乙"),
        ("measures", "supervisor", "csy"),
        ("parties", "officer", "测试甲"),
        ("parties", "officer", "csj"),
        ("parties", "officer", id_number(711)),
    ):
        ledger, actor = registry.get(code), city.actor(who)
        rows = queries.filtered(ledger, queries.rows(ledger, actor, TODAY), RowFilter(search=text), TODAY, by=actor)
        if rows.count() == 1:
            ways.add(f"{code} {text}")
    if len(queries.sealed_row(registry.get("penalties"), city.actor("officer"), TODAY, id_number(712))) == 1:
        ways.add("penalty")
    return ways


EVERY_WAY = 11


def indexes(compartment: Compartment) -> set[str]:
    """Everything stored that was made with the index key."""
    stored = set()
    if compartment == COMMUNITY:
        stored |= {value for row in Client.objects.values_list("name_index", "id_index") for value in row}
    for ledger in registry.all_ledgers():
        if ledger.compartment == compartment:
            stored |= set(ledger.model._base_manager.values_list("key", flat=True))
    return stored


# --- index keys ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("compartment", [COMMUNITY, ENFORCEMENT])
def test_everybody_is_found_at_every_step_of_a_new_index_key(
    city: City, compartment: Compartment, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert len(found(city)) == EVERY_WAY, found(city)
    before, ring, steps = indexes(compartment), keyring(), []
    for name in ("write_with_newest_index_key", "search_newest_index_key_only"):
        step = getattr(ring, name)

        def watched(scope: str, step: Any = step, name: str = name) -> Any:
            steps.append((name, len(found(city))))
            done = step(scope)
            steps.append((f"after {name}", len(found(city))))
            return done

        monkeypatch.setattr(ring, name, watched)
    done = key_changes.change_index_key(compartment=compartment, reason=REASON)
    assert done.moved > 0 and not done.equal
    assert [count for _name, count in steps] == [EVERY_WAY] * 4, steps
    after = indexes(compartment)
    assert not before & after and len(after) == len(before), "nothing stands under the earlier key"
    known = ring.generations(compartment)
    assert known.searched == (known.writes,) and len(ring.index_keys_ever(compartment)) == 2
    assert audit.verify("default").ok
    entry = WriteEntry.objects.filter(act="keys.index").get()
    assert entry.summary == compartment.value


def test_an_id_of_before_is_tested_with_the_earlier_key_alone_and_one_of_after_with_the_new_one_alone(city: City) -> None:
    """What SECURITY.md says of ids: they are bound in signed audits and in facts and stay; a leaked earlier key tests guesses
    against those of its time, and against nothing that was entered later."""
    ring, earlier = keyring(), person_key(id_number(101)).client_id
    assert Client.objects.filter(pk=earlier).exists()
    key_changes.change_index_key(compartment=COMMUNITY, reason=REASON)
    now = person_key(id_number(101)).client_id
    assert now != earlier and Client.objects.filter(pk=earlier).exists() and not Client.objects.filter(pk=now).exists()
    fresh = person_key(id_number(177))
    city.enter("measures", "supervisor", measure_values(city, 77))
    added = Client.objects.get(id_index=fresh.id_index)
    assert added.pk == fresh.client_id, "who is entered from now on stands under the new key"
    ids = {}
    for key in ring.index_keys_ever(COMMUNITY):
        with indexing_as(COMMUNITY, key):
            ids[key] = {person_key(id_number(serial)).client_id for serial in (101, 177)}
    first, second = ring.index_keys_ever(COMMUNITY)
    assert earlier in ids[first] - ids[second] and added.pk in ids[second] - ids[first]


def test_one_that_is_cut_off_finds_everybody_and_ends_when_it_is_called_again(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    real, calls = reindexing._write, []

    def breaks(ledger: Any, row: Any, values: dict[str, Any]) -> int:
        calls.append(row)
        if len(calls) > 1:
            raise KeyboardInterrupt
        return real(ledger, row, values)

    monkeypatch.setattr(reindexing, "_write", breaks)
    with pytest.raises(KeyboardInterrupt):
        key_changes.change_index_key(compartment=ENFORCEMENT, reason=REASON)
    monkeypatch.setattr(reindexing, "_write", real)
    assert len(found(city)) == EVERY_WAY and len(keyring().generations(ENFORCEMENT).searched) == 2
    assert key_changes.change_index_key(compartment=ENFORCEMENT, reason=REASON).moved > 0
    assert len(found(city)) == EVERY_WAY and len(keyring().index_keys_ever(ENFORCEMENT)) == 2, "no third key was made"


def test_between_two_keys_nobody_is_entered_twice(city: City) -> None:
    """Rows of the earlier key are no constraint's business: the check before writing sees them."""
    ring = keyring()
    for compartment in (COMMUNITY, ENFORCEMENT):
        ring.add_index_key(compartment, 1)
        ring.write_with_newest_index_key(compartment)
    for ledger, who, values in (
        ("measures", "supervisor", measure_values(city, 1)),
        ("parties", "officer", PARTY),
        ("penalties", "officer", {"division": city.divisions["石桥镇"].pk} | PENALTY),
    ):
        with pytest.raises(DuplicateRow, match="已有相同的一条"):
            city.enter(ledger, who, values)
    again = city.enter("measures", "supervisor", measure_values(city, 1, decided_on=date(2021, 1, 4), served_on=date(2021, 1, 5),
                       reported_on=date(2021, 1, 6), agreement_on=date(2021, 1, 7), ended_on=date(2021, 12, 1), end_reason="discharged"))[0]  # fmt: skip
    assert Client.objects.count() == 3 and again.client.name == "测试乙", "the person there is, not one more"
    key_changes.index_anew([COMMUNITY, ENFORCEMENT])
    for compartment in (COMMUNITY, ENFORCEMENT):
        ring.search_newest_index_key_only(compartment)
    assert len(found(city) - {"measures 测试乙", "measures csy"}) == EVERY_WAY - 2, "two measures of one person now"
    with pytest.raises(DuplicateRow):
        city.enter("measures", "supervisor", measure_values(city, 1))


def test_a_row_that_is_changed_meanwhile_goes_under_the_new_key_whole(city: City) -> None:
    ledger = registry.get("parties")
    ring = keyring()
    ring.add_index_key(ENFORCEMENT, 1)
    ring.write_with_newest_index_key(ENFORCEMENT)
    row = ledger.model.objects.select_related("case").get()
    writing.change(ledger, [(row, Draft(number=1, values={"role": "defendant"}))], city.writing("officer", "改"))
    row.refresh_from_db()
    assert reindexing.reindex(ledger).moved == 0
    ring.search_newest_index_key_only(ENFORCEMENT)
    assert {"parties 测试甲", "parties csj"} <= found(city)


def test_what_was_put_away_before_is_found_again_after_it_is_brought_back(city: City) -> None:
    """A restored copy holds indexes of then; the look that a restore makes brings them under the key of today."""
    first = keyring().generations(COMMUNITY).writes
    key_changes.change_index_key(compartment=COMMUNITY, reason=REASON)
    with indexing_as(COMMUNITY, first):
        key_changes.index_anew([COMMUNITY])  # the rows as the copy has them
    assert "client by name" not in found(city)
    key_changes.index_anew(Compartment)
    assert len(found(city)) == EVERY_WAY


def test_rows_of_before_the_columns_are_found_and_filled_by_the_command(city: City, capsys: pytest.CaptureFixture[str]) -> None:
    Client.objects.update(surname_bucket=None, initials_bucket=None)
    assert len(found(city)) == EVERY_WAY, "a row that is not filled yet is looked at by every search"
    assert command_line.main(["keys", "reindex"], ["qingyuan.cli.commands"]) == 0
    assert "改动 3 条" in capsys.readouterr().out
    assert not Client.objects.filter(surname_bucket=None).exists()


# --- the master key -----------------------------------------------------------------------------------------------------
def test_a_new_master_key_leaves_everything_readable_and_the_old_one_opens_nothing_new(city: City, tmp_path: Path) -> None:
    folder = tmp_path / "city" / "keys"
    old, wrapped = (folder / "master.key").read_bytes(), [entry.wrapped for entry in keyring().entries()]
    long_running = Keyring(folder, FileKeyProvider(folder))
    count = key_changes.change_master(reason=REASON)
    assert count == len(wrapped) and not set(wrapped) & {entry.wrapped for entry in keyring().entries()}
    assert (folder / "master.key").read_bytes() != old and not (folder / "master.key.next").exists()
    fresh = Keyring(folder, FileKeyProvider(folder))
    assert all(fresh.key(entry.id).raw for entry in fresh.entries())
    assert long_running.key(long_running.add("help", Purpose.DATA, 1)).raw == Keyring(folder, FileKeyProvider(folder)).key(
        long_running.entries()[-1].id
    ).raw, "a process that started before wraps under the new one"
    assert len(found(city)) == EVERY_WAY and audit.verify("default").ok
    (folder / "master.key").write_bytes(old)
    with pytest.raises(KeyFolderUnsafe):
        Keyring(folder, FileKeyProvider(folder)).key(fresh.entries()[0].id)


@pytest.mark.parametrize("where", ["before the ring is written", "after it", "in the middle of the key file"])
def test_a_change_of_the_master_key_that_is_cut_off_loses_no_key(
    city: City, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    folder, ring = tmp_path / "city" / "keys", keyring()
    if where == "in the middle of the key file":
        (folder / "master.key.next").write_bytes(b"ab")
        (folder / "master.key.next").chmod(0o600)
    elif where == "after it":
        monkeypatch.setattr(Path, "replace", _power_cut(Path.replace, "master.key"))
    else:
        monkeypatch.setattr(ring, "_write", _power_cut(None, ""))
    if where != "in the middle of the key file":
        with pytest.raises(KeyboardInterrupt):
            ring.rotate_master()
    monkeypatch.undo()
    cut = Keyring(folder, FileKeyProvider(folder))
    assert all(cut.key(entry.id).raw for entry in cut.entries())
    late = cut.add("help", Purpose.DATA, 1)
    assert Keyring(folder, FileKeyProvider(folder)).rotate_master() == len(cut.entries())
    ended = Keyring(folder, FileKeyProvider(folder))
    assert all(ended.key(entry.id).raw for entry in ended.entries()) and ended.key(late).raw == cut.key(late).raw
    assert not (folder / "master.key.next").exists()


def _power_cut(real: Any, name: str) -> Any:
    def cut(self: Any, *given: Any) -> Any:
        if real is None or Path(given[0]).name == name:
            raise KeyboardInterrupt
        return real(self, *given)

    return cut if real is not None else lambda *given: cut(None, "")


# --- the commands -------------------------------------------------------------------------------------------------------
def test_each_kind_of_key_is_changed_by_a_command_that_asks_why(
    city: City, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def call(*words: str) -> int:
        return command_line.main(["keys", *words], ["qingyuan.cli.commands"])

    assert call("rotate-master", "--reason", REASON) == 0
    assert call("rotate", "community", "--reason", REASON) == 0
    assert call("rotate-index", "all", "--reason", REASON) == 0
    assert len(found(city)) == EVERY_WAY
    acts = set(WriteEntry.objects.filter(ledger="keys").values_list("act", flat=True))
    assert acts == {"keys.master", "keys.data", "keys.index", "keys.index_done"}
    assert call("rotate-master", "--reason", " ") == 1
    monkeypatch.setattr(Keyring, "rotate_master", lambda self: (_ for _ in ()).throw(KeyringBusy("另一个进程正在更换密钥")))
    assert call("rotate-master", "--reason", REASON) == 1
    capsys.readouterr()
    assert call("list", "--json") == 0
    told = capsys.readouterr().out
    assert '"use": "写入"' in told and "w1." not in told, "no wrapped key is printed"

"""Keeping a year: what goes in, that it verifies elsewhere, that nobody's name is in it, and that it never changes."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from qingyuan.cli.commands import assessment
from qingyuan.cli.output import Refused
from qingyuan.foundation import clock
from qingyuan.foundation.audit.models import WriteEntry
from qingyuan.foundation.kept_files import FileDamaged, path_of
from qingyuan.governance.actions import archive, manual
from qingyuan.governance.actions.letters import issue, void
from qingyuan.governance.archive import package
from qingyuan.governance.archive.checking import verify
from qingyuan.governance.archive.findings import Code
from qingyuan.governance.models import AssessmentArchive, Letter
from qingyuan.governance.models.guarded import WrittenOnce
from qingyuan.governance.permissions import NotAllowed, may_take_archive, may_take_own_extract
from qingyuan.governance.queries import archive as reads
from qingyuan.governance.queries.trees import tree_of
from qingyuan.governance.scoring.serialise import canonical
from qingyuan.indicators.refresh import refresh
from tests.cast import TODAY, id_number, measure_values
from tests.governance.archive.years import fitted
from tests.governance.conftest import Desk
from tests.web.letters.conftest import WINDOWS, come_to_test, settle

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[3]
KEY = "manual:知晓率调查"


@pytest.fixture
def town(desk: Desk) -> Desk:
    """Two letters of one sheet: 龙洞镇 with six people tested 16 of 18 times, 石桥镇 with nothing yet."""
    settle(desk, people=6, tested=16)
    terms = desk.terms()
    for name in ("longdong", "shiqiao"):
        archive_letter(desk, name, terms)
    return desk


def archive_letter(desk: Desk, name: str, terms: Any) -> Letter:
    return issue(unit=desk.city.units[name], terms=terms, by=desk.actor("clerk"))


def keep(desk: Desk) -> AssessmentArchive:
    return archive.keep(year=2022, by=desk.actor("clerk"), city=desk.city.divisions["云岭市"])


def letter(desk: Desk, name: str = "longdong") -> Letter:
    return Letter.objects.live().get(unit=desk.city.units[name], year=2022)


def test_what_is_kept_verifies_and_comes_to_the_points_of_the_page(town: Desk) -> None:
    kept = keep(town)
    report = verify(reads.bytes_of(kept))
    assert report.intact and report.letters == 2 and report.root == kept.root_hash
    (total,) = [total for name, total in report.totals if name.startswith(letter(town).number)]
    assert Decimal(total) == tree_of(letter(town), TODAY).total == Decimal("72.12")
    assert (kept.serial, kept.letters, kept.on, kept.basis) == (1, 2, TODAY, "live")


def test_nothing_in_it_names_a_person(town: Desk) -> None:
    data = reads.bytes_of(keep(town))
    for serial in range(6):
        values = measure_values(town.city, serial)
        for secret in (values["name"], values["id_number"], id_number(100 + serial)):
            assert str(secret).encode() not in data
    for holder in ("龙一", "罗镇长", "龙三"):  # the promise binds the post
        assert holder.encode() not in data
    parts, _odd = package.read(data)
    people = [name for name in parts if b'\\"person\\"' in parts[name] or b'"person"' in parts[name]]
    assert people == []


def test_the_rows_behind_are_counted_and_hashed(town: Desk) -> None:
    parts, _odd = package.read(reads.bytes_of(keep(town)))
    folder = reads.folder_of(letter(town))
    few = json.loads(parts[f"{folder}/evidence-few.json"])["evidence"]
    dues = few["indicator:R05"]["facts"]["test_dues"]
    assert dues["count"] == 18 and len(dues["sha256"]) == 64 and dues["note"]
    meetings = json.loads(parts[f"{folder}/facts.json"])["facts"]["indicator:G01"]["meetings"]
    assert len(meetings) == 2 and all("held_on" in line or "happened_on" in line for line in meetings)


def test_figures_are_reckoned_again_from_the_facts_in_it_and_an_altered_fact_is_named(town: Desk) -> None:
    data = reads.bytes_of(keep(town))
    assert verify(data).figures >= 4
    parts, _odd = package.read(data)
    name = f"{reads.folder_of(letter(town))}/facts.json"
    for change, told in ((lambda lines: lines[:1], "重算是 1"), (lambda lines: [*lines, lines[0]], "重算是 3")):
        held, facts = dict(parts), json.loads(parts[name])
        meetings = facts["facts"]["indicator:G01"]
        meetings["meetings"] = change(meetings["meetings"])
        held[name] = canonical(facts).encode()
        report = verify(package.write(held))
        named = [one for one in report.findings if one.code is Code.FIGURE]
        assert [one.number for one in named] and {one.number for one in named} == {"indicator:G01"}, report.findings
        assert "专题研究取用的是 2" in named[0].words and told in named[0].words
        assert any(one.code is Code.ALTERED and one.part == name for one in report.findings)


def test_an_altered_formula_is_named_with_the_figures_it_moves(town: Desk) -> None:
    parts, _odd = package.read(reads.bytes_of(keep(town)))
    formulas = json.loads(parts["indicators.json"])
    formulas["indicators"]["G01"]["terms"][0]["where"] = "not special_topic"
    report = verify(package.write(parts | {"indicators.json": canonical(formulas).encode()}))
    assert {one.code for one in report.findings} == {Code.ALTERED, Code.FIGURE}
    assert {one.number for one in report.findings if one.code is Code.FIGURE} == {"indicator:G01"}


def test_an_archive_of_before_formulas_were_kept_still_verifies(town: Desk) -> None:
    parts, _odd = package.read(reads.bytes_of(keep(town)))
    del parts["indicators.json"]
    report = verify(package.write(fitted(parts)))
    assert report.intact and report.figures == 0


def test_another_row_behind_gives_another_hash(town: Desk) -> None:
    before = keep(town)
    come_to_test(town, 5, WINDOWS[2])
    refresh()
    after = keep(town)
    assert after.root_hash != before.root_hash and (before.serial, after.serial) == (1, 2)


def test_the_same_year_kept_again_is_the_same_archive(town: Desk) -> None:
    assert keep(town).pk == keep(town).pk
    assert AssessmentArchive.objects.count() == 1


def test_a_closed_archive_never_changes_whatever_happens_to_the_year(town: Desk) -> None:
    kept = keep(town)
    data = reads.bytes_of(kept)
    come_to_test(town, 5, WINDOWS[2])
    void(letter=letter(town, "shiqiao"), reason="合并到龙洞镇", by=town.actor("clerk"))
    entry = manual.enter(letter=letter(town), key=KEY, value=Decimal(90), reason="问卷 200 份", by=town.actor("clerk"))
    manual.review(entry=entry, by=town.actor("leader"))
    refresh()
    keep(town)
    assert reads.bytes_of(AssessmentArchive.objects.get(pk=kept.pk)) == data
    assert archive.check_kept(kept).intact


def test_the_row_of_an_archive_is_written_once(town: Desk) -> None:
    kept = keep(town)
    kept.root_hash = "0" * 64
    with pytest.raises(WrittenOnce):
        kept.save()
    with pytest.raises(WrittenOnce):
        AssessmentArchive.objects.filter(pk=kept.pk).update(year=2021)
    with pytest.raises(WrittenOnce):
        kept.delete()
    with pytest.raises(WrittenOnce):
        AssessmentArchive.objects.all().delete()


def test_two_archives_cannot_take_one_number(town: Desk) -> None:
    kept = keep(town)
    with pytest.raises(IntegrityError), transaction.atomic():
        AssessmentArchive(
            city=kept.city, year=2022, serial=1, on=TODAY, basis="live", letters=1, root_hash="1" * 64, digest="1" * 64, size=1,
            path="x", fact_version=1, kept_at=clock.now(), kept_by_name="周",
        ).save()  # fmt: skip


def test_the_root_stands_in_the_audit(town: Desk) -> None:
    kept = keep(town)
    entry = WriteEntry.objects.get(act="assessment.archive")
    assert kept.root_hash in entry.summary and entry.batch_digest == kept.root_hash and entry.row_id == kept.pk


def test_a_file_changed_in_the_folder_is_found(town: Desk) -> None:
    kept = keep(town)
    stored = path_of(kept.path)
    other = keep_another(town)
    stored.write_bytes(path_of(other.path).read_bytes())
    with pytest.raises(FileDamaged):
        archive.check_kept(kept)
    stored.unlink()
    with pytest.raises(FileDamaged):
        archive.check_kept(kept)


def keep_another(desk: Desk) -> AssessmentArchive:
    come_to_test(desk, 5, WINDOWS[2])
    refresh()
    return keep(desk)


def test_a_number_by_hand_stands_there_with_its_reason_and_both_names(town: Desk) -> None:
    entry = manual.enter(letter=letter(town), key=KEY, value=Decimal("96.8"), reason="第三方问卷", by=town.actor("clerk"))
    manual.review(entry=entry, by=town.actor("leader"))
    parts, _odd = package.read(reads.bytes_of(keep(town)))
    (told,) = json.loads(parts[f"{reads.folder_of(letter(town))}/manual.json"], parse_float=Decimal)["entries"]
    assert (told["key"], told["value"], told["reason"]) == (KEY, Decimal("96.8"), "第三方问卷")
    assert told["by"] != told["reviewed_by"]


def test_a_year_without_letters_is_refused(desk: Desk) -> None:
    with pytest.raises(archive.ArchiveRefused, match="没有生效的责任书"):
        keep(desk)


@pytest.mark.parametrize("who", ["supervisor", "caseworker", "officer"])
def test_only_the_office_and_its_leaders_close_a_year(town: Desk, who: str) -> None:
    with pytest.raises(NotAllowed):
        archive.keep(year=2022, by=town.actor(who), city=town.city.divisions["云岭市"])


def test_the_office_takes_the_open_edition_and_the_unit_only_its_own(town: Desk) -> None:
    kept, city = keep(town), town.city.divisions["云岭市"]
    for who, everything in (("clerk", True), ("leader", True), ("auditor", True), ("supervisor", False), ("officer", False)):
        assert may_take_archive(town.actor(who), city.pk, TODAY).allowed is everything, who
    own = letter(town)
    assert may_take_own_extract(town.actor("supervisor"), own, TODAY).allowed
    for who in ("clerk", "leader", "auditor", "stranger", "officer"):
        assert not may_take_own_extract(town.actor(who), own, TODAY).allowed, who
    opened, _odd = package.read(reads.open_bytes(kept, "宋办"))
    assert not any(name.endswith("-few.json") for name in opened)
    assert verify(reads.open_bytes(kept, "宋办")).intact
    mine = reads.own_bytes(kept, own)
    assert mine is not None and verify(mine).letters == 1 and verify(mine, root=kept.root_hash).intact


def test_the_open_edition_does_not_move_with_a_hidden_number_inside_one_word(town: Desk) -> None:
    def opened() -> dict[str, bytes]:
        refresh()
        found, _odd = package.read(reads.open_bytes(keep(town), "宋办"))
        return {name: data for name, data in found.items() if name != "manifest.json"}

    before = opened()
    come_to_test(town, 5, WINDOWS[2])
    assert opened() == before


# --- the command ----------------------------------------------------------------------------------------------------------


def call(*words: str) -> int:
    parser = argparse.ArgumentParser()
    assessment.add_arguments(parser)
    return int(assessment.run(parser.parse_args(list(words))))


def test_the_command_keeps_takes_and_verifies(town: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call("keep", "--year", "2022", "--as", "clerk") == 0
    target = tmp_path / "2022.zip"
    assert call("take", "--year", "2022", "--to", str(target), "--as", "clerk") == 0
    assert call("check") == 0
    capsys.readouterr()
    root = AssessmentArchive.objects.get().root_hash
    assert call("verify", str(target), "--root", root, "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["intact"] and told["root"] == root and not told["complete"] and told["extract"]
    assert call("verify", str(target), "--root", "f" * 64) == 1
    assert "与公布的根校验值不同" in capsys.readouterr().out.replace("\n", "")


def test_the_command_names_what_it_cannot_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = tmp_path / "x.zip"
    other.write_bytes(b"hello")
    assert call("verify", str(other), "--json") == 2
    assert json.loads(capsys.readouterr().out)["findings"][0]["code"] == "not_an_archive"
    for missing in (tmp_path / "none.zip", tmp_path):
        with pytest.raises(Refused) as refusal:
            call("verify", str(missing))
        assert refusal.value.code == 2


@pytest.mark.parametrize("who", ["supervisor", "officer"])
def test_the_command_is_no_way_around_the_policy(town: Desk, tmp_path: Path, who: str) -> None:
    keep(town)
    with pytest.raises(Refused):
        call("keep", "--year", "2022", "--as", who)
    with pytest.raises(Refused):
        call("take", "--year", "2022", "--to", str(tmp_path / "x.zip"), "--as", who)
    assert not (tmp_path / "x.zip").exists()


def test_anyone_verifies_it_without_a_city_a_database_or_a_setting(town: Desk, tmp_path: Path) -> None:
    target, home = tmp_path / "2022.zip", tmp_path / "empty"
    target.write_bytes(reads.bytes_of(keep(town)))
    bare = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "PYTHONPATH": str(ROOT), "QINGYUAN_HOME": str(home)}
    done = subprocess.run(
        [sys.executable, "-m", "qingyuan", "assessment", "verify", str(target), "--json"],
        env=bare, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["letters_recomputed"] == 2
    assert not list(home.rglob("*.sqlite3"))


def test_the_last_day_of_a_closed_year_is_what_is_archived(town: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: datetime(2023, 2, 1, 9, tzinfo=clock.ZONE))
    monkeypatch.setattr(clock, "today", lambda: date(2023, 2, 1))
    assert keep(town).on == date(2022, 12, 31)

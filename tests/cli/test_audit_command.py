"""Anchors leave the house by one command and are compared by another."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import pytest
from django.db import connections

from qingyuan.cli.commands import audit as command
from qingyuan.cli.output import Refused
from qingyuan.foundation import audit
from qingyuan.foundation.audit.chains import chain_of
from qingyuan.foundation.ids import new_id
from tests.foundation.acting import BY, created, record

pytestmark = pytest.mark.django_db(databases=["default", "audit"])


def run(*words: str) -> int:
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    return command.run(parser.parse_args(words))


def filled() -> None:
    for _number in range(3):
        record(created(new_id()))
        audit.record_read(by=BY, act="detail", ledger="clients", row_ids=[new_id()], path="/people/")


def test_the_anchors_of_both_chains_are_printed_a_line_each_and_kept_in_a_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    filled()
    kept = tmp_path / "usb" / "anchors.txt"
    kept.parent.mkdir()
    assert run("anchor", "--save", str(kept)) == 0
    printed = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [one["head_seq"] for one in printed] == [3, 3]
    assert [json.loads(line) for line in kept.read_text().splitlines()] == printed
    filled()
    assert run("anchor", "--save", str(kept)) == 0
    assert len(kept.read_text().splitlines()) == 4, "a day is added to what is kept"
    capsys.readouterr()
    assert run("verify", "--anchors", str(kept)) == 0
    assert "4 个日锚" in capsys.readouterr().out


@pytest.mark.parametrize("database", ["default", "audit"])
def test_a_chain_cut_together_with_its_own_anchors_is_told_by_the_kept_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], database: str
) -> None:
    filled()
    kept = tmp_path / "anchors.txt"
    run("anchor", "--save", str(kept))
    chain = chain_of(database)
    table, anchors = chain.entries().model._meta.db_table, chain.anchors().model._meta.db_table
    with connections[database].cursor() as cursor:
        cursor.execute(f'delete from "{table}"')
        cursor.execute(f'delete from "{anchors}"')
    capsys.readouterr()
    assert run("verify") == 0, "cut whole, nothing inside tells"
    assert run("verify", "--anchors", str(kept)) == 1
    assert "外部保存的锚不符" in capsys.readouterr().out


def test_a_file_that_is_no_list_of_anchors_is_refused_with_its_line(tmp_path: Path) -> None:
    odd = tmp_path / "odd.txt"
    odd.write_text("\n{}\n", encoding="utf-8")
    with pytest.raises(Refused, match="第 2 行"):
        run("verify", "--anchors", str(odd))
    with pytest.raises(Refused, match="读不了"):
        run("verify", "--anchors", str(tmp_path / "none.txt"))
    filled()
    with pytest.raises(Refused, match="写不进"):
        run("anchor", "--save", str(tmp_path / "no" / "folder.txt"))

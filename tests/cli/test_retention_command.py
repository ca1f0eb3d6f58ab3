"""`qingyuan retention`: the plan as a file, proposed, approved on the page, carried out from the file; what was changed is refused."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import pytest

from qingyuan.casework.actions import retention as actions
from qingyuan.casework.models import RetentionPlan
from qingyuan.cli.commands import retention
from qingyuan.cli.output import Misread, Refused
from qingyuan.enforcement.models import Party
from tests.cast import City
from tests.journeys.retention.test_retention import case, party

pytestmark = pytest.mark.django_db


def call(*words: str) -> int:
    parser = argparse.ArgumentParser()
    retention.add_arguments(parser)
    return retention.run(parser.parse_args(list(words)))


@pytest.fixture
def minor(city: City) -> Any:
    case(city, "A1")
    return party(city, "A1", "酆小雪", 601)


def test_preview_changes_nothing_and_names_nobody(city: City, minor: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert call("preview", "--as", "security") == 0
    told = capsys.readouterr().out
    assert "未成年人的处理记录" in told and "未确认" in told and "酆" not in told
    assert call("preview", "--as", "security", "--on", "2022-02-01", "--json") == 0
    assert json.loads(capsys.readouterr().out)["plan"]["lines"] == []
    assert call("preview", "--as", "auditor") == 0
    assert "<5" in capsys.readouterr().out
    with pytest.raises(Refused, match="安全管理员导出"):
        call("preview", "--as", "auditor", "--json")
    assert Party.objects.count() == 1 and not RetentionPlan.objects.exists()


def test_a_plan_is_carried_out_from_its_file_once_it_was_approved(
    city: City, minor: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "plan.json"
    call("preview", "--as", "security", "--out", str(file))
    with pytest.raises(Refused, match="还没有提出"):
        call("carry-out", "--plan", str(file), "--by", "security")
    call("preview", "--as", "security", "--out", str(file), "--propose")
    with pytest.raises(Refused, match="第二个人"):
        call("carry-out", "--plan", str(file), "--by", "security")
    actions.approve(plan=RetentionPlan.objects.get(), by=city.actor("leader"))
    with pytest.raises(Refused, match="安全管理员办理"):
        call("carry-out", "--plan", str(file), "--by", "clerk")
    capsys.readouterr()
    assert call("carry-out", "--plan", str(file), "--by", "security", "--json") == 0
    assert json.loads(capsys.readouterr().out)["done"] == 1 and not Party.objects.exists()


def test_a_file_that_is_none_or_was_changed_is_refused(city: City, minor: Any, tmp_path: Path) -> None:
    file = tmp_path / "plan.json"
    call("preview", "--as", "security", "--out", str(file))
    changed = json.loads(file.read_text(encoding="utf-8"))
    changed["plan"]["lines"] = []
    for text in ("{", json.dumps(changed)):
        file.write_text(text, encoding="utf-8")
        with pytest.raises(Misread):
            call("carry-out", "--plan", str(file), "--by", "security")
    with pytest.raises(Misread, match="读不了"):
        call("carry-out", "--plan", str(tmp_path / "none.json"), "--by", "security")


@pytest.mark.parametrize("who", ["supervisor", "officer", "doctor", "nobody"])
def test_who_may_not_look_is_refused(city: City, who: str) -> None:
    with pytest.raises(Refused):
        call("preview", "--as", who)

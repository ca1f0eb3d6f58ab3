"""`qingyuan score` and `qingyuan scheme`: the page's answers at the command line, no way around the disclosure."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import pytest

from qingyuan.cli.commands import scheme, score
from qingyuan.cli.output import Refused
from qingyuan.governance.models import Letter
from qingyuan.governance.queries.score import score_letter
from qingyuan.governance.scoring.shipped import FOLDER
from qingyuan.indicators.refresh import refresh
from tests.cast import TODAY
from tests.governance.conftest import Desk, desk
from tests.web.letters.conftest import WINDOWS, come_to_test, settle

__all__ = ["desk"]
pytestmark = pytest.mark.django_db
SHEET = FOLDER / "town-2022.yaml"


def call(command: object, *words: str) -> int:
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)  # type: ignore[attr-defined]
    return int(command.run(parser.parse_args(list(words))))  # type: ignore[attr-defined]


@pytest.fixture
def town(desk: Desk) -> Desk:
    settle(desk, people=6, tested=16)
    desk.letter()
    return desk


def test_the_town_reads_the_same_points_as_on_its_page(town: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(score, "--letter", "龙洞镇", "--as", "supervisor", "--json") == 0
    said = json.loads(capsys.readouterr().out)
    shown = score_letter(Letter.objects.get(number=said["letter"]), TODAY, town.actor("supervisor"))
    assert said["total"] == "72.12"
    assert {c["id"]: c["points"] for group in said["groups"] for c in group["clauses"]}["2.3"] == "9"
    assert said["own"] is True and str(shown.total) == said["total"]


def test_the_clerk_gets_words_and_the_same_words_for_another_hidden_number(
    town: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    def answers() -> tuple[dict[str, object], str]:
        call(score, "--letter", "龙洞镇", "--as", "clerk", "--json")
        data = json.loads(capsys.readouterr().out)
        call(score, "--letter", "龙洞镇", "--as", "clerk")
        return {name: value for name, value in data.items() if name != "fact_version"}, capsys.readouterr().out

    before = answers()
    come_to_test(town, 5, WINDOWS[2])
    refresh()
    assert answers() == before
    data, tree = before
    assert data["total"] is None and data["own"] is False
    assert "缺检" not in tree and "72.12" not in tree and "人数少于 5" in tree


def test_the_tree_shows_arithmetic_and_rule(town: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    call(score, "--letter", "龙洞镇", "--as", "supervisor")
    tree = capsys.readouterr().out
    assert "10 − 0.5 × 2 = 9" in tree and "72.12 / 100" in tree


@pytest.mark.parametrize("who", ["stranger", "doctor"])
def test_a_letter_out_of_reach_is_refused_like_one_that_is_not_there(town: Desk, who: str) -> None:
    with pytest.raises(Refused, match="没有“龙洞镇”2022 年的责任书,或不在您的范围内"):
        call(score, "--letter", "龙洞镇", "--as", who)
    with pytest.raises(Refused, match="没有“无名镇”"):
        call(score, "--letter", "无名镇", "--as", "clerk")


def test_the_shipped_sheet_checks_clean_and_a_coercive_clause_is_refused_with_the_printed_reason(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(scheme, "check", str(SHEET)) == 0
    assert "可以发布" in capsys.readouterr().out
    bad = tmp_path / "bad.yaml"
    bad.write_text(
        SHEET.read_text(encoding="utf-8").replace("indicator:G01.value", "indicator:E01.value"), encoding="utf-8"
    )
    assert call(scheme, "check", str(bad), "--json") == 1
    problems = json.loads(capsys.readouterr().out)["problems"]
    assert any("不得设为目标、得分" in problem["message"] for problem in problems)


def test_a_sheet_is_tried_on_given_numbers(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    numbers = tmp_path / "numbers.yaml"
    numbers.write_text('"indicator:R05": {numerator: 203, denominator: 214, unit: "%"}\n', encoding="utf-8")
    assert call(scheme, "score", str(SHEET), "--inputs", str(numbers), "--json") == 0
    clauses = [c for group in json.loads(capsys.readouterr().out)["groups"] for c in group["clauses"]]
    assert next(c for c in clauses if c["id"] == "2.3")["points"] == "4.5"


def test_a_file_that_is_no_scheme_is_refused_with_the_place(tmp_path: Path) -> None:
    broken = tmp_path / "broken.yaml"
    broken.write_text("id: [", encoding="utf-8")
    with pytest.raises(Refused, match="YAML"):
        call(scheme, "check", str(broken))
    with pytest.raises(Refused, match="没有文件"):
        call(scheme, "check", str(tmp_path / "none.yaml"))

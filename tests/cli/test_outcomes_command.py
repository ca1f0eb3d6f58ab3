"""`qingyuan outcomes`: any anonymous table from a file, without a page and without an account."""

from __future__ import annotations

import argparse
import csv
import json
import re
from math import exp, log
from pathlib import Path
from typing import Any

import pytest

from qingyuan.cli.commands import outcomes
from qingyuan.cli.output import Refused

ROOT = Path(__file__).parents[2]
TREATED = "6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+ 32+ 34+ 35+"
PLACEBO = "1 1 2 2 3 4 4 5 5 8 8 8 8 11 11 12 12 15 17 22 23"
BASE = ("--start", "起", "--end", "止", "--event", "结局")


def call(*words: str) -> int:
    parser = argparse.ArgumentParser()
    outcomes.add_arguments(parser)
    return outcomes.run(parser.parse_args(list(words)))


@pytest.fixture
def trial(tmp_path: Path) -> Path:
    file = tmp_path / "trial.csv"
    with file.open("w", encoding="gb18030", newline="") as out:
        written = csv.writer(out)
        written.writerow(["起", "止", "结局", "组", "性别"])
        for group, words in (("用药", TREATED), ("对照", PLACEBO)):
            for number, word in enumerate(words.split()):
                written.writerow([0, word.rstrip("+"), "" if word.endswith("+") else "复发", group, "男女"[number % 2]])
        written.writerow([5, 3, "复发", "用药", "男"])
    return file


def told(capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    assert call(*words, "--json") == 0
    return json.loads(capsys.readouterr().out)


def test_json_gives_curves_intervals_comparison_and_what_was_left_out(trial: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = told(capsys, str(trial), *BASE, "--group", "组", "--days", "10", "23")
    assert said["people"] == 42 and said["events"] == {"复发": 30} and said["left_out"] == [{"line": 44, "why": "终点早于起点"}]
    groups = {one["group"]: one for one in said["groups"]}
    at = {one["day"]: one for one in groups["用药"]["at"]}
    assert round(at[10]["survival"], 4) == 0.7529 and at[10]["at_risk"] == 15 and at[10]["firm"] and not at[23]["firm"]
    assert round(said["log_rank"]["statistic"], 2) == 16.79 and said["log_rank"]["freedom"] == 1
    assert [one["group"] for one in said["comparison"]] == ["对照", "用药"]
    assert sum(one["expected"] for one in said["comparison"]) == pytest.approx(30)
    assert any("1 行没有计入" in note for note in said["notes"])


def test_the_table_for_people_says_the_same(trial: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(str(trial), *BASE, "--group", "组", "--covariates", "性别", "--days", "10") == 0
    printed = capsys.readouterr().out
    for words in ("42 人次,30 起有结果", "75.3%", "对数秩检验", "不是名次", "第 44 行:终点早于起点"):
        assert words in printed


def test_competing_events_have_their_intervals_in_json_and_in_print(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Forty people, nobody lost: by day 10 ten have relapsed and four have died, so both are plain shares of forty."""
    days = [(5, "复吸")] * 10 + [(8, "死亡")] * 4 + [(30, "复吸")] * 13 + [(31, "死亡")] * 13
    file = tmp_path / "kinds.csv"
    file.write_text("起,止,结局\n" + "".join(f"0,{day},{word}\n" for day, word in days), encoding="utf-8")
    (at,) = told(capsys, str(file), *BASE, "--days", "10")["all"]["at"]
    assert at["incidence"] == {"复吸": 0.25, "死亡": 0.1}
    for kind, share in at["incidence"].items():
        width = 1.959963984540054 * (share * (1 - share) / 40) ** 0.5 / (share * abs(log(share)))
        assert at["incidence_interval"][kind] == pytest.approx([exp(log(share) * exp(width)), exp(log(share) * exp(-width))], abs=1e-6)
    assert call(str(file), *BASE, "--days", "10") == 0
    low, high = at["incidence_interval"]["复吸"]
    assert f"25.0%({low:.1%}—{high:.1%})" in capsys.readouterr().out


def test_several_definitions_are_told_apart_on_the_same_people(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "two.csv"
    file.write_text("起,止,查获,阳性\n2021-01-01,2021-06-01,0,1\n2021-01-01,2021-12-01,0,0\n", encoding="utf-8")
    words = (str(file), "--start", "起", "--end", "止", "--event", "查获", "--event", "阳性", "--days", "200")
    said = told(capsys, *words)
    assert [one["event"] for one in said["definitions"]] == ["查获", "阳性"]
    assert said["spread"] == [{"day": 200, "least": 0.5, "most": 1.0}]
    assert call(*words) == 0
    assert "相差 50.0 个百分点" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("没有.csv", *BASE), "没有文件"),
        (("FILE", "--start", "起", "--end", "止", "--event", "结"), "没有名为“结”的列;现有:起、止、结局、组、性别"),
        (("FILE", *BASE, "--of", "死亡"), "没有名为“死亡”的结果"),
        (("FILE", *BASE, "--until", "年底"), "不是日期"),
        (("FILE", *BASE, "--until", "2022-01-01"), "天数"),
        (("FILE", *BASE, "--days", "-3"), "大于 0"),
        (("FILE", *BASE, "--end", "止"), "同样多次"),
    ],
)
def test_what_cannot_be_done_is_refused_with_what_to_do(trial: Path, words: tuple[str, ...], why: str) -> None:
    with pytest.raises(Refused, match=re.escape(why)):
        call(*(str(trial) if word == "FILE" else word for word in words))


@pytest.mark.parametrize("data", [b"", b"\x00\x01\x02", "起,止,结局\n".encode(), b"PK\x03\x04 no workbook"])
def test_a_file_that_is_no_table_is_refused(tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "bad.csv"
    file.write_bytes(data)
    with pytest.raises(Refused):
        call(str(file), *BASE)


def test_the_how_to_runs_as_it_stands(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = (ROOT / "docs/how-to/follow-outcomes.md").read_text(encoding="utf-8")
    (table,) = re.findall(r"```csv\n(.*?)```", page, re.DOTALL)
    (command,) = re.findall(r"^qingyuan outcomes people.csv (.*)$", page, re.MULTILINE)
    file = tmp_path / "people.csv"
    file.write_text(table, encoding="utf-8")
    said = told(capsys, str(file), *command.replace("--json", "").split())
    for name in re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE):
        assert name in json.dumps(said), name
    assert set(said) <= set(re.findall(r"`(\w+)`", page))

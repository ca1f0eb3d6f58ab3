"""`qingyuan scheme`: anyone's sheet can be checked and tried; what is wrong is named by clause and key, never a traceback."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from qingyuan.cli.commands import scheme as command
from qingyuan.cli.main import main
from qingyuan.cli.output import Misread, Refused
from qingyuan.governance.scoring.shipped import FOLDER, PUBLISHED

TOWN = FOLDER / "town-2022.yaml"
SHEET = """
id: mine
title: 我的办法
version: "1"
valid_from: 2022-01-01
valid_to: 2023-01-01
total: 30
groups:
  - id: "1"
    title: 三条
    points: 30
    clauses:
      - id: "1.1"
        title: 走访率
        points: 10
        rule: {kind: tiers, params: {unit: "%", bands: [{from: 95, points: 10}, {from: 80, points: 6}, {to: 80, points: 0}]}}
        inputs: {rate: "manual:走访率"}
        when_empty: zero
      - id: "1.2"
        title: 缺档
        points: 10
        rule: {kind: deduct_per_missing, params: {each: 0.5, unit: 份}}
        inputs: {lacking: "manual:缺档"}
      - id: "1.3"
        title: 同比
        points: 10
        rule:
          kind: yoy
          params:
            {now: now, before: before, way: difference, then: {kind: linear, params: {low: {at: -5, points: 0}, high: {at: 5, points: 10}}}}
        inputs: {now: "manual:今年", before: "manual:去年"}
"""


def call(*words: str) -> int:
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    return int(command.run(parser.parse_args(list(words))))


@pytest.fixture(name="tried")
def _tried(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., dict[str, Any]]:
    def tried(inputs: object, sheet: str = SHEET, *more: str) -> dict[str, Any]:
        """The score of a sheet as JSON."""
        (tmp_path / "sheet.yaml").write_text(sheet, encoding="utf-8")
        text = inputs if isinstance(inputs, str) else json.dumps(inputs, ensure_ascii=False)
        (tmp_path / "inputs.json").write_text(text, encoding="utf-8")
        words = ("score", str(tmp_path / "sheet.yaml"), "--inputs", str(tmp_path / "inputs.json"), "--json", *more)
        capsys.readouterr()
        assert call(*words) == 0
        return dict(json.loads(capsys.readouterr().out))

    return tried


@pytest.fixture(name="complaint")
def _complaint(tried: Callable[..., dict[str, Any]], capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    def complaint(inputs: object, sheet: str = SHEET, *more: str) -> str:
        with pytest.raises(Misread) as refused:
            tried(inputs, sheet, *more)
        said = json.loads(capsys.readouterr().out)
        assert refused.value.code == 2 and said["error"] == "unreadable"
        assert [f"{one['where']}:{one['message']}" for one in said["problems"]] == str(refused.value).split("\n")
        return str(refused.value)

    return complaint


def points(report: dict[str, Any]) -> dict[str, str | None]:
    return {clause["id"]: clause["points"] for group in report["groups"] for clause in group["clauses"]}


def test_numbers_may_stand_by_key_or_by_clause(tried: Callable[..., dict[str, Any]]) -> None:
    by_key = tried({"manual:走访率": 95, "manual:缺档": 3, "manual:今年": 7, "manual:去年": 5})
    by_clause = tried({"clauses": {"1.1": 95, "1.2": {"lacking": 3}, "1.3": {"now": 7, "before": 5}}})
    assert points(by_key) == points(by_clause) == {"1.1": "10", "1.2": "8.5", "1.3": "7"}
    assert by_key["totals"]["points"] == "25.5"
    assert by_key["hash"] == by_clause["hash"]


@pytest.mark.parametrize(
    ("written", "given"),
    [
        (95, "10"),
        ("95", "10"),
        ("\uff19\uff15", "10"),
        ("95%", "10"),
        ("94.999", "6"),
        ({"numerator": 19, "denominator": 20}, "10"),
        ({"value": 0.95, "unit": "%"}, "0"),
        ({"numerator": 0, "denominator": 0}, "0"),
        ({"value": 120, "unit": "%"}, "10"),
    ],
)
def test_a_per_cent_is_read_however_it_is_surely_written(
    tried: Callable[..., dict[str, Any]], written: object, given: str
) -> None:
    assert points(tried({"clauses": {"1.1": written}}))["1.1"] == given


@pytest.mark.parametrize(
    ("inputs", "words"),
    [
        ({"manual:走访率": 0.95}, "条款 1.1 取数 manual:走访率:0.95 是 95% 还是 0.95%?请写 95"),
        ({"manual:走访率": 1}, "1 是 100% 还是 1%"),
        ({"manual:走访率": 950}, "950 超过 100%"),
        ({"manual:走访率": "九十五"}, "“九十五”不是数字,请写阿拉伯数字"),
        ({"manual:缺档": "三份"}, "条款 1.2 取数 manual:缺档:“三份”不是数字"),
        ({"manual:缺档": "3 份"}, "只写数,不带单位和说明"),
        ({"manual:缺档": ""}, "还没有就写 null"),
        ({"manual:缺档": "3%"}, "写的单位是“%”,这里按“数”计"),
        ({"manual:缺档": -1}, "条款 1.2 取数 manual:缺档:不能是负数,现为 −1"),
        ({"manual:缺档": True}, "应为数字,现为“true”"),
        ({"manual:缺档": [3]}, "应为数字"),
        ({"manual:缺档": 10**13}, "太大,应不超过一万亿"),
        ({"manual:缺档": "1e999"}, "太大"),
        ({"manual:缺档": "1e-40"}, "太小"),
        ('{"manual:缺档": NaN}', "不是数字"),
        ("{manual:缺档: .nan}", "不是一个数(NaN 或无穷大)"),
        ("{manual:缺档: .inf}", "不是一个数(NaN 或无穷大)"),
        ({"manual:缺挡": 3}, "取数 manual:缺挡:办法里没有用到它,是不是 manual:缺档"),
        ({"clauses": {"9.9": 3}}, "条款 9.9:办法里没有这一条,现有:1.1、1.2、1.3"),
        ({"clauses": {"1.3": {"nov": 3}}}, "条款 1.3:没有取数“nov”,可写:now、before"),
        ({"clauses": {"1.3": 3}}, "条款 1.3:有几个取数,请写成一组"),
        ({"clauses": [1]}, "clauses:应为“名称: 值”的一组"),
        ({"inputs": {}, "klauses": {}}, "不认识“klauses”"),
        ({"inputs": {"manual:缺档": 3}, "clauses": {"1.2": 4}}, "“manual:缺档”给了两次,数不一样"),
        ({"manual:走访率": {"numerator": 19}}, "只有分子没有分母"),
        ({"manual:走访率": {"denominator": 19}}, "只有分母没有分子"),
        ({"manual:走访率": {"numerator": 3, "denominator": 0}}, "分母是 0,分子却是 3"),
        ({"manual:走访率": {"numerator": -3, "denominator": 9}}, "numerator 不能是负数"),
        ({"manual:走访率": {"value": 90, "numerator": 19, "denominator": 20}}, "两者不符"),
        ({"manual:走访率": {"vlaue": 90}}, "没有“vlaue”这一项"),
        ({"manual:走访率": {"missing": 3}}, "这一条读的是“value”,没有给出"),
        ({"manual:走访率": {"value": 95, "kind": "guess"}}, "kind 只能是 computed、return、manual"),
        ({"manual:走访率": {"value": 95, "people": 2.5}}, "people 应为整数"),
        ({"manual:缺档": {"series": {"三月": 1}}}, "“三月”不是月、季或半年"),
        ({"on": "明天", "inputs": {}}, "on:应为日期"),
        ({"on": "2024-05-01", "inputs": {}}, "on:《我的办法》的有效期是"),
        ('{"manual:缺档": 1, "manual:缺档": 2}', "“manual:缺档”写了两次"),
        ("[1, 2]", "应为“取数名: 数”的一组"),
        ("", "应为“取数名: 数”的一组"),
        ("{a: [", "不是有效的 YAML 或 JSON"),
        ("- " * 3000 + "1", "层次太深"),
    ],
)
def test_a_wrong_number_is_named_with_its_clause_and_key(
    complaint: Callable[..., str], inputs: object, words: str
) -> None:
    assert words in complaint(inputs)


def test_every_wrong_number_is_named_at_once(complaint: Callable[..., str]) -> None:
    assert len(complaint({"manual:走访率": 0.5, "manual:缺档": -1, "x": 1}).split("\n")) == 3


def test_a_change_may_be_negative_but_no_count(tried: Callable[..., dict[str, Any]], complaint: Callable[..., str]) -> None:
    assert points(tried({"manual:今年": 2, "manual:去年": 5}))["1.3"] == "2"
    assert "不能是负数" in complaint({"manual:今年": -2, "manual:去年": 5})


def test_what_is_not_there_is_pending_and_costs_nothing(tried: Callable[..., dict[str, Any]]) -> None:
    report = tried({"manual:走访率": 95, "manual:缺档": None})
    states = {clause["id"]: (clause["state"], clause["points"]) for clause in report["groups"][0]["clauses"]}
    assert states == {"1.1": ("scored", "10"), "1.2": ("pending", None), "1.3": ("pending", None)}
    totals = report["totals"]
    assert (totals["points"], totals["pending"], totals["low"], totals["high"]) == ("10", "20", "10", "30")
    assert "没有给出(null)" in report["groups"][0]["clauses"][1]["sentence"]


def test_the_explanation_of_a_report_adds_up_again(tried: Callable[..., dict[str, Any]]) -> None:
    report = tried({"manual:走访率": 85, "manual:缺档": 30, "manual:今年": "5.5", "manual:去年": 5})
    for group in report["groups"]:
        for clause in group["clauses"]:
            assert sum(Decimal(step["points"]) for step in clause["steps"]) == Decimal(clause["points"])
        parts = [Decimal(clause["points"]) for clause in group["clauses"]]
        assert sum(parts) + sum(Decimal(step["points"]) for step in group["steps"]) == Decimal(group["points"])
    whole = sum(Decimal(group["points"]) for group in report["groups"])
    assert whole + sum(Decimal(step["points"]) for step in report["steps"]) == Decimal(report["totals"]["points"])


@pytest.mark.parametrize(
    ("change", "where", "words"),
    [
        (("total: 30", "total: 31"), "总分", "各组相加 30 = 30,比总分 31 分少 1 分"),
        (("    points: 30\n", "    points: 29\n"), "第 1 组 三条", "各条款相加 10 + 10 + 10 = 30,比本组 29 分多 1 分"),
        (("{to: 80, points: 0}", "{to: 79, points: 0}"), "条款 1.1", "有空档:79 到 80 没有规定"),
        (("{from: 80, points: 6}", "{from: 80, to: 96, points: 6}"), "条款 1.1", "重叠"),
        (("        when_empty: zero\n", ""), "条款 1.1", ""),
        (('id: "1.2"', 'id: "1.1"'), "条款 1.1", "同号且同时有效"),
        (("each: 0.5", "each: 0.5, eech: 1"), "条款 1.2", "参数 eech 不认识"),
        (("kind: deduct_per_missing", "kind: deduct"), "条款 1.2", "规则“deduct”不认识"),
        (('lacking: "manual:缺档"', 'lacking: "manual:抓获吸毒人员数"'), "条款 1.2", "本平台不予采用"),
        (("title: 缺档", "title: 破案数同比增长"), "条款 1.2", "本平台不予采用"),
        (('lacking: "manual:缺档"', 'lacking: "indicator:E01.value"'), "条款 1.2", "不"),
    ],
)
def test_a_fault_of_the_sheet_is_named_and_the_sheet_is_not_scored(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], change: tuple[str, str], where: str, words: str
) -> None:
    path = tmp_path / "sheet.yaml"
    path.write_text(SHEET.replace(*change), encoding="utf-8")
    assert path.read_text(encoding="utf-8") != SHEET
    code = call("check", str(path), "--json")
    report = json.loads(capsys.readouterr().out)
    if not words:
        assert (code, report["problems"]) == (0, [])  # a number given by hand that turns out empty is asked about when it is
        return
    assert code == 1 and not report["sound"]
    assert any(p["where"] == where and words in p["message"] for p in report["problems"])
    (tmp_path / "inputs.json").write_text("{}", encoding="utf-8")
    with pytest.raises(Refused) as refused:
        call("score", str(path), "--inputs", str(tmp_path / "inputs.json"), "--json")
    assert refused.value.code == 1
    assert json.loads(capsys.readouterr().out)["error"] == "unsound"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "应为一组字段"),
        ("[]", "应为一组字段"),
        ("id: x", "title:缺这个字段"),
        (SHEET.replace("total: 30", "total: 三十"), "total:应为数字,现为“三十”"),
        (SHEET.replace("total: 30", "total: .nan"), "total:应为数字"),
        (SHEET.replace("valid_to: 2023-01-01", "valid_to: 2022-13-01"), "valid_to:应为日期"),
        (SHEET.replace("total: 30", "total: 30\ntotal: 31"), "“total”写了两次"),
        (SHEET.replace("        points: 10\n", "        ponits: 10\n", 1), "ponits:没有这个字段"),
        (SHEET.replace("title: 缺档", "title: {a: 1}"), "应为文字"),
        (SHEET.replace("title: 我的办法", "title: [1"), "不是有效的 YAML 或 JSON"),
        (SHEET.replace("groups:\n", "groups: 5\nothers:\n"), "groups:应为列表"),
    ],
)
def test_a_file_that_is_no_scheme_says_which_field(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "sheet.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(Misread) as refused:
        call("check", str(path))
    assert words in str(refused.value)


def test_a_file_that_is_not_there_or_no_text_says_so(tmp_path: Path) -> None:
    with pytest.raises(Misread, match="没有文件"):
        call("check", str(tmp_path / "none.yaml"))
    (tmp_path / "gbk.yaml").write_bytes("title: 办法".encode("gbk"))
    with pytest.raises(Misread, match="不是 UTF-8"):
        call("check", str(tmp_path / "gbk.yaml"))
    with pytest.raises(Misread):
        call("check", str(tmp_path))


def test_the_program_ends_with_the_code_of_what_went_wrong(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    packages = ["qingyuan.cli.commands"]
    assert main(["scheme", "check", str(tmp_path / "none.yaml")], packages) == 2
    (tmp_path / "off.yaml").write_text(SHEET.replace("total: 30", "total: 31"), encoding="utf-8")
    assert main(["scheme", "check", str(tmp_path / "off.yaml")], packages) == 1
    assert main(["scheme", "check", str(TOWN)], packages) == 0


def test_an_open_text_is_sound_but_not_publishable_and_shows_both_readings(capsys: pytest.CaptureFixture[str]) -> None:
    path = str(PUBLISHED / "county-2014.yaml")
    assert call("check", path, "--json") == 0
    report = json.loads(capsys.readouterr().out)
    assert (report["sound"], report["publishable"]) == (True, False)
    question = next(q for q in report["questions"] if q["where"] == "条款 3.2")
    case = next(case for case in question["cases"] if case["given"] == {"lacking": "12"})
    assert [(one["id"], one["points"]) for one in case["readings"]] == [("扣完为止", "0"), ("不封底", "-2")]
    assert call("check", path) == 0
    said = capsys.readouterr().out
    assert "可以试算,有 2 处读法选定后才能发布" in said.replace("\n", "")
    assert "扣完为止 得 0" in said and "不封底 得 -2" in said


def test_a_choice_of_reading_makes_it_publishable(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = (PUBLISHED / "county-2014.yaml").read_text(encoding="utf-8")
    text = text.replace("        under: 90\n", "        under: 90\n        chosen: 扣完为止\n")
    text = text.replace("        inputs: {office:", "        chosen: 满20配2\n        inputs: {office:")
    text = text.replace("reading: 过20配2, points: 10", "reading: 满20配2, points: 0")
    (tmp_path / "chosen.yaml").write_text(text, encoding="utf-8")
    assert call("check", str(tmp_path / "chosen.yaml"), "--json") == 0
    assert json.loads(capsys.readouterr().out)["publishable"] is True


def test_a_sheet_from_above_keeps_the_refused_clause_and_holds_its_points_out(
    tried: Callable[..., dict[str, Any]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sheet = SHEET.replace("total: 30", "total: 30\nreceived_from: 省禁毒委").replace(
        "title: 缺档", "title: 破案\n        text: 破案数同比每增长 1% 得 1 分。"
    )
    report = tried({"manual:走访率": 95, "manual:今年": 10, "manual:去年": 5}, sheet)
    clause = report["groups"][0]["clauses"][1]
    assert (clause["state"], clause["points"], clause["text"]) == ("refused", None, "破案数同比每增长 1% 得 1 分。")
    assert "本平台不予采用" in clause["refusal"]
    assert (report["totals"]["points"], report["totals"]["held_out"], report["totals"]["high"]) == ("20", "10", "20")
    assert any("条款 1.2 破案 10 分不计入" in line for line in report["lines"])
    (tmp_path / "above.yaml").write_text(sheet, encoding="utf-8")
    assert call("check", str(tmp_path / "above.yaml")) == 0
    assert "条文保留,分值不计入" in capsys.readouterr().out


def test_the_report_shows_the_town_sheet_as_a_page_would(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = {"indicator:R05": {"numerator": 203, "denominator": 214}, "indicator:G01.first_chaired": 1}
    (tmp_path / "inputs.yaml").write_text(yaml.safe_dump(given, allow_unicode=True), encoding="utf-8")
    assert call("score", str(TOWN), "--inputs", str(tmp_path / "inputs.yaml"), "--json") == 0
    report = json.loads(capsys.readouterr().out)
    found = {c["id"]: c for group in report["groups"] for c in group["clauses"]}
    assert (found["2.3"]["points"], found["2.3"]["sentence"]) == ("4.5", "10 − 0.5 × 11 = 4.5")
    assert (found["1.2"]["points"], found["1.1"]["state"]) == ("5", "pending")
    assert report["grade"]["name"] == "" and len(report["grade"]["possible"]) == 4
    assert call("score", str(TOWN), "--inputs", str(tmp_path / "inputs.yaml")) == 0
    assert "合计" in capsys.readouterr().out

"""`qingyuan procedure`: a procedure printed as its table, as JSON and as a picture, without an account."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import pytest

from qingyuan.casework.procedures.loading import get_procedure
from qingyuan.cli.commands import procedure
from qingyuan.cli.output import Refused

CODE = "supervision_order"


def call(*words: str) -> int:
    parser = argparse.ArgumentParser()
    procedure.add_arguments(parser)
    return procedure.run(parser.parse_args(list(words)))


def test_the_table_names_every_state_and_what_is_about_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert call(CODE) == 0
    said = capsys.readouterr().out
    found = get_procedure(CODE)
    assert found.about in said.replace("\n", "")
    assert [one.label for one in found.states if one.label not in said] == []


def test_json_is_the_table_and_nothing_else(capsys: pytest.CaptureFixture[str]) -> None:
    assert call(CODE, "--json") == 0
    told = json.loads(capsys.readouterr().out)
    steps = {step["code"]: step for step in told["steps"]}
    assert steps["close"]["from"] == ["answered"] and steps["close"]["other_person"] == ["issue", "answer"]
    assert steps["issue"]["roles"] == ["commission_leader"] and steps["issue"]["paper"] == "notice"
    assert {state["code"] for state in told["states"] if state["end"]} == {"closed", "withdrawn", "discarded"}


def test_the_picture_is_written_where_it_is_asked_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "flow.svg"
    assert call(CODE, "--svg", str(target)) == 0
    assert target.read_text(encoding="utf-8").startswith("<svg ")
    assert "流程图已写入" in capsys.readouterr().out
    with pytest.raises(Refused, match="请核对路径"):
        call(CODE, "--svg", str(tmp_path / "no" / "flow.svg"))


def test_without_a_code_all_are_listed_and_an_unknown_one_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert call("--json") == 0
    others = {"assessment_round", "letter_assessment", "consequence", "pattern_question"}
    assert {one["code"] for one in json.loads(capsys.readouterr().out)["procedures"]} == {CODE} | others
    with pytest.raises(Refused, match="没有代码为“tea_party”的流程"):
        call("tea_party")

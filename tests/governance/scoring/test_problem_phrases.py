"""What the checker of schemes says can be translated, all of it, and the command and the editor say the same."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

import pytest
from django.utils import translation

from qingyuan.cli.commands import scheme as command
from qingyuan.governance import problem_phrases
from qingyuan.governance.problem_phrases import PHRASES, is_chinese, line_of, problem_said
from qingyuan.governance.scoring import check
from qingyuan.governance.scoring.problems import Problem, SchemeUnreadable
from qingyuan.governance.scoring.serialise import read_scheme
from qingyuan.governance.scoring.shipped import FOLDER
from qingyuan.web.schemes.problem_words import as_written, in_words, placed
from tests.governance.scoring.problem_sources import phrases

TOWN = (FOLDER / "town-2022.yaml").read_text(encoding="utf-8")
#: A change to the town's sheet, and a word of what the checker then says.
FAULTS = (
    ("total: 100", "total: 90", "请改分值"),
    ("{from: 100, points: 5}", "{from: 100, points: 7}", "不在 0 到 5 之间"),
    ("{from: 90, points: 3}, {to: 90, points: 0}", "{from: 90, points: 3}, {to: 80, points: 0}", "空档"),
    ("{input: late, each: 1, word: 逾期", "{input: late, each: one, word: 逾期", "应为数字"),
    ("{input: late, each: 1,", "{input: late, echo: 2, each: 1,", "请检查拼写"),
    ("indicator:R03.missing", "indicator:R03.nothing", "这一部分"),
    ("indicator:R05.missing", "indicator:ZZ99.missing", "目前没有"),
    ("indicator:R05.missing", "somewhere", "不是取数名"),
    ("when_empty: full", "evidence: 无", "没有应办事项"),
    ("expect: {points: 5, because: 全部按时}", "expect: {points: 4, because: 全部按时}", "示例"),
    ("{name: 先进, from_points: 90}", "{name: 合格, from_points: 90}", "名称重复"),
    ("valid_to: 2023-01-01", "valid_to: 2021-01-01", "不早于失效日"),
    ("kind: zero_if_missing", "kind: unheard", "不认识"),
)
UNREADABLE = (
    ("total: 100", "total: many", "应为数字"),
    ("total: 100", "totals: 100", "没有这个字段"),
    ("valid_from: 2022-01-01", "valid_from: early", "应为日期"),
    ("rounding: {mode: half_up", "rounding: {mode: sideways", "只能是"),
    ("grades:\n", "grades: none\nother:\n", "应为列表"),
    ("title: 组织领导", "title: 组织领导\n    title: 又一个", "写了两次"),
)


def problems_of(old: str, new: str) -> list[Problem]:
    assert TOWN.count(old) >= 1, old
    try:
        scheme = read_scheme(TOWN.replace(old, new, 1))
    except SchemeUnreadable as error:
        return list(error.problems)
    return check(scheme, command.known_inputs())


def unbroken(text: str) -> str:
    """The command breaks long lines."""
    return re.sub(r"\s", "", text)


@pytest.fixture
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    """A catalogue that knows every phrase: its Chinese letters are written as x."""
    monkeypatch.setattr(problem_phrases, "gettext", lambda phrase: re.sub(r"[\u4e00-\u9fff]", "x", phrase))


def test_every_sentence_of_the_checker_is_a_phrase_of_the_catalogue() -> None:
    missing = {phrase: module for phrase, module in phrases().items() if phrase not in PHRASES}
    assert not missing, "add to qingyuan/governance/problem_phrases.py"
    assert len(phrases()) > 150
    assert set(PHRASES) - set(phrases()) == {"第 %(n)s %(w)s"}


@pytest.mark.parametrize(("old", "new", "word"), FAULTS + UNREADABLE)
def test_a_fault_is_said_in_the_language_of_the_reader(english: None, old: str, new: str, word: str) -> None:
    found = problems_of(old, new)
    assert any(word in problem.message for problem in found), found
    for problem in found:
        assert problem_said(problem.message) == problem.message
        assert line_of(problem) == str(problem)
        with translation.override("en"):
            said = problem_said(problem.message)
            assert said != problem.message and "x" in said and not is_chinese(said)
            where = problem_said(problem.where)
            assert not is_chinese(where)


def test_the_gaps_keep_their_words(english: None) -> None:
    with translation.override("en"):
        assert "37.5" in problem_said("分值 37.5 应大于 0")
        assert "我的款" in problem_said("“我的款”与“另一款”同号且同时有效,请改号或错开有效期")
        assert problem_said("一句谁也没有写过的话") == "一句谁也没有写过的话"
        assert "100" in problem_said("抽查比例 120% 超过 100%") and "%%" not in problem_said("抽查比例 120% 超过 100%")


def test_sentences_inside_sentences_are_said_too(english: None) -> None:
    with translation.override("en"):
        said = problem_said("第 2 项:参数 each 应为数字,现为“很多”")
        assert "each" in said and not re.search(r"[参数应为第项]", said.replace("很多", ""))


@pytest.mark.parametrize(("old", "new", "word"), FAULTS)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_command_and_the_editor_say_the_same(
    english: None, tmp_path: Path, capsys: pytest.CaptureFixture[str], language: str, old: str, new: str, word: str
) -> None:
    """The editor calls keys of the file as its form does; what is said is the same."""
    file = tmp_path / "sheet.yaml"
    file.write_text(TOWN.replace(old, new, 1), encoding="utf-8")
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    with translation.override(language):
        assert command.run(parser.parse_args(["check", str(file)])) == 1
        printed = capsys.readouterr()
        told = unbroken(printed.out + printed.err)
        found = problems_of(old, new)
        assert found
        for problem in found:
            assert unbroken(f"{as_written(problem).where}:{as_written(problem).message}") in told
            shown = placed(problem)
            if language == "zh-hans":
                assert shown.message == in_words(problem.message) and shown.where == problem.where
            elif "参数" not in problem.message:
                assert unbroken(f"{shown.where}:{shown.message}") in told
            assert shown.fragment.startswith("f-")


def test_the_editor_marks_what_is_left_in_chinese() -> None:
    with translation.override("en"):
        assert placed(Problem("条款 1", "一句谁也没有写过的话")).lang == "zh-Hans"
        assert placed(Problem("total", "12 > 3")).lang == ""

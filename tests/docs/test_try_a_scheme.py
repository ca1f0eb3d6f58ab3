"""The how-to's sheet and numbers are what they say: they are cut out of the page, checked and scored."""

from __future__ import annotations

import argparse
import json
import re
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from qingyuan.cli.commands import scheme as command
from qingyuan.governance.scoring.given_numbers import _FIELDS
from qingyuan.governance.scoring.numbers import Number
from qingyuan.governance.scoring.scheme import Annex, Clause, Grade, Group, OnlyFor, Rounding, Scheme, Shared

PAGE = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "try-a-scheme.md"


def block(language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert found is not None
    return found.group(1)


def answer(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    assert command.run(parser.parse_args(list(words))) == 0
    return dict(json.loads(capsys.readouterr().out))


@pytest.fixture(name="files")
def _files(tmp_path: Path) -> tuple[str, str]:
    (tmp_path / "sheet.yaml").write_text(block("yaml"), encoding="utf-8")
    (tmp_path / "numbers.json").write_text(block("json"), encoding="utf-8")
    return str(tmp_path / "sheet.yaml"), str(tmp_path / "numbers.json")


def test_the_sheet_of_the_page_is_sound_and_asks_its_one_question(
    files: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    report = answer(capsys, "check", files[0], "--json")
    assert (report["sound"], report["publishable"], report["total"]) == (True, False, "30")
    assert [question["where"] for question in report["questions"]] == ["条款 1.2"]


def test_the_numbers_of_the_page_score_as_its_words_say(
    files: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    report = answer(capsys, "score", files[0], "--inputs", files[1], "--json")
    found = {clause["id"]: (clause["state"], clause["points"]) for clause in report["groups"][0]["clauses"]}
    assert found == {"1.1": ("scored", "10"), "1.2": ("undecided", None), "1.3": ("scored", "4")}
    assert (report["totals"]["points"], report["totals"]["low"], report["totals"]["high"]) == ("14", "22", "23")
    assert report["grade"]["possible"] == ["合格"]


@pytest.mark.parametrize("key", ["totals", "grade", "groups", "annexes", "steps", "vetoes", "fired", "lines", "hash", "scheme"])
def test_every_part_of_the_answer_is_on_the_page(
    files: tuple[str, str], capsys: pytest.CaptureFixture[str], key: str
) -> None:
    report = answer(capsys, "score", files[0], "--inputs", files[1], "--json")
    text = PAGE.read_text(encoding="utf-8")
    assert key in report and key in text
    part = report[key][0] if isinstance(report[key], list) and report[key] else report[key]
    for name in part if isinstance(part, dict) else []:
        assert name in text
    for name in report["groups"][0]["clauses"][0]:
        assert name in text


@pytest.mark.parametrize("of", [Scheme, Group, Clause, Grade, Annex, Shared, OnlyFor, Rounding])
def test_every_key_of_a_sheet_is_on_the_page(of: type) -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert [item.name for item in fields(of) if not re.search(rf"\b{item.name}\b", text)] == []


def test_every_key_of_a_number_that_changes_a_score_is_on_the_page() -> None:
    text = PAGE.read_text(encoding="utf-8")
    words = [name for name in _FIELDS if "label" not in name and name != "count_unit"]
    assert [name for name in words if not re.search(rf"\b{name}\b", text)] == []
    assert set(_FIELDS) == {item.name for item in fields(Number)}

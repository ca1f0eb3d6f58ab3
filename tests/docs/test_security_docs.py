"""docs/security.md answers every requirement of level 2, and every test it names is there."""

from __future__ import annotations

import csv
import re
from collections import Counter
from functools import cache
from pathlib import Path

from tests.census.house import ROOT

ANSWERS = {"yes", "partly", "no", "n.a."}
LINE = re.compile(r"^\| (V[\d.]+) \| ([a-z.]+) \| (.+?) \| (?:`([^`]+)`)? ?\|$", re.M)
NAMED = re.compile(r"`(tests/[\w/]+\.py)(?:::(\w+))?`")
TALLY = re.compile(r"^\| (yes|partly|no|n\.a\.) \| (\d+) \|$", re.M)


def page(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def answers() -> list[tuple[str, str, str, str]]:
    return LINE.findall(page("docs/security.md"))


@cache
def source(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def is_there(named: str) -> bool:
    path, _, name = named.partition("::")
    return (ROOT / path).is_file() and bool(re.search(rf"^def {name}\(", source(path), re.M))


def test_no_requirement_of_level_two_is_missing_and_none_is_answered_twice() -> None:
    with Path(ROOT / "docs/security/asvs-4.0.3-level-2.csv").open(encoding="utf-8", newline="") as file:
        wanted = [row["id"] for row in csv.DictReader(file)]
    assert len(wanted) == len(set(wanted)) == 259
    assert [one for one, *_rest in answers()] == wanted


def test_every_answer_is_one_of_four_with_its_reason() -> None:
    assert {answer for _id, answer, *_rest in answers()} == ANSWERS
    assert not [one for one, _answer, why, _test in answers() if len(why) < 4]


def test_every_test_that_is_named_is_there() -> None:
    named = [test for *_rest, test in answers() if test]
    assert len(named) > 130
    assert [test for test in named if not is_there(test)] == []


def test_the_tally_is_true() -> None:
    told = {answer: int(count) for answer, count in TALLY.findall(page("docs/security.md"))}
    assert told == Counter(answer for _id, answer, *_rest in answers())


def test_the_threat_model_names_tests_that_are_there() -> None:
    found = NAMED.findall(page("SECURITY.md"))
    assert len(found) > 7 and all((ROOT / path).is_file() for path, _name in found)
    for words in ("Outsider", "Curious insider", "Colluding administrators", "Stolen laptop", "other city", "malicious workbook", "reporter"):
        assert words in page("SECURITY.md")


def test_a_missing_test_would_be_seen() -> None:
    assert is_there("tests/docs/test_security_docs.py::test_a_missing_test_would_be_seen")
    assert not is_there("tests/docs/test_security_docs.py::test_nothing") and not is_there("tests/nowhere.py::test_x")

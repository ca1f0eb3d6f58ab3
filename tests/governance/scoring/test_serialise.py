"""Schemes and scores as text: exact both ways, one text for one content, faults named by their place."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal

import pytest

from qingyuan.governance.scoring import SchemeUnreadable, read_scheme, scheme_hash, score, tree_hash
from qingyuan.governance.scoring.serialise import canonical, read_inputs, read_tree, scheme_json, tree_json
from qingyuan.governance.scoring.shipped import FOLDER, shipped
from tests.governance.scoring.builders import ON, count, d, ratio, sheet

INPUTS = {"indicator:R05": ratio(203, 214, people=6), "indicator:G01": count(2), "manual:弄虚作假认定": count(1)}


@pytest.mark.parametrize(
    "scheme", [shipped("town-2022"), sheet("county-2014"), sheet("hangzhou-2018")], ids=lambda s: s.id
)
def test_a_scheme_reads_back_as_it_was(scheme: object) -> None:
    assert read_scheme(scheme_json(scheme)) == scheme  # type: ignore[arg-type]
    assert json.loads(scheme_json(scheme))["version"]  # type: ignore[arg-type]


def test_a_score_reads_back_as_it_was() -> None:
    tree = score(shipped("town-2022"), INPUTS, ON)
    again = read_tree(tree_json(tree))
    assert again == tree
    assert tree_hash(again) == tree_hash(tree)


def test_numbers_of_a_file_are_exact() -> None:
    rule = sheet("county-2014").clause("2.3", sheet("county-2014").valid_from).rule
    parts = rule.params["parts"]
    assert isinstance(parts, tuple) and parts[0]["each"] == Decimal("0.05")


def test_the_hash_stands_for_the_content_and_not_for_how_it_was_typed() -> None:
    scheme = shipped("town-2022")
    text = (FOLDER / "town-2022.yaml").read_text(encoding="utf-8")
    typed_otherwise = text.replace("each: 0.5,", "each: 0.50,").replace("points: 25\n", "points: 25.0\n")
    assert typed_otherwise != text
    assert scheme_hash(read_scheme(typed_otherwise)) == scheme_hash(scheme)
    assert scheme_hash(replace(scheme, total=d("100.01"))) != scheme_hash(scheme)


def test_a_score_changes_its_hash_with_any_point() -> None:
    scheme = shipped("town-2022")
    other = {**INPUTS, "indicator:R05": ratio(202, 214, people=6)}
    assert tree_hash(score(scheme, INPUTS, ON)) != tree_hash(score(scheme, other, ON))


def test_canonical_text_is_sorted_shortest_and_refuses_floats() -> None:
    assert canonical({"b": Decimal("1.50"), "a": [True, None, "分", 3]}) == '{"a":[true,null,"分",3],"b":1.5}'
    assert canonical(Decimal("-0.0")) == "0" and canonical(Decimal("1E+2")) == "100"
    with pytest.raises(TypeError):
        canonical({"x": 0.1})


def test_every_fault_of_a_file_is_told_by_its_place() -> None:
    text = """
id: s
title: 办法
version: 1
valid_from: 2022-13-01
valid_to: 2023-01-01
total: 一百
groups:
  - {id: 1, title: 组, points: 10, clauses: [{id: 1, title: 款, points: 10, rule: {kind: manual}, colour: red}]}
  - {title: 组, points: true, clauses: 没有}
"""
    with pytest.raises(SchemeUnreadable) as caught:
        read_scheme(text)
    found = {problem.where: problem.message for problem in caught.value.problems}
    assert found["valid_from"] == "应为日期(如 2022-01-01),现为“2022-13-01”"
    assert found["total"] == "应为数字,现为“一百”"
    assert found["groups 1 › clauses 1 › colour"].startswith("没有这个字段")
    assert found["groups 2 › id"] == "缺这个字段"
    assert found["groups 2 › points"] == "应为数字,现为“True”"
    assert found["groups 2 › clauses"] == "应为列表"


@pytest.mark.parametrize("text", ["{: : :", "- a\n  b: [", "total: .nan", "!!python/object:os.system {}"])
def test_what_is_not_a_scheme_is_refused_kindly(text: str) -> None:
    with pytest.raises(SchemeUnreadable):
        read_scheme(text)


def test_an_unquoted_clause_number_stays_as_written() -> None:
    text = scheme_json(shipped("town-2022")).replace('"id":"2.1"', '"id":2.10')
    assert read_scheme(text).clause("2.10", ON).title == "按期报到"


def test_inputs_read_from_a_file_score_like_inputs_made_by_hand() -> None:
    text = '{"indicator:R05": {"numerator": 203, "denominator": 214, "unit": "%", "people": 6}, "indicator:G01": 2, "manual:弄虚作假认定": 1}'
    assert tree_hash(score(shipped("town-2022"), read_inputs(text), ON)) == tree_hash(
        score(shipped("town-2022"), INPUTS, ON)
    )

"""Whatever stands in a file, the answer is a complaint with its place, never a crash."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from qingyuan.governance.scoring import SchemeUnreadable, check, limits, read_scheme, score
from qingyuan.governance.scoring.given import read_given
from qingyuan.governance.scoring.lines import with_lines
from qingyuan.governance.scoring.report import check_report, score_report
from qingyuan.governance.scoring.shipped import FOLDER, PUBLISHED
from tests.governance.scoring.builders import SHEETS

T = TypeVar("T")
TEXTS = [path.read_text(encoding="utf-8") for path in (*sorted(PUBLISHED.glob("*.yaml")), *sorted(FOLDER.glob("*.yaml")))]
TEXTS.append((SHEETS / "shapes.yaml").read_text(encoding="utf-8"))
SHEETS_AS_DATA = [yaml.load(text, Loader=yaml.BaseLoader) for text in TEXTS]
JUNK = st.sampled_from(
    [None, -1, 0, 1, 10**30, 0.5, True, "", "x", "九", "nan", "1e400", [], {}, [None], {"kind": "tiers"}, {"a": {}}, "manual",
     [["a"]], "indicator:R05", "return:x", {"kind": "composite", "params": {"parts": [1]}}, [{"from": 5}], "2022-01-01", "每缺 1 份", "-Infinity"]
)


def paths(data: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [at] if at else []
    items = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in items:
        found += paths(value, (*at, key))
    return found


PATHS = [paths(data) for data in SHEETS_AS_DATA]


@st.composite
def spoilt(draw: st.DrawFn) -> str:
    """A sheet with one to three places overwritten, left out or renamed."""
    number = draw(st.integers(0, len(SHEETS_AS_DATA) - 1))
    data = copy.deepcopy(SHEETS_AS_DATA[number])
    for _ in range(draw(st.integers(1, 3))):
        *way, last = draw(st.sampled_from(PATHS[number]))
        place = data
        try:
            for key in way:
                place = place[key]
            how = draw(st.sampled_from(["junk", "gone", "renamed"]))
            if how == "junk":
                place[last] = draw(JUNK)
            elif how == "gone":
                del place[last]
            else:
                place["x"] = place.pop(last)
        except (KeyError, IndexError, TypeError, AttributeError):
            continue
    return json.dumps(data, ensure_ascii=False)


def read(work: Callable[[], T]) -> T | None:
    """What was read; None where it was refused with every problem named."""
    refused: tuple[Any, ...] = ()
    try:
        return work()
    except SchemeUnreadable as error:
        refused = error.problems
    assert refused and all(problem.where and problem.message for problem in refused)
    return None


@settings(max_examples=120, deadline=None)
@given(spoilt())
def test_a_spoilt_sheet_is_refused_or_scored_but_never_crashes(text: str) -> None:
    scheme = read(lambda: read_scheme(text))
    if scheme is None:
        return
    problems = check(scheme)
    json.dumps(check_report(scheme, problems), ensure_ascii=False)
    if problems:
        assert all(problem.where and problem.message for problem in problems)
        return
    tree = score(scheme, {}, date.fromordinal(scheme.valid_to.toordinal() - 1))
    json.dumps(score_report(scheme, tree), ensure_ascii=False)


NUMBERS = st.recursive(
    st.none() | st.booleans() | st.integers(-10, 10**15) | st.decimals(-5, 200, places=3).map(str) | st.text(max_size=6) | JUNK,
    lambda inner: st.lists(inner, max_size=2)
    | st.dictionaries(
        st.sampled_from(
            ["value", "numerator", "denominator", "missing", "series", "peers", "people", "choice", "unit", "kind", "parts", "x"]
        ),
        inner,
        max_size=4,
    ),
    max_leaves=6,
)
SHAPES = read_scheme(TEXTS[-1])


@settings(max_examples=120, deadline=None)
@given(st.dictionaries(st.sampled_from([*(clause.id for clause in SHAPES.clauses()), "Z"]), NUMBERS, max_size=4), st.booleans(), st.data())
def test_any_numbers_are_refused_by_name_or_scored(values: dict[str, object], by_name: bool, data: st.DataObject) -> None:
    if by_name:
        values = {
            number: {data.draw(st.sampled_from(sorted(SHAPES.clause(number, SHAPES.valid_from).inputs))): value}
            for number, value in values.items()
            if number != "Z"
        }
    text = json.dumps({"clauses": values}, ensure_ascii=False)
    found = read(lambda: read_given(text, SHAPES))
    if found is None:
        return
    tree = score(SHAPES, found.inputs, date(2022, 12, 31))
    for clause in tree.clauses():
        assert clause.points is None or clause.points.is_finite()
    json.dumps(score_report(SHAPES, tree), ensure_ascii=False)


LAUGHING = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{chr(98 + step)}: &{chr(98 + step)} [{', '.join(['*' + chr(97 + step)] * 10)}]\n" for step in range(8)
)


@pytest.mark.parametrize(
    ("text", "said"),
    [("[" * 100_000 + "]" * 100_000, "层次太深"), ("groups: " + "[" * 70 + "]" * 70, "层次太深"), (LAUGHING, "内容太多")],
    ids=["brackets", "seventy", "references"],
)
def test_a_text_that_would_grow_is_refused_before_anything_is_built(text: str, said: str) -> None:
    with pytest.raises(SchemeUnreadable) as refused:
        read_scheme(text)
    assert said in refused.value.problems[0].message
    assert with_lines(text, refused.value.problems) == list(refused.value.problems)


def test_references_that_stay_small_are_read() -> None:
    limits.weigh("a: &a [1, 2]\nb: *a\nc: [*a, *a]\n")
    with pytest.raises(SchemeUnreadable):
        limits.weigh("a: &a [" + "1, " * 1_000 + "1]\nb: [" + "*a, " * 250 + "*a]\n")

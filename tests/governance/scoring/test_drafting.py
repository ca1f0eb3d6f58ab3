"""A sheet taken apart and put together is the sheet; moved and back again too; written and read again too."""

from __future__ import annotations

import random

import pytest

from qingyuan.governance.scoring import drafting
from qingyuan.governance.scoring.lines import with_lines
from qingyuan.governance.scoring.problems import Problem, SchemeUnreadable
from qingyuan.governance.scoring.scheme import Scheme
from qingyuan.governance.scoring.serialise import read_scheme, scheme_hash
from qingyuan.governance.scoring.shipped import FOLDER, published_example, published_examples, shipped
from qingyuan.governance.scoring.writing import scheme_yaml

SHEETS = ["", *published_examples()]
TOWN = (FOLDER / "town-2022.yaml").read_text(encoding="utf-8")


def sheet(name: str) -> Scheme:
    return published_example(name) if name else shipped("town-2022")


@pytest.mark.parametrize("name", SHEETS)
def test_a_sheet_taken_apart_and_put_together_is_the_same(name: str) -> None:
    content = drafting.from_text(drafting.as_text(drafting.from_scheme(sheet(name))))
    assert scheme_hash(drafting.scheme_of(content)) == scheme_hash(sheet(name))


@pytest.mark.parametrize("name", SHEETS)
def test_a_written_file_reads_as_the_sheet_it_was_written_from(name: str) -> None:
    assert scheme_hash(read_scheme(scheme_yaml(sheet(name)))) == scheme_hash(sheet(name))


def test_what_is_removed_comes_back_and_nothing_else_changes() -> None:
    begun = drafting.from_scheme(sheet(""))
    for row in (*begun["groups"], *begun["clauses"]):
        gone = drafting.removed(begun, row["key"])
        assert len(gone["removed"]) == 1 and begun["removed"] == []
        with pytest.raises(KeyError):
            drafting.found(gone, row["key"])
        back = drafting.restored(gone, row["key"])
        assert {one["key"]: one["data"] for one in back["clauses"]} == {one["key"]: one["data"] for one in begun["clauses"]}
        assert back["removed"] == []


def test_a_clause_whose_group_is_gone_waits_for_the_group() -> None:
    begun = drafting.from_scheme(sheet(""))
    clause = begun["clauses"][0]
    gone = drafting.removed(drafting.removed(begun, clause["key"]), clause["group"])
    with pytest.raises(KeyError):
        drafting.restored(gone, clause["key"])
    both = drafting.restored(drafting.restored(gone, clause["group"]), clause["key"])
    assert drafting.found(both, clause["key"])["data"] == clause["data"]


def test_any_walk_of_moves_keeps_every_clause_in_its_group() -> None:
    content, dice = drafting.from_scheme(sheet("")), random.Random(7)
    homes = {one["key"]: one["group"] for one in content["clauses"]}
    for _step in range(200):
        rows = [*content["groups"], *content["clauses"]]
        content = drafting.moved(content, dice.choice(rows)["key"], dice.choice([-1, 1]))
    assert {one["key"]: one["group"] for one in content["clauses"]} == homes
    assert sum(clause.points for clause in drafting.scheme_of(content).clauses()) == 100


def test_a_move_up_and_down_is_no_move_and_the_first_goes_no_higher() -> None:
    begun = drafting.from_scheme(sheet(""))
    first, second = (one["key"] for one in begun["clauses"][:2])
    assert drafting.moved(drafting.moved(begun, second, -1), second, 1) == begun
    assert drafting.moved(begun, first, -1) == begun


def test_a_new_clause_goes_to_the_end_of_its_group_and_to_no_group_that_is_not_there() -> None:
    begun = drafting.from_scheme(sheet(""))
    group = begun["groups"][0]["key"]
    made, key = drafting.with_clause(begun, "", group, {"id": "9", "title": "新", "points": 1, "rule": {"kind": "manual"}})
    mine = [one["key"] for one in made["clauses"] if one["group"] == group]
    assert mine[-1] == key and len(made["clauses"]) == len(begun["clauses"]) + 1
    with pytest.raises(KeyError):
        drafting.with_clause(begun, "", "k999", {})


@pytest.mark.parametrize(
    ("where", "starts"),
    [("条款 1.2", '- id: "1.2"'), ("第 2 组 社区戒毒社区康复", '- id: "2"'), ("总分", "total:"), ("groups 1 › clauses 2 › points", "points: 5")],
)
def test_a_problem_is_named_by_the_line_it_stands_on(where: str, starts: str) -> None:
    (found,) = with_lines(TOWN, [Problem(where, "x")])
    line = int(found.where.split()[1])
    assert found.where.endswith(where)
    assert TOWN.splitlines()[line - 1].strip().startswith(starts)


def test_a_wrong_field_is_named_by_its_line() -> None:
    text = TOWN.replace("points: 5\n", "points: 五\n", 1)
    with pytest.raises(SchemeUnreadable) as refused:
        read_scheme(text)
    (problem,) = with_lines(text, refused.value.problems)
    assert text.splitlines()[int(problem.where.split()[1]) - 1].strip() == "points: 五"


def test_a_place_that_is_not_in_the_text_keeps_its_words() -> None:
    (found,) = with_lines(TOWN, [Problem("条款 99", "x")])
    assert found.where == "条款 99"

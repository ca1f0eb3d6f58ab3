"""What a form shows of a clause and what it sends back is the clause: over every clause of every sheet there is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

import pytest
from django.http import QueryDict

from qingyuan.governance.scoring import drafting
from qingyuan.governance.scoring.clause_asks import SHEET
from qingyuan.governance.scoring.scheme import Scheme
from qingyuan.governance.scoring.serialise import canonical
from qingyuan.governance.scoring.shipped import published_example, published_examples, shipped
from qingyuan.governance.scoring.structure import from_data, to_data
from qingyuan.web.schemes import clause_data
from qingyuan.web.schemes.asked_form import Around, Drawn, drawn, number_of, taken
from qingyuan.web.schemes.clauses import CLAUSE, asks_of, read_clause_form
from qingyuan.web.schemes.sources import ref_of, words_of


def sheet(name: str) -> Scheme:
    return published_example(name) if name else shipped("town-2022")


def sent(fields: Sequence[Drawn]) -> Iterator[tuple[str, str]]:
    """What a browser sends of these fields as they stand."""
    for one in fields:
        if one.ask in {"inputs", "kinds"}:
            yield from ((one.name, value) for value in one.chosen)
        elif one.ask not in {"rows", "table"} and (one.ask != "flag" or one.value):
            yield one.name, one.value
        for row in one.rows:
            yield from sent(row)
        yield from sent(one.inside)


def posted(fields: Sequence[Drawn]) -> QueryDict:
    query = QueryDict(mutable=True)
    for name, value in sent(fields):
        query.appendlist(name, value)
    return query


@pytest.mark.parametrize("name", ["", *published_examples()])
def test_a_clause_drawn_and_sent_back_is_the_same_clause(name: str) -> None:
    kinds = [(kind, kind) for kind in ("town", "village", "education", "police_narcotics")]
    for clause in sheet(name).clauses():
        data: Any = to_data(clause)
        around = Around([*clause.inputs, *clause.derive], kinds, words_of)
        form = clause_data.clause_form(data)
        back = read_clause_form(posted(drawn(asks_of(list(clause.inputs)), form, "", around)), data)
        assert canonical(to_data(drafting.read_clause(back))) == canonical(to_data(clause)), clause.id


@pytest.mark.parametrize("name", ["", *published_examples()])
def test_the_sheets_own_fields_drawn_and_sent_back_are_the_same(name: str) -> None:
    content = drafting.from_scheme(sheet(name))
    before = content[drafting.SHEET]
    kinds = [(kind, kind) for kind in before.get("applies_to", {}).get("unit_kinds", [])]
    post = posted(drawn(SHEET, clause_data.sheet_form(before), "", Around((), kinds)))
    after = clause_data.sheet_data(taken(SHEET, post, ""), before)
    assert from_data(Scheme, drafting.sheet_data(drafting.with_sheet(content, after))) == sheet(name)


@pytest.mark.parametrize(("typed", "read"), [("95", Decimal(95)), ("1,200", Decimal(1200)), ("９５", Decimal(95)), ("五", "五"), ("NaN", "NaN")])
def test_what_is_no_number_stays_as_typed(typed: str, read: object) -> None:
    assert number_of(typed) == read


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("19/20", {"numerator": Decimal(19), "denominator": Decimal(20)}),
        ("分子=19 分母=20 缺=1", {"numerator": Decimal(19), "denominator": Decimal(20), "missing": Decimal(1)}),
        ("数=4 分期=(2022-01=3 2022-02=1)", {"value": Decimal(4), "series": {"2022-01": Decimal(3), "2022-02": Decimal(1)}}),
        ("数=4 各单位=[3 5]", {"value": Decimal(4), "peers": [Decimal(3), Decimal(5)]}),
        ("优", "优"),
        ("-2", Decimal(-2)),
    ],
)
def test_an_example_is_written_as_people_write_it_and_read_back(words: str, value: object) -> None:
    assert clause_data.given(words) == value
    assert clause_data.given(clause_data.written(value)) == value


@pytest.mark.parametrize("words", ["", "(((", "=", "a=", "分子=(", "[", "分期=(2022-01", "==", "数=)"])
def test_a_broken_example_is_read_as_something_and_breaks_nothing(words: str) -> None:
    clause_data.given(words)


@pytest.mark.parametrize("ref", ["manual", "manual:走访率", "indicator:R05.missing", "indicator:G01.value", "return:XZ-01.events"])
def test_a_source_is_shown_in_words_and_read_back(ref: str) -> None:
    assert ref_of(words_of(ref)) == ref


def test_a_row_emptied_takes_its_example_with_it_and_leaves_the_others() -> None:
    post = QueryDict(
        "inputs.0.name=&inputs.1.name=b&inputs.1.source=手工&examples.0.given_0=1&examples.0.given_1=2&examples.0.because=x"
        "&examples.0.points=3&id=1&title=t&points=3&rule.kind=manual"
    )
    back = read_clause_form(post)
    assert back["examples"][0]["given"] == {"b": Decimal(2)}
    assert back["inputs"] == {"b": "manual"}


def test_a_new_name_of_an_input_is_the_name_in_its_examples_too() -> None:
    post = QueryDict("inputs.0.name=新名&inputs.0.source=手工&examples.0.given_0=1&examples.0.because=x&id=1&title=t&points=3&rule.kind=manual")
    assert read_clause_form(post)["examples"][0]["given"] == {"新名": Decimal(1)}


def test_the_whole_form_is_made_of_named_sections() -> None:
    assert [section.code for section in CLAUSE] == ["face", "inputs", "rule", "examples", "bounds", "readings", "whom", "proof"]

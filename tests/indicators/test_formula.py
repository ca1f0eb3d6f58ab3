"""Only what is listed gets through; everything else is refused with its place and what may be written instead."""

from __future__ import annotations

import pytest
import sqlglot
from hypothesis import given
from hypothesis import strategies as st

from qingyuan.indicators.catalogue import catalogue
from qingyuan.indicators.coercion import COERCIVE_ROWS, FREE_ROWS, counts_coercively
from qingyuan.indicators.formula import BadFormula, parse_aggregate, parse_condition
from qingyuan.indicators.generation import to_spark, to_sql
from qingyuan.ledgers import registry
from tests.indicators.city import FACTS

COLUMNS = {
    "net_g": "decimal",
    "drug": "text",
    "person": "text",
    "outcome": "text",
    "closes_on": "date",
    "solved": "integer",
}

ALLOWED = [
    "count(*)",
    "sum(net_g) filter (where drug = 'OP01' and person is not null)",
    "count(distinct person)",
    "median(date_diff('day', happened_on, closes_on))",
    "sum(case when drug in ('a', 'b') then net_g else 0 end) / count(*)",
    "count(*) filter (where happened_on between :period_start and date '2022-01-01' + 3)",
    "avg(coalesce(net_g, 0)) - min(net_g) * 2",
    "count(*) filter (where not (outcome = 'done' or closes_on < :as_of))",
]

REFUSED = [
    "select 1",
    "(select sum(net_g))",
    "sum((select 1))",
    "count(*) filter (where drug in (select drug from fact_cases))",
    "count(*) filter (where exists (select 1))",
    "count(*) from read_csv('/etc/passwd')",
    "read_text('/etc/passwd')",
    "sum(read_parquet('x'))",
    "getenv('HOME')",
    "current_setting('threads')",
    "pragma_version()",
    "sum(net_g); drop view fact_cases",
    "sum(net_g) union select 1",
    "copy fact_cases to 'x'",
    "attach 'x.db'",
    "install httpfs",
    "set threads = 1",
    "sum(net_g) over ()",
    "sum(net_g order by drug)",
    "sum(distinct net_g)",
    "count(distinct person, drug)",
    "count(columns(*))",
    "count(* exclude (drug))",
    "sum(net_g) as x",
    "sum(f.net_g)",
    "sum(main.fact_cases.solved)",
    "sum(drug::integer)",
    "try_cast(sum(net_g) as integer)",
    "list(net_g)",
    "string_agg(person, ',')",
    "max(drug || person)",
    "count(*) filter (where drug like '%a%')",
    "count(*) filter (where regexp_matches(person, '.*'))",
    "count(*) filter (where person = $1)",
    "count(*) filter (where person = ?)",
    "count(*) filter (where person = :password)",
    "list_transform([1], x -> x)",
    "{'a': sum(net_g)}",
    "[sum(net_g)]",
    "sum(name)",
    "sum(sum(net_g))",
    "net_g + sum(net_g)",
    "net_g",
    "1 + 1",
    "count(*) filter (where count(*) > 1)",
    "((((",
    "'",
    "",
    "(" * 300 + "count(*)" + ")" * 300,
    "count(*)" + " + count(*)" * 400,
]  # fmt: skip


@pytest.mark.parametrize("text", ALLOWED)
def test_what_is_listed_is_understood_and_runs_on_both_engines(text: str) -> None:
    formula = parse_aggregate(text, COLUMNS)
    again = sqlglot.parse_one(to_sql(formula.tree), read="duckdb")
    assert again is not None
    spark = to_spark(formula)
    assert sqlglot.parse_one(f"select {spark} from facts", read="spark").sql(dialect="spark")


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_not_listed_is_refused_with_its_place(text: str) -> None:
    with pytest.raises(BadFormula) as refused:
        parse_aggregate(text, COLUMNS)
    assert 1 <= refused.value.position <= max(1, len(text))
    assert len(str(refused.value)) > 5


@given(st.text(alphabet="sumcotdiniwhere()*,.;:'\"-+/=<>[]{}$?_ \n0123", max_size=60))
def test_any_text_is_either_a_formula_or_refused_with_words(text: str) -> None:
    words = ""
    try:
        understood = bool(parse_aggregate(text, COLUMNS).aggregates)
    except BadFormula as refused:
        understood, words = False, str(refused)
    assert understood or words


def test_the_place_named_is_the_place_meant() -> None:
    with pytest.raises(BadFormula, match="第 14 个字符"):
        parse_aggregate("sum(net_g) + shell('x')", COLUMNS)
    with pytest.raises(BadFormula, match="没有“weight”这一列.*net_g"):
        parse_aggregate("sum(weight)", COLUMNS)
    with pytest.raises(BadFormula, match=":period_start"):
        parse_aggregate("count(*) filter (where closes_on < :today)", COLUMNS)


def test_a_condition_is_a_judgement_about_one_row() -> None:
    assert parse_condition("outcome = 'done' and closes_on < :as_of", COLUMNS).columns == {"outcome", "closes_on"}
    for text in (
        "count(*) > 1",
        "net_g + 1",
        "outcome = 'done'; select 1",
        "person in (select person from fact_tests)",
    ):
        with pytest.raises(BadFormula):
            parse_condition(text, COLUMNS)


def test_every_division_is_of_doubles_and_unknown_over_nought() -> None:
    sql = to_sql(parse_aggregate("sum(net_g) / sum(solved) / count(*)", COLUMNS).tree)
    assert sql.count("AS DOUBLE") == 2 and sql.count("NULLIF") == 2


def test_what_counts_a_coercive_column_is_coercive_however_it_is_written() -> None:
    tests, cases, measures = FACTS["tests"], FACTS["cases"], FACTS["measures"]
    columns = {item.name: item.type for table in (tests, cases, measures) for item in table.columns}

    def coercive(fact: str, text: str, where: str = "") -> bool:
        condition = parse_condition(where, columns) if where else None
        return counts_coercively(FACTS[fact], parse_aggregate(text, columns), condition)

    assert coercive("tests", "count(*) filter (where result = 'positive')")
    assert coercive("tests", "count(*)", "result = 'positive'")
    assert coercive("tests", "sum(case when result = 'positive' then 1 else 0 end)")
    assert coercive("tests", "count(distinct person) / count(result)")
    assert not coercive("tests", "count(*) filter (where sample = 'urine')")
    assert coercive("cases", "count(*)")
    assert coercive("cases", "sum(1)")
    assert coercive("cases", "count(distinct offence)")
    assert coercive("measures", "count(*)")
    assert coercive("measures", "count(*) filter (where kind = 'CD')")
    assert not coercive("measures", "count(*) filter (where reported_on <= report_due)")


def test_every_published_fact_is_classified(real_facts: None) -> None:
    classified = set(COERCIVE_ROWS) | FREE_ROWS
    assert {name for name in registry.facts() if name not in classified} == set()


def test_every_definition_reads_on_spark_too() -> None:
    for indicator in catalogue().all():
        for term in indicator.terms:
            spark = to_spark(term.expression)
            assert sqlglot.parse_one(f"select {spark} from facts", read="spark").find(sqlglot.exp.Select)

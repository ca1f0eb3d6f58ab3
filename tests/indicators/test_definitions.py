"""The files experts write: all load, and every mistake is named by file and key."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from qingyuan.indicators import catalogue
from qingyuan.indicators.catalogue import DEFINITIONS, Catalogue, UnknownIndicator, known_inputs
from qingyuan.indicators.definition_file import BadDefinition
from qingyuan.indicators.enums import Better, IndicatorKind
from qingyuan.indicators.loader import FactNotHere, build, load_folder
from qingyuan.indicators.queries import evaluate
from qingyuan.indicators.query import IndicatorQuery
from qingyuan.reference import catalogue as code_lists
from qingyuan.reference.periods import Period
from tests.indicators.city import FACTS, TODAY, City

FILES = sorted(path.name for path in DEFINITIONS.glob("*.yaml"))


def _data(**changes: Any) -> dict[str, Any]:
    data: dict[str, Any] = yaml.safe_load((DEFINITIONS / "R05.yaml").read_text(encoding="utf-8"))
    return {key: value for key, value in {**data, **changes}.items() if value is not ...}


@pytest.mark.parametrize("name", FILES)
def test_every_file_is_sound_and_runs(name: str, folder: Path, city: City) -> None:
    city.write(folder)
    indicator = catalogue.get(name.removesuffix(".yaml"))
    for breakdown in (None, *(item.column for item in indicator.breakdowns)):
        query = IndicatorQuery(indicator.code, Period.parse("2022-10"), children_of=1, as_of=TODAY, breakdown=breakdown)
        assert evaluate(query).names[1] == "云岭市"


def test_the_files_load_over_the_facts_the_rooms_really_publish(real_facts: None) -> None:
    found = catalogue.catalogue()
    assert found.unavailable == {}
    assert len(found.all()) == len(FILES)


def test_a_figure_that_falls_when_people_look_away_has_no_good_direction() -> None:
    for indicator in catalogue.catalogue().all():
        if indicator.coercive or indicator.monitor_only:
            assert indicator.better is Better.NONE, indicator.code
        if indicator.kind is IndicatorKind.EXTERNAL:
            assert not indicator.numerator.empty_is_zero


def test_breakdowns_name_real_code_lists() -> None:
    for indicator in catalogue.catalogue().all():
        for item in indicator.breakdowns:
            if item.code_list:
                assert code_lists.get_list(item.code_list), (indicator.code, item.column)


MISTAKES: list[tuple[dict[str, Any], str, str]] = [
    ({"title": ...}, "title", "必须写"),
    ({"title": 3}, "title", "文字"),
    ({"titel": "x"}, "titel", "不认识"),
    ({"code": "R06"}, "code", "文件名"),
    ({"kind": "speed"}, "kind", "flow"),
    ({"better": "sideways"}, "better", "up"),
    ({"denominator": ...}, "denominator", "分母"),
    ({"includes": []}, "includes", "清单"),
    ({"period_kinds": ["fortnight"]}, "period_kinds", "month"),
    ({"scale": -1}, "scale", "正数"),
    ({"scale": "abc"}, "scale", "正数"),
    ({"decimals": 9}, "decimals", "整数"),
    ({"smallest_count": 1}, "smallest_count", "整数"),
    ({"proportion": "yes"}, "proportion", "true"),
    ({"sample": "nothing"}, "sample", "parts"),
    ({"sample": "missing", "proportion": False}, "sample", "proportion"),
    ({"roll_up": {"divisions": "相加"}}, "roll_up", "periods"),
    ({"valid_from": "去年"}, "valid_from", "日期"),
    ({"where": "outcome == "}, "where", "第"),
    ({"count_unit": ...}, "numerator.unit", "count_unit"),
    ({"empty": "maybe"}, "empty", "unknown"),
    ({"select": "in_force"}, "numerator.select", "起止"),
    ({"select": "during"}, "numerator.select", "起止"),
    ({"dated_by": "person"}, "numerator.dated_by", "日期"),
    ({"breakdowns": [{"column": "nothing", "title": "x"}]}, "breakdowns[0].column", "文字"),
    ({"parts": {"value": {"title": "x", "expression": "count(*)"}}}, "parts.value", "名字"),
    ({"parts": {"odd": {"title": "x", "expression": "count(*) + shell()"}}}, "parts.odd.expression", "第"),
    ({"numerator": {"title": "x", "expression": "sum(secret)"}}, "numerator.expression", "没有“secret”"),
    ({"numerator": {"title": "x", "expression": "count(*)", "filter": "x"}}, "numerator.filter", "不认识"),
    ({"numerator": "count(*)"}, "numerator", "title"),
]


@pytest.mark.parametrize(("changes", "key", "words"), MISTAKES)
def test_a_mistake_is_named_by_file_and_key(changes: dict[str, Any], key: str, words: str) -> None:
    with pytest.raises(BadDefinition) as refused:
        build("R05.yaml", _data(**changes), FACTS)
    assert refused.value.file == "R05.yaml" and refused.value.key == key
    assert words in str(refused.value) and "R05.yaml" in str(refused.value)


def test_a_coercive_count_may_not_be_called_good_or_bad() -> None:
    data = yaml.safe_load((DEFINITIONS / "E01.yaml").read_text(encoding="utf-8"))
    with pytest.raises(BadDefinition, match="none"):
        build("E01.yaml", {**data, "better": "up", "monitor_only": False}, FACTS)


@pytest.mark.parametrize("code", ["E02", "E05", "E06", "AD02", "LC01", "R06", "R07", "R08"])
def test_counts_of_people_caught_decided_upon_or_found_positive_are_no_input_of_a_score(code: str) -> None:
    indicator = catalogue.get(code)
    assert indicator.numerator.coercive and indicator.monitor_only and indicator.better is Better.NONE
    assert known_inputs()[f"indicator:{code}"].refusal
    for part in indicator.parts:
        assert known_inputs()[f"indicator:{code}.{part.key}"].refusal, part.key


def test_how_a_measure_ended_is_coercive_whatever_else_a_term_looks_at() -> None:
    data = yaml.safe_load((DEFINITIONS / "R03.yaml").read_text(encoding="utf-8"))
    looks = {"title": "x", "expression": "count(*) filter (where agreement_on is not null and end_reason = 'converted')"}
    with pytest.raises(BadDefinition, match="none"):
        build("R03.yaml", {**data, "numerator": looks}, FACTS)


def test_a_file_that_is_not_yaml_and_two_files_of_one_day_are_named(tmp_path: Path) -> None:
    (tmp_path / "X01.yaml").write_text("a: [", encoding="utf-8")
    with pytest.raises(BadDefinition, match="X01.yaml"):
        load_folder(tmp_path, FACTS)
    text = (DEFINITIONS / "R05.yaml").read_text(encoding="utf-8")
    (tmp_path / "X01.yaml").unlink()
    (tmp_path / "R05.yaml").write_text(text, encoding="utf-8")
    (tmp_path / "R05@2022.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(BadDefinition, match="valid_from"):
        load_folder(tmp_path, FACTS)


def test_the_version_in_force_on_the_day_is_taken(tmp_path: Path) -> None:
    text = (DEFINITIONS / "R05.yaml").read_text(encoding="utf-8")
    (tmp_path / "R05.yaml").write_text(text, encoding="utf-8")
    newer = text.replace("title: 应检尽检率", "title: 新口径").replace(
        "valid_from: 2020-01-01", "valid_from: 2022-01-01"
    )
    (tmp_path / "R05@2022.yaml").write_text(newer, encoding="utf-8")
    found = Catalogue(*load_folder(tmp_path, FACTS))
    assert found.get("R05", TODAY.replace(year=2021)).title == "应检尽检率"
    assert found.get("R05", TODAY).title == "新口径"
    assert found.get("R05").title == "新口径"


def test_an_indicator_over_facts_of_another_zone_is_left_out_and_says_why() -> None:
    found, missing = load_folder(DEFINITIONS, {name: table for name, table in FACTS.items() if name != "cases"})
    assert "E01" not in {indicator.code for indicator in found}
    assert [absent.code for absent in missing if isinstance(absent, FactNotHere)] == ["E01", "E06"]
    with pytest.raises(UnknownIndicator, match="R05"):
        Catalogue(found, missing).get("E01")


def test_inputs_say_whether_they_may_be_scored_and_why_not() -> None:
    inputs = known_inputs()
    assert inputs["indicator:R05"].refusal == "" and inputs["indicator:R05.missing"].refusal == ""
    assert inputs["indicator:R05.missing"].label == "应检尽检率·缺检" and inputs["indicator:R05.missing"].unit == "人次"
    assert inputs["indicator:R05.people_missing"].people and inputs["indicator:R05.people_missing"].unit == "人"
    for name in ("E01", "E04", "R26", "G09", "G11", "G12", "E09", "AD01", "E01.major", "E04.seizures"):
        assert inputs[f"indicator:{name}"].coercive and "不得" in inputs[f"indicator:{name}"].refusal, name
    assert inputs["indicator:G12.denominator"].refusal == ""
    assert inputs["indicator:R01"].refusal == "" and inputs["indicator:R01.numerator"].refusal == ""
    assert inputs["indicator:R01.denominator"].coercive, "counting decisions themselves is coercive"
    assert "监测" in inputs["indicator:R25"].refusal

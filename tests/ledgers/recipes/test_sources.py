"""A table that comes every month is told once how it is read; after that it is recognised, and only by its own unit."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from io import BytesIO

import openpyxl
import pytest

from qingyuan.enforcement.models import Seizure
from qingyuan.foundation.audit.models import WriteEntry
from qingyuan.ledgers import registry
from qingyuan.ledgers.importing import comparing, sources, staging
from qingyuan.ledgers.importing.recipe import BadRecipe, Recipe, slots_of
from qingyuan.ledgers.importing.resolving import learn, synonyms_for
from qingyuan.ledgers.models import ImportBatch, LearntSynonym, SavedRecipe, Source
from qingyuan.ledgers.models.imports import BatchState
from qingyuan.reference import catalogue
from qingyuan.rehabilitation.models import CommunityTest
from tests.cast import TODAY, City, id_number, measure_values
from tests.ledgers.recipes.books import ODD, again, bring, enter, odd_book, odd_row, workbook

pytestmark = pytest.mark.django_db
ODD_RECIPE = Recipe(
    sheet="Sheet1",
    columns={
        "编号": "",
        "对象": "name",
        "证件": "id_number",
        "哪天查的": "tested_on",
        "情况": "result",
        "经办": "testers",
        "民族": "",
    },
    defaults={"sample": "尿液"},
    rows=(2, 2),
)


@pytest.fixture
def town(city: City) -> City:
    city.enter("measures", "supervisor", *(measure_values(city, serial) for serial in range(1, 7)))
    return city


def learnt_source(town: City, *, whole: bool = False) -> Source:
    """The odd register, corrected by hand and remembered, its first file entered."""
    batch = bring(town, odd_book(odd_row(1), odd_row(2), odd_row(3)), name="9月.xlsx")
    sources.correct(batch=batch, recipe=ODD_RECIPE, by=town.actor("supervisor"))
    batch = again(town, batch)
    source = sources.remember(
        batch=batch, title="龙洞镇登记簿", whole=whole, every_months=1, by=town.actor("supervisor")
    )
    enter(town, batch)
    return source


def test_a_table_of_unknown_headers_is_put_right_by_hand_and_read(town: City) -> None:
    batch = bring(town, odd_book(odd_row(1)))
    assert batch.state == BatchState.FAILED and "没有找到表头" in batch.message
    sources.correct(batch=batch, recipe=ODD_RECIPE, by=town.actor("supervisor"))
    batch = again(town, batch)
    assert (batch.state, batch.new_count, batch.bad_count) == (BatchState.CHECKED, 1, 0), batch.message
    [row] = staging.stream(registry.get("tests"), batch, "new")
    assert row.draft.values["sample"] == "urine" and row.draft.values["tested_on"] == date(2022, 10, 8)


def test_next_month_the_same_header_is_recognised_wherever_its_columns_stand(town: City) -> None:
    source = learnt_source(town)
    row, moved = odd_row(4, day="2022-11-08"), (5, 4, 3, 2, 1, 0, 6)
    content = workbook(
        tuple(ODD[i] for i in moved), tuple(row[i] for i in moved), titles=("11月", "说明行"), sheet="11月"
    )
    batch = bring(town, content, name="11月.xlsx")
    assert (batch.source, batch.reading["how"], batch.reading["title"]) == (source, "saved", "龙洞镇登记簿")
    assert (batch.new_count, batch.bad_count) == (1, 0)
    assert batch.found["unknown"] == [], "what was said to be ignored is not asked about again"


def book_of_months() -> bytes:
    """Two months a sheet each, under the same odd header, and notes on a third."""
    book = openpyxl.load_workbook(BytesIO(workbook(ODD, odd_row(4), sheet="10月")))
    for line in (ODD, odd_row(5, day="2022-11-08"), odd_row(6, day="2022-11-09")):
        sheet = book["11月"] if "11月" in book.sheetnames else book.create_sheet("11月")
        sheet.append(list(line))
    book.create_sheet("说明").append(["由各村报来"])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_workbook_of_several_months_is_read_whole_by_the_recipe_and_when_put_right_by_hand(town: City) -> None:
    source = learnt_source(town)
    batch = bring(town, book_of_months())
    assert (batch.source, batch.new_count, batch.bad_count) == (source, 3, 0), batch.message
    assert batch.sheet == "10月、11月" and sources.recipe_of_batch(batch).sheet in ("10月", "11月")
    by_hand = replace(ODD_RECIPE, sheet="10月", rows=(1, 1))
    sources.correct(batch=batch, recipe=by_hand, by=town.actor("supervisor"))
    batch = again(town, batch)
    assert (batch.new_count, batch.bad_count, batch.sheet) == (3, 0, "10月、11月"), batch.message


def test_a_header_of_two_levels_is_remembered_and_recognised(town: City) -> None:
    def levels(day: str) -> bytes:
        book = openpyxl.Workbook()
        sheet = book.active
        for line in (
            ("姓名", "证件", "检测", None, None, "经手人"),
            (None, None, "哪天 查的", "方式", "结果", None),
            ("测试乙", id_number(101), day, "尿液", "阴性", "李秀、王平"),
        ):
            sheet.append(line)
        for area in ("A1:A2", "B1:B2", "C1:E1", "F1:F2"):
            sheet.merge_cells(area)
        out = BytesIO()
        book.save(out)
        return out.getvalue()

    batch = bring(town, levels("2022-10-08"))
    recipe = Recipe(columns={"证件": "id_number", "检测/哪天查的": "tested_on", "经手人": "testers"})
    sources.correct(batch=batch, recipe=recipe, by=town.actor("supervisor"))
    batch = again(town, batch)
    assert (batch.state, batch.new_count) == (BatchState.CHECKED, 1), batch.message
    sources.remember(batch=batch, title="两层表头", whole=False, every_months=1, by=town.actor("supervisor"))
    november = bring(town, levels("2022-11-08"))
    assert (november.reading["title"], november.new_count, november.bad_count) == ("两层表头", 1, 0)


def test_a_header_with_another_column_is_not_the_same_table_but_can_be_read_by_the_recipe(town: City) -> None:
    source = learnt_source(town)
    batch = bring(town, workbook((*ODD, "备注"), (*odd_row(4), "补检")))
    assert batch.source is None and batch.state == BatchState.FAILED
    sources.read_by(batch=batch, source=source)
    batch = again(town, batch)
    assert (batch.state, batch.new_count) == (BatchState.CHECKED, 1), batch.message
    [row] = staging.stream(registry.get("tests"), batch, "new")
    assert row.draft.values["note"] == "补检", "a header the recipe does not know is recognised as ever"


def test_plain_weights_are_read_in_the_unit_that_the_recipe_says(town: City) -> None:
    case = {"number": "云公刑7", "title": "某案", "division": town.divisions["石桥镇"].pk, "filed_on": date(2022, 5, 1)}
    case |= {name: catalogue.get_list(name + "s").valid_on(TODAY)[0].code for name in ("case_kind", "offence")}
    town.enter("cases", "officer", case)
    header = ("案号", "毒品", "称得", "查获日期")
    recipe = Recipe(columns={"称得": "net_g"}, units={"net_g": "kg"})
    batch = bring(town, workbook(header, ("云公刑7", "海洛因", 1.5, "2022-06-01")), who="officer", ledger="seizures")
    assert batch.state == BatchState.FAILED and "净重" in batch.message
    sources.correct(batch=batch, recipe=recipe, by=town.actor("officer"))
    batch = again(town, batch, "officer")
    by = town.actor("officer")
    sources.remember(batch=batch, title="缴获登记", whole=False, every_months=1, by=by)
    enter(town, batch, "officer")
    assert Seizure.objects.get().net_g == 1500
    next_one = bring(town, workbook(header, ("云公刑7", "海洛因", 2, "2022-07-01")), who="officer", ledger="seizures")
    [row] = staging.stream(registry.get("seizures"), next_one, "new")
    assert next_one.reading["how"] == "saved" and row.draft.values["net_g"] == 2000


def test_a_recipe_that_names_a_column_the_ledger_no_longer_has_still_reads_the_rest(town: City) -> None:
    source = learnt_source(town)
    saved = SavedRecipe.objects.get(source=source)
    saved.content["columns"]["编号"] = "was_once"
    saved.content["defaults"]["was_once_too"] = "甲"
    saved.save()
    batch = bring(town, odd_book(odd_row(4)))
    assert (batch.source, batch.new_count, batch.bad_count) == (source, 1, 0)


def test_a_file_that_only_looks_like_the_source_is_read_plainly_on_demand(town: City) -> None:
    learnt_source(town)
    batch = bring(town, odd_book(odd_row(4)))
    assert batch.source is not None
    sources.read_plainly(batch=batch)
    batch = again(town, batch)
    assert batch.source is None and batch.state == BatchState.FAILED


def test_a_default_that_does_not_hold_on_the_rows_day_is_a_problem_of_the_row(town: City) -> None:
    batch = bring(town, odd_book(odd_row(1)))
    wrong = Recipe(**{**ODD_RECIPE.__dict__, "defaults": {"sample": "尿检板"}})
    sources.correct(batch=batch, recipe=wrong, by=town.actor("supervisor"))
    batch = again(town, batch)
    [row] = staging.stream(registry.get("tests"), batch, "bad")
    assert [problem.column for problem in row.draft.problems] == ["sample"]


def test_a_row_of_data_pointed_at_as_header_is_refused_and_stored_nowhere(town: City) -> None:
    batch = bring(town, odd_book(odd_row(1)))
    wrong = Recipe(**{**ODD_RECIPE.__dict__, "rows": (3, 3)})
    sources.correct(batch=batch, recipe=wrong, by=town.actor("supervisor"))
    batch = again(town, batch)
    assert batch.state == BatchState.FAILED and "不像表头" in batch.message
    assert "测试乙" not in str(batch.found)


def test_a_units_recipes_are_its_own(town: City) -> None:
    source = learnt_source(town)
    assert sources.open_source(town.actor("supervisor"), source.pk, TODAY) == source
    assert sources.open_source(town.actor("caseworker"), source.pk, TODAY) == source
    for who in ("stranger", "clerk", "officer", "auditor", "doctor", "town_leader"):
        assert sources.open_source(town.actor(who), source.pk, TODAY) is None, who
    foreign = bring(town, odd_book(odd_row(1)), who="stranger")
    assert foreign.source is None and foreign.state == BatchState.FAILED
    with pytest.raises(sources.SourceRefused):
        sources.read_by(batch=foreign, source=source)


def test_every_step_is_in_the_audit_and_forgetting_forgets_the_words_too(town: City) -> None:
    source, by = learnt_source(town), town.actor("supervisor")
    learn(code_list="test_samples", text="杯", code="urine", by=by, source=source, ledger="tests")
    sources.change_source(source=source, title="新名称", whole=True, every_months=3, by=by)
    sources.change_recipe(source=source, recipe=ODD_RECIPE, by=by)
    sources.forget_recipe(source=source, by=by)
    assert not SavedRecipe.objects.exists() and not LearntSynonym.objects.exists()
    acts = list(WriteEntry.objects.filter(row_id=source.pk).order_by("at").values_list("act", flat=True))
    assert acts == [
        "tests.recipe_save",
        "tests.word_learn",
        "tests.source_change",
        "tests.recipe_save",
        "tests.recipe_forget",
    ]
    assert bring(town, odd_book(odd_row(5))).source is None
    with pytest.raises(sources.SourceRefused):
        sources.change_recipe(source=source, recipe=ODD_RECIPE, by=by)


def test_a_retired_source_leaves_its_batches_and_gives_its_name_back(town: City) -> None:
    source, by = learnt_source(town), town.actor("supervisor")
    sources.retire(source=source, by=by)
    assert sources.sources_of(by, TODAY) == [] and CommunityTest.objects.count() == 3
    assert ImportBatch.objects.get().source == source
    assert learnt_source(town).title == source.title


@pytest.mark.parametrize(("title", "every"), [("", 1), ("名" * 61, 1), ("证号999999199101010072", 1), ("好名", 13)])
def test_a_source_without_a_sound_name_or_rhythm_is_refused(town: City, title: str, every: int) -> None:
    batch = again(
        town,
        bring(
            town,
            workbook(
                ("姓名", "身份证号", "检测日期", "检测方式", "结果", "检测人"),
                ("测试乙", "", "2022-10-08", "尿液", "阴性", "李秀、王平"),
            ),
        ),
    )
    with pytest.raises(sources.SourceRefused):
        sources.remember(batch=batch, title=title, whole=False, every_months=every, by=town.actor("supervisor"))
    assert not Source.objects.exists()


def test_two_sources_of_a_unit_cannot_share_a_name(town: City) -> None:
    learnt_source(town)
    batch = bring(town, odd_book(odd_row(4)))
    with pytest.raises(sources.SourceRefused, match="同名"):
        sources.remember(batch=batch, title="龙洞镇登记簿", whole=False, every_months=1, by=town.actor("supervisor"))


def test_a_batch_that_is_in_is_no_longer_read_otherwise(town: City) -> None:
    learnt_source(town)
    batch = ImportBatch.objects.get()
    with pytest.raises(sources.SourceRefused):
        sources.correct(batch=batch, recipe=ODD_RECIPE, by=town.actor("supervisor"))
    with pytest.raises(sources.SourceRefused):
        sources.read_plainly(batch=batch)


def test_a_mapping_that_cannot_be_is_refused_and_the_batch_stays(town: City) -> None:
    batch = bring(town, odd_book(odd_row(1)))
    with pytest.raises(BadRecipe):
        sources.correct(batch=batch, recipe=Recipe(columns={"民族": "note"}), by=town.actor("supervisor"))
    batch.refresh_from_db()
    assert batch.reading == {}


# --- words ---------------------------------------------------------------------------------------------------------
def test_a_sources_word_wins_over_the_one_for_all_and_only_there(town: City) -> None:
    source, by, ledger = learnt_source(town), town.actor("supervisor"), registry.get("tests")
    learn(code_list="test_samples", text="杯", code="urine", by=by)
    learn(code_list="test_samples", text="杯", code="saliva", by=by, source=source)
    learn(code_list="test_samples", text="杯", code="hair", by=by, source=source)
    assert synonyms_for(ledger)["test_samples"]["杯"] == "urine"
    assert synonyms_for(ledger, source)["test_samples"]["杯"] == "hair"
    assert LearntSynonym.objects.count() == 2


def test_a_file_of_the_source_is_read_with_its_words(town: City) -> None:
    source, by = learnt_source(town), town.actor("supervisor")
    learn(code_list="test_results", text="合格", code="positive", by=by)
    learn(code_list="test_results", text="合格", code="negative", by=by, source=source)
    batch = bring(town, odd_book(odd_row(4, result="合格")))
    [row] = staging.stream(registry.get("tests"), batch, "new")
    assert row.draft.values["result"] == "negative"
    with pytest.raises(sources.SourceRefused):
        sources.forget_word(source=source, word_id=LearntSynonym.objects.get(source=None).pk, by=by)


# --- what is no longer in the file -----------------------------------------------------------------------------------
def missing(town: City, batch: ImportBatch, who: str = "supervisor") -> set[str]:
    gone = comparing.gone(registry.get("tests"), batch, town.actor(who), TODAY, most=9)
    assert gone.count == len(gone.rows)
    return {row.client.name for row in gone.rows}


def test_rows_that_a_whole_file_no_longer_holds_are_asked_about_and_never_voided(town: City) -> None:
    source = learnt_source(town, whole=True)
    batch = bring(town, odd_book(odd_row(1), odd_row(2, result="阳性"), odd_row(4)))
    assert batch.source == source
    assert (batch.new_count, batch.changed_count, batch.same_count) == (1, 1, 1)
    assert missing(town, batch) == {"测试丁"}
    enter(town, batch)
    batch.refresh_from_db()
    assert missing(town, batch) == {"测试丁"}, "the question stays on the page of the file that is in"
    assert CommunityTest.objects.count() == 4, "nothing was voided"


def test_a_file_that_holds_only_its_days_asks_only_about_its_days(town: City) -> None:
    learnt_source(town)
    november = bring(town, odd_book(odd_row(1, day="2022-11-08"), odd_row(2, day="2022-11-09")))
    assert missing(town, november) == set()
    october = bring(town, odd_book(odd_row(1), odd_row(2)), name="10月更正.xlsx")
    assert missing(town, october) == {"测试丁"}


def test_rows_of_other_sources_and_of_other_people_are_never_asked_about(town: City) -> None:
    learnt_source(town, whole=True)
    town.enter(
        "tests",
        "supervisor",
        {
            "name": "测试己",
            "id_number": measure_values(town, 5)["id_number"],
            "tested_on": date(2022, 10, 8),
            "sample": "urine",
            "result": "negative",
            "testers": ["李秀", "王平"],
        },
    )
    batch = bring(town, odd_book(odd_row(1)))
    assert missing(town, batch) == {"测试丙", "测试丁"}
    assert missing(town, batch, "stranger") == set() and missing(town, batch, "clerk") == set()


def test_only_the_newest_file_of_a_source_asks(town: City) -> None:
    learnt_source(town, whole=True)
    first = ImportBatch.objects.get()
    assert missing(town, first) == set()
    enter(town, bring(town, odd_book(odd_row(1))))
    first.refresh_from_db()
    assert missing(town, first) == set()


def test_the_page_gets_the_first_rows_and_the_whole_count_and_one_row_can_be_asked_for(town: City) -> None:
    learnt_source(town, whole=True)
    ledger, by = registry.get("tests"), town.actor("supervisor")
    batch = bring(town, odd_book(odd_row(4)))
    assert set(staging.keys(ledger, batch)) == {row.key for row in staging.stream(ledger, batch, "new")}
    found = comparing.gone(ledger, batch, by, TODAY, most=2)
    assert (found.count, len(found.rows)) == (3, 2)
    for row in CommunityTest.objects.all():
        assert comparing.gone_row(ledger, batch, by, TODAY, row.pk) == row
        assert comparing.gone_row(ledger, batch, town.actor("stranger"), TODAY, row.pk) is None
    batch = bring(town, odd_book(odd_row(1), odd_row(2), odd_row(3)))
    assert comparing.gone(ledger, batch, by, TODAY, most=2) == comparing.Gone(0, [])
    assert all(comparing.gone_row(ledger, batch, by, TODAY, row.pk) is None for row in CommunityTest.objects.all())


def test_a_sealed_ledger_is_not_laid_beside_a_file(town: City) -> None:
    learnt_source(town, whole=True)
    batch = bring(town, odd_book(odd_row(4)))
    sealed = replace(registry.get("tests"), sealed=True)
    assert comparing.gone(sealed, batch, town.actor("supervisor"), TODAY, most=9).count == 0


def test_the_next_file_is_expected_by_the_rhythm(town: City) -> None:
    source = learnt_source(town)
    last = ImportBatch.objects.get()
    assert comparing.next_month(source, last) == date(2022, 12, 1)
    source.every_months = 3
    assert comparing.next_month(source, last) == date(2023, 2, 1)
    source.every_months = 0
    assert comparing.next_month(source, last) is None and comparing.next_month(source, None) is None


def test_slots_of_the_odd_book_are_what_the_recipe_names() -> None:
    assert set(slots_of(ODD)) == set(ODD_RECIPE.columns)

"""The number of a row opens nothing, and a mask is no value: what comes back with either wrong is refused with what to do."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import Any

import openpyxl
import pytest

from qingyuan.enforcement.models import Party
from qingyuan.ledgers import queries, registry
from qingyuan.ledgers.exports import bad_rows_workbook, rows_workbook
from qingyuan.ledgers.importing import staging
from qingyuan.ledgers.importing.check import check
from qingyuan.ledgers.importing.promote import promote
from qingyuan.ledgers.importing.receive import receive
from qingyuan.ledgers.importing.returning import RECORD
from qingyuan.ledgers.layouts.choosing import layouts_for
from qingyuan.ledgers.models import ImportBatch, StagedBlock
from qingyuan.participation.models import Volunteer
from qingyuan.rehabilitation.models import CommunityTest, Measure
from tests.cast import TODAY, City, id_number, measure_values
from tests.enforcement import rows as police
from tests.web.pages import browser_of, text_of

pytestmark = pytest.mark.django_db


class Sheet:
    """What somebody exported, to be edited and brought back. Columns are named by the ledger's names."""

    def __init__(self, city: City, code: str, who: str) -> None:
        self.city, self.ledger, self.who = city, registry.get(code), who
        by = city.actor(who)
        content = rows_workbook(self.ledger, queries.rows(self.ledger, by, TODAY), reader=by)
        self.book = openpyxl.load_workbook(BytesIO(content))
        self.sheet = self.book.worksheets[0]
        names = [column.name for column in self.ledger.listed_columns] + [RECORD.name]
        self.places = {name: index for index, name in enumerate(names, start=1)}
        at = self.places[RECORD.name]
        self.first = next(n for n in range(1, 9) if self.sheet.cell(n, at).value == RECORD.header) + 1

    def read(self, name: str, row: int = 0) -> str:
        return str(self.sheet.cell(self.first + row, self.places[name]).value)

    def write(self, name: str, value: Any, row: int = 0) -> Sheet:
        self.sheet.cell(self.first + row, self.places[name]).value = value
        return self

    def copied(self) -> Sheet:
        """The first line once more, below the last."""
        values = [cell.value for cell in self.sheet[self.first]]
        self.sheet.append(values)
        return self

    def back(self, who: str = "") -> ImportBatch:
        out = BytesIO()
        self.book.save(out)
        by = self.city.actor(who or self.who)
        return check(batch_id=receive(ledger=self.ledger, filename="导出.xlsx", content=out.getvalue(), by=by).id, by=by)

    def address(self, name: str, row: int = 0) -> str:
        return str(self.sheet.cell(self.first + row, self.places[name]).coordinate)


def told(batch: ImportBatch) -> list[tuple[str, str, str]]:
    """Column, address and message of everything that is wrong."""
    rows = staging.stream(registry.get(batch.ledger), batch, "bad")
    return [(problem.column, problem.address, problem.message) for row in rows for problem in row.draft.problems]


def counted(batch: ImportBatch) -> tuple[int, int, int, int]:
    return batch.new_count, batch.changed_count, batch.same_count, batch.bad_count


@pytest.fixture
def towns(city: City) -> City:
    city.enter("measures", "supervisor", measure_values(city, 1), measure_values(city, 2))
    city.enter("measures", "stranger", measure_values(city, 3, division=city.divisions["石桥社区"].pk))
    return city


def test_a_masked_number_comes_back_as_it_stands(towns: City) -> None:
    sheet = Sheet(towns, "measures", "supervisor")
    assert "****" in sheet.read("id_number")
    assert counted(sheet.back()) == (0, 0, 2, 0)


@pytest.mark.parametrize(
    "number",
    ["of another town", "7dfab1cb-603c-43d2-8f9d-db9017fdac72", "voided", "乱写", "12345", "0" * 36, "' or 1=1 --"],
)
def test_a_number_of_another_unit_of_nobody_of_a_voided_row_and_garbage_are_answered_alike(towns: City, number: str) -> None:
    """The answer must not tell whether there is such a row, and nothing of it may come near the file."""
    sheet = Sheet(towns, "measures", "supervisor")
    foreign = Measure.objects.get(unit=towns.units["shiqiao"])
    if number == "voided":
        row = Measure.objects.get(pk=sheet.read("record"))
        registry.get("measures").void(rows=[row], writing=towns.writing("supervisor", "登记错了"))
        number = str(row.pk)
    before = list(Measure.everything.order_by("pk").values())
    batch = sheet.write("record", str(foreign.pk) if number == "of another town" else number).back()
    assert counted(batch) == (0, 0, 1, 1)
    [(column, address, message)] = told(batch)
    assert (column, address) == (RECORD.name, sheet.address("record"))
    assert message == "清源记录号对不上您可以修改的任何一条:请用自己导出的表,不要改动这一栏;新增的行这一栏留空。"
    [bad] = staging.stream(sheet.ledger, batch, "bad")
    assert bad.draft.target_id is None and bad.draft.values == {} and bad.key == ""
    promote(batch_id=batch.id, by=towns.actor("supervisor"))
    assert list(Measure.everything.order_by("pk").values()) == before


def test_another_towns_export_is_worth_nothing_here(towns: City) -> None:
    batch = Sheet(towns, "measures", "supervisor").write("reported_on", date(2022, 1, 20)).back("stranger")
    assert counted(batch) == (0, 0, 0, 2)
    assert {column for column, _address, _message in told(batch)} == {RECORD.name}


def test_who_may_read_a_row_and_not_change_it_cannot_bring_it_back(city: City) -> None:
    """A member unit reads the city's directory of places and keeps its own; a town's are not its own by an export either."""
    place = {"kind": "village", "division": city.divisions["大坪村"].pk, "listed_on": date(2021, 1, 1)}
    city.enter("places", "supervisor", place | {"name": "大坪村"})
    city.enter("places", "liaison", place | {"name": "大坪小学门口"})
    batch = Sheet(city, "places", "liaison").back()
    assert counted(batch) == (0, 0, 1, 1)
    assert [column for column, _address, _message in told(batch)] == [RECORD.name]


def test_a_line_twice_is_one_line_too_many(towns: City) -> None:
    sheet = Sheet(towns, "measures", "supervisor").copied()
    batch = sheet.back()
    assert counted(batch) == (0, 0, 2, 1)
    [(column, _address, message)] = told(batch)
    assert column == RECORD.name and f"第 {sheet.first} 行是同一条" in message


def test_a_mask_with_anything_else_in_it_is_refused_and_says_what_to_do(towns: City) -> None:
    for typed in ("9999 **** 9999", id_number(101), "", id_number(102)):
        sheet = Sheet(towns, "measures", "supervisor")
        mask = sheet.read("id_number")
        batch = sheet.write("id_number", typed or None).back()
        assert counted(batch) == (0, 0, 1, 1), typed
        [(column, address, message)] = told(batch)
        assert (column, address) == ("id_number", sheet.address("id_number"))
        assert message == f"这一格导出时是遮盖的,只能原样留着“{mask}”:要改,请打开这一条,在页面上改。"


def test_what_is_masked_is_not_staged_either(towns: City) -> None:
    batch = Sheet(towns, "measures", "supervisor").write("agreement_on", "2022-01-19").back()
    assert counted(batch) == (0, 1, 1, 0)
    for block in StagedBlock.objects.filter(batch=batch):
        for row in staging.open_block(registry.get("measures"), block):
            assert "id_number" not in row.draft.values
    promote(batch_id=batch.id, by=towns.actor("supervisor"))
    measures = Measure.objects.filter(unit=towns.units["longdong"])
    assert {row.agreement_on for row in measures} == {date(2022, 1, 19), date(2022, 1, 12)}
    assert {row.client.id_number for row in measures} == {id_number(101), id_number(102)}


def test_the_name_of_a_minor_stays_covered_on_the_way_back(city: City) -> None:
    police.filed(city)
    minor = police.PARTY | {"name": "酆小雪", "id_number": police.MINORS_NUMBER}
    city.enter("parties", "officer", minor)
    sheet = Sheet(city, "parties", "officer")
    assert sheet.read("name") == "酆**"
    batch = sheet.write("outcome_on", date(2022, 5, 25)).back()
    assert counted(batch) == (0, 1, 0, 0), told(batch)
    page = text_of(browser_of(city, "officer").get(f"/imports/{batch.pk}/"))
    assert "小雪" not in page and police.MINORS_NUMBER not in page and "2022-05-25" in page
    promote(batch_id=batch.id, by=city.actor("officer"))
    row = Party.objects.get()
    assert (row.outcome_on, row.name, row.id_number) == (date(2022, 5, 25), "酆小雪", police.MINORS_NUMBER)
    assert row.minor and row.version == 2


def test_what_cannot_be_changed_is_said_and_not_passed_over(city: City) -> None:
    police.filed(city)
    city.enter("parties", "officer", police.PARTY)
    batch = Sheet(city, "parties", "officer").write("case_number", "别的案号").back()
    [(column, _address, message)] = told(batch)
    assert column == "case_number" and police.CASE["number"] in message and "作废重登" in message


def test_an_emptied_cell_empties_and_an_emptied_required_one_is_asked_for(city: City) -> None:
    town = city.divisions["龙洞镇"].pk
    city.enter("volunteers", "liaison", {"name": "何立新", "phone": "0400-2000001", "joined_on": date(2021, 3, 5), "team": "青年队", "division": town})
    batch = Sheet(city, "volunteers", "liaison").write("team", None).back()
    assert counted(batch) == (0, 1, 0, 0), told(batch)
    promote(batch_id=batch.id, by=city.actor("liaison"))
    assert (Volunteer.objects.get().team, Volunteer.objects.get().phone) == ("", "0400-2000001")
    batch = Sheet(city, "volunteers", "liaison").write("joined_on", None).back()
    assert [column for column, _address, _message in told(batch)] == ["joined_on"]


def test_two_rows_cannot_become_one(city: City) -> None:
    meeting = {"held_on": date(2022, 9, 1), "kind": "office", "title": "甲会"}
    city.enter("meetings", "liaison", meeting, meeting | {"title": "乙会"})
    sheet = Sheet(city, "meetings", "liaison")
    other = sheet.read("title", 1)
    batch = sheet.write("title", other).back()
    assert batch.bad_count >= 1 and batch.changed_count == 0
    assert any("另一条相同" in message or "重复" in message for _column, _address, message in told(batch))


def test_a_new_line_below_an_export_is_new_and_says_what_the_export_lacks(city: City) -> None:
    police.filed(city)
    moved = {"case_number": police.CASE["number"], "exhibit": "W1", "kind": "cash", "measure": "yuan", "handlers": ["李秀", "王平"]}
    city.enter("exhibits", "officer", moved | {"stage": "seized", "moved_on": date(2022, 5, 20), "quantity": 300})
    assert counted(Sheet(city, "exhibits", "officer").back()) == (0, 0, 1, 0), "two handlers are on file, and not in the list"
    sheet = Sheet(city, "exhibits", "officer").copied().write("record", None, 1).write("exhibit", "W2", 1)
    batch = sheet.back()
    assert counted(batch) == (0, 0, 1, 1)
    assert any(column == "handlers" and "补上“经手人”一栏" in message for column, _address, message in told(batch))


def test_bad_rows_go_back_with_their_number_and_come_in_once_mended(towns: City) -> None:
    batch = Sheet(towns, "measures", "supervisor").write("agreement_on", "2022-2-30").back()
    content = bad_rows_workbook(registry.get("measures"), batch)
    book = openpyxl.load_workbook(BytesIO(content))
    [wrong] = [cell for row in book.worksheets[0] for cell in row if cell.value == "2022-2-30"]
    wrong.value = "2022-02-20"
    out = BytesIO()
    book.save(out)
    by = towns.actor("supervisor")
    again = check(batch_id=receive(ledger=registry.get("measures"), filename="改好.xlsx", content=out.getvalue(), by=by).id, by=by)
    assert counted(again) == (0, 1, 0, 0), told(again)


def test_a_sealed_ledger_knows_no_number(city: City) -> None:
    row = police.penalty(city)
    book = openpyxl.Workbook()
    book.active.append(["文号", "当事人", "案由", "处罚结果", "查获地点", "处罚日期", RECORD.header])
    book.active.append(["别号", "测试乙", "吸毒", "警告", "石桥镇", "2022-06-03", str(row.pk)])
    out = BytesIO()
    book.save(out)
    by = city.actor("officer")
    batch = check(batch_id=receive(ledger=registry.get("penalties"), filename="x.xlsx", content=out.getvalue(), by=by).id, by=by)
    assert counted(batch) == (0, 0, 0, 1) and told(batch)[0][0] == RECORD.name


def test_the_page_of_such_a_batch_names_the_bad_number(towns: City) -> None:
    batch = Sheet(towns, "measures", "supervisor").write("record", "乱写").back()
    page = text_of(browser_of(towns, "supervisor").get(f"/imports/{batch.pk}/"))
    assert "清源记录号对不上" in page and id_number(101) not in page


def test_another_systems_columns_carry_no_number(towns: City) -> None:
    tested = {"tested_on": date(2022, 10, 8), "sample": "urine", "result": "negative", "testers": ["李秀", "王平"]}
    towns.enter("tests", "supervisor", {"name": "测试乙", "id_number": id_number(101)} | tested)
    assert CommunityTest.objects.count() == 1
    browser = browser_of(towns, "supervisor")
    layouts = list(layouts_for("tests", towns.units["longdong"].pk, TODAY))
    assert layouts
    for layout in layouts:
        answer = browser.post(f"/ledgers/tests/layouts/{layout.key}/")
        assert answer.status_code == 200
        sheet = openpyxl.load_workbook(BytesIO(answer.content)).worksheets[0]
        assert RECORD.header not in {cell.value for row in sheet for cell in row}

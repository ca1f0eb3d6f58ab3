"""A town's month of tests comes in the way offices keep it: preview first, then one promotion, nothing twice."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import openpyxl
import pytest

from qingyuan.casework.models import Due
from qingyuan.ledgers import registry
from qingyuan.ledgers.exports import bad_rows_workbook
from qingyuan.ledgers.importing import staging
from qingyuan.ledgers.importing.check import check
from qingyuan.ledgers.importing.promote import promote
from qingyuan.ledgers.importing.receive import CannotImport, receive
from qingyuan.ledgers.importing.resolving import resolvers_for
from qingyuan.ledgers.models import ImportBatch, StagedBlock
from qingyuan.ledgers.models.imports import BatchState
from qingyuan.ledgers.reading.outcomes import Suggestion
from qingyuan.ledgers.reading.parts import place_of
from qingyuan.rehabilitation.models import CommunityTest
from tests.cast import City, id_number, measure_values

pytestmark = pytest.mark.django_db


def workbook(*rows: tuple[object, ...]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "汇总"
    sheet.append(["龙洞镇2022年10月尿检登记表"])
    sheet.append(["填表单位:龙洞镇", None, None, "2022年11月2日"])
    sheet.append(["序号", "姓 名", "身份证号码", "检测时间", "检测方式", "检测结果", "检测人员"])
    for number, row in enumerate(rows, start=1):
        sheet.append([number, *row])
    sheet.append(["合计", None, None, len(rows)])
    sheet.append(["注:以上为本月定期检测"])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def bring_in(city: City, content: bytes, who: str = "supervisor") -> ImportBatch:
    batch = receive(ledger=registry.get("tests"), filename="10月.xlsx", content=content, by=city.actor(who))
    return check(batch_id=batch.id, by=city.actor(who))


@pytest.fixture
def town(city: City) -> City:
    city.enter("measures", "supervisor", *(measure_values(city, serial) for serial in (1, 2, 3)))
    return city


GOOD = ("测试乙", id_number(101), "2022年10月8日", "尿液", "阴", "李秀、王平")


def test_what_is_right_is_counted_and_what_is_wrong_says_what_to_do(town: City) -> None:
    content = workbook(
        GOOD,
        ("测试丙", id_number(102), 44843, "尿检板", "阴性", "李秀、王平"),
        ("测试丁", 999999199101011030, "2022.9.31", "尿液", "阴性", "李秀"),
    )
    batch = bring_in(town, content)
    assert (batch.state, batch.new_count, batch.bad_count) == (BatchState.CHECKED, 1, 2)
    bad = list(staging.stream(registry.get("tests"), batch, "bad"))
    by_column = {problem.column: problem.message for problem in bad[1].draft.problems}
    assert "Excel 只留 15 位" in by_column["id_number"]
    assert "9 月没有 31 日" in by_column["tested_on"]
    assert "两名" in by_column["testers"]
    assert batch.found["terms"][0]["typed"] == "尿检板"


def test_promotion_answers_the_due_and_the_same_file_again_changes_nothing(town: City) -> None:
    batch = bring_in(town, workbook(GOOD))
    promote(batch_id=batch.id, by=town.actor("supervisor"))
    assert Due.objects.get(outcome="done").done_on == date(2022, 10, 8)
    again = bring_in(town, workbook(GOOD))
    assert (again.new_count, again.same_count, again.bad_count) == (0, 1, 0)
    promote(batch_id=again.id, by=town.actor("supervisor"))
    assert CommunityTest.objects.count() == 1


def test_a_changed_value_is_shown_left_old_right_new(town: City) -> None:
    promote(batch_id=bring_in(town, workbook(GOOD)).id, by=town.actor("supervisor"))
    changed = bring_in(town, workbook((*GOOD[:4], "阳性", GOOD[5])))
    [row] = staging.stream(registry.get("tests"), changed, "changed")
    assert [(d.column, d.now, d.file) for d in row.differences] == [("result", "阴性", "阳性")]
    promote(batch_id=changed.id, by=town.actor("supervisor"))
    assert CommunityTest.objects.get().result == "positive"


def test_another_town_cannot_enter_rows_of_this_one(town: City) -> None:
    batch = bring_in(town, workbook(GOOD), who="stranger")
    assert (batch.new_count, batch.bad_count) == (0, 1)


def test_a_role_without_the_ledger_is_refused_before_the_file_is_kept(town: City) -> None:
    with pytest.raises(CannotImport):
        receive(ledger=registry.get("tests"), filename="x.xlsx", content=workbook(GOOD), by=town.actor("clerk"))


def test_staged_rows_hold_no_name_in_clear(town: City) -> None:
    bring_in(town, workbook(GOOD))
    [block] = StagedBlock.objects.all()
    payload = bytes(block.payload)
    assert "测试乙".encode() not in payload and id_number(101).encode() not in payload


@pytest.mark.parametrize("content", [b"", b"not a workbook at all", b"PK\x03\x04broken"])
def test_a_file_nobody_can_read_says_so_and_stores_no_row(town: City, content: bytes) -> None:
    if not content:
        with pytest.raises(CannotImport):
            bring_in(town, content)
        return
    batch = bring_in(town, content)
    assert batch.state == BatchState.FAILED
    assert batch.message
    assert not StagedBlock.objects.exists()


def test_a_sheet_a_month_comes_in_at_once_and_a_row_is_named_by_its_sheet(town: City) -> None:
    header = ["姓名", "身份证号码", "检测时间", "检测方式", "检测结果", "检测人员"]
    book = openpyxl.Workbook()
    for name, rows in {"9月": [(*GOOD[:2], "2022-09-08", *GOOD[3:])], "10月": [GOOD, GOOD], "汇总": [GOOD]}.items():
        sheet = book.create_sheet(name)
        sheet.append(header)
        for row in rows:
            sheet.append(row)
    out = BytesIO()
    book.save(out)
    batch = bring_in(town, out.getvalue())
    assert (batch.new_count, batch.bad_count) == (2, 1) and batch.sheet == "9月、10月、汇总"
    assert any("3 张工作表" in warning for warning in batch.found["warnings"])
    [bad] = staging.stream(registry.get("tests"), batch, "bad")
    assert "10月 2" in bad.draft.problems[0].message and place_of(batch.found["parts"], bad.number) == "10月 3"
    sheet = openpyxl.load_workbook(BytesIO(bad_rows_workbook(registry.get("tests"), batch))).worksheets[0]
    assert "10月 3" in {sheet.cell(at, 1).value for at in range(1, sheet.max_row + 1)}
    promote(batch_id=batch.id, by=town.actor("supervisor"))
    assert CommunityTest.objects.count() == 2


def test_a_form_is_refused_with_what_is_missing_and_what_it_looks_like(town: City) -> None:
    book = openpyxl.Workbook()
    for row in (("姓名", "测试乙", "住址", "龙洞村"), ("检测结果", "阴", "检测人员", "李秀"), ("备注", "无", "联系电话", "无")):
        book.active.append(row)
    out = BytesIO()
    book.save(out)
    batch = bring_in(town, out.getvalue())
    assert batch.state == BatchState.FAILED and "缺少" in batch.message and "不是名单" in batch.message


def test_a_place_or_office_nobody_knows_is_asked_back_by_its_sound_and_a_merged_one_by_its_successor(town: City) -> None:
    resolvers = resolvers_for(registry.get("tests"), town.actor("supervisor"), date(2022, 10, 8))
    assert resolvers.division is not None and resolvers.unit is not None
    longdong = town.divisions["龙洞镇"].pk
    assert resolvers.division("龍洞鎮").value == longdong == resolvers.division("龙洞镇").value
    shared = resolvers.division("龙洞")
    assert shared.value is None and "“龙洞镇”、“龙洞社区”" in shared.message
    for typed in ("龙硐镇", "longdong", "ldz", "龙洞真"):
        asked = resolvers.division(typed)
        assert asked.value is None and "是不是" in asked.message
        assert asked.suggestions[0] == Suggestion(str(longdong), "龙洞镇")
    outside = resolvers.division("石乔镇")
    assert outside.value is None and "石桥" not in outside.message
    assert "现行用语“政法委员会”" in resolvers.unit("综治办").message
    assert resolvers.division("龘靐").suggestions == ()

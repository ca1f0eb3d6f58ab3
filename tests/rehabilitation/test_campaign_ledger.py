"""The frame of a check-up as a ledger: by Excel and by program a line is accounted for; nobody comes into the frame or leaves it."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import Any

import openpyxl
import pytest

from qingyuan.foundation.audit.models import WriteEntry
from qingyuan.indicators.coercion import COERCIVE_ROWS, FREE_ROWS
from qingyuan.ledgers import entering, queries, registry
from qingyuan.ledgers.exports import rows_workbook
from qingyuan.ledgers.importing import staging
from qingyuan.ledgers.importing.check import check
from qingyuan.ledgers.importing.promote import promote
from qingyuan.ledgers.importing.receive import receive
from qingyuan.ledgers.models import FactRow, ImportBatch
from qingyuan.ledgers.writing import CannotVoid, DuplicateRow, RowChanged
from qingyuan.organisation.enums import Action
from qingyuan.reference import catalogue
from qingyuan.rehabilitation.actions import campaigns as actions
from qingyuan.rehabilitation.enums import EndState
from qingyuan.rehabilitation.models import Campaign, CampaignLine
from tests.cast import TODAY, City, id_number, measure_values
from tests.rehabilitation.test_campaigns import isolated, issued, lines, say, second_line

pytestmark = pytest.mark.django_db
LINES = "campaign-lines"
DOCUMENT = "云禁毒办〔2022〕31号"


@pytest.fixture
def campaign(city: City) -> Campaign:
    """Two people under a measure in 龙洞, one in isolation in 石桥."""
    city.enter("measures", "supervisor", measure_values(city, 0), measure_values(city, 1))
    isolated(city, 2, "stranger", "石桥社区")
    return issued(city)


def table(*rows: dict[str, Any]) -> bytes:
    book = openpyxl.Workbook()
    headers = list(rows[0])
    book.active.append(headers)
    for row in rows:
        book.active.append([row[header] for header in headers])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def brought(city: City, content: bytes, who: str = "supervisor") -> ImportBatch:
    by = city.actor(who)
    return check(batch_id=receive(ledger=registry.get(LINES), filename="名册.xlsx", content=content, by=by).id, by=by)


def told(batch: ImportBatch) -> list[tuple[str, str]]:
    return [(p.column, p.message) for row in staging.stream(registry.get(LINES), batch, "bad") for p in row.draft.problems]


def counts(batch: ImportBatch) -> tuple[int, int, int, int]:
    return batch.new_count, batch.changed_count, batch.same_count, batch.bad_count


def seen(name: str, number: str, **more: Any) -> dict[str, Any]:
    return {"印发文号": DOCUMENT, "姓名": name, "身份证号": number, "核查结果": "见面", "日期": "2022-11-20", "依据": "在村委会见到"} | more


# --- Excel in --------------------------------------------------------------------------------------------------------------
def test_a_table_of_names_accounts_for_lines_and_says_who_brought_it(city: City, campaign: Campaign) -> None:
    batch = brought(city, table(seen("测试甲", id_number(100)), seen("测试乙", "")))
    assert counts(batch) == (0, 2, 0, 0), told(batch)
    promote(batch_id=batch.id, by=city.actor("supervisor"))
    found = [line for line in lines(campaign) if line.unit.code == "longdong"]
    assert {(line.state, line.happened_on, line.words, line.said_by_name) for line in found} == {
        ("seen", date(2022, 11, 20), "在村委会见到", city.actor("supervisor").name)
    }
    assert WriteEntry.objects.filter(act="campaign-lines.change").exists()


@pytest.mark.parametrize(
    ("row", "column", "words"),
    [
        ({"姓名": "测试戊", "身份证号": id_number(104)}, "id_number", "台账里没有这个人"),
        ({"姓名": "测试丙", "身份证号": id_number(102)}, "id_number", "台账里没有这个人"),
        ({"姓名": "测试甲", "身份证号": id_number(100), "印发文号": "云禁毒办〔2019〕1号"}, "name", "名册只从台账里取"),
        ({"姓名": "测试甲", "身份证号": id_number(100), "依据": ""}, "words", "在哪里见"),
        ({"姓名": "测试甲", "身份证号": id_number(100), "日期": "2022-10-01"}, "happened_on", "普查从 2022-11-01 开始"),
        ({"姓名": "测试甲", "身份证号": id_number(100), "核查结果": "戒断三年"}, "state", "不在这里填"),
        ({"姓名": "测试甲", "身份证号": id_number(100), "核查结果": ""}, "state", "请选核查结果"),
    ],
    ids=["nobody", "another town's", "another campaign", "no words", "before it began", "three years", "a result taken back"],
)
def test_what_cannot_be_is_refused_with_what_to_do(city: City, campaign: Campaign, row: dict[str, Any], column: str, words: str) -> None:
    before = list(CampaignLine.frame.order_by("pk").values())
    batch = brought(city, table(seen("", "", **row)))
    assert counts(batch) == (0, 0, 0, 1)
    assert any(name == column and words in message for name, message in told(batch)), told(batch)
    promote(batch_id=batch.id, by=city.actor("supervisor"))
    assert list(CampaignLine.frame.order_by("pk").values()) == before


def test_somebody_met_on_a_round_of_households_gets_no_line(city: City, campaign: Campaign) -> None:
    """Not even one who is on the register by now: the frame is that of the reference day."""
    city.enter("measures", "supervisor", measure_values(city, 3, decided_on=date(2022, 11, 5), served_on=None, reported_on=None, agreement_on=None))
    count = CampaignLine.frame.count()
    batch = brought(city, table(seen("测试丁", id_number(103))))
    assert counts(batch) == (0, 0, 0, 1) and "线索、入户走访" in told(batch)[0][1]
    assert CampaignLine.frame.count() == count


def test_a_column_the_table_has_not_is_left_as_it_is(city: City, campaign: Campaign) -> None:
    line = next(one for one in lines(campaign) if one.client.name == "测试甲")
    say(city, line, "seen", words="在卫生室见到")
    row = seen("测试甲", id_number(100))
    del row["依据"]
    batch = brought(city, table(row))
    assert counts(batch) == (0, 1, 0, 0), told(batch)
    promote(batch_id=batch.id, by=city.actor("supervisor"))
    line.refresh_from_db()
    assert (line.words, line.happened_on) == ("在卫生室见到", date(2022, 11, 20))


# --- Excel out and back, form, API ----------------------------------------------------------------------------------------
def test_what_is_exported_comes_back_and_one_edited_cell_changes_one_line(city: City, campaign: Campaign) -> None:
    say(city, next(one for one in lines(campaign) if one.client.name == "测试甲"), "seen")
    ledger, by = registry.get(LINES), city.actor("supervisor")
    content = rows_workbook(ledger, queries.rows(ledger, by, TODAY, action=Action.EXPORT), reader=by)
    assert counts(brought(city, content)) == (0, 0, 2, 0)
    book = openpyxl.load_workbook(BytesIO(content))
    sheet = book.worksheets[0]
    header = next(row for row in sheet.iter_rows() if any(cell.value == "核查日期" for cell in row))
    at = next(cell.column for cell in header if cell.value == "核查日期")
    row = next(n for n in range(header[0].row + 1, sheet.max_row + 1) if sheet.cell(n, at).value)
    sheet.cell(row, at).value = date(2022, 11, 21)
    out = BytesIO()
    book.save(out)
    batch = brought(city, out.getvalue())
    assert counts(batch) == (0, 1, 1, 0), told(batch)
    promote(batch_id=batch.id, by=by)
    assert CampaignLine.objects.get(state="seen").happened_on == date(2022, 11, 21)


def test_a_program_may_say_it_of_a_line_and_may_neither_add_nor_void_one(city: City, campaign: Campaign) -> None:
    ledger, writing = registry.get(LINES), city.writing("supervisor", "登记")
    line = next(one for one in lines(campaign) if one.client.name == "测试甲")
    typed = {"state": "见面已核", "happened_on": "2022-11-20", "words": "在村委会见到"}
    draft = entering.draft_of_change(ledger, line, typed, writing)
    assert not draft.problems and entering.change(ledger, line, draft, writing)
    again = entering.draft_of_new(ledger, typed | {"campaign": DOCUMENT, "name": "测试甲", "id_number": id_number(100)}, writing)
    assert not again.problems
    with pytest.raises(DuplicateRow, match="已经在名册上"):
        entering.enter(ledger, again, writing)
    with pytest.raises(CannotVoid, match="不作废"):
        ledger.void(rows=[line], writing=writing)


def test_a_result_that_another_unit_signed_for_stays(city: City, campaign: Campaign) -> None:
    ledger, writing = registry.get(LINES), city.writing("supervisor", "登记")
    line = next(one for one in lines(campaign) if one.client.name == "测试甲")
    say(city, line, "elsewhere", words="", to_unit=city.units["shiqiao"])
    actions.sign_for(line=line, by=city.actor("stranger"))
    line.refresh_from_db()
    draft = entering.draft_of_change(ledger, line, {"state": "见面已核", "happened_on": "2022-11-20", "words": "又回来了"}, writing)
    assert [p.message for p in draft.problems] == ["对方单位已经签收,由那里继续核查;需要更正的请那里先说明。"]


def test_two_lines_of_one_person_do_not_both_become_the_duplicate_by_two_tables(city: City, campaign: Campaign) -> None:
    here = next(one for one in lines(campaign) if one.client.name == "测试甲")
    there = second_line(city, here)
    ledger = registry.get(LINES)
    typed = {"state": "重复", "happened_on": "2022-11-20"}
    drafts = []
    for who, line in (("supervisor", here), ("stranger", there)):
        draft = entering.draft_of_change(ledger, line, typed, city.writing(who, "登记"))
        assert not draft.problems
        drafts.append((who, line, draft))
    (who, line, draft), (other, second, late) = drafts
    entering.change(ledger, line, draft, city.writing(who, "登记"))
    with pytest.raises(RowChanged):
        entering.change(ledger, second, late, city.writing(other, "登记"))


# --- who sees what, and what it feeds --------------------------------------------------------------------------------------
@pytest.mark.parametrize("who", ["clerk", "leader", "officer", "liaison", "auditor", "doctor", "prosecutor", "town_leader"])
def test_nobody_but_the_helpers_of_the_place_has_the_list(city: City, campaign: Campaign, who: str) -> None:
    ledger = registry.get(LINES)
    for action in (Action.READ, Action.EXPORT, Action.CHANGE):
        assert not queries.rows(ledger, city.actor(who), TODAY, action=action).exists()


def test_a_town_sees_its_own_lines_and_of_a_withdrawn_campaign_none(city: City, campaign: Campaign) -> None:
    ledger = registry.get(LINES)
    assert queries.rows(ledger, city.actor("supervisor"), TODAY).count() == 2
    assert queries.rows(ledger, city.actor("stranger"), TODAY).count() == 1
    actions.withdraw(campaign=campaign, reason="范围写错", by=city.actor("clerk"))
    assert queries.rows(ledger, city.actor("supervisor"), TODAY).count() == 0


def test_no_figure_is_made_of_the_frame(city: City, campaign: Campaign) -> None:
    say(city, lines(campaign)[0], "seen")
    assert registry.get(LINES).facts is None
    assert not [name for name in {*COERCIVE_ROWS, *FREE_ROWS} if "campaign" in name]
    assert not FactRow.objects.filter(fact__contains="campaign").exists()


def test_the_list_of_results_is_the_ten_ends(city: City) -> None:
    said = {code.code: code.name_zh for code in catalogue.get_list("campaign_ends").codes}
    assert said == {state.value: str(state.label) for state in EndState}

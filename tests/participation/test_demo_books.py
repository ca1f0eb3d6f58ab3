"""The demo's workbooks of this subject come in through the import people use; what is refused is what was planted."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from qingyuan.demo.books import duties, participation
from qingyuan.demo.books.book import Book
from qingyuan.demo.books.participation import of_story
from qingyuan.demo.founding import found
from qingyuan.demo.loading import EXAMPLES, keeper
from qingyuan.demo.story.printed import PRINTED, PRINTED_FLAWS
from qingyuan.demo.story.telling import tell
from qingyuan.ledgers import registry
from qingyuan.ledgers.importing import staging
from qingyuan.ledgers.importing.check import check
from qingyuan.ledgers.importing.promote import promote
from qingyuan.ledgers.importing.receive import receive
from qingyuan.ledgers.models.imports import BatchState, RowState
from qingyuan.participation.models import StaffMember, Volunteer
from qingyuan.participation.rules import credit_check

STORY = tell()
BOOKS = [*participation.books(STORY), *duties.books(STORY)]
REFUSED = {
    "团市委/禁毒志愿者花名册.xlsx": ["电话号码", "本辖区没有这个区划"],
    "市民政局/禁毒社会组织名录.xlsx": ["最后一位与前 17 位不符"],
    "市民政局/政府购买禁毒服务合同台账.xlsx": ["终止日期早于起始日期"],
    "市禁毒办/禁毒工作人员花名册.xlsx": ["没有“志愿者”"],
    "市公安局禁毒大队/2022年举报受理统计表.xlsx": ["相加是 2,应等于受理件数 3"],
    "市卫健局/2022年污水毒情监测结果.xlsx": ["把“万立方米”填成“立方米”"],
    "市禁毒办/公开毒情数据.xlsx": ["算得 -20.0%", "公布时用的单位是"],
    "市委宣传部/2022年禁毒任务清单.xlsx": ["请填完成依据"],
}


def brought_in(book: Book) -> tuple[Any, list[str]]:
    """The batch after its import, and what was said about the rows it did not take."""
    by, path = keeper(book.keeper), EXAMPLES / book.path
    ledger = registry.get(book.ledger)
    batch = check(batch_id=receive(ledger=ledger, filename=path.name, content=path.read_bytes(), by=by).id, by=by)
    assert batch.state == BatchState.CHECKED, f"{book.path}: {batch.message}"
    said = [str(row.draft.problems[0].message) for row in staging.stream(ledger, batch, RowState.BAD)]
    return promote(batch_id=batch.id, by=by), said


@pytest.mark.django_db
def test_every_workbook_comes_in_as_its_keeper_and_only_what_was_planted_is_refused(facts_home: Any) -> None:
    found(STORY.staff)
    for book in BOOKS:
        batch, said = brought_in(book)
        wanted = REFUSED.get(book.path, [])
        assert len(said) == len(wanted), (book.path, said)
        assert all(words in message for words, message in zip(wanted, said, strict=True)), (book.path, said)
        assert batch.new_count == len(book.rows) - len(wanted), book.path
    told = of_story(STORY)
    assert Volunteer.objects.count() == len(told.volunteers)
    assert StaffMember.objects.count() == len(told.staff)


def test_every_ledger_of_the_subject_has_a_workbook_and_every_keeper_an_account() -> None:
    assert {book.ledger for book in BOOKS} == {
        "volunteers", "associations", "service_contracts", "staff", "reports_received", "inspections", "unit_plans",
        "unit_tasks", "published_statistics", "wastewater",
    }  # fmt: skip
    assert len(BOOKS) == len({book.path for book in BOOKS}) == 31


def test_nobody_is_told_twice_and_numbers_are_of_nowhere() -> None:
    told = of_story(STORY)
    assert max(Counter((v.name, v.phone) for v in told.volunteers).values()) == 1
    assert all(person.phone.startswith("0400-") for person in (*told.volunteers, *told.staff))
    assert all(credit_check(b.registration[:17]) == b.registration[17] for b in told.associations)
    assert all(b.registration[2:8] == "999981" for b in told.associations)
    assert len(PRINTED_FLAWS) == 2 and len({line[:3] for line in PRINTED}) == len(PRINTED)

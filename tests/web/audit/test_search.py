"""The log by unit, by row and by its leaders: whoever leads a unit reads what its people did, and nobody else's."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import transaction

from qingyuan.casework.serving import queries as served
from qingyuan.foundation import audit
from qingyuan.foundation.audit.models import ReadEntry, WriteEntry
from qingyuan.foundation.ids import new_id
from qingyuan.ledgers import registry
from qingyuan.organisation.models import Post, PostTerm
from qingyuan.rehabilitation.people import person_key
from tests.cast import City, id_number, measure_values
from tests.web.pages import browser_of, text_of

pytestmark = pytest.mark.django_db(databases=["default", "audit"])


@pytest.fixture
def two(town: City) -> City:
    """Entries of both towns, one void with a reason that a careless person typed."""
    rows = town.enter("measures", "stranger", measure_values(town, 4, division=town.divisions["石桥社区"].pk))
    own = registry.get("measures").model.objects.get(client__id_index=person_key(id_number(103)).id_index)
    registry.get("measures").void(rows=[own], writing=town.writing("supervisor", "重复:测试乙登记了两次"))
    for who, row in (("supervisor", own), ("stranger", rows[0])):
        audit.record_read(
            by=town.actor(who),
            act="detail",
            ledger="measures",
            row_ids=[row.pk],
            path="/ledgers/measures/",
            reason="看测试乙",
        )
    return town


def test_a_leader_reads_the_own_unit_s_acts_and_no_other(two: City) -> None:
    browser = browser_of(two, "town_leader")
    for tab in ("writes", "reads"):
        page = text_of(browser.get(f"/audit/{tab}/"))
        assert "吴主任" in page and "石平" not in page and "校验整条链" not in page, tab
    stranger = WriteEntry.objects.filter(actor_name="石平")[0]
    assert browser.get(f"/audit/writes/{stranger.pk}/").status_code == 404
    read = ReadEntry.objects.using("audit").filter(actor_name="石平")[0]
    assert browser.get(f"/audit/reads/{read.pk}/").status_code == 404
    assert browser.post("/audit/writes/verify/").status_code == 403


def test_what_was_typed_about_people_is_not_for_a_leader_who_may_not_read_them(two: City) -> None:
    void = WriteEntry.objects.get(act="measures.void")
    read = ReadEntry.objects.using("audit").filter(actor_name="吴主任", ledger="measures").latest("at")
    for who, told in (("town_leader", False), ("auditor", True)):
        browser = browser_of(two, who)
        for address in (f"/audit/writes/{void.pk}/", f"/audit/reads/{read.pk}/", "/audit/writes/?act=void"):
            page = text_of(browser.get(address))
            assert ("测试乙" in page) == told, (who, address)
            assert ("事由不对本单位负责人显示" in page) == (not told)
        exported = b"".join(browser.get("/audit/writes/export.csv").streaming_content).decode()  # type: ignore[attr-defined]
        assert ("测试乙" in exported) == told, who


def test_the_answer_that_is_taken_out_is_on_record_for_a_leader_too(two: City) -> None:
    browser_of(two, "town_leader").get("/audit/reads/export.csv")
    entry = ReadEntry.objects.using("audit").filter(act="export", ledger="audit").latest("at")
    assert entry.actor_name == "罗镇长" and "条" in entry.reason


def test_a_leading_post_of_the_unit_is_enough_and_an_ended_or_another_one_is_not(two: City) -> None:
    officer = two.accounts["officer"]
    assert browser_of(two, "officer").get("/audit/").status_code == 403
    post = Post.objects.create(unit=officer.unit, title="大队长", responsibility="head")
    term = PostTerm.objects.create(post=post, holder_name=officer.name, account=officer, start=date(2022, 1, 1))
    assert browser_of(two, "officer").get("/audit/").status_code == 200
    PostTerm.objects.filter(pk=term.pk).update(end=date(2022, 11, 1))
    assert browser_of(two, "officer").get("/audit/").status_code == 403
    PostTerm.objects.filter(pk=term.pk).update(end=None)
    Post.objects.filter(pk=post.pk).update(unit=two.units["longdong"])
    assert browser_of(two, "officer").get("/audit/").status_code == 403, "a post elsewhere leads nobody of the own unit"
    Post.objects.filter(pk=post.pk).update(unit=officer.unit, responsibility="staff")
    assert browser_of(two, "officer").get("/audit/").status_code == 403


@pytest.mark.parametrize("who", ["caseworker", "supervisor", "clerk", "liaison", "prosecutor", "doctor"])
def test_nobody_else_reads_the_log(two: City, who: str) -> None:
    assert browser_of(two, who).get("/audit/").status_code == 403


def test_inspectors_search_by_unit_and_by_row(two: City) -> None:
    browser = browser_of(two, "auditor")
    page = text_of(browser.get(f"/audit/writes/?unit={two.units['shiqiao'].pk}"))
    assert "石平" in page and "吴主任" not in page
    row = (
        ReadEntry.objects.using("audit").filter(actor_name="石平", ledger="measures").latest("at").row_ids.strip('[]"')
    )
    page = text_of(browser.get(f"/audit/reads/?row={row}"))
    assert "1 条" in page and "石平" in page
    assert browser.get("/audit/reads/?row=nonsense&unit=x&emergency=1").status_code == 200
    leader = browser_of(two, "town_leader")
    page = text_of(leader.get(f"/audit/writes/?unit={two.units['shiqiao'].pk}"))
    assert "石平" not in page, "a unit that is not offered is not asked for"


def test_what_was_typed_about_a_paper_to_a_person_is_closed_as_that_of_the_row_is(town: City) -> None:
    with transaction.atomic():
        entry = audit.record_write(
            by=town.actor("supervisor"), act=f"{served.LEDGER}.withdraw", ledger=served.LEDGER, row_id=new_id(), reason="测试乙的地址写错了"
        )
    for who, told in (("town_leader", False), ("auditor", True)):
        page = text_of(browser_of(town, who).get(f"/audit/writes/{entry.pk}/"))
        assert ("测试乙" in page) == told and ("事由不对本单位负责人显示" in page) == (not told), who
        assert served.LEDGER not in page, "no program's name for it"

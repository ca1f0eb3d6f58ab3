"""The pages of joint inspections: the road in the browser by office, four departments and town, and what is refused."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from qingyuan.cli.commands.draw import check_round
from qingyuan.documents.fonts import font_files
from qingyuan.documents.qr import qr_png
from qingyuan.foundation.audit.models import ReadEntry
from qingyuan.governance.actions import inspections as actions
from qingyuan.governance.enums import Answer, Department
from qingyuan.governance.models import InspectionMark, InspectionPhoto, InspectionRound, InspectionVisit
from qingyuan.journeys.todo import inspections as todo
from qingyuan.rehabilitation.models import Inspection
from tests.cast import TODAY, City
from tests.governance.inspections import Inspecting, at
from tests.web.pages import browser_of, field_error, text_of

pytestmark = pytest.mark.django_db(databases=["default", "audit"])
NAME = "暗卷"


@pytest.fixture
def here(city: City) -> Inspecting:
    return Inspecting.of(city)


def get(here: Inspecting, who: str, address: str, *args: Any) -> Any:
    return browser_of(here.city, who).get(reverse(f"web:{address}", args=args))


def post(here: Inspecting, who: str, address: str, *args: Any, htmx: bool = False, **data: Any) -> Any:
    headers = {"HX-Request": "true"} if htmx else {}
    return browser_of(here.city, who).post(reverse(f"web:{address}", args=args), data, headers=headers)


def plan_form(here: Inspecting, **changes: Any) -> dict[str, Any]:
    units = {one.value: unit.pk for one, unit in here.units.items()}
    days = {"starts_on": TODAY.isoformat(), "ends_on": (TODAY + timedelta(days=20)).isoformat()}
    return {"title": "四季度联合检查", "period": "2022q4", "towns": 1, "file_count": 3, "by_kind": "on"} | days | units | changes


def test_the_office_plans_freezes_and_reveals_and_a_stranger_draws_again(here: Inspecting) -> None:
    wrong = post(here, "clerk", "inspection-new", **plan_form(here, file_count="0", period="冬天"))
    assert wrong.status_code == 422 and "至少写 1" in field_error(wrong, "file_count") and "2022Q4" in field_error(wrong, "period")
    wrong = post(here, "clerk", "inspection-new", **plan_form(here, starts_on="2022-01-01"))
    assert "已经过去" in field_error(wrong, "starts_on")
    done = post(here, "clerk", "inspection-new", **plan_form(here))
    made = InspectionRound.objects.get()
    assert done.url == reverse("web:inspection", args=[made.pk]) and made.period == "2022Q4"
    early = post(here, "clerk", "inspection-draw", made.pk, "reveal")
    assert early.status_code == 302 and InspectionRound.objects.get().revealed_at is None
    for move in ("freeze", "reveal"):
        page = text_of(get(here, "clerk", "inspection", made.pk))
        assert "怎样复算" in page and made.seed not in page
        post(here, "clerk", "inspection-draw", made.pk, move)
    page = text_of(get(here, "police", "inspection", made.pk))
    assert made.seed in page and "各类措施 9 份里抽 3 份" in page
    sheet = json.loads(get(here, "justice", "inspection-sheet", made.pk).content)
    assert check_round(sheet) == {"seed": True, "list": True, "drawn": True}
    assert check_round(sheet | {"files": 4})["drawn"] is False
    assert NAME not in json.dumps(sheet, ensure_ascii=False)


def test_a_department_answers_on_its_phone_item_by_item_and_nothing_is_lost(here: Inspecting) -> None:
    visit = here.visit()
    assert "请先签到" in text_of(post(here, "police", "inspection-mark", visit.pk, 0, "s01", htmx=True, answer="yes", was=""))
    assert post(here, "police", "inspection-act", visit.pk, "sign-in").status_code == 302
    saved = post(here, "police", "inspection-mark", visit.pk, 0, "s01", htmx=True, answer="yes", was="")
    assert "符合" in text_of(saved) and "段警官" in text_of(saved) and "<html" not in saved.content.decode()
    empty = post(here, "police", "inspection-mark", visit.pk, 1, "f03", htmx=True, answer="no", finding="", was="")
    assert "写明发现了什么" in text_of(empty)
    plain = post(here, "police", "inspection-mark", visit.pk, 1, "f03", answer="no", finding="协议缺签字", was="")
    assert plain.url.endswith("#F03") and InspectionMark.objects.get(item="F03").lot == visit.files[0]
    refused = post(here, "police", "inspection-mark", visit.pk, 1, "f04", answer="no", finding="小组缺 13800138000", was="")
    assert refused.status_code == 422 and "不能有身份证号码或手机号" in text_of(refused) and "小组缺" in refused.content.decode()
    page = get(here, "police", "inspection-list", visit.pk, 1)
    assert "协议缺签字" in page.content.decode() and 'value="no"' in page.content.decode()
    assert get(here, "police", "inspection-list", visit.pk, 99).status_code == 404


def test_a_photo_goes_with_its_item_and_opens_for_the_departments_and_the_town(here: Inspecting) -> None:
    visit = here.arrived()
    picture = SimpleUploadedFile("柜子.png", qr_png("cabinet"), "image/png")
    post(here, "justice", "inspection-mark", visit.pk, 0, "s04", htmx=True, answer="no", finding="没有上锁", was="", photo=picture)
    kept = InspectionPhoto.objects.get()
    for who, status in (("police", 200), ("supervisor", 200), ("stranger", 404), ("liaison", 404)):
        assert get(here, who, "inspection-photo", visit.pk, kept.pk).status_code == status, who
    assert get(here, "police", "inspection-photo", visit.pk, uuid4()).status_code == 404
    wrong = SimpleUploadedFile("note.txt", b"text", "text/plain")
    answer = post(here, "justice", "inspection-mark", visit.pk, 0, "s05", htmx=True, answer="yes", was="", photo=wrong)
    assert InspectionPhoto.objects.count() == 1 and "check-state" in answer.content.decode() and "error" in answer.content.decode()


def test_four_sign_the_office_orders_and_the_look_again_ends_it(here: Inspecting) -> None:
    visit = here.marked({("S04", 0): "档案柜没有上锁"})
    first = post(here, "police", "inspection-act", visit.pk, "sign", mend_by="")
    assert first.status_code == 422 and "整改期限" in field_error(first, "mend_by")
    day = (TODAY + timedelta(days=10)).isoformat()
    for department in Department:
        assert post(here, department.value, "inspection-act", visit.pk, "sign", mend_by=day).status_code == 302
    row = Inspection.objects.get(visit_id=visit.pk)
    assert row.items_failed == 1
    page = get(here, "clerk", "inspection-visit", visit.pk)
    assert "按检查结果起草督办单" in text_of(page) and "待下督办单" in text_of(page)
    draft = browser_of(here.city, "clerk").get(f"{reverse('web:order-new')}?from=inspection&id={visit.pk}")
    assert "档案柜没有上锁" in draft.content.decode() and "不符合1项" in draft.content.decode()
    mark = InspectionMark.objects.get(answer=Answer.NO)
    short = post(here, "justice", "inspection-act", visit.pk, "recheck")
    assert short.status_code == 422 and "每一项都要有复查结论" in text_of(short)
    done = post(here, "justice", "inspection-act", visit.pk, "recheck", **{f"mended-{mark.pk}": "yes", f"note-{mark.pk}": "已上锁"})
    assert done.status_code == 302 and InspectionVisit.objects.get().recheck_passed is True
    assert "已整改:已上锁" in text_of(get(here, "supervisor", "inspection-visit", visit.pk))


def test_papers_say_what_was_signed_and_nobodys_name(here: Inspecting) -> None:
    if not font_files():
        pytest.skip("no fonts in qingyuan/documents/fonts: run python3 run.py setup")
    visit = here.marked()
    assert get(here, "police", "inspection-record", visit.pk, "docx").status_code == 404
    for department in Department:
        actions.sign(visit_id=visit.pk, by=here.actor(department.value), at=at(TODAY, 12))
    for who in ("police", "supervisor", "clerk"):
        assert get(here, who, "inspection-record", visit.pk, "docx").content[:2] == b"PK"
    pdf = get(here, "clerk", "inspection-record", visit.pk, "pdf")
    assert pdf.content[:4] == b"%PDF" and get(here, "clerk", "inspection-notice", visit.round_id, "pdf").content[:4] == b"%PDF"
    assert get(here, "clerk", "inspection-record", visit.pk, "exe").status_code == 404


def test_names_stand_before_the_town_alone_and_each_look_is_logged(here: Inspecting) -> None:
    visit = here.arrived()
    for who in ("police", "politics_law", "justice", "civil_affairs", "clerk", "leader", "auditor", "town_leader"):
        for page in (get(here, who, "inspection-visit", visit.pk), get(here, who, "inspection-list", visit.pk, 1)):
            assert page.status_code == 200 and NAME not in page.content.decode(), who
    assert not ReadEntry.objects.filter(ledger="measures").exists()
    assert NAME in text_of(get(here, "supervisor", "inspection-visit", visit.pk))
    assert NAME in text_of(get(here, "supervisor", "inspection-list", visit.pk, 1))
    logged = ReadEntry.objects.filter(ledger="measures")
    assert [(one.act, one.actor_name) for one in logged.order_by("at")] == [("list", "吴主任"), ("detail", "吴主任")]


@pytest.mark.parametrize(("who", "status"), [("stranger", 404), ("doctor", 403), ("officer", 404), ("liaison", 404), ("prosecutor", 403), ("security", 403)])
def test_others_do_not_find_it(here: Inspecting, who: str, status: int) -> None:
    visit = here.visit()
    for address, *args in (("inspection-visit", visit.pk), ("inspection-list", visit.pk, 0)):
        assert get(here, who, address, *args).status_code in (status, 403, 404)
        assert NAME not in get(here, who, address, *args).content.decode()
    assert get(here, who, "inspection", visit.round_id).status_code in (403, 404)
    writes = (("inspection-act", (visit.pk, "sign-in")), ("inspection-mark", (visit.pk, 0, "s01")), ("inspection-draw", (visit.round_id, "freeze")))
    for address, args in writes:
        assert post(here, who, address, *args, answer="yes", was="").status_code in (403, 404)
    assert post(here, who, "inspection-new", **plan_form(here)).status_code == 403


def test_what_waits_stands_on_the_day_of_who_can_do_it(here: Inspecting) -> None:
    made = here.planned()
    titles = lambda who: [job.title for job in todo.jobs(here.actor(who), TODAY)]  # noqa: E731
    assert titles("clerk") == ["联合检查待抽取:四季度社区戒毒社区康复联合检查"] and titles("police") == []
    for act in (actions.freeze, actions.reveal):
        act(round_id=made.pk, by=here.actor("clerk"), at=at(TODAY))
    assert titles("supervisor") == ["联合检查抽到本单位 4 份档案"] and titles("stranger") == [] and titles("liaison") == []
    assert titles("police") == titles("justice") == ["联合检查:龙洞镇"]
    visit = here.marked_of(made, {("S04", 0): "没有上锁"})
    assert titles("police") == ["联合检查待签字:龙洞镇"] and titles("supervisor") == []
    for department in Department:
        actions.sign(visit_id=visit.pk, mend_by=TODAY + timedelta(days=9), by=here.actor(department.value), at=at(TODAY, 12))
    assert titles("clerk") == ["联合检查发现问题,还没有督办:龙洞镇"] and titles("police") == []
    for who in ("clerk", "police", "supervisor", "stranger", "doctor"):
        counted = [part if isinstance(part, int) else part.rows.count() for part in todo.pressing(here.actor(who), TODAY)]
        assert sum(counted) == sum(job.is_pressing(TODAY) for job in todo.jobs(here.actor(who), TODAY)), who

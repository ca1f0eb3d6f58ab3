"""A member unit's year on the page: its tasks, its quarter, who needs whom; the office's overview, plan and summary."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import override_settings

from qingyuan.casework.models import Paper
from qingyuan.foundation.audit.models import WriteEntry
from qingyuan.governance.actions import needs as actions
from qingyuan.governance.actions.needs import Word
from qingyuan.governance.enums import NeedState
from qingyuan.governance.models import Programme, TaskEvidence, UnitNeed, UnitTask
from qingyuan.journeys.todo import sources
from qingyuan.journeys.todo.tally import total
from qingyuan.organisation.models import Unit
from tests.cast import TODAY, City
from tests.governance.conftest import Desk, desk
from tests.web.pages import browser_of, field_error, text_of

__all__ = ["desk"]
pytestmark = pytest.mark.django_db
PLAN = {"year": 2022, "title": "市教育局 2022 年禁毒工作计划", "adopted_on": date(2022, 2, 20), "arrangement": "课程、示范学校"}
TASK = {
    "year": 2022, "item": 1, "duty": "禁毒法第十三条", "task": "校园周边联合检查", "done_when": "每学期 1 次",
    "due_on": date(2022, 12, 20), "done_on": None, "evidence": "",
}  # fmt: skip


@pytest.fixture
def task(city: City) -> UnitTask:
    city.enter("unit_plans", "liaison", PLAN)
    city.enter("unit_tasks", "liaison", TASK | {"item": 2, "task": "教师培训", "due_on": date(2022, 9, 30)})
    [made] = city.enter("unit_tasks", "liaison", TASK)
    return made  # type: ignore[no-any-return]


@pytest.fixture
def need(city: City, task: UnitTask) -> UnitNeed:
    return actions.ask(
        task=task, to_unit=city.units["police"], what="派两名民警参加检查", due_on=date(2022, 12, 5), by=city.actor("liaison")
    )


def test_a_liaison_sees_the_late_first_and_why_another_is_at_risk(city: City, task: UnitTask) -> None:
    page = text_of(browser_of(city, "liaison").get("/duties/"))
    assert page.index("教师培训") < page.index("校园周边联合检查")
    assert "逾期 54 天" in page and "过了的季度没有说进展" in page


def test_a_quarter_is_reported_with_rows_that_stand_on_the_page_as_links(city: City, task: UnitTask) -> None:
    values = {"division": city.divisions["云岭市"].pk, "kind": "special", "held_on": date(2022, 2, 6), "title": "联席会",
              "special_topic": True, "decisions": "议定", "chaired_by_first": False}  # fmt: skip
    [row] = city.enter("meetings", "liaison", values)
    client = browser_of(city, "liaison")
    page = client.get(f"/duties/tasks/{task.pk}/")
    box = BeautifulSoup(page.content.decode(), "html.parser").find("input", {"name": "rows"})
    assert box is not None and box["value"] == f"meetings:{row.pk}"  # type: ignore[index]
    data = {"quarter": "1", "version": str(task.version), "words": "开了联席会", "rows": box["value"]}  # type: ignore[index]
    done = client.post(f"/duties/tasks/{task.pk}/report/", data, follow=True)
    assert "开了联席会" in text_of(done) and f"/ledgers/meetings/{row.pk}/" in done.content.decode()
    again = client.post(f"/duties/tasks/{task.pk}/report/", data | {"words": "又改"})
    assert again.status_code == 422 and "刚被别人改过" in text_of(again)
    empty = client.post(f"/duties/tasks/{task.pk}/report/", {"quarter": "1", "version": "2", "words": ""})
    assert empty.status_code == 422 and "写一句" in field_error(empty, "words")
    gone = client.post(f"/duties/tasks/{task.pk}/proofs/{TaskEvidence.objects.get().pk}/unlink/", follow=True)
    assert "已取消关联" in text_of(gone) and not TaskEvidence.objects.exists()


def test_a_need_written_into_a_task_is_in_the_other_units_today_and_is_answered(city: City, task: UnitTask) -> None:
    client = browser_of(city, "liaison")
    asked = {"to_unit": city.units["police"].pk, "what": "派两名民警参加检查", "due_on": "2022-12-05"}
    assert "已写入任务" in text_of(client.post(f"/duties/tasks/{task.pk}/ask/", asked, follow=True))
    made = UnitNeed.objects.get()
    [job] = [job for job in sources.mine(city.actor("officer"), TODAY) if job.kind == "needs"]
    assert "派两名民警" in job.title and job.whose == "市教育局"
    police = browser_of(city, "officer")
    page = text_of(police.get(f"/duties/needs/{made.pk}/"))
    assert "答应" in page and "不能配合" in page and "不需要了" not in page
    bare = police.post(f"/duties/needs/{made.pk}/steps/promise/", {"words": "好"})
    assert bare.status_code == 422 and "哪一天能办到" in text_of(bare)
    done = police.post(f"/duties/needs/{made.pk}/steps/promise/", {"words": "好", "day": "2022-12-01"}, follow=True)
    assert "已答应" in text_of(done) and "市公安局禁毒大队" in text_of(done)
    assert "已答应" in text_of(client.get(f"/duties/tasks/{task.pk}/"))


def test_a_refusal_comes_back_to_who_asked(city: City, need: UnitNeed) -> None:
    actions.step(need=need, step="refuse", word=Word("警力都在外地"), by=city.actor("officer"))
    assert any("没有答应" in job.title for job in sources.mine(city.actor("liaison"), TODAY))
    assert "需要的单位没有答应" in text_of(browser_of(city, "liaison").get("/duties/"))
    assert "警力都在外地" in text_of(browser_of(city, "liaison").get(f"/duties/needs/{need.pk}/"))


def test_what_is_pressing_is_what_the_jobs_say(city: City, need: UnitNeed) -> None:
    for day in (TODAY, date(2022, 11, 29), date(2022, 11, 30), date(2022, 12, 1), date(2022, 12, 6)):
        by = city.actor("officer", day)
        jobs = sources.needs.jobs(by, day)
        assert total(sources.needs.pressing(by, day)) == sum(job.is_pressing(day) for job in jobs)


@pytest.mark.parametrize("who", ["liaison", "clerk", "leader", "auditor", "stranger", "doctor"])
def test_only_the_unit_asked_answers(city: City, need: UnitNeed, who: str) -> None:
    response = browser_of(city, who).post(f"/duties/needs/{need.pk}/steps/refuse/", {"words": "不"})
    assert response.status_code in (403, 404) and UnitNeed.objects.get().state == NeedState.ASKED


@pytest.mark.parametrize("who", ["officer", "clerk", "leader", "auditor", "prosecutor", "doctor"])
def test_only_its_own_unit_writes_into_a_task(city: City, task: UnitTask, who: str) -> None:
    client = browser_of(city, who)
    for address, data in (
        ("report/", {"quarter": "1", "version": "1", "words": "做了"}),
        ("ask/", {"to_unit": city.units["police"].pk, "what": "来人", "due_on": "2022-12-05"}),
    ):
        response = client.post(f"/duties/tasks/{task.pk}/{address}", data)
        assert response.status_code in (403, 404, 422)
    assert not UnitNeed.objects.exists() and UnitTask.objects.get(pk=task.pk).version == 1


def test_tasks_are_taken_from_the_duties_on_the_units_own_page(city: City, task: UnitTask) -> None:
    Unit.objects.filter(code="education").update(kind="education")
    client = browser_of(city, "liaison")
    assert "按法定职责还可以列入" in text_of(client.get("/duties/"))
    assert client.post("/duties/offered/", {}).status_code == 422
    page = text_of(client.post("/duties/offered/", {"duty": "培训禁毒教育骨干教师"}, follow=True))
    assert "已列入 1 项任务" in page and UnitTask.objects.count() == 3
    for who in ("clerk", "doctor"):
        assert browser_of(city, who).post("/duties/offered/", {"duty": "培训禁毒教育骨干教师"}).status_code in (403, 422)


def test_another_unit_does_not_find_a_task_or_a_unit_that_is_not_its_business(city: City, need: UnitNeed) -> None:
    education = city.units["education"].pk
    for who, status in (("prosecutor", 404), ("officer", 404), ("clerk", 200)):
        client = browser_of(city, who)
        assert client.get(f"/duties/units/{education}/").status_code == status
        assert client.get(f"/duties/tasks/{need.task_id}/").status_code == status
    assert browser_of(city, "prosecutor").get(f"/duties/needs/{need.pk}/").status_code == 404
    assert browser_of(city, "doctor").get("/duties/").status_code == 403


def test_the_office_sees_every_unit_with_what_is_late_and_who_waits(city: City, need: UnitNeed) -> None:
    page = text_of(browser_of(city, "clerk").get("/duties/"))
    assert "市教育局" in page and "未报备" in page


def text_in(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return BeautifulSoup(archive.read("word/document.xml").decode(), "xml").get_text()


@pytest.mark.parametrize(("paper", "words"), [("plan", "校园周边联合检查"), ("summary", "到期没有完成的任务")])
def test_the_citys_plan_and_summary_are_papers_made_from_rows(city: City, need: UnitNeed, paper: str, words: str) -> None:
    client = browser_of(city, "clerk")
    response = client.get(f"/duties/year/{paper}.docx?period=2022")
    assert response.status_code == 200 and words in text_in(response.content)
    assert client.get(f"/duties/year/{paper}.exe").status_code == 404
    assert browser_of(city, "liaison").get(f"/duties/year/{paper}.docx").status_code == 403


def test_the_year_stands_on_a_page_before_it_is_printed(city: City, need: UnitNeed) -> None:
    client = browser_of(city, "leader")
    assert "校园周边联合检查" in text_of(client.get("/duties/year/"))
    summary = text_of(client.get("/duties/year/?of=summary"))
    assert "逾期 1" in summary and "待答复 1" in summary


def draft(desk: Desk) -> Programme:
    client = browser_of(desk.city, "clerk")
    client.post("/programmes/", {"title": "三年行动计划", "first_year": "2021", "last_year": "2023"})
    return Programme.objects.get()


def test_a_programme_takes_goals_refuses_coercive_ones_and_stands_once_adopted(desk: Desk) -> None:
    programme, client = draft(desk), browser_of(desk.city, "clerk")
    values = {"y2021": "90", "y2022": "93", "y2023": "95"}
    refused = client.post(f"/programmes/{programme.pk}/goal/", values | {"indicator": "E01"})
    assert refused.status_code == 422 and "不得设为目标" in field_error(refused, "indicator")
    assert client.post(f"/programmes/{programme.pk}/goal/", {"indicator": "R05", "y2021": "90"}).status_code == 422
    page = client.post(f"/programmes/{programme.pk}/goal/", values | {"indicator": "R05"}, follow=True)
    assert "基年" in text_of(page) and "93" in text_of(page)
    adopted = browser_of(desk.city, "leader").post(f"/programmes/{programme.pk}/adopt/", {"on": "2022-03-01"}, follow=True)
    assert "目标从此固定" in text_of(adopted)
    late = client.post(f"/programmes/{programme.pk}/goal/", values | {"indicator": "R01"})
    assert late.status_code == 422 and "印发以后目标不再改" in text_of(late)
    goal = programme.goals.get()
    assert client.post(f"/programmes/{programme.pk}/goals/{goal.pk}/drop/").status_code == 422


@pytest.mark.parametrize(("first", "last", "title", "words"), [("2021", "2021", "一年计划", "2 到 5 个年度"), ("2021", "2030", "十年计划", "2 到 5 个年度"),
                                                               ("2021", "2023", "三年行动计划", "同名")])  # fmt: skip
def test_a_programme_that_cannot_be_says_why(desk: Desk, first: str, last: str, title: str, words: str) -> None:
    draft(desk)
    response = browser_of(desk.city, "clerk").post("/programmes/", {"title": title, "first_year": first, "last_year": last})
    assert response.status_code == 422 and words in text_of(response) and Programme.objects.count() == 1


def test_programmes_are_drafted_by_the_office_and_adopted_by_who_approves(desk: Desk) -> None:
    programme = draft(desk)
    for who in ("liaison", "supervisor", "auditor", "officer", "leader"):
        client = browser_of(desk.city, who)
        data = {"indicator": "R05", "y2021": "90", "y2022": "93", "y2023": "95"}
        assert client.post(f"/programmes/{programme.pk}/goal/", data).status_code in (403, 404)
        assert client.post("/programmes/", {"title": "另一份", "first_year": "2021", "last_year": "2023"}).status_code == 403
    for who in ("liaison", "clerk", "auditor"):
        assert browser_of(desk.city, who).post(f"/programmes/{programme.pk}/adopt/", {"on": "2022-03-01"}).status_code in (403, 404, 422)
    assert Programme.objects.get().adopted_on is None


@pytest.mark.parametrize("who", ["liaison", "officer", "clerk", "leader", "auditor", "supervisor"])
def test_looking_writes_nothing(city: City, need: UnitNeed, who: str) -> None:
    before = WriteEntry.objects.count()
    client: Any = browser_of(city, who)
    for address in ("/duties/", f"/duties/tasks/{need.task_id}/", f"/duties/needs/{need.pk}/", "/duties/year/", "/programmes/"):
        assert client.get(address).status_code in (200, 403, 404)
    assert WriteEntry.objects.count() == before


# --- the year as a paper, and its turn ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(("of", "kind"), [("plan", "notice"), ("summary", "report")])
def test_the_office_drafts_the_years_paper_from_its_page_and_nobody_else_does(city: City, need: UnitNeed, of: str, kind: str) -> None:
    client = browser_of(city, "clerk")
    assert "还没有起草公文" in text_of(client.get(f"/duties/year/?of={of}"))
    for who, status in (("leader", 403), ("auditor", 403), ("liaison", 403), ("doctor", 403)):
        assert browser_of(city, who).post(f"/duties/year/{of}/paper/").status_code == status
    assert client.post(f"/duties/year/{of}/paper/", follow=True).status_code == 200
    made = Paper.objects.get()
    assert made.kind == kind and "起草中" in text_of(client.get(f"/duties/year/?of={of}"))
    again = client.post(f"/duties/year/{of}/paper/", follow=True)
    assert "已经起草" in text_of(again) and Paper.objects.count() == 1
    assert client.post("/duties/year/speech/paper/").status_code == 404
    assert "起草公文送签" not in text_of(browser_of(city, "leader").get(f"/duties/year/?of={of}"))


def test_in_january_a_unit_plans_the_year_that_has_begun_and_takes_over_what_was_left(city: City, task: UnitTask, settings: Any) -> None:
    settings.QINGYUAN_TODAY = date(2023, 1, 10)
    client = browser_of(city, "liaison")
    assert "2023 年任务" in text_of(client.get("/duties/"))
    city.enter("unit_plans", "liaison", PLAN | {"year": 2023, "adopted_on": date(2022, 11, 20)})
    page = text_of(client.get("/duties/"))
    assert "上年没有做完,可以转入" in page and "校园周边联合检查" in page
    assert client.post("/duties/left/", {"task": "no-number"}).status_code == 422
    assert "已转入 1 项任务" in text_of(client.post("/duties/left/", {"task": str(task.pk)}, follow=True))
    assert UnitTask.objects.get(plan__year=2023).due_on == date(2023, 12, 20)
    assert browser_of(city, "doctor").post("/duties/left/", {"task": str(task.pk)}).status_code == 403
    assert "接着是 2023 年" in text_of(browser_of(city, "clerk").get("/duties/year/?period=2022&of=summary"))


def test_a_quarter_that_has_not_come_is_not_offered(city: City, task: UnitTask) -> None:
    UnitTask.objects.filter(pk=task.pk).update(first_quarter="做了", second_quarter="做了", third_quarter="")
    shown = browser_of(city, "liaison").get(f"/duties/tasks/{task.pk}/").content.decode()
    assert "?quarter=4" in shown and "?quarter=2" not in shown
    settings_day = date(2022, 7, 5)
    with override_settings(QINGYUAN_TODAY=settings_day):
        shown = browser_of(city, "liaison").get(f"/duties/tasks/{task.pk}/").content.decode()
    assert "?quarter=4" not in shown

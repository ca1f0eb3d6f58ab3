"""The pages of what follows from a result: those who do it walk it through, what is refused on them, and who is shown what."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from python_calamine import CalamineWorkbook

from qingyuan.documents.qr import qr_png
from qingyuan.governance.models import Consequence, ConsequenceFile
from qingyuan.governance.queries import rewards as reads
from qingyuan.governance.rewards.reading import read_table
from tests.governance.conftest import Desk, desk
from tests.governance.rewarding import Rewarding
from tests.governance.test_rewards import TABLE
from tests.governance.year_end import YearEnd
from tests.web.pages import browser_of, field_error, text_of

__all__ = ["desk"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def office(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Rewarding:
    monkeypatch.setattr(reads, "tables", lambda: (read_table(TABLE),))
    return Rewarding(YearEnd(desk))


def page(office: Rewarding, who: str, address: str, *args: Any, **query: Any) -> Any:
    return browser_of(office.year_end.desk.city, who).get(reverse(f"web:{address}", args=args), query)


def post(office: Rewarding, who: str, address: str, *args: Any, **data: Any) -> Any:
    return browser_of(office.year_end.desk.city, who).post(reverse(f"web:{address}", args=args), data)


def step(office: Rewarding, who: str, case: Consequence, code: str, **data: Any) -> Any:
    version = Consequence.objects.get(pk=case.pk).version
    return post(office, who, "reward-step", case.pk, code, version=version, **data)


def test_an_entry_goes_from_its_proposal_to_its_leave_on_its_pages(office: Rewarding) -> None:
    round = office.round()
    assert "还没有提出奖惩建议" in text_of(page(office, "clerk", "rewards"))
    assert post(office, "clerk", "reward-propose", round.pk).status_code == 302
    shown = text_of(page(office, "clerk", "rewards", year=2022))
    assert "挂牌整治" in shown and "平安建设考核 0.57 分" in shown and "不排名" in shown
    case = office.entry("L1")
    assert page(office, "supervisor", "reward", case.pk).status_code == 404, "a proposal has not left the office"
    assert step(office, "clerk", case, "notify").status_code == 302
    own = text_of(page(office, "supervisor", "reward", case.pk))
    assert "不足两成的挂牌" in own and "公布的得分 19 分" in own and "现在该您办" in own and "未见本市正式文件" in own
    assert step(office, "supervisor", case, "reply", reply="属实,正在整改。").status_code == 302
    assert step(office, "clerk", case, "submit", opinion="建议按规则办。").status_code == 302
    assert step(office, "leader", case, "decide").status_code == 302
    assert step(office, "supervisor", case, "receive").status_code == 302
    proof = SimpleUploadedFile("整改.png", qr_png("整改"), content_type="image/png")
    assert step(office, "supervisor", case, "report-repair", repair="已补齐。", evidence=proof).status_code == 302
    kept = ConsequenceFile.objects.get()
    assert page(office, "clerk", "reward-file", case.pk, kept.pk).content.startswith(b"\x89PNG")
    assert page(office, "stranger", "reward-file", case.pk, kept.pk).status_code == 404
    assert step(office, "clerk", case, "accept", finding="看过现场。").status_code == 302
    told = text_of(page(office, "supervisor", "reward", case.pk))
    assert "已退出" in told and "验收通过" in told and "属实,正在整改" in told


def test_another_town_reads_of_an_open_decision_what_was_published_and_no_more(office: Rewarding) -> None:
    office.proposed()
    case = office.decided("L1")
    shown = text_of(page(office, "stranger", "reward", case.pk))
    assert "挂牌整治" in shown and "对全市公开的决定" in shown
    assert "情况属实,当年人手不足" not in shown and "建议按规则办" not in shown and "走过的路" not in shown
    closed = office.decided("T1")
    assert page(office, "stranger", "reward", closed.pk).status_code == 404
    for address in ("reward-notice",):
        assert page(office, "stranger", address, case.pk, "docx").status_code == 404


def test_a_departure_is_chosen_among_lighter_measures_and_wants_its_reason(office: Rewarding) -> None:
    office.proposed()
    case = office.submitted("L1")
    shown = text_of(page(office, "leader", "reward", case.pk, step="depart"))
    assert "改为(只能从轻)" in shown and "书面提醒" in shown
    answer = step(office, "leader", case, "depart", instead="remind", reason="")
    assert answer.status_code == 422 and "请填这一项" in text_of(answer)
    answer = step(office, "leader", case, "depart", instead="listing", reason="试")
    assert answer.status_code == 422 and field_error(answer, "instead")
    assert step(office, "leader", case, "depart", instead="remind", reason="已经补齐人手。").status_code == 302
    told = text_of(page(office, "supervisor", "reward", case.pk))
    assert "与规则不同" in told and "已经补齐人手" in told and "决定为" in told


def test_other_points_stay_within_the_cap_beside_their_field(office: Rewarding) -> None:
    office.proposed()
    case = office.take(office.entry("P1"), "submit", "clerk", opinion="折算。")
    assert "可以改为 0 到 3 分" in text_of(page(office, "leader", "reward", case.pk))
    answer = step(office, "leader", case, "depart", instead="3.5", reason="试")
    assert answer.status_code == 422 and "0 到 3" in field_error(answer, "instead")


@pytest.mark.parametrize(
    ("who", "code", "given", "status"),
    [
        ("supervisor", "notify", {}, 404),
        ("stranger", "notify", {}, 404),
        ("leader", "notify", {}, 403),
        ("auditor", "notify", {}, 404),
        ("clerk", "nothing", {}, 404),
        ("clerk", "propose", {}, 404),
    ],
)
def test_steps_of_others_are_refused_on_the_page(office: Rewarding, who: str, code: str, given: dict[str, str], status: int) -> None:
    office.proposed()
    case = office.entry("T1")
    assert step(office, who, case, code, **given).status_code == status
    assert Consequence.objects.get(pk=case.pk).state == "proposed"


def test_a_step_without_the_version_that_was_open_is_not_taken(office: Rewarding) -> None:
    office.proposed()
    case = office.entry("T1")
    assert post(office, "clerk", "reward-step", case.pk, "notify").status_code == 302
    assert post(office, "clerk", "reward-step", case.pk, "notify", version=99).status_code == 302
    assert Consequence.objects.get(pk=case.pk).state == "proposed"


@pytest.mark.parametrize("who", ["supervisor", "leader", "liaison", "auditor"])
def test_nobody_else_has_the_rules_propose_or_moves_many(office: Rewarding, who: str) -> None:
    round = office.round()
    assert post(office, who, "reward-propose", round.pk).status_code in (403, 404)
    assert not Consequence.objects.exists()
    office.year_end.desk.actor("clerk")
    assert post(office, who, "reward-all", round.pk, "nothing").status_code == 404


def test_grades_and_points_go_together_with_one_button(office: Rewarding) -> None:
    round = office.proposed()
    assert "呈报决定 4" in text_of(page(office, "clerk", "rewards"))
    assert post(office, "clerk", "reward-all", round.pk, "submit").status_code == 302
    assert "按规则决定 4" in text_of(page(office, "leader", "rewards"))
    assert post(office, "supervisor", "reward-all", round.pk, "decide").status_code == 302
    assert not Consequence.objects.filter(state="decided").exists(), "nothing of it is the town's to decide"
    assert post(office, "leader", "reward-all", round.pk, "decide").status_code == 302
    assert Consequence.objects.filter(state="decided").count() == 4


def test_the_rules_page_shows_source_reason_of_refusal_and_what_is_not_confirmed(office: Rewarding, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    shown = text_of(page(office, "supervisor", "reward-rules"))
    assert "不执行" in shown and "名次承载不了处理" in shown and "未见本市正式文件" in shown and "山东省禁毒条例第四十九条" in shown


def test_the_list_says_which_rules_could_not_be_judged(office: Rewarding, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    office.round()
    assert "哪些规则没有判定" in text_of(page(office, "clerk", "rewards"))
    shown = text_of(page(office, "clerk", "rewards", left="1"))
    assert "没有判定的规则" in shown and "应检尽检率" in shown and "公平比较表不能支持比较" in shown
    assert "没有判定的规则" not in text_of(page(office, "supervisor", "rewards", left="1"))


def workbook(answer: Any) -> str:
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    return "\n".join(" ".join(map(str, row)) for row in rows)


def test_the_workbook_holds_what_its_reader_sees_and_words_of_its_own_unit_alone(office: Rewarding) -> None:
    office.proposed()
    office.take(office.submitted("L1"), "depart", "leader", instead="talk", reason="正在整改,从轻。")
    office.decided("T1")
    own, other, clerk = (workbook(page(office, who, "reward-export", year=2022)) for who in ("supervisor", "stranger", "clerk"))
    assert "正在整改,从轻" in own and "云禁奖〔2022〕" in own
    assert "不足两成的挂牌" in other and "正在整改,从轻" not in other and "最低一等的约谈" not in other
    assert "石桥" in clerk and "虚构数据" not in clerk


def test_the_notice_comes_as_word_and_pdf_once_the_unit_was_told(office: Rewarding) -> None:
    office.proposed()
    case = office.entry("T1")
    assert page(office, "clerk", "reward-notice", case.pk, "pdf").status_code == 404
    office.noticed("T1")
    assert page(office, "supervisor", "reward-notice", case.pk, "docx").content[:2] == b"PK"
    assert page(office, "clerk", "reward-notice", case.pk, "pdf").content[:5] == b"%PDF-"
    assert page(office, "clerk", "reward-notice", case.pk, "exe").status_code == 404


def test_the_score_page_leads_to_what_follows_and_back(office: Rewarding) -> None:
    round = office.proposed()
    case = office.decided("T1")
    assessment = office.year_end.case(round)
    back = page(office, "supervisor", "reward", case.pk).content.decode()
    assert reverse("web:assessment", args=[assessment.pk]) in back
    there = page(office, "supervisor", "assessment", assessment.pk).content.decode()
    assert reverse("web:reward", args=[case.pk]) in there and "结果运用" in there


def test_an_entry_reads_in_english(office: Rewarding) -> None:
    office.proposed()
    case = office.noticed("T1")
    browser = browser_of(office.year_end.desk.city, "clerk")
    browser.post(reverse("web:language"), {"language": "en", "next": "/"})
    assert browser.get(reverse("web:reward", args=[case.pk])).status_code == 200


# --- what concerns one's own unit -----------------------------------------------------------------------------------------------
def test_a_unit_reads_on_one_page_what_concerns_it_and_by_which_rule(office: Rewarding) -> None:
    assert "还没有与本单位有关的事项" in text_of(page(office, "supervisor", "reward-ours"))
    office.proposed()
    assert "还没有与本单位有关的事项" in text_of(page(office, "supervisor", "reward-ours")), "a proposal has not left the office"
    case = office.noticed("L1")
    told = text_of(page(office, "supervisor", "reward-ours"))
    assert "等本单位办" in told and "拟挂牌整治" in told and case.rule_text in told and "公布的得分" in told and "陈述" in told
    office.take(case, "reply", "supervisor", reply="情况属实。")
    office.take(case, "submit", "clerk", opinion="按规则办。")
    office.take(case, "decide", "leader")
    case.refresh_from_db()
    answer = page(office, "supervisor", "reward-ours")
    assert case.paper is not None and case.paper.number in text_of(answer)
    assert reverse("web:paper", args=[case.paper_id]) in answer.content.decode()
    assert "本单位的事项" in text_of(page(office, "supervisor", "rewards", year=2022))


def test_nobody_reads_there_what_concerns_another_unit(office: Rewarding) -> None:
    office.proposed()
    case = office.decided("L1")
    for who in ("stranger", "liaison", "clerk", "leader", "auditor"):
        shown = text_of(page(office, who, "reward-ours"))
        assert case.rule_text not in shown and "还没有与本单位有关的事项" in shown, who

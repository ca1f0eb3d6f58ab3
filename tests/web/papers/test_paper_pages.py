"""The pages of papers: writing with a preview, each step by the one who takes it, the inbox, what is told beside what."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from qingyuan.casework.models import Paper, PaperTemplate
from qingyuan.casework.papers import queries as reads
from qingyuan.indicators.refresh import refresh
from qingyuan.organisation.models import Unit
from tests.casework.conftest import VALUES, Papers
from tests.cast import TODAY, City
from tests.situation.planted_figures import plant_figures
from tests.web.pages import browser_of, field_error, text_of

pytestmark = pytest.mark.django_db
FORM = VALUES | {"kind": "notice", "urgency": "", "openness": "internal", "version": ""}


def page(desk: Papers, who: str, address: str, *args: Any, **query: str) -> Any:
    return browser_of(desk.city, who).get(reverse(f"web:{address}", args=args), query)


def post(desk: Papers, who: str, address: str, *args: Any, **data: Any) -> Any:
    return browser_of(desk.city, who).post(reverse(f"web:{address}", args=args), data)


def buttons(response: Any) -> set[str]:
    soup = BeautifulSoup(response.content.decode(), "html.parser")
    return {one.get_text(strip=True) for one in soup.select(".page-head .acts .btn, .page-head .acts button")}


# --- writing ----------------------------------------------------------------------------------------------------------------
def test_a_clerk_writes_a_paper_and_finds_it_in_the_list(desk: Papers) -> None:
    answer = post(desk, "clerk", "paper-new", **FORM)
    paper = Paper.objects.get()
    assert answer.status_code == 302 and answer["Location"] == reverse("web:paper", args=[paper.pk])
    listed = text_of(page(desk, "clerk", "papers"))
    assert FORM["title"] in listed and "起草中" in listed
    assert FORM["title"] not in text_of(page(desk, "supervisor", "papers"))


def test_the_editor_suggests_the_units_own_word_and_keeps_what_was_typed(desk: Papers) -> None:
    soup = BeautifulSoup(page(desk, "clerk", "paper-new").content.decode(), "html.parser")
    assert soup.find(attrs={"name": "word"})["value"] == "云禁毒办"
    answer = post(desk, "clerk", "paper-new", **FORM | {"title": ""})
    assert answer.status_code == 422 and field_error(answer, "title") == "请填标题。"
    assert "各地主要负责同志要亲自研究" in answer.content.decode()


@pytest.mark.parametrize(("kind", "word"), [("letter", "云禁毒办函"), ("minutes", "云禁毒办纪要"), ("report", "云禁毒办"), ("x", "云禁毒办")])
def test_each_kind_brings_the_word_it_is_numbered_under(desk: Papers, kind: str, word: str) -> None:
    soup = BeautifulSoup(page(desk, "clerk", "paper-new", kind=kind).content.decode(), "html.parser")
    assert soup.find(attrs={"name": "word"})["value"] == word


def test_a_secret_grade_is_on_the_form_to_be_refused_and_nothing_is_kept(desk: Papers) -> None:
    answer = post(desk, "clerk", "paper-new", **FORM | {"openness": "秘密"})
    assert answer.status_code == 422 and "涉密公文不上网" in text_of(answer)
    assert not Paper.objects.exists()


def test_the_preview_shows_structure_and_slips_and_writes_nothing(desk: Papers) -> None:
    answer = post(desk, "clerk", "paper-preview", **FORM | {"body": "一、甲\n三、乙\n单位\t数\n龙洞\t1"})
    said = text_of(answer)
    assert "第 2 行" in said and "应为“二、”" in said
    assert "云岭市" not in said or "市禁毒办文件" in said
    assert "云禁毒办〔2022〕" in said and "paper-table" in answer.content.decode()
    assert not Paper.objects.exists()


def test_a_preview_survives_anything_typed(desk: Papers) -> None:
    for body in ("\x00\x07", "<script>alert(1)</script>", "\ud800".encode("utf-8", "replace").decode(), "甲\t\n" * 300, ""):
        answer = post(desk, "clerk", "paper-preview", kind="x", title="", body=body, word="<b>")
        assert answer.status_code == 200
        assert "<script>alert" not in answer.content.decode()


def test_saving_over_a_colleagues_change_is_refused_with_the_text_kept(desk: Papers) -> None:
    paper = desk.draft()
    first = post(desk, "clerk", "paper-edit", paper.pk, **FORM | {"version": "1", "title": "先存的"})
    second = post(desk, "clerk", "paper-edit", paper.pk, **FORM | {"version": "1", "body": "后存的正文"})
    assert first.status_code == 302 and second.status_code == 422
    assert "被别人改过" in text_of(second) and "后存的正文" in second.content.decode()
    assert Paper.objects.get().title == "先存的"


def test_what_was_handed_up_has_no_editor(desk: Papers) -> None:
    paper = desk.signed()
    answer = page(desk, "clerk", "paper-edit", paper.pk)
    assert answer.status_code == 302 and "修改" not in buttons(page(desk, "clerk", "paper", paper.pk))


# --- steps --------------------------------------------------------------------------------------------------------------------
def test_each_one_sees_the_button_of_his_own_step(desk: Papers) -> None:
    paper = desk.draft()
    assert {"修改", "送签", "作废"} <= buttons(page(desk, "clerk", "paper", paper.pk))
    assert "签发" not in buttons(page(desk, "clerk", "paper", paper.pk))
    post(desk, "clerk", "paper-move", paper.pk, "submit")
    assert {"签发", "退回"} <= buttons(page(desk, "leader", "paper", paper.pk))
    assert "签发" not in buttons(page(desk, "clerk", "paper", paper.pk))
    post(desk, "leader", "paper-move", paper.pk, "sign")
    assert "编号印发" in buttons(page(desk, "clerk", "paper", paper.pk))
    answer = post(desk, "clerk", "paper-move", paper.pk, "issue")
    said = text_of(browser_of(desk.city, "clerk").get(answer["Location"]))
    assert "云禁毒办〔2022〕1号" in said and "内容未变" in said


def test_a_step_that_is_not_ones_own_is_refused_with_whose_it_is(desk: Papers) -> None:
    paper = desk.draft()
    assert post(desk, "auditor", "paper-move", paper.pk, "submit").status_code == 403
    assert post(desk, "clerk", "paper-move", paper.pk, "nothing").status_code == 404
    assert post(desk, "stranger", "paper-move", paper.pk, "submit").status_code == 404


def test_a_draft_with_slips_says_where_before_it_is_handed_up(desk: Papers) -> None:
    paper = desk.draft(body="二、甲")
    said = text_of(page(desk, "clerk", "paper", paper.pk))
    assert "送签前还要改" in said and "第 1 行" in said
    post(desk, "clerk", "paper-move", paper.pk, "submit")
    assert Paper.objects.get().state == "draft"


def test_a_liaison_enters_the_signature_given_on_paper(desk: Papers) -> None:
    paper = desk.draft("liaison", word="云教")
    post(desk, "liaison", "paper-move", paper.pk, "submit")
    assert "照纸质稿录入签发" in text_of(page(desk, "liaison", "paper", paper.pk))
    post(desk, "liaison", "paper-move", paper.pk, "sign", signer_name="教育局长", signed_on="2022-11-22")
    post(desk, "liaison", "paper-move", paper.pk, "issue")
    paper = Paper.objects.select_related("issue").get()
    assert (paper.number, paper.approver_name) == ("云教〔2022〕1号", "教育局长")


def test_voiding_keeps_the_number_on_the_page(desk: Papers) -> None:
    paper = desk.issued()
    post(desk, "clerk", "paper-move", paper.pk, "void", reason="附件有误")
    said = text_of(page(desk, "clerk", "paper", paper.pk))
    assert "云禁毒办〔2022〕1号" in said and "已作废:附件有误" in said


# --- serving, inbox, today ------------------------------------------------------------------------------------------------------
def test_a_served_paper_waits_on_today_and_in_the_inbox_until_it_is_signed_for(desk: Papers) -> None:
    Unit.objects.filter(code__in=("longdong", "shiqiao")).update(kind="town")
    paper, town = desk.issued(), desk.city.units["longdong"]
    post(desk, "clerk", "paper-serve", paper.pk, unit=[str(town.pk)])
    assert "公文待签收" in text_of(page(desk, "supervisor", "today"))
    assert "等我签收" in text_of(page(desk, "supervisor", "papers-inbox"))
    assert "1 个单位未签收" in text_of(page(desk, "clerk", "today"))
    answer = post(desk, "supervisor", "paper-receive", paper.pk)
    assert answer.status_code == 302
    assert "公文待签收" not in text_of(page(desk, "supervisor", "today"))
    assert "未签收" not in text_of(page(desk, "clerk", "today"))
    assert "吴主任" in text_of(page(desk, "clerk", "paper", paper.pk))


def test_a_receiver_reads_the_paper_and_his_own_receipt_and_nothing_about_others(desk: Papers) -> None:
    paper = desk.served("longdong", "shiqiao")
    said = text_of(page(desk, "supervisor", "paper", paper.pk))
    assert "各地主要负责同志要亲自研究" in said and "石桥镇人民政府" not in said
    assert "办理经过" not in said
    for suffix in ("pdf", "docx"):
        assert page(desk, "supervisor", "paper-file", paper.pk, suffix).status_code == 200
    assert page(desk, "liaison", "paper-file", paper.pk, "pdf").status_code == 404


def test_a_receipt_on_paper_is_entered_by_the_office_alone(desk: Papers) -> None:
    paper = desk.served("police")
    delivery = paper.deliveries.get()
    assert post(desk, "officer", "paper-receipt", paper.pk, delivery.pk, name="韩", on="2022-11-23").status_code == 403
    post(desk, "clerk", "paper-receipt", paper.pk, delivery.pk, name="", on="2022-11-23")
    delivery.refresh_from_db()
    assert delivery.received_on is None
    post(desk, "clerk", "paper-receipt", paper.pk, delivery.pk, name="值班民警", on="2022-11-23")
    delivery.refresh_from_db()
    assert (delivery.received_by_name, delivery.received_on) == ("值班民警", TODAY)


def test_the_leader_finds_what_waits_for_his_signature_on_today(desk: Papers) -> None:
    desk.draft()
    post(desk, "clerk", "paper-move", Paper.objects.get().pk, "submit")
    assert "公文待签发" in text_of(page(desk, "leader", "today"))
    assert "公文待签发" not in text_of(page(desk, "clerk", "today"))
    post(desk, "leader", "paper-move", Paper.objects.get().pk, "send-back", reason="第二条再具体些")
    assert "退回意见:第二条再具体些" in text_of(page(desk, "clerk", "today"))


# --- lists ------------------------------------------------------------------------------------------------------------------------
def test_lists_filter_and_export_what_they_show(desk: Papers) -> None:
    desk.issued(title="甲通知")
    desk.draft(title="乙函", kind="letter", word="云禁毒办函")
    assert "乙函" not in text_of(page(desk, "clerk", "papers", state="issued"))
    assert "甲通知" not in text_of(page(desk, "clerk", "papers", kind="letter"))
    assert "甲通知" in text_of(page(desk, "clerk", "papers", q="〔2022〕1号"))
    assert "没有符合条件的公文" in text_of(page(desk, "clerk", "papers", q="没有的词"))
    book = page(desk, "clerk", "papers-export", q="甲")
    assert book.status_code == 200 and book["Content-Type"].endswith("sheet")


def test_the_office_sees_what_towns_issued_and_towns_see_no_such_tab(desk: Papers) -> None:
    paper = desk.draft("supervisor", word="龙洞", title="龙洞的通知")
    assert "龙洞的通知" not in text_of(page(desk, "clerk", "papers", of="range"))
    for move, who in (("submit", "supervisor"), ("sign", "town_leader"), ("issue", "supervisor")):
        post(desk, who, "paper-move", paper.pk, move)
    assert "龙洞的通知" in text_of(page(desk, "clerk", "papers", of="range"))
    assert "龙洞的通知" not in text_of(page(desk, "stranger", "papers", of="range"))


@pytest.mark.parametrize("who", ["doctor", "security"])
def test_who_reads_no_papers_is_told_so(desk: Papers, who: str) -> None:
    assert page(desk, who, "papers").status_code == 403
    assert reverse("web:papers") not in page(desk, who, "today").content.decode()


def test_papers_are_found_by_number_and_title_by_those_who_may_read_them(desk: Papers) -> None:
    desk.served("longdong")
    for who, finds in {"clerk": True, "supervisor": True, "stranger": False, "officer": False}.items():
        for words in ("〔2022〕1号", "岁末年初"):
            assert ("关于做好岁末年初禁毒工作的通知" in text_of(page(desk, who, "search", q=words))) is finds, (who, words)


# --- is it the original --------------------------------------------------------------------------------------------------------------
def test_a_copy_is_compared_or_kept(desk: Papers) -> None:
    paper = desk.served("longdong")
    pdf = reads.pdf_of(paper, TODAY)
    answer = post(desk, "supervisor", "paper-check", paper.pk, scan=SimpleUploadedFile("a.pdf", pdf))
    assert answer.status_code == 302 and not paper.scans.exists()
    kept = post(desk, "supervisor", "paper-check", paper.pk, scan=SimpleUploadedFile("a.pdf", pdf), keep="1")
    assert kept.status_code == 403
    post(desk, "clerk", "paper-check", paper.pk, scan=SimpleUploadedFile("盖章.pdf", pdf), keep="1")
    scan = paper.scans.get()
    assert page(desk, "clerk", "paper-scan", paper.pk, scan.pk).content == pdf
    assert page(desk, "supervisor", "paper-scan", paper.pk, scan.pk).status_code == 404
    wrong = post(desk, "clerk", "paper-check", paper.pk, scan=SimpleUploadedFile("b.pdf", b"%PDF-1.4 broken"))
    assert wrong.status_code == 422 and "无法打开" in text_of(wrong)


# --- from the situation, from a meeting ------------------------------------------------------------------------------------------------
def test_a_circular_is_drafted_from_the_situation_and_says_when_its_figures_move(desk: Papers) -> None:
    plant_figures(desk.city)
    clerk = browser_of(desk.city, "clerk")
    assert "起草通报公文" in text_of(clerk.get(reverse("web:situation")))
    answer = clerk.post(reverse("web:paper-from-situation") + "?period=2022-01..2022-10")
    paper = Paper.objects.get()
    assert answer["Location"] == reverse("web:paper", args=[paper.pk])
    said = text_of(clerk.get(answer["Location"]))
    assert "所引数字" in said and "所引数字有变动" not in said
    case = {
        "number": "A999981000009", "offence": "347-1", "division": desk.city.divisions["石桥社区"].pk,
        "filed_on": date(2022, 10, 3), "cracked_on": date(2022, 10, 9),
    }  # fmt: skip
    desk.city.enter("cases", "officer", case)
    refresh()
    said = text_of(clerk.get(answer["Location"]))
    assert "所引数字有变动" in said and "更新到今天" in said
    clerk.post(reverse("web:paper-refresh", args=[paper.pk]))
    assert "所引数字有变动" not in text_of(clerk.get(answer["Location"]))


def test_minutes_come_from_the_meetings_page_in_one_click(city: City, desk: Papers) -> None:
    values = {"held_on": date(2022, 9, 9), "kind": "office_session", "title": "禁毒办主任会议", "decisions": "甲;乙", "chair": "周文"}
    row = city.enter("meetings", "clerk", values)[0]
    assert "起草纪要" in buttons(page(desk, "clerk", "ledger-row", "meetings", row.pk))
    assert "起草纪要" not in buttons(page(desk, "leader", "ledger-row", "meetings", row.pk))
    answer = post(desk, "clerk", "paper-from-meeting", row.pk)
    paper = Paper.objects.get()
    assert answer["Location"] == reverse("web:paper-edit", args=[paper.pk])
    assert "“出席”还没有填" in text_of(browser_of(city, "clerk").get(answer["Location"]))
    assert "打开纪要" in buttons(page(desk, "clerk", "ledger-row", "meetings", row.pk))
    assert post(desk, "liaison", "paper-from-meeting", row.pk).status_code == 404


# --- templates -----------------------------------------------------------------------------------------------------------------------
def test_a_template_is_fetched_changed_uploaded_and_laid_aside(desk: Papers) -> None:
    start = page(desk, "clerk", "paper-template-starter", "notice")
    assert start.status_code == 200
    file = SimpleUploadedFile("红头.docx", start.content)
    post(desk, "clerk", "paper-template-upload", "notice", file=file)
    assert "在用第 1 版" in text_of(page(desk, "clerk", "paper-templates"))
    paper = desk.draft()
    assert "Word 文件为准" in text_of(page(desk, "clerk", "paper", paper.pk))
    template = PaperTemplate.objects.get()
    assert page(desk, "clerk", "paper-template-preview", template.pk).status_code == 200
    assert page(desk, "supervisor", "paper-template-preview", template.pk).status_code == 404
    post(desk, "clerk", "paper-template-use", template.pk, **{"built-in": "1"})
    assert "Word 文件为准" not in text_of(page(desk, "clerk", "paper", paper.pk))


def test_what_is_wrong_with_a_template_stands_beside_its_kind(desk: Papers) -> None:
    answer = post(desk, "clerk", "paper-template-upload", "letter", file=SimpleUploadedFile("a.docx", b"broken"))
    assert answer.status_code == 422
    card = BeautifulSoup(answer.content.decode(), "html.parser").find(id="letter")
    assert card is not None and "另存为 .docx" in card.get_text()
    assert post(desk, "clerk", "paper-template-upload", "letter").status_code == 422
    assert post(desk, "clerk", "paper-template-upload", "pledge").status_code == 404
    assert page(desk, "auditor", "paper-templates").status_code == 403

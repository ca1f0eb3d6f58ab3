"""A few papers of the office as it would have issued them: a circular with cited figures, a notice to every town, minutes,
a letter. All through the actions people use; every one of them says that the city is fictional."""

from __future__ import annotations

from datetime import date

from qingyuan.casework.actions import paper_service, papers
from qingyuan.casework.models import Paper, PaperDelivery
from qingyuan.demo.city import CITY_NAME
from qingyuan.demo.loading import keeper
from qingyuan.foundation import clock
from qingyuan.governance import minutes
from qingyuan.governance.models import Meeting
from qingyuan.organisation.models import Division, Unit
from qingyuan.reference.periods import Period
from qingyuan.situation import citing

CIRCULAR_PERIOD = "2022-01..2022-10"
HELD = date(2022, 9, 9)
SERVED_ON = date(2022, 11, 18)
#: Two towns that have not signed for the notice; the rest did within two days.
NOT_SIGNED = ("shazi", "luobie")
NOTICE = """为做好岁末年初禁毒工作，现将有关事项通知如下。
一、补齐定期检测
各乡镇（街道）对照“办理”名单，逐人核对窗口已过、没有检测的情况。
（一）有合法缺席凭证的，由禁毒专干核对凭证后登记。
（二）没有凭证的，约定时间补检，并在台账里写明原因。
二、报齐报表和台账
表：报送事项
事项\t报送单位\t期限
乡镇（街道）禁毒工作月报\t各乡镇（街道）\t2022年12月5日
会议台账、批示台账核对\t各乡镇（街道）、市直有关单位\t2022年12月10日
年度责任状自查\t各乡镇（街道）\t2022年12月20日
注：没有发生的事项报“0”，不得不报。
三、做好返乡人员较多村的宣传
结合返乡高峰，进村入户宣传不少于两次，活动随办随记。"""
LETTER = """为做好全民禁毒宣传月总结，商请贵局协助提供以下情况，并于2022年11月30日前函复我办。
一、各校毒品预防教育课时落实情况
请按学校、年级列出应上课时和已上课时。
二、示范学校自查情况
请附自查表和整改事项。
专此函达。"""


def issue_papers() -> list[Paper]:
    """Issue the four, serve the notice on all towns, and leave one draft waiting for signature."""
    clerk = keeper("office")
    issued = [_notice(), _circular(), _minutes(), _letter()]
    waiting = papers.draft(
        kind="report",
        values={
            "title": "云岭市禁毒委员会办公室关于2022年前三季度禁毒工作情况的报告",
            "addressee": "州禁毒委员会办公室",
            "body": "现将2022年前三季度工作情况报告如下。\n一、主要工作\n组织各乡镇（街道）签订年度责任状，按月报送、逐条计分。\n"
            "二、下一步打算\n补齐定期检测，做好年终考核准备。",
            "word": "云禁毒办",
        },
        by=clerk,
    )
    return [*issued, papers.submit(paper=waiting, by=clerk)]


def _circular() -> Paper:
    place = Division.objects.get(name=CITY_NAME)
    draft = citing.draft(division=place, period=Period.parse(CIRCULAR_PERIOD), by=keeper("office"), on=clock.today())
    paper = _issued(draft)
    _serve(paper, ("police", "procuratorate", "court", "education"))
    return paper


def _notice() -> Paper:
    values = {
        "title": "关于做好岁末年初禁毒工作的通知",
        "addressee": "各乡镇人民政府、街道办事处",
        "body": NOTICE,
        "attachments": "年度责任状自查要点",
        "copies_to": "市政府办公室，市委政法委",
        "remark": "联系人：周文",
        "urgency": "urgent",
        "word": "云禁毒办",
    }
    paper = _issued(papers.draft(kind="notice", values=values, by=keeper("office")), SERVED_ON)
    towns = Unit.objects.filter(kind__in=("town", "subdistrict")).order_by("code")
    for delivery in _serve(paper, [town.code for town in towns], SERVED_ON):
        town = delivery.unit.code
        if town not in NOT_SIGNED:
            paper_service.receive(delivery=delivery, by=keeper(town), on=date(2022, 11, 19 + len(town) % 2))
    return paper


def _minutes() -> Paper:
    clerk = keeper("office")
    meeting = Meeting.objects.filter(unit_id=clerk.unit_id, held_on=HELD).first()
    if meeting is None:
        raise LookupError(f"the demo has no meeting of the office on {HELD}")
    paper = minutes.draft(meeting=meeting, by=clerk)
    body = (paper.body or "").replace("地点：", "地点：市政府三楼会议室", 1)
    body = body.replace("出席：", "出席：市禁毒委各成员单位联络员，各乡镇（街道）分管负责同志", 1)
    values = {name: getattr(paper, name) for name in ("title", "word", "dated")} | {
        "body": body,
        "copies_to": "市禁毒委各成员单位，各乡镇（街道）",
    }
    paper = papers.change(paper=paper, kind=paper.kind, values=values, version=paper.version, by=clerk)
    paper = _issued(paper)
    minutes.carry_number(paper=Paper.objects.select_related("issue").get(pk=paper.pk), by=clerk, on=clock.today())
    return paper


def _letter() -> Paper:
    values = {
        "title": "关于商请提供毒品预防教育有关情况的函",
        "addressee": "云岭市教育局",
        "body": LETTER,
        "word": "云禁毒办函",
    }
    paper = _issued(papers.draft(kind="letter", values=values, by=keeper("office")))
    _serve(paper, ("education",))
    return paper


def _issued(paper: Paper, on: date | None = None) -> Paper:
    """Handed up by the clerk, signed by the leader, numbered."""
    clerk, leader = keeper("office"), keeper("leader")
    paper = papers.sign(paper=papers.submit(paper=paper, by=clerk), by=leader, signed_on=on)
    return papers.issue(paper=paper, by=clerk, on=on)


def _serve(paper: Paper, codes: list[str] | tuple[str, ...], on: date | None = None) -> list[PaperDelivery]:
    ids = Unit.objects.filter(code__in=codes).values_list("pk", flat=True)
    return paper_service.serve(paper=paper, unit_ids=list(ids), by=keeper("office"), on=on)

"""«等别人办»: what somebody asked of others, how long it waits, for every role, in its own scope, without a name."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from qingyuan.casework.actions import clock_decisions
from qingyuan.casework.actions import handovers as handover_actions
from qingyuan.casework.actions import papers as paper_actions
from qingyuan.casework.actions.handovers import Terms
from qingyuan.casework.enums import ServiceWay
from qingyuan.casework.models import RunningClock
from qingyuan.casework.serving.rules import Told
from qingyuan.foundation.enums import Compartment
from qingyuan.governance.actions import returns
from qingyuan.governance.models import Return
from qingyuan.indicators.refresh import refresh
from qingyuan.journeys.todo import serving, sources
from qingyuan.journeys.todo.others import others
from qingyuan.organisation.actions import emergency
from qingyuan.organisation.models import Unit
from qingyuan.reference.periods import Period
from qingyuan.situation.actions import closing
from tests.casework.conftest import VALUES
from tests.casework.test_served_papers import issued, measure, serve, town
from tests.cast import PEOPLE, TODAY, City, measure_values

pytestmark = pytest.mark.django_db
__all__ = ["town"]
#: Statements of the whole list for one person; it does not grow with what stands in it.
MOST_STATEMENTS = 40


def waited_for(city: City, who: str) -> dict[str, list[str]]:
    """By kind, the lines of somebody's list with their notes."""
    found: dict[str, list[str]] = {}
    for job in others(city.actor(who), city.divisions["云岭市"], Period.parse("2022-01..2022-10"), TODAY):
        found.setdefault(job.kind, []).append(f"{job.title} | {job.note}")
    return found


def test_a_hand_over_is_waited_for_by_who_gave_it_and_nobody_else(town: City) -> None:
    (row,) = town.enter("measures", "supervisor", measure_values(town, 1))
    handover_actions.offer(
        keeper="clients", subjects=[row.client_id], to_unit=town.units["shiqiao"], to_caseworker=None,
        terms=Terms("moved", "搬到石桥"), by=town.actor("supervisor"),
    )  # fmt: skip
    assert waited_for(town, "supervisor")["handovers"] == ["等石桥镇人民政府答复移交 | 签收以前仍由您这一方负责 · 已等 0 天"]
    assert "handovers" not in waited_for(town, "stranger") and "handovers" not in waited_for(town, "officer")


def test_a_paper_sent_for_signature_waits_for_its_leader(town: City) -> None:
    paper = paper_actions.draft(kind="notice", values=VALUES, by=town.actor("supervisor"))
    paper_actions.submit(paper=paper, by=town.actor("supervisor"))
    assert waited_for(town, "supervisor")["papers"] == [f"等签发:{VALUES['title']} | 通知 · 已等 0 天"]
    assert "papers" not in waited_for(town, "town_leader")  # it is the leader's own to do
    assert "papers" not in waited_for(town, "stranger")


def test_a_letter_waits_for_its_slip_and_then_its_receipt_is_ones_own_to_file(town: City) -> None:
    paper = issued(town, measure(town))
    assert [job.title for job in serving.jobs(town.actor("caseworker"), TODAY)] == ["文书待送达:责令决定书送达回证"]
    serve(town, paper, Told(ServiceWay.MAIL, date(2022, 11, 12), words={"tracking": "EMS-1"}))
    assert waited_for(town, "caseworker")["served_papers"] == [
        f"邮寄送达没有回证:责令决定书送达回证 | {paper.number} · 送出 11 天"
    ]
    assert serving.jobs(town.actor("caseworker"), TODAY) == []
    serve(town, paper, Told(ServiceWay.DIRECT, date(2022, 11, 14)))
    assert "served_papers" not in waited_for(town, "caseworker")
    assert [job.title for job in serving.jobs(town.actor("caseworker"), TODAY)] == ["回证待归入:责令决定书送达回证"]
    assert serving.jobs(town.actor("stranger"), TODAY) == []


def test_a_return_handed_up_waits_for_who_reviews_it(town: City) -> None:
    Unit.objects.filter(code__in=("longdong", "shiqiao")).update(kind="town")
    returns.generate_due(city=town.divisions["云岭市"], month=Period.parse("2022-10"), by=town.actor("clerk"))
    filed = Return.objects.filter(unit__code="longdong").first()
    assert filed is not None
    Return.objects.filter(pk=filed.pk).update(state="submitted", first_submitted_on=filed.due_on)
    assert len(waited_for(town, "supervisor")["returns"]) == 1
    assert "returns" not in waited_for(town, "town_leader") and "returns" not in waited_for(town, "stranger")


def test_a_decision_looked_into_line_by_line_waits_for_its_office(town: City) -> None:
    row = measure(town, served_on=date(2022, 11, 3))
    running = RunningClock.objects.get(subject_id=row.pk, code="D20")
    lines = len(running.declared.opens.checklist) if running.declared.opens else 0
    for position in range(lines):
        assert "clocks" not in waited_for(town, "supervisor")
        running.refresh_from_db()
        clock_decisions.look_into(running=running, position=position, finding="yes", turn=0, by=town.actor("caseworker"))
    (line,) = waited_for(town, "supervisor")["clocks"]
    assert line.startswith("等公安机关决定:是否属于拒绝接受社区戒毒") and "测试" not in line
    assert "clocks" not in waited_for(town, "stranger")


def test_ones_own_emergency_look_and_a_month_to_close_wait_for_a_second_person(town: City) -> None:
    (row,) = town.enter("measures", "stranger", measure_values(town, 1, division=town.divisions["石桥社区"].pk))
    emergency.open_look(
        compartment=Compartment.COMMUNITY, rows=[("clients", row.client_id)], reason="夜间有人求助,原负责人联系不上", article="NL34",
        by=town.actor("supervisor"),
    )  # fmt: skip
    refresh()
    closing.ask(division=town.divisions["龙洞镇"], month=Period.parse("2022-10"), note="", by=town.actor("supervisor"))
    found = waited_for(town, "supervisor")
    assert found["emergency"] == [f"等第二人复核我的紧急查阅 | {TODAY.isoformat()} 打开"]
    assert found["closing"] == ["等批准关账:龙洞镇 2022 年 10 月 | 吴主任 核对"]
    assert not {"emergency", "closing"} & set(waited_for(town, "caseworker"))


def test_the_list_asks_a_fixed_number_of_questions_and_names_nobody(town: City) -> None:
    refresh()
    for serial in range(4):
        paper = issued(town, measure(town, serial))
        serve(town, paper, Told(ServiceWay.MAIL, date(2022, 11, 12), words={"tracking": f"EMS-{serial}"}))
        made = paper_actions.draft(kind="notice", values=VALUES, by=town.actor("supervisor"))
        paper_actions.submit(paper=made, by=town.actor("supervisor"))
    for who in PEOPLE:
        with CaptureQueriesContext(connection) as asked:
            found = waited_for(town, who)
        assert len(asked) <= MOST_STATEMENTS, who
        assert "测试" not in str(found), who
        assert ("served_papers" in found) == (who in ("caseworker", "supervisor")), who


def test_every_line_of_the_new_queue_is_counted(town: City) -> None:
    issued(town, measure(town))
    by = town.actor("caseworker")
    assert sum(1 for job in serving.jobs(by, TODAY) if job.is_pressing(TODAY)) == 0
    assert sources.pressing(by, TODAY) == sum(1 for job in sources.mine(by, TODAY) if job.is_pressing(TODAY))

"""The winter check-up of the demo city and the help people are given, through the actions offices use.

Planted: one person who stands on two towns' registers; one whom a town calls moved and for whom the other has not signed; one under a
measure who has no plan. All three are found from the pages of the towns concerned.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, Final

from qingyuan.demo.handovers import TAKEN, longest_there
from qingyuan.demo.loading import keeper
from qingyuan.demo.ways import enter
from qingyuan.enforcement.actions import admissions
from qingyuan.enforcement.models import Party
from qingyuan.enforcement.rules.admission import CHECKLIST
from qingyuan.foundation import clock
from qingyuan.ledgers import registry
from qingyuan.ledgers.declaration import Writing
from qingyuan.organisation.models import Unit
from qingyuan.organisation.queries import towns
from qingyuan.rehabilitation import campaigns as reads
from qingyuan.rehabilitation.actions import campaigns, helping
from qingyuan.rehabilitation.models import Absence, Campaign, CarePlan, Client, Measure

DAY: Final = timedelta(days=1)
OFFICE: Final = "office"
#: Where the planted ones are: who says somebody moved, to whom; who has somebody without a plan.
MOVED_FROM, MOVED_TO, NO_PLAN = "shazi", "puan", "pingzhai"
HELPED, HELPED_TOO = "longdong", "shiqiao"
#: Whose consent to a referral has run out while it is open, on which day.
LAPSED_TO, LAPSED_ON = "education", date(2022, 11, 15)
#: Of three lines two are accounted for by now: the campaign is under way.
EVERY, LEFT = 3, 2
POLICE: Final = "police"


def on_two_registers() -> None:
    """Dynamic control that a town began and did not hand on with the person: the other town has the measure."""
    (client_id,) = longest_there(TAKEN.giver, 1)
    measure = Measure.objects.filter(client_id=client_id, ended_on=None).select_related("client").order_by("decided_on")[0]
    row = {"name": measure.client.name, "id_number": measure.client.id_number, "starts_on": measure.reported_on, "basis": "execution"}
    enter("controls", [row], Writing(by=keeper(TAKEN.giver), on=clock.today()))


def check_up() -> Campaign:
    """Plans for everybody under a measure but one, the campaign with its frame, and what the towns have looked into so far."""
    for unit in Unit.objects.filter(pk__in=Measure.objects.values("unit_id")).order_by("code"):
        _plans(unit)
    office = keeper(OFFICE)
    made = campaigns.issue(
        title="2022 年冬季大普查",
        document_number="云禁毒办〔2022〕普1号",
        starts_on=date(2022, 11, 1),
        ends_on=date(2022, 12, 20),
        reference_on=date(2022, 10, 31),
        places=towns(office.division_id or 0, clock.today()),
        by=office,
    )
    for one in reads.progress(made):
        _looked_into(made, one.unit)
    _moved(made)
    _checked()
    return made


def _plans(unit: Unit) -> None:
    on = clock.today()
    running = Measure.objects.filter(unit=unit, ended_on=None, reported_on__isnull=False).select_related("client").order_by("reported_on", "pk")
    planned = set(CarePlan.objects.filter(unit=unit).values_list("client_id", flat=True))
    lacking = list({one.client_id: one for one in running if one.client_id not in planned}.values())
    if unit.code == NO_PLAN:
        lacking = lacking[1:]
    rows = []
    for place, measure in enumerate(lacking):
        made_on = min(max(measure.reported_on + 7 * DAY, date(2022, 2, 15) + (place % 200) * DAY), on)
        person = {"name": measure.client.name, "id_number": measure.client.id_number}
        helps = {"knowledge": "每月一次面谈", "skills": "了解就业意愿,对接乡镇就业服务站"}
        rows.append(person | helps | {"made_on": made_on, "review_on": on + (30 + place % 300) * DAY})
    enter("care_plans", rows, Writing(by=keeper(unit.code), on=on))


def _looked_into(campaign: Campaign, unit: Unit) -> None:
    by, on = keeper(unit.code), clock.today()
    rows = list(reads.lines_visible(by, on).filter(campaign=campaign).order_by("pk"))
    twice = reads.doubled(campaign, rows)
    for place, row in enumerate(rows):
        if place % EVERY == LEFT or row.pk in twice:
            continue
        day = campaign.starts_on + (place % 20) * DAY
        said: dict[str, Any] = {"state": "seen", "words": "在村(社区)见到,两名工作人员在场"}
        if row.isolation_id and reads.isolated_on(row.client_id, day):
            said = {"state": "isolation"}
        elif place % 19 == 3:
            said = {"state": "away", "words": "视频联系,在外务工,约定春节前见面"}
        elif place % 37 == 7:
            said = {"state": "lost", "words": "问过家属和村委会,去过原租住处,没有找到,已告知派出所"}
        campaigns.say(line=row, by=by, version=row.version, happened_on=day, **said)


def _moved(campaign: Campaign) -> None:
    by, on = keeper(MOVED_FROM), clock.today()
    row = reads.open_only(reads.lines_visible(by, on).filter(campaign=campaign, isolation=None)).order_by("pk")[0]
    campaigns.say(
        line=row, by=by, version=row.version, state="elsewhere", happened_on=date(2022, 11, 15), to_unit=Unit.objects.get(code=MOVED_TO)
    )


def _checked() -> None:
    """Two decisions whose ground and exemptions an officer has gone through."""
    by = keeper(POLICE)
    shields = registry.get("parties").shields
    grown = [one for one in Party.objects.filter(unit_id=by.unit_id).order_by("-caught_on", "pk")[:40] if not shields(one) and one.id_number]
    for place, party in enumerate(grown[:2]):
        carer = place == 1
        admissions.sign(
            party=party,
            ground="severe" if carer else "used_during_cd",
            document_number=f"云公(禁)强戒决字〔2022〕{41 + place}号",
            decided_on=date(2022, 11, 8 + 6 * place),
            answers={item.code: carer and item.code == "sole_carer" for item in CHECKLIST},
            reasons="其父母同意照看子女,乡镇已安置并反馈。" if carer else "",
            by=by,
        )


def help_people() -> None:
    """Referrals in every state, a review somebody objects to, and why two absences were, in the help compartment alone."""
    on = clock.today()
    first, second, third = _people(HELPED, 3)
    town = keeper(HELPED)
    jobs = _referral(first, town, "jobs", "youth", "会开货车,想找本镇的活", ["name", "phone", "need"])
    helping.answer(referral=jobs, accepted=True, words="报名 12 月青年招聘会,找青年发展部", by=keeper("youth"))
    _referral(second, town, "schooling", "education", "想上夜校补初中文凭", ["name", "sex_age", "need"])
    aid = _referral(third, town, "legal_aid", "justice", "追讨工钱,要一名法律援助律师", ["name", "need"])
    helping.withdraw(referral=aid, by=town)
    _lapsed(HELPED)
    (other,) = _people(HELPED_TOO, 1)
    support = _referral(other, keeper(HELPED_TOO), "assistance", "civil_affairs", "一人在家,冬天生活困难", ["name", "place", "need"])
    helping.answer(referral=support, accepted=True, words="临时救助,社会救助科办理", by=keeper("civil_affairs"))
    helping.close(referral=support, outcome="已发临时救助金", closed_on=on - DAY, by=keeper("civil_affairs"))
    _objected(HELPED, on)
    for absence, why in zip(Absence.objects.filter(unit_id=town.unit_id).order_by("left_on", "pk")[:2], ("陪家人看病", "回老家办事"), strict=False):
        helping.keep_reason(absence=absence, why=why, by=town)


def _objected(code: str, on: date) -> None:
    """A review by the social worker to which the person objects: it waits for somebody else of the town."""
    worker = keeper(f"{code}.sg")
    person = next(one for one in _people(code, 12) if one.caseworker_id == worker.account_id)
    helping.review(
        client=person,
        held_on=on - 20 * DAY,
        needs=["jobs"],
        reasons="失业三个月,家里有老人要照顾,本人愿意在本镇找活",
        next_on=on + 70 * DAY,
        objection="不要再叫我去培训,我要的是工作",
        by=worker,
    )


def _lapsed(code: str) -> None:
    """A referral that was taken on and is open still, while the consent it rests on has run out: the other unit sees nothing of it."""
    (client,) = _people(code, 4)[3:]
    signed = LAPSED_ON - 90 * DAY
    made = helping.refer(
        client=client,
        kind="skills",
        to_unit=Unit.objects.get(code=LAPSED_TO),
        need="想学电工",
        fields=["name", "need"],
        consent_on=signed,
        consent_until=LAPSED_ON,
        consent_paper_number=f"TY{signed:%Y%m%d}",
        by=keeper(code),
        at=_at(signed),
    )
    helping.answer(referral=made, accepted=True, words="十月开班,开班前通知", by=keeper(LAPSED_TO), at=_at(signed + 3 * DAY))


def _at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 10, tzinfo=clock.ZONE)


def _people(code: str, count: int) -> list[Client]:
    ids = longest_there(code, count + 3)[3:]
    return [Client.objects.get(pk=pk) for pk in ids]


def _referral(client: Client, by: Any, kind: str, to: str, need: str, fields: list[str]) -> Any:
    on = clock.today()
    return helping.refer(
        client=client,
        kind=kind,
        to_unit=Unit.objects.get(code=to),
        need=need,
        fields=fields,
        consent_on=on - 12 * DAY,
        consent_until=on + 120 * DAY,
        consent_paper_number=f"TY{on - 12 * DAY:%Y%m%d}",
        by=by,
    )

"""The way back of people of the demo city, entered as offices enter it: groups, plans, absences, releases, control begun.

Planted: one who came out of isolation and whom nobody met; one who comes out soon and for whom nobody is named; a group that
lacks two of its five kinds; an absence nobody has judged yet. All are found from the pages.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, Final

from qingyuan.demo.loading import keeper
from qingyuan.foundation import clock
from qingyuan.ledgers import registry
from qingyuan.ledgers.declaration import Draft, Writing
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.enums import Role
from qingyuan.organisation.models import Account, Unit
from qingyuan.rehabilitation import planning
from qingyuan.rehabilitation.actions import plans
from qingyuan.rehabilitation.models import CarePlan, Isolation, Measure
from qingyuan.rehabilitation.rules.case import TEAM_PARTS

DAY: Final = timedelta(days=1)
PLANTED_TOWN: Final = "longdong"
CONTROLLING_TOWN: Final = "dongshan"
WITH_A_GROUP: Final = 6
WITH_GOALS: Final = 3
POSTS: Final = {
    "fulltime": "禁毒专职工作人员",
    "police": "派出所社区民警",
    "medic": "卫生院公共卫生科",
    "family": "同住成年家庭成员",
    "volunteer": "禁毒志愿者服务队",
}
LACKING: Final = ("medic", "volunteer")
HELP: Final = {
    "knowledge": "每月一次面谈,讲清检测和报到的安排",
    "skills": "对接乡镇就业服务站,报名技能培训",
}


def walk() -> None:
    """For every town: releases of the past year and of the coming month, groups and plans of some, control of who has ended."""
    for unit in Unit.objects.filter(pk__in=Measure.objects.values("unit_id")).order_by("code"):
        _town(unit)


def _town(unit: Unit) -> None:
    writing = Writing(by=keeper(unit.code), on=clock.today())
    _releases(unit, writing)
    measures: Any = Measure.objects.filter(unit=unit)
    running = measures.in_force_on(writing.on).select_related("client").order_by("decided_on", "pk")
    chosen = [one for one in running if one.reported_on and one.reported_on < writing.on - 90 * DAY][:WITH_A_GROUP]
    for place, measure in enumerate(chosen):
        _group(measure, place, unit.code == PLANTED_TOWN and place == 0, writing)
    for measure in chosen[:3]:
        _away(measure, writing)
    if unit.code == CONTROLLING_TOWN:
        _control(unit, writing)


def _control(unit: Unit, writing: Writing) -> None:
    """Three whose detox ended at its term: their three years are over. For one of them ``serving`` hands over the certificate and
    the name closes; for two the end of control waits for a person."""
    ended = Measure.objects.filter(unit=unit, end_reason="discharged", kind="CD").select_related("client").order_by("-ended_on", "pk")
    controls = [
        _of(one) | {"starts_on": one.reported_on, "basis": "execution"} for one in _once(ended) if one.reported_on
    ]
    enter("controls", controls[:3], writing)


def _releases(unit: Unit, writing: Writing) -> None:
    on = writing.on
    rows = []
    isolations = Isolation.objects.filter(unit=unit).select_related("client").order_by("decided_on", "pk")
    out = [one for one in isolations if one.released_on and one.released_on > on - 365 * DAY]
    for place, row in enumerate(out):
        day = row.released_on
        met = {} if unit.code == PLANTED_TOWN and place == len(out) - 1 else {"met_on": day, "met_by": ["李秀"], "papers_on": day}
        rows.append(_of(row) | {"origin": "isolation", "expected_on": row.ends_on or day, "meeters": ["李秀"], "released_on": day} | met)
    soon = [one for one in isolations if one.released_on is None and one.ends_on and on <= one.ends_on <= on + 30 * DAY]
    for place, row in enumerate(soon):
        who = [] if unit.code == PLANTED_TOWN and place == 0 else ["李秀", "王平"]
        rows.append(_of(row) | {"origin": "isolation", "expected_on": row.ends_on, "meeters": who})
    enter("releases", _once_a_person(rows), writing)


def _group(measure: Any, place: int, lacking: bool, writing: Writing) -> None:
    day = measure.reported_on
    parts = [part for part in TEAM_PARTS if not (lacking and part in LACKING)]
    members = [_of(measure) | {"part": part, "post": POSTS[part], "joined_on": day} for part in parts]
    enter("team", members, writing)
    made = day + (7 + place) * DAY
    review = date(writing.on.year + 1, made.month, min(made.day, 28))
    enter("care_plans", [_of(measure) | HELP | {"made_on": made, "review_on": review}], writing)


def plan() -> None:
    """Goals under the plans of three people of each town, a word of encouragement for each. In the planted town the caseworker has
    written new plans for three: the officer agreed to one, sent one back, and has one to look at; one was talked to about a breach."""
    for unit in Unit.objects.filter(pk__in=CarePlan.objects.values("unit_id")).order_by("code"):
        if unit.code == PLANTED_TOWN:
            _planned_together(unit)
            continue
        writing = Writing(by=keeper(unit.code), on=clock.today())
        found = CarePlan.objects.filter(unit=unit, client__unit=unit, measure__ended_on=None, made_on__lt=writing.on - 60 * DAY)
        _with_goals(_once(found.select_related("client").order_by("made_on", "pk"))[:WITH_GOALS], writing)


def _planned_together(unit: Unit) -> None:
    worker = Account.objects.filter(unit=unit, grants__role=Role.CASEWORKER).order_by("pk").first()
    if worker is None:
        return
    writing, made = Writing(by=keeper(worker.username), on=clock.today()), clock.today() - 50 * DAY
    running = Measure.objects.filter(unit=unit, client__unit=unit, ended_on=None, client__caseworker_id=worker.pk, reported_on__lt=made)
    people = _once(running.select_related("client").order_by("reported_on", "pk"))[:WITH_GOALS]
    enter("care_plans", [_of(one) | HELP | {"made_on": made, "review_on": writing.on + 40 * DAY} for one in people], writing)
    found = list(CarePlan.objects.filter(made_on=made, client__in=[one.client_id for one in people]).select_related("client").order_by("pk"))
    _with_goals(found, writing)
    enter("warnings", [_breach(found[0], writing.on)], writing)
    _looked_at(found, keeper(unit.code))


def _with_goals(found: list[CarePlan], writing: Writing) -> None:
    enter("plan_goals", [goal for one in found for goal in _goals(one, writing.on)], writing)
    enter("encouragements", [_well(one, place, writing.on) for place, one in enumerate(found)], writing)


def _goals(one: CarePlan, on: date) -> list[dict[str, Any]]:
    day = max(one.made_on, on - 50 * DAY)
    skill = {"number": 1, "goal": "参加一次技能培训", "own_words": "我想学电工,自己挣钱", "by_on": on + 60 * DAY}
    visit = {"number": 2, "goal": "每月按约定面谈一次", "by_on": on + 120 * DAY, "outcome": "reached", "looked_on": on - 9 * DAY}
    return [_of(one) | {"set_on": day} | goal for goal in (skill, visit)]


def _well(one: CarePlan, place: int, on: date) -> dict[str, Any]:
    kinds = ({"kind": "certificate", "days": 90}, {"kind": "spoken"}, {"kind": "training"})
    did = ("守约满九十天", "按时来面谈,把家里的事都安排好了", "自己报名了技能培训")
    return _of(one) | {"given_on": on - (20 + place) * DAY, "did": did[place % 3], "given_by": ["李秀"]} | kinds[place % 3]


def _breach(one: CarePlan, on: date) -> dict[str, Any]:
    said = {"facts": "约定的面谈没有来,也没有告诉社工", "answered": "家里收稻谷忘了,下次提前打电话"}
    return _of(one) | {"warned_on": on - 70 * DAY, "way": "criticism", "warned_by": ["李秀"]} | said


def _looked_at(found: list[CarePlan], by: Actor) -> None:
    """The first agreed, the second sent back; the third waits."""
    for one, agreed, words in ((found[0], True, ""), (found[1], False, "写明找哪一家培训、谁陪着去")):
        plans.look(plan=one, seen=planning.token(one, planning.goals_of(one)), agreed=agreed, words=words, by=by)


def _away(measure: Any, writing: Writing) -> None:
    """A lawful absence whose paper was seen; a second one nobody has judged yet."""
    left = writing.on - 60 * DAY
    paper = {"lawful": True, "document_number": f"报备{left:%Y%m%d}", "seen_by": ["李秀"]}
    rows = [
        _of(measure) | {"left_on": left, "until_on": left + 6 * DAY, "back_on": left + 5 * DAY} | paper,
        _of(measure) | {"left_on": writing.on - 10 * DAY, "back_on": writing.on - 5 * DAY},
    ]
    enter("absences", rows, writing)


def _of(row: Any) -> dict[str, Any]:
    return {"name": row.client.name, "id_number": row.client.id_number}


def _once(rows: Iterable[Any]) -> list[Any]:
    return list({row.client_id: row for row in rows}.values())


def _once_a_person(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return list({(row["id_number"], row["expected_on"]): row for row in rows}.values())


class CannotWalk(RuntimeError):
    """A row of the demo was refused; the message is the ledger's own."""


def enter(code: str, rows: list[dict[str, Any]], writing: Writing) -> None:
    """Rows by column names, read, checked and written as the ledger does it. Raises CannotWalk."""
    if not rows:
        return
    ledger = registry.get(code)
    own = writing.by.unit_id
    drafts = [Draft(number=number, values=dict(row), division_id=row.get("division"), unit_id=own) for number, row in enumerate(rows, start=1)]
    if ledger.prepare is not None:
        ledger.prepare(drafts, writing)
    for draft in drafts:
        found = draft.problems + (ledger.check(draft.values) if ledger.check else [])
        if found:
            raise CannotWalk(f"{code}: {found[0].column} {found[0].message}")
    ledger.create(drafts=drafts, writing=writing)

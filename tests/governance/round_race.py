"""Inspectors, offices and a desk take the same step at once: a draw, four signatures, a question, a decision. Run by test_round_race,
on the database of its process. Prints what became of each, and what stands afterwards."""

from __future__ import annotations

import json
from datetime import timedelta
from functools import partial
from typing import Any

from qingyuan.casework.actions import data_requests
from qingyuan.casework.actions.data_requests import About, Decided, DeskRefused, Found
from qingyuan.casework.enums import Asked, AskedBy, Asker, Verdict
from qingyuan.casework.models import DataRequestStep, ProcedureStep
from qingyuan.casework.procedures.rules import StepRefused
from qingyuan.foundation.ids import new_id
from qingyuan.governance.actions import inspections, orders, questions
from qingyuan.governance.actions.questions import CaseMoved, LookedAlready
from qingyuan.governance.enums import Department
from qingyuan.governance.models import (
    InspectionPresence,
    InspectionRound,
    InspectionVisit,
    PatternLook,
    PatternQuestion,
    SupervisionOrder,
)
from qingyuan.governance.queries import order_basis
from qingyuan.rehabilitation.models import Inspection
from tests import schema
from tests.cast import TODAY, City, found_city, id_number
from tests.governance.inspections import Inspecting, at
from tests.governance.patterns import typed_as_done, typed_together
from tests.racing import at_once

PEOPLE = 4
ONE = {"through": 1, "told": PEOPLE - 1, "failed": []}
ALL = {"through": PEOPLE, "told": 0, "failed": []}
FAILED = {("S04", 0): "档案柜没有上锁"}
EXPECTED: dict[str, Any] = {
    "frozen": {"race": ONE, "hashes": 1},
    "revealed": {"race": ONE, "visits": 1},
    "signed": {"race": ALL, "signatures": 4, "rows": 1, "final": True},
    "reopened or signed": {"failed": [], "whole": True},
    "ordered": {"race": ONE, "states": ["discarded"]},
    "rechecked": {"race": ONE, "passed": True},
    "looked": {"failed": [], "looks": 1, "questions": 1},
    "asked": {"race": ONE, "steps": ["ask", "find"]},
    "decided": {"race": ONE, "steps": 1},
}


def race() -> dict[str, Any]:
    city = found_city()
    return {**_inspected(Inspecting.of(city)), **_questions(city), "decided": _decided(city)}


def _inspected(here: Inspecting) -> dict[str, Any]:
    made, clerk = here.planned(), here.actor("clerk")
    frozen = at_once([partial(inspections.freeze, round_id=made.pk, by=clerk, at=at(TODAY))] * PEOPLE, StepRefused)
    hashes = len({InspectionRound.objects.get(pk=made.pk).list_hash} - {""})
    revealed = at_once([partial(inspections.reveal, round_id=made.pk, by=clerk, at=at(TODAY))] * PEOPLE, StepRefused)
    visits = InspectionVisit.objects.filter(round=made).count()
    visit = here.marked_of(made, FAILED)
    return {
        "frozen": {"race": frozen, "hashes": hashes},
        "revealed": {"race": revealed, "visits": visits},
        "reopened or signed": _reopened_or_signed(here, visit),
        "signed": _signed(here, visit),
        "ordered": _ordered(here, visit),
        "rechecked": _rechecked(here, visit),
    }


def _sign(here: Inspecting, visit: InspectionVisit, department: Department) -> Any:
    by = here.actor(department.value)
    return partial(inspections.sign, visit_id=visit.pk, mend_by=TODAY + timedelta(days=15), by=by, at=at(TODAY, 16))


def _reopened_or_signed(here: Inspecting, visit: InspectionVisit) -> dict[str, Any]:
    """One department takes the signatures back while another signs: never half of the one with half of the other."""
    inspections.sign(visit_id=visit.pk, mend_by=TODAY + timedelta(days=15), by=here.actor("police"), at=at(TODAY, 15))
    back = partial(inspections.reopen, visit_id=visit.pk, reason="F03 记错了", by=here.actor("justice"), at=at(TODAY, 16))
    found = at_once([back, _sign(here, visit, Department.CIVIL_AFFAIRS)], StepRefused)
    now = InspectionVisit.objects.get(pk=visit.pk)
    signed = InspectionPresence.objects.filter(visit=visit, signed_at__isnull=False).count()
    whole = now.final_at is None and signed in (0, 1) and (now.mend_by is not None) == bool(signed)
    if signed:
        inspections.reopen(visit_id=visit.pk, reason="从头签", by=here.actor("justice"), at=at(TODAY, 16))
    return {"failed": found["failed"], "whole": whole}


def _signed(here: Inspecting, visit: InspectionVisit) -> dict[str, Any]:
    """Four departments sign at the same moment: each has its signature, and the last of them makes the one row."""
    found = at_once([_sign(here, visit, department) for department in Department], StepRefused)
    signed = InspectionPresence.objects.filter(visit=visit, signed_at__isnull=False).count()
    final = InspectionVisit.objects.get(pk=visit.pk).final_at is not None
    return {"race": found, "signatures": signed, "rows": Inspection.objects.filter(visit_id=visit.pk).count(), "final": final}


def _ordered(here: Inspecting, visit: InspectionVisit) -> dict[str, Any]:
    """The order that rests on the findings, dropped by four clerks with the version each had open."""
    start = order_basis.from_inspection(here.actor("clerk"), TODAY, visit.pk)
    [order] = orders.draft(
        values=dict(start.values) | {"contact": "周文"}, unit_ids=list(start.unit_ids), due_on=TODAY + timedelta(days=15),
        by=here.actor("clerk"), basis=orders.Basis(start.kind, start.cited), at=at(TODAY),
    )  # fmt: skip
    take = partial(orders.take, order=order, step="discard", by=here.actor("clerk"), version=1, given={"reason": "另发"}, at=at(TODAY))
    found = at_once([take] * PEOPLE, CaseMoved, StepRefused)
    return {"race": found, "states": list(SupervisionOrder.everything.values_list("state", flat=True))}


def _rechecked(here: Inspecting, visit: InspectionVisit) -> dict[str, Any]:
    mended = {("S04", ""): (True, "")}
    acts = [
        partial(inspections.recheck, visit_id=visit.pk, mended=mended, by=here.actor(one.value), at=at(TODAY, 17)) for one in Department
    ]
    found = at_once(acts, StepRefused)
    return {"race": found, "passed": InspectionVisit.objects.get(pk=visit.pk).recheck_passed}


def _questions(city: City) -> dict[str, Any]:
    """Two workers look at the same month, then four people send the one question out."""
    typed_together(city)
    typed_as_done(city)
    looked = at_once([partial(questions.look, on=TODAY)] * PEOPLE, LookedAlready)
    found = PatternQuestion.objects.filter(pattern="together")
    one = found.get()
    given = {"due_on": TODAY + timedelta(days=14)}
    take = partial(questions.take, question=one, step="ask", by=city.actor("clerk"), version=one.version, given=given)
    asked = at_once([take] * PEOPLE, CaseMoved, StepRefused)
    steps = ProcedureStep.objects.filter(subject_id=one.pk).values_list("step", flat=True)
    return {
        "looked": {"failed": looked["failed"], "looks": PatternLook.objects.count(), "questions": found.count()},
        "asked": {"race": asked, "steps": sorted(steps)},
    }


def _decided(city: City) -> dict[str, Any]:
    by = city.actor("supervisor")
    about = About("测试甲", id_number(100), contact="13900001111", words="请看看记了什么")
    asked = data_requests.receive(kind=Asked.COPY, asker=Asker.SELF, came_by=AskedBy.IN_PERSON, received_on=TODAY, about=about, by=by)
    held = data_requests.identify(request=asked, seen=["id_card"], words="", by=by)
    held = data_requests.collect(request=held, found=[Found("measures", "社区措施", [new_id()])], by=by)
    item = data_requests.items_of(held)[0]
    decide = partial(data_requests.decide, request=held, decided={item.pk: Decided(Verdict.GIVEN)}, by=by)
    found = at_once([decide] * PEOPLE, DeskRefused)
    return {"race": found, "steps": DataRequestStep.objects.filter(request=held, step="decide").count()}


def main() -> None:
    """In a process of its own: make the database, then race."""
    schema.lay()
    print(json.dumps(race()))

"""Several people at one joint inspection, one question, one need, one figure that was asked for. Run by test_room_races."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, Final

from django.conf import settings

from qingyuan.casework.procedures.rules import StepRefused
from qingyuan.foundation.audit.models import WriteEntry
from qingyuan.governance.actions import inspections, orders, questions
from qingyuan.governance.actions.questions import LookedAlready
from qingyuan.governance.enums import Answer, Department
from qingyuan.governance.models import (
    InspectionMark,
    InspectionRound,
    InspectionVisit,
    PatternLook,
    PatternQuestion,
    SupervisionOrder,
)
from qingyuan.governance.queries import order_basis
from qingyuan.organisation.models import Unit
from qingyuan.rehabilitation.models import Inspection
from qingyuan.situation.actions import requests
from qingyuan.situation.actions.requests import Asking, Question
from qingyuan.situation.enums import RequestState
from qingyuan.situation.models import FigureAnswer, FigureQuestion, FigureRequest
from qingyuan.situation.rules.requests import RequestRefused
from tests import schema
from tests.at_once import at_once
from tests.cast import TODAY, found_city
from tests.governance.inspections import Inspecting, at
from tests.governance.orders import DRAFT
from tests.governance.patterns import typed_as_done, typed_together

ONE: Final = {"done": 1, "refused": 3}
DUE: Final = TODAY + timedelta(days=14)
Race = Callable[["Here"], object]


class Here:
    """The cast with its four departments and rows that look typed together; ``bare``: without locks."""

    def __init__(self, bare: bool) -> None:
        self.bare, self.city = bare, found_city()
        self.inspecting = Inspecting.of(self.city, files=7)
        typed_together(self.city)
        typed_as_done(self.city)

    def meet(self, acts: list[Callable[[], object]], *refusals: type[Exception]) -> dict[str, int]:
        return at_once(acts, *refusals, bare=self.bare)

    def final(self, period: str) -> InspectionVisit:
        """A visit that all four signed; ``period`` keeps the records of two visits of one day apart."""
        visit = self.inspecting.answered(self.inspecting.arrived(self.inspecting.visit(period=period)), {("S04", 0): "档案柜没有上锁"})
        for department in Department:
            _signs(self, visit, department)()
        return InspectionVisit.objects.get(pk=visit.pk)

    def question(self) -> PatternQuestion:
        return PatternQuestion.objects.select_related("unit", "issuer").get()

    def stepped(self, step: str, who: str, **given: Any) -> tuple[dict[str, int], int]:
        """Four people take one step of the question that each of them has open; how often it was logged."""
        question, by = self.question(), self.city.actor(who)
        take = lambda: questions.take(question=question, step=step, by=by, version=question.version, given=given)  # noqa: E731
        said = self.meet([take] * 4, StepRefused)
        return said, WriteEntry.objects.filter(act=f"pattern_questions.{step}", ledger="pattern_questions").count()

    def drafted(self, start: order_basis.Start) -> tuple[dict[str, int], int]:
        by, basis = self.city.actor("clerk"), orders.Basis(start.kind, start.cited)
        draft = lambda: orders.draft(values=DRAFT, unit_ids=list(start.unit_ids), due_on=DUE, by=by, basis=basis, at=at(TODAY))  # noqa: E731
        said = self.meet([draft] * 4, StepRefused)
        return said, SupervisionOrder.everything.filter(cited__row=start.cited["row"]).count()


# --- joint inspections -------------------------------------------------------------------------------------------------------
def round_drawn(here: Here) -> object:
    made, by = here.inspecting.planned(), here.city.actor("clerk")
    froze = here.meet([lambda: inspections.freeze(round_id=made.pk, by=by, at=at(TODAY))] * 4, StepRefused)
    shown = here.meet([lambda: inspections.reveal(round_id=made.pk, by=by, at=at(TODAY))] * 4, StepRefused)
    held = InspectionRound.objects.get(pk=made.pk)
    return froze, shown, held.visits.count() == len(held.drawn) == 1


def item_marked(here: Here) -> object:
    """Two say yes and two say no on a page that showed no answer: whoever comes after the first with another answer is told."""
    visit = here.inspecting.arrived()
    by = {name: here.inspecting.actor(name) for name in ("justice", "police")}

    def mark(answer: Answer, who: str) -> Callable[[], object]:
        words = "档案柜没有上锁" if answer == Answer.NO else ""
        return lambda: inspections.mark(visit_id=visit.pk, item="S04", lot="", answer=answer, finding=words, was="", by=by[who], at=at(TODAY, 11))

    said = here.meet([mark(Answer.YES, "justice"), mark(Answer.YES, "police"), mark(Answer.NO, "justice"), mark(Answer.NO, "police")], StepRefused)
    return said, InspectionMark.objects.filter(visit=visit, item="S04").count()


def four_sign(here: Here) -> object:
    """All four at once: the last one, whoever it is, makes the findings final and the ledger's row; one is there."""
    visit = here.inspecting.marked({("S04", 0): "档案柜没有上锁"})
    said = here.meet([_signs(here, visit, department) for department in Department], StepRefused)
    final = InspectionVisit.objects.get(pk=visit.pk).final_at is not None
    return said, final, Inspection.objects.filter(visit_id=visit.pk).count()


def looked_at_again(here: Here) -> object:
    visit = here.final("2022Q3")
    by, mended = here.inspecting.actor("justice"), {("S04", ""): (True, "")}
    again = lambda: inspections.recheck(visit_id=visit.pk, mended=mended, by=by, at=at(TODAY, 17))  # noqa: E731
    return here.meet([again] * 4, StepRefused)


def finding_ordered(here: Here) -> object:
    visit = here.final("2022Q2")
    return here.drafted(order_basis.from_inspection(here.city.actor("clerk"), TODAY, visit.pk))


def _signs(here: Here, visit: InspectionVisit, department: Department) -> Callable[[], object]:
    by = here.inspecting.actor(department.value)
    return lambda: inspections.sign(visit_id=visit.pk, mend_by=TODAY + timedelta(days=15), by=by, at=at(TODAY, 16))


# --- a question about a pattern, one step after the other ------------------------------------------------------------------------
def looked(here: Here) -> object:
    return here.meet([lambda: questions.look(on=TODAY)] * 4, LookedAlready), PatternLook.objects.count(), PatternQuestion.objects.count()


def question_asked(here: Here) -> object:
    return here.stepped("ask", "clerk", due_on=DUE)


def question_answered(here: Here) -> object:
    return here.stepped("answer", "supervisor", answer="断网补登。", evidence=[])


def question_looked_into(here: Here) -> object:
    return here.stepped("look_into", "clerk", reason="请核对纸面记录。")


def question_ordered(here: Here) -> object:
    return here.drafted(order_basis.from_question(here.city.actor("clerk"), TODAY, here.question().pk))


# --- figures that are asked for -----------------------------------------------------------------------------------------------
def _asked_of(here: Here, *units: str) -> FigureQuestion:
    clerk = here.city.actor("clerk")
    letter = Asking("帮扶情况", "省禁毒办", "省禁函〔2022〕31 号", date(2022, 11, 18), date(2022, 11, 28))
    asked = requests.register(asking=letter, by=clerk)
    made = requests.add_question(asked=asked, question=Question("新安置就业人员", people=True), by=clerk)
    requests.ask_units(question=made, units=[here.city.units[unit] for unit in units], by=clerk, due_on=date(2022, 11, 25))
    requests.pass_on(asked=asked, by=clerk)
    return made


def _gives(here: Here, question: FigureQuestion, unit: str, who: str, number: str) -> Callable[[], object]:
    rows = FigureAnswer.objects.select_related("question__request__unit", "unit", "division")
    given, by = rows.get(question=question, unit=Unit.objects.get(code=unit)), here.city.actor(who)
    return lambda: requests.answer(given=given, typed=number, note="", by=by)


def figure_answered(here: Here) -> object:
    question = _asked_of(here, "longdong", "shiqiao")
    said = here.meet([_gives(here, question, "longdong", "supervisor", number) for number in ("12", "13", "14", "15")], RequestRefused)
    return said, FigureAnswer.objects.get(question=question, unit__code="longdong").moved


def last_two_figures_answered(here: Here) -> object:
    """Each sees the other's as still missing, unless one waits for the other: the request is closed all the same."""
    question = _asked_of(here, "longdong", "shiqiao")
    said = here.meet([_gives(here, question, "longdong", "supervisor", "12"), _gives(here, question, "shiqiao", "stranger", "20")], RequestRefused)
    return said, FigureRequest.objects.get(pk=question.request_id).state


def figure_answered_while_the_request_is_withdrawn(here: Here) -> object:
    """Never an answer that came after the request was gone."""
    question, clerk = _asked_of(here, "longdong", "shiqiao"), here.city.actor("clerk")
    asked = FigureRequest.objects.get(pk=question.request_id)
    gone = lambda: requests.withdraw(asked=asked, reason="对方不要了", by=clerk)  # noqa: E731
    here.meet([_gives(here, question, "longdong", "supervisor", "12"), gone], RequestRefused)
    steps = list(asked.steps.order_by("at", "pk").values_list("step", flat=True))
    return FigureRequest.objects.get(pk=asked.pk).state, steps[-1]


def question_added_while_the_request_is_passed_on(here: Here) -> object:
    """What the units see is what was there when it was passed on."""
    clerk = here.city.actor("clerk")
    asked = requests.register(asking=Asking("帮扶情况", "省禁毒办", "省禁函〔2022〕33 号", date(2022, 11, 18), date(2022, 11, 28)), by=clerk)
    made = requests.add_question(asked=asked, question=Question("新安置就业人员"), by=clerk)
    requests.ask_units(question=made, units=[here.city.units["longdong"]], by=clerk)
    first, second = (FigureRequest.objects.get(pk=asked.pk) for _number in range(2))
    add = lambda: requests.add_question(asked=second, question=Question("另有多少人"), by=clerk)  # noqa: E731
    here.meet([lambda: requests.pass_on(asked=first, by=clerk), add], RequestRefused)
    held = FigureRequest.objects.get(pk=asked.pk)
    return held.state == RequestState.DRAFT or all(one.on_file or one.answers.exists() for one in held.questions.all())


RACES: Final[dict[Race, object]] = {
    round_drawn: (ONE, ONE, True),
    item_marked: ({"done": 2, "refused": 2}, 1),
    four_sign: ({"done": 4}, True, 1),
    looked_at_again: ONE,
    finding_ordered: (ONE, 1),
    looked: (ONE, 1, 1),
    question_asked: (ONE, 1),
    question_answered: (ONE, 1),
    question_looked_into: (ONE, 1),
    question_ordered: (ONE, 1),
    figure_answered: (ONE, 1),
    last_two_figures_answered: ({"done": 2}, "closed"),
    figure_answered_while_the_request_is_withdrawn: ("withdrawn", "撤销"),
    question_added_while_the_request_is_passed_on: True,
}
#: Held by a key of the table, or by the row's own version, as well: without the lock the second is still told.
BY_KEY: Final = frozenset({"looked", "figure_answered"})

#: Without the lock the two are now and then written in the right order by luck.
BY_LUCK: Final = frozenset({"figure_answered_while_the_request_is_withdrawn"})


def race(bare: bool = False) -> dict[str, Any]:
    settings.QINGYUAN_TODAY = TODAY
    here = Here(bare)
    return {one.__name__: _plain(one(here)) for one in RACES}


def _plain(said: object) -> Any:
    return json.loads(json.dumps(said))


EXPECTED: Final = {one.__name__: _plain(expected) for one, expected in RACES.items()}


def main() -> None:
    """In a process of its own: make the database, then race."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # the slow one is tested elsewhere
    schema.lay()
    print(json.dumps(race()))

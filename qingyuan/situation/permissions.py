"""Who works with figures. Counts are closed when small for everyone else than the place concerned; see ``queries``."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django.utils.translation import gettext as _

from qingyuan.foundation.enums import Compartment
from qingyuan.foundation.words import Decision
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.enums import Action, Role
from qingyuan.organisation.scope import may, visible_to
from qingyuan.situation.enums import RequestState
from qingyuan.situation.models import FigureAnswer, FigureRequest, ForeignForm
from qingyuan.situation.models.forms import ForeignFormQuerySet
from qingyuan.situation.models.requests import FigureAnswerQuerySet, FigureRequestQuerySet

FORMS: Final = "foreign_forms"
REQUESTS: Final = "figure_requests"
ANSWERS: Final = "figure_answers"
#: Who answers for a unit; the policy gives them the right.
ANSWERING: Final = (
    Role.TOWN_SUPERVISOR, Role.UNIT_LIAISON, Role.POLICE_OFFICER, Role.PROSECUTOR, Role.COURT_CLERK,
)  # fmt: skip
READERS = frozenset(Role) - {Role.DOCTOR, Role.SECURITY_OFFICER}


def may_read_figures(actor: Actor) -> Decision:
    """Doctors and the security officer have no use for them."""
    if actor.has_role(*READERS):
        return Decision(True, "")
    return Decision(False, _("您的角色不使用这些数字;工作需要的,请向安全管理员申请授权。"))


class NotAllowed(PermissionError):
    """The actor may not do this; the message is the reason as printed."""


def require(decision: Decision) -> None:
    """Raise NotAllowed unless allowed."""
    if not decision.allowed:
        raise NotAllowed(decision.reason)


def forms_visible(actor: Actor, on: date) -> ForeignFormQuerySet:
    """Other offices' forms that ``actor``'s own unit keeps.

    Only its own: a filling holds small numbers as they are open to that unit, and to no other.
    """
    return _own(actor, ForeignForm.objects.select_related("unit__division"), FORMS, on)


def may_keep_forms(actor: Actor, on: date) -> Decision:
    """Receive, bind, fill and retire forms of one's own unit."""
    if actor.unit_id is None:
        return Decision(False, _("您的账号没有单位,不能保管来表。"))
    return may(actor, Action.CREATE, compartment=Compartment.INTERNAL, ledger=FORMS, unit_id=actor.unit_id, on=on)


def may_change_form(actor: Actor, form: ForeignForm, on: date) -> Decision:
    return may(actor, Action.CHANGE, compartment=Compartment.INTERNAL, ledger=FORMS, unit_id=form.unit_id, on=on)


def requests_visible(actor: Actor, on: date) -> FigureRequestQuerySet:
    """Requests for figures that ``actor``'s own unit handles: what is on file stands there as open to that unit."""
    return _own(actor, FigureRequest.objects.select_related("unit__division"), REQUESTS, on)


def may_keep_requests(actor: Actor, on: date) -> Decision:
    if actor.unit_id is None:
        return Decision(False, _("您的账号没有单位,不能承办要数。"))
    return may(actor, Action.CREATE, compartment=Compartment.INTERNAL, ledger=REQUESTS, unit_id=actor.unit_id, on=on)


def may_change_request(actor: Actor, asked: FigureRequest, on: date) -> Decision:
    return may(actor, Action.CHANGE, compartment=Compartment.INTERNAL, ledger=REQUESTS, unit_id=asked.unit_id, on=on)


def answers_visible(actor: Actor, on: date, *, action: Action = Action.READ) -> FigureAnswerQuerySet:
    """What ``actor``'s own unit has been asked, of requests that were passed on. ``action`` CHANGE: that it may answer."""
    rows: Any = FigureAnswer.objects.select_related("question__request__unit", "unit", "division")
    found: Any = visible_to(actor, rows, compartment=Compartment.INTERNAL, ledger=ANSWERS, on=on, action=action)
    return found.filter(unit_id=actor.unit_id).exclude(question__request__state=RequestState.DRAFT)  # type: ignore[no-any-return]


def may_answer(actor: Actor, answer: FigureAnswer, on: date) -> Decision:
    return may(actor, Action.CHANGE, compartment=Compartment.INTERNAL, ledger=ANSWERS, unit_id=answer.unit_id, division_id=0, on=on)


def may_judge_answer(actor: Actor, answer: FigureAnswer, on: date) -> Decision:
    """Send an answer back or excuse the unit: the office that handles the request, never the unit that answers."""
    if answer.question.request.unit_id != actor.unit_id:
        return Decision(False, _("这件要数由%(unit)s承办,请与其联系。") % {"unit": answer.question.request.unit.label})
    return may(
        actor,
        Action.APPROVE,
        compartment=Compartment.INTERNAL,
        ledger=ANSWERS,
        division_id=answer.question.request.division_id,
        unit_id=0,
        on=on,
    )


def _own(actor: Actor, rows: Any, ledger: str, on: date) -> Any:
    found: Any = visible_to(actor, rows, compartment=Compartment.INTERNAL, ledger=ledger, on=on)
    return found.filter(unit_id=actor.unit_id)

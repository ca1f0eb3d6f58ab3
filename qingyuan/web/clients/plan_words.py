"""A plan and its goals in the words of a page: how it stands, what is to be reached, what was found at the last look."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from qingyuan.reference.catalogue import get_list
from qingyuan.rehabilitation import planning as reads
from qingyuan.rehabilitation.models import CarePlan, PlanGoal, PlanLook
from qingyuan.rehabilitation.way import Way


@dataclass(frozen=True)
class Goal:
    """``outcome`` in words, empty while nobody has looked; ``looked_on`` the day of the last look."""

    row: PlanGoal
    goal: str
    own_words: str
    by_on: date
    outcome: str
    looked_on: date | None
    here: bool


@dataclass(frozen=True)
class Card:
    """A plan on the person's page: ``words`` says how it stands."""

    plan: CarePlan | None
    words: str
    goals: list[Goal]


def card(way: Way) -> Card:
    """The plan that counts; the caller has asked whose person this is."""
    if not way.chain.plans:
        return Card(None, "", [])
    plan = way.chain.plans[-1]
    return Card(plan, state(reads.standing(plan))[0], goals(reads.goals_of(plan)))


def goals(found: Sequence[PlanGoal]) -> list[Goal]:
    codes = get_list("goal_outcomes")
    return [
        Goal(one, one.goal, one.own_words, one.by_on, codes.said(one.outcome) if one.outcome else "", one.looked_on, one.unit_id == one.client.unit_id)
        for one in found
    ]


def state(look: PlanLook | None) -> tuple[str, str]:
    """How a plan stands, as (words, tone of the tag)."""
    if look is None:
        return _("等专干看"), "grey"
    return (_("专干已同意"), "acc") if look.agreed else (_("退回修改"), "soon")

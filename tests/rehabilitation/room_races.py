"""Two people at one line of a check-up, one referral, one request of a person, one draw. Run by test_room_races.

Each race has a person of its own, so that one that breaks leaves the others as they are.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, Final

from django.conf import settings
from django.test import Client as Browser

from qingyuan.casework.enums import ServedState
from qingyuan.casework.models import ServedPaper
from qingyuan.foundation.audit.models import WriteEntry
from qingyuan.ledgers import registry
from qingyuan.ledgers.declaration import Draft
from qingyuan.ledgers.writing import CannotVoid, DuplicateRow, RowChanged
from qingyuan.rehabilitation.actions import campaigns, draws, helping, own_page
from qingyuan.rehabilitation.actions.campaigns import CampaignRefused
from qingyuan.rehabilitation.actions.draws import CannotDraw
from qingyuan.rehabilitation.actions.helping import HelpRefused
from qingyuan.rehabilitation.actions.own_page import OwnPageRefused
from qingyuan.rehabilitation.campaigns import LINES
from qingyuan.rehabilitation.enums import AskedFor, AskedState, EndState, ReferralState
from qingyuan.rehabilitation.models import (
    Campaign,
    CampaignLine,
    CarePlan,
    Client,
    OwnCode,
    OwnRequest,
    PlanGoal,
    Referral,
    TestDraw,
)
from qingyuan.rehabilitation.papers import OWN_CODE
from qingyuan.web.own_page.views import REFUSED, TOO_MANY
from tests import schema
from tests.at_once import at_once
from tests.cast import TODAY, City, found_city, measure_values

PIN: Final = "402817"
ONE: Final = {"done": 1, "refused": 3}
Race = Callable[["Here"], object]


class Here:
    """A city, a person for every race, the check-up with a line for each; ``bare``: without locks."""

    def __init__(self, bare: bool) -> None:
        self.bare = bare
        self.city: City = found_city()
        self.city.units["education"].kind = "education"
        self.city.units["education"].save()
        self.serial = 0
        for serial in range(16):
            self.city.enter("measures", "supervisor", measure_values(self.city, serial))
        self.people = list(Client.objects.order_by("created_at", "pk"))
        self.campaign = self.issue("云禁毒办〔2022〕31号")

    def person(self) -> Client:
        """Another one each time."""
        self.serial += 1
        return self.people[self.serial - 1]

    def issue(self, number: str) -> Campaign:
        return campaigns.issue(
            title="清源大普查", document_number=number, starts_on=date(2022, 11, 1), ends_on=date(2022, 12, 31),
            reference_on=date(2022, 10, 31), places=[self.city.divisions["云岭市"]], by=self.city.actor("clerk"),
        )  # fmt: skip

    def line(self, person: Client) -> Any:
        return CampaignLine.objects.select_related("client", "campaign").get(campaign=self.campaign, client=person)

    def say(self, line: Any, state: str, who: str = "supervisor", **more: Any) -> Callable[[], object]:
        by = self.city.actor(who)
        given = {"happened_on": TODAY, "words": "在村委会见到"} | more
        return lambda: campaigns.say(line=line, state=state, by=by, version=line.version, **given)

    def second_line(self, here: Any) -> Any:
        made = campaigns.new_line(
            campaign=here.campaign, client_id=here.client_id, unit_id=self.city.units["shiqiao"].pk,
            division_id=self.city.divisions["石桥镇"].pk, rows={"measure_id": here.measure_id},
        )  # fmt: skip
        made.save(force_insert=True)
        return made

    def refer(self, person: Client) -> Referral:
        return helping.refer(
            client=person, kind="schooling", to_unit=self.city.units["education"], need="本人想上夜校", fields=["name", "need"],
            consent_on=TODAY, consent_until=TODAY + timedelta(days=90), consent_paper_number="同意书2022-7", by=self.city.actor("supervisor"),
        )  # fmt: skip

    def answered(self, referral: Referral, accepted: bool) -> Callable[[], object]:
        by = self.city.actor("liaison")
        return lambda: helping.answer(referral=referral, accepted=accepted, words="下周一到学籍科", by=by)

    def meet(self, acts: list[Callable[[], object]], *refusals: type[Exception]) -> dict[str, int]:
        return at_once(acts, *refusals, bare=self.bare)


def _logged(act: str, row: object) -> int:
    return WriteEntry.objects.filter(act=act, row_id=str(row)).count()


# --- the check-up ------------------------------------------------------------------------------------------------------------
def line_said(here: Here) -> object:
    line = here.line(here.person())
    ends = [EndState.SEEN, EndState.SEEN, EndState.ABROAD, EndState.AWAY_IN_TOUCH]
    said = here.meet([here.say(line, end, paper_number="证1号") for end in ends], CampaignRefused)
    return said, here.line(line.client).version - line.version


def line_by_page_and_by_table(here: Here) -> object:
    person = here.person()
    line, rows = here.line(person), [here.line(person) for _number in range(2)]  # a change writes into the row it is given
    declared, writing = registry.get(LINES), here.city.writing("supervisor")
    values = {"state": EndState.SEEN, "happened_on": TODAY, "words": "入户见到", "paper_number": "", "to_place": ""}

    def by_table(row: Any) -> Callable[[], object]:
        draft = Draft(number=1, values=dict(values), division_id=row.division_id, unit_id=row.unit_id, target_id=row.pk)
        change: Any = declared.change
        return lambda: change(changes=[(row, draft)], writing=writing)

    said = here.meet([*map(by_table, rows), here.say(line, EndState.ABROAD, paper_number="证2号"), here.say(line, EndState.SEEN)], CampaignRefused, RowChanged)
    return said, here.line(line.client).version - line.version


def both_call_theirs_the_duplicate(here: Here) -> object:
    line = here.line(here.person())
    other = here.second_line(line)
    return here.meet([here.say(line, EndState.DUPLICATE), here.say(other, EndState.DUPLICATE, "stranger")], CampaignRefused)


def line_signed_for(here: Here) -> object:
    line = here.line(here.person())
    here.say(line, EndState.ELSEWHERE, to_unit=here.city.units["shiqiao"])()
    by = here.city.actor("stranger")
    signs = [lambda: campaigns.sign_for(line=line, by=by)] * 2
    downs = [lambda: campaigns.turn_down(line=line, words="查无此人", by=by)] * 2
    said = here.meet([*signs, *downs], CampaignRefused)
    held = here.line(line.client) if line is None else CampaignLine.objects.get(pk=line.pk)
    there = CampaignLine.objects.filter(received_from=line.pk).count()
    return said, there == (1 if held.accepted_at else 0)


def campaign_taken_back_while_a_line_is_said(here: Here) -> object:
    campaign = here.issue("云禁毒办〔2022〕35号")
    line = CampaignLine.objects.select_related("client", "campaign").get(campaign=campaign, client=here.person())
    clerk = here.city.actor("clerk")
    said = here.meet([lambda: campaigns.withdraw(campaign=campaign, reason="印错", by=clerk), here.say(line, EndState.SEEN)], CampaignRefused)
    back = Campaign.objects.get(pk=campaign.pk).withdrawn_at is not None
    return said, back != bool(CampaignLine.frame.get(pk=line.pk).state)


def campaign_issued(here: Here) -> object:
    number = "云禁毒办〔2022〕40号"
    said = here.meet([lambda: here.issue(number)] * 4, CampaignRefused)
    made = Campaign.objects.get(document_number=number)
    lines = CampaignLine.frame.filter(campaign=made)
    return said, lines.count() == len(here.people) == lines.values("client").distinct().count()


# --- referrals ---------------------------------------------------------------------------------------------------------------
def need_referred(here: Here) -> object:
    person = here.person()
    return here.meet([lambda: here.refer(person)] * 4, HelpRefused), Referral.objects.filter(client=person).count()


def referral_answered(here: Here) -> object:
    made = here.refer(here.person())
    said = here.meet([here.answered(made, accepted) for accepted in (True, True, False, False)], HelpRefused)
    return said, _logged("referrals.answer", made.pk)


def referral_answered_while_the_consent_is_taken_back(here: Here) -> object:
    """Whoever was first, the consent is gone, and an answer that was given is still there to be read by the helper."""
    made, helper = here.refer(here.person()), here.city.actor("supervisor")
    here.meet([here.answered(made, True), lambda: helping.withdraw(referral=made, by=helper)], HelpRefused)
    held = Referral.objects.get(pk=made.pk)
    return held.state == ReferralState.WITHDRAWN, _logged("referrals.answer", made.pk) == (1 if held.answer else 0)


def referral_closed(here: Here) -> object:
    made, by = here.refer(here.person()), here.city.actor("liaison")
    here.answered(made, True)()
    said = here.meet([lambda: helping.close(referral=made, outcome="已报名", closed_on=TODAY, by=by)] * 4, HelpRefused)
    return said, _logged("referrals.close", made.pk)


# --- the person's own page ---------------------------------------------------------------------------------------------------
def leave_decided(here: Here) -> object:
    made, by = _leave(here.person()), here.city.actor("supervisor")

    def decide(agreed: bool) -> Callable[[], object]:
        return lambda: own_page.answer(request=made, agreed=agreed, words="按时回来", by=by)

    said = here.meet([decide(True), decide(True), decide(False), decide(False)], OwnPageRefused)
    return said, _logged("own-requests.answer", made.pk)


def asked_while_another_is_decided(here: Here) -> object:
    """Four wait, one of them is being answered, four more come: never more than five wait."""
    person, by = here.person(), here.city.actor("supervisor")
    waiting = [_leave(person) for _number in range(own_page.MOST_WAITING - 1)]
    acts: list[Callable[[], object]] = [lambda: own_page.answer(request=waiting[0], agreed=True, words="", by=by)]
    here.meet(acts + [lambda: _leave(person)] * 4, OwnPageRefused)
    left = OwnRequest.objects.filter(client=person, state=AskedState.WAITING).count()
    return OwnRequest.objects.get(pk=waiting[0].pk).state == AskedState.AGREED, left <= own_page.MOST_WAITING


def pin_set(here: Here) -> object:
    code = _code(here)
    pins = ("402817", "518203", "730915", "649028")
    said = here.meet([lambda pin=pin: own_page.set_pin(code=code, pin=pin) for pin in pins], OwnPageRefused)  # type: ignore[misc]
    held = OwnCode.objects.get(pk=code.pk)
    return said, sum(own_page.opens(held, pin) for pin in pins), _logged("own-codes.set_pin", code.pk)


def paper_replaced(here: Here) -> object:
    person, by = here.person(), here.city.actor("supervisor")
    said = here.meet([lambda: own_page.hand_out(client=person, by=by)] * 3)
    rows = [row.pk for row in person.measures.all()]
    papers = ServedPaper.objects.filter(form=OWN_CODE, subject_id__in=rows)
    counts = [papers.filter(state=state).count() for state in (ServedState.ISSUED, ServedState.WITHDRAWN)]
    return said, OwnCode.objects.filter(client=person, revoked_at=None).count(), counts


class MustWait(Exception):
    """The page says that one has tried too often."""


def pin_guessed(here: Here) -> object:
    """After one wrong guess, twelve at one time: four more are weighed, as in a row, and the other eight are told to wait."""
    person = here.person()
    number = own_page.hand_out(client=person, by=here.city.actor("supervisor"))
    own_page.set_pin(code=OwnCode.objects.get(client=person), pin=PIN)

    def guess(pin: str) -> Callable[[], object]:
        def post() -> None:
            answer = Browser(SERVER_NAME="localhost").post("/own/", {"code": number, "pin": pin})
            if answer.status_code == TOO_MANY:
                raise MustWait
            assert answer.status_code == REFUSED, answer.status_code

        return post

    guess("518299")()
    return here.meet([guess(f"5182{number:02}") for number in range(12)], MustWait)


def _leave(person: Client) -> OwnRequest:
    return own_page.ask(client=person, asked_for=AskedFor.LEAVE, words="看病", from_day=TODAY, until_day=TODAY + timedelta(days=2))


def _code(here: Here) -> OwnCode:
    person = here.person()
    own_page.hand_out(client=person, by=here.city.actor("supervisor"))
    return OwnCode.objects.get(client=person, revoked_at=None)


# --- plans -------------------------------------------------------------------------------------------------------------------
def plan_voided_while_a_goal_is_added(here: Here) -> object:
    """Never a goal under a voided plan: whoever is second is told."""
    person, writing = here.person(), here.city.writing("supervisor", "登记错误")
    who = {"name": person.name, "id_number": person.id_number}
    [plan] = here.city.enter("care_plans", "supervisor", who | {"made_on": date(2022, 5, 1), "skills": "学电工", "review_on": date(2022, 12, 1)})
    goals, care_plans = registry.get("plan_goals"), registry.get("care_plans")
    draft = Draft(number=1, values=who | {"set_on": date(2022, 5, 2), "number": 1, "goal": "学完电工班", "by_on": date(2022, 12, 31)})
    prepare: Any = goals.prepare
    prepare([draft], writing)
    said = here.meet(
        [lambda: goals.create(drafts=[draft], writing=writing), lambda: care_plans.void(rows=[plan], writing=writing)],
        CannotVoid, DuplicateRow, RowChanged,
    )  # fmt: skip
    voided = CarePlan.everything.filter(pk=plan.pk, voided_at__isnull=False).exists()
    return said, voided != PlanGoal.objects.filter(plan_id=plan.pk).exists()


# --- draws of surprise tests -------------------------------------------------------------------------------------------------
def test_drawn(here: Here) -> object:
    by = here.city.actor("supervisor")
    made = draws.begin(unit=here.city.units["longdong"], test_on=TODAY, size=2, by=by)
    froze = here.meet([lambda: draws.freeze(draw_id=made.pk, by=by)] * 4, CannotDraw)
    shown = here.meet([lambda: draws.reveal(draw_id=made.pk, by=by)] * 4, CannotDraw)
    return froze, shown, len(TestDraw.objects.get(pk=made.pk).drawn)


RACES: Final[dict[Race, object]] = {
    line_said: (ONE, 1),
    line_by_page_and_by_table: (ONE, 1),
    both_call_theirs_the_duplicate: {"done": 1, "refused": 1},
    line_signed_for: (ONE, True),
    campaign_taken_back_while_a_line_is_said: ({"done": 1, "refused": 1}, True),
    campaign_issued: (ONE, True),
    need_referred: (ONE, 1),
    referral_answered: (ONE, 1),
    referral_answered_while_the_consent_is_taken_back: (True, True),
    referral_closed: (ONE, 1),
    leave_decided: (ONE, 1),
    asked_while_another_is_decided: (True, True),
    pin_set: (ONE, 1, 1),
    pin_guessed: {"done": 4, "refused": 8},
    paper_replaced: ({"done": 3}, 1, [1, 2]),
    plan_voided_while_a_goal_is_added: ({"done": 1, "refused": 1}, True),
    test_drawn: (ONE, ONE, 2),
}
#: Held by a key of the table as well: without the lock the second is still told.
BY_KEY: Final = frozenset({"campaign_issued"})


def race(bare: bool = False) -> dict[str, Any]:
    settings.QINGYUAN_TODAY = date(2022, 11, 23)
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

"""Pure rules of hand-overs, and any sequence of offers and answers: one owner at each moment, and history adds up to it."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import example, given, settings
from hypothesis import strategies as st

from qingyuan.casework.actions import handovers
from qingyuan.casework.actions.handovers import HandOverRefused, Terms
from qingyuan.casework.enums import HandOverState
from qingyuan.casework.handovers import rules
from qingyuan.casework.handovers.rules import AlreadyAnswered, Move, Passed
from qingyuan.casework.models import Due, HandOver, HandOverRow
from qingyuan.organisation.models import Account, RoleGrant
from qingyuan.reference import holidays
from qingyuan.reference.catalogue import UnknownCode, get_list
from qingyuan.rehabilitation.actions.handing import CODE
from qingyuan.rehabilitation.models import Client, Measure
from tests.cast import BEGAN, City, measure_values


def test_an_offer_is_answered_once() -> None:
    for move in Move:
        assert rules.after(HandOverState.OFFERED, move) == rules.AFTER[move]
        for answered in (HandOverState.ACCEPTED, HandOverState.REFUSED, HandOverState.WITHDRAWN):
            with pytest.raises(AlreadyAnswered):
                rules.after(answered, move)


@pytest.mark.parametrize(
    ("reason", "counted_from", "last"),
    [
        ("moved", "2022-11-23", "2022-12-08"),  # fifteen days, DR22
        ("moved", "2022-11-18", "2022-12-05"),  # the fifteenth is a Saturday: Monday
        ("balance", "2022-11-23", "2022-11-30"),  # five working days
        ("post_left", "2022-09-28", "2022-10-10"),  # over the holiday; the weekend after it was worked
    ],
)
def test_the_last_day_to_answer(reason: str, counted_from: str, last: str) -> None:
    found = rules.answer_by(reason, date.fromisoformat(counted_from))
    assert found.day == date.fromisoformat(last)
    assert ("戒毒条例" in found.basis) is (reason == "moved")


def test_a_reason_that_is_not_on_the_list_has_no_last_day() -> None:
    with pytest.raises(UnknownCode):
        rules.answer_by("because", date(2022, 11, 23))


@given(st.sampled_from([code.code for code in get_list(rules.REASONS) if code.code != "moved"]), st.dates(date(2022, 1, 1), date(2022, 12, 1)))
def test_working_days_by_ticking_a_calendar(reason: str, start: date) -> None:
    day, left = start, 5
    while left:
        day += timedelta(days=1)
        left -= holidays.is_working_day(day)
    assert rules.answer_by(reason, start).day == day


def test_the_ratio_says_where_it_stands() -> None:
    ratio = rules.ratio_on(date(2022, 11, 23))
    assert (ratio.people, ratio.confirmed) == (30, False)
    assert "每个乡镇至少一名" in ratio.note and "戒毒条例" in ratio.cite


@given(st.dictionaries(st.integers(0, 20), st.integers(0, 40), min_size=1, max_size=8), st.lists(st.integers(), unique=True, max_size=60))
def test_a_spread_leaves_nobody_out_and_levels_as_far_as_it_can(load: dict[int, int], cases: list[int]) -> None:
    found = rules.spread(cases, load)
    assert set(found) == set(cases) and set(found.values()) <= set(load)
    after = Counter(load)
    after.update(found.values())
    given_any = set(found.values())
    # Whoever was given somebody had, before the last of them, no more than the emptiest has now.
    assert all(after[worker] - 1 <= min(after[one] for one in load) for worker in given_any)
    assert rules.spread(cases, load) == found


def test_nobody_to_give_to_is_said() -> None:
    with pytest.raises(ValueError, match="nobody"):
        rules.spread([1], {})


def test_a_window_of_the_past_stays_with_whoever_owned_the_row_then() -> None:
    first, second = Passed(date(2022, 3, 1), 1, 1), Passed(date(2022, 6, 1), 2, 2)
    both = (first, second)
    assert rules.stood_at(both, closes=date(2022, 3, 1), done=None) == first
    assert rules.stood_at(both, closes=date(2022, 3, 2), done=None) == second
    assert rules.stood_at(both, closes=date(2022, 6, 2), done=None) is None
    assert rules.stood_at(both, closes=date(2022, 6, 2), done=date(2022, 2, 28)) == first
    assert rules.stood_at(both, closes=date(2022, 6, 2), done=date(2022, 6, 1)) is None
    assert rules.stood_at((), closes=date(2022, 1, 1), done=None) is None


# --- any sequence, through the actions ----------------------------------------------------------------------------------
ACTORS = ("supervisor", "caseworker", "colleague", "stranger", "clerk")
SUPERVISORS = {"longdong": "supervisor", "shiqiao": "stranger"}
Step = tuple[str, str | None, int]
# Who acts: in most steps the one whose turn it is (None), else anybody.
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["offer", "offer", "accept", "accept", "refuse", "withdraw", "reassign"]),
        st.one_of(st.none(), st.none(), st.sampled_from(ACTORS)),
        st.integers(0, 3),
    ),
    min_size=1,
    max_size=12,
)
THERE_AND_BACK: list[Step] = [
    ("offer", None, 0), ("offer", None, 0), ("accept", None, 0), ("accept", None, 0), ("offer", None, 1), ("refuse", None, 0),
    ("offer", None, 0), ("accept", None, 0), ("reassign", None, 1), ("offer", None, 1), ("withdraw", None, 0), ("accept", "clerk", 0),
]  # fmt: skip


class Undone(Exception):
    """Ends an example and takes its rows back."""


@pytest.fixture
def two_towns(city: City) -> City:
    account = Account.objects.create(username="colleague", name="同事甲", unit=city.units["longdong"])
    RoleGrant.objects.create(account=account, role="caseworker", division=city.divisions["龙洞镇"], start=BEGAN, granted_by="set-up")
    city.accounts["colleague"] = account
    city.enter("measures", "caseworker", measure_values(city, 1), measure_values(city, 2))
    return city


@pytest.mark.django_db
def test_any_sequence_leaves_one_owner_and_a_history_that_adds_up(two_towns: City) -> None:
    people = list(Client.objects.order_by("created_at", "pk"))
    began = {one.pk: (one.unit_id, one.caseworker_id) for one in people}
    tried: Counter[str] = Counter()

    @settings(max_examples=25)
    @given(STEPS)
    @example(THERE_AND_BACK)
    def play(steps: list[Step]) -> None:
        with suppress(Undone), transaction.atomic():
            for what, who, choice in steps:
                before = owners(people)
                try:
                    with transaction.atomic():
                        take(two_towns, people, what, who, choice)
                except HandOverRefused:
                    assert owners(people) == before, "what is refused moves nothing"
                    tried["refused"] += 1
                else:
                    tried[what] += 1
                    assert what in ("accept", "reassign") or owners(people) == before, what
                check_one_owner(people)
            assert added_up(people, began) == owners(people)
            raise Undone

    play()
    assert all(tried[what] for what in ("offer", "accept", "refuse", "withdraw", "reassign", "refused")), tried


def take(city: City, people: list[Client], what: str, who: str | None, choice: int) -> None:
    """One step by somebody, on the person or offer that ``choice`` names; many of them are refused, and should be."""
    person = Client.objects.get(pk=people[choice % len(people)].pk)
    home = person.unit.code
    if what in ("offer", "reassign"):
        by = city.actor(who or SUPERVISORS[home])
    if what == "offer":
        unit = city.units[home if choice > 2 else "shiqiao" if home == "longdong" else "longdong"]
        colleague = city.accounts["colleague"] if unit.code == home else None
        handovers.offer(
            keeper=CODE, subjects=[person.pk], to_unit=unit, to_caseworker=colleague, terms=Terms("moved", "迁居"), by=by
        )
        return
    if what == "reassign":
        worker = city.accounts[("caseworker", "colleague", "stranger", "supervisor")[choice]].pk
        handovers.reassign(keeper=CODE, shares={person.pk: worker}, terms=Terms("balance", "平衡"), by=by)
        return
    offers = sorted(HandOver.objects.order_by("-offered_at", "-pk"), key=lambda offered: offered.state != "offered")
    if not offers:
        raise HandOverRefused
    one = offers[choice % len(offers)]
    by = city.actor(who or SUPERVISORS[(one.unit if what == "withdraw" else one.to_unit).code])
    if what == "accept":
        handovers.accept(handover=one, by=by)
    elif what == "refuse":
        handovers.refuse(handover=one, why="不在本镇", by=by)
    else:
        handovers.withdraw(handover=one, why="不迁了", by=by)


def owners(people: list[Client]) -> dict[Any, tuple[int, int | None]]:
    found = Client.objects.filter(pk__in=[one.pk for one in people])
    return {one.pk: (one.unit_id, one.caseworker_id) for one in found}


def check_one_owner(people: list[Client]) -> None:
    """The person, the running measure and every window still open name the same owner; one offer at most waits for each."""
    for pk, (unit_id, caseworker_id) in owners(people).items():
        [measure] = Measure.objects.filter(client_id=pk)
        assert measure.unit_id == unit_id
        ahead = Due.objects.filter(subject_id=measure.pk, outcome="open", closes_on__gt=date(2022, 11, 23))
        assert set(ahead.values_list("unit_id", "caseworker_id")) == {(unit_id, caseworker_id)}
        assert HandOverRow.objects.filter(row_id=pk, open=True).count() <= 1


def added_up(people: list[Client], began: dict[Any, tuple[int, int | None]]) -> dict[Any, tuple[int, int | None]]:
    """Where everybody is by the accepted hand-overs alone, each beginning where the one before ended."""
    found = dict(began)
    for one in HandOver.objects.filter(state="accepted").order_by("answered_at", "pk"):
        for pk in one.rows.filter(ledger=CODE).values_list("row_id", flat=True):
            assert found[pk][0] == one.unit_id, "it was given by whoever owned it"
            found[pk] = (one.to_unit_id, one.to_caseworker_id)
    return found

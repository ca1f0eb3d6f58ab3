"""The live score of the cast's town, against arithmetic done by hand beside it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from qingyuan.foundation import clock
from qingyuan.governance.actions import manual, returns, snapshots
from qingyuan.governance.models import Letter, ManualEntry, Return, ScoreSnapshot
from qingyuan.governance.models.guarded import WrittenOnce
from qingyuan.governance.permissions import NotAllowed
from qingyuan.governance.queries import inputs, trees
from qingyuan.governance.queries.curve import score_curve, score_yesterday
from qingyuan.governance.queries.score import LetterScore, score_letter, scores_of_city
from qingyuan.governance.queries.trees import tree_of
from qingyuan.governance.scoring.score import SchemeNotInForce
from qingyuan.governance.scoring.serialise import tree_hash
from qingyuan.governance.scoring.tree import ClauseState
from qingyuan.indicators import store
from qingyuan.indicators.queries import rows_behind
from qingyuan.indicators.refresh import refresh
from qingyuan.reference.periods import Period
from qingyuan.situation.enums import CloseState
from qingyuan.situation.models import PeriodClose
from tests.cast import TODAY, id_number, measure_values
from tests.governance.conftest import Desk

pytestmark = pytest.mark.django_db

PEOPLE = 6
WINDOWS = (date(2022, 9, 1), date(2022, 10, 1), date(2022, 11, 1))  # a test day inside each closed monthly window
YTD = Period.parse("2022-01..2022-11")


@pytest.fixture
def town(desk: Desk) -> Desk:
    """龙洞镇: six people who reported in August and were tested 16 of 18 times; one has no agreement; two meetings."""
    city = desk.city
    for serial in range(PEOPLE):
        signed = {} if serial else {"agreement_on": None}
        dates = {"decided_on": date(2022, 8, 1), "served_on": date(2022, 8, 5), "reported_on": date(2022, 8, 10)}
        agreement = {"agreement_on": date(2022, 8, 12)}
        city.enter("measures", "supervisor", measure_values(city, serial, **(dates | agreement | signed)))
    done = [(serial, day) for day in WINDOWS for serial in range(PEOPLE)]
    for serial, day in done[:-2]:
        come_to_test(desk, serial, day)
    for number, chaired in ((1, True), (2, False)):
        city.enter(
            "meetings",
            "supervisor",
            {
                "held_on": date(2022, 3, number),
                "kind": "special",
                "title": f"第{number}次专题研究",
                "special_topic": True,
                "chaired_by_first": chaired,
                "decisions": "落实定期检测",
            },
        )
    refresh()
    return desk


def come_to_test(desk: Desk, serial: int, day: date) -> None:
    person = measure_values(desk.city, serial)
    desk.city.enter(
        "tests",
        "supervisor",
        {
            "name": person["name"],
            "id_number": id_number(100 + serial),
            "tested_on": day,
            "sample": "urine",
            "result": "negative",
            "purpose": "scheduled",
            "testers": ["李秀", "王平"],
        },
    )


def points(score: LetterScore) -> dict[str, Decimal | None]:
    return {clause.id: clause.points for clause in score.clauses}


def of(desk: Desk, letter: Letter, who: str = "supervisor", on: date = TODAY) -> LetterScore:
    return score_letter(letter, on, desk.actor(who))


def test_the_score_is_what_a_clerk_computes_by_hand(town: Desk) -> None:
    score = of(town, town.letter())
    rate = (Decimal(16) * 100 / 18 - 70) / (98 - 70) * 15  # 88.89 % between 70 % and 98 %
    assert points(score) == {
        "1.1": Decimal(10),  # two meetings, 5 each
        "1.2": Decimal(5),  # chaired once
        "1.3": None,
        "1.4": None,
        "2.1": Decimal(20),  # six of six in time
        "2.2": Decimal(18),  # one unsigned, 2 each
        "2.3": Decimal(9),  # two of eighteen missed, 0.5 each
        "2.4": rate.quantize(Decimal("0.01")),
        "3.1": None,
        "3.2": None,
    }
    assert score.total == Decimal("72.12")
    assert score.pending == 20
    assert score.tree is not None and score.tree_hash == tree_hash(score.tree)
    assert [clause.id for clause in score.losses] == ["2.4", "2.2", "2.3"]


def test_a_lost_half_point_opens_on_the_dues_that_were_not_done(town: Desk) -> None:
    score = of(town, town.letter())
    [drill] = score.clause("2.3").drills
    assert (drill.source, drill.code, drill.part, drill.count) == ("indicator", "R05", "missing", Decimal(2))
    query = inputs.question(drill.code, town.city.divisions["云岭市"].pk, drill.as_of)
    rows = rows_behind(query, part=drill.part, division_id=drill.division_id)
    assert (query.period, len(rows), {row.fact for row in rows}) == (YTD, 2, {"test_dues"})


def test_a_test_that_is_entered_raises_the_score_after_a_refresh(town: Desk) -> None:
    letter = town.letter()
    before = of(town, letter)
    assert of(town, letter).tree is before.tree
    come_to_test(town, PEOPLE - 1, WINDOWS[2])
    refresh()
    after = of(town, letter)
    assert after.clause("2.3").points == Decimal("9.5")
    assert after.total is not None and before.total is not None and after.total > before.total


def test_a_locked_return_filed_in_time_earns_its_clause(town: Desk) -> None:
    letter = town.letter()
    clerk, supervisor = town.actor("clerk"), town.actor("supervisor")
    in_time = datetime(2022, 11, 4, 9, tzinfo=clock.ZONE)
    returns.generate_due(city=town.city.divisions["云岭市"], month=Period.parse("2022-10"), by=clerk, at=in_time)
    filed = Return.objects.get(form="XZ-01", unit__code="longdong")
    cells = {"events": 1, "school_events": 0, "leaflets": 0, "workers": 1, "surveys": 0}
    filed = returns.save_draft(filed=filed, cells=cells, by=supervisor, at=in_time)
    filed = returns.submit(filed=filed, reviewer_name="罗镇长", by=supervisor, at=in_time)
    filed = returns.approve(filed=filed, by=town.actor("town_leader"))
    filed = returns.lock(filed=returns.approve(filed=filed, by=clerk), by=clerk)
    refresh()
    assert of(town, letter).clause("1.4").points == 5


def test_a_number_given_by_hand_counts_only_after_a_second_person(town: Desk) -> None:
    letter = town.letter()
    clerk, leader = town.actor("clerk"), town.actor("leader")
    with pytest.raises(manual.EntryRefused, match="理由"):
        manual.enter(letter=letter, key="manual:知晓率调查", value=Decimal("96.8"), reason="", by=clerk)
    with pytest.raises(manual.EntryRefused, match="没有要人工评定"):
        manual.enter(letter=letter, key="manual:别的", value=Decimal(1), reason="因为", by=clerk)
    with pytest.raises(NotAllowed):
        manual.enter(
            letter=letter, key="manual:知晓率调查", value=Decimal(100), reason="自评", by=town.actor("supervisor")
        )
    entry = manual.enter(
        letter=letter, key="manual:知晓率调查", value=Decimal("96.8"), reason="第三方调查,样本 420", by=clerk
    )
    waiting = of(town, letter).clause("3.1")
    assert (waiting.state, waiting.points) == (ClauseState.NOT_AVAILABLE, None)
    assert "第二人复核" in waiting.lines[0]
    with pytest.raises(manual.EntryRefused, match="换一人"):
        manual.review(entry=entry, by=clerk)
    manual.review(entry=entry, by=leader)
    assert of(town, letter).clause("3.1").points == 3
    with pytest.raises(WrittenOnce):
        ManualEntry.objects.update(value=Decimal(99))
    with pytest.raises(manual.EntryRefused, match="已有评定"):
        manual.enter(letter=letter, key="manual:知晓率调查", value=Decimal(98), reason="再调查", by=clerk)
    manual.withdraw(entry=entry, reason="调查作废", by=leader)
    assert of(town, letter).clause("3.1").points is None


def test_a_confirmed_forgery_fixes_the_grade(town: Desk) -> None:
    letter = town.letter()
    entry = manual.enter(
        letter=letter, key="manual:弄虚作假认定", value=Decimal(1), reason="纪监函〔2022〕3号", by=town.actor("clerk")
    )
    manual.review(entry=entry, by=town.actor("leader"))
    score = of(town, letter)
    assert score.grades == ("不合格",)
    assert any("弄虚作假" in clause.title for clause in score.vetoes if clause.state is ClauseState.SCORED)


def test_others_see_no_points_where_few_people_decide_and_cannot_compute_them(town: Desk) -> None:
    letter = town.letter()
    own, shown = of(town, letter), of(town, letter, "clerk")
    hidden = [clause for clause in shown.clauses if clause.hidden]
    assert {clause.id for clause in hidden} >= {"2.2", "2.3"}
    for clause in hidden:
        assert (clause.points, clause.inputs, clause.arithmetic, clause.steps) == (None, (), "", ())
        assert clause.word and clause.low < clause.high
        assert all(drill.count is None for drill in clause.drills)
    assert (shown.tree, shown.tree_hash, shown.pending, shown.total) == (None, "", None, None)
    assert own.total is not None and shown.low <= own.total <= shown.high
    assert shown.clause("1.1").points == 10
    for who in ("leader", "auditor", "stranger"):
        assert not of(town, letter, who).own
    for who in ("supervisor", "caseworker", "town_leader"):
        assert of(town, letter, who).own


def test_the_city_is_scored_with_one_question_per_indicator(town: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    town.letter("longdong")
    town.letter("shiqiao")
    asked: list[str] = []
    real = inputs.evaluate

    def counted(query: Any) -> Any:
        asked.append(query.indicator)
        return real(query)

    monkeypatch.setattr(inputs, "evaluate", counted)
    inputs._of_towns.cache_clear()
    city = town.city.divisions["云岭市"].pk
    scores = scores_of_city(city, 2022, TODAY, town.actor("clerk"))
    assert [score.letter.unit.code for score in scores] == ["longdong", "shiqiao"]
    assert sorted(asked) == ["G01", "G07", "R01", "R03", "R05"]
    assert [score.letter.unit.code for score in scores_of_city(city, 2022, TODAY, town.actor("stranger"))] == ["shiqiao"]
    assert scores_of_city(city, 2022, TODAY, town.actor("officer")) == []


def test_the_line_of_the_year_is_each_month_end_by_itself_and_then_today(town: Desk) -> None:
    letter = town.letter()
    line = score_curve(letter, TODAY, town.actor("supervisor"))
    assert [point.day.month for point in line] == [*range(1, 11), 11]
    assert line[-1].points == of(town, letter).total
    september = of(town, letter, on=date(2022, 9, 30))
    # By then one window had closed, and all six had come.
    assert (september.clause("2.3").points, september.clause("2.4").points) == (10, 15)
    assert line[8].points == september.total
    assert len(score_curve(letter, TODAY, town.actor("supervisor"), months=3)) == 4
    for point in score_curve(letter, TODAY, town.actor("clerk"), months=1):
        assert point.points is None and point.low < point.high


def test_yesterday_is_what_was_kept_and_is_closed_for_others_too(town: Desk) -> None:
    letter = town.letter()
    yesterday = TODAY - timedelta(days=1)
    assert snapshots.take(year=2022, on=yesterday, by=town.actor("clerk")) == 1
    assert snapshots.take(year=2022, on=yesterday, by=town.actor("clerk")) == 1
    kept = ScoreSnapshot.objects.get()
    come_to_test(town, PEOPLE - 1, WINDOWS[2])
    refresh()
    seen = score_yesterday(letter, TODAY, town.actor("supervisor"))
    assert seen is not None and seen.points == kept.points == Decimal("72.12")
    for_others = score_yesterday(letter, TODAY, town.actor("clerk"))
    assert for_others is not None and (for_others.points, for_others.grade) == (None, "")
    assert for_others.low < for_others.high


def test_a_day_outside_the_sheets_year_is_refused(town: Desk) -> None:
    with pytest.raises(SchemeNotInForce):
        of(town, town.letter(), on=date(2023, 1, 1))


def test_a_warm_score_asks_the_facts_nothing_and_reckons_nothing_anew(
    town: Desk, monkeypatch: pytest.MonkeyPatch, django_assert_max_num_queries: Any
) -> None:
    letter = town.letter()
    cold = {who: of(town, letter, who) for who in ("supervisor", "clerk")}

    def refused(*_args: Any, **_more: Any) -> Any:
        raise AssertionError("a warm score is taken from the shelf")

    monkeypatch.setattr(trees, "score", refused)
    monkeypatch.setattr(type(store.current()), "query", refused)
    for who, score in cold.items():
        with django_assert_max_num_queries(12):
            assert of(town, letter, who) == score


def test_the_last_day_of_a_closed_year_is_scored_from_the_closed_figures(town: Desk) -> None:
    """During the year the score is live; what is recorded after December is closed changes the answer no more."""
    letter, city, last, moment = town.letter(), town.city.divisions["云岭市"], date(2022, 12, 31), clock.now()
    for month in Period.parse("2022").months():
        PeriodClose.objects.create(
            division=city, unit=town.city.units["office"], period=str(month), state=CloseState.CLOSED,
            asked_at=moment, known_until=moment, decided_at=moment, decided_by_id=1, decided_by_name="秦川",
        )  # fmt: skip
    assert inputs.known_at(city.pk, last) == moment
    assert inputs.known_at(city.pk, TODAY) is None
    closed = tree_of(letter, last).clause("1.1").inputs[0].amount
    live = tree_of(letter, TODAY).clause("1.1").inputs[0].amount
    meeting = {"held_on": date(2022, 3, 9), "kind": "special", "title": "补记的会", "special_topic": True, "decisions": "落实"}
    town.city.enter("meetings", "supervisor", meeting)
    refresh()
    assert tree_of(letter, last).clause("1.1").inputs[0].amount == closed
    assert tree_of(letter, TODAY).clause("1.1").inputs[0].amount == (live or 0) + 1

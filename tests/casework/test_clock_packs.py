"""The city's rule pack: from the setting or the province of its divisions; when it changes, clocks are reckoned anew."""

from __future__ import annotations

import argparse
import json
from datetime import date
from typing import Any

import pytest
from django.test import override_settings

from qingyuan.casework.actions import clocks
from qingyuan.casework.actions.clocks import Given
from qingyuan.casework.clocks import queries
from qingyuan.casework.models import ClockEvent, RunningClock
from qingyuan.cli.commands import pack as command
from qingyuan.foundation.audit.models import WriteEntry
from qingyuan.ledgers import registry
from qingyuan.organisation.models import Division
from qingyuan.organisation.queries import city_pack
from qingyuan.reference.packs import pack_of_division
from tests.cast import TODAY, City, measure_values

pytestmark = pytest.mark.django_db
SERVED = date(2022, 11, 3)
ZHEJIANG = override_settings(QINGYUAN_RULE_PACK="zhejiang")


def waiting(city: City, serial: int = 1) -> Any:
    days = {"decided_on": date(2022, 11, 1), "served_on": SERVED, "reported_on": None, "agreement_on": None}
    return city.enter("measures", "supervisor", measure_values(city, serial, **days))[0]


def of(row: Any, code: str = "D20") -> RunningClock:
    return RunningClock.objects.get(subject_id=row.pk, code=code)


def call(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    assert command.run(parser.parse_args([*words, "--json"])) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


@pytest.mark.parametrize(
    ("code", "pack"), [("330106000000", "zhejiang"), ("500101", "chongqing"), ("522301", "national"), ("999901", "national"), ("", "national")]
)
def test_the_province_of_a_division_names_the_pack_and_where_none_is_shipped_the_national_one(code: str, pack: str) -> None:
    assert pack_of_division(code) == pack


def test_a_city_of_a_province_with_a_pack_uses_it_and_the_setting_goes_before(city: City) -> None:
    assert city_pack().code == "national"
    first = Division.objects.order_by("code").first()
    Division.objects.filter(pk=first.pk).update(code="33")  # type: ignore[union-attr]
    assert city_pack().code == "zhejiang"
    with override_settings(QINGYUAN_RULE_PACK="national"):
        assert city_pack().code == "national"


def test_a_row_runs_its_clock_under_the_city_s_pack_and_the_answer_rests_on_it(city: City) -> None:
    with ZHEJIANG:
        running = of(waiting(city))
    assert (running.pack, running.last_day, running.latest) == ("zhejiang", date(2022, 11, 7), date(2022, 11, 18))
    said = queries.asked(running, list(running.events.all()), TODAY).answer
    assert said is not None and "《浙江禁毒条例》第三十七条" in str(said.reasons[0]) and not said.confirmed


def test_the_due_day_of_the_measure_itself_follows_the_same_pack(city: City) -> None:
    with ZHEJIANG:
        assert waiting(city).report_due == date(2022, 11, 7)
    assert waiting(city, 2).report_due == date(2022, 11, 18)


def test_changing_the_pack_reckons_every_clock_anew_and_keeps_what_people_recorded(city: City) -> None:
    row = waiting(city)
    running = of(row)
    clocks.record(running=running, given=Given("custody", date(2022, 11, 4)), version=running.version, by=city.actor("supervisor"))
    events, version = ClockEvent.objects.count(), of(row).version
    with ZHEJIANG:
        assert clocks.replay() == 1
        moved = of(row)
        assert (moved.pack, moved.paused_from, moved.version) == ("zhejiang", date(2022, 11, 4), version + 1)
        assert ClockEvent.objects.count() == events
        assert clocks.replay() == 0
    assert WriteEntry.objects.filter(act="clocks.follow").count() == 1
    assert clocks.replay() == 1 and of(row).pack == "national"


def test_a_clock_that_its_row_has_ended_stays_ended_under_another_pack(city: City) -> None:
    row = waiting(city)
    registry.get("measures").void(rows=[row], writing=city.writing("supervisor", "登错"))
    ended = of(row)
    with ZHEJIANG:
        assert clocks.replay() == 1
        again = of(row)
    assert (again.pack, again.end, again.ended_on) == ("zhejiang", "row", ended.ended_on)
    assert again.last_day == date(2022, 11, 7)


def test_a_clock_that_was_answered_says_anew_whether_it_was_in_time(city: City) -> None:
    days = {"decided_on": date(2022, 11, 1), "served_on": SERVED, "reported_on": date(2022, 11, 10), "agreement_on": None}
    (row,) = city.enter("measures", "supervisor", measure_values(city, 1, **days))
    with ZHEJIANG:
        assert clocks.replay() == RunningClock.objects.count()
        running = of(row)
        said = queries.asked(running, list(running.events.all()), TODAY).answer
    assert said is not None and (running.end, str(said.state)) == ("done", "done_late")
    assert said.latest == date(2022, 11, 18), "within the outermost term: nothing may be concluded from the earlier one"


def test_the_command_says_what_rests_on_what_and_replays(city: City, capsys: pytest.CaptureFixture[str]) -> None:
    waiting(city)
    assert call(capsys) == {"pack": "national", "set_by": "division", "clocks": {"national": 1}, "waiting": 0, "replayed": 0}
    with ZHEJIANG:
        assert call(capsys)["waiting"] == 1
        assert call(capsys, "--replay") == {
            "pack": "zhejiang", "set_by": "setting", "clocks": {"zhejiang": 1}, "waiting": 0, "replayed": 1
        }  # fmt: skip

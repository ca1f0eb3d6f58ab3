"""A surprise test is drawn so that nobody can have chosen: hash, list, seed, in this order, and drawn again by anybody."""

from __future__ import annotations

import argparse
import json
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from qingyuan.cli.commands import draw as command
from qingyuan.cli.output import Refused
from qingyuan.foundation import draws as pure
from qingyuan.foundation.audit.models import WriteEntry
from qingyuan.rehabilitation import drawing
from qingyuan.rehabilitation.actions import draws
from qingyuan.rehabilitation.actions.draws import CannotDraw
from qingyuan.rehabilitation.models import Client, TestDraw
from tests.cast import TODAY, City, measure_values
from tests.web.pages import browser_of, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def peopled(city: City) -> City:
    city.enter("measures", "supervisor", *(measure_values(city, serial) for serial in range(6)))
    return city


def begun(city: City, size: int = 2, **changes: Any) -> TestDraw:
    values = {"unit": city.units["longdong"], "test_on": TODAY, "size": size, "by": city.actor("supervisor")}
    return draws.begin(**(values | changes))


def called(sheet: Path) -> int:
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    return command.run(parser.parse_args(["check", str(sheet)]))


def drawn(city: City, size: int = 2) -> TestDraw:
    made = begun(city, size)
    draws.freeze(draw_id=made.pk, by=city.actor("supervisor"))
    return draws.reveal(draw_id=made.pk, by=city.actor("supervisor"))


def test_the_hash_is_published_before_anybody_is_listed_and_the_seed_is_not(peopled: City) -> None:
    made = begun(peopled)
    shown = drawing.sheet(made)
    assert shown["seed"] == "" and shown["list"] == [] and shown["seed_hash"] == pure.commit(made.seed)
    page = text_of(browser_of(peopled, "supervisor").get(f"/people/draws/{made.pk}/"))
    assert made.seed_hash in page and made.seed not in page


def test_the_seed_stands_encrypted_until_it_is_shown(peopled: City) -> None:
    made = begun(peopled)
    with connection.cursor() as cursor:
        cursor.execute("SELECT seed FROM rehabilitation_testdraw")
        assert made.seed not in cursor.fetchone()[0]


def test_everybody_under_a_measure_is_on_the_list_once(peopled: City) -> None:
    made = draws.freeze(draw_id=begun(peopled).pk, by=peopled.actor("supervisor"))
    assert made.frozen == sorted(pure.lot_of(made.pk, pk) for pk in Client.objects.values_list("pk", flat=True))
    assert made.list_hash == pure.list_hash(made.frozen)


def test_what_was_drawn_is_drawn_again_from_the_sheet(peopled: City, tmp_path: Path, capsys: Any) -> None:
    made = drawn(peopled)
    answer = browser_of(peopled, "supervisor").get(f"/people/draws/{made.pk}/sheet/")
    sheet = tmp_path / "sheet.json"
    sheet.write_bytes(answer.content)
    assert called(sheet) == 0
    assert "没有人挑过人" in capsys.readouterr().out
    assert "测试" not in answer.content.decode()


@pytest.mark.parametrize(
    ("column", "false"),
    [("seed", "a" * 64), ("list", [str(uuid4()) for _ in range(6)]), ("drawn", []), ("size", 1)],
)
def test_a_sheet_somebody_has_touched_does_not_fit(peopled: City, tmp_path: Path, column: str, false: Any) -> None:
    sheet = tmp_path / "sheet.json"
    sheet.write_text(json.dumps(drawing.sheet(drawn(peopled)) | {column: false}))
    assert called(sheet) == 1


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"size": "2"}', "不是文件"])
def test_a_file_that_is_no_sheet_is_refused_with_what_to_do(tmp_path: Path, text: str) -> None:
    sheet = tmp_path / "sheet.json"
    sheet.write_text(text)
    with pytest.raises(Refused, match="核对单"):
        called(sheet)


def test_the_seed_cannot_be_shown_before_the_list_is_fixed_or_before_the_day(peopled: City) -> None:
    by = peopled.actor("supervisor")
    made = begun(peopled, test_on=TODAY + timedelta(days=3))
    with pytest.raises(CannotDraw, match="先锁定名单"):
        draws.reveal(draw_id=made.pk, by=by)
    draws.freeze(draw_id=made.pk, by=by)
    with pytest.raises(CannotDraw, match="当天"):
        draws.reveal(draw_id=made.pk, by=by)


def test_no_step_is_taken_twice(peopled: City) -> None:
    made, by = drawn(peopled), peopled.actor("supervisor")
    for step in (draws.freeze, draws.reveal):
        with pytest.raises(CannotDraw):
            step(draw_id=made.pk, by=by)
    acts = list(WriteEntry.objects.filter(ledger="draws").order_by("at", "id").values_list("act", flat=True))
    assert acts == ["draws.commit", "draws.freeze", "draws.reveal"]


def test_who_comes_or_goes_after_the_freeze_changes_nothing(peopled: City) -> None:
    made = draws.freeze(draw_id=begun(peopled).pk, by=peopled.actor("supervisor"))
    peopled.enter("measures", "supervisor", measure_values(peopled, 7))
    assert draws.reveal(draw_id=made.pk, by=peopled.actor("supervisor")).frozen == made.frozen


@pytest.mark.parametrize("changes", [{"size": 0}, {"size": 201}, {"test_on": TODAY - timedelta(days=1)}])
def test_a_draw_that_cannot_be_is_refused(peopled: City, changes: dict[str, Any]) -> None:
    with pytest.raises(CannotDraw):
        begun(peopled, **changes)


def test_a_list_that_is_too_short_says_so(peopled: City) -> None:
    made = begun(peopled, 7)
    with pytest.raises(CannotDraw, match="名单只有 6 人"):
        draws.freeze(draw_id=made.pk, by=peopled.actor("supervisor"))


def test_over_many_draws_everybody_is_drawn_about_as_often(peopled: City) -> None:
    """Chi-square of 600 draws of one in six: 5 degrees of freedom, the bar of one in a thousand is 20.5."""
    ids = [str(pk) for pk in Client.objects.values_list("pk", flat=True)]
    seen = dict.fromkeys(ids, 0)
    for number in range(600):
        seen[pure.draw(f"seed of a test {number:04d}", ids, 1)[0]] += 1
    assert sum((count - 100) ** 2 / 100 for count in seen.values()) < 20.5


def test_the_whole_way_through_the_pages(peopled: City) -> None:
    browser = browser_of(peopled, "supervisor")
    assert browser.post("/people/draws/begin/", {"test_on": "", "size": "2"}).status_code == 422
    browser.post("/people/draws/begin/", {"test_on": TODAY.isoformat(), "size": "2"})
    made = TestDraw.objects.get()
    for step in ("freeze", "reveal"):
        assert browser.post(f"/people/draws/{made.pk}/{step}/").status_code == 302
    page = text_of(browser.get(f"/people/draws/{made.pk}/"))
    made.refresh_from_db()
    assert made.seed in page and page.count("记一次检测") == 2
    assert "历次抽检" in text_of(browser.get("/people/draws/"))


@pytest.mark.parametrize("who", ["clerk", "leader", "officer", "town_leader", "auditor", "doctor"])
def test_nobody_else_draws_or_sees_a_draw(peopled: City, who: str) -> None:
    made, browser = begun(peopled), browser_of(peopled, who)
    for address in ("/people/draws/", f"/people/draws/{made.pk}/", f"/people/draws/{made.pk}/sheet/"):
        assert browser.get(address).status_code == 403
    assert browser.post("/people/draws/begin/", {"test_on": TODAY.isoformat(), "size": "2"}).status_code == 403
    assert browser.post(f"/people/draws/{made.pk}/freeze/").status_code == 403


def test_a_caseworker_sees_her_own_of_those_drawn_and_draws_nobody(peopled: City) -> None:
    made, browser = drawn(peopled), browser_of(peopled, "caseworker")
    page = text_of(browser.get(f"/people/draws/{made.pk}/"))
    assert "另有 2 人由同事负责" in page and "测试" not in page.replace("检测试", "")
    assert browser.post("/people/draws/begin/", {"test_on": TODAY.isoformat(), "size": "2"}).status_code == 403


def test_another_town_finds_no_such_draw(peopled: City) -> None:
    made, browser = begun(peopled), browser_of(peopled, "stranger")
    assert browser.get(f"/people/draws/{made.pk}/").status_code == 404
    assert browser.post(f"/people/draws/{made.pk}/freeze/").status_code == 404

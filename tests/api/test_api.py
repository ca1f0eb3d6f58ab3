"""The interface for programs: the page's scope, masks, rules and words; never a 500, never a closed number."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from qingyuan.foundation.audit.models import ReadEntry, WriteEntry
from qingyuan.ledgers import registry
from qingyuan.ledgers.presenting import cells
from qingyuan.rehabilitation.models import Measure
from tests.cast import TODAY, City, city, id_number, measure_values
from tests.situation.planted_figures import TELLING, plant_figures

__all__ = ["city"]
pytestmark = pytest.mark.django_db
PERIOD = "2022-01..2022-10"
BASE = "/api/v1"


def signed_in(city: City, who: str, **options: Any) -> Client:
    client = Client(HTTP_ACCEPT_LANGUAGE="zh-CN", **options)
    client.force_login(city.accounts[who])
    return client


def send(client: Client, method: str, path: str, body: Any) -> Any:
    return getattr(client, method)(f"{BASE}{path}", data=json.dumps(body), content_type="application/json")


MEETING = {
    "held_on": "2022-10-13",
    "kind": "政府常务会议",
    "title": "专题研究禁毒工作",
    "special_topic": True,
    "decisions": "研究部署第四季度工作",
}


def meeting() -> dict[str, Any]:
    """As a town's officer would send it: words of the office, not codes."""
    ledger = registry.get("meetings")
    known = {column.name for column in ledger.columns}
    assert set(MEETING) <= known
    return dict(MEETING)


# --- who may see what -------------------------------------------------------------------------------------------------
def test_a_stranger_is_told_to_sign_in(city: City) -> None:
    for path in ("/ledgers", "/ledgers/measures", "/situation", "/indicators", "/letters"):
        response = Client().get(f"{BASE}{path}")
        assert response.status_code == 401 and "登录" in response.json()["how"]


def test_the_town_lists_its_rows_with_the_masks_of_the_page_and_leaves_a_trace(city: City) -> None:
    city.enter("measures", "supervisor", measure_values(city, 1))
    answer = signed_in(city, "supervisor").get(f"{BASE}/ledgers/measures").json()
    assert answer["total"] == 1
    row = Measure.objects.get()
    shown = {
        one.column.name: one.text
        for one in cells(registry.get("measures"), row, city.actor("supervisor"), listed_only=False)
    }
    assert answer["rows"][0]["texts"] == shown
    assert "id_number" in answer["rows"][0]["masked"] and answer["rows"][0]["values"]["id_number"] is None
    assert id_number(101) not in json.dumps(answer)
    assert ReadEntry.objects.filter(act="list", ledger="measures", row_count=1).exists()


def test_a_body_that_is_not_said_to_be_json_is_refused_and_nothing_is_guessed(city: City) -> None:
    client = signed_in(city, "clerk")
    for kind, body in (("text/plain", json.dumps(meeting())), ("application/x-www-form-urlencoded", "title=x"), ("application/xml", "<a/>")):
        answer = client.post(f"{BASE}/ledgers/meetings", data=body, content_type=kind)
        assert answer.status_code == 415 and "JSON" in answer.json()["message"], kind
    assert Client().post(f"{BASE}/ledgers/meetings", data="x", content_type="text/plain").status_code == 401


def test_another_town_gets_an_empty_list_and_the_same_answer_for_a_hidden_and_a_missing_row(city: City) -> None:
    city.enter("measures", "supervisor", measure_values(city, 1))
    client, row = signed_in(city, "stranger"), Measure.objects.get()
    assert client.get(f"{BASE}/ledgers/measures").json()["rows"] == []
    hidden = client.get(f"{BASE}/ledgers/measures/{row.pk}")
    missing = client.get(f"{BASE}/ledgers/measures/{uuid4()}")
    assert hidden.status_code == missing.status_code == 404
    assert hidden.json() == missing.json()
    for method, path, body in (
        ("patch", f"/ledgers/measures/{row.pk}", {"version": 1, "values": {"reported_on": "2022-01-11"}}),
        ("post", f"/ledgers/measures/{row.pk}/void", {"version": 1, "reason": "试"}),
    ):
        assert send(client, method, path, body).status_code == 404
    row.refresh_from_db()
    assert row.version == 1 and row.voided_at is None


@pytest.mark.parametrize("who", ["clerk", "leader", "officer", "doctor", "liaison", "auditor", "security"])
def test_nobody_but_the_town_reads_the_people_of_the_town(city: City, who: str) -> None:
    city.enter("measures", "supervisor", measure_values(city, 1))
    client = signed_in(city, who)
    assert client.get(f"{BASE}/ledgers/measures").status_code == 403
    assert client.get(f"{BASE}/ledgers/measures/{Measure.objects.get().pk}").status_code == 403
    assert "measures" not in {one["code"] for one in client.get(f"{BASE}/ledgers").json()}


def test_a_division_outside_ones_range_is_not_here(city: City) -> None:
    client = signed_in(city, "stranger")
    for path in ("/situation", "/indicators", "/indicators/E01", "/ledgers/measures"):
        response = client.get(f"{BASE}{path}", {"division": city.divisions["龙洞镇"].code})
        assert response.status_code == 404, path


# --- writing ----------------------------------------------------------------------------------------------------------
def test_a_row_is_entered_changed_and_voided_by_the_ledgers_own_actions(city: City) -> None:
    client = signed_in(city, "supervisor")
    made = send(client, "post", "/ledgers/meetings", meeting())
    assert made.status_code == 201, made.json()
    row = made.json()
    assert row["values"]["held_on"] == "2022-10-13" and row["version"] == 1
    changed = send(
        client,
        "patch",
        f"/ledgers/meetings/{row['id']}",
        {"version": 1, "values": {"title": "改过的题目"}, "reason": "笔误"},
    )
    assert changed.status_code == 200, changed.json()
    assert changed.json()["texts"]["title"] == "改过的题目" and changed.json()["version"] == 2
    assert changed.json()["values"]["held_on"] == "2022-10-13"
    assert send(client, "post", f"/ledgers/meetings/{row['id']}/void", {"version": 2, "reason": ""}).status_code == 422
    assert (
        send(client, "post", f"/ledgers/meetings/{row['id']}/void", {"version": 2, "reason": "重复"}).status_code == 204
    )
    assert client.get(f"{BASE}/ledgers/meetings/{row['id']}").status_code == 404
    acts = set(WriteEntry.objects.filter(ledger="meetings").values_list("act", flat=True))
    assert acts == {"meetings.create", "meetings.change", "meetings.void"}


def test_a_change_made_from_an_old_reading_is_refused(city: City) -> None:
    client = signed_in(city, "supervisor")
    row = send(client, "post", "/ledgers/meetings", meeting()).json()
    stale = send(client, "patch", f"/ledgers/meetings/{row['id']}", {"version": 7, "values": {"title": "旧"}})
    assert stale.status_code == 409 and "重新读取" in stale.json()["how"]


def test_the_same_row_twice_is_refused_with_what_to_do(city: City) -> None:
    client = signed_in(city, "supervisor")
    assert send(client, "post", "/ledgers/meetings", meeting()).status_code == 201
    again = send(client, "post", "/ledgers/meetings", meeting())
    assert again.status_code == 409 and "打开原来的那条" in again.json()["message"]


def test_bad_values_come_back_by_column_and_are_never_repeated(city: City) -> None:
    client = signed_in(city, "supervisor")
    answer = send(client, "post", "/ledgers/meetings", meeting() | {"held_on": "2022.9.31", "kind": "没有这种会"})
    assert answer.status_code == 422
    assert {one["column"] for one in answer.json()["problems"]} == {"held_on", "kind"}
    assert all(one["message"] for one in answer.json()["problems"])


def test_a_change_without_the_csrf_token_is_refused(city: City) -> None:
    client = signed_in(city, "supervisor", enforce_csrf_checks=True)
    refused = send(client, "post", "/ledgers/meetings", meeting())
    assert refused.status_code == 403 and "X-CSRFToken" in refused.json()["how"]


def test_who_may_only_read_may_not_write(city: City) -> None:
    assert send(signed_in(city, "auditor"), "post", "/ledgers/meetings", meeting()).status_code == 403


# --- figures ----------------------------------------------------------------------------------------------------------
def test_closed_numbers_and_what_tells_them_are_in_no_answer(city: City) -> None:
    plant_figures(city)
    client = signed_in(city, "clerk")
    for place in ("云岭市", "龙洞镇", "石桥镇"):
        query = {"division": city.divisions[place].code, "period": PERIOD}
        for path in ("/situation", "/indicators", *(f"/indicators/{code}" for code in ("G09", "G10", "G11", "R25"))):
            response = client.get(f"{BASE}{path}", query)
            assert response.status_code == 200
            assert not any(number in response.content.decode() for number in TELLING), (place, path)
    for path in ("/ledgers/registrations", "/ledgers/measures"):
        assert client.get(f"{BASE}{path}").status_code == 403
    closed = client.get(f"{BASE}/indicators/G09", {"division": city.divisions["龙洞镇"].code, "period": PERIOD}).json()
    assert closed["reading"]["closed"] and closed["reading"]["value"] is None and closed["reading"]["text"] == "<5"


def test_the_paragraph_and_the_figures_are_those_of_the_page(city: City) -> None:
    plant_figures(city)
    client = signed_in(city, "clerk")
    told = client.get(f"{BASE}/situation", {"period": PERIOD}).json()
    shown = client.get(f"/situation/?period={PERIOD}").content.decode()
    assert all(one["text"] in shown for one in told["figures"])
    cases = client.get(f"{BASE}/indicators/E01", {"period": PERIOD}).json()
    assert cases["reading"]["text"] == "3" and [place["text"] for place in cases["places"]] == ["1", "2"]
    assert sum(int(float(month["value"])) for month in cases["months"]) == 3


def test_pages_of_a_list_hold_together(city: City) -> None:
    for number in range(5):
        city.enter("measures", "supervisor", measure_values(city, number))
    client = signed_in(city, "supervisor")
    pages = [client.get(f"{BASE}/ledgers/measures", {"per_page": 2, "page": page}).json() for page in (1, 2, 3, 4)]
    assert [len(page["rows"]) for page in pages] == [2, 2, 1, 0]
    assert len({row["id"] for page in pages for row in page["rows"]}) == pages[0]["total"] == 5
    assert pages[0]["pages"] == 3


# --- the description, and every address with nonsense -----------------------------------------------------------------
def described(city: City) -> dict[str, Any]:
    found: dict[str, Any] = signed_in(city, "clerk").get(f"{BASE}/openapi.json").json()
    return found


def test_the_description_names_every_ledger_and_no_address_outside(city: City) -> None:
    text = json.dumps(described(city), ensure_ascii=False)
    for ledger in registry.all_ledgers():
        assert f"{BASE}/ledgers/{ledger.code}" in text
    assert "http://" not in text and "https://" not in text
    assert Client().get(f"{BASE}/docs").status_code == 404


def test_an_address_that_is_not_there_is_answered_like_a_row_that_is_not_there(city: City) -> None:
    client = signed_in(city, "supervisor")
    for place in ("ledgers/measures/nothing", "nowhere", "ledgers/measures/%00"):
        answer = client.get(f"{BASE}/{place}")
        assert answer.status_code == 404, place
        assert answer.json() == client.get(f"{BASE}/ledgers/measures/{uuid4()}").json()


NONSENSE = (
    "",
    "0",
    "-1",
    "x" * 300,
    "'; drop table",
    "\u0000",
    "9" * 30,
    "2022-13",
    "1949",
    "2022-01..2099-12",
    "海洛因",
    "../..",
)
BODIES: tuple[Any, ...] = (
    None,
    [],
    "text",
    7,
    {},
    {"values": []},
    {"version": -1},
    {"version": 10**30, "values": {}, "reason": "x"},
)


def addresses(description: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in description["paths"].items():
        for method, about in methods.items():
            yield method, path, about


#: Asked everything. All ledgers have the same few addresses, made by the same lines: the others are asked each kind of
#: nonsense in turn, so that every value meets every parameter at several ledgers, and every ledger every parameter.
ASKED_EVERYTHING = frozenset({"measures", "meetings", "penalties"})


@pytest.mark.long
@pytest.mark.parametrize("who", [pytest.param("clerk", marks=pytest.mark.once), "supervisor"])
def test_nonsense_is_answered_with_what_is_wrong_and_never_with_a_crash(city: City, who: str) -> None:
    city.enter("measures", "supervisor", measure_values(city, 1))
    client = signed_in(city, who)
    row = str(Measure.objects.get().pk)
    for turn, (method, path, about) in enumerate(addresses(described(city))):
        places = (row, str(uuid4()), "nothing", "%00")
        for number, place in enumerate(places):
            target = path.replace("{row_id}", place).replace("{letter_id}", place).replace("{code}", place)
            for query in _queries(about, None if _is_asked_everything(path) else turn):
                _not_broken(client, method, target, query, {})
            one_in = 1 if _is_asked_everything(path) or "{" not in path else len(places)
            for body in BODIES[number % one_in :: one_in] if method != "get" else ():
                _not_broken(client, method, target, {}, body)
            if "{" not in path:
                break


def _is_asked_everything(path: str) -> bool:
    ledger = path.removeprefix(f"{BASE}/ledgers/").split("/")[0]
    return ledger in ASKED_EVERYTHING or ledger not in {one.code for one in registry.all_ledgers()}


def _queries(about: dict[str, Any], turn: int | None) -> Iterator[dict[str, str]]:
    """Every parameter with every nonsense (``turn`` None), or with one of them, another at each turn."""
    yield {}
    names = [one["name"] for one in about.get("parameters", []) if one["in"] == "query"]
    for number, name in enumerate(names):
        for value in NONSENSE if turn is None else [NONSENSE[(turn + number) % len(NONSENSE)]]:
            yield {name: value}


def test_every_nonsense_meets_every_parameter_of_the_ledgers(city: City) -> None:
    met: dict[str, set[str]] = {}
    for turn, (_method, path, about) in enumerate(addresses(described(city))):
        for query in [] if _is_asked_everything(path) else _queries(about, turn):
            for name, value in query.items():
                met.setdefault(name, set()).add(value)
    assert met and all(values == set(NONSENSE) for values in met.values()), met


def _not_broken(client: Client, method: str, path: str, query: dict[str, str], body: Any) -> None:
    if method == "get":
        response = client.get(path, query)
    else:
        response = getattr(client, method)(path, data=json.dumps(body), content_type="application/json")
    assert response.status_code < 500, (method, path, query, body)
    if response.status_code >= 400 and response["Content-Type"].startswith("application/json"):
        assert response.json()["message"], (method, path, query, body)


def test_every_value_a_ledger_takes_may_be_nonsense(city: City) -> None:
    client = signed_in(city, "supervisor")
    for code in ("meetings", "measures", "tests"):
        for column in registry.get(code).columns:
            for value in (*NONSENSE, 1e308, True, ["a", "b"], {"a": 1}):
                response = send(client, "post", f"/ledgers/{code}", {column.name: value})
                assert response.status_code in {201, 409, 422}, (code, column.name, value)


def test_a_period_that_has_not_begun_or_is_too_long_is_refused_with_what_to_write(city: City) -> None:
    client = signed_in(city, "clerk")
    for period in ("2099", "banana", "2001-01..2022-10"):
        answer = client.get(f"{BASE}/indicators/E01", {"period": period})
        assert answer.status_code == 422 and answer.json()["message"], period
    assert client.get(f"{BASE}/indicators/E01", {"known": "yesterday"}).status_code == 422
    assert TODAY.year == 2022


def test_scope_is_asked_before_anything_sent_is_read(city: City) -> None:
    city.enter("measures", "supervisor", measure_values(city, 1))
    path = f"{BASE}/ledgers/measures/{Measure.objects.get().pk}"
    for who, status in (("stranger", 404), ("clerk", 403)):
        client = signed_in(city, who)
        assert client.post(f"{path}/void", {"not": "json"}).status_code == status
        assert client.patch(path, data="{", content_type="application/json").status_code == status

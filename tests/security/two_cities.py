"""What a process of each of two cities does for ``test_two_cities``; both lie in one home, with the same accounts and numbers.

``python -m tests.security.two_cities making`` (city A) prints what a thief would carry away; ``visiting FILE`` (city B)
tries all of it at B's doors and prints how each was answered.
"""

from __future__ import annotations

import base64
import json
import os
import shutil
import sys
import traceback
from pathlib import Path
from typing import Any

import django

PERSON, SERIAL, MEETING, MINUTES = "阚晓雾", 701, "暗会甲城", "暗号甲城"
WALKING = ("supervisor", "clerk", "officer", "doctor", "auditor")
NEIGHBOUR, NEIGHBOUR_SERIAL, THEIR_MEETING, THEIR_MINUTES = "逄清霜", 702, "暗会乙城", "暗号乙城"


def found(name: str, serial: int, title: str, number: str) -> City:
    schema.lay()
    call_command("collectstatic", interactive=False, verbosity=0)
    city = found_city()
    person = measure_values(city, 0, name=name, id_number=id_number(serial))
    city.enter("measures", "supervisor", person)
    meeting = {"held_on": date(2022, 9, 1), "kind": catalogue_code("meeting_kinds"), "title": title, "special_topic": True}
    city.enter("meetings", "supervisor", meeting | {"decisions": title, "document_number": number})
    refresh()
    for database in ("default", "audit"):
        audit.seal(database)
    return city


def paper_of(city: City) -> tuple[Any, bytes]:
    by = city.actor("clerk")
    values = {"title": "通知", "addressee": "有关单位", "body": "请落实。", "word": "云禁毒办"}
    paper = paper_actions.draft(kind="notice", values=values, by=by)
    paper = paper_actions.sign(
        paper=paper_actions.submit(paper=paper, by=by), by=city.actor("leader"), signer_name="秦川"
    )
    paper = paper_actions.issue(paper=paper, by=by)
    return paper, qr_png(PAGE.payload(paper.pk, paper.issue.content_hash))


def making() -> dict[str, object]:
    city = found(PERSON, SERIAL, MEETING, MINUTES)
    browser = Client()
    assert browser.login(username="supervisor", password="synthetic-pass-2022")
    session = Session.objects.get(session_key=browser.session.session_key)
    _token, key = tokens.make(account=city.accounts["supervisor"], purpose="取数", last_day=TODAY, by=city.actor("supervisor"))
    paper, page = paper_of(city)
    person, row = Person.objects.get(), Measure.objects.get()
    batch = receive(ledger=registry.get("measures"), filename="甲.csv", content=b"a,b\n1,2", by=city.actor("supervisor"))
    jobs.check.enqueue(str(batch.pk))
    stored = Person.objects.annotate(sealed=Cast("name", TextField())).values_list("sealed", flat=True).get()
    return {
        "cookie": [settings.SESSION_COOKIE_NAME, session.session_key],
        "session": [session.session_data, session.expire_date.isoformat()],
        "token": key,
        "page": base64.b64encode(page).decode(),
        "name": stored,
        "upload": str(settings.QINGYUAN_UPLOADS / "imports" / batch.stored_as),
        "paths": [f"/people/{person.pk}/", f"/ledgers/measures/{row.pk}/", f"/papers/{paper.pk}/", f"/imports/{batch.pk}/"],
        "own": browser.get(f"/people/{person.pk}/").status_code,
        "audit": [audit.verify(database).ok for database in ("default", "audit")],
    }


def visiting(loot_file: Path) -> dict[str, object]:
    loot = json.loads(loot_file.read_text(encoding="utf-8"))
    city = found(NEIGHBOUR, NEIGHBOUR_SERIAL, THEIR_MEETING, THEIR_MINUTES)
    own, page = paper_of(city)
    return {
        "cookie names": [loot["cookie"][0], settings.SESSION_COOKIE_NAME],
        "cookies": [with_cookie(name, loot["cookie"][1]) for name in (loot["cookie"][0], settings.SESSION_COOKIE_NAME)],
        "session": with_session(loot),
        "token": Client(headers={"Authorization": f"Bearer {loot['token']}"}).get("/api/v1/ledgers").status_code,
        "paths": [status_of(city, path) for path in loot["paths"]],
        "page": answer_to(lambda: check_copy(paper=own, data=base64.b64decode(loot["page"]))),
        "own page": answer_to(lambda: check_copy(paper=own, data=page)),
        "name": answer_to(lambda: Person._meta.get_field("name").reveal(loot["name"])),
        "upload": answer_to(lambda: foreign_upload(city, Path(loot["upload"]))),
        "jobs": [DBTaskResult.objects.count(), work()],
        "audit": [audit.verify(database).ok for database in ("default", "audit")],
        "pages": walked(city),
    }


def with_cookie(name: str, key: str) -> str:
    browser = Client()
    browser.cookies[name] = key
    return str(browser.get("/today/").get("Location", ""))


def with_session(loot: dict[str, Any]) -> str:
    """Even A's row in B's table: what is in it was signed with A's secret, and the account's hash with it."""
    data, expires = loot["session"]
    Session.objects.create(session_key=loot["cookie"][1], session_data=data, expire_date=datetime.fromisoformat(expires))
    return with_cookie(settings.SESSION_COOKIE_NAME, loot["cookie"][1])


def status_of(city: City, path: str) -> list[int]:
    statuses = []
    for who in city.accounts:
        browser = Client(raise_request_exception=False)
        browser.force_login(city.accounts[who])
        statuses.append(browser.get(path).status_code)
    return sorted(set(statuses))


def answer_to(attempt: Any) -> str:
    try:
        attempt()
    except Exception as refusal:
        return type(refusal).__name__
    return "opened"


def foreign_upload(city: City, path: Path) -> None:
    batch = receive(ledger=registry.get("measures"), filename="乙.csv", content=b"c,d\n3,4", by=city.actor("supervisor"))
    shutil.copyfile(path, settings.QINGYUAN_UPLOADS / "imports" / batch.stored_as)
    content_of(batch)


def work() -> int:
    call_command("db_worker", batch=True, interval=0, startup_delay=False, verbosity=0)
    return int(DBTaskResult.objects.count())


def walked(city: City) -> dict[str, object]:
    """Every address without a gap, as one of each wall of B: how many, and which told something of A."""
    asked, told = 0, []
    for who in WALKING:
        browser = Client(raise_request_exception=False)
        browser.force_login(city.accounts[who])
        for address in addresses():
            if address.gaps:
                continue
            answer = browser.get("/" + address.route)
            asked += 1
            text = readable(answer)
            told += [f"{who} {address.route} {word}" for word in (PERSON, id_number(SERIAL), MEETING, MINUTES) if word in text]
            own = (NEIGHBOUR, THEIR_MEETING)
            told += [f"own {who}"] if any(word in text for word in own) and who == "supervisor" else []
    return {"asked": asked, "own": sum(line.startswith("own") for line in told), "told": [t for t in told if not t.startswith("own")]}


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qingyuan.config.settings")
    django.setup()

from datetime import date, datetime  # noqa: E402

from django.conf import settings  # noqa: E402
from django.contrib.sessions.models import Session  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db.models import TextField  # noqa: E402
from django.db.models.functions import Cast  # noqa: E402
from django.test import Client  # noqa: E402
from django_tasks_db.models import DBTaskResult  # noqa: E402

from qingyuan.casework.actions import papers as paper_actions  # noqa: E402
from qingyuan.casework.actions.paper_copies import check_copy  # noqa: E402
from qingyuan.casework.papers.rules import PAGE  # noqa: E402
from qingyuan.documents.qr import qr_png  # noqa: E402
from qingyuan.foundation import audit  # noqa: E402
from qingyuan.indicators.refresh import refresh  # noqa: E402
from qingyuan.ledgers import registry  # noqa: E402
from qingyuan.ledgers.importing import jobs  # noqa: E402
from qingyuan.ledgers.importing.receive import content_of, receive  # noqa: E402
from qingyuan.organisation.actions import tokens  # noqa: E402
from qingyuan.rehabilitation.models import Client as Person  # noqa: E402
from qingyuan.rehabilitation.models import Measure  # noqa: E402
from tests import schema  # noqa: E402
from tests.cast import TODAY, City, found_city, id_number, measure_values  # noqa: E402
from tests.census.urls import addresses  # noqa: E402
from tests.security.bodies import readable  # noqa: E402
from tests.security.planted import catalogue_code  # noqa: E402

STEPS = {"making": making, "visiting": visiting}

if __name__ == "__main__":
    try:
        said = STEPS[sys.argv[1]](*(Path(word) for word in sys.argv[2:]))
    except Exception:
        said = {"fault": traceback.format_exc()}
    sys.stdout.write(json.dumps(said, ensure_ascii=True) + "\n")

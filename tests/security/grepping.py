"""What a process of its own does for «the grep»: a whole city with planted people, and one more person through each door.

``python -m tests.security.grepping founding|walking OUT|holding`` with the city's environment set by the parent: real settings, databases in files, the
real worker, everything said on stderr. Prints as JSON who went through which door.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import threading
import traceback
from datetime import timedelta
from pathlib import Path
from unittest import mock

import django

# One person for each door; surnames that stand nowhere in the product's own words.
DOORS = {
    "form": ("阚晓雾", 601),
    "import": ("逄清霜", 602),
    "rejected row": ("亓残雪", 603),
    "interface": ("郗微云", 604),
    "file name": ("佘远帆", 605),
    "paper": ("禚听雨", 606),
    "scan": ("鄢落霞", 607),
    "answer to a request": ("逯孤鹜", 608),
    "search": ("郏秋水", 609),
    "address": ("仝长天", 610),
    "failed sign-in": ("酆渔舟", 611),
    "error of a page": ("昝雁阵", 612),
    "error of a job": ("蒯惊寒", 613),
    "reason": ("禤彭蠡", 614),
    "foreign form": ("笪衡阳", 615),
    "file that is no table": ("訾穷岛", 616),
    "host": ("仉列岫", 617),
    "case": ("郄寒潭", 618),
    "words of a paper": ("麴暮山", 619),
    "order": ("厍烟光", 620),
    "meeting": ("逄潦水", 621),
    "instruction": ("佴紫霞", 622),
    "return": ("阙青雀", 623),
    "closing": ("郐黄龙", 624),
    "emergency": ("亓俨骖", 625),
}
# The number is typed at most doors too; where only a name fits, this says so.
NAME_ONLY = frozenset(
    {"failed sign-in", "answer to a request", "case", "words of a paper", "order", "meeting", "instruction", "return", "closing", "emergency"}
)
TELEPHONE, STREET = "13912349876", "暗巷七号院三单元"


def number(door: str) -> str:
    return id_number(DOORS[door][1])


def said(door: str) -> str:
    """What people write where they may write anything."""
    return f"{DOORS[door][0]} {number(door)} 住{STREET} 电话{TELEPHONE}"


def founding() -> dict[str, object]:
    """Both databases, the cast, and everything ``planted`` plants."""
    schema.lay()
    call_command("collectstatic", interactive=False, verbosity=0)
    planted = plant(found_city())
    return {"planted": len(planted.secrets)}


def the_city() -> City:
    return City(
        divisions={one.name: one for one in Division.objects.all()},
        units={one.code: one for one in Unit.objects.select_related("division")},
        accounts={one.username: one for one in Account.objects.select_related("unit__division")},
    )


def walking(out: Path) -> dict[str, object]:
    city = the_city()
    browsers = {who: Client(raise_request_exception=False) for who in ("supervisor", "clerk", "officer")}
    for who, browser in browsers.items():
        browser.force_login(city.accounts[who])
    passed = {}
    for door, walk_through in WALKS.items():
        passed[door] = walk_through(city, browsers, out)
    refresh()
    for database in ("default", "audit"):
        audit.seal(database)
    people = [*SERIALS, *(name for names in POLICE_PEOPLE.values() for name in names), *(name for name, _ in DOORS.values())]
    numbers = [id_number(serial) for serial in SERIALS.values()] + [number(door) for door in DOORS if door not in NAME_ONLY]
    for who, serial in POLICE_SERIALS.items():
        assert who
        numbers += [id_number(serial + one, "20060801" if one == 2 else "19910101") for one in (1, 2, 3, 4)]
    return {
        "passed": passed,
        "words": [*people, *numbers, *PHONES.values(), TELEPHONE, STREET],
        "numbers": [*numbers, *PHONES.values(), TELEPHONE],
        "holds": holds(),
    }


def by_form(city, browsers, out):  # type: ignore[no-untyped-def]
    values = {
        "name": DOORS["form"][0], "id_number": number("form"), "kind": "CD", "division": city.divisions["龙洞社区"].code,
        "decided_on": "2022-03-01", "served_on": "2022-03-02", "reported_on": "2022-03-03",
    }  # fmt: skip
    answer = browsers["supervisor"].post("/ledgers/measures/new/", values)
    assert answer.status_code == 302, answer.content.decode()[-3000:]
    person = PersonOfTown.objects.get(id_index=person_key(number("form")).id_index)
    PersonOfTown.objects.filter(pk=person.pk).update(phone=TELEPHONE)
    test = {
        "tested_on": "2022-04-01", "sample": "urine", "result": "negative", "purpose": "scheduled",
        "testers": "李秀、王平", "note": said("form"),
    }  # fmt: skip
    answer = browsers["supervisor"].post(f"/people/{person.pk}/test/", test)
    assert answer.status_code == 302, answer.content.decode()[-3000:]
    return CommunityTest.objects.filter(client=person).count()


def holds() -> dict[str, object]:
    """What a restored copy must hold again."""
    return {
        "clients": sorted(f"{client.name} {client.id_number} {client.phone}" for client in PersonOfTown.objects.all()),
        "found": PersonOfTown.objects.filter(id_index__in=[i for n in SERIALS.values() for i in id_indexes(id_number(n))]).count(),
        "facts": FactRow.objects.count(),
        "writes": WriteEntry.objects.count(),
        "scans": [hashlib.sha256(read_scan(scan)).hexdigest() for scan in PaperScan.objects.order_by("pk")],
        "verified": [audit.verify(database).ok for database in ("default", "audit")],
    }


HEAD = ("姓名", "身份证号码", "措施", "执行地", "决定日期", "文书号")


def by_import(city, browsers, out):  # type: ignore[no-untyped-def]
    """A good row, a rejected one, a file named after somebody; checked and promoted by the real worker."""
    content = workbook(
        HEAD,
        (DOORS["import"][0], number("import"), "社区戒毒", "龙洞社区", "2022-05-01", ""),
        (DOORS["rejected row"][0], number("rejected row"), "社区戒毒", f"龙洞社区{STREET}", "2022-02-31", said("rejected row")),
    )
    page = browsers["supervisor"].post(
        "/ledgers/measures/import/", {"file": SimpleUploadedFile(f"{said('file name')}.xlsx", content)}
    )
    assert page.status_code == 302, page.content.decode()[-3000:]
    work()
    batch = ImportBatch.objects.order_by("-created_at").first()
    assert (batch.state, batch.new_count, batch.bad_count) == ("checked", 1, 1), (batch.state, batch.message, batch.new_count)
    assert DOORS["rejected row"][0][0] in browsers["supervisor"].get(f"/imports/{batch.pk}/").content.decode()
    returned = b"".join(browsers["supervisor"].get(f"/imports/{batch.pk}/bad-rows/"))
    (out / "returned.xlsx").write_bytes(returned)
    browsers["supervisor"].post(f"/imports/{batch.pk}/promote/")
    work()
    batch.refresh_from_db()
    assert batch.state == "done", batch.state
    return batch.new_count


def by_interface(city, browsers, out):  # type: ignore[no-untyped-def]
    account = city.accounts["supervisor"]
    _token, key = tokens.make(account=account, purpose="夜间取数", last_day=TODAY, by=city.actor("supervisor"))
    client = Client(headers={"Authorization": f"Bearer {key}"})
    name = DOORS["interface"][0]
    body = {
        "name": name, "id_number": number("interface"), "kind": "社区戒毒", "division": "龙洞社区",
        "decided_on": "2022-05-01", "document_number": "甲",
    }  # fmt: skip
    made = client.post("/api/v1/ledgers/measures", data=json.dumps(body), content_type="application/json")
    assert made.status_code == 201, made.content.decode()
    listed = client.get("/api/v1/ledgers/measures", {"search": name}).json()
    refused = client.post("/api/v1/ledgers/measures", data=json.dumps(body | {"decided_on": said("interface")}), content_type="application/json")
    assert refused.status_code == 422
    return listed["total"]


def by_paper(city, browsers, out):  # type: ignore[no-untyped-def]
    by = city.actor("clerk")
    values = {"title": "情况说明", "addressee": "有关单位", "body": f"{said('paper')},请落实。", "word": "云禁毒办"}
    paper = paper_actions.draft(kind="notice", values=values, by=by)
    paper = paper_actions.sign(paper=paper_actions.submit(paper=paper, by=by), by=city.actor("leader"), signer_name="秦川")
    paper = paper_actions.issue(paper=paper, by=by)
    scan = qr_png(PAGE.payload(paper.pk, paper.issue.content_hash))
    answer = browsers["clerk"].post(
        f"/papers/{paper.pk}/check/", {"scan": SimpleUploadedFile(f"{said('scan')}.png", scan), "keep": "1"}
    )
    assert answer.status_code == 302, answer.content.decode()[-3000:]
    for suffix in ("docx", "pdf"):
        assert browsers["clerk"].get(f"/papers/{paper.pk}/file.{suffix}").status_code == 200
    return paper.scans.count()


def by_case(city, browsers, out):  # type: ignore[no-untyped-def]
    """A case is named after its suspect; it is found by its name, and its list is written to the read audit."""
    name = DOORS["case"][0]
    values = {
        "number": "云公刑〔2022〕618号", "title": f"{name}贩卖毒品案", "case_kind": "criminal", "offence": "CL347",
        "division": city.divisions["龙洞社区"].code, "filed_on": "2022-05-01",
    }  # fmt: skip
    answer = browsers["officer"].post("/ledgers/cases/new/", values)
    assert answer.status_code == 302, answer.content.decode()[-3000:]
    found = browsers["officer"].get("/ledgers/cases/", {"q": name, "when": "all"}).content.decode()
    assert f"{name}贩卖毒品案" in found
    return Case.objects.filter(number="云公刑〔2022〕618号").count()


def by_words_of_a_paper(city, browsers, out):  # type: ignore[no-untyped-def]
    """Everything around the body of a paper: one is sent back and then voided, each with words."""
    name, by = DOORS["words of a paper"][0], city.actor("clerk")
    values = {
        "title": f"关于{name}有关情况的函", "addressee": name, "body": "请核实。", "attachments": f"{name}情况说明",
        "copies_to": name, "remark": f"联系人:{name}", "word": "云禁毒办",
    }  # fmt: skip
    paper = paper_actions.submit(paper=paper_actions.draft(kind="letter", values=values, by=by), by=by)
    paper = paper_actions.send_back(paper=paper, reason=f"{name}的情况再核", by=city.actor("leader"))
    paper = paper_actions.void(paper=paper, reason=f"{name}已另行处理", by=by)
    assert name in browsers["clerk"].get("/papers/", {"q": f"关于{name}"}).content.decode()
    return paper.steps.exclude(reason="").count()


def by_order(city, browsers, out):  # type: ignore[no-untyped-def]
    name = DOORS["order"][0]
    values = {"subject": f"督办{name}一事", "asked": f"核对{name}的情况。", "basis": f"群众反映{name}。", "contact": name}
    units, day = [city.units["longdong"].pk], TODAY + timedelta(days=10)
    made = orders.draft(values=values, unit_ids=units, due_on=day, by=city.actor("clerk"))
    assert name in browsers["clerk"].get("/orders/", {"q": name}).content.decode()
    return len(made)


def by_meeting(city, browsers, out):  # type: ignore[no-untyped-def]
    name, other = DOORS["meeting"][0], DOORS["instruction"][0]
    met = {"held_on": TODAY, "kind": "office_session", "title": f"研究{name}一案", "decisions": f"由公安核查{name}。"}
    city.enter("meetings", "clerk", met)
    asked = {
        "document_number": "云批〔2022〕9号", "level": "national", "given_on": TODAY, "content": f"查清{other}",
        "due_on": TODAY, "answer": f"{other}已查",
    }  # fmt: skip
    city.enter("instructions", "clerk", asked)
    return Meeting.objects.count() + Instruction.objects.count()


def by_notes(city, browsers, out):  # type: ignore[no-untyped-def]
    """What is noted of figures, and what a second person remarks on an emergency look."""
    close = PeriodClose.objects.get(division=city.divisions["龙洞镇"], state="asked")
    closing.send_back(close=close, reason=f"{DOORS['closing'][0]}未计入", by=city.actor("town_leader"))
    filed = Return.objects.filter(unit=city.units["longdong"]).exclude(note="").get()
    returns.save_draft(filed=filed, cells=filed.cells, note=f"{DOORS['return'][0]}未计入", by=city.actor("supervisor"))
    look = EmergencyLook.objects.get(unit=city.units["longdong"])
    remark = f"{DOORS['emergency'][0]}当晚求助,属实"
    emergency.review(look=look, verdict=EmergencyVerdict.CONFIRMED, remark=remark, by=city.actor("town_leader"))
    return 3


def by_answer(city, browsers, out):  # type: ignore[no-untyped-def]
    given = FigureAnswer.objects.filter(unit=city.units["shiqiao"]).first()
    assert given is not None
    requests.answer(given=given, typed="3", note=f"{DOORS['answer to a request'][0]}住{STREET}", by=city.actor("stranger"))
    return 1


def by_search(city, browsers, out):  # type: ignore[no-untyped-def]
    for who, browser in browsers.items():
        for words in (DOORS["search"][0], number("search"), TELEPHONE):
            for url in ("/search/", "/people/", "/ledgers/measures/", "/ledgers/parties/"):
                assert browser.get(url, {"q": words}).status_code in (200, 403, 404), (who, url)
    return len(browsers)


def by_address(city, browsers, out):  # type: ignore[no-untyped-def]
    browser = browsers["supervisor"]
    for url in (f"/{said('address')}/", f"/people/{DOORS['address'][0]}/", f"/api/v1/ledgers/{number('address')}"):
        assert browser.get(url).status_code == 404
    assert browser.get("/today/", headers={"Referer": f"http://testserver/{said('address')}"}).status_code == 200
    assert browser.post("/today/", {"x": said("address")}).status_code in (403, 405)
    return 1


def by_host(city, browsers, out):  # type: ignore[no-untyped-def]
    wrong = Client(raise_request_exception=False, headers={"Host": f"{DOORS['host'][0]}.{number('host')}"})
    assert wrong.get("/sign-in/").status_code == 400
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/sign-in/", {"username": said("host")}, headers={"Origin": f"http://{number('host')}"}).status_code == 403
    return 1


def by_sign_in(city, browsers, out):  # type: ignore[no-untyped-def]
    answer = Client().post("/sign-in/", {"username": DOORS["failed sign-in"][0], "password": said("failed sign-in")})
    return answer.status_code


def by_broken_page(city, browsers, out):  # type: ignore[no-untyped-def]
    def breaks(*_args: object, **_kwargs: object) -> None:
        try:
            int(said("error of a page"))
        except ValueError as error:
            raise KeyError(said("error of a page")) from error

    with mock.patch("qingyuan.rehabilitation.queries.search_clients", breaks):
        answer = browsers["supervisor"].get("/people/", {"q": DOORS["error of a page"][0]})
    assert answer.status_code == 500 and DOORS["error of a page"][0] not in answer.content.decode()
    return answer.status_code


def by_broken_job(city, browsers, out):  # type: ignore[no-untyped-def]
    def breaks(**_kwargs: object) -> None:
        raise ValueError(said("error of a job"))

    content = workbook(HEAD, (DOORS["error of a job"][0], number("error of a job"), "社区戒毒", "龙洞社区", "2022-05-01", ""))
    answer = browsers["supervisor"].post("/ledgers/measures/import/", {"file": SimpleUploadedFile("五月.xlsx", content)})
    assert answer.status_code == 302
    with mock.patch("qingyuan.ledgers.importing.check.check", breaks):
        work()
    failed = DBTaskResult.objects.exclude(traceback="").get()
    assert "ValueError" in failed.traceback, "the kind and place of the error are kept"
    thread = threading.Thread(target=breaks)  # an error nobody catches
    thread.start()
    thread.join()
    return 1


def by_reason(city, browsers, out):  # type: ignore[no-untyped-def]
    row = Measure.objects.get(client__id_index=person_key(number("interface")).id_index)
    answer = browsers["supervisor"].post(f"/ledgers/measures/{row.pk}/void/", {"reason": said("reason"), "version": row.version})
    row.refresh_from_db()
    assert row.voided_at is not None, answer.content.decode()[-2000:]
    return 1


def by_foreign_form(city, browsers, out):  # type: ignore[no-untyped-def]
    blank = SimpleUploadedFile(f"{said('foreign form')}.xlsx", blanks.workbook())
    answer = browsers["clerk"].post("/foreign-forms/", {"title": "月报", "sent_by": "某办", "file": blank})
    assert answer.status_code == 302, answer.content.decode()[-2000:]
    return ForeignForm.objects.count()


def by_no_table(city, browsers, out):  # type: ignore[no-untyped-def]
    """Files that are refused: a program, a page, a text, a table in which nothing is recognised."""
    words = said("file that is no table")
    odd = workbook((words, words), (words, words))
    for name, content in (
        (f"{words}.exe", b"MZ" + words.encode()),
        (f"{words}.xls", f"<html>{words}</html>".encode()),
        (f"{words}.csv", words.encode("gb18030")),
        (f"{words}.png", words.encode()),
        (f"{words}.xlsx", odd),
    ):
        answer = browsers["supervisor"].post("/ledgers/measures/import/", {"file": SimpleUploadedFile(name, content)})
        assert answer.status_code in (302, 422), (name, answer.status_code)
    work()
    return ImportBatch.objects.filter(state="failed").count()


def by_export(city, browsers, out):  # type: ignore[no-untyped-def]
    """What leaves masked: no number in full stands in it, nor in its hidden parts."""
    for who, code in (("supervisor", "measures"), ("supervisor", "tests"), ("officer", "parties"), ("officer", "enforcement_tests")):
        answer = browsers[who].get(f"/ledgers/{code}/export/", {"when": "all"})
        assert answer.status_code == 200, (who, code)
        (out / f"{code}.xlsx").write_bytes(b"".join(answer.streaming_content) if answer.streaming else answer.content)
    return 4


def work() -> None:
    call_command("db_worker", batch=True, interval=0, startup_delay=False, verbosity=0)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qingyuan.config.settings")
    django.setup()

from django.core.files.uploadedfile import SimpleUploadedFile  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402
from django_tasks_db.models import DBTaskResult  # noqa: E402

from qingyuan.casework.actions import papers as paper_actions  # noqa: E402
from qingyuan.casework.models import PaperScan  # noqa: E402
from qingyuan.casework.papers.queries import read_scan  # noqa: E402
from qingyuan.casework.papers.rules import PAGE  # noqa: E402
from qingyuan.documents.qr import qr_png  # noqa: E402
from qingyuan.enforcement.models import Case  # noqa: E402
from qingyuan.foundation import audit  # noqa: E402
from qingyuan.foundation.audit.models import WriteEntry  # noqa: E402
from qingyuan.foundation.quiet_logging import watch_for_the_uncaught  # noqa: E402
from qingyuan.governance.actions import orders, returns  # noqa: E402
from qingyuan.governance.models import Instruction, Meeting, Return  # noqa: E402
from qingyuan.indicators.refresh import refresh  # noqa: E402
from qingyuan.ledgers.models import FactRow, ImportBatch  # noqa: E402
from qingyuan.organisation.actions import emergency, tokens  # noqa: E402
from qingyuan.organisation.enums import EmergencyVerdict  # noqa: E402
from qingyuan.organisation.models import Account, Division, EmergencyLook, Unit  # noqa: E402
from qingyuan.rehabilitation.models import Client as PersonOfTown  # noqa: E402
from qingyuan.rehabilitation.models import CommunityTest, Measure  # noqa: E402
from qingyuan.rehabilitation.people import id_indexes, person_key  # noqa: E402
from qingyuan.situation.actions import closing, requests  # noqa: E402
from qingyuan.situation.models import FigureAnswer, ForeignForm, PeriodClose  # noqa: E402
from tests import schema  # noqa: E402
from tests.cast import TODAY, City, found_city, id_number  # noqa: E402
from tests.security.planted import PHONES, POLICE_PEOPLE, POLICE_SERIALS, SERIALS, plant, workbook  # noqa: E402
from tests.situation import blanks  # noqa: E402

WALKS = {
    "form": by_form,
    "import": by_import,
    "interface": by_interface,
    "paper": by_paper,
    "case": by_case,
    "words of a paper": by_words_of_a_paper,
    "order": by_order,
    "meeting": by_meeting,
    "notes": by_notes,
    "answer": by_answer,
    "search": by_search,
    "address": by_address,
    "host": by_host,
    "sign-in": by_sign_in,
    "broken page": by_broken_page,
    "broken job": by_broken_job,
    "reason": by_reason,
    "foreign form": by_foreign_form,
    "no table": by_no_table,
    "export": by_export,
}

STEPS = {"founding": founding, "walking": walking, "holding": holds}

if __name__ == "__main__":
    watch_for_the_uncaught()
    try:
        told = STEPS[sys.argv[1]](*(Path(word) for word in sys.argv[2:]))
    except Exception:
        told = {"fault": traceback.format_exc()}  # to the parent alone: what goes to stderr is under test
    sys.stdout.write(json.dumps(told, ensure_ascii=True) + "\n")

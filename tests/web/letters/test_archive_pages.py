"""The year's archive on the pages: kept by the office, taken along by who may, each unit only its own letter whole."""

from __future__ import annotations

import pytest
from django.test import Client

from qingyuan.foundation.audit.models import ReadEntry
from qingyuan.foundation.kept_files import path_of
from qingyuan.governance.actions.archive import keep
from qingyuan.governance.archive import package
from qingyuan.governance.archive.checking import verify
from qingyuan.governance.models import AssessmentArchive, Letter
from tests.governance.conftest import Desk
from tests.web.pages import browser_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk(desk: Desk) -> Client:
    return browser_of(desk.city, "clerk")


@pytest.fixture
def supervisor(desk: Desk) -> Client:
    return browser_of(desk.city, "supervisor")


@pytest.fixture
def kept(town: Desk, letter: Letter) -> AssessmentArchive:
    return keep(year=2022, by=town.actor("clerk"), city=town.city.divisions["云岭市"])


def test_the_office_keeps_a_year_and_sees_its_root(town: Desk, letter: Letter, clerk: Client) -> None:
    page = clerk.get("/letters/").content.decode()
    assert "2022 年还没有归档" in page and "归档现在的得分" in page
    assert clerk.post("/letters/archive/", follow=True).status_code == 200
    root = AssessmentArchive.objects.get().root_hash
    assert root in clerk.get("/letters/").content.decode()
    clerk.post("/letters/archive/")
    assert AssessmentArchive.objects.count() == 1


def test_the_office_takes_it_along_without_small_numbers_and_the_read_is_logged(
    kept: AssessmentArchive, clerk: Client
) -> None:
    answer = clerk.get(f"/letters/archive/{kept.pk}/file.zip")
    assert answer["Content-Type"] == "application/zip"
    parts, _odd = package.read(answer.content)
    assert parts and not any(name.endswith("-few.json") for name in parts)
    assert verify(answer.content, root=kept.root_hash).intact
    assert ReadEntry.objects.filter(act="export", path=f"/letters/archive/{kept.pk}/file.zip").exists()


def test_the_unit_takes_its_own_letter_whole(kept: AssessmentArchive, letter: Letter, supervisor: Client) -> None:
    page = supervisor.get(f"/letters/{letter.pk}/text/").content.decode()
    assert "下载摘录" in page and kept.root_hash in page
    answer = supervisor.get(f"/letters/{letter.pk}/archive/{kept.pk}.zip")
    report = verify(answer.content, root=kept.root_hash)
    assert report.intact and report.letters == 1 and report.extract
    assert ReadEntry.objects.filter(act="export", path=f"/letters/{letter.pk}/archive/{kept.pk}.zip").exists()


def test_nobody_takes_what_is_not_theirs(
    kept: AssessmentArchive, letter: Letter, clerk: Client, supervisor: Client
) -> None:
    assert clerk.get(f"/letters/{letter.pk}/archive/{kept.pk}.zip").status_code == 404
    assert "下载摘录" not in clerk.get(f"/letters/{letter.pk}/text/").content.decode()
    for path in (f"/letters/archive/{kept.pk}/file.zip", f"/letters/archive/{kept.pk}/check/"):
        assert supervisor.get(path).status_code == 404
    assert supervisor.post("/letters/archive/").status_code == 403
    assert "考核档案" not in supervisor.get("/letters/").content.decode()
    assert AssessmentArchive.objects.count() == 1


def test_a_year_without_letters_is_refused_with_the_reason(desk: Desk, clerk: Client) -> None:
    page = clerk.post("/letters/archive/", follow=True).content.decode()
    assert "没有归档" in page and "没有生效的责任书" in page


def test_it_is_checked_on_the_page(kept: AssessmentArchive, clerk: Client) -> None:
    whole = clerk.get(f"/letters/archive/{kept.pk}/check/").content.decode()
    assert "重算了 1 份责任书" in whole
    block = clerk.get(f"/letters/archive/{kept.pk}/check/", headers={"HX-Request": "true"}).content.decode()
    assert "重算了 1 份责任书" in block and "<html" not in block
    path_of(kept.path).unlink()
    assert "文件已损坏" in clerk.get(f"/letters/archive/{kept.pk}/check/").content.decode()
    assert clerk.get(f"/letters/archive/{kept.pk}/file.zip").status_code == 403

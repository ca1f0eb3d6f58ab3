"""A year's archive on the pages: kept by the office, taken along by who may, checked by anybody who may."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from qingyuan.foundation import clock
from qingyuan.foundation.kept_files import FileDamaged
from qingyuan.foundation.words import in_chinese
from qingyuan.governance.actions.archive import ArchiveRefused, check_kept, keep
from qingyuan.governance.archive.findings import Report
from qingyuan.governance.models import AssessmentArchive, Letter
from qingyuan.governance.permissions import NotAllowed, may_keep_archive, may_take_archive, may_take_own_extract
from qingyuan.governance.queries import archive as reads
from qingyuan.governance.queries.schemes import SchemeChanged
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.models import Division
from qingyuan.web.context import WebRequest
from qingyuan.web.errors import Forbidden
from qingyuan.web.letters.access import letter_named
from qingyuan.web.reads import log_read

ZIP = "application/zip"
LEDGER = "letters"
T = TypeVar("T")


@dataclass(frozen=True)
class Shelf:
    """The archives of a year, and what this reader may do with them."""

    archives: list[AssessmentArchive]
    may_keep: bool


def shelf_of(actor: Actor, city: Division, year: int, today: date) -> Shelf | None:
    """For who may take the year's archive along; None for everybody else, and where no letter was given for this place."""
    if not Letter.objects.of_year(year).filter(city=city).exists() or not may_take_archive(actor, city.pk, today).allowed:
        return None
    return Shelf(reads.archives_of(city.pk, year), may_keep_archive(actor, city.pk, today).allowed)


def own_archives(actor: Actor, letter: Letter, today: date) -> list[AssessmentArchive]:
    """The archives a unit may take its own extract of."""
    if not may_take_own_extract(actor, letter, today).allowed:
        return []
    return reads.archives_of(letter.city_id, letter.year)


@require_POST
def keep_year(request: WebRequest) -> HttpResponse:
    """Archive the bar's year of the bar's city."""
    city, year = request.scope.division, request.scope.period.last_day.year
    try:
        kept = keep(year=year, by=request.actor, city=city)
    except (ArchiveRefused, SchemeChanged) as refusal:
        messages.error(request, _("没有归档:%(why)s") % {"why": refusal})
        return redirect("web:letters")
    except NotAllowed as refusal:
        raise Forbidden(what=_("考核归档"), whose=_("市禁毒办"), how=str(refusal)) from refusal
    words = _("已归档:第 %(serial)s 次,%(count)s 份责任书,根校验值 %(root)s。")
    messages.success(request, words % {"serial": kept.serial, "count": kept.letters, "root": kept.root_hash})
    return redirect("web:letters")


@require_safe
@in_chinese
def take(request: WebRequest, archive_id: UUID) -> HttpResponse:
    """The edition without what only each unit may read of its own. Errors: Http404, Forbidden for a damaged file."""
    kept = _kept(request.actor, archive_id)
    data = _undamaged(lambda: reads.open_bytes(kept, request.actor.name))
    log_read(request, "export", LEDGER, (kept.pk,), reason=kept.root_hash)
    return _file(data, f"考核档案 {kept.city.name} {kept.year}-{kept.serial}.zip")


@require_safe
@in_chinese
def take_own(request: WebRequest, letter_id: UUID, archive_id: UUID) -> HttpResponse:
    """One unit's own letter out of the archive. Errors: Http404 for anybody else's, Forbidden for a damaged file."""
    letter = letter_named(request.actor, letter_id)
    if not may_take_own_extract(request.actor, letter, clock.today()).allowed:
        raise Http404
    kept = AssessmentArchive.objects.filter(pk=archive_id, city_id=letter.city_id, year=letter.year).first()
    data = _undamaged(lambda: reads.own_bytes(kept, letter)) if kept is not None else None
    if kept is None or data is None:
        raise Http404
    log_read(request, "export", LEDGER, (letter.pk,), reason=kept.root_hash)
    return _file(data, f"考核档案摘录 {letter.unit.label} {kept.year}-{kept.serial}.zip")


@require_safe
def check(request: WebRequest, archive_id: UUID) -> HttpResponse:
    """Recomputes every letter from the kept file and compares the root; changes nothing."""
    kept = _kept(request.actor, archive_id)
    report, damage = None, ""
    try:
        report = check_kept(kept)
    except FileDamaged as error:
        damage = str(error)
    context = {"kept": kept, "report": report, "damage": damage, "where": _where(report)}
    return render(request, "letters/_archive_checked.html" if request.htmx else "letters/archive_checked.html", context)


def _where(report: Report | None) -> list[str]:
    """Files that were touched, by name: what stood in them and what it comes to now is for the command on the server."""
    return [] if report is None else list(dict.fromkeys(one.part or one.code.value for one in report.findings))


def _kept(actor: Actor, archive_id: UUID) -> AssessmentArchive:
    """Errors: Http404, the same for one that is not there and one that is not for this person."""
    kept = AssessmentArchive.objects.select_related("city").filter(pk=archive_id).first()
    if kept is None or not may_take_archive(actor, kept.city_id, clock.today()).allowed:
        raise Http404
    return kept


def _undamaged(make: Callable[[], T]) -> T:
    try:
        return make()
    except FileDamaged as damage:
        raise Forbidden(what=_("考核档案"), how=str(damage)) from damage


def _file(data: bytes, name: str) -> HttpResponse:
    response = HttpResponse(data, content_type=ZIP)
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response

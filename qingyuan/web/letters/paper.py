"""The letter on paper: its text, the files to print, the signed page that comes back, addenda; nothing of it changes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qingyuan.documents.page_code import ScanRefused
from qingyuan.foundation import clock
from qingyuan.foundation.kept_files import FileDamaged
from qingyuan.governance.actions import letters as actions
from qingyuan.governance.actions.signing import file_signed_page
from qingyuan.governance.enums import LetterState
from qingyuan.governance.models import Letter, LetterScan, PublishedScheme
from qingyuan.governance.permissions import NotAllowed, may_file_signature, may_issue_letters
from qingyuan.governance.queries import letters as reads
from qingyuan.governance.queries.schemes import scheme_of
from qingyuan.governance.queries.targets import member_units
from qingyuan.organisation.models import Division, Unit
from qingyuan.web.context import WebRequest
from qingyuan.web.errors import Forbidden
from qingyuan.web.letters.access import letter_named
from qingyuan.web.letters.archives import own_archives
from qingyuan.web.letters.forms import IssueForm, ReasonForm, SignedPageForm
from qingyuan.web.letters.text import parts_of
from qingyuan.web.letters.words import state_text, state_tone

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PDF = "application/pdf"
REFUSED = 422
OFFICE = "commission_office"
TOWNS, UNITS = "towns", "units"


@require_safe
def text(request: WebRequest, letter_id: UUID) -> HttpResponse:
    return _text_page(request, letter_named(request.actor, letter_id), SignedPageForm(initial=_today()))


def _text_page(
    request: WebRequest, letter: Letter, form: SignedPageForm, status: int = 200, **more: Any
) -> HttpResponse:
    today, actor = clock.today(), request.actor
    document = reads.document_of(letter)
    unsigned = letter.state == LetterState.ISSUED
    office = may_issue_letters(actor, letter.city_id, today).allowed
    context = {
        "letter": letter,
        "document": document,
        "parts": parts_of(document),
        "code": reads.code_of(letter),
        "check": reads.verify(letter),
        "state": state_text(letter.state),
        "tone": state_tone(letter.state),
        "scans": list(letter.scans.all()),
        "addenda": list(letter.addenda.all()),
        "form": form,
        "archives": own_archives(actor, letter, today),
        "may_sign": unsigned and may_file_signature(actor, letter, today).allowed,
        "may_amend": office and letter.state in (LetterState.ISSUED, LetterState.SIGNED),
        "may_void": office and unsigned,
    }
    return render(request, "letters/text.html", context | more, status=status)


def _today() -> dict[str, date]:
    return {"signed_on": clock.today()}


@require_safe
def download(request: WebRequest, letter_id: UUID, suffix: str) -> HttpResponse:
    """The stored document as Word or PDF. Errors: Http404 for another kind."""
    letter = letter_named(request.actor, letter_id)
    makers = {"docx": (reads.docx_of, WORD), "pdf": (reads.pdf_of, PDF)}
    if suffix not in makers:
        raise Http404
    make, media_type = makers[suffix]
    response = HttpResponse(make(letter), content_type=media_type)
    response["Content-Disposition"] = content_disposition_header(True, f"{letter.title} {letter.number}.{suffix}") or ""
    response["X-Content-Hash"] = letter.content_hash
    return response


@require_safe
def verify_now(request: WebRequest, letter_id: UUID) -> HttpResponse:
    """Recomputes the hash from what is stored and says what was compared; changes nothing."""
    letter = letter_named(request.actor, letter_id)
    context = {"letter": letter, "check": reads.verify(letter), "code": reads.code_of(letter), "at": clock.now()}
    return render(request, "letters/_verified.html" if request.htmx else "letters/verified.html", context)


@require_http_methods(["POST"])
def sign(request: WebRequest, letter_id: UUID) -> HttpResponse:
    """File the scan of the signed page: matched, or refused with the reason beside the field."""
    letter = letter_named(request.actor, letter_id)
    form = SignedPageForm(request.POST, request.FILES)
    if not form.is_valid():
        return _text_page(request, letter, form, REFUSED)
    upload = form.cleaned_data["scan"]
    try:
        scan = file_signed_page(
            letter=letter,
            data=upload.read(),
            file_name=str(upload.name),
            signed_on=form.cleaned_data["signed_on"],
            by=request.actor,
            typed_code=form.cleaned_data["typed_code"],
        )
    except ScanRefused as refusal:
        form.add_error("scan", str(refusal))
        return _text_page(request, letter, form, REFUSED)
    except NotAllowed as refusal:
        raise _forbidden(_("归入签字页"), refusal) from refusal
    words = _("签字页已归入,核对方式:%(how)s。责任书自此为“已签订”。")
    messages.success(request, words % {"how": scan.get_matched_by_display()})
    return redirect("web:letter-text", letter_id=letter.pk)


@require_safe
def scan(request: WebRequest, letter_id: UUID, scan_id: UUID) -> HttpResponse:
    """The page as it was uploaded, checked against its digest."""
    letter = letter_named(request.actor, letter_id)
    found = get_object_or_404(LetterScan, pk=scan_id, letter=letter)
    try:
        data = reads.read_scan(found)
    except FileDamaged as damage:
        raise Forbidden(what=_("签字页扫描件"), how=str(damage)) from damage
    response = HttpResponse(data, content_type=found.media_type)
    name = found.file_name or found.digest[:16]
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response


@require_POST
def amend(request: WebRequest, letter_id: UUID) -> HttpResponse:
    """Issue an addendum that takes the letter's place; the old one stays as it was issued."""
    letter = letter_named(request.actor, letter_id)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _refused(request, letter, str(form.errors["reason"][0]))
    try:
        issuer = _issuer(letter.city)
        terms = actions.Issue(letter.city, letter.year, letter.scheme, issuer, clock.today(), letter.head)
        fresh = actions.amend(letter=letter, terms=terms, reason=form.cleaned_data["reason"], by=request.actor)
    except actions.LetterRefused as refusal:
        return _refused(request, letter, str(refusal))
    except NotAllowed as refusal:
        raise _forbidden(_("补充责任书"), refusal) from refusal
    messages.success(request, _("已制发补充责任书 %(number)s,原件保留。") % {"number": fresh.number})
    return redirect("web:letter-text", letter_id=fresh.pk)


@require_POST
def void(request: WebRequest, letter_id: UUID) -> HttpResponse:
    letter = letter_named(request.actor, letter_id)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _refused(request, letter, str(form.errors["reason"][0]))
    try:
        actions.void(letter=letter, reason=form.cleaned_data["reason"], by=request.actor)
    except actions.LetterRefused as refusal:
        return _refused(request, letter, str(refusal))
    except NotAllowed as refusal:
        raise _forbidden(_("作废责任书"), refusal) from refusal
    messages.success(request, _("%(number)s 已作废,文号不再使用。") % {"number": letter.number})
    return redirect("web:letter-text", letter_id=letter.pk)


@dataclass(frozen=True)
class Issuable:
    """A round of issuing to one kind of addressee: who waits for a letter, by which sheets it may be issued."""

    to: str
    units: tuple[Unit, ...]
    schemes: tuple[PublishedScheme, ...]
    form: IssueForm


def issuable(city: Division, year: int, today: date) -> list[Issuable]:
    """For towns and for member units, where some wait for a letter of the year."""
    had = set(Letter.objects.live().filter(city=city, year=year).values_list("unit_id", flat=True))
    sheets = [(one, scheme_of(one).applies_to) for one in PublishedScheme.objects.filter(year=year)]
    for_towns = tuple(one for one, applies in sheets if not applies.units_only)
    for_units = tuple(one for one, applies in sheets if applies.units_only or not applies.unit_kinds)
    found = ((TOWNS, reads.town_units(city, today), for_towns), (UNITS, member_units(city.pk), for_units))
    rounds = [(to, tuple(unit for unit in units if unit.pk not in had), schemes) for to, units, schemes in found]
    return [Issuable(to, units, schemes, IssueForm(auto_id=f"{to}-%s")) for to, units, schemes in rounds if units]


@require_POST
def issue(request: WebRequest) -> HttpResponse:
    """A letter for every town of the bar's city that has none for the bar's year; or for its member units, all or those picked."""
    city, year = request.scope.division, request.scope.period.last_day.year
    to = UNITS if request.POST.get("to") == UNITS else TOWNS
    form = IssueForm(request.POST)
    chosen = _uuid(request.POST.get("scheme", ""))
    scheme = PublishedScheme.objects.filter(pk=chosen, year=year).first() if chosen else None
    if not form.is_valid() or scheme is None:
        messages.error(request, _("没有制发:请选择当年已发布的考核办法,并填成文日期。"))
        return redirect("web:letters")
    try:
        terms = actions.Issue(
            city, year, scheme, _issuer(city), form.cleaned_data["on"], form.cleaned_data["head"].strip()
        )
        if to == UNITS:
            picked = {int(one) for one in request.POST.getlist("unit") if one.isascii() and one.isdigit()}
            all_of_them = request.POST.get("which") == "all"
            made = actions.issue_for_units(terms=terms, by=request.actor, units=None if all_of_them else picked)
        else:
            made = actions.issue_for_towns(terms=terms, by=request.actor)
    except actions.LetterRefused as refusal:
        messages.error(request, _("没有制发:%(why)s") % {"why": refusal})
        return redirect("web:letters")
    except NotAllowed as refusal:
        raise _forbidden(_("制发责任书"), refusal) from refusal
    messages.success(request, _("已制发 %(count)s 份责任书。") % {"count": len(made)})
    return redirect("web:letters")


def _issuer(city: Division) -> Unit:
    """The commission's office of the city. Raises LetterRefused where none is registered."""
    found = Unit.objects.filter(division=city, kind=OFFICE, closed_on=None).first()
    if found is None:
        raise actions.LetterRefused(_("没有登记本级禁毒办这个单位,请先由安全管理员登记。"))
    return found


def _refused(request: WebRequest, letter: Letter, why: str) -> HttpResponse:
    messages.error(request, why)
    return redirect("web:letter-text", letter_id=letter.pk)


def _forbidden(what: str, refusal: NotAllowed) -> Forbidden:
    return Forbidden(what=what, whose=_("市禁毒办"), how=str(refusal))


def _uuid(value: str) -> UUID | None:
    try:
        return UUID(value)
    except ValueError:
        return None

"""The day of signing: who has signed, all letters to the printer at once, many scans back at once."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from qingyuan.documents.joining import joined
from qingyuan.foundation import clock
from qingyuan.foundation.words import in_chinese
from qingyuan.governance.actions.signing import ScanOutcome, file_signed_pages
from qingyuan.governance.enums import LetterState
from qingyuan.governance.models import Letter
from qingyuan.governance.permissions import NotAllowed, letters_visible, may_file_signature
from qingyuan.governance.queries import letters as reads
from qingyuan.web.context import WebRequest
from qingyuan.web.errors import Forbidden
from qingyuan.web.letters.forms import DAY
from qingyuan.web.letters.words import state_text, state_tone
from qingyuan.web.uploads import SCANS, CheckedFile

PDF, ZIP = "application/pdf", "application/zip"
MOST = 60
REFUSED = 422


class ManyFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class ManyScans(CheckedFile):
    """Several scans in one go; each is checked as one would be. Cleans to a list of (name, content)."""

    def clean(self, data: Any, initial: Any = None) -> list[tuple[str, bytes]]:
        files = [one for one in (data if isinstance(data, (list, tuple)) else [data]) if one]
        if len(files) > MOST:
            raise forms.ValidationError(_("一次最多 %(most)d 个文件,请分几次传。") % {"most": MOST})
        if not files:
            raise forms.ValidationError(self.error_messages["required"])
        return [(str(one.name), super(ManyScans, self).clean(one).read()) for one in files]


class ScansForm(forms.Form):
    signed_on = forms.DateField(label=gettext_lazy("签订日期"), widget=DAY, error_messages={"required": gettext_lazy("请填签订日期。")})
    scans = ManyScans(
        kinds=SCANS,
        most=20,
        label=gettext_lazy("签字页扫描件(可以一次选许多个)"),
        help_text=gettext_lazy("一份责任书一个文件,PDF、PNG、JPG;凭纸上的二维码自动归到各份,与文件名无关"),
        widget=ManyFiles(attrs={"accept": ".pdf,.png,.jpg,.jpeg"}),
        error_messages={"required": gettext_lazy("请选择扫描件。"), "empty": gettext_lazy("有一个文件是空的,请重新扫描。")},
    )


@dataclass(frozen=True)
class Line:
    letter: Letter
    place: str
    state: str
    tone: str


def _letters(request: WebRequest) -> list[Letter]:
    """The live letters of the bar's range and year that the reader may see, in order."""
    year = request.scope.period.last_day.year
    found = letters_visible(request.actor, clock.today()).live()
    return list(found.filter(city=request.scope.division, year=year).order_by("serial"))


@require_http_methods(["GET", "HEAD", "POST"])
def signing(request: WebRequest) -> HttpResponse:
    """Who has signed; POST files many scans, and says of each file what became of it."""
    today, letters = clock.today(), _letters(request)
    may = any(may_file_signature(request.actor, letter, today).allowed for letter in letters)
    form, outcomes, status = ScansForm(initial={"signed_on": today}), list[ScanOutcome](), 200
    if request.method == "POST":
        if not may:
            raise Forbidden(what=_("归入签字页"), whose=_("市禁毒办"), how=_("请联系市禁毒办综合科。"))
        form = ScansForm(request.POST, request.FILES)
        status = REFUSED
        if form.is_valid():
            try:
                outcomes = file_signed_pages(letters=letters, by=request.actor, **form.cleaned_data)
            except NotAllowed as refusal:
                raise Forbidden(what=_("归入签字页"), whose=_("市禁毒办"), how=str(refusal)) from refusal
            filed = sum(1 for one in outcomes if one.filed)
            status = 200 if filed == len(outcomes) else REFUSED
            messages.success(request, _("传了 %(all)d 个文件,归入 %(filed)d 份。") % {"all": len(outcomes), "filed": filed})
            letters = _letters(request)
    lines = [Line(one, one.addressee, state_text(one.state), state_tone(one.state)) for one in letters]
    unsigned = [line for line in lines if line.letter.state == LetterState.ISSUED]
    context = {
        "year": request.scope.period.last_day.year,
        "lines": lines,
        "unsigned": unsigned,
        "signed": len(lines) - len(unsigned),
        "form": form,
        "may": may,
        "outcomes": outcomes,
    }
    return render(request, "letters/signing.html", context, status=status)


@require_safe
@in_chinese
def print_all(request: WebRequest, suffix: str) -> HttpResponse:
    """All letters in order: one PDF, or the Word files in one folder. Errors: Http404 for another kind, or no letter."""
    letters = _letters(request)
    if suffix not in {"pdf", "zip"} or not letters:
        raise Http404
    if suffix == "pdf":
        content = joined(reads.pdf_of(letter) for letter in letters)
    else:
        out = BytesIO()
        with ZipFile(out, "w", ZIP_DEFLATED) as folder:
            for number, letter in enumerate(letters, start=1):
                folder.writestr(f"{number:03d} {letter.addressee} {letter.number}.docx", reads.docx_of(letter))
        content = out.getvalue()
    response = HttpResponse(content, content_type=PDF if suffix == "pdf" else ZIP)
    name = _("%(year)s 年责任书.%(suffix)s") % {"year": letters[0].year, "suffix": suffix}
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response

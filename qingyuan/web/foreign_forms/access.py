"""Which form or filling a page is about, and the files that leave."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from qingyuan.foundation import clock
from qingyuan.organisation.actor import Actor
from qingyuan.situation.enums import FormKind
from qingyuan.situation.models import ForeignForm, FormFile, FormFilling
from qingyuan.situation.permissions import NotAllowed, forms_visible
from qingyuan.situation.queries.forms import FileDamaged, content_of
from qingyuan.web.errors import Forbidden

MEDIA = {
    FormKind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    FormKind.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


def form_named(actor: Actor, form_id: UUID) -> ForeignForm:
    """Errors: Http404, the same for one that is not there and one that is another unit's."""
    found = forms_visible(actor, clock.today()).filter(pk=form_id).first()
    if found is None:
        raise Http404
    return found


def filling_named(actor: Actor, filling_id: UUID) -> FormFilling:
    """Errors: Http404."""
    visible = forms_visible(actor, clock.today()).values("pk")
    # The file itself is read only by the page that hands it out.
    rows = FormFilling.objects.select_related("form__unit", "layout", "made").defer("made__content")
    found = rows.filter(pk=filling_id, form__in=visible).first()
    if found is None:
        raise Http404
    return found


def refused(what: str, refusal: NotAllowed) -> Forbidden:
    return Forbidden(what=what, whose=_("保管这张来表的单位"), how=str(refusal))


def file_response(file: FormFile, name: str) -> HttpResponse:
    """The stored bytes as a download. Errors: Forbidden where they are not what was stored."""
    try:
        data = content_of(file)
    except FileDamaged as damage:
        raise Forbidden(what=name, how=str(damage)) from damage
    response = HttpResponse(data, content_type=MEDIA[FormKind(file.kind)])
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response

"""«按××系统格式导出»: the rows of the list in the columns of a system that must be filled anyway."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_http_methods

from qingyuan.foundation import clock
from qingyuan.foundation.words import in_chinese, said
from qingyuan.ledgers import exports
from qingyuan.ledgers.layouts.choosing import layout_named
from qingyuan.ledgers.sheets.export import TooManyRows
from qingyuan.organisation.enums import Action
from qingyuan.organisation.scope import reads_clear
from qingyuan.reference import statutes
from qingyuan.web.context import WebRequest
from qingyuan.web.errors import Forbidden
from qingyuan.web.ledgers.access import how_to_ask, keepers, may_any, readable
from qingyuan.web.ledgers.forms import PurposeForm
from qingyuan.web.ledgers.listing import asked_of
from qingyuan.web.ledgers.views import workbook_response
from qingyuan.web.reads import log_read

REFUSED = 422


@require_http_methods(["GET", "POST"])
def export(request: WebRequest, code: str, key: str) -> HttpResponse:
    """GET says what will be in the file; POST sends it. The rows are those of the list with the same address.

    Numbers in full only for readers of clear names, for a purpose they type, which goes into the read audit before the
    file is sent. Errors: Http404 for a layout that is not the unit's, Forbidden as for the list's export.
    """
    ledger, on, actor = readable(request, code), clock.today(), request.actor
    if not may_any(actor, ledger, Action.EXPORT, on):
        raise Forbidden(
            what=_("导出%(ledger)s") % {"ledger": said(ledger.title)}, whose=keepers(ledger), how=how_to_ask(ledger)
        )
    layout = layout_named(key, ledger.code, actor.unit_id, on)
    if layout is None:
        raise Http404
    asked = asked_of(request, ledger)
    rows = asked.rows(request, on, Action.EXPORT)
    offers_full = layout.hides(ledger) and reads_clear(actor, compartment=ledger.compartment, ledger=ledger.code)
    in_full = offers_full and request.POST.get("numbers") == "full"
    form = PurposeForm(request.POST if in_full else None)
    if request.method == "POST" and (not in_full or form.is_valid()):
        purpose = form.cleaned_data["purpose"] if in_full else ""
        found = list(rows)
        reason = gettext_noop("按“%(layout)s”,号码写全:%(purpose)s") if in_full else gettext_noop("按“%(layout)s”")
        log_read(
            request,
            "export",
            ledger.code,
            [row.pk for row in found],
            query=asked.wanted.search,
            reason=reason % {"layout": layout.title, "purpose": purpose},
        )
        try:
            content = exports.layout_workbook(ledger, layout, found, reader=actor, in_full=in_full)
        except TooManyRows:
            raise Forbidden(
                what=_("一次导出超过一百万行"), whose=_("您自己"), how=_("请按时期或区划缩小范围,分几次导出。")
            ) from None
        return workbook_response(content, f"{layout.title} {in_chinese(asked_of)(request, ledger).about}.xlsx")
    list_href = reverse("web:ledger-list", args=(ledger.code,))
    context = {
        "ledger": ledger,
        "layout": layout,
        "basis": statutes.describe(layout.basis) if layout.basis else "",
        "columns": [(one, ledger.column(one.source).header if one.source else "") for one in layout.columns],
        "count": rows.count(),
        "about": asked.about,
        "query": asked.query,
        "list_href": f"{list_href}?{asked.query}" if asked.query else list_href,
        "offers_full": offers_full,
        "hides": layout.hides(ledger),
        "form": form,
    }
    return render(request, "ledgers/layout.html", context, status=REFUSED if form.errors else 200)

"""Sealed ledgers: nobody lists them; one row is opened by its whole number, after purpose and article were stated.

The statement goes to the read audit before anything is looked for, so that a search that finds nothing is on record as
well. It opens that one row to that one session for a quarter of an hour.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop
from django.views.decorators.http import require_POST

from qingyuan.foundation import clock
from qingyuan.foundation.words import said
from qingyuan.ledgers import queries
from qingyuan.ledgers.declaration import Ledger
from qingyuan.ledgers.queries import RowFilter
from qingyuan.organisation.enums import Action
from qingyuan.reference import catalogue, statutes
from qingyuan.web import behind
from qingyuan.web.context import WebRequest
from qingyuan.web.ledgers.access import may_any, opened_rows, readable, remember_opened
from qingyuan.web.ledgers.listing import Asked, asked_of
from qingyuan.web.reads import log_read

LASTS: Final = timedelta(minutes=15)
PURPOSES: Final = "unseal_purposes"
SHORTEST_BASIS: Final = 4
REFUSED: Final = 422


class OpenForm(forms.Form):
    """Why, by which article, and which row; ``which`` is a whole number, never a part of one."""

    purpose = forms.ChoiceField(label=gettext_lazy("目的"), error_messages={"required": gettext_lazy("请选择目的。")})
    basis = forms.CharField(
        label=gettext_lazy("条款"),
        min_length=SHORTEST_BASIS,
        max_length=120,
        help_text=gettext_lazy("写明法律名称和条号,有案件编号的一并写上"),
        error_messages={
            "required": gettext_lazy("请写明条款。"),
            "min_length": gettext_lazy("请写明法律名称和条号。"),
        },
    )
    which = forms.CharField(max_length=60, error_messages={"required": gettext_lazy("请写全号码。")})

    def __init__(self, *args: Any, ledger: Ledger, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        codes = catalogue.get_list(PURPOSES).choices(clock.today())
        purpose = self.fields["purpose"]
        assert isinstance(purpose, forms.ChoiceField)
        purpose.choices = [("", _("请选择")), *codes]
        self.fields["which"].label = _("%(columns)s(写全)") % {
            "columns": _("或").join(said(ledger.column(name).header) for name in ledger.opened_by)
        }
        for field in self.fields.values():
            field.widget.attrs["autocomplete"] = "off"

    @property
    def statement(self) -> str:
        """Purpose and article in one line, as the read audit keeps them."""
        return statement(self.cleaned_data["purpose"], self.cleaned_data["basis"])


def statement(purpose: str, basis: str) -> str:
    label = catalogue.get_list(PURPOSES).label(purpose)
    # The log keeps Chinese, whatever language its writer's pages are in.
    return gettext_noop("目的:%(purpose)s;依据:%(basis)s") % {"purpose": label, "basis": basis}


def sealed_list(request: WebRequest, ledger: Ledger, asked: Asked, form: OpenForm | None = None) -> HttpResponse:
    """How many there are in the range and period of the bar, and the form that opens one. No row, by no question."""
    on = clock.today()
    may_read = may_any(request.actor, ledger, Action.READ, on)
    wanted = RowFilter(division_id=asked.wanted.division_id, start=asked.wanted.start, end=asked.wanted.end)
    count = queries.filtered(ledger, queries.held(ledger, request.actor, on), wanted, on).count() if may_read else 0
    context: dict[str, Any] = {
        "ledger": ledger,
        "basis": statutes.describe(ledger.legal_basis),
        "form": form or OpenForm(ledger=ledger),
        "count": count,
        "behind": asked.behind,
        "may_read": may_read,
        "may_create": may_any(request.actor, ledger, Action.CREATE, on),
        "opened": len(opened_rows(request)),
    }
    if asked.wanted.ids is not None:
        _mine, others = queries.behind(ledger, request.actor, on, list(asked.wanted.ids))
        context["elsewhere"] = behind.elsewhere(
            others, unit_label=said(ledger.unit_label), people=True, why=_("封存的记录不列表,写明目的和条款逐条打开")
        )
    return render(request, "ledgers/sealed.html", context, status=REFUSED if form is not None else 200)


@require_POST
def open_row(request: WebRequest, code: str) -> HttpResponse:
    """Open one row of a sealed ledger. Errors: Http404, Forbidden as for the list; 422 with what to do when none is found."""
    ledger = readable(request, code)
    if not ledger.sealed:
        return redirect("web:ledger-list", ledger.code)
    form = OpenForm(request.POST, ledger=ledger)
    if form.is_valid():
        text = form.cleaned_data["which"].strip()
        found = queries.sealed_row(ledger, request.actor, clock.today(), text)
        log_read(request, "unseal", ledger.code, [row.pk for row in found], query=text, reason=form.statement)
        if len(found) == 1:
            remember_opened(request, found[0].pk, until=clock.now() + LASTS)
            messages.success(request, _("已打开,目的和条款已记入日志;15 分钟后自动合上。"))
            return redirect("web:ledger-row", ledger.code, found[0].pk)
        form.add_error("which", _not_one(ledger, len(found)))
    return sealed_list(request, ledger, asked_of(request, ledger), form)


def _not_one(ledger: Ledger, count: int) -> str:
    if not count:
        return _("本单位没有这个号码的记录:请写全、核对后再查。这次查询已记入日志。")
    first = ledger.column(ledger.opened_by[0]).header
    return _("这个号码不止一条:请改用%(column)s。这次查询已记入日志。") % {"column": first}

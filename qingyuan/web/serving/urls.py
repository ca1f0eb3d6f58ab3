from __future__ import annotations

from typing import Any

from django.urls import path, reverse
from django.utils.translation import gettext as _

from qingyuan.casework.serving import queries as reads
from qingyuan.casework.serving.declared import ledgers_with_forms
from qingyuan.foundation import clock
from qingyuan.foundation.words import said
from qingyuan.ledgers import registry
from qingyuan.ledgers.entering import allowed
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.enums import Action
from qingyuan.web import row_acts
from qingyuan.web.row_acts import RowAct
from qingyuan.web.serving import register, views


def paper_acts(ledger: str) -> Any:
    """On the page of a row: one button for each paper its state calls for, and its papers so far."""

    def acts(actor: Actor, row: Any) -> list[RowAct]:
        found = []
        if allowed(registry.get(ledger), actor, Action.CHANGE, clock.today(), row).allowed:
            found = [
                RowAct(
                    _("出%(paper)s") % {"paper": said(form.title_of(row))},
                    reverse("web:served-paper-new", args=[ledger, row.pk, form.code]),
                )
                for form in reads.offered(ledger, row)
            ]
        return found

    return acts


for _code in ledgers_with_forms():
    row_acts.offer(_code, paper_acts(_code))

urlpatterns = [
    path("serving/", views.papers, name="serving"),
    path("serving/register/", register.register, name="serving-register"),
    path("serving/register/export.xlsx", register.export, name="serving-register-export"),
    path("serving/new/<slug:ledger>/<uuid:row_id>/<slug:form>/", views.new, name="served-paper-new"),
    path("serving/<uuid:served_id>/", views.one, name="served-paper"),
    path("serving/<uuid:served_id>/edit/", views.edit, name="served-paper-edit"),
    path("serving/<uuid:served_id>/service/", views.service, name="served-paper-service"),
    path("serving/<uuid:served_id>/reveal/file.<str:suffix>", views.download, name="served-paper-file"),
    path("serving/<uuid:served_id>/proofs/<uuid:proof_id>/", views.proof, name="served-paper-proof"),
    path("serving/<uuid:served_id>/move/<slug:move>/", views.move, name="served-paper-move"),
]

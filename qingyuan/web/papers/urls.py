from __future__ import annotations

from typing import Any

from django.urls import path, reverse
from django.utils.translation import gettext as _

from qingyuan.casework.papers.permissions import may_draft
from qingyuan.foundation import clock
from qingyuan.governance import minutes
from qingyuan.organisation.actor import Actor
from qingyuan.web import navigation, row_acts
from qingyuan.web.papers import steps, templates, views
from qingyuan.web.papers.listing import badge
from qingyuan.web.row_acts import RowAct


def minutes_acts(actor: Actor, meeting: Any) -> list[RowAct]:
    """On the page of a meeting: open the minutes there are, or draft them in one click."""
    if meeting.unit_id != actor.unit_id or not may_draft(actor, clock.today()).allowed:
        return []
    made = minutes.minutes_of(meeting, meeting.unit_id)
    if made:
        return [RowAct(_("打开纪要"), reverse("web:paper", args=[made[0].pk]))]
    return [RowAct(_("起草纪要"), reverse("web:paper-from-meeting", args=[meeting.pk]), post=True)]


navigation.register_badge("papers", badge)
row_acts.offer(minutes.LEDGER, minutes_acts)

urlpatterns = [
    path("papers/", views.papers, name="papers"),
    path("papers/export.xlsx", views.export, name="papers-export"),
    path("papers/inbox/", views.inbox, name="papers-inbox"),
    path("papers/new/", views.new, name="paper-new"),
    path("papers/new/preview/", views.preview, name="paper-preview"),
    path("papers/new/circular/", views.from_situation, name="paper-from-situation"),
    path("papers/new/minutes/<uuid:row_id>/", views.from_meeting, name="paper-from-meeting"),
    path("papers/templates/", templates.templates, name="paper-templates"),
    path("papers/templates/<slug:paper_kind>/upload/", templates.upload, name="paper-template-upload"),
    path("papers/templates/<slug:paper_kind>/starter.docx", templates.starter, name="paper-template-starter"),
    path("papers/templates/<uuid:template_id>/sample.docx", templates.preview, name="paper-template-preview"),
    path("papers/templates/<uuid:template_id>/use/", templates.use, name="paper-template-use"),
    path("papers/<uuid:paper_id>/", views.one, name="paper"),
    path("papers/<uuid:paper_id>/edit/", views.edit, name="paper-edit"),
    path("papers/<uuid:paper_id>/figures/", steps.refresh, name="paper-refresh"),
    path("papers/<uuid:paper_id>/serve/", steps.serve, name="paper-serve"),
    path("papers/<uuid:paper_id>/receive/", steps.receive, name="paper-receive"),
    path("papers/<uuid:paper_id>/receipts/<uuid:delivery_id>/", steps.enter_receipt, name="paper-receipt"),
    path("papers/<uuid:paper_id>/check/", steps.check, name="paper-check"),
    path("papers/<uuid:paper_id>/scans/<uuid:scan_id>/", steps.scan, name="paper-scan"),
    path("papers/<uuid:paper_id>/file.<str:suffix>", steps.download, name="paper-file"),
    path("papers/<uuid:paper_id>/move/<slug:move>/", steps.move, name="paper-move"),
]

from __future__ import annotations

from django.urls import path

from qingyuan.web import navigation
from qingyuan.web.handovers import away, caseload, views
from qingyuan.web.handovers.listing import badge

navigation.register_badge("handovers", badge)

urlpatterns = [
    path("handovers/", views.index, name="handovers"),
    path("handovers/new/", views.new, name="handover-new"),
    path("handovers/caseload/", caseload.caseload, name="handover-caseload"),
    path("handovers/reassign/", caseload.reassign, name="handover-reassign"),
    path("handovers/away/", away.away, name="handover-away"),
    path("handovers/away/<uuid:substitution_id>/end/", away.end, name="handover-away-end"),
    path("handovers/<uuid:handover_id>/", views.one, name="handover"),
    path("handovers/<uuid:handover_id>/accept/", views.accept, name="handover-accept"),
    path("handovers/<uuid:handover_id>/refuse/", views.refuse, name="handover-refuse"),
    path("handovers/<uuid:handover_id>/withdraw/", views.withdraw, name="handover-withdraw"),
]

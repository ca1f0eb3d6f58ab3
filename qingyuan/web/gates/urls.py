from __future__ import annotations

from django.urls import path

from qingyuan.web.gates import views
from qingyuan.web.gates.offers import register

register()

urlpatterns = [
    path("gates/", views.index, name="gates"),
    path("gates/<slug:gate_code>/new/", views.new, name="gate-new"),
    path("gates/acts/<uuid:act_id>/", views.act, name="gate-act"),
    path("gates/acts/<uuid:act_id>/second/", views.second, name="gate-second"),
    path("gates/acts/<uuid:act_id>/give-up/", views.give_up, name="gate-give-up"),
    path("gates/inbox/<uuid:gate_delivery_id>/", views.delivery, name="gate-delivery"),
    path("gates/inbox/<uuid:gate_delivery_id>/receive/", views.receive, name="gate-receive"),
]

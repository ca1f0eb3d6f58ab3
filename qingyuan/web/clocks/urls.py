from __future__ import annotations

from django.urls import path

from qingyuan.web.clocks import decisions, views

urlpatterns = [
    path("clocks/", views.clock_list, name="clocks"),
    path("clocks/export.xlsx", views.export, name="clocks-export"),
    path("clocks/<uuid:clock_id>/", views.detail, name="clock"),
    path("clocks/<uuid:clock_id>/record/", views.record, name="clock-record"),
    path("clocks/<uuid:clock_id>/choose/", views.choose, name="clock-choose"),
    path("clocks/<uuid:clock_id>/events/<uuid:event_id>/correct/", views.correct, name="clock-correct"),
    path("clocks/<uuid:clock_id>/events/<uuid:event_id>/withdraw/", views.withdraw, name="clock-withdraw"),
    path("clocks/<uuid:clock_id>/events/<uuid:event_id>/object/", views.object_to, name="clock-object"),
    path("clocks/<uuid:clock_id>/check/", decisions.check, name="clock-check"),
    path("clocks/<uuid:clock_id>/decide/", decisions.decide, name="clock-decide"),
]

from __future__ import annotations

from django.urls import path

from qingyuan.web.own_page import staff, views

urlpatterns = [
    path("own/", views.own, name="own-page"),
    path("own/pin/", views.pin, name="own-pin"),
    path("own/ask/", views.ask, name="own-ask"),
    path("own/texts/", views.texts, name="own-texts"),
    path("own/out/", views.out, name="own-out"),
    path("people/<uuid:client_id>/own/", staff.for_client, name="person-own"),
    path("people/<uuid:client_id>/own/revoke/", staff.revoke, name="person-own-revoke"),
    path("people/<uuid:client_id>/own/phone/", staff.phone, name="person-own-phone"),
    path("people/<uuid:client_id>/own/texts/stop/", staff.stop_texts, name="person-own-texts-stop"),
    path("people/<uuid:client_id>/own/<uuid:asked_id>/answer/", staff.answer, name="person-own-answer"),
]
